"""One verb for the fields of an item that say how it is done (R240)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cockpit.edits import World, give
from cockpit.errors import Refused
from cockpit.spec import parse
from tests.edits.test_knobs import WORLD

SPEC = b"## Queue\n- [ ] one ^q1\n  - agent: claude\n- [ ] two\n- [x] over ^q3\n"


def given(target: str, key: str, value: str, world: World = WORLD) -> str:
    return give(parse(SPEC), target, {"key": key, "value": value}, world).decode()


def test_a_field_is_written_in_its_place_or_taken_away():
    assert "- [ ] one ^q1\n  - agent: codex\n" in given("q1", "agent", "codex")
    assert "- [ ] one ^q1\n  - agent: claude\n  - paths: src/**\n" in given("q1", "paths", "src/**")
    assert "- [ ] one ^q1\n- [ ] two\n" in given("q1", "agent", "none")


def test_an_item_without_an_id_gets_one():
    target = parse(SPEC).queue[1].id
    assert "- [ ] two ^q4\n  - after: q1\n" in given(target, "after", "q1")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("agnt", "codex", "did you mean agent"),
        ("merged", "4f1c2aa", "no field that can be given"),
        ("verdict", "accept", "no field that can be given"),
        ("after", "q77", "no item has the id"),
        ("after", "q1", "circle|itself"),
        ("kind", "opps", "cannot be `opps`"),
        ("timeout", "soon", "cannot be soon"),
        ("budget", "much", "cannot be much"),
        ("agent", "claude", "already"),
        ("agent", "", "say the agent|needs"),
    ],
)
def test_what_cannot_be_read_back_is_refused(key: str, value: str, words: str):
    with pytest.raises(Refused) as refusal:
        given("q1", key, value)
    assert re.search(words, f"{refusal.value.what} {refusal.value.remedy}")


def test_neither_a_delegate_nor_an_item_that_is_over_is_given_anything():
    with pytest.raises(Refused, match="human"):
        given("q1", "agent", "codex", replace(WORLD, by="delegate/q2"))
    with pytest.raises(Refused):
        given("q3", "agent", "codex")
