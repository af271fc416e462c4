"""The door: every foreign byte is made harmless before it reaches screen, spec, journal or git (design, 3).

Three things are taken out: what a terminal would obey (escape sequences, control characters), what deceives the eye
(bidi controls, zero-width and tag characters), and secrets. Textual neutralises none of them by itself. The recipe is
section 7 of the substrate's limits; one rule is ours: **a newline ends every sequence**, so that an unfinished one can
hide the rest of its line and never the lines that follow.
"""

from __future__ import annotations

import base64
import codecs
import functools
import os
import re
from pathlib import Path

REDACTED = "[redacted]"
HELD = 65_536
"""Characters of a line without an end that a `Cleaner` holds back before it lets them go."""

_PAYLOAD = r"[^\x07\x18\x1a\x1b\x80-\x9f\n]*"
_STRING = rf"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]){_PAYLOAD}"  # OSC, DCS, SOS, PM, APC
_CSI = r"(?:\x1b\[|\x9b)[0-?]{0,4000}[ -/]{0,90}"
_ESCAPE = r"\x1b[ -/]{0,90}"
# Soft hyphen, zero-width, bidi and tag characters.
_INVISIBLE = r"\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
_CONTROL = rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}]"
_BAD = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}\u2028\u2029\ud800-\udfff]")
_SEQUENCE = re.compile(rf"{_STRING}(?:\x1b\\|[\x07\x18\x1a\x9c])?|{_CSI}[@-~]?|{_ESCAPE}[0-~]?|{_CONTROL}")
_COLOUR = re.compile(r"\x1b\[[0-9;:]{0,64}m")
_SEQUENCE_BUT_COLOUR = re.compile(rf"(?!{_COLOUR.pattern})(?:{_SEQUENCE.pattern})")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BREAKS = re.compile(r"[\n\t]+")
_RETURN = re.compile(r"\r+\n?")
_OPEN = re.compile(rf"(?:(?P<start>\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]){_PAYLOAD}|{_CSI}|{_ESCAPE})\Z")

# A line is looked at closely only when it has one of these words (lower case), or a known value. They stand below
# what all of them have: looking for a rare sign costs a tenth of looking for a word.
_HINTS = {
    "k": (
        "token", "akia", "sk-", "sk_", "rk_", "api_key", "api-key", "apikey", "access_key", "access-key", "accesskey",
        "private key",
    ),
    "_": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "npm_", "hf_", "lin_api_"),
    "-": ("glpat-", "pypi-"),
    "b": ("bearer", "basic "),
    "x": ("xox",),
    "z": ("aiza",),
    "j": ("eyj",),
    "pass": ("passw", "passphrase", "_pass"),
    "cre": ("secret", "credential"),
    "asia": ("asia",),
    "://": ("://",),
}  # fmt: skip
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,200}[0-9])[A-Za-z0-9_-]{20,}"
    r"|(?<![A-Za-z0-9])[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"
    r"|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,}"
    r"|(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])"
    r"|AIza[A-Za-z0-9_-]{35}"
    r"|(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"  # a signed web token
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}|lin_api_[A-Za-z0-9]{30,}"
    r"|(?<=PRIVATE KEY-----)[^\n\[-]{16,}"  # a key whose newlines are written as \n
)
_DIGIT = r"(?=[A-Za-z+/_=~!@#$%^&*-]{0,200}[0-9])"
_VALUE = r"[A-Za-z0-9+/_=~!@#$%^&*-]{6,}+(?![(.\[])"  # a value that goes on with ( . [ is code
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        # `password: hunter2`: in small letters the value needs a digit, else prose would be taken out
        r"(?i:(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|credential)[a-z0-9_-]{0,40})"
        rf"""["']?[ \t]{{0,4}}[:=][ \t]{{0,4}}["']?{_DIGIT}(?P<secret>{_VALUE})""",
        # `DB_PASSWORD=correcthorse`
        r"(?:PASSWORD|PASSWD|_PASS|SECRET|TOKEN|API_KEY|ACCESS_KEY)[A-Z0-9_]{0,40}"
        rf"""=["']?(?P<secret>{_VALUE})""",
        r"(?i:\b(?:bearer|basic))[ \t]{1,4}(?=[^\s0-9]{0,200}[0-9])(?P<secret>[A-Za-z0-9+/_=.~-]{16,}+)",
        r"://[^\s/:@\[]{0,64}:(?P<secret>[^\s/:@\[]{3,256})(?=@)",  # user:password@host
    )
)
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----\s*\Z")
_KEY_LINE = re.compile(r"[+\- ]?[ \t]*(?:[A-Za-z0-9+/=]{1,76}|(?:Proc-Type|DEK-Info): .*|\[redacted\])?[ \t]*")


def clean(data: bytes | str, *, colour: bool = False) -> str:
    r"""`data` as harmless text: no control but `\n` and `\t`, no sequence (with `colour`: SGR only), no secrets.

    Bytes are read as UTF-8, what isn't UTF-8 becomes U+FFFD. A carriage return becomes a newline. Idempotent.
    """
    return _redact(_strip(data if isinstance(data, str) else data.decode("utf-8", "replace"), colour), inside=False)[0]


