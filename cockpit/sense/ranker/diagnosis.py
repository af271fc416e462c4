"""Why a run failed: its cause among thousands of lines, by what no green run of the job had said (salience, A7)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cockpit.sense.events import LEVELS, Level
from cockpit.sense.ranker.family import EVIDENCE
from cockpit.sense.ranker.masks import (
    afterwards,
    ended,
    environment,
    erring,
    frame,
    grade,
    heading,
    pointer,
    said,
    stage,
    what,
)

_NAMED = re.compile(r"\s*(?:[\w.$]*(?:Error|Exception)\b|error\b|fatal\b|panic\b)", re.IGNORECASE)
NEAR = 3
"""Lines between what was said last and the line that says that something failed."""
GAP = 40
"""Lines of the run between two lines of one cause, at the most."""


@dataclass(slots=True)
class Line:
    """One masked line of a run: where it first stood, its words there, the events that said it."""

    place: int
    text: str
    level: Level
    ids: list[int] = field(default_factory=list[int])
    count: int = 1


@dataclass(frozen=True, slots=True)
class Cause:
    """What a failed run is about."""

    key: str
    """Masked words of the line that leads, without level and place; or the part of the environment that is broken."""
    words: str
    environment: str
    level: Level
    proof: tuple[tuple[int, str], ...]
    """Event ids and lines, the most telling first."""
    novel: bool
    text: str
    """Its lines."""
    fresh: tuple[str, ...]
    """All that is new in the run, for finding names in it."""
    stage: str
    """The step of the build that failed, where the words say so."""


def diagnose(lines: Sequence[Line], known: Callable[[str], bool], *, cold: bool) -> Cause | None:
    """The cause among `lines` (in order); None when nothing in them tells of one.

    `known` says whether a green run of the job has said such words; `cold` that there was no green run yet.
    Each new line is weighed by its level and words; the first of the heaviest leads, what follows it closely is its
    proof. Lines that only say that something failed lead when there is nothing else.
    """
    fresh = lines if cold else [entry for entry in lines if not known(entry.text)]
    weighed = [(weight(entry, cold=cold), entry) for entry in fresh]
    top = max((value for value, _ in weighed), default=0.0)
    if top <= 0:
        return None
    if top > 0.2:
        lead = next(entry for value, entry in weighed if value >= top - 0.15)
    elif not cold and (above := _above(weighed)) is not None:
        lead = above
    else:  # nothing but what a tool says afterwards: its longest
        lead = max(
            (value, LEVELS.index(grade(entry.text, entry.level)), len(what(entry.text)), -entry.place, entry)
            for value, entry in weighed
        )[-1]
    proof = [lead]
    last = lead.place
    for value, entry in weighed:
        if entry.place > lead.place and len(proof) < EVIDENCE:
            if entry.place - last > GAP:
                break
            near = entry.place - last <= 2 and entry.text[:1].isspace()
            if value > 0.2 or near or (frame(entry.text) and entry.place - last <= 2):
                proof.append(entry)
                last = entry.place
    titles = [
        entry for _, entry in weighed if 0 < lead.place - entry.place <= 2 and heading(entry.text) and loud(entry)
    ]
    text = "\n".join(entry.text for entry in proof)
    last_words = "\n".join(entry.text for value, entry in weighed if 0 < value <= 0.2)
    broken = next((name for entry in proof[:3] if (name := environment(entry.text))), "")
    cited: list[tuple[int, str]] = []
    for entry in [*proof, *titles]:
        for id in (entry.ids or [0])[: EVIDENCE if len(proof) < 3 else 3]:
            if len(cited) < EVIDENCE:
                cited.append((id, entry.text))
    return Cause(
        key=broken or said(lead.text),
        words=what(lead.text),
        environment=broken,
        level="error",
        proof=tuple(cited),
        novel=not cold,
        text=text,
        fresh=tuple(entry.text for _, entry in weighed[:2000]),
        stage=stage(text) or stage(last_words),
    )


def _above(weighed: Sequence[tuple[float, Line]]) -> Line | None:
    """The new line right above the end: where no words tell of an error, and of the end only that it was no good, what
    is said last before it does."""
    after = [entry for value, entry in weighed if value > 0]
    if not all(ended(entry.text) or pointer(entry.text) for entry in after):
        return None
    first = after[0]
    above = [entry for value, entry in weighed if value == 0 and 0 < first.place - entry.place <= NEAR]
    said = [entry for entry in above if len(what(entry.text).split()) > 3 and not frame(entry.text)]
    return said[-1] if said else None


def loud(entry: Line) -> bool:
    """Whether its level says that something is wrong."""
    return LEVELS.index(grade(entry.text, entry.level)) >= 2


def weight(entry: Line, *, cold: bool = False) -> float:
    """How much one line tells of a cause: 0 is nothing, 1 an error with words of its own."""
    text = entry.text
    rank = LEVELS.index(grade(text, entry.level))
    if frame(text):
        return 0.0
    if pointer(text):
        return 0.05
    value = (0.0, 0.0, 0.5, 0.9, 1.2)[rank]
    if erring(text):
        value = max(value + 0.2, (0.6, 0.75, 0.9, 1.1, 1.3)[rank])
    if cold and rank < 3:  # nothing to compare with: only errors by their level count
        value = 0.6 if rank < 2 and _NAMED.match(text) else min(value, 0.15)
    if environment(text):
        value = max(value, 0.9) + 0.25
    if afterwards(text):
        return min(value, 0.2)
    if heading(text):
        return min(value, 0.55)
    return value
