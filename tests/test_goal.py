"""`cockpit goal`: what is left on the way to the goal, each open item in its class, and the order (R38 to R42, R64)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cockpit.cli import main
from cockpit.paths import Places

SPEC = """\
---
cockpit:
  exit: direct
---
## Goal
Readers see new articles.

## Queue
- [ ] Cap the retries ^q1
- [ ] Deploy it ^q2
  - after: q1, d1
- [ ] Fetch in parallel ^q3

## Decisions
- [?] which host? ^d1
"""


@pytest.fixture
def committed(places: Places, git: Callable[..., str]) -> Places:
    places.spec.write_text(SPEC)
    git("add", "-A")
    git("commit", "-qm", "Begin")
    git("commit", "-q", "--allow-empty", "-m", "Fetch in parallel (q3)")
    return places


def test_the_goal_pass_puts_each_item_in_its_class_and_draws_the_order(
    committed: Places, capsys: pytest.CaptureFixture[str]
):
    assert main(["-C", str(committed.root), "goal"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("goal: Readers see new articles.\n\nprobably done\n  q3     Fetch in parallel · ")
    assert "“Fetch in parallel (q3)” names it: tick it (space)" in told
    assert "actionable now\n  q1     Cap the retries\n" in told
    assert "blocked on a decision\n  q2     Deploy it · waits for q1\n" in told
    assert told.endswith("order\n  q1     Cap the retries\n  q2     └─ Deploy it\n  q3     Fetch in parallel\n")


def test_it_is_told_as_json_too(committed: Places, capsys: pytest.CaptureFixture[str]):
    assert main(["-C", str(committed.root), "goal", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["goal"] == "Readers see new articles."
    assert [(row["id"], row["kind"]) for row in told["items"]] == [
        ("q1", "actionable now"),
        ("q2", "blocked on a decision"),
        ("q3", "probably done"),
    ]


def test_words_change_the_goal(committed: Places, capsys: pytest.CaptureFixture[str]):
    assert main(["-C", str(committed.root), "goal", "Readers", "see", "all"]) == 0
    assert "the goal is changed" in capsys.readouterr().out
    assert "## Goal\nReaders see all\n" in committed.spec.read_text()
