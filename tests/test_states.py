"""Ops and data items: done is a state that a command can see, and nothing is merged (R281, R282)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def world(stage: Stage, *, makes: bool, kind: str = "ops", there: bool = False) -> str:
    """An item whose state is a file outside the repository, and what its delegate does to it."""
    flag = stage.root.parent / "database-is-up"
    if there:
        flag.write_text("up\n")
    stage.script(
        "q1",
        [
            {"write": str(flag) if makes else "notes.txt", "content": "up\n"},
            {"answer": {"status": "done", "summary": "The database is up"}},
        ],
    )
    stage.spec(f"- [ ] Bring the database up ^q1\n  - kind: {kind}\n  - state: `test -f {flag}`\n")
    stage.start()
    return f"test -f {flag}"


@pytest.mark.parametrize("kind", ["ops", "data"])
def test_a_state_that_is_reached_is_proved_and_nothing_is_merged(stage: Stage, kind: str):
    command = world(stage, makes=True, kind=kind)
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="2 pass, 12 n/a; accept")
    assert item.value("before") == f"exit 1: {command}"
    before = facts.read(stage.places.turn("q1", 1), facts.Before)
    after = facts.read(stage.places.turn("q1", 1), facts.After)
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == (1, 0)
    review = stage.turn("q1").review
    assert review is not None
    assert len(review.checks) == 14
    tip = stage.git("rev-parse", "HEAD:README.md")
    stage.steer("accept", "q1")
    done = stage.await_mark("q1", Mark.DONE)
    assert done.value("proof") == f"{command}: exit 0; before: exit 1"
    assert not done.value("merged")
    until("the tick in the history", lambda: stage.events("prove") == ["q1"])
    said = subprocess.run([*stage.program, "explain", "q1"], check=True, capture_output=True, text=True).stdout
    assert "proved" in said
    assert "waits for your verdict" not in said
    assert stage.git("log", "--merges", "--oneline") == ""
    assert stage.git("rev-parse", "HEAD:README.md") == tip


def test_a_state_that_is_not_reached_goes_back(stage: Stage):
    command = world(stage, makes=False)
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="1 pass, 1 fail (verification), 12 n/a; iterate")
    assert item.value("before") == f"exit 1: {command}"


def test_what_is_so_already_is_put_to_the_human_and_may_be_ticked(stage: Stage):
    world(stage, makes=True, there=True)
    item = stage.await_mark("q1", Mark.NEEDS_YOU, asks="already so: ")
    assert not item.value("branch")
    assert stage.sessions() == []
    stage.steer("tick", "q1")
    stage.await_mark("q1", Mark.DONE)


def test_an_item_of_that_kind_without_a_state_check_does_not_begin(stage: Stage):
    stage.spec("- [ ] Rotate the keys ^q1\n  - kind: ops\n")
    stage.start()
    item = stage.await_mark("q1", Mark.BLOCKED)
    assert item.value("why") == "kind: ops needs state: with the command that tells when it is done"
