"""Decisions as they stand: which hold, which are open questions, which were replaced and by what (R21, R100).

A decision is a checkbox item of `## Decisions`: `[x]` decided, any other open mark a question that waits. Replacing one
keeps both: the new says `supersedes: d1`, the old is struck and says `superseded: d2`. Either field alone counts, so
one line typed in an editor is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.spec.fields import ids
from cockpit.spec.model import Document, Item, Kind, Mark

State = Literal["standing", "open", "superseded", "dropped"]
_STATES: dict[Mark, State] = {Mark.DONE: "standing", Mark.STRUCK: "dropped"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `because` is its own reason, which it keeps when it is replaced."""

    id: str
    text: str
    state: State
    because: str
    recommended: str
    by: str
    """Id of the decision that replaced it, empty when none did."""
    gone: str
    """Why it no longer holds: the reason of the one that replaced it, else its own `why:`."""
    line: int


def decisions(document: Document) -> list[Decision]:
    """All decisions in document order. One that was struck without a successor is dropped and replaces nothing."""
    found = [item for item in document.walk() if item.section is Kind.DECISIONS]
    named = {id for item in found for id in ids(item, "supersedes")}
    heirs: dict[str, Item] = {}
    for item in found:
        if item.mark is not Mark.STRUCK or item.value("superseded") or item.id in named:
            heirs.update((id, item) for id in ids(item, "supersedes") if id != item.id)
    return [_decision(item, heirs.get(item.id), {entry.id: entry for entry in found}) for item in found]


def _decision(item: Item, heir: Item | None, known: dict[str, Item]) -> Decision:
    told = next(iter(ids(item, "superseded")), "")
    heir = heir or known.get(told)
    return Decision(
        id=item.id,
        text=item.text.strip(),
        state="superseded" if heir is not None or told else _STATES.get(item.mark, "open"),
        because=item.value("because"),
        recommended=item.value("recommended"),
        by=heir.id if heir is not None else told,
        gone=(heir.value("because") if heir is not None else "") or item.value("why"),
        line=item.line,
    )
