"""What the table refuses is not carried out: no tampering brings into a target what nobody said yes to (R62, R63)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest

from cockpit import facts, select
from cockpit.engine.carry import carry
from cockpit.engine.edges import Edges
from cockpit.engine.look import look
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark, edit
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def reviewed(stage: Stage, **controls: str) -> facts.Turn:
    """An item under review, and no engine any more."""
    stage.spec("- [ ] Write a ^q1\n", **controls)  # pyright: ignore[reportArgumentType]
    stage.script("q1", edit_and_commit("a.txt", "hello\n"), edit_and_commit("a.txt", "hi\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.stop()
    turn = stage.turn("q1")
    assert turn.review is not None
    return turn


def tampered(turn: facts.Turn, **changes: str) -> facts.Turn:
    """The same with a review that says something else, on disk too."""
    assert turn.review is not None
    facts.write(turn.folder, msgspec.structs.replace(turn.review, **changes))
    found = facts.load(turn.folder)
    assert found is not None
    return found


def say(stage: Stage, verdict: str) -> None:
    stage.places.spec.write_bytes(edit.set_field(stage.places.spec.read_bytes(), "q1", "verdict", verdict))


def test_a_merge_needs_a_yes_to_exactly_what_was_reviewed(stage: Stage):
    turn = reviewed(stage)
    assert turn.review is not None
    before = stage.git("rev-parse", "main")
    seen = look(stage.places, None, time.time())
    merge = select.Merge(turn, stage.item("q1"))
    for verdict in ("accept 0123456789abcdef", "reject", "accept 0"):
        say(stage, verdict)
        with pytest.raises(Refused, match="nobody said yes to exactly what was reviewed"):
            carry(stage.places, seen, merge)
    say(stage, f"accept {turn.review.head[:12]}")
    tampered(turn, head="0" * 40)
    with pytest.raises(Refused, match="what was reviewed is another result"):
        carry(stage.places, seen, merge)
    assert stage.git("diff", "--stat", before, "main", "--", "a.txt") == ""
    facts.write(turn.folder, turn.review)
    carry(stage.places, seen, merge)
    assert stage.git("show", "main:a.txt") == "hello"


def test_auto_says_no_yes_to_what_did_not_pass_though_it_passed_when_it_was_planned(stage: Stage):
    turn = reviewed(stage, verify="true")
    stage.places.spec.write_text(stage.places.spec.read_text().replace("copilot", "auto").replace("[verdict]", "none"))
    seen = look(stage.places, None, time.time())
    (step,) = seen.plan.steps
    assert isinstance(step, select.Verdict)
    assert step.verb == "accept"
    turn = tampered(turn, recommendation="iterate")
    with pytest.raises(Refused, match="the checks do not recommend q1"):
        carry(stage.places, seen, step)
    assert stage.item("q1").value("verdict") == ""
    say(stage, "accept")  # a word without a commit, whoever wrote it
    assert not any(isinstance(step, select.Merge) for step in look(stage.places, None, time.time()).plan.steps)
    assert Edges().refuse(look(stage.places, None, time.time()), select.Merge(turn, stage.item("q1")), "q1")


def test_a_tick_over_a_result_that_did_not_pass_is_put_back_and_says_so(stage: Stage):
    reviewed(stage, verify="false")
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("- [?] Write a", "- [x] Write a"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, why="ticked, but its review does not recommend it")
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE, merged="")
    assert stage.git("show", "main:a.txt") == "hello"


def test_each_change_of_state_is_in_the_log_with_its_rule(stage: Stage):
    reviewed(stage)
    log = stage.places.local / "engine.log"
    stage.start()
    stage.steer("iterate", "q1", note="once more")
    until("the edge", lambda: "q1: Agent Running -> Verify (R56)" in log.read_text())
