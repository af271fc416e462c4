"""The command that says what completes the goal: each open item in its class, and the graph; or changes the goal."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from cockpit import persist, select, steer
from cockpit.clean import line
from cockpit.commands.given import Given, actor, here
from cockpit.learn import reaping
from cockpit.select.goal import Class, Way, ways
from cockpit.spec import Document, parse
from cockpit.spec.graph import graph


def goal(given: Given) -> int:
    """The goal pass (R38 to R42, R64). With words the goal is changed to them, as `reframe` does."""
    found = here(given)
    if given.words:
        print(steer.steer(found, "reframe", "", {"goal": " ".join(given.words)}, actor()))
        return 0
    document = parse(persist.read(found))
    rows = ways(document, select.standings(document), reaping.committed(found, document))
    if given.json:
        told = {"goal": document.goal, "items": rows}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    print("\n".join(_told(document, rows)))
    return 0


def _told(document: Document, rows: list[Way]) -> Iterator[str]:
    yield f"goal: {line(document.goal, 300) or 'none yet: cockpit goal WORDS'}"
    for kind in Class:
        if there := [row for row in rows if row.kind is kind]:
            yield f"\n{kind}"
            for row in there:
                words = f" · {line(row.words, 120)}" if row.words else ""
                yield f"  {line(row.id, 12):<6} {line(row.text, 100)}{words}"
    if rows:
        yield "\norder"
        yield from (f"  {line(id, 12):<6} {line(text, 120)}" for id, text in graph(document, {}))
    else:
        yield "nothing is left in the queue"
