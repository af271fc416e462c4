"""A turn with an agent that listens while it works: its permission requests, the messages to it, and its end.

Pure but for the turn's folder: bytes for the agent gather in `out`, the runner writes them when the pipe takes them.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Literal

from cockpit.act import control, permits
from cockpit.act.control import Request
from cockpit.act.permits import Permit, Permitted
from cockpit.errors import CockpitError
from cockpit.facts import Permission
from cockpit.loose import Table
from cockpit.spec.permits import granted


class Mouth:
    """The agent's stdin: what there is to say goes out as the pipe takes it, and it is closed when all is said."""

    def __init__(self, pipe: IO[bytes], talk: Talk, selector: selectors.BaseSelector) -> None:
        self._pipe = pipe
        self._talk = talk
        self._selector = selector
        self._watched = False
        os.set_blocking(pipe.fileno(), False)

    def speak(self) -> None:
        """Write what can be written now; the selector wakes for the rest."""
        if self._pipe.closed:
            return
        try:
            while self._talk.out:
                self._talk.out = self._talk.out[os.write(self._pipe.fileno(), self._talk.out[:65536]) :]
        except BlockingIOError:
            if not self._watched:
                self._selector.register(self._pipe, selectors.EVENT_WRITE)
                self._watched = True
            return
        except OSError:  # it has gone, its death is told apart
            self._talk.out, self._talk.over = b"", True
        if self._watched:
            self._selector.unregister(self._pipe)
            self._watched = False
        if self._talk.over:
            with contextlib.suppress(OSError):
                self._pipe.close()


class Talk:
    """What is said in one turn. A request is answered by a standing rule at once, else it stands until the human
    answers (`permits.ndjson`) or the agent goes on without; one stands at a time, the others wait behind it.
    """

    def __init__(
        self,
        folder: Path,
        worktree: Path,
        rules: Sequence[str],
        say: Callable[[str], None],
        more: Callable[[], str],
    ) -> None:
        self.out = b""
        """What the agent is still to read."""
        self.over = False
        """There is nothing more to say: its stdin may be closed."""
        self.stopping = False
        self._folder = folder
        self._worktree = worktree
        self._rules = rules
        self._say = say
        self._more = more
        """The messages that wait, in words; asked at each boundary, and delivered with that."""
        self._turn = folder.name
        self._count = len(permits.settled(folder))
        self._waiting: dict[str, tuple[Request, Permission]] = {}
        self._granted: set[tuple[str, str]] = set()

    @property
    def asking(self) -> bool:
        """Whether it waits for the human."""
        return bool(self._waiting)

    def mouth(self, pipe: IO[bytes], selector: selectors.BaseSelector) -> Mouth:
        """What brings our words to an agent that has just started."""
        return Mouth(pipe, self, selector)

    def begin(self, words: str) -> None:
        """What it is to do, to an agent that has just started."""
        self.out, self.over, self.stopping = control.say(words), False, False

    def stop(self) -> None:
        """Ask it to leave off; its end is told by `hear`."""
        self.stopping = True
        self.out += control.interrupt()

    def hear(self, event: Table) -> None:
        """Take one event of the agent as it came."""
        self.out += control.unknown(event)
        asked = control.request(event)
        if asked is not None:
            self._asked(asked)
        elif name := control.cancelled(event):
            self._end([id for id, (request, _) in self._waiting.items() if request.id == name])
        elif control.ended(event):
            self._end(list(self._waiting))
            words = "" if self.stopping or event.get("is_error") is True else self._more()
            if words:
                self.out += control.say(words)
            else:
                self.over = True

    def look(self) -> None:
        """Tell the agent what the human answered since."""
        for permit in permits.sent(self._folder):
            if permit.id in self._waiting:
                self._answer(permit)

    def close(self) -> None:
        """The agent has gone: nothing stands any more."""
        self.over = True
        self._end(list(self._waiting))
        self._stand()

    def _asked(self, request: Request) -> None:
        self._count += 1
        asked = control.permission(request, f"{self._turn}.{self._count}", self._worktree, time.time())
        self._waiting[asked.id] = (request, asked)
        rule = granted(self._rules, asked.kind, asked.what, asked.paths) if asked.whole else ""
        if asked.whole and (asked.tool, asked.what) in self._granted:
            rule = "allowed for the turn"
        if rule:
            self._answer(Permit(id=asked.id, allow=True, rule=rule, at=asked.at))
            return
        self._say(f"? asks permission {asked.id}: {permits.words(asked, permits.MOST)}\n")
        self._stand()

    def _answer(self, permit: Permit) -> None:
        request, asked = self._waiting.pop(permit.id)
        if permit.allow and permit.scope == "turn":
            self._granted.add((asked.tool, asked.what))
        self.out += control.allow(request) if permit.allow else control.deny(request, permit.words)
        self._settle([(asked, permit)], "allowed" if permit.allow else "denied")
        self._stand()

    def _end(self, ids: Sequence[str]) -> None:
        """These requests are over without an answer."""
        gone = [(self._waiting.pop(id)[1], None) for id in ids]
        if gone:
            self._settle(gone, "over")
            self._stand()

    def _settle(
        self, done: Sequence[tuple[Permission, Permit | None]], outcome: Literal["allowed", "denied", "over"]
    ) -> None:
        told: list[Permitted] = []
        for asked, permit in done:
            rule, scope, words = (permit.rule, permit.scope, permit.words) if permit is not None else ("", "once", "")
            what = permits.words(asked)
            told.append(
                Permitted(id=asked.id, outcome=outcome, what=what, rule=rule, scope=scope, words=words, at=time.time())
            )
            self._say(f"? {asked.id} {outcome}{f' ({rule})' if rule else ''}\n")
        try:
            permits.settle(self._folder, told)
        except OSError as error:  # a full disk must not end the agent's work
            self._say(f"! permitted.ndjson: {error.strerror}\n")

    def _stand(self) -> None:
        """Show the first request that waits, or that none does."""
        first = next((asked for _, asked in self._waiting.values()), None)
        try:
            permits.stand(self._folder, first)
        except CockpitError as error:
            self._say(f"! {error}\n")
