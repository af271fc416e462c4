"""The reader of plain text: lines of a log in, the events out that a structured source would have sent."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract import (
    builds,
    diagnostics,
    java_tests,
    js_tests,
    native_tests,
    python_tests,
    repository,
    spoken,
    surroundings,
    tracebacks,
    upgrades,
)
from cockpit.sense.extract.line import Line, undress
from cockpit.sense.extract.stream import Job, Stream, Told, job_passed
from cockpit.sense.extract.words import any_of

STREAMS = 512
"""Runs remembered at once; the one that spoke least recently is forgotten first."""


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Reads the lines that begin, or hold, one of these; the others cost it nothing but that look."""

    read: Callable[[Line, Stream], Told]
    starts: str = ""
    """The first three characters of its lines (those shorter than three: all of them), `|` between."""
    marks: str = ""
    """The first characters of its lines, where the second is anything."""
    holds: tuple[str, ...] = ()
    """What stands somewhere in its lines."""


DIGITS = "0123456789"
TABLE = (
    Recogniser(python_tests.result, holds=("PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS", "RERUN")),
    Recogniser(surroundings.surroundings, holds=surroundings.BAD),
    Recogniser(tracebacks.python, "Tra"),
    Recogniser(tracebacks.chain, "The|Dur"),
    Recogniser(tracebacks.frame, "at |Fil|...|gor|sta|not|Nod|[si", holds=(".go:",)),
    Recogniser(java_tests.surefire, "Tes|Run|T E", DIGITS, ("<<< ", " > ")),
    Recogniser(java_tests.again, "Err|Fai|Res|Tes", "", (" » ", "Test")),
    Recogniser(
        diagnostics.levelled, holds=(": error", ": warning", ": note: ", ": fatal ", " - error", " - warning", ": info")
    ),
    Recogniser(diagnostics.maven, holds=(":[",)),
    Recogniser(builds.ends, "BUI|Pro|Err|The|Exi|Job|Fin|Sca|Bui|ERR|err|scr|com"),
    Recogniser(
        builds.goals,
        "Fai|Rul|Cou|> T|npm|mak|gma|nin|CMa|ERR|fai|COP|ADD|err|YN0|➤ Y|[ER",
        holds=("not found", "vulnerabilit"),
    ),
    Recogniser(diagnostics.eslint_flat, holds=("[Error/", "[Warning/", ", Error - ", ", Warning - ")),
    Recogniser(
        builds.boilerplate, "|".join(sorted({words[:3] for words in builds.BOILERPLATE})), holds=(": In ", ": At ")
    ),
    Recogniser(js_tests.tap, "ok |not|# S|# t|# s|# p|# f|# c|# d|TAP|1.."),
    Recogniser(js_tests.marked, marks="✓✔√✕✖×✗○✎↓﹣●❯▶ℹ"),
    Recogniser(js_tests.files, "PAS|FAI|RUN|Tes|Sna|Ran|Tim|Sta|Dur|⎯⎯⎯|> m|$ m", DIGITS),
    Recogniser(js_tests.numbered, "", DIGITS),
    Recogniser(native_tests.go, "---|===|ok |FAI|PAS|?  |exi", holds=("_test.go:",)),
    Recogniser(native_tests.cargo, "tes|Run|Doc|fai|---|run|Com|Fin|PAS|FAI|SIG|Che|Sum"),
    Recogniser(python_tests.summary, "===|___|Ran|OK|OK |FAI|ERR|no ", DIGITS, (" ... ",)),
    Recogniser(repository.repository, "CON|! [|fat|err|Mer|Suc|hin|Aut|cou|Cou|You|Ano|To ", holds=(" -> ",)),
    Recogniser(
        spoken.spoken,
        "pre|Pre|che|Che|ses|hea|clo",
        "",
        (" blocked by ", " alive", "healthy", "not responding", " started before ", " check: ", "drift: "),
    ),
    Recogniser(
        tracebacks.raised,
        "pan|fat|thr|Sys",
        holds=("Error", "Exception", "Failure", "Timeout", "Throwable", "Interrupt"),
    ),
    Recogniser(diagnostics.placed, holds=(".py:", ".go:", ".java:", ".kt:", ".ipynb:")),
    Recogniser(diagnostics.linker, holds=("undefined ", "cannot find -l")),
    Recogniser(diagnostics.eslint, marks=DIGITS),
    Recogniser(diagnostics.arrow, "-->"),
    Recogniser(diagnostics.report, "Fou|Suc|All", DIGITS + "✖"),
    Recogniser(diagnostics.rustc, "err|war"),
    Recogniser(
        upgrades.upgrades,
        "Suc|Fou|Att|Uni",
        "+-",
        ("Bump", "bump", "pgrad", "pdat", " -> ", " => ", " → ", " over (", " (was "),
    ),
)
"""Asked in this order; the first that knows a line has it."""


