"""The mark of a phased item, brought to what its phases say."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.engine.carry.acts import record
from cockpit.paths import Places
from cockpit.select.phases import follow as next_of
from cockpit.spec import Item, Mark, edit, parse


def follow(places: Places, item: Item) -> str:
    """Told anew from the bytes at hand: what the human did meanwhile counts."""
    told = ""

    def op(data: bytes) -> bytes:
        nonlocal told
        now = parse(data).item(item.id)
        step = next_of(now) if now is not None else None
        if step is None:
            return data
        told = f"{item.id}: {step.mark.name.lower()} {line(step.words, 200)}".rstrip()
        data = edit.drop_field(edit.set_mark(data, item.id, step.mark), item.id, "why")
        if not step.words:
            return data
        return edit.set_field(data, item.id, "merged" if step.mark is Mark.DONE else "why", step.words)

    subject = f"Done {item.id}: all its phases" if item.children and next_done(item) else ""
    record(places, "phases", item.id, op, "", subject)
    return told or f"{item.id}: its phases say the same"


def next_done(item: Item) -> bool:
    """Whether the next mark is done."""
    step = next_of(item)
    return step is not None and step.mark is Mark.DONE
