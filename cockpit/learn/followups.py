"""Work that answers noticed and left alone, until the spec has it (R170). Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cockpit.clean import line
from cockpit.facts import Answer
from cockpit.spec import Document

_SOURCE = re.compile(r"(?<![\w-])[\w-]+ turn \d+ #\d+(?!\w)")


def left(answers: Mapping[tuple[str, int], Answer], document: Document) -> dict[tuple[str, int], Sequence[str]]:
    """The follow-ups of each answer, by item and turn, that nothing in the document came from and no item says.

    The numbers are those of `discoveries`, in whose list follow-ups come first. Read once for all answers.
    """
    told = {key: answer.follow_ups for key, answer in answers.items() if answer.follow_ups}
    if not told:
        return {}
    sources = set(_SOURCE.findall(document.data.decode(errors="replace")))
    said = {_same(entry.text) for entry in document.walk()}
    found: dict[tuple[str, int], Sequence[str]] = {}
    for (item, turn), follow_ups in told.items():
        once: dict[str, tuple[int, str]] = {}
        for number, raw in enumerate(follow_ups, 1):
            words = line(raw, 400).strip()
            once.setdefault(_same(words), (number, words))
        open_ = [
            words
            for same, (number, words) in once.items()
            if same and same not in said and f"{item} turn {turn} #{number}" not in sources
        ]
        if open_:
            found[item, turn] = open_
    return found


def _same(words: str) -> str:
    return " ".join(words.casefold().split())
