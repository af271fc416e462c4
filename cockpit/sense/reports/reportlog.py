"""pytest's `--report-log`: a line of JSON for everything that happens, written while it happens (contracts, 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event
from cockpit.sense.reports.places import inside
from cockpit.sense.reports.runs import Run
from cockpit.sense.reports.told import MOST, About, Tested

LONGEST = 4 * 1024 * 1024
"""Bytes a line may have."""
TOOL = "pytest"
_PROVES_NOTHING = 5
"""pytest's exit when it collected no test."""
_WORDS = {2: "interrupted", 3: "internal error", 4: "wrong usage"}


class _Line(msgspec.Struct):
    """What we read of a line; the rest is passed over."""

    report_type: str = msgspec.field(name="$report_type", default="")
    nodeid: str = ""
    when: str = ""
    outcome: str = ""
    wasxfail: str | None = None
    longrepr: Any = None
    duration: float = 0.0
    exitstatus: int = 0


_decoder = msgspec.json.Decoder(_Line)


def read(data: bytes, about: About) -> list[Event]:
    """The events of a whole report log.

    Raises CockpitError with the line that is no JSON. A log that ends in the middle gives what it has, and no end.
    """
    live = Live(about, about.run(data))
    events = live.feed(data if data.endswith(b"\n") else data + b"\n")
    if live.errors:
        raise CockpitError(f"no line of a report log: {live.errors[0]}", where=line(about.name, 120))
    return events


class Live:
    """A report log that is still being written: give it what was added, get the events of the lines that are whole."""

    def __init__(self, about: About, run: str) -> None:
        self.about = about
        self.run = Run(TOOL, about, run)
        self.errors: list[str] = []
        self._rest = b""
        self._number = 0
        self._results: dict[str, Tested] = {}
        self._tries: dict[str, int] = {}

    def feed(self, data: bytes) -> list[Event]:
        """What these bytes tell, after those before. A bad line is told in `errors` and costs nothing else."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            self._rest = b""
            self._bad(f"a line over {LONGEST // 1024 // 1024} MiB")
        events: list[Event] = []
        for text in lines:
            self._number += 1
            if not text.strip():
                continue
            try:
                events += self._line(_decoder.decode(text))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                self._bad(line(str(error), 100))
        return events

    def _bad(self, words: str) -> None:
        if len(self.errors) < 10:
            self.errors.append(f"line {self._number}: {words}")

    def _line(self, said: _Line) -> list[Event]:
        match said.report_type:
            case "SessionStart":
                self._results.clear()
                return [self.run.started()]
            case "CollectReport":
                return self._tell(_collected(said, self.about)) if said.outcome == "failed" else []
            case "TestReport":
                return self._test(said)
            case "SessionFinish":
                return [self._end(said.exitstatus)]
            case _:
                return []

    def _test(self, said: _Line) -> list[Event]:
        if said.outcome == "rerun":
            self._tries[said.nodeid] = self._tries.get(said.nodeid, 0) + 1
            return []
        known = self._results.get(said.nodeid)
        if said.outcome == "passed" and (said.when != "call" or (known is not None and known.state == "fail")):
            return []
        return self._tell(_tested(said, self.about, self._tries.get(said.nodeid, 0)))

    def _tell(self, test: Tested) -> list[Event]:
        if len(self._results) >= MOST and test.key not in self._results:
            self._bad(f"more than {MOST} tests")
            return []
        # Only what the end counts is kept of it.
        self._results[test.key] = Tested(test.key, test.state, seconds=test.seconds, broken=test.broken)
        return [self.run.test(test)]

    def _end(self, status: int) -> Event:
        trouble = _WORDS.get(status, "")
        if status not in (0, 1, _PROVES_NOTHING) and not trouble:
            trouble = f"exit {status}"
        if status == 1 and not any(test.state == "fail" for test in self._results.values()):
            trouble = "exit 1"
        return self.run.ended(self._results.values(), trouble)


def _collected(said: _Line, about: About) -> Tested:
    words, text = _said(said.longrepr)
    path = inside(said.nodeid.partition("::")[0], about.root)
    last = [row for row in text.split("\n") if row.startswith("E ")]
    return Tested(
        key=said.nodeid or "collection",
        state="fail",
        words=words or (last[-1][1:].strip() if last else "collection failure"),
        text=text,
        paths=(path,) if path else (),
        broken=True,
    )


def _tested(said: _Line, about: About, tries: int) -> Tested:
    words, text = _said(said.longrepr)
    failed = said.outcome == "failed"
    if said.outcome == "skipped" and said.wasxfail is not None:
        words = said.wasxfail or "expected to fail"
    if failed and said.when in ("setup", "teardown"):
        words = f'failed on {said.when} with "{words}"'
    path = inside(said.nodeid.partition("::")[0], about.root)
    return Tested(
        key=said.nodeid,
        state="fail" if failed else "skip" if said.outcome == "skipped" else "pass",
        words=words,
        text=text,
        paths=(path,) if path else (),
        seconds=max(0.0, said.duration),
        tries=0 if failed else tries,
        broken=failed and said.when != "call",
    )


def _said(longrepr: object) -> tuple[str, str]:
    """The message and the whole text of a failure or a skip: words, or (path, line, words), or a tree."""
    match longrepr:
        case str():
            return "", longrepr
        case list():
            parts = cast("list[object]", longrepr)
            words = parts[2] if len(parts) == 3 and isinstance(parts[2], str) else ""
            return words.removeprefix("Skipped: "), ""
        case dict():
            tree = cast("Mapping[str, Any]", longrepr)
            crash = tree.get("reprcrash")
            if not isinstance(crash, dict):
                return "", ""
            found = cast("Mapping[str, Any]", crash)
            message = found.get("message")
            words = message if isinstance(message, str) else ""
            return words, f"{words}\n{found.get('path')}:{found.get('lineno')}: "
        case _:
            return "", ""