def line(text: bytes | str, limit: int = 200) -> str:
    """`text` cleaned and on one line of at most `limit` characters: for labels, commit subjects, text in the spec."""
    flat = text.strip() if isinstance(text, str) and plain(text) else _BREAKS.sub(" ", clean(text)).strip()
    return flat if len(flat) <= limit else flat[: max(limit - 1, 0)].rstrip() + "…"


def plain(text: str) -> bool:
    """Whether `text` is printable ASCII without a word that secrets stand beside: then `clean` would change nothing."""
    return text.isascii() and text.isprintable() and not _suspicious(text, _known_values())


def redact(text: str) -> str:
    """`text` with every secret we can tell replaced by `[redacted]`: known shapes, named values, our environment's."""
    return _redact(text, inside=False)[0]


class Cleaner:
    """`clean` for a stream: whole lines come out, the unfinished line waits (a secret may be cut in two by a chunk).

    A line longer than `HELD` is let go in pieces; sequences still don't leak at the cut.
    """

    def __init__(self, *, colour: bool = False) -> None:
        self._colour = colour
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._inside = False  # a private key

    @property
    def rest(self) -> str:
        """The unfinished line as it may be shown now (a prompt, a progress bar)."""
        return clean(self._rest, colour=self._colour)

    def feed(self, data: bytes) -> str:
        """Take a chunk; returns the lines that became whole."""
        text = self._rest + self._decode.decode(data)
        body = text.rstrip("\r")  # a newline may follow, and the two are one
        cut = max(body.rfind("\n"), body.rfind("\r")) + 1
        keep = ""
        if len(text) - cut > HELD:
            cut = len(body)
            open_ = _OPEN.search(body)
            if open_:
                cut, keep = (len(body), open_["start"]) if open_["start"] else (open_.start(), "")
        self._rest = keep + text[cut:]
        return self._out(text[:cut])

    def close(self) -> str:
        """The stream has ended: what is left."""
        text, self._rest = self._rest + self._decode.decode(b"", final=True), ""
        return self._out(text)

    def _out(self, text: str) -> str:
        if not text:
            return ""
        found, self._inside = _redact(_strip(text, self._colour), inside=self._inside)
        return found


def _strip(text: str, colour: bool) -> str:
    if not _BAD.search(text):
        return text
    if "\r" in text:
        text = _RETURN.sub("\n", text)
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    text = (_SEQUENCE_BUT_COLOUR if colour else _SEQUENCE).sub("", text)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _redact(text: str, *, inside: bool) -> tuple[str, bool]:
    """The redacted text, and whether it ends inside a private key (`inside`: it starts in one)."""
    plain = _COLOUR.sub("", text) if "\x1b" in text else text
    known = _known_values()
    if not (inside or _suspicious(plain, known)):
        return text, False
    lines: list[str] = []
    for shown, bare in zip(text.split("\n"), plain.split("\n"), strict=True):
        if inside and _KEY_LINE.fullmatch(_redact_line(bare, known)):  # as redacted: so that once is as good as twice
            lines.append(REDACTED if bare.strip(" \t+-") else shown)
            continue
        inside = False
        if _suspicious(bare, known):
            inside = _KEY_BEGINS.search(bare) is not None
            safe = _redact_line(bare, known)
            shown = shown if safe == bare else safe  # a line with a secret loses its colours: they may cut it in two
        lines.append(shown)
    return "\n".join(lines), inside


def _redact_line(text: str, known: tuple[str, ...]) -> str:
    for value in known:
        text = text.replace(value, REDACTED)
    text = _SHAPES.sub(REDACTED, text)
    for pattern in _NAMED:
        text = pattern.sub(_without_secret, text)
    return text


def _without_secret(found: re.Match[str]) -> str:
    start, end = (position - found.start() for position in found.span("secret"))
    return found[0][:start] + REDACTED + found[0][end:]


def _suspicious(text: str, known: tuple[str, ...]) -> bool:
    lowered = text.lower()
    for sign, hints in _HINTS.items():
        if sign in lowered and any(map(lowered.__contains__, hints)):
            return True
    return any(map(text.__contains__, known))


@functools.cache
def _known_values() -> tuple[str, ...]:
    """Values of our own environment that are secrets by their name, longest first, plain and in base64."""
    values: set[str] = set()
    for name, value in os.environ.items():
        named = re.search(r"KEY|TOKEN|SECRET|PASS", name) is not None
        if not named or len(value) < 8 or value in REDACTED or (value.startswith("/") and Path(value).exists()):
            continue  # SSH_ASKPASS=/usr/bin/ssh-askpass is no secret
        values |= {value, base64.b64encode(value.encode("utf-8", "surrogateescape")).decode().rstrip("=")}
    return tuple(sorted(values, key=lambda value: (-len(value), value)))
