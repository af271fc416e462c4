"""What compilers and linters find: a place, a level, a rule, and what is wrong there. The key is without the place."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cockpit.sense.events import Event, Level
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import mask, path

_FILE = (
    r"(?P<file>(?:[A-Za-z]:)?(?:\.{0,2}/)?[\w@~+\\\[\](){}$][\w@.~+/\\\[\](){}$-]{0,300}\.\w{1,10}"
    r"|[\w./+-]{0,200}(?:Dockerfile|Makefile))"
)
_SPOT = r"(?P<line>\d{1,7})(?:[:.](?P<column>\d{1,6})(?:-\d{1,6})?)?"
_LEVEL = "(?P<level>(?:fatal |internal compiler )?error|warning|note|info|information|hint|remark|Error|Warning)"
_WHAT = r"(?P<what>\S.{0,600})"
_NUMBER = r"(?P<number>[A-Z]{1,6}\d{1,6})"

_LEVELLED = re.compile(rf"{_FILE}:{_SPOT}(?::| -) {_LEVEL}(?:\[(?P<code>[\w-]{{1,40}})\]| {_NUMBER})?: {_WHAT}")
"""gcc, clang, javac, mypy, pyright, tsc --pretty, swiftc, ghc: `path:1:2: error: what`."""

_BRACKETED = re.compile(
    rf"{_FILE}\((?P<line>\d{{1,7}})(?:,(?P<column>\d{{1,6}}))?(?:,\d+,\d+)?\): {_LEVEL} ?{_NUMBER}?: {_WHAT}"
)
"""tsc, csc, msvc: `path(1,2): error TS2304: what`."""

_MAVEN = re.compile(rf"{_FILE}:\[(?P<line>\d{{1,7}})(?:,(?P<column>\d{{1,6}}))?\] (?:{_LEVEL}: )?{_WHAT}")
"""javac, checkstyle under Maven: `[ERROR] path:[1,2] what`."""

_CODED = re.compile(rf"{_FILE}:{_SPOT}: (?P<number>[A-Z]{{1,5}}\d{{2,5}}):? (?:\[\*\] )?{_WHAT}")
"""ruff, flake8, pylint: `path:1:2: E501 what`."""
_WARNED = re.compile(rf"{_FILE}:(?P<line>\d{{1,7}}): (?P<number>\w{{0,60}}Warning): {_WHAT}")
"""Python's own warnings: `path:1: DeprecationWarning: what`."""
_BARE = re.compile(rf"(?:vet: |e: |w: )?{_FILE}:{_SPOT}: {_WHAT}")
"""go build, go vet, animal-sniffer: `path:1:2: what`; counted where a tag or the tool says that it's an error."""

_RUSTC = re.compile(rf"(?P<level>error|warning)(?:\[(?P<code>[\w:-]{{1,60}})\])?: {_WHAT}")
_RUSTC_END = re.compile(
    r"could not compile|aborting due to|test failed, to rerun|build failed|\d+ targets? failed|\d+ warnings? emitted"
    r"|`[^`]{1,80}` \(.{1,60}\) generated \d|process didn't exit successfully|doctest failed"
)
_ARROW = re.compile(r"--> (?P<file>[^\s:]{1,300}):(?P<line>\d{1,7}):\d{1,6}$")
_ABOVE = re.compile(rf"{_NUMBER} (?:\[\*\] )?{_WHAT}")

_LINKER = re.compile(r".{0,300}?(?P<what>(?:undefined reference to|undefined symbol:?|cannot find -l).{1,200})")

_ESLINT = re.compile(
    r"(?P<line>\d{1,7}):\d{1,6}\s{1,8}(?P<level>error|warning)\s{1,8}(?P<what>\S.{0,400}?)(?:\s{2,80}(?P<code>[@\w/-]{1,80}))?$"
)
_ESLINT_UNIX = re.compile(
    rf"{_FILE}:{_SPOT}: (?P<what>\S.{{0,400}}) \[(?P<level>Error|Warning)/(?P<code>[@\w/-]{{1,80}})\]$"
)
_ESLINT_COMPACT = re.compile(
    rf"{_FILE}: line (?P<line>\d{{1,7}}), col \d{{1,6}}, (?P<level>Error|Warning) - "
    rf"(?P<what>\S.{{0,400}}?) \((?P<code>[@\w/-]{{1,80}})\)$"
)
_A_FILE = re.compile(r"[\w@./\\:+-]{1,300}\.\w{1,8}$")

