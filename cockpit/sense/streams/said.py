"""What an agent says while it works, whatever its dialect, and the events that it becomes. Pure.

Streams and hooks are two ways to hear the same: both are read into the structs here, and `Teller` turns them into
events of one delegate (docs/events.md).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, cast

import msgspec

from cockpit.clean import line
from cockpit.loose import Table, get, text
from cockpit.sense.events import Event, Level, safe
from cockpit.spent import Usage
from cockpit.troubles import clock, judge

Result = Literal["ok", "fail", "denied"]
TOLD = 400
"""Characters kept of what a failed call printed."""


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tool call: the tool, its command or path on one line, the files it names."""

    tool: str
    words: str = ""
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """The session began or goes on: nothing holds it up."""

    talk: str = ""
    """The conversation's name, where it is told here."""


@dataclass(frozen=True, slots=True)
class Step:
    """A tool call ended. `out` is what it printed, `size` how long that was in bytes."""

    call: Call
    state: Result
    out: str = ""
    size: int = 0
    cwd: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """It said something in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of its words; they end where it says something else."""

    text: str


@dataclass(frozen=True, slots=True)
class Bad:
    """The model's service refused or failed. `status` is HTTP's, 0 when it was not told; `last`: it gave up."""

    words: str
    status: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """It waits for a permission, or for an answer."""

    words: str
    idle: bool = False
    """For no question of its own, but for a human's next words."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a run of the agent used."""

    run: Usage
    whole: Usage = field(default_factory=Usage)
    """What it counts up over the runs of a conversation, told so far."""
    talk: str = ""
    """The conversation's name; empty is the one that was begun last."""


@dataclass(frozen=True, slots=True)
class Over:
    """The turn or the session ended; `denied` are the calls that it was not permitted."""

    denied: tuple[str, ...] = ()
    waits: bool = False
    """It waits for a human's next words."""


Said = Begun | Step | Words | Piece | Bad | Asked | Used | Over


def call(tool: str, given: object) -> Call:
    """The call of a tool with these arguments."""
    for key in (
        "command",
        "cmd",
        "file_path",
        "filePath",
        "notebook_path",
        "path",
        "pattern",
        "url",
        "query",
        "prompt",
    ):
        value = get(given, key)
        words = " ".join(map(text, cast("list[object]", value))) if isinstance(value, list) else text(value)
        if words:
            named = key in ("file_path", "filePath", "notebook_path", "path")
            return Call(line(tool, 40), line(bare(words), 200), (line(words, 300),) if named else ())
    return Call(line(tool, 40))


def bare(command: str) -> str:
    """A command without the shell that only carries it: `/bin/bash -lc 'make test'` is `make test`."""
    if not _CARRIED.match(command):
        return command
    try:
        parts = shlex.split(command)
    except ValueError:
        return command
    return parts[2] if len(parts) == 3 else command


_CARRIED = re.compile(r"(?:/\S*/)?(?:ba|z|da)?sh\s+-l?c\s")


def refused(words: str) -> bool:
    """Whether the words of a failed call say that it was not permitted."""
    return _REFUSED.search(words[:600]) is not None


