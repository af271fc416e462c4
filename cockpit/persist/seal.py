"""The user's own say in a commit: their signature when they sign commits, their hooks when the spec asks for them.

Both are programs of theirs, so git itself runs them, without our terminal (a passphrase prompt must not paint over the
screen), and not for ever. Who refuses leaves nothing changed: the act is written, and its commit waits.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.objects import store
from cockpit.spec import Controls
from cockpit.spec.front import front

SIGNING, HOOK = 30.0, 60.0
"""Seconds for a signature (somebody may have to touch a key) and for a hook."""
AGAIN = 300.0
"""Seconds before one who refused is asked again by nobody's act: the engine looks every two."""
_refusals: dict[Path, tuple[float, str]] = {}


class Refuses(CockpitError):
    """The signer or a hook said no; `what` says it in one line."""


def commit(places: Places, tree: str, parents: list[str], message: str, *, hooks: bool = False) -> str:
    """A commit object by the user, signed when git is configured so; no ref moves. Gives its id.

    The front matter of the spec in it may say `sign: off` or `hooks: on`; `hooks` says whether this commit is one that
    hooks see. Raises Refuses, and CockpitError when git knows no name of the user or cannot be written.
    """
    controls = _controls(places, tree)
    signs = controls.sign == "on" and _configured(places)
    asks = hooks and controls.hooks == "on"
    if not signs and not asks:
        return store(places).commit(tree, parents, message)
    at, words = _refusals.get(places.git_dir, (0.0, ""))
    if words and time.monotonic() - at < AGAIN:
        raise Refuses(words)
    try:
        text = _hooks(places, tree, message) if asks else message
        found = _signed(places, tree, parents, text) if signs else store(places).commit(tree, parents, text)
    except Refuses as refusal:
        _refusals[places.git_dir] = (time.monotonic(), refusal.what)
        raise
    forgive(places)
    return found


def forgive(places: Places) -> None:
    """Ask again at once: a human has just acted."""
    _refusals.pop(places.git_dir, None)


def done(places: Places, tree: str) -> None:
    """The branch has moved: `post-commit` runs where the spec asks for hooks; what it says changes nothing."""
    if _controls(places, tree).hooks == "on":
        with contextlib.suppress(CockpitError):
            _hook(places, "post-commit", (), {})


def _controls(places: Places, tree: str) -> Controls:
    found = store(places).read(store(places).blob_at(tree, places.spec_name) or "")
    try:
        return front(found[1]).controls if found is not None else Controls()
    except (spec.SpecError, UnicodeDecodeError):
        return Controls()


def _configured(places: Places) -> bool:
    return store(places).setting("commit.gpgsign").lower() in ("true", "yes", "on", "1")


def _signed(places: Places, tree: str, parents: list[str], message: str) -> str:
    above = [word for parent in parents for word in ("-p", parent)]
    args = ("commit-tree", "-S", *above, "-F", "-", tree)
    try:
        status, output, trouble = git.patient(places, *args, input=message.encode(), seconds=SIGNING)
    except TimeoutError as error:
        raise Refuses(f"the signature did not come in {SIGNING:.0f} s") from error
    if status != 0:
        said = [row for row in os.fsdecode(trouble).splitlines() if "failed to write commit object" not in row]
        words = line(" ".join(row.removeprefix("error: ") for row in said), 200) or "no word why"
        raise Refuses(f"it could not be signed: {words}; unlock the key, or write sign: off")
    return output.decode().strip()


def _hooks(places: Places, tree: str, message: str) -> str:
    """`pre-commit` and `commit-msg` on a temporary index in which the spec alone is staged; the message they leave."""
    index, draft = places.git_dir / "cockpit-hook-index", places.git_dir / "COCKPIT_EDITMSG"
    ours = {"GIT_INDEX_FILE": str(index), "GIT_EDITOR": ":"}
    try:
        git.run(places, *git.QUIET, "read-tree", tree, environment=ours)
        _hook(places, "pre-commit", (), ours)
        draft.write_text(message, encoding="utf-8", errors="replace")
        _hook(places, "commit-msg", (str(draft),), ours)
        text = draft.read_text(encoding="utf-8", errors="replace")
    finally:
        index.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    verb = next(row for row in message.splitlines() if row.startswith("Cockpit-Verb: "))
    if verb not in text.splitlines():
        raise Refuses("the hook commit-msg took the trailers out of its message")
    return text


def _hook(places: Places, name: str, words: tuple[str, ...], environment: dict[str, str]) -> None:
    """Run a hook of the user's as git would; nothing when there is none. What it stages is not taken in."""
    args = ("hook", "run", "--ignore-missing", name, *(("--", *words) if words else ()))
    try:
        status, _, trouble = git.patient(places, *args, seconds=HOOK, environment=environment)
    except TimeoutError as error:
        raise Refuses(f"the hook {name} did not end in {HOOK:.0f} s") from error
    if status != 0:
        said = [row for row in os.fsdecode(trouble).splitlines() if row.strip()]
        raise Refuses(f"the hook {name} refused: {line(said[-1], 200) if said else f'status {status}'}")
