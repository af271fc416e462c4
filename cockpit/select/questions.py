"""What is put to the human before an item is sent, and taken back once it is no longer so (R29, R66, R164)."""

from __future__ import annotations

from cockpit.select.steps import Question, World
from cockpit.spec import Document, Item, clear, gates, sizes
from cockpit.spec.questions import asked


def question(item: Item, document: Document, world: World) -> Question | None:
    """The question about the head, before its first turn: it says no task yet, or too large a one."""
    if world.turns.get(item.id) is not None or not item.touched:
        return None
    words = doubt(item, document)
    return Question(item, words) if words else None


def answered(document: Document, world: World) -> list[Question]:
    """The questions that need no answer any more: the item was reworded, split, phased or cut down by hand."""
    return [
        Question(item, "")
        for item in document.walk()
        if asked(item)
        and world.turns.get(item.id) is None
        and not doubt(item, document).startswith(item.value("asks").partition(" ")[0])
    ]


def doubt(item: Item, document: Document) -> str:
    """What is asked about the item in place of its brief; empty when it is sent as it is."""
    controls = document.controls
    proved = controls.exit != "direct" or "verdict" in gates.closed(item, controls)
    if words := clear.unclear(item, controls, proved=proved):
        return f"{clear.ASKS}{words}; reword it (e), or accept (a) to send it as it is"
    if words := sizes.oversize(item, controls, _words(item, document)):
        return f"{sizes.ASKS}{words}; split it (|), phase it (F), or accept (a) to send it whole"
    return ""


def _words(item: Item, document: Document) -> str:
    """All that the item says, without the question itself."""
    text = document.data[item.span.start : item.span.end].decode(errors="replace")
    return text.replace(item.value("asks"), "")
