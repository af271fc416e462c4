"""Whether what was added on the way still serves the goal (R41, R124). One stated rule, on the document alone. Pure.

What you said is the frame: the goal, the acceptance criteria, and every item that you wrote. An item *grew* when its
`from:` names an answer (`q1 turn 2 #3`, as `promote` and a delegate's own `add` write it). What grew is adrift when it
names no criterion (`accept:`), has no word in common with the frame, and nothing that serves waits for it. What you
wrote is never adrift; a goal that was not said judges nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cockpit.spec.document import Document
from cockpit.spec.fields import accept_ids
from cockpit.spec.item import Item, Kind, Mark

_GREW = re.compile(r"\^?([\w-]+ turn \d+)(?: #\w+)?")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
FEW = 2
"""Words that a text must have to be judged."""
STEM = 5
"""Letters of a word that count, so that `recover`, `recovers` and `recovery` are one."""
COMMON = frozenset(
    (
        "about", "add", "added", "after", "again", "all", "also", "and", "any", "are", "because", "been", "before",
        "being", "both", "but", "can", "could", "each", "every", "for", "from", "get", "gets", "has", "have", "how",
        "into", "its", "make", "makes", "may", "more", "most", "must", "need", "needs", "new", "not", "now", "once",
        "one", "only", "other", "our", "out", "over", "same", "say", "should", "some", "such", "than", "that", "the",
        "their", "them", "then", "there", "they", "this", "those", "through", "too", "two", "under", "until", "use",
        "used", "uses", "using", "very", "was", "were", "what", "when", "where", "whether", "which", "while", "who",
        "why", "will", "with", "without", "work", "works", "would", "you", "your",
    )
)  # fmt: skip
"""Words that most items have, whatever they are about."""


@lru_cache(maxsize=65536)
def about(text: str) -> frozenset[str]:
    """What a text is about: the beginnings of its words but the common ones, those of an identifier being its parts."""
    words = (word.casefold() for word in _WORD.findall(_CAMEL.sub(" ", text)))
    return frozenset(word[:STEM] for word in words if word not in COMMON)


def grew(item: Item) -> str:
    """The answer that the item came of, as `q1 turn 2`; empty for what a human wrote, or what a criterion drives."""
    found = (_GREW.fullmatch(value.strip()) for value in item.values("from"))
    return next((match[1] for match in found if match), "")


def aim(document: Document) -> frozenset[str]:
    """What the goal and its criteria are about."""
    wanted = (item.text for item in document.of(Kind.ACCEPTANCE) if item.mark is not Mark.STRUCK)
    return about(document.goal).union(*map(about, wanted))


def fits(item: Item, frame: frozenset[str]) -> bool:
    """Whether the item names a criterion or has a word of the frame; of too few words nothing can be told."""
    own = about(item.text)
    return bool(accept_ids(item)) or len(own) < FEW or not own.isdisjoint(frame) or not _spaced(item.text)


@lru_cache(maxsize=4)
def adrift(document: Document) -> dict[str, str]:
    """By id, each item that grew and serves no part of the goal, with why; whatever its mark."""
    items = [item for item in document.items if item.section in (Kind.QUEUE, Kind.BACKLOG, Kind.DONE)]
    grown = [item for item in items if grew(item)]
    if not grown or not document.goal:
        return {}
    ours = [item for item in items if not grew(item) and item.mark is not Mark.STRUCK]
    frame = aim(document).union(*(about(part.text) for item in ours for part in item.walk()))
    serves = {item.id for item in (*ours, *(item for item in grown if fits(item, frame)))}
    reached = list(serves)
    while reached:
        more = set(document.after.get(reached.pop(), ())) - serves
        serves |= more
        reached += more
    return {
        item.id: f"serves no part of the goal: it came of {grew(item)}, and has nothing of what you wrote"
        for item in grown
        if item.id not in serves
    }


def _spaced(text: str) -> bool:
    """Whether words stand apart in it."""
    return not any(letter.isalpha() and letter > "\u2e7f" for letter in text)
