"""The completion graph of the queue: what can begin first, below it what waits for that (R42). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from cockpit.spec.document import Document
from cockpit.spec.item import Item, Mark


def graph(document: Document, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """A row (id, text, indented by what comes before it) for each item of the queue that is neither done nor struck.

    `words` by id go behind the text.

    An item that waits for several stands below the one that comes last in the document, and names the others. One
    that waits in a circle, or for what the queue has not, stands where it stands in the queue.
    """
    open = [item for item in document.queue if item.mark not in (Mark.DONE, Mark.STRUCK)]
    place = {item.id: at for at, item in enumerate(open)}
    waits = {item.id: [id for id in document.after.get(item.id, ()) if id in place] for item in open}
    below: dict[str, list[Item]] = {}
    roots: list[Item] = []
    for item in open:
        if waits[item.id] and item.id not in document.circular:
            below.setdefault(max(waits[item.id], key=place.__getitem__), []).append(item)
        else:
            roots.append(item)
    rows = list[tuple[str, str]]()
    waiting = [(item, 0, "") for item in reversed(roots)]
    while waiting:
        item, depth, above = waiting.pop()
        others = [id for id in waits[item.id] if id != above]
        also = f"after {', '.join(others)} too" if others and above else f"after {', '.join(others)}" if others else ""
        behind = "; ".join(said for said in (words.get(item.id, ""), also) if said)
        stem = f"{'   ' * (depth - 1)}└─ " if depth else ""
        rows.append((item.id, f"{stem}{item.text}{f' · {behind}' if behind else ''}"))
        waiting.extend((later, depth + 1, item.id) for later in reversed(below.get(item.id, [])))
    return rows