def _by_start() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for number, each in enumerate(TABLE):
        for start in [*each.starts.split("|"), *each.marks]:
            if start:
                found.setdefault(start, []).append(number)
    return {start: tuple(numbers) for start, numbers in found.items()}


_STARTS = _by_start()
_HOLDS = tuple((words, number) for number, each in enumerate(TABLE) for words in each.holds)
_ANY = re.compile(any_of([words for words, _ in _HOLDS]))
"""Whether a line holds any of these words, in one pass: most don't."""
_OWN = {"pytest": python_tests.own, "cargo": native_tests.own}
"""What a tool in whose run a line stands says besides, known by no word."""


class Extractor:
    """Stateful a stream (a run, or sender and key). Replayable: the same events in give the same events out."""

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
        return [self._completed(each, stream) for each in told] if told else told

    def run(self, event: Event) -> str:
        """The run that the lines of that stream tell of, as of the line read last; empty between runs."""
        stream = self._streams.get(_name(event))
        return stream.run if stream is not None else ""

    def _completed(self, event: Event, stream: Stream) -> Event:
        """The event with the run that the lines tell of, and with what is not said: that passed tests have no line."""
        if event.kind == "test.result":
            if event.state == "fail" and not stream.job.passes:
                event = msgspec.structs.replace(event, attrs={**event.attrs, "named": "failures"})
            elif event.state == "pass" and event.attrs.get("tool") != "maven":
                stream.job.passes = True
        return event if event.run or not stream.run else msgspec.structs.replace(event, run=stream.run)

    def _told(self, line: Line, stream: Stream) -> Told:
        block = stream.block
        if block is None:
            return self._alone(line, stream)
        told, goes_on = block.take(line)
        if not goes_on:
            stream.block = None
        if told is not None:
            return told
        if goes_on:
            return self._alone(line, stream)
        held = block.left()
        return [*held, *(self._alone(line, stream) or ())] if held else self._alone(line, stream)

    def _alone(self, line: Line, stream: Stream) -> Told:
        text = line.text
        if not text:
            return []
        asked = [number for words, number in _HOLDS if words in text] if _ANY.search(text) else []
        asked += _STARTS.get(text[:3], ())
        asked += _STARTS.get(text[0], ())
        for number in sorted(set(asked)) if len(asked) > 1 else asked:
            told = TABLE[number].read(line, stream)
            if told is not None:
                return told
        if builds.ruler(text):
            return []
        if stream.aside:
            stream.aside -= 1
            return []
        own = _OWN.get(stream.tool)
        if own is not None and own(text):
            return []
        stream.last = text
        return None

    def _closed(self, event: Event) -> Sequence[Event] | None:
        """What the lines of a job had opened ends with its next passed run."""
        job = self._jobs.get(_job(event)) if event.state == "passed" else None
        return None if job is None else job_passed(job, event) or None

    def _stream(self, event: Event) -> Stream:
        name = _name(event)
        stream = self._streams.get(name)
        if stream is not None:
            self._streams.move_to_end(name)
            return stream
        of = _job(event)
        job = self._jobs.get(of)
        if job is None:
            if len(self._jobs) >= STREAMS:
                self._jobs.pop(next(iter(self._jobs)))
            job = self._jobs[of] = Job(of[1])
        stream = self._streams[name] = Stream(job, event.run)
        if len(self._streams) > STREAMS:
            self._streams.popitem(last=False)
        return stream


def _name(event: Event) -> tuple[str, str, str]:
    """What parts streams: the run where the sender names it, else sender and job."""
    return ("", "", event.run) if event.run else (event.source, _subject(event), "")


def _job(event: Event) -> tuple[str, str]:
    """The job of a line, or of the end of a run: lines of one run may come from more than one sender."""
    name = event.key if event.kind == "ci.run" else _subject(event)
    return ("", name or event.run.rpartition("-")[0]) if event.run else (event.source, name)


def _subject(event: Event) -> str:
    """The job that a line names; a key made of its own words (`Event.key` when none is given) is no job."""
    return "" if event.key.startswith(f"{event.source}: ") else event.key
