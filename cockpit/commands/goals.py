"""The command that says what completes the goal: each open item in its class, and the graph; or changes the goal."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cockpit import facts, persist, select, steer
from cockpit.clean import line
from cockpit.commands.given import Given, actor, here
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import exits, since
from cockpit.select.goal import Class, Way, ways
from cockpit.spec import Document, Mark, parse
from cockpit.spec.graph import graph


def goal(given: Given) -> int:
    """The goal pass (R38 to R42, R64). With words the goal is changed to them, as `reframe` does."""
    found = here(given)
    if given.words:
        print(steer.steer(found, "reframe", "", {"goal": " ".join(given.words)}, actor()))
        return 0
    document = parse(persist.read(found))
    rows = ways(document, select.standings(document), _done(found, document))
    if given.json:
        told = {"goal": document.goal, "items": rows}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    print("\n".join(_told(document, rows)))
    return 0


def _done(places: Places, document: Document) -> dict[str, str]:
    """By id, the commit that names an open item though no delegate made it: probably its work was done by hand."""
    open = {item.id for item in document.queue if item.mark is Mark.OPEN and item.touched and not item.value("branch")}
    if not open:
        return {}
    try:
        tip = exits.exit_of(places, document.controls, facts.turns(places.delegates)).tip
        commits = since.since(places, tip, (), files=False) if tip else []
    except CockpitError:
        return {}
    return {
        id: f"{commit.id[:9]} “{line(commit.subject, 60)}” names it: tick it (space) if that was it"
        for commit in reversed(commits)
        if not commit.by
        for id in open & set(re.findall(r"[\w-]+", commit.subject))
    }


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
