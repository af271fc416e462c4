"""Exceptions and panics with their frames: one event an error, by what was raised; frames belong to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import foreign, mask, path

RAISED = re.compile(
    r"(?:Exception in thread \"[^\"]{0,80}\" |Caused by: |E {1,8}|Uncaught |Unhandled exception\. |\[?Suppressed: "
    r"|(?:error|Error): Uncaught )?"
    r"(?P<type>(?:[A-Za-z_$][\w$]{0,60}[.])*[\w$]{0,80}?(?:Error|Exception|Throwable|Failure|Failed|Interrupt|Timeout|SystemExit|Panic))"
    r"(?: \[\w{1,40}\])?(?::\s{0,2}(?P<message>.{0,600}))?$"
)
_LIKELY = ("Caused by: ", "Exception in thread", "E ", "Uncaught ", "Unhandled exception", "Suppressed")
_GO = re.compile(r"(?:panic: |fatal error: )(?P<message>(?!compilation)\S.{0,300})")
_RUST = re.compile(
    r"thread '(?P<thread>[^']{0,100})'(?: \(\d+\))? panicked at (?:'(?P<message>.{0,300})', )"
    r"?(?P<place>[^\s:]{1,200}:\d+:\d+):?$"
)

FRAME = ("at ", 'File "', "... ", "goroutine ", "+0x", "stack backtrace", "RUST_BACKTRACE", "Node.js v", "[signal ")
_JAVA_FRAME = re.compile(
    r"at (?:[\w.-]{1,80}(?:@[\w.-]{0,40})?/{1,2})?(?P<name>[\w.$<>/]{1,300})\((?P<file>[\w$]{1,100}\.\w{1,8}:\d+"
    r"|Native Method|Unknown Source|<generated>|[\w$]{1,100}\.java)\)"
)
_JS_FRAME = re.compile(
    r"at (?:async )?(?:(?P<name>[^()]{1,200}) \()?(?P<file>(?:file://|node:|webpack|https?://"
    r"|[A-Za-z]:\\)?[^():\s]{1,300}):\d+(?::\d+)?\)?(?: \{)?$"
)
_OTHER_FRAME = re.compile(
    r"at (?:<anonymous>|new Promise|Array\.|Object\.<|async Promise|native|.{1,100}\((?:<anonymous>|native"
    r"|index \d+)\)$|.{1,200} in .{1,200}:line \d+$)"
)
_GO_FRAME = re.compile(r"(?P<file>/?[\w@./+-]{1,300}\.(?:go|s)):\d+(?: \+0x[0-9a-f]+)?$")
_RUST_FRAME = re.compile(r"at (?P<file>\.?/?[\w./-]{1,300}\.rs):\d+(?::\d+)?$")
_PART = re.compile(
    r"\.\.\. \d+ (?:more|common frames omitted)|goroutine \d+ \[|\[signal |stack backtrace:$|note: (?:run with"
    r"|Some details)|Node\.js v\d"
)
_JDK = re.compile(
    r"(?:java|javax|jdk|sun|com\.sun|kotlin|scala|groovy|org\.(?:junit|testng|apache\.maven|gradle|mockito|hamcrest|assertj|springframework|codehaus)|jakarta)\.|\$\$|<init>$"
)
_PY_FRAME = re.compile(r'File "(?P<file>[^"]{1,300})", line (?P<line>\d+)(?:, in (?P<name>.{1,120}))?$')

_RESULT = re.compile(r"(?:PASSED|FAILED|ERROR|SKIPPED) \S+::|\S+::\S+ (?:PASSED|FAILED|ERROR|SKIPPED)\b|[=_]{3}")
"""What is no line of source below a frame: the exception itself was lost, and the test comes."""

TESTING = frozenset({"pytest", "unittest", "jest", "vitest", "mocha", "node", "js", "cargo", "go", "maven", "gradle"})
"""Tools in whose runs an exception is the detail of a test that fails."""
SHORT = 12
"""Characters of a message that don't tell one error from another: then the frame does."""


def python(line: Line, stream: Stream) -> Told:
    """The head of Python's traceback."""
    if not line.text.startswith("Traceback (most recent call last)"):
        return None
    stream.block = Frames(stream)
    return []


def chain(line: Line, stream: Stream) -> Told:
    """Between two exceptions of Python: what comes now is the same failure."""
    if not line.text.startswith(("The above exception was the direct cause", "During handling of the above exception")):
        return None
    stream.block = Frames(stream, cause=stream.error)
    return []


def raised(line: Line, stream: Stream) -> Told:
    """An exception with what it says: before its frames in Java and JavaScript, alone in a report of a test."""
    text = line.text
    found = RAISED.match(text)
    if found is not None:
        kind, message = found["type"], (found["message"] or "").strip()
        if not message and not text.startswith(_LIKELY) and "." not in kind and not stream.given:
            return None  # a word alone; with frames below, they are told as parts
        if text.startswith(("Caused by: ", "Suppressed", "[Suppressed")) and stream.error is not None:
            was = stream.error
            attrs = {**was.attrs, "cause": f"{kind}: {message}"[:300]}
            stream.error = msgspec.structs.replace(was, id=line.event.id, at=line.event.at, evidence=text, attrs=attrs)
            return [stream.error]
        return [_error(line, stream, kind, message)]
    found = _GO.match(text)
    if found is not None:
        return [_error(line, stream, "panic", found["message"])]
    found = _RUST.match(text)
    if found is not None:
        place = found["place"].partition(":")[0]
        if found["message"]:
            return [_error(line, stream, "panic", found["message"], path(place))]
        stream.block = Said(stream, path(place))
        return []
    return None


