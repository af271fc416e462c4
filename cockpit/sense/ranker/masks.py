"""Text without what changes from one time to the next: which lines say the same thing."""

from __future__ import annotations

import re
from functools import lru_cache

from cockpit.sense.events import Level

LONGEST = 160

_DIGITS = re.compile(r"(?<!\S)[^\s\d]*\d\S*")  # looks at every sign once: most lines have no digit for long
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
    r"\b(?:(?<!\b0 )(?<!\bno )(?:[a-z_.$]*(?:error|exception)s?|fault|failures?|failed)|fatal|panic(?:ked)?|fails?"
    r"|cannot|can't|could ?n[o']t|unable|undefined|unresolved|denied|refused|rejected|missing|mismatch"
    r"|conflict(?:s|ing)?|not found|no such|does not|do not"
    r"|not (?:exist|allowed|supported|available|recogni[sz]ed)|timed out|killed"
    r"|time-?out(?!\s*[=:])|abort(?:ed|ing)?|segmentation|overflow|out of memory|no space|invalid|illegal|unexpected"
    r"|unsupported|but (?:was|got|found)|differs?|violat\w+|deadlock)\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^\s+at\s|^\s*File \"|^\s*\.{3} \d+ (?:more|common)|^\s*Suppressed:|^\s+\d+: |^goroutine \d|^\s+from \S+:\d"
    r"|^\s*stack backtrace"
)
_AFTERWARDS = re.compile(
    r"^> task \S+ failed$|build fail(?:ed|ure)"
    r"|finished: |failed to execute goal|marked build as|process completed with exit"
    r"|exit(?:ed)? (?:code|status|with)|failed with an exception|could not compile|aborting due to|errors? generated"
    r"|command failed|lifecycle script|recipe for target|\*\*\* \[|compilation (?:failed|failure)"
    r"|there (?:are|were) (?:test )?(?:failures|errors)|tests? (?:run|failed|suites):(?!.*(?:<<<| in \S))"
    r"|code ELIFECYCLE|errno \d+$|unsuccessful|^\W*\d+ (?:errors?|warnings?|failed)",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"^\W*(?:(?:error|warning|warn|fatal|info|err!?)\W*)?$|\[Help \d|re-?run\b.*\b(?:with|using)|run with --"
    r"|for more (?:information|details)|to see the full stack|get more help|a complete log of this run|please refer to"
    r"|after correcting|use the -X|dump files|mvn <",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"build success|finished: success|exit(?:ed)?(?: with)?(?: code| status)? 0\b|job succeeded", re.IGNORECASE
)
_LOUD = re.compile(r"^[A-Z][A-Z ]{5,}\W*$")


_NONE = re.compile(r"\b(?:failures|failed|errors?|fail|fatal)\s?[:=]\s?0\b", re.IGNORECASE)


def erring(text: str) -> bool:
    """Whether the words tell of something that went wrong; `Errors: 0` does not."""
    return _ERROR.search(_NONE.sub("", text) if "0" in text else text) is not None


def frame(text: str) -> bool:
    """Whether it is a line of a stack trace: it belongs to the line above it."""
    return _FRAME.match(text) is not None


def afterwards(text: str) -> bool:
    """Whether a tool says no more than that something before failed: never the cause when there is another."""
    return _AFTERWARDS.search(text) is not None


_ENDED = re.compile(
    r"exit(?:ed)? (?:code|status|with)|process completed|finished: |operation was cancell?ed", re.IGNORECASE
)


def ended(text: str) -> bool:
    """Whether it says only that, and how, a process came to its end."""
    return _ENDED.search(text) is not None


def pointer(text: str) -> bool:
    """Whether it says nothing but where to read on, or nothing at all."""
    return _POINTER.search(text) is not None


def verdict(text: str) -> str:
    """What the last words of a run say of it: passed, failed, or nothing."""
    return "passed" if _GOOD.search(text) else "failed" if _AFTERWARDS.search(text) else ""


_TAG = re.compile(r"^\W*(?:(error|fatal|severe)|(warn(?:ing)?))\b[\]:!]", re.IGNORECASE)
_SAID = re.compile(r"(?:^|[\s:])(?:([\w.]*[a-z]Error|error)|(?:\w*[a-z])?Warning|warning)(?:\[\w+\])?: ")
_CALM = re.compile(r"^\W*(?:info|debug|trace|notice)\b", re.IGNORECASE)


def grade(text: str, level: Level) -> Level:
    """The level of a line, where its own words give it one and its sender none."""
    if level not in ("info", "debug") or _CALM.match(text):
        return level
    tag = _TAG.match(text)
    if tag is not None:
        return "error" if tag[1] else "warning"
    tag = _SAID.search(text, 0, 200)
    return level if tag is None else "error" if tag[1] else "warning"


def heading(text: str) -> bool:
    """Whether it only announces the lines below it."""
    said = what(text)
    return said.endswith(":") or _LOUD.match(said) is not None


_ENVIRONMENT: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "disk full",
            r"no space left|disk (?:is )?full|disk quota|ENOSPC|\b0 bytes (?:free|available)|\b100% (?:used|full)",
        ),
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
        (
            "rate limit",
            r"too ?many ?requests|rate limit (?:exceeded|reached)|(?:pull|secondary|api) rate limit"
            r"|\bstatus(?: code)?:? 429\b",
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
            r"|error\[E\d+\]|could not compile|undefined reference|cannot resolve symbol|compiler-plugin"
            r"|:\w*compile\w*\b|undefined: |cannot find (?:type|module|name|value|crate)|build constraints exclude",
            re.IGNORECASE,
        ),
    ),
    (
        "resolve dependencies",
        re.compile(
            r"could not (?:resolve|find) (?:all )?(?:dependenc|artifact|files|a version)"
            r"|no matching (?:distribution|version)|ResolutionImpossible|ERESOLVE|E404|failed to select a version"
            r"|unknown revision|unresolvable dependenc",
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


def telling(text: str) -> bool:
    """Whether the error that a failing test tells is one of its own: an exception by name, or some words."""
    error = text.partition(" - ")[2] or text
    return _EXCEPTION.search(error) is not None or len(error.split()) > 3