_REPORT = re.compile(
    r"(?:Found \d{1,7} errors? in \d|Success: no issues found)(?P<mypy>)|(?:Found \d{1,7} errors?\."
    r"|All checks passed)(?P<ruff>)"
    r"|\d{1,7} errors?, \d{1,7} warnings?, \d(?P<pyright>)|✖ \d{1,7} problems? \((?P<eslint>)"
    r"|Found \d{1,7} errors?(?P<tsc>)"
)

_COUNTED = re.compile(r"\d{1,6} (?:errors?|warnings?)(?: generated)?\.?$")
_EXCERPT = re.compile(r"\d{0,6}\s{0,4}[|+-](?:\s|$)|[\s~^|-]{1,200}$|= (?:note|help)|(?:note|help): |\.\.\.$")
_MORE = re.compile(
    r"(?:symbol|location|required|found|reason|equality constraints|(?:lower|upper) bounds?(?:\(s\))?"
    r"|inferred)\s{0,4}:|where \S+ is a type"
    r"|missing type arguments|method \S{1,200} is not applicable|\(actual and formal|\(argument mismatch"
    r"|\S{1,60} extends \S+ declared in"
)
_AT_END = re.compile(r"\s{1,4}[\[(](?P<code>-?[\w@./+=-]{2,60})[\])]$")
_JAVAC = re.compile(r"\[(?P<code>\w{3,30})\] ")

_TOOLS = {
    "java": "javac", "kt": "kotlinc", "kts": "kotlinc", "scala": "scalac", "c": "cc", "h": "cc", "cc": "cc",
    "cpp": "cc",
    "cxx": "cc", "hpp": "cc", "m": "cc", "py": "python", "pyi": "python", "go": "go", "rs": "rustc", "ts": "tsc",
    "tsx": "tsc",
    "js": "js", "jsx": "js", "mjs": "js", "swift": "swiftc", "cs": "csc", "fs": "fsc", "hs": "ghc", "rb": "ruby",
    "php": "php",
    "sh": "sh",
}  # fmt: skip
_BY_CODE = (
    ("TS", "tsc"),
    ("CS", "csc"),
    ("LNK", "msvc"),
    ("SC", "shellcheck"),
    ("MD", "markdownlint"),
    ("report", "pyright"),
)


def levelled(line: Line, stream: Stream) -> Told:
    """`path:1:2: error: what` and `path(1,2): error TS1: what`, as most compilers write."""
    found = _LEVELLED.match(line.text) or _BRACKETED.match(line.text)
    return None if found is None else _found(line, stream, found, found["level"])


def maven(line: Line, stream: Stream) -> Told:
    """`[ERROR] path:[1,2] what`."""
    found = _MAVEN.match(line.text)
    return None if found is None else _found(line, stream, found, found["level"] or line.tag or "error")


def placed(line: Line, stream: Stream) -> Told:
    """A rule instead of a level, Python's warnings, and neither where a tag or the language says that it's an error."""
    text = line.text
    found = _WARNED.match(text) or _CODED.match(text)
    if found is not None:
        return _found(line, stream, found, "warning" if found["number"].endswith("Warning") else line.tag or "warning")
    found = _BARE.match(text)
    if found is None or stream.tool in ("go", "pytest"):  # there it is what a test says
        return None
    if text.startswith("w: ") or line.tag == "warning":
        return _found(line, stream, found, "warning")
    if text.startswith(("vet: ", "e: ")) or line.tag == "error" or found["file"].endswith(".go"):
        return _found(line, stream, found, "error")
    return None


def rustc(line: Line, stream: Stream) -> Told:
    """`error[E1]: what`, its place in the next line; and what other tools say of themselves after `error: `."""
    found = _RUSTC.match(line.text)
    if found is None:
        return None
    if _RUSTC_END.match(found["what"]):
        return []
    code = found["code"] or ""
    rust = bool(code) or stream.tool == "cargo"
    event = _finding(line, stream, "rustc" if rust else "", code, found["what"], found["level"])
    stream.block = Excerpt(event, held=rust)
    return [] if rust else [event]


def arrow(line: Line, stream: Stream) -> Told:
    """The place below `F401 what`, as ruff writes at length."""
    found, above = _ARROW.match(line.text), _ABOVE.match(stream.last)
    if found is None or above is None:
        return None
    file = path(found["file"])
    event = _finding(
        line, stream, _tool(above["number"], file), above["number"], above["what"], "warning", file, found["line"]
    )
    stream.block = Excerpt(event)
    return [msgspec.structs.replace(event, what=f"{file}:{found['line']}: {stream.last}")]


