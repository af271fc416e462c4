"""Deciding: both decisions stay, each with its reason; a question is settled by a yes."""

from __future__ import annotations

import pytest

from cockpit.errors import Refused
from cockpit.spec import decisions, parse
from cockpit.verbs import BY_NAME
from tests.test_verbs import refused, say, world

TEXT = """\
## Decisions
- [x] maybe a CRDT ^d1
  - because: edits collide
- [?] names in upper case? ^d2
  - recommended: lower
"""


def decide(words: str, spec: str = TEXT, **more: str) -> str:
    change = BY_NAME["decide"].edit
    assert change is not None
    return change(parse(spec.encode()), "", {"text": words, **more}, world()).decode()


def states(text: str) -> dict[str, str]:
    return {entry.id: entry.state for entry in decisions(parse(text.encode()))}


def test_a_decision_is_written_with_its_reason():
    assert decide("use sqlite", because="fast") == TEXT + "- [x] use sqlite ^d3\n  - because: fast\n"


def test_the_first_decision_makes_the_section():
    assert decide("use sqlite", "## Queue\n") == "## Queue\n\n## Decisions\n- [x] use sqlite ^d1\n"


def test_a_decision_that_replaces_another_keeps_both_with_their_reasons():
    text = decide("three-way merge", because="enough here", supersedes="d1")
    assert text.startswith(
        "## Decisions\n- [-] maybe a CRDT ^d1\n  - because: edits collide\n  - superseded: d3\n- [?] names"
    )
    assert text.endswith("- [x] three-way merge ^d3\n  - because: enough here\n  - supersedes: d1\n")
    assert states(text) == {"d1": "superseded", "d2": "open", "d3": "standing"}


def test_replacing_needs_a_reason_and_something_that_stands():
    with pytest.raises(Refused, match="needs its reason"):
        decide("b", supersedes="d1")
    with pytest.raises(Refused, match="is no decision"):
        decide("b", because="x", supersedes="q1")
    once = decide("b", because="x", supersedes="d1")
    with pytest.raises(Refused, match="superseded by d3 already"):
        decide("c", once, because="y", supersedes="d1")
    with pytest.raises(Refused, match="stands already"):
        decide("b", once)


def test_accepting_an_open_question_decides_it():
    text = say("accept", "d2", TEXT)
    assert text == TEXT.replace("[?]", "[x]")
    assert "is done" in refused("accept", "d1", TEXT)
