"""Which corrections of the answers in the document stand, and which no brief has told yet (R27), from the facts."""

from __future__ import annotations

from cockpit import facts
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import Document
from cockpit.spec.corrections import Correction, Written, corrections, unanswered
from cockpit.spec.exchange import entries


def standing(places: Places, document: Document) -> list[Correction]:
    """All corrections of answers whose facts are there, in the order of the document."""
    written: dict[tuple[str, int], Written] = {}
    for entry in entries(document):
        found = _written(places, entry.item, entry.turn) if entry.item else None
        if found is not None:
            written[entry.item, entry.turn] = found
    return corrections(document, written)


def _written(places: Places, item: str, turn: int) -> Written | None:
    """What stands in that entry by the facts; None when they know nothing of it."""
    folder = places.turn(item, turn)
    said = [saying.text for saying in facts.lines(folder / facts.SAID, facts.Saying)]
    try:
        entry = facts.read(folder, facts.Entry)
    except CockpitError:
        return None
    if entry is None or entry.told:
        return Written(entry.blocks, said) if entry else Written((), said) if said else None
    return Written((), [*said, *entry.blocks])  # on its way into the document: there or not yet


def waiting(places: Places, document: Document) -> list[Correction]:
    """Those that no brief of any delegate has told yet. Entries with one of them must stay where they are."""
    found = standing(places, document)
    return unanswered(found, told(places)) if found else []


def told(places: Places) -> set[str]:
    """Keys of the corrections in the briefs that reached a delegate; a turn that never began told nothing."""
    found: set[str] = set()
    for turn in facts.every(places.delegates):
        if reached(turn):
            found.update(turn.dispatch.told)
    return found


def reached(turn: facts.Turn) -> bool:
    """Whether the turn's brief reached its delegate."""
    return turn.running is not None
