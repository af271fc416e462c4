"""Results of pytest (-v, -q, -ra, xdist) and unittest."""

from __future__ import annotations

import re

from cockpit.sense.events import Event, Level
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told

_STATES = {
    "PASSED": "pass",
    "XPASS": "pass",
    "XFAIL": "pass",
    "FAILED": "fail",
    "ERROR": "fail",
    "SKIPPED": "skip",
    "RERUN": "fail",
}
_WORD = r"(?P<word>PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS|RERUN)"
# Of a test id: no blanks but inside the brackets of its parameters.
_ID = r"(?P<id>[^\s\[\]]{1,400}(?:\[.{0,300}\])?)"
_FIRST = re.compile(
    rf"(?:\[gw\d+\] \[ {{0,2}}\d+%\] )?{_WORD} {_ID}(?: (?:-|–) (?P<why>.{{0,600}})| \((?P<note>[^()]{{0,60}})\))?$"
)
_LAST = re.compile(rf"{_ID} {_WORD}(?: \((?P<why>.{{0,300}})\))?\s*(?:\[ {{0,2}}\d+%\])?$")
_COUNTED = "passed|failed|errors?|skipped|deselected|xfailed|xpassed|warnings?|rerun|subtests passed"
_COUNTS = re.compile(
    rf"=*\s*(?P<counts>(?:\d+ (?:{_COUNTED})(?:, )?){{1,9}})"
    r" in \d[\d.:]*(?:s| seconds)(?: \([\d:]+\))?\s*=*$"
)
_SECTION = re.compile(
    r"={3,100} (?:FAILURES|ERRORS|warnings summary|PASSES|short test summary info|slowest .{1,40})[ =(]"
)
_OWN = re.compile(
    r"platform \w+ -- |cachedir: |rootdir: |configfile: |testpaths: |plugins: |collecting |collected \d|created: \d"
    r"|scheduling tests"
    r"|bringing up |\d{1,4} workers |hypothesis profile|asyncio: |Using --random"
    r"|[.FEsxXRu,]{1,200}\s{0,100}(?:\[ {0,2}\d{1,3}%\])?$"
    r"|\S{1,200}\.py [.FEsxXRu]{1,200}\s{0,100}(?:\[ {0,2}\d{1,3}%\])?$|\S{1,300}::\S{1,300}(?:\[.{0,200}\])?$"
    r"|-- Docs: "
)
DETAILS = 5000
"""Lines of details between two headings of pytest's report."""
_UNITTEST = re.compile(
    r"(?P<name>[\w.-]{1,200}) \((?P<where>[\w.<>-]{1,300})\)(?: \[.{0,200}\])?(?: .{0,200})? \.\.\. "
    r"(?P<word>ok|FAIL|ERROR|skipped|expected failure|unexpected success)\b"
)
_UNITTEST_HEAD = re.compile(r"(?P<word>FAIL|ERROR): (?P<name>[\w.-]{1,200}) \((?P<where>[\w.<>-]{1,300})\)")
_UNITTEST_END = re.compile(r"(?:OK|FAILED)(?: \((?P<counts>[\w ]+=\d+(?:, [\w ]+=\d+)*)\))?$")


def result(line: Line, stream: Stream) -> Told:
    """One test: its word first (summary, xdist) or last (-v)."""
    text = line.text
    found = _FIRST.match(text)
    if found is None:
        found = _LAST.match(text)
        if found is None or not _is_id(found["id"]) or "::" not in found["id"]:
            return None
    elif not _is_id(found["id"]) or (found["word"] == "ERROR" and not _collected(found["id"])):
        return None
    began = stream.within(line, "pytest")
    state = _STATES[found["word"]]
    if state == "fail":
        stream.fails(found["id"], found["id"].partition("::")[2].replace("::", "."))
    return [*began, _test(line, found["id"], state, found["why"] or "", "pytest")]


def own(text: str) -> bool:
    """Whether a line is pytest's own talk: its head, its progress, the test that a worker starts."""
    return _OWN.match(text) is not None


def _is_id(text: str) -> bool:
    return "::" in text or (text.count(".") >= 2 and not text.endswith((".", ":"))) or ("/" in text and "." in text)


def _collected(text: str) -> bool:
    """Whether ERROR stands before a test or a test file, not before the name of a logger."""
    return "::" in text or text.endswith(".py")


def _test(line: Line, key: str, state: str, why: str, tool: str) -> Event:
    file = key.partition("::")[0]
    level: Level = "error" if state == "fail" else "info"
    what = f"FAILED {key} - {why}" if state == "fail" and why else line.text
    return line.tell(
        "test.result", key, state, level, what,
        paths=(file,) if "/" in file or file.endswith(".py") else (), tool=tool, message=why,
    )  # fmt: skip


def summary(line: Line, stream: Stream) -> Told:
    """Where a run of pytest begins and ends, and all that unittest says."""
    text = line.text
    if "test session starts" in text and text.startswith("="):
        return stream.begin(line, "pytest")
    if text.startswith("___"):
        stream.failed = stream.names.get(text.strip("_ "), stream.failed)
        return []
    if _SECTION.match(text):
        stream.aside = 0 if "summary info" in text else DETAILS
        return stream.within(line, "pytest")
    found = _COUNTS.match(text)
    if found is not None:
        counts = found["counts"]
        passed = re.search(r"\d (?:failed|error)", counts) is None
        return stream.end(line, "pytest", passed, text.strip("= "), counts=counts)
    if "no tests ran" in text and re.match(r"=*\s*no tests ran in ", text):
        return stream.end(line, "pytest", False, "no tests ran")
    return _unittest(line, stream)


def _unittest(line: Line, stream: Stream) -> Told:
    text = line.text
    found = _UNITTEST.match(text) or _UNITTEST_HEAD.match(text)
    if found is not None:
        word = found["word"]
        state = "skip" if word == "skipped" else "fail" if word in ("FAIL", "ERROR", "unexpected success") else "pass"
        where, name = found["where"], found["name"]
        # Since Python 3.11 the place ends with the name.
        key = where if where.endswith(f".{name}") else f"{where}.{name}"
        began = stream.within(line, "unittest")
        if state == "fail":
            stream.fails(key)
        return [*began, _test(line, key.removeprefix("__main__."), state, "", "unittest")]
    if stream.tool == "unittest":
        if re.match(r"Ran \d+ tests? in ", text):
            return []
        found = _UNITTEST_END.match(text)
        if found is not None:
            return stream.end(line, "unittest", text.startswith("OK"), text, counts=found["counts"] or "")
    return None
