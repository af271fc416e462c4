"""Results of Maven's surefire and failsafe, and of Gradle. surefire names the tests that failed and only counts the
others: a class that passes passes for the tests of it that failed before."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.tracebacks import RAISED

_RUNNING = re.compile(r"Running (?P<name>(?:[\w$]{1,80}\.){0,12}[A-Z][\w$]{0,120})$")
_CLASS = re.compile(
    r"Tests run: (?P<run>\d{1,6}), Failures: (?P<failures>\d{1,6}), Errors: (?P<errors>\d{1,6}), Skipped: "
    r"(?P<skipped>\d{1,6})"
    r"(?:, Time elapsed: [\d.,]{1,12} \w{1,4})?(?: <<< (?:FAILURE"
    r"|ERROR)!)?(?: --?-? in (?P<name>[\w.$]{1,250}))?(?: <<< (?:FAILURE|ERROR)!)?$"
)
_FAILED = re.compile(
    r"(?:(?P<method>[^\s(]{1,200}?(?:\[.{1,120}\])?)\((?P<where>[\w.$]{1,250})\)|(?P<name>[\w.$]{1,300}(?:\[.{1,120}\])?))"
    r"\s{1,4}(?:-- )?Time elapsed: [\d.,]{1,12} \w{1,4}\s{1,4}<<< (?P<word>\w{0,7})"
)
_GRADLE = re.compile(
    r"(?P<where>[\w.$]{1,250})(?: > [\w .$]{1,120}){0,3}? > (?P<name>\S.{0,200}?) (?P<word>PASSED|FAILED"
    r"|SKIPPED)(?: \(.{1,20}\))?$"
)
_SUMMARY = re.compile(
    r"(?:Run \d{1,3}: )?(?P<where>[A-Z]\w{1,120})(?:>\w{1,120})?\.(?P<name>[\w<>]{1,120}(?:\[.{1,80}\])?)"
    r"(?::\d{1,6}(?:->.{1,120}:\d{1,6})? | » )\S"
)
_HEADING = re.compile(r"(?:Errors|Failures|Tests in error|Failed tests|Results ?):")


def surefire(line: Line, stream: Stream) -> Told:
    """What Maven and Gradle say of tests."""
    text = line.text
    found = _CLASS.match(text)
    if found is not None:
        return _counted(line, stream, found)
    found = _FAILED.match(text)
    if found is not None:
        where, method = found["where"], found["method"]
        if not where:
            where, _, method = found["name"].rpartition(".")
        stream.block = Thrown(_failed(line, stream, where, method, "maven"))
        return []
    found = _RUNNING.match(text)
    if found is not None:
        stream.suite = found["name"]
        return []
    found = _GRADLE.match(text)
    if found is not None:
        where, name, word = found["where"], found["name"].removesuffix("()"), found["word"]
        if word == "FAILED":
            stream.block = Thrown(_failed(line, stream, where, name, "gradle"))
            return []
        stream.job.failed.get(where, set()).discard(name)
        return [line.tell("test.result", f"{where}.{name}", "pass" if word == "PASSED" else "skip", tool="gradle")]
    return [] if re.match(r"\d{1,6} tests completed|T E S T S$", text) else None


def again(line: Line, stream: Stream) -> Told:
    """The list at the end: tests that were told above."""
    if _HEADING.match(line.text):
        return []
    found = _SUMMARY.match(line.text) if line.tag == "error" else None
    if found is None:
        return None
    told = any(where.endswith(found["where"]) for where in stream.job.failed)
    return [] if told else [_failed(line, stream, found["where"], found["name"], "maven")]


def _failed(line: Line, stream: Stream, where: str, name: str, tool: str) -> Event:
    if len(stream.job.failed) < 500:
        stream.job.failed.setdefault(where, set()).add(name)
    key = f"{where}.{name}"
    stream.fails(key)
    file = where.partition("$")[0].rpartition(".")[2]
    return line.tell("test.result", key, "fail", "error", f"FAILED {key}", tool=tool, file=f"{file}.java")


def _counted(line: Line, stream: Stream, found: re.Match[str]) -> Told:
    """A class with its counts, or all of them together (that says nothing new)."""
    name = found["name"] or (stream.suite if "Time elapsed" in line.text else "")
    if not name:
        return []
    if int(found["failures"]) + int(found["errors"]):
        return []
    healed = sorted(stream.job.failed.pop(name, ()))
    return [line.tell("test.result", f"{name}.{method}", "pass", tool="maven") for method in healed]


class Thrown:
    """What a test that failed threw, in the line below its name: with it the test is told."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._told = False

    def take(self, line: Line) -> tuple[Told, bool]:
        """The test with its exception, where the line is one; else the line is another's."""
        found = RAISED.match(line.text)
        if found is None:
            return None, False
        self._told = True
        kind, message = found["type"].rpartition(".")[2], found["message"] or ""
        said = f"{kind}: {message}" if message else kind
        attrs = {**self._event.attrs, "error": kind, "message": message[:300]}
        return [msgspec.structs.replace(self._event, what=f"{self._event.what} - {said}", attrs=attrs)], False

    def left(self) -> Sequence[Event]:
        """A test without a word of why."""
        return [] if self._told else [self._event]
