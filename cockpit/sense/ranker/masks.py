"""Text without what changes from one time to the next: which lines say the same thing."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 160

_DIGITS = re.compile(r"\S*\d\S*")
_PLACE = re.compile(
    r"""^(?:\[?(?:error|warning|warn|fatal)\]?:?\s+)?  # a level of its own
        (?:[\w@~+\-.$]*[/\\])?[\w@~+\-./\\$]*\.\w{1,8}  # a file
        (?:[:(]\[?\d+(?:[,:]\d+)?[\])]*)?:?\s+        # line, column
        (?:(?:error|warning|note):\s+)?""",
    re.VERBOSE | re.IGNORECASE,
)
_LEVEL = re.compile(r"^(?:\[\w+\]|(?:##\[)?(?:error|warning|warn|fatal|info|debug)\]?:?|E\s)\s*", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=32768)
def mask(text: str) -> str:
    """The words with every token that holds a digit as one sign: the family of a line of free text."""
    return _DIGITS.sub("#", text)[:LONGEST]


@lru_cache(maxsize=8192)
def what(text: str) -> str:
    """What a diagnostic says, without level and place: `a.java:[3,4] cannot find symbol` is `cannot find symbol`."""
    said = _PLACE.sub("", text, count=1)
    if said == text:
        said = _LEVEL.sub("", text, count=1)
    return _SPACE.sub(" ", said).strip() or text.strip()


def said(text: str) -> str:
    """The masked form of what a diagnostic says: its family, wherever it stands."""
    return mask(what(text))


_ERROR = re.compile(
    r"\b(?:[A-Za-z_.$]*(?:Error|Exception|Fault)|errors?|fatal|panic(?:ked)?|FAILED|FAILURE|fail(?:s|ed|ure)?"
    r"|cannot|can't|could ?n[o']t|unable|undefined|unresolved|denied|refused|rejected|missing|mismatch"
    r"|conflict(?:s|ing)?"
    r"|not found|no such|does not|do not|not (?:exist|allowed|supported|available|recogni[sz]ed)|timed out|time-?out(?!\s*[=:])|killed"
    r"|abort(?:ed|ing)?|segmentation|overflow|out of memory|no space|invalid|illegal|unexpected|unsupported"
    r"|but (?:was|got|found)|differs?|violat\w+|deadlock)\b"
)
_FRAME = re.compile(
    r"^\s+at\s|^\s*File \"|^\s*\.{3} \d+ (?:more|common)|^\s*Suppressed:|^\s+\d+: |^goroutine \d|^\s+from \S+:\d"
    r"|^\s*stack backtrace"
)
_AFTERWARDS = re.compile(
    r"^\W*(?:(?:error|warning|warn|fatal|err!?)\W*)?$|\[Help \d|re-?run\b.*\b(?:with|using)|run with --|for more (?:information|details)|to see the full stack|get more help"
    r"|build fail(?:ed|ure)|finished: |failed to execute goal|marked build as|process completed with exit"
    r"|exit(?:ed)? (?:code|status|with)|failed with an exception|could not compile|aborting due to|errors? generated"
    r"|command failed|lifecycle script|a complete log of this run|recipe for target|\*\*\* \[|please refer to"
    r"|after correcting|use the -X|compilation (?:failed|failure)|there (?:are|were) (?:test )?(?:failures|errors)"
    r"|tests? (?:run|failed|suites):(?!.*(?:<<<| in \S))|dump files|code ELIFECYCLE|errno \d+$|mvn <|unsuccessful"
    r"|^\W*\d+ (?:errors?|warnings?|failed)",
    re.IGNORECASE,
)
_LOUD = re.compile(r"^[A-Z][A-Z ]{5,}\W*$")


def erring(text: str) -> bool:
    """Whether the words tell of something that went wrong."""
    return _ERROR.search(text) is not None


def frame(text: str) -> bool:
    """Whether it is a line of a stack trace: it belongs to the line above it."""
    return _FRAME.match(text) is not None


def afterwards(text: str) -> bool:
    """Whether a tool says no more than that it failed, or where to read on: never the cause when there is another."""
    return _AFTERWARDS.search(text) is not None


def heading(text: str) -> bool:
    """Whether it only announces the lines below it."""
    said = what(text)
    return said.endswith(":") or _LOUD.match(said) is not None


_ENVIRONMENT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("disk full", r"no space left|disk (?:is )?full|disk quota|ENOSPC"),
        (
            "service down",
            r"\b50[0234]\b.*(?:error|unavailable|gateway|server)|(?:error|status|returned)\D{0,12}50[0234]\b"
            r"|service unavailable|bad gateway|gateway time-?out|internal server error",
        ),
        (
            "name lookup",
            r"could not resolve (?:host|hostname)|name or service not known|temporary failure in name|ENOTFOUND"
            r"|getaddrinfo|unknown host",
        ),
        (
            "network",
            r"network is unreachable|no route to host"
            r"|connection (?:timed out|reset).*(?:registry|repository|mirror|proxy)",
        ),
        (
            "sign-in",
            r"\b401\b.*(?:unauthori[sz]ed|credential|invalid)|bad credentials|authentication failed"
            r"|token (?:has )?expired",
        ),
        ("certificate", r"certificate (?:has expired|verify failed|is not yet valid)|CERT_HAS_EXPIRED"),
        ("memory", r"cannot allocate memory|out of memory|oom-?kill|java heap space|OutOfMemoryError"),
    )
)


@lru_cache(maxsize=4096)
def environment(text: str) -> str:
    """Which part of the environment is broken by these words; empty when it is none of them."""
    return next((name for name, pattern in _ENVIRONMENT if pattern.search(text)), "")


_STAGE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "compile",
        re.compile(
            r"compilation (?:error|fail)|cannot find symbol|incompatible types|package \S+ does not exist|\bTS\d{4}\b"
            r"|error\[E\d+\]|could not compile|undefined reference|cannot resolve symbol|compiler-plugin|:\w*compile\w*\b"
            r"|undefined: |cannot find (?:type|module|name|value|crate)|build constraints exclude",
            re.IGNORECASE,
        ),
    ),
    (
        "resolve dependencies",
        re.compile(
            r"could not (?:resolve|find) (?:all )?(?:dependenc|artifact|files|a version)|no matching (?:distribution|version)"
            r"|ResolutionImpossible|ERESOLVE|E404|failed to select a version|unknown revision|unresolvable dependenc",
            re.IGNORECASE,
        ),
    ),
)


def stage(text: str) -> str:
    """Which step of a build the words say failed: many jobs that fail in one step are one signal."""
    return next((name for name, pattern in _STAGE if pattern.search(text)), "")


_EXCEPTION = re.compile(r"(?:^|\s|- )((?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Failure|Warning|Timeout)\b.*)")


def signature(text: str) -> str:
    """The error a failing test's or step's words tell: the part after ` - `, or from the exception's name, masked."""
    _, dash, after = text.partition(" - ")
    if dash and after:
        return mask(after)
    found = _EXCEPTION.search(text)
    return mask(found.group(1) if found else text)
