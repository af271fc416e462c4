"""A line of a log as the recognisers see it: without the dress that CI systems and build tools put around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.sense.events import Event, Level

LONGEST = 1000
"""Characters of a line that are read; nothing that a recogniser wants stands further right."""

_COLOUR = re.compile(r"\x1b\[[0-9;:?]{0,30}[A-Za-z]")
_STAMP = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?\s{0,4}"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s{1,4}"
)
_SENDER = re.compile(
    r"\[(?!gw\d)[a-z][\w./:-]{1,30}\]\s{1,4}|@?[A-Za-z][\w./@:-]{0,60}\s{0,40}\|\s{1,2}|#\d{1,4} (?:\d{1,5}\.\d{1,3} )?"
)
"""Who says the line, where many speak into one log: `[ci] `, `web-1  | `, `#7 4.12 ` (docker)."""
DRESSES = 4
"""Time stamps, senders and levels that may stand before the words, in any order."""
_TAG = re.compile(r"(?:\[|##\[)(info|debug|trace|warning|warn|error|fatal|notice)\]\s{0,8}", re.IGNORECASE)
_COMMAND = re.compile(r"::(error|warning|notice)(?:\s[^:]{0,300})?::")
_LEVELS: dict[str, Level] = {
    "info": "info", "notice": "info", "debug": "debug", "trace": "debug", "warning": "warning", "warn": "warning",
    "error": "error", "fatal": "error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the event that brought it."""

    event: Event
    text: str
    """Without colour, leading time stamp, sender, level tag and blanks around it."""
    tag: Level | None = None
    """The level in its tag (`[ERROR]`, `##[warning]`), if it has one."""

    def tell(
        self,
        kind: str,
        key: str,
        state: str = "",
        level: Level = "info",
        what: str = "",
        *,
        paths: tuple[str, ...] = (),
        run: str = "",
        item: str = "",
        **attrs: str | int | None,
    ) -> Event:
        """The structured event that this line is: its time, number, run and sender are those of the line."""
        event = self.event
        return Event(
            source=event.source,
            what=what or self.text or event.what,
            at=event.at,
            id=event.id,
            kind=kind,
            key=key[:120],
            state=state,
            level=level,
            run=run or event.run,
            commit=event.commit,
            paths=paths or event.paths,
            item=item or event.item,
            delegate=event.delegate,
            evidence=event.what,
            attrs={**event.attrs, **{name: value for name, value in attrs.items() if value not in ("", None)}},
        )


def undress(event: Event) -> Line:
    """The line in a `log.line` event."""
    text = event.what[:LONGEST]
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    text = text.strip()
    tag: Level | None = None
    for _ in range(DRESSES):
        if not text or (text[0] not in "[#:0123456789" and " | " not in text[:60]):
            break
        found = _TAG.match(text) or _COMMAND.match(text)
        if found:
            tag = _LEVELS[found[1].lower()]
        else:
            found = _STAMP.match(text) or _SENDER.match(text)
        if not found:
            break
        text = text[found.end() :]
    return Line(event, text, tag)


def bare(text: str) -> str:
    """The words of a line without colour, time stamps and senders; its level tag stays."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    for _ in range(DRESSES):
        if not text or (text[0] not in "[#0123456789" and " | " not in text[:60]):
            break
        found = _STAMP.match(text) or (None if _TAG.match(text) else _SENDER.match(text))
        if not found or found.end() == len(text):
            break
        text = text[found.end() :]
    return text
