"""The command that says what completes the goal: each open item in its class, and the graph; or changes the goal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import msgspec

from cockpit import facts, persist, select, steer, working
from cockpit.clean import line
from cockpit.commands.given import Given, actor, here
from cockpit.engine import proving
from cockpit.errors import CockpitError
from cockpit.learn import reaping
from cockpit.paths import Places
from cockpit.persist import exits
from cockpit.select.goal import Class, Way, ways
from cockpit.spec import Document, parse
from cockpit.spec.graph import graph
from cockpit.working import Working


def goal(given: Given) -> int:
    """The goal pass (R38 to R42, R64). With words the goal is changed to them, as `reframe` does."""
    found = here(given)
    if given.words:
        print(steer.steer(found, "reframe", "", {"goal": " ".join(given.words)}, actor()))
        return 0
    document = parse(persist.read(found))
    rows = ways(document, select.standings(document), reaping.committed(found, document))
    turns = list(facts.turns(found.delegates))
    works = working.first(found, document, turns)
    base = _base(found, document, turns) if works is not None else ""
    if given.json:
        first = asdict(works) | {"now": base} if works is not None else None
        told = {"goal": document.goal, "works": first, "items": rows}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    print("\n".join(_told(document, rows, works, base)))
    return 0


def _base(places: Places, document: Document, turns: list[facts.Turn]) -> str:
    """Whether what results go to is green now, as its last proof says; nothing is run for it."""
    try:
        to = exits.exit_of(places, document.controls, turns)
    except CockpitError as error:
        return line(error.what, 120)
    base = proving.base_of(places, document, to.target, to.tip, 0.0)
    if base.state == "red":
        return base.words
    said = {"green": "is green", "unknown": "is not checked as it stands now", "none": "is held to no check"}[
        base.state
    ]
    return f"{line(base.name, 60) or 'it'} {said}"


def _told(document: Document, rows: list[Way], works: Working | None, base: str) -> Iterator[str]:
    yield f"goal: {line(document.goal, 300) or 'none yet: cockpit goal WORDS'}"
    if works is not None:
        yield f"first working path: {works.words}\n  now: {base}"
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
