"""The bytes of one sender, cut into lines; the lines, read into events and into answers for what is wrong."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import CAP, Event, decode

ANSWERED = 100
"""Bad lines of one chunk that are answered one by one; the others share an answer."""


class Op(msgspec.Struct, frozen=True):
    """A line that is no event but a question: `{"op": "ping"}` asks whether all lines before it were taken."""

    op: str


class Read(NamedTuple):
    """What a chunk came to: events, and the answers to its sender, a line of JSON each."""

    events: list[Event]
    answers: list[bytes]


_ops = msgspec.json.Decoder(Op)
_encode = msgspec.json.Encoder().encode


class Frames:
    """Lines of one sender, numbered from 1. Holds no more than one unfinished line of `CAP` bytes."""

    def __init__(self) -> None:
        self.number = 0
        """Of the last whole line."""
        self._rest = b""
        self._over = False
        """In the middle of a line that is too long: it was answered, what is left of it is passed over."""

    def feed(self, data: bytes, now: float) -> Read:
        """Take a chunk. A bad line is answered and costs nothing else."""
        events: list[Event] = []
        answers: list[bytes] = []
        bad = 0
        lines = data.split(b"\n")
        if self._over:
            if len(lines) == 1:
                return Read(events, answers)
            self._over = False
            self.number += 1
            del lines[0]
        else:
            lines[0] = self._rest + lines[0]
        self._rest = lines.pop()
        for entry in lines:
            self.number += 1
            try:
                events.append(decode(entry, now))
            except CockpitError as error:
                if not entry.strip():
                    continue
                if (ping := self._asked(entry)) is not None:
                    answers.append(ping)
                    continue
                bad += 1
                if bad <= ANSWERED:
                    answers.append(_answer(line(str(error), 300), self.number))
        if len(self._rest) > CAP:
            self._rest, self._over = b"", True
            answers.append(_answer(f"line over {CAP // 1024} KiB, passed over", self.number + 1))
        if bad > ANSWERED:
            answers.append(_answer(f"{bad - ANSWERED} more bad lines", self.number))
        return Read(events, answers)

    def end(self, now: float) -> Read:
        """The sender has ended: a last line may lack its newline."""
        return self.feed(b"\n", now) if self._rest.strip() else Read([], [])

    def _asked(self, entry: bytes) -> bytes | None:
        try:
            asked = _ops.decode(entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        if asked.op == "ping":
            return _encode({"ok": self.number}) + b"\n"
        return _answer(f"no op {line(asked.op, 20)!r}, there is ping", self.number)


def _answer(words: str, number: int) -> bytes:
    return _encode({"error": words, "line": number}) + b"\n"
