"""Whatever is told in whatever order: the ranking answers, keeps its memory bounded, and hides nothing for long."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense.events import Event
from cockpit.sense.ranker import Ranker
from cockpit.sense.ranker import family as families
from cockpit.sense.ranker import jobs as held
from tests.sense.ranker.stream import Stream

KINDS = sorted({*Ranker().kinds, "", "weather", "ci.run.odd"})
WORDS = st.sampled_from(["", "a", "web", "web/3", "P1", "x" * 120, "é", "0", "None", "suite-1", "-", "[]"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)
NAMES = ["type", "claim", "target", "blocked_by", "position", "deps", "hunk", "before", "after", "out", "err", "round",
         "rounds", "level", "tries", "named", "role", "until", "mode", "tool"]  # fmt: skip
EVENTS = st.builds(
    Event,
    source=WORDS,
    what=WORDS | st.sampled_from(["FAILED a::b - E: x", "error: no space left on device", "Tests: 1 failed, 2 total"]),
    at=st.floats(min_value=-1e9, max_value=4e9, allow_nan=False),
    id=st.integers(min_value=-3, max_value=9),
    kind=st.sampled_from(KINDS),
    key=WORDS,
    state=st.sampled_from(
        ["", *["fail", "pass", "started", "failed", "passed", "open", "closed", "blocked", "paused", "odd"]]
    ),
    level=st.sampled_from(["debug", "info", "warning", "error", "critical"]),
    run=WORDS,
    commit=WORDS,
    paths=st.lists(WORDS, max_size=2).map(tuple),
    item=WORDS,
    delegate=WORDS,
    attrs=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.floats(min_value=-1e6, max_value=1e6)), max_size=25))
def test_no_event_of_any_kind_with_any_fields_breaks_the_ranking(told: list[tuple[Event, float]]):
    ranker = Ranker()
    for event, drift in told:
        ranker.feed(event)
        for signal in ranker.rank(event.at + drift):
            assert len(signal.events) <= 10
            assert signal.reasons
            assert all(0 < len(reason) <= 40 for reason in signal.reasons)
    assert len({signal.family for signal in ranker.rank(1.8e9)}) == len(ranker.rank(1.8e9))


def test_the_same_event_delivered_again_changes_nothing():
    stream = Stream()
    for _ in range(3):
        stream.id = 4
        stream.ranker.feed(
            Event(source="ci", kind="user.correction", key="tone", what="be short", at=stream.now, id=5, attrs={})
        )
    assert stream.keys() == []


def test_a_sender_that_counts_anew_is_heard():
    stream = Stream()
    for key in ("a", "b"):
        what = f"{key} is off"
        stream.ranker.feed(
            Event(source="hook", kind="preflight", key=key, state="fail", what=what, at=stream.now, id=1)
        )
    assert sorted(stream.keys()) == ["a", "b"]


def test_an_event_from_the_future_is_of_now():
    stream = Stream()
    stream.now += 1e6
    stream.say("test.result", "t::a", "fail", what="FAILED t::a - E: x", run="r-1", level="error")
    stream.now -= 1e6
    stream.rank()
    (signal,) = stream.rank(after=20)
    assert signal.key == "t::a"
    assert signal.since <= stream.now


def test_a_clock_set_back_hides_nothing_and_fades_nothing_for_ever():
    stream = Stream()
    stream.say("preflight", "disk", "fail")
    assert stream.keys() == ["disk"]
    stream.now -= 7200
    assert stream.keys() == ["disk"]
    stream.say("finding", "style", what="odd style", level="warning")
    assert sorted(stream.keys()) == ["disk", "style"]
    assert stream.keys(after=6 * 3600) == []


def test_a_green_run_is_judged_after_the_clock_was_set_back():
    stream = Stream()
    stream.say("ci.run", "site", "started", run="site-1")
    stream.say("log.line", "site", what="all rendered", run="site-1")
    stream.say("ci.run", "site", "passed", run="site-1")
    stream.now -= 3600
    stream.rank()
    stream.rank(after=10)
    assert stream.ranker.runs.jobs["site"].greens == 1


def test_results_out_of_order_end_as_they_would_in_order():
    def said(order: list[int]) -> list[tuple[str, str]]:
        ranker, now = Ranker(), 1.79e9
        told = [Event(source="ci", kind="ci.run", key="suite", state="started", what="", run="suite-1", at=now, id=1)]
        told += [
            Event(source="ci", kind="test.result", key=f"t::{n}", state="fail" if n % 4 == 0 else "pass",
                  what=f"FAILED t::{n} - E: x{n}" if n % 4 == 0 else "", run="suite-1", at=now + n, id=n + 2)
            for n in range(8)
        ]  # fmt: skip
        for number in order:
            ranker.feed(told[number])
        end = Event(source="ci", kind="ci.run", key="suite", state="failed", what="", run="suite-1", at=now + 9, id=99)
        ranker.feed(end)
        return sorted((row.key, row.state) for row in ranker.rank(now + 20))

    order = list(range(9))
    plain = said(order)
    assert plain == [("suite", "red"), ("t::0", "failing"), ("t::4", "failing")]
    for seed in range(5):
        random.Random(seed).shuffle(order)
        assert said(order) == plain


def test_shuffled_time_hurts():
    """The ranking reads states in their order: the same words in any order are another story."""
    states = ["pass", "pass", "pass", "pass", "fail", "fail"]
    events = [
        Event(source="ci", kind="test.result", key="t::a", state=state, what=state, run=f"r{n}", at=1.79e9 + 60 * n)
        for n, state in enumerate(states)
    ]
    ordered, shuffled = Ranker(), Ranker()
    for event in events:
        ordered.feed(event)
    for event in reversed(events):
        shuffled.feed(event)
    assert ordered.rank(1.79e9 + 400)
    assert not shuffled.rank(1.79e9 + 400)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rules with smaller numbers."""
    monkeypatch.setattr(families, "FAMILIES", 200)
    monkeypatch.setattr("cockpit.sense.ranker.runs.HELD", 500)


