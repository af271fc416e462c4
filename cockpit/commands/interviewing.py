"""The interview at the scope gate: ticket, OpenSpec change, agent and model, one question each (R240)."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable

from cockpit.clean import line, redact
from cockpit.commands.given import actor
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.spec.interview import Question

SHOWN = 20
"""Choices that are listed."""
Reads = Callable[[str], str]


def ask(found: Places, target: str) -> int:
    """Ask the human for each, enter skips; what was said is one commit. Where no scope gate is nothing is asked (R241).

    Raises CockpitError without a terminal, and for an item that is not there.
    """
    from cockpit import persist
    from cockpit.edits.world import item_of
    from cockpit.persist import exits
    from cockpit.spec import gates, parse

    if actor() != "human":
        raise Refused("the scope of an item is the human's to say", where=actor(), remedy="answer asks")
    document = parse(persist.read(found))
    item = item_of(document, target)
    if "scope" not in gates.closed(item, document.controls):
        print(f"{line(item.id, 40)} has no scope gate: its scope is read from what stands there, nothing is asked")
        return 0
    if not sys.stdin.isatty():
        remedy = f"cockpit give {line(item.id, 40)} ticket|openspec|agent|model VALUE"
        raise CockpitError("nobody can be asked here", where="no terminal", remedy=remedy)
    to = exits.exit_of(found, document.controls, ()).target.removeprefix("refs/heads/")
    print(f"{line(item.id, 40)}: {line(item.text, 120)}\nrepository {found.root}, results go to {line(to, 80)}")
    try:
        given = _answers(found, document.data, item.id, input)
    except EOFError:
        print("\nnothing was changed")
        return 0
    return _write(found, item.id, given)


def _answers(found: Places, data: bytes, id: str, read: Reads) -> dict[str, str]:
    """What the human says to each question; each answer is tried, and asked for again while it makes no sense."""
    from cockpit import steer
    from cockpit.act import agents
    from cockpit.edits.fields import NONE, give_all
    from cockpit.edits.world import item_of
    from cockpit.spec import globs, parse
    from cockpit.spec.interview import interview
    from cockpit.spec.openspec import LISTED, changes

    there = changes(globs.files(found.root, LISTED))
    known = _agents(found)
    world, given = steer.world(found), dict[str, str]()

    def answer(question: Question) -> str:
        while value := _chosen(question, read(_prompt(question))):
            try:
                if question.key == "agent" and value != NONE:
                    agents.load(value, found.root)
                give_all(data, id, given | {question.key: value}, world)
            except CockpitError as error:
                print(f"  {line(str(error), 200)}")
                continue
            return value
        return ""

    for key in ("ticket", "openspec", "agent", "model"):
        document = parse(give_all(data, id, given, world))
        asked = interview(document, item_of(document, id), there, known)
        question = next((one for one in asked if one.key == key), None)
        if question is not None and (value := answer(question)):
            given[key] = value
    return given


def _agents(found: Places) -> list[str]:
    """Those whose program is here; one that cannot be read is passed over."""
    from cockpit.act import agents

    there: list[str] = []
    for name in agents.names(found.root):
        with contextlib.suppress(CockpitError):
            if agents.installed(agents.load(name, found.root)):
                there.append(name)
    return there


def _prompt(question: Question) -> str:
    rows = [f"\n{question.words} ({line(question.now, 80) or 'not said'}; enter leaves it)"]
    rows += [f"  {number} {line(choice, 80)}" for number, choice in enumerate(question.choices[:SHOWN], 1)]
    return "\n".join([*rows, f"{question.key}: "])


def _chosen(question: Question, said: str) -> str:
    """The words, or the choice of that number."""
    words = redact(said.strip())
    choices = question.choices[:SHOWN]
    return choices[int(words) - 1] if words.isdecimal() and 0 < int(words) <= len(choices) else words


def _write(found: Places, id: str, given: dict[str, str]) -> int:
    from cockpit import persist, steer
    from cockpit.edits.fields import give_all
    from cockpit.spec import gates, parse

    if not given:
        print("nothing was changed")
        return 0
    world = steer.world(found)
    told = "; ".join(f"{key}: {line(value, 60)}" for key, value in given.items())
    act = persist.Act(verb="give", target=id, by="human", reason=told)
    receipt = persist.record(found, lambda data: give_all(data, id, given, world), act)
    print(f"{line(id, 40)} · {told}" + (f" (not committed yet: {receipt.held})" if receipt.held else ""))
    item = parse(receipt.after).item(id)
    if item is not None and gates.at_scope(item):
        print("its brief is made again, and waits for your word")
    return 0