def frame(line: Line, stream: Stream) -> Told:
    """A frame: a part of its exception; the first one of ours tells where it was."""
    text = line.text
    if text.startswith("at "):
        found = _JAVA_FRAME.match(text)
        if found is not None:
            name = found["name"]
            return _framed(line, stream, "" if _JDK.match(name) else name)
        found = _RUST_FRAME.match(text) or _JS_FRAME.match(text)
        if found is not None:
            file = found["file"].removeprefix("file://")
            if text.endswith(" {"):
                stream.block = Braces()
            return _framed(line, stream, "" if foreign(file) else path(file), path(file))
        return [] if _OTHER_FRAME.match(text) else None
    if _PY_FRAME.match(text):
        stream.block = Frames(stream)
        return stream.block.take(line)[0]
    if text.startswith("stack backtrace:"):
        stream.block = Backtrace(stream)
        return []
    if _PART.match(text):
        return []
    found = _GO_FRAME.match(text) if ".go:" in text or ".s:" in text else None
    if found is not None and ("+0x" in text or stream.error is not None):
        return _framed(line, stream, "" if foreign(found["file"]) else path(found["file"]), path(found["file"]))
    return None


def _framed(line: Line, stream: Stream, name: str, file: str = "") -> Told:
    """The first frame of ours completes the error: the same key, now with its place."""
    was = stream.error
    if was is None or not name or "frame" in was.attrs:
        return []
    del line
    paths = (file,) if file else was.paths
    stream.error = msgspec.structs.replace(was, attrs={**was.attrs, "frame": name[:200]}, paths=paths)
    return [stream.error] if file else []


def _error(
    line: Line, stream: Stream, kind: str, message: str, file: str = "", where: str = "", cause: Event | None = None
) -> Event:
    short = kind.rpartition(".")[2] or kind
    key = f"{short}: {mask(message)}" if message else short
    if where and len(message) < SHORT:
        key = f"{key} in {where}"
    if cause is not None:
        key = cause.key
    text = f"{short}: {message}" if message else short
    role = "detail" if stream.tool in TESTING or line.text.startswith("E ") else ""
    stream.error = line.tell(
        "error", key, "", "error", text, paths=(file,) if file else (), type=kind, message=message[:300], frame=where,
        cause=str(cause.attrs.get("type", "")) if cause is not None else "", test=stream.failed, role=role,
    )  # fmt: skip
    return stream.error


class Frames:
    """Python's frames, to the exception below them. A line of source stands under each frame, maybe marks under it."""

    def __init__(self, stream: Stream, cause: Event | None = None) -> None:
        self._stream = stream
        self._cause = cause
        self._file = self._name = ""
        self._code = False
        self._rest = 400

    def take(self, line: Line) -> tuple[Told, bool]:
        """A part, until the exception; lines of other programs in between are not touched."""
        text = line.text
        self._rest -= 1
        found = _PY_FRAME.match(text)
        if found is not None:
            self._code = True
            if not foreign(found["file"]):
                self._file, self._name = path(found["file"]), found["name"] or ""
            return [], self._rest > 0
        if text.startswith("Traceback (most recent") or (text and not text.strip("~^ |")):
            return [], self._rest > 0
        raised = RAISED.match(text)
        if raised is None and not self._code:
            raised = re.match(r"(?P<type>(?:\w{1,60}\.){0,6}[A-Z]\w{1,80})(?:: (?P<message>.{0,600}))?$", text)
        if raised is not None:
            where = f"{self._file}:{self._name}" if self._name else self._file
            message = (raised["message"] or "").strip()
            return [_error(line, self._stream, raised["type"], message, self._file, where, self._cause)], False
        if (self._code and not _RESULT.match(text)) or text.startswith("[Previous line repeated"):
            self._code = False
            return [], self._rest > 0
        return None, self._rest > 0

    def left(self) -> Sequence[Event]:
        """Nothing was held back."""
        return ()


class Backtrace:
    """The numbered frames of Rust: names and places in turn."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def take(self, line: Line) -> tuple[Told, bool]:
        """A part, while the lines are numbered or places."""
        if line.text.startswith("at "):
            return frame(line, self._stream) or [], True
        if re.match(r"\d{1,4}: ", line.text) is not None:
            return [], True
        return None, False

    def left(self) -> Sequence[Event]:
        """Nothing was held back."""
        return ()


class Braces:
    """What node prints of an exception's own fields, to the closing brace."""

    def __init__(self) -> None:
        self._rest = 40

    def take(self, line: Line) -> tuple[Told, bool]:
        """A part."""
        self._rest -= 1
        return [], line.text != "}" and self._rest > 0

    def left(self) -> Sequence[Event]:
        """Nothing was held back."""
        return ()


class Said:
    """What a panic of Rust says, in the line after its place."""

    def __init__(self, stream: Stream, file: str) -> None:
        self._stream, self._file = stream, file

    def take(self, line: Line) -> tuple[Told, bool]:
        """The message, and the two sides of an assertion."""
        if not self._file:
            return ([], True) if re.match(r"(?:left|right): ", line.text) else (None, False)
        told = _error(line, self._stream, "panic", line.text, self._file)
        self._file = ""
        return [told], True

    def left(self) -> Sequence[Event]:
        """Nothing was held back."""
        return ()
