"""JUnit XML of any tool, read as a stream: testcases wherever they stand, totals never believed (contracts, 7).

A document type is refused: entities, the bombs made of them and files they name need one.
"""

from __future__ import annotations

import functools
import re
from xml.parsers import expat

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event
from cockpit.sense.reports.places import inside
from cockpit.sense.reports.runs import Run
from cockpit.sense.reports.told import MOST, About, State, Tested

DEEP = 60
"""Elements inside each other; real reports have five."""
PIECE = 8192
"""Characters kept of the beginning of a text, and of its end."""
PROPERTIES = 8

_BAD = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}));")
_ENCODING = re.compile(r"(<\?xml[^>]{0,80}?)\s+encoding\s*=\s*(?:\"[^\"]{0,40}\"|'[^']{0,40}')")
_ESCAPED = re.compile(r"#x1B(?:\[[0-9;]*m)?")  # how pytest writes an escape sequence, which XML cannot hold
_TAG = re.compile(r"<([A-Za-z_][\w.-]*)")
_MODULE = re.compile(r"test_|.*_tests?\Z|tests?\Z|conftest\Z")
ROOTS = ("testsuites", "testsuite", "testcase", "testrun")
"""What a report may begin with."""
_RETRIED = ("flakyFailure", "flakyError", "rerunFailure", "rerunError")
_TOOLS = {"pytest": "pytest", "jest": "jest", "vitest": "vitest", "mocha": "mocha", "mypy": "mypy", "ruff": "ruff"}


def root(text: str) -> str:
    """Name of the first element in `text`, the beginning of a file; empty when there is none."""
    found = _TAG.search(text)
    return found[1] if found else ""


def read(data: bytes, about: About) -> list[Event]:
    """The events of a report in JUnit's XML.

    Raises CockpitError with line and column when it is no XML, is cut off, has a document type, or is no report.
    """
    try:
        report = _parse(data, about)
    except _Odd:  # tools write bytes and control characters that XML doesn't know; an end that is missing stays so
        report = _parse(_mended(data), about, last=True)
    return Run(report.tool, about, about.run(data)).tests(report.folded())


class _Odd(CockpitError):
    """A character that XML doesn't allow."""


def _parse(data: bytes, about: About, *, last: bool = False) -> _Report:
    report = _Report(about)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = report.start
    parser.EndElementHandler = report.end
    parser.StartDoctypeDeclHandler = report.doctype
    report.parser = parser
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        kind = CockpitError if last or error.code not in _CHARACTERS else _Odd
        where = ":".join(part for part in (line(about.name, 120), f"{error.lineno}:{error.offset + 1}") if part)
        cut = error.code in _UNFINISHED
        what = "the XML ends too early" if cut else f"no XML: {expat.ErrorString(error.code)}"
        raise kind(what, where=where, remedy="wait until it is written" if cut else "") from None
    except (ValueError, LookupError) as error:  # an encoding there is none for, or of several bytes
        kind = CockpitError if last else _Odd
        raise kind(f"no XML: {line(str(error), 80)}", where=line(about.name, 120)) from None
    return report


_errors = expat.errors.codes
_CHARACTERS = {
    _errors[getattr(expat.errors, name)]
    for name in ("XML_ERROR_INVALID_TOKEN", "XML_ERROR_BAD_CHAR_REF", "XML_ERROR_UNKNOWN_ENCODING",
                 "XML_ERROR_INCORRECT_ENCODING", "XML_ERROR_PARTIAL_CHAR")
}  # fmt: skip
_UNFINISHED = {
    _errors[getattr(expat.errors, name)]
    for name in ("XML_ERROR_NO_ELEMENTS", "XML_ERROR_UNCLOSED_TOKEN", "XML_ERROR_UNCLOSED_CDATA_SECTION")
}


def _mended(data: bytes) -> bytes:
    """The same text without what XML forbids: bad bytes, control characters and references to them."""

    def reference(found: re.Match[str]) -> str:
        code = int(found[1], 16) if found[1] else int(found[2])
        return found[0] if code <= 0x10FFFF and not _BAD.match(chr(code)) else "�"

    text = _ENCODING.sub(r"\1", data.decode("utf-8", "replace"), count=1)
    return _REFERENCE.sub(reference, _BAD.sub("�", text)).encode()