@pytest.mark.usefixtures("small")
def test_closed_families_are_forgotten_first_and_what_holds_up_the_head_last():
    stream = Stream()
    stream.say("pending", "P1", "open", what="choose a name")
    stream.say("queue.state", "web", "blocked", item="web/2", attrs={"blocked_by": "P1"})
    stream.say("preflight", "disk", "fail")
    for number in range(150):
        stream.say("preflight", f"was{number}", "fail", after=1)
        stream.say("preflight", f"was{number}", "ok", after=1)
    for number in range(120):
        stream.say("finding", f"odd{number}", what=f"odd words {'x' * number}", level="warning", after=1)
    kept = stream.ranker.board.families.all
    assert len(kept) <= 200
    assert {"pending:P1", "preflight:disk"} <= kept.keys()
    assert stream.keys()[0] == "P1"


@pytest.mark.usefixtures("small")
def test_lines_of_many_runs_and_jobs_are_held_up_to_a_number():
    stream = Stream()
    for job in range(40):
        for end in ("passed", ""):
            run = f"job{job}-{end or 'open'}"
            stream.say("ci.run", f"job{job}", "started", run=run)
            for number in range(60):
                stream.say("log.line", f"job{job}", what=f"said {'y' * number} by {'z' * job}", run=run, after=0.01)
            if end:
                stream.say("ci.run", f"job{job}", end, run=run)
                stream.rank(after=10)
    runs = stream.ranker.runs
    assert runs.held == sum(len(run.lines) for run in runs.runs.values()) <= 500
    assert sum(len(job.known) for job in runs.jobs.values()) <= held.HELD
    assert len(runs.jobs) <= held.JOBS


def test_what_only_happened_is_closed_when_it_has_faded():
    stream = Stream()
    stream.say("finding", "style", what="odd style", level="warning")
    assert stream.keys() == ["style"]
    assert stream.keys(after=6 * 3600) == []
    assert not stream.ranker.board.families.live