_REFUSED = re.compile(
    r"haven't granted|requested permissions? to|permission (?:to use \S+ )?(?:has been |was )?(?:denied|rejected)"
    r"|requires approval|doesn't want to (?:proceed|take this action)|auto-rejecting|rejected permission"
    r"|denied by (?:the )?(?:user|policy|config)|not (?:permitted|allowed) by (?:policy|the user)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells what one delegate says: `who` is its item, or the session's name where there is none."""

    agent: str
    who: str
    item: str = ""
    root: str = ""
    """Where it works: paths below it are told from there."""

    def tell(self, said: Said, at: float) -> Event | None:
        """The event; None for what says nothing. `at` is epoch seconds."""
        match said:
            case Step():
                return self._step(said, at)
            case Words(words) | Piece(words):
                return self._event(
                    "delegate.note", f"said/{self.who}", f"{self.who}: {words}", at, attrs={"type": "said"}
                )
            case Used(Usage(tokens, usd)):
                parts = [f"{tokens:,} tokens"] if tokens is not None else []
                parts += [f"${usd:.2f}"] if usd is not None else []
                attrs = {"type": "usage", "tokens": tokens, "usd": usd}
                what = f"{self.who} used {' and '.join(parts)}"
                return self._event("delegate.note", f"usage/{self.who}", what, at, attrs=attrs) if parts else None
            case Bad(words, status, last):
                return self._bad(words, status, at, last=last)
            case Asked(words, idle):
                if idle and not self.item:
                    return None  # a human's own session, where it belongs
                return self._state(
                    "asks", f"{self.who} asks: {words}", at, "error", "attach" if self.item else "inspect"
                )
            case Begun():
                return self._state("working", f"{self.who} works", at)
            case Over(denied, waits):
                if denied:
                    words = f"{self.who} was not permitted: {'; '.join(denied)}"
                    return self._state("denied", words, at, "error", "answer")
                # An item's end is told by its facts; only a session of no item has nobody else to tell it.
                waiting = waits and not self.item
                return self._state("finished" if waiting else "closed", f"{self.who} is done", at)

    def _step(self, step: Step, at: float) -> Event:
        attrs: dict[str, object] = {"tool": step.call.tool, "bytes": step.size}
        if step.state != "ok":
            attrs["err"] = line(step.out[-TOLD:], TOLD)
        if step.cwd:
            attrs["cwd"] = step.cwd
        paths = tuple(self._relative(path) for path in step.call.paths)
        words = f"{step.call.tool} {', '.join(paths) or step.call.words}".strip()
        level: Level = "info" if step.state == "ok" else "warning"
        return self._event("agent.step", f"step/{self.who}", words, at, step.state, level, paths=paths, attrs=attrs)

    def _bad(self, words: str, status: int, at: float, *, last: bool) -> Event | None:
        trouble = judge(words, status, at)
        if trouble is None or (last and trouble.state != "limited"):  # the facts tell how it ended
            attrs: Table = {"type": "error", "status": status}
            return self._event("delegate.note", f"error/{self.who}", f"{self.who}: {words}", at, attrs=attrs)
        until = f" until {clock(trouble.until)}" if trouble.until else ""
        return self._state(
            trouble.state,
            f"{self.who}: {trouble.what}{until}",
            at,
            "error" if trouble.grave else "warning",
            evidence=words,
            attrs={"until": trouble.until} if trouble.until else {},
        )

    def _state(
        self,
        state: str,
        what: str,
        at: float,
        level: Level = "info",
        action: str = "inspect",
        *,
        evidence: str = "",
        attrs: Table | None = None,
    ) -> Event:
        key = f"session/{self.who}"
        return self._event("delegate.state", key, what, at, state, level, action=action, evidence=evidence, attrs=attrs)

    def _event(
        self,
        kind: str,
        key: str,
        what: str,
        at: float,
        state: str = "",
        level: Level = "info",
        *,
        action: str = "inspect",
        evidence: str = "",
        paths: tuple[str, ...] = (),
        attrs: Table | None = None,
    ) -> Event:
        event = Event(
            source=self.agent,
            what=what,
            at=at,
            kind=kind,
            key=key,
            state=state,
            level=level,
            paths=paths,
            item=self.item,
            delegate=self.who,
            evidence=evidence,
            action=action,
            attrs=attrs or {},
        )
        return safe(event, at)

    def _relative(self, path: str) -> str:
        here = PurePosixPath(path)
        below = bool(self.root) and here.is_absolute() and here.is_relative_to(self.root)
        return here.relative_to(self.root).as_posix() if below else path


def tell(teller: Teller, said: Iterator[Said], at: float) -> list[Event]:
    """The events of all that was said, in order."""
    return [event for one in said if (event := teller.tell(one, at)) is not None]
