"""What a delegate says in its answer, as notes: assumptions by topic, claims, follow-ups (R82, R121). Pure.

Two delegates disagree when they assume different things of one topic, so the topic must come out of free words:
`page.size = 20`, `the default page size is 20` and `page size: 50` are about the same.
"""

from __future__ import annotations

import re

from cockpit.facts import Answer
from cockpit.sense.events import Event, safe

MOST = 20
"""Notes of each sort that are taken from one answer."""
_OPENING = re.compile(
    r"^(?:(?:i|we)\s+)?(?:assum(?:e|es|ed|ing|ption)\b:?|expect(?:s|ed|ing)?\b|take it\b|suppos(?:e|ed|ing)\b)?"
    r"\s*(?:that\s+)?",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:==?|:=|:(?=\s)|→|->)\s*"
    r"|\s+(?:is|are|was|will be|must be|should be|stays?|uses?|means|has|defaults to|equals)\s+",
    re.IGNORECASE,
)
_FILLER = frozenset({"the", "a", "an", "our", "its", "default", "that", "value", "of", "for", "we", "i"})


def answer_events(item: str, turn: int, answer: Answer, at: float) -> list[Event]:
    """One note for each assumption, claim and follow-up of the answer of one turn; `at` is when the turn ended."""
    notes = [
        *(("assumption", words) for words in answer.assumptions[:MOST]),
        *(("claim", words) for words in answer.claims[:MOST]),
        *(("follow-up", words) for words in answer.follow_ups[:MOST]),
    ]
    found: list[Event] = []
    for sort, words in notes:
        topic, claim = assumed(words) if sort == "assumption" else ("", "")
        event = Event(
            source="answer",
            kind="delegate.note",
            key=topic or f"{sort}/{item}/{turn}/{words[:60]}",
            what=f"{item} assumes: {words}" if sort == "assumption" else f"{item}, {sort}: {words}",
            at=at,
            item=item,
            delegate=item,
            action="decide" if sort == "assumption" else "inspect",
            attrs={"type": sort, "claim": claim or words, "turn": turn},
        )
        found.append(safe(event, at))
    return found


def assumed(words: str) -> tuple[str, str]:
    """The topic and what is assumed of it, in small letters; no topic when the words don't part in two."""
    said = _OPENING.sub("", words.strip(), count=1)
    parts = _SPLIT.split(said, maxsplit=1)
    if len(parts) != 2:
        return "", said
    topic = re.sub(r"[^\w]+", " ", parts[0].lower().replace("_", " ")).split()
    kept = [word for word in topic if word not in _FILLER]
    return ".".join(kept[:6]), parts[1].strip().rstrip(".").lower()
