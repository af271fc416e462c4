"""Agents are data: how to start one, talk to it and stop it (R: agents as TOML; contracts, section 5)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import platformdirs

from cockpit.act.launch import Dialect, Kind, Stdin
from cockpit.errors import CockpitError
from cockpit.spent import Billing

BRIDGE = ("{python}", "-P", "-m", "cockpit.act.acp")
"""What speaks ACP for us (kind acp)."""
PRESETS = Path(__file__).parent / "presets"
_PLAIN = re.compile(r"[\w./:=@%+-]+(?: [\w./:=@%+-]+)*")


class Agent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One agent program. Words of `command` and `resume` may hold `{worktree} {brief} {answer} {session_id} {root}
    {python} {git_dir} {common_dir} {message}`; a word that is just `{model}` becomes the model flag and the model, or
    nothing. A word with `{verify}` in it stands once for each verification command of plain words, or not at all.
    """

    name: str
    kind: Kind
    command: list[str]
    """Program and arguments; no shell reads them."""
    resume: list[str] = []
    """Goes on in the same conversation with a message on stdin; empty when the agent cannot."""
    stdin: Stdin = "brief"
    allow: list[str] = []
    """stdin open, acp: what it may do without asking, beside the spec's own rules (docs/permissions.md)."""
    model_flag: str = ""
    env: dict[str, str] = {}
    precommit: dict[str, str] = {}
    """More of it where the spec wants commits checked: what has it run hooks that it passes by else."""
    answer: Literal["file", "exit status"] = "file"
    """Where its answer comes from; with `exit status` an answer file, when there is one, still goes first."""
    record: str = ""
    """File that the agent writes its record into, all of it again and again (mini's trajectory); placeholders as above.
    `{message}` is the file with what is to be said now: the brief, or a message.
    """
    scratch: list[str] = []
    """Folders in the worktree that it keeps things of its own in; made beforehand, so that git passes them over."""
    events: Dialect = "plain"
    interrupt: str = ""
    """What asks it to stop a turn. stream: a signal without SIG (INT, TERM); tty: a key (Escape, C-c)."""
    login: list[str] = []
    """Where a key or a login may be found, any of them: variables, and files below `~/`. Empty: none is needed."""
    billing: Billing = ""
    """Who is charged, `api` or `subscription`, where its stream does not tell; empty: unknown (docs/fences.md)."""
    ready: str = ""
    """tty: regular expression for a screen whose empty prompt waits for input; nothing is typed into any other."""
    busy: str = ""
    """tty: regular expression for a screen that works, though its prompt may be there."""
    dialogs: list[str] = []
    """tty: regular expressions for screens that ask something first; a group `words` is what they ask."""

    def words(self, words: list[str], model: str, verify: Sequence[str] = ()) -> list[str]:
        """`command` or `resume` with the model and the verification commands put in."""
        chosen = [self.model_flag, model] if model and self.model_flag else []
        # What has a sign of the shell in it, no list of permitted commands can name.
        plain = [command for command in verify if _PLAIN.fullmatch(command)]
        found: list[str] = []
        for word in words:
            if "{verify}" in word:
                found += [word.replace("{verify}", command) for command in plain]
            else:
                found += chosen if word == "{model}" else [word]
        return found


def load(name: str, root: Path) -> Agent:
    """The agent of that name: the repository's, else the user's, else ours. `shell COMMAND` is the human's own command.

    Raises CockpitError that names the file and the key at fault, or the known names when there is none such.
    """
    word, _, rest = name.strip().partition(" ")
    word = word.removesuffix(":")
    if word == "shell" and not rest.strip():
        raise CockpitError("the shell agent has no command", where=name, remedy="write agent: shell COMMAND")
    if rest.strip() and word != "shell":
        raise CockpitError("an agent's name is one word", where=name, remedy="only shell takes a command")
    plain = re.fullmatch(r"[\w-]+", word) is not None
    file = next(
        (place / f"{word}.toml" for place in folders(root) if plain and (place / f"{word}.toml").is_file()), None
    )
    if file is None:
        raise CockpitError(f"no agent called {word or name!r}", remedy=f"choose one of {', '.join(names(root))}")
    agent = decode(file, word, list(folders(root)))
    if word == "shell":
        return msgspec.structs.replace(
            agent, command=[part.replace("{command}", rest.strip()) for part in agent.command]
        )
    return agent