def linker(line: Line, stream: Stream) -> Told:
    """What the linker misses."""
    found = _LINKER.match(line.text)
    return None if found is None else [_finding(line, stream, "ld", "", found["what"], "error")]


def eslint(line: Line, stream: Stream) -> Told:
    """A row below the name of its file."""
    found = _ESLINT.match(line.text)
    if found is None:
        return None
    if _A_FILE.match(stream.last):
        stream.suite, stream.last = path(stream.last), ""
    return [
        _finding(
            line, stream, "eslint", found["code"] or "", found["what"], found["level"], stream.suite, found["line"]
        )
    ]


def eslint_flat(line: Line, stream: Stream) -> Told:
    """A row with its file, as eslint's formats `unix` and `compact` write."""
    found = _ESLINT_UNIX.match(line.text) or _ESLINT_COMPACT.match(line.text)
    if found is None:
        return None
    level, file = found["level"].lower(), path(found["file"])
    return [_finding(line, stream, "eslint", found["code"], found["what"], level, file, found["line"])]


def report(line: Line, stream: Stream) -> Told:
    """The last line of a linter: what it no longer finds is closed."""
    if _COUNTED.match(line.text):
        return []
    found = _REPORT.match(line.text)
    return None if found is None or found.lastgroup is None else stream.reported(line, found.lastgroup)


def _found(line: Line, stream: Stream, found: re.Match[str], level: str) -> Told:
    """The event of a match; none for a note, which belongs to what was found before."""
    if level in ("note", "remark", "hint"):
        stream.block = Excerpt()
        return []
    parts = found.groupdict()
    code = parts.get("code") or parts.get("number") or ""
    what, file = found["what"], path(found["file"])
    rule = (None if code else _AT_END.search(what, max(0, len(what) - 70))) or (None if code else _JAVAC.match(what))
    if rule is not None:
        code, what = rule["code"], what[: rule.start()] if rule.start() else what[rule.end() :]
    tool = _tool(code, file)
    event = _finding(line, stream, tool, code, what, level, file, found["line"])
    stream.block = Excerpt(event, code_follows=tool == "javac" and line.tag is None)
    return [event]


def _tool(code: str, file: str) -> str:
    for prefix, tool in _BY_CODE:
        if code.startswith(prefix):
            return tool
    ending = file.rpartition(".")[2]
    if ending not in ("py", "pyi", "ipynb") or not code or code.endswith("Warning"):
        return _TOOLS.get(ending, "")
    if code[0].isupper():
        return "pylint" if len(code) == 5 and code[0] in "CRWEF" and code[1:].isdigit() else "ruff"
    return "mypy"


def _finding(
    line: Line, stream: Stream, tool: str, code: str, what: str, level: str, file: str = "", at: str = ""
) -> Event:
    if tool == "pylint" and code[0] in "EF":
        level = "error"
    said: Level = (
        "warning" if level.lower() == "warning" else "info" if level.startswith(("info", "debug")) else "error"
    )
    key = f"{':'.join(part for part in (tool, code) if part)} {mask(what)}".strip()
    number = int(at) if at else None
    paths = (file,) if file else ()
    event = line.tell("finding", key, "", said, paths=paths, tool=tool, rule=code, line=number, message=what[:300])
    stream.found(tool, event)
    return event


class Excerpt:
    """The lines of source, marks and hints below a diagnostic: they belong to it."""

    def __init__(self, event: Event | None = None, *, held: bool = False, code_follows: bool = False) -> None:
        self._event = event
        self._held = held
        self._code_follows = code_follows
        self._rest = 14

    def take(self, line: Line) -> tuple[Told, bool]:
        """A part, while the lines look like one; with the line of the place a finding of rustc is complete."""
        text = line.text
        self._rest -= 1
        place = _ARROW.match(text)
        if place is not None and self._held and self._event is not None:
            self._held = False
            paths = (path(place["file"]),)
            attrs = {**self._event.attrs, "line": int(place["line"])}
            return [msgspec.structs.replace(self._event, paths=paths, attrs=attrs)], True
        if self._code_follows and not _LEVELLED.match(text):
            self._code_follows = False
            return [], True
        if place is not None or _EXCERPT.match(text) or _MORE.match(text):
            return [], self._rest > 0
        return None, False

    def left(self) -> Sequence[Event]:
        """A finding of rustc whose place never came."""
        return [self._event] if self._held and self._event is not None else ()
