"""Results of jest, vitest, mocha and node --test, and of anything that speaks TAP. A test is named by its file and its
own name: what its describe blocks are called stands in indents, which a log seldom keeps."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import path

_TAP = re.compile(
    r"(?P<word>(?:not )?ok) (?P<number>\d{1,7})(?: -)? (?P<name>\S.{0,300}?)(?: # (?P<mark>SKIP|TODO|skip"
    r"|todo)\b.{0,200})?$"
)
_TAP_COUNT = re.compile(
    r"# (?P<what>tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) (?P<count>[\d.]{1,12})$"
)

_TIME = r"(?:\s{1,4}\(?\d{1,7}(?:\.\d{1,9})? ?m?s\)?)"
_MARKED = re.compile(rf"(?P<mark>[✓✔√✕✖×✗○↓﹣✎]) (?P<name>\S.{{0,300}}?)(?P<time>{_TIME})?(?: # .{{0,100}})?$")
_WHOLE_FILE = re.compile(r"(?P<mark>[❯✓✔×↓]) (?P<file>\S{1,300}\.\w{1,6}) \((?P<counts>\d{1,6} tests?.{0,80})\)")
_DETAIL = re.compile(r"● (?P<name>\S.{0,400})$")

_FILE = re.compile(
    rf"(?P<word>PASS|FAIL) {{1,4}}(?P<file>\S{{1,300}}\.\w{{1,6}})(?P<names>(?: > .{{1,200}}){{1,2}})?(?: "
    rf"\(.{{1,40}}\))?(?:{_TIME})?$"
)
_TOTAL = re.compile(
    r"(?P<what>Tests|Test Suites|Test Files):?\s{1,12}(?P<counts>\d{1,7} (?:failed|passed|skipped|todo|total).{0,120})$"
)
_PASSING = re.compile(r"\d{1,7} passing \(\d{1,6}\w{1,2}\)$")
_AFTER = re.compile(r"(?P<count>\d{1,7}) (?P<what>pending|failing)$")
_NUMBERED = re.compile(r"\d{1,5}\) (?P<name>\S.{0,300})$")

_SKIPPED = "○↓﹣✎"
_GOOD = "✓✔√"
_PART = re.compile(r"# Subtest: |1\.\.\d{1,7}$|Snapshots: |Ran all test suites|Time:  |Start at  |Duration  |⎯⎯|[▶ℹ] ")
_TOOLS = frozenset({"jest", "vitest", "mocha", "node", "js"})


def tap(line: Line, stream: Stream) -> Told:
    """A line of TAP; a failure waits for its reason."""
    text = line.text
    found = _TAP.match(text)
    if found is not None:
        skipped = (found["mark"] or "").lower() == "skip"
        state = "skip" if skipped else "pass" if found["word"] == "ok" or found["mark"] else "fail"
        began = stream.within(line, "node") if stream.tool not in _TOOLS else []
        event = _test(line, stream, found["name"], state)
        stream.block = Reason(event, held=state == "fail")
        return began if state == "fail" else [*began, event]
    if text.startswith("TAP version"):
        return stream.begin(line, "node")
    return _count(line, stream, _TAP_COUNT.match(text)) if text[0] == "#" else [] if _PART.match(text) else None


def marked(line: Line, stream: Stream) -> Told:
    """A test behind a check mark or a cross: in a run of a known tool, or with the time that it took."""
    text = line.text
    found = _WHOLE_FILE.match(text)
    if found is not None:
        began = stream.within(line, "vitest")
        stream.suite = path(found["file"])
        passed = found["mark"] in _GOOD
        return [*began, line.tell("test.result", stream.suite, "pass", tool="vitest")] if passed else began
    found = _MARKED.match(text)
    if text.startswith("▶ "):
        stream.groups.add(text[2:].partition(" (")[0])
        return []
    if found is not None and (stream.tool in _TOOLS or found["time"] or found["name"] == "failing tests:"):
        mark, name = found["mark"], found["name"]
        if mark == "○":
            name = name.removeprefix("skipped ")
        if name == "failing tests:":  # node tells them a second time
            stream.tool, stream.aside = "again", 2000
        if stream.tool == "again" or (name in stream.groups and found["time"]):
            return []
        state = "skip" if mark in _SKIPPED else "pass" if mark in _GOOD else "fail"
        began = stream.within(line, "js") if stream.tool not in _TOOLS else []
        return [*began, _test(line, stream, name, state)]
    found = _DETAIL.match(text)
    if found is not None and stream.tool == "jest":
        if found["name"] == "Test suite failed to run":
            return [
                line.tell(
                    "test.result", stream.suite, "fail", "error", f"FAILED {stream.suite}: did not run", tool="jest"
                )
            ]
        test = _test(line, stream, found["name"].rpartition("›")[2].strip(), "fail")
        stream.aside = 200
        return [test]
    count = re.match(
        r"ℹ (?P<what>tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) (?P<count>[\d.]{1,12})$", text
    )
    return _count(line, stream, count) if count else [] if stream.tool in _TOOLS and _PART.match(text) else None


def files(line: Line, stream: Stream) -> Told:
    """Whole files, and the totals that end a run."""
    text = line.text
    found = _FILE.match(text)
    if found is not None:
        tool = "vitest" if found["names"] else "jest"
        began = stream.within(line, tool) if stream.tool not in _TOOLS else []
        stream.suite, stream.aside = path(found["file"]), 200 if found["names"] else 0
        if found["names"]:
            return [*began, _test(line, stream, found["names"].rpartition(" > ")[2], "fail")]
        return [*began, line.tell("test.result", stream.suite, "pass", tool=tool)] if found["word"] == "PASS" else began
    if text.startswith("RUN  v"):
        return stream.begin(line, "vitest")
    if re.match(r"[>$] mocha\b", text):
        return stream.begin(line, "mocha")
    found = _TOTAL.match(text)
    if found is not None:
        bad = " failed" in f" {found['counts']}"
        if found["what"] != "Tests":
            stream.failing = bad
            return []
        bad, stream.failing = bad or stream.failing, False
        return stream.end(line, stream.tool if stream.tool in _TOOLS else "jest", not bad, text, found["counts"])
    if _PASSING.match(text):
        stream.block = Passing(line, stream)
        return []
    return [] if (stream.tool in _TOOLS or stream.was in _TOOLS) and _PART.match(text) else None


def numbered(line: Line, stream: Stream) -> Told:
    """A failure as mocha marks it."""
    found = _NUMBERED.match(line.text) if stream.tool in ("mocha", "js") else None
    return None if found is None else [_test(line, stream, found["name"], "fail")]


def _count(line: Line, stream: Stream, found: re.Match[str] | None) -> Told:
    if found is None:
        return [] if _PART.match(line.text) else None
    if found["what"] == "fail":
        return stream.end(
            line,
            stream.tool if stream.tool in _TOOLS else "node",
            found["count"] == "0",
            counts=f"{found['count']} failed",
        )
    return []


def _test(line: Line, stream: Stream, name: str, state: str, message: str = "") -> Event:
    parts = [part.strip() for part in name.split(" > ")]
    file = path(parts[0]) if len(parts) > 1 and "." in parts[0] else stream.suite
    key = f"{file} > {parts[-1]}" if file else parts[-1]
    level = "error" if state == "fail" else "info"
    if state == "fail":
        stream.fails(key)
    what = f"FAILED {key}" if state == "fail" else ""
    return line.tell(
        "test.result", key, state, level, what, paths=(file,) if file else (), tool=stream.tool, message=message
    )


class Reason:
    """The YAML block below a line of TAP: why it failed."""

    _ERROR = re.compile(r"(?:error|message): ['\"|]?-?(?P<what>.{0,300}?)['\"]?$")

    def __init__(self, event: Event, *, held: bool) -> None:
        self._event = event
        self._held = held
        self._inside = False
        self._rest = 200

    def take(self, line: Line) -> tuple[Told, bool]:
        """Parts from `---` to `...`; the test is told at its end."""
        text = line.text
        self._rest -= 1
        if not self._inside:
            self._inside = text == "---"
            return ([], True) if self._inside else (None, False)
        if text == "..." or not self._rest:
            return self.left(), False
        if text.startswith("failureType: 'subtestsFailed'"):
            self._held = False  # a group, its tests are told
        found = self._ERROR.match(text) if self._held else None
        if found is not None and found["what"] and "message" not in self._event.attrs:
            attrs = {**self._event.attrs, "message": found["what"]}
            self._event = msgspec.structs.replace(
                self._event, attrs=attrs, what=f"{self._event.what} - {found['what']}", evidence=found["what"]
            )
        return [], True

    def left(self) -> Sequence[Event]:
        """The failure, where it waited."""
        held, self._held = self._held, False
        return [self._event] if held else []


class Failing:
    """mocha's list of what failed: a number and the outermost block, then down to the test, which ends in a colon."""

    def __init__(self, run: str, stream: Stream, count: int) -> None:
        self._stream = stream
        self._run = run
        self._rest = min(count, 50) * 40
        self._names = 0

    def take(self, line: Line) -> tuple[Told, bool]:
        """A test where its name is whole; what stands below it are details."""
        text = line.text
        self._rest -= 1
        found = _NUMBERED.match(text)
        if found is not None:
            self._names = 6
            text = found["name"]
        if not text or not self._names:
            return [], self._rest > 0
        self._names -= 1
        if not text.endswith(":"):
            return [], self._rest > 0
        self._names = 0
        test = _test(line, self._stream, text[:-1], "fail")
        return [msgspec.structs.replace(test, run=test.run or self._run)], self._rest > 0

    def left(self) -> Sequence[Event]:
        """Nothing was held back."""
        return ()


class Passing:
    """mocha's count of passed tests: whether the run passed says the next line."""

    def __init__(self, line: Line, stream: Stream) -> None:
        self._line, self._stream = line, stream
        self._told = False

    def take(self, line: Line) -> tuple[Told, bool]:
        """Pending tests change nothing; failing ones end it as failed."""
        found = _AFTER.match(line.text)
        if found is None:
            return None, False
        if found["what"] == "pending":
            return [], True
        self._told = True
        told = self._stream.end(line, "mocha", False, counts=line.text)
        self._stream.block = Failing(told[-1].run if told else "", self._stream, int(found["count"]))
        return told, True

    def left(self) -> Sequence[Event]:
        """It passed."""
        return [] if self._told else self._stream.end(self._line, "mocha", True, counts=self._line.text)
