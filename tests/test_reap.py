"""`cockpit reap`: tells what looks dead, strikes what it is told in one commit, and gives it back (R41, R128)."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from cockpit import persist
from cockpit.cli import main
from cockpit.engine import learning
from cockpit.engine.look import look
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from cockpit.steer import steer

SPEC = """\
---
cockpit:
  exit: direct
---
## Goal
Readers see new articles.

## Queue
- [ ] Cap the retries ^q1
- [ ] Fetch in parallel ^q2
- [ ] Show new articles first ^q3

## Backlog
- [ ] cap retries!
- [ ] Paint the logo ^b2
  - from: q3 turn 1 #1
"""


@pytest.fixture
def committed(places: Places, git: Callable[..., str]) -> Places:
    places.spec.write_text(SPEC)
    git("add", "-A")
    git("commit", "-qm", "Begin")
    git("commit", "-q", "--allow-empty", "-m", "Fetch in parallel (q2)")
    return places


def marks(places: Places) -> dict[str, str]:
    return {item.text: item.mark for item in parse(persist.read(places)).items}


def test_without_an_id_it_tells_and_changes_nothing(committed: Places, capsys: pytest.CaptureFixture[str]):
    assert main(["-C", str(committed.root), "reap"]) == 0
    told = capsys.readouterr().out
    assert "q2     Fetch in parallel\n" in told
    assert "“Fetch in parallel (q2)” names it" in told
    assert "cap retries! (backlog)\n       says the same as q1, line 9\n" in told
    assert "b2     Paint the logo (backlog)\n       serves no part of the goal: it came of q3 turn 1" in told
    assert committed.spec.read_text() == SPEC
    assert main(["-C", str(committed.root), "reap", "--json"]) == 0
    assert [row["sort"] for row in json.loads(capsys.readouterr().out)] == ["done", "twice", "adrift"]


def test_what_is_named_is_struck_in_one_commit_with_its_reasons_and_undo_brings_it_back(
    committed: Places, git: Callable[..., str], capsys: pytest.CaptureFixture[str]
):
    assert main(["-C", str(committed.root), "reap", "q2", "b2"]) == 0
    assert capsys.readouterr().out.startswith("reaped q2, b2 · ")
    found = marks(committed)
    assert found["Fetch in parallel"] == found["Paint the logo"] == Mark.STRUCK
    assert found["cap retries!"] == Mark.OPEN
    text = committed.spec.read_text()
    assert "  - why: reaped: serves no part of the goal: it came of q3 turn 1" in text
    said = git("log", "-1", "--format=%B")
    assert said.startswith("Reap q2, b2: q2 ")
    assert "Cockpit-Target: q2, b2\n" in said
    assert git("log", "--format=%s", "-2").splitlines()[1] == "Fetch in parallel (q2)"
    assert main(["-C", str(committed.root), "undo"]) == 0
    assert committed.spec.read_text() == SPEC


def test_all_takes_those_without_an_id_too(committed: Places):
    steer(committed, "reap", words={"which": "b2: serves no part, as the prompt has it"})
    steer(committed, "reap", words={"which": "all"})
    assert [text for text, mark in marks(committed).items() if mark == Mark.STRUCK] == [
        "Fetch in parallel",
        "cap retries!",
        "Paint the logo",
    ]
    with pytest.raises(Refused, match="nothing in queue and backlog looks dead"):
        steer(committed, "reap", words={"which": "all"})


def test_what_lives_is_not_reaped(committed: Places):
    with pytest.raises(Refused, match="q3 does not look dead"):
        steer(committed, "reap", words={"which": "b2 q3"})
    with pytest.raises(Refused, match="no item q99"):
        steer(committed, "reap", words={"which": "q99"})
    assert committed.spec.read_text() == SPEC
    with pytest.raises(Refused, match="the human's to say"):
        steer(committed, "reap", words={"which": "b2"}, by="delegate/q1")


def test_a_calm_signal_offers_it_and_goes(committed: Places):
    def told() -> tuple[str, str, str]:
        events = learning.events(committed, look(committed, None, 0.0), (), 0.0)
        (event,) = (event for event in events if event.key == "learn/reap")
        return event.state, event.level, event.what

    assert told()[:2] == ("offered", "info")
    assert told()[2].startswith("2 items look dead: ")
    steer(committed, "reap", words={"which": "all"})
    assert told()[0] == "closed"