class _Report:
    """What the parser has seen so far. It holds one testcase at a time beside those that are whole."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.parser = expat.ParserCreate()
        self.tool = "junit"
        self.tests: list[Tested] = []
        self.open: list[str] = []
        self.suites: list[str] = []
        self.suite_files: list[str] = []
        self.case: dict[str, str] | None = None
        self.verdicts: dict[str, tuple[str, str, str]] = {}
        """`failure`, `error`, `skipped` to message, type and text."""
        self.tries = 0
        self.more: list[tuple[str, str]] = []
        self.attributes: dict[str, str] = {}
        self.head: list[str] = []
        self.size = 0
        self.tail = ""

    def doctype(self, *_: object) -> None:
        """Refuse: no report has one."""
        self._refuse("a document type: entities are not read", "take the DOCTYPE out")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        depth = len(self.open)
        if depth == 0 and name not in ROOTS:
            self._refuse(f"XML, but no report of JUnit: its first element is {line(name, 40)}", "")
        if depth >= DEEP:
            self._refuse(f"elements {DEEP} deep inside each other", "")
        self.open.append(name)
        match name:
            case "testcase":
                self._first(attributes)
                self.case, self.verdicts, self.tries, self.more = attributes, {}, 0, []
            case "testsuites" | "testsuite" | "testrun":
                self._suite(name, attributes)
            case "failure" | "error" | "skipped":
                self.attributes, self.head, self.size, self.tail = attributes, [], 0, ""
                self.parser.CharacterDataHandler = self.text
            case "property":
                self._property(attributes)
            case _:
                self.tries += name in _RETRIED

    def text(self, data: str) -> None:
        """Characters of a verdict: both ends are kept, the middle of a long one isn't."""
        if self.size < PIECE:
            self.head.append(data)
        else:
            self.tail = (self.tail + data)[-PIECE:]
        self.size += len(data)

    def end(self, name: str) -> None:
        """An element ends."""
        name = self.open.pop()
        match name:
            case "testcase":
                if self.case is not None:
                    self._take(self.case)
                self.case = None
            case "testsuite":
                self.suites.pop()
                self.suite_files.pop()
            case "failure" | "error" | "skipped":
                self.parser.CharacterDataHandler = None
                said = self.attributes.get("message", ""), self.attributes.get("type", "")
                text = "".join(self.head)[: 2 * PIECE] + self.tail
                if self.case is not None:
                    self.verdicts.setdefault(name, (*said, text))
                elif name != "skipped" and self.suites:  # the suite itself could not run
                    self._add(Tested(self._suite_key(), "fail", said[0], text, error=said[1], broken=True))
            case _:
                pass

    def folded(self) -> list[Tested]:
        """The tests, each once: told twice it failed, but for go, where the second telling is a second try."""
        folded: dict[str, Tested] = {}
        for test in self.tests:
            known = folded.get(test.key)
            if known is None:
                folded[test.key] = test
            elif self.tool == "go" and known.state == "fail":
                folded[test.key] = msgspec.structs.replace(test, tries=known.tries + 1)
            elif known.state != "fail":
                folded[test.key] = test
        return list(folded.values())

    def _suite(self, name: str, attributes: dict[str, str]) -> None:
        words = attributes.get("name", "")
        if self.tool == "junit":
            first = re.split(r"[\s.]", words.lower(), maxsplit=1)[0]
            self.tool = _TOOLS.get(first, "junit")
            if any("surefire" in value for value in attributes.values()):
                self.tool = "java"
        if name == "testsuite":
            self.suites.append(words)
            self.suite_files.append(attributes.get("file") or attributes.get("filepath") or "")

    def _first(self, attributes: dict[str, str]) -> None:
        """Node's own reporter says who it is by nothing but this."""
        if self.tool == "junit" and not self.tests and attributes.get("classname") in ("test", "suite"):
            self.tool = "node"

    def _property(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if self.case is not None:
            if len(self.more) < PROPERTIES:
                self.more.append((name, attributes.get("value", "")))
        elif self.tool == "junit":
            self.tool = {"go.version": "go", "java.version": "java", "java.vm.name": "java"}.get(name, self.tool)

    def _take(self, case: dict[str, str]) -> None:
        state: State = "pass"
        message = kind = text = ""
        for verdict in ("skipped", "error", "failure"):  # node writes a failed todo as skipped and failed
            if verdict in self.verdicts:
                state = "skip" if verdict == "skipped" else "fail"
                message, kind, text = self.verdicts[verdict]
                break
        key, path = self._key(case)
        self._add(
            Tested(
                key=key,
                state=state,
                words=_ESCAPED.sub("", message) if state != "skip" or message != "true" else kind,
                text=_ESCAPED.sub("", text),
                paths=(path,) if path else (),
                seconds=_seconds(case.get("time", "")),
                tries=self.tries if state == "pass" else 0,
                error=kind.rpartition(".")[2] if state == "fail" and kind[:1].isalpha() else "",
                broken="error" in self.verdicts,
                more=tuple(self.more),
            )
        )

    def _add(self, test: Tested) -> None:
        if len(self.tests) >= MOST:
            self._refuse(f"more than {MOST} tests in one report", "write a report a package")
        self.tests.append(test)

    def _suite_key(self) -> str:
        return " > ".join(name for name in self.suites if name) or "suite"

    def _key(self, case: dict[str, str]) -> tuple[str, str]:
        """The id that the tool itself prints for that test, as far as that can be told, and its file."""
        owner, name = case.get("classname", ""), case.get("name", "")
        named = case.get("file") or next((file for file in reversed(self.suite_files) if file), "")
        path = inside(named, self.about.root) if named else ""
        match self.tool:
            case "pytest":
                return _pytest(owner, name, path)
            case "java":
                return f"{owner}.{name}" if owner else name, path
            case "node":
                return " > ".join(part for part in (path, *self.suites, name) if part), path
            case "vitest":
                path = path or inside(owner, self.about.root)
                return " > ".join(dict.fromkeys(part for part in (path or owner, name) if part)), path
            case _:
                parts = [path or " > ".join(self.suites[1:] if len(self.suites) > 1 else self.suites), owner, name]
                kept = [
                    part
                    for index, part in enumerate(parts)
                    if part and not any(after == part or after.startswith(f"{part} ") for after in parts[index + 1 :])
                ]
                return "::".join(kept) or "a test without a name", path

    def _refuse(self, what: str, remedy: str) -> None:
        where = f"{line(self.about.name, 120)}:{self.parser.CurrentLineNumber}".lstrip(":")
        raise CockpitError(what, where=where, remedy=remedy)


def _seconds(text: str) -> float:
    try:
        seconds = float(text.replace(",", "") or 0)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 1e9 else 0.0


def _pytest(owner: str, name: str, path: str) -> tuple[str, str]:
    """`tests.test_a.TestB` and `test_c` as `tests/test_a.py::TestB::test_c`; a module that could not be collected."""
    if not owner:
        module = name.replace(".", "/") + ".py" if re.fullmatch(r"[\w.]+", name) else name
        return path or module, path or inside(module, "")
    path, inner = _module(owner, path)
    return f"{path}::{inner}{name}", path


@functools.lru_cache(maxsize=4096)
def _module(owner: str, path: str) -> tuple[str, str]:
    """The file of `tests.test_a.TestB`, and `TestB::`; `path` is the file if the report names it."""
    parts = owner.split(".")
    if path:
        module = path.removesuffix(".py").replace("/", ".")
        cut = len(module.split(".")) if owner == module or owner.startswith(f"{module}.") else len(parts)
    else:
        named = (at + 1 for at, part in enumerate(parts) if _MODULE.match(part) and _ends_here(parts, at))
        cut = next(named, 0) or next((at for at, part in enumerate(parts) if part[:1].isupper()), len(parts))
        path = inside("/".join(parts[:cut]) + ".py", "")
    return path, "".join(f"{part}::" for part in parts[cut:])


def _ends_here(parts: list[str], index: int) -> bool:
    """Whether the module's name ends with that part: a class or nothing follows it."""
    return index + 1 == len(parts) or parts[index + 1][:1].isupper()
