"""Where the lines of `## Code map` and `## Runbooks` lead: `- path:line words` and markdown links (R19, R20)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cockpit.spec.model import Document, Kind
from cockpit.spec.words import leading_code

_LINK = re.compile(r"!?\[(?P<words>[^\]]*)\]\((?P<target><[^>]*>|[^()\s]*)[^)]*\)")
_PATH = re.compile(r"(?P<path>[^\s:]*[./][^\s:]*?)(?::(?P<at>\d{1,7}))?(?::\d+)?(?=[\s,;:]|$)[\s:,;-]*")
_WEB = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reference:
    """One line that leads somewhere, or only says something."""

    line: int
    """Line of the spec it stands on."""
    words: str
    target: str
    """A path as it is written, or an address; empty when the line names none."""
    at: int
    """Line in the target, 0 when none is named."""

    @property
    def web(self) -> bool:
        """Whether it leads out of the repository."""
        return "://" in self.target


def references(document: Document, kind: Kind) -> tuple[Reference, ...]:
    """The bullets of all sections of that kind, nested ones aside, in document order."""
    spans = [section.body for section in document.sections if section.kind is kind]
    found: list[Reference] = []
    for span in spans:
        for bullet in document.bullets(span):
            text = document.data[bullet.at : bullet.head_end].decode().strip()
            found.append(_reference(bullet.line, re.sub(r"^\[.\]\s+|\s+\^[\w-]+$", "", text)))
    return tuple(found)


def _reference(line: int, text: str) -> Reference:
    link = _LINK.search(text)
    if link:
        words = " ".join(
            part
            for part in (text[: link.start()].strip(" :-"), link["words"], text[link.end() :].strip(" :,-"))
            if part
        )
        target = link["target"].strip("<>")
        if _WEB.match(target):
            return Reference(line, words, target, 0)
        path, _, at = target.partition("#")[0].partition(":")
        return Reference(line, words, path, int(at) if at.isdecimal() else 0)
    code, rest = leading_code(text)
    said = f"{code} {rest.strip()}" if code else text
    web = _WEB.match(said)
    if web:
        return Reference(line, said[web.end() :].strip(" :-"), web[0], 0)
    path = _PATH.match(said)
    if path is None:
        return Reference(line, text, "", 0)
    return Reference(line, said[path.end() :].strip(), path["path"], int(path["at"] or 0))
