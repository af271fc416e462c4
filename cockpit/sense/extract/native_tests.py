"""Results of go test, cargo test and nextest."""

from __future__ import annotations

import re

from cockpit.sense.events import Event, Level
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told

_GO = re.compile(r"--- (?P<word>FAIL|PASS|SKIP): (?P<name>[^\s(]{1,300}) \(\d[\d.]{0,10}s\)$")
_PACKAGE = re.compile(
    r"(?P<word>ok|FAIL)\s{1,8}(?P<name>[\w.~-]{1,100}(?:/[\w.~@-]{1,100}){0,12})(?:\s{1,8}(?P<time>\d[\d.]{0,10}s"
    r"|\(cached\)|\[[\w ]{1,40}\])(?:\s.{0,100})?)$"
)
_GO_PART = re.compile(
    r"=== (?:RUN|PAUSE|CONT|NAME) |(?:PASS|FAIL|exit status \d{1,3})$|\?\s{1,8}\S{1,300}\s{1,8}\[no test files\]$"
)
_GO_SAID = re.compile(r"\w{1,80}_test\.go:\d{1,6}: ")

_CARGO = re.compile(
    r"test (?P<name>\S{1,300})(?: - should panic| \(line \d{1,6}\))? \.\.\. (?P<word>ok|FAILED|ignored)\b"
)
_RESULT = re.compile(r"test result: (?P<word>ok|FAILED)\. (?P<counts>\d{1,6} passed; \d{1,6} failed.{0,120})")
_BINARY = re.compile(r"(?:Running (?:unittests )?(?P<name>\S{1,200}) \(.{1,300}\)|Doc-tests (?P<doc>[\w-]{1,100}))$")
_NEXTEST = re.compile(
    r"(?P<word>PASS|FAIL|SIGABRT) \[ {0,6}[\d.]{1,10}s\] (?:\( {0,5}\d{1,6}/\d{1,6}\) )?(?P<crate>\S{1,200}) "
    r"(?P<name>\S{1,300})$"
)
_NEXTEST_END = re.compile(r"Summary \[ {0,6}[\d.]{1,10}s\] (?P<counts>\d{1,6} tests? run: .{1,120})$")
_CARGO_PART = re.compile(
    r"running \d{1,6} tests?$|failures:$|---- .{1,300} stdout ----$|(?:Compiling|Finished|Checking) \S{1,100}|(?:left"
    r"|right): "
)
_NAME = re.compile(r"(?:\w{1,80}::){1,12}\w{1,80}$")
_STATES = {
    "ok": "pass",
    "PASS": "pass",
    "FAILED": "fail",
    "FAIL": "fail",
    "SIGABRT": "fail",
    "ignored": "skip",
    "SKIP": "skip",
}


def go(line: Line, stream: Stream) -> Told:
    """A test of go by its name, a package where it passed or no test of it is named."""
    text = line.text
    found = _GO.match(text)
    if found is not None:
        stream.tool = "go"
        stream.failing = stream.failing or found["word"] == "FAIL"
        return [_test(line, stream, found["name"], _STATES[found["word"]], "go")]
    found = _PACKAGE.match(text)
    if found is not None:
        named, stream.failing, stream.tool = stream.failing, False, "go"
        if found["word"] == "FAIL" and named:
            return []  # its tests were told
        return [_test(line, stream, found["name"], _STATES[found["word"]], "go", role="summary")]
    if stream.tool == "go" and (_GO_PART.match(text) or _GO_SAID.match(text)):
        return []
    if text.startswith("=== RUN "):
        stream.tool = "go"
        return []
    return None


def cargo(line: Line, stream: Stream) -> Told:
    """Each binary with tests is a run of its own."""
    text = line.text
    found = _CARGO.match(text)
    if found is not None:
        return [*stream.within(line, "cargo"), _test(line, stream, found["name"], _STATES[found["word"]], "cargo")]
    found = _RESULT.match(text)
    if found is not None:
        return stream.end(line, "cargo", found["word"] == "ok", counts=found["counts"])
    found = _BINARY.match(text)
    if found is not None:
        return stream.begin(line, "cargo")
    found = _NEXTEST.match(text)
    if found is not None:
        key = f"{found['crate']} {found['name']}"
        return [*stream.within(line, "cargo"), _test(line, stream, key, _STATES[found["word"]], "cargo")]
    found = _NEXTEST_END.match(text)
    if found is not None:
        return stream.end(line, "cargo", "failed" not in found["counts"], counts=found["counts"])
    if text.startswith("Compiling ") and " v" in text:
        stream.tool = "cargo"
        return []
    return [] if stream.tool == "cargo" and _CARGO_PART.match(text) else None


def own(text: str) -> bool:
    """Whether a line is only the name of a test, as cargo lists those that failed."""
    return _NAME.match(text) is not None


def _test(line: Line, stream: Stream, key: str, state: str, tool: str, role: str = "") -> Event:
    level: Level = "error" if state == "fail" else "info"
    if state == "fail":
        stream.fails(key)
    return line.tell("test.result", key, state, level, f"FAILED {key}" if state == "fail" else "", tool=tool, role=role)
