"""What holds or does not, as its source tells it: a new state leaves nothing of the one before."""

from __future__ import annotations

from cockpit.sense.events import Event
from cockpit.sense.ranker import Ranker


def say(ranker: Ranker, state: str, at: float) -> tuple[str, ...]:
    """The chips of q1's row once its delegate is in that state; the head is another item."""
    ranker.feed(
        Event(
            source="delegate", kind="delegate.state", key="delegate/q1", item="q1", delegate="q1", state=state,
            what=f"q1 {state}", at=at,
        )
    )  # fmt: skip
    return next((signal.reasons for signal in ranker.rank(at + 1) if signal.key == "delegate/q1"), ())


def test_a_result_that_waits_for_a_verdict_no_longer_says_that_the_review_follows():
    ranker = Ranker()
    assert "finished, review follows" in say(ranker, "finished", 1000.0)
    assert say(ranker, "reviewed", 1010.0) == ("waits for your verdict",)


def test_a_state_that_only_informs_no_longer_says_what_was_needed():
    ranker = Ranker()
    assert "asks a question" in say(ranker, "asks", 1000.0)
    assert "asks a question" not in say(ranker, "finished", 1010.0)
