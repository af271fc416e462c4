"""An item out of a part of the system, and one that is to be done as another was (R112, R116)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.edits import World, add
from cockpit.errors import Refused
from cockpit.spec import parse
from tests.edits.test_knobs import WORLD

SPEC = b"""## Queue
- [x] Cap the retries ^q1
  - after: q0
  - agent: codex
  - verify: `pytest -q`
  - verify: lint: `ruff check`
  - paths: src/**
  - ticket: PER-9
  - branch: delegate/q1
  - review: 14 pass
  - merged: 3f9c2a1b7d04
- [ ] Fetch in parallel ^q2
"""


def added(words: dict[str, str], target: str = "", world: World = WORLD) -> str:
    return add(parse(SPEC), target, words, world).decode()


def test_an_item_names_the_part_that_it_is_made_of():
    assert added({"text": "Round", "from": "src/a.py:12@3f9c2a1b7d04"}).endswith(
        "- [ ] Fetch in parallel ^q2\n- [ ] Round ^q3\n  - from: src/a.py:12@3f9c2a1b7d04\n"
    )
    with pytest.raises(Refused, match="names no part"):
        added({"text": "Round", "from": "somewhere"})


def test_an_item_like_another_gets_what_shapes_work_and_nothing_that_it_came_to():
    assert added({"text": "Cap the fetches", "like": "^q1"}).endswith(
        "- [ ] Cap the fetches ^q3\n"
        "  - like: q1\n"
        "  - agent: codex\n"
        "  - verify: pytest -q\n"
        "  - verify: lint: `ruff check`\n"
        "  - paths: src/**\n"
    )


def test_what_is_not_merged_is_no_pattern():
    with pytest.raises(Refused, match="q2 is not merged"):
        added({"text": "Again", "like": "q2"})
    with pytest.raises(Refused, match="no item q9"):
        added({"text": "Again", "like": "q9"})


def test_a_delegate_gives_its_proposals_no_fields():
    with pytest.raises(Refused, match="the human's to give"):
        added({"text": "Again", "like": "q1"}, world=replace(WORLD, by="delegate/q2"))


def test_lines_of_other_sections_have_no_fields():
    with pytest.raises(Refused, match="holds lines"):
        added({"text": "See it", "like": "q1", "to": "code map"})