def folders(root: Path) -> Iterator[Path]:
    """Where agents are looked for, first come first served."""
    yield root / ".cockpit" / "agents"
    yield Path(platformdirs.user_config_dir("cockpit")) / "agents"
    yield PRESETS


def decode(file: Path, name: str, places: Sequence[Path] = ()) -> Agent:
    """The agent in a TOML file; its name is the file's. Where it says `like = NAME` the rest is as that agent has it in
    `places`; `like` its own name is the next one of that name. Raises CockpitError naming file and key.
    """
    try:
        agent = msgspec.convert({**_table(file, list(places)), "name": name}, type=Agent)
    except msgspec.ValidationError as error:
        raise CockpitError(str(error).replace("$.", ""), where=str(file), remedy="correct that key") from error
    if any(not re.fullmatch(r"[\w.-]*\w[\w.-]*", folder) for folder in agent.scratch):
        raise CockpitError("scratch holds what is no folder's name", where=str(file), remedy="correct that key")
    if not agent.command:
        raise CockpitError("command is empty", where=str(file), remedy="name a program")
    if agent.kind == "acp":
        goes_on = [*BRIDGE, "--load", "{session_id}", "--", *agent.command]
        agent = msgspec.structs.replace(agent, stdin="open", events="claude", resume=goes_on)
    elif agent.stdin == "open" and (agent.kind, agent.events) != ("stream", "claude"):
        raise CockpitError('stdin "open" is claude\'s control protocol', where=str(file), remedy='events = "claude"')
    for key, pattern in (("ready", agent.ready), ("busy", agent.busy), *(("dialogs", one) for one in agent.dialogs)):
        try:
            re.compile(pattern)
        except re.error as error:
            raise CockpitError(
                f"{key} is no regular expression: {error}", where=str(file), remedy="correct it"
            ) from error
    means = agent.interrupt or ("Escape" if agent.kind == "tty" else "INT")
    known = (
        re.fullmatch("Escape|C-[a-z]", means) if agent.kind == "tty" else f"SIG{means}" in signal.Signals.__members__
    )
    if not known:
        what = "key" if agent.kind == "tty" else "signal"
        raise CockpitError(f"interrupt {means!r} is no {what}", where=str(file), remedy="leave it out")
    events = "screen" if agent.kind == "tty" else agent.events
    return msgspec.structs.replace(agent, interrupt=means, events=events)


def _table(file: Path, places: list[Path]) -> dict[str, Any]:
    """What a file says, laid over what the one says that it is like; `env` variable by variable."""
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(file)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CockpitError(str(error), where=str(file), remedy="correct that line") from error
    like = table.pop("like", None)
    if like is None:
        return table
    # A chain only leads on: from each folder a name may be taken once, so it ends.
    found = [place / f"{like}.toml" for place in places if re.fullmatch(r"[\w-]+", str(like))]
    base = next((other for other in found if other != file and other.is_file()), None)
    if base is None:
        raise CockpitError(f"like: no agent called {like}", where=str(file), remedy="name a preset")
    under = _table(base, [place for place in places if place != file.parent])
    both = {"env": {**under["env"], **table["env"]}} if _tables(under.get("env"), table.get("env")) else {}
    return {**under, **table, **both}


def _tables(*values: object) -> bool:
    return all(isinstance(value, dict) for value in values)


def installed(agent: Agent) -> bool:
    """Whether its program can be found."""
    program = agent.command[0]
    return program == "{python}" or shutil.which(program) is not None


def authorised(agent: Agent) -> bool:
    """Whether a key or a login for it is there, as far as can be told without reading it."""
    known = {**os.environ, **agent.env}
    found = (Path(place).expanduser().exists() if "/" in place else known.get(place) for place in agent.login)
    return not agent.login or any(found)


def names(root: Path) -> list[str]:
    """All names that `load` knows, sorted."""
    return sorted({file.stem for folder in folders(root) if folder.is_dir() for file in folder.glob("*.toml")})
