"""An item from dispatch to review, done by each real agent."""

from __future__ import annotations

from tests.agents.conftest import Play


def test_it_does_an_item_and_hands_it_in(play: Play):
    play.model.scenarios = {"work": play.work()}
    play.dispatch("work", verify="grep -q hello a.txt")
    item = play.ended()
    turn = play.stage.turn("q1")
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.exit) == ("finished", 0)
    assert turn.answer is not None
    assert (turn.answer.status, turn.answer.summary, turn.answer.source) == ("done", "Wrote it.", "agent")
    assert play.stage.git("log", "-1", "--format=%s", "delegate/q1") == "Write a.txt"
    assert item.value("review").endswith("accept")
    assert play.used().tokens == play.model.tokens
    assert len(play.steps()) == 3
