"""The order of what our own sources say: the ranking as it is live, sources and ranker together."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.facts import Check, Review
from cockpit.persist.since import Commit
from cockpit.sense import (
    Event,
    Ranker,
    Signal,
    attention_events,
    correction_events,
    delegate_events,
    git_events,
    queue_events,
    rows,
    settled_events,
    verification_events,
)
from cockpit.spec import parse
from cockpit.spec.corrections import Correction

SPEC = b"""## Queue
- [ ] the head ^q1
  - after: q2
- [?] second ^q2
- [?] third ^q3
- [!] fourth ^q4
"""
NOW = 10_000.0


def ranked(*events: Event, spec: bytes = SPEC, now: float = NOW) -> list[Signal]:
    ranker = Ranker()
    for event in [*queue_events(parse(spec), paused="", at=1.0), *events]:
        ranker.feed(event)
    return ranker.rank(now)


def keys(signals: Sequence[Signal]) -> list[str]:
    return [signal.key for signal in signals]


def delegates(**states: str) -> list[Event]:
    return delegate_events([(item, state, "said so", NOW - 30) for item, state in states.items()])


def failing(item: str) -> list[Event]:
    check = Check(number=2, name="verification", result="fail", evidence="exit 1")
    return verification_events(item, Review(base="a", head="b", recommendation="iterate", checks=[check], at=NOW - 20))


def test_what_the_head_waits_for_goes_before_what_is_louder():
    order = keys(ranked(*delegates(q2="reviewed", q4="asks")))
    assert order.index("delegate/q2") < order.index("delegate/q4")


def test_who_asks_goes_before_what_waits_for_a_verdict():
    order = keys(ranked(*delegates(q3="reviewed", q4="asks")))
    assert order.index("delegate/q4") < order.index("delegate/q3")


def test_failing_verification_is_told_beside_the_verdict_it_is_for():
    assert "verification/q3" in keys(ranked(*delegates(q3="reviewed"), *failing("q3")))


def test_a_verification_that_could_not_run_stands_as_a_warning_until_one_runs():
    check = Check(number=2, name="verification", result="broken", evidence="git failed")
    unable = verification_events(
        "q3", Review(base="a", head="b", recommendation="iterate", checks=[check], at=NOW - 20)
    )
    found = {signal.key: signal for signal in ranked(*unable)}["verification/q3"]
    assert (found.level, found.what) == ("warning", "verification of q3 could not run")


def test_what_is_over_is_no_signal():
    order = keys(ranked(*delegates(q4="asks"), *failing("q4"), *settled_events("q4", NOW)))
    assert not {"delegate/q4", "verification/q4"} & set(order)


def test_commits_and_corrections_rank_behind_delegates_that_need_you():
    correction = Correction("q3", 1, "q3 turn 1: done", "not the real issue", "", "> no", 30)
    order = keys(
        ranked(
            *git_events("main", [Commit("a" * 40, (), NOW - 5, "", "Ada", "Fix", "")], NOW - 5),
            *correction_events([correction], [], NOW - 5),
            *delegates(q4="asks"),
        )
    )
    assert next(key for key in order if key != "queue") == "delegate/q4"


def test_every_signal_says_why_in_short_words_and_in_numbers():
    for signal in ranked(*delegates(q2="asks", q3="reviewed", q4="lost"), *failing("q3")):
        assert signal.reasons
        assert all(0 < len(reason) <= 40 for reason in signal.reasons)
        assert signal.terms
        assert signal.closes


def test_a_mute_of_the_document_puts_its_signal_on_the_shelf_and_its_end_wakes_it():
    muted = b"## Muted\n- `delegate/q4` until it changes: known (2026-11-21 10:12) ^m1\n"
    ranker = Ranker()
    for event in [*delegates(q4="asks"), *attention_events(parse(muted), [], NOW)]:
        ranker.feed(event)
    assert "delegate/q4" not in keys(ranker.rank(NOW))
    assert [(signal.key, signal.muted) for signal in ranker.shelf] == [("delegate/q4", "known")]
    for event in delegate_events([("q4", "lost", "gone", NOW + 60)]):
        ranker.feed(event)
    (woken,) = (signal for signal in ranker.rank(NOW + 60) if signal.key == "delegate/q4")
    assert woken.reasons[0].startswith("unmuted")


def test_a_mute_that_is_taken_back_shows_its_signal_again():
    muted = b"## Muted\n- `delegate/q4` until always: known (2026-11-21 10:12) ^m1\n"
    ranker = Ranker()
    for event in [*delegates(q4="asks"), *attention_events(parse(muted), [], NOW)]:
        ranker.feed(event)
    for event in attention_events(parse(b""), ["mute/m1"], NOW + 1):
        ranker.feed(event)
    assert "delegate/q4" in keys(ranker.rank(NOW + 1))


def test_rows_of_the_spec_hold_a_time_that_does_not_tick():
    signals = ranked(*delegates(q4="lost"))
    assert rows(signals) == rows(ranked(*delegates(q4="lost"), now=NOW + 3000))
