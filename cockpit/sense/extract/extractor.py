"""The reader of plain text: lines of a log in, the events out that a structured source would have sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract import python_tests, spoken
from cockpit.sense.extract.line import Line, undress
from cockpit.sense.extract.stream import Job, Stream, Told

STREAMS = 512
"""Runs remembered at once; the one that spoke least recently is forgotten first."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Reads lines in which one of its literals stands: what no literal knows costs no pattern."""

    literals: tuple[str, ...]
    read: Callable[[Line, Stream], Told]


TABLE = (
    Recogniser(python_tests.RESULT, python_tests.result),
    Recogniser(python_tests.SUMMARY, python_tests.summary),
    Recogniser(spoken.LITERALS, spoken.spoken),
)
"""Asked in this order; the first that knows a line has it."""

_READERS = tuple((literal, each.read) for each in TABLE for literal in each.literals)


class Extractor:
    """Stateful a stream (sender, key, run). Replayable: the same events in give the same events out."""

    def __init__(self) -> None:
        self._streams: OrderedDict[tuple[str, str, str], Stream] = OrderedDict()
        self._jobs: dict[tuple[str, str], Job] = {}

    def feed(self, event: Event) -> list[Event]:
        """The structured events that a line says, with its `id`, `run` and time. They stand for the line."""
        return list(self.read(event) or ())

    def read(self, event: Event) -> Told:
        """As `feed`, and tells text from parts: None, nothing is known of this line, it stands for itself;
        empty, it belongs to something told by another line (a frame of a traceback, a rule under a heading)
        and means nothing alone."""
        if event.kind == "ci.run":
            return self._closed(event)
        if event.kind != "log.line":
            return None
        stream = self._stream(event)
        line = undress(event)
        told = self._told(line, stream)
        if told and stream.run and not stream.given:
            return [each if each.run else msgspec.structs.replace(each, run=stream.run) for each in told]
        return told

    def _told(self, line: Line, stream: Stream) -> Told:
        if stream.block is not None:
            told, goes_on = stream.block.take(line)
            if not goes_on:
                stream.block = None
            if told is not None:
                return told
        text = line.text
        for literal, read in _READERS:
            if literal in text:
                told = read(line, stream)
                if told is not None:
                    return told
        return None

    def _closed(self, event: Event) -> Sequence[Event] | None:
        """What the lines of a job had opened ends with its next passed run."""
        if event.state != "passed" or not self._jobs:
            return None
        job = self._jobs.get((event.source, event.key))
        if job is None or not job.open:
            return None
        closed = [
            msgspec.structs.replace(opened, state="closed", level="info", at=event.at, id=event.id, run=event.run)
            for opened in job.open.values()
        ]
        job.open.clear()
        return closed

    def _stream(self, event: Event) -> Stream:
        name = (event.source, _subject(event), event.run)
        stream = self._streams.get(name)
        if stream is not None:
            self._streams.move_to_end(name)
            return stream
        job = self._jobs.get(name[:2])
        if job is None:
            if len(self._jobs) >= STREAMS:
                self._jobs.pop(next(iter(self._jobs)))
            job = self._jobs[name[:2]] = Job(name[1])
        stream = self._streams[name] = Stream(job, event.run)
        if len(self._streams) > STREAMS:
            self._streams.popitem(last=False)
        return stream


def _subject(event: Event) -> str:
    """The job that a line names; a key made of its own words (`Event.key` when none is given) is no job."""
    return "" if event.key.startswith(f"{event.source}: ") else event.key
