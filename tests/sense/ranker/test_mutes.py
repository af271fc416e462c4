"""Mutes: what they hide, what wakes, and that the head's blocker is never hidden."""

from __future__ import annotations

from cockpit.sense import pause
from tests.sense.ranker.stream import Stream


def mute(stream: Stream, target: str, until: str = "it changes") -> None:
    stream.say("user.mute", "mute/m1", "muted", what="known", attrs={"target": target, "until": until})


def fails(stream: Stream, key: str, *, what: str = "", source: str = "ci", level: str = "error") -> None:
    stream.say("", key, "failing", source=source, what=what or f"{key} fails", level=level)


def test_a_mute_of_a_source_hides_all_it_says_and_what_changes_wakes_alone():
    stream = Stream()
    fails(stream, "a")
    fails(stream, "b")
    fails(stream, "c", source="cron")
    mute(stream, "source:ci")
    assert stream.keys() == ["c"]
    assert {signal.mute for signal in stream.ranker.shelf} == {"mute/m1"}
    fails(stream, "a", what="a fails with another error", level="critical")
    first = stream.rank()[0]
    assert (first.key, first.reasons[0]) == ("a", "unmuted: level changed")
    assert [signal.key for signal in stream.ranker.shelf] == ["b"]
    assert not stream.ranker.people.ended


def test_a_mute_of_a_rule_or_a_path_hides_findings():
    stream = Stream()
    for name in ("a", "b"):
        stream.say("finding", f"ruff:E501:{name}", "open", source="ruff", level="error", paths=(f"src/{name}/x.py",),
                   attrs={"tool": "ruff", "rule": "E501"})  # fmt: skip
    mute(stream, "path:src/a/**")
    assert stream.keys() == ["ruff:E501:b"]
    stream.say("user.mute", "mute/m2", "muted", what="known", attrs={"target": "rule:ruff/E501", "until": "always"})
    assert stream.keys() == []


def test_a_mute_of_one_signal_is_over_when_it_changes():
    stream = Stream()
    fails(stream, "a")
    mute(stream, "a")
    assert stream.keys() == []
    fails(stream, "a", what="it can't connect")
    assert stream.rank()[0].reasons[0] == "unmuted: error changed"
    assert stream.ranker.people.ended == {"mute/m1": "error changed"}
    stream.say("user.mute", "mute/m1", "closed")
    assert stream.keys() == ["a"]


def test_a_mute_for_a_time_is_over_when_it_is_over_even_of_what_is_not_there():
    stream = Stream()
    fails(stream, "a")
    mute(stream, "a", "30m")
    stream.say("", "a", "passing", source="ci")
    stream.rank(after=1801.0)
    assert stream.ranker.people.ended == {"mute/m1": "its time is over"}


def test_no_mute_hides_what_the_head_waits_for():
    stream = Stream()
    stream.say("pending", "P1", "open", what="TODO: pick a default")
    stream.say("queue.state", "main", "blocked", item="q1", attrs={"blocked_by": "P1"})
    mute(stream, "P1", "always")
    assert [(signal.key, signal.blocks) for signal in stream.rank()] == [("P1", True)]


def test_a_muted_blocker_stays_in_sight_and_pauses_nothing():
    stream = Stream()
    stream.say("queue.state", "queue", "running", item="q1", attrs={"blocked_by": []})
    stream.say("loop", "loop/answered/q1", "answered", what="answered 3 times", level="error", item="q1")
    stream.say("queue.state", "queue", "blocked", item="q1", attrs={"blocked_by": ["loop/answered/q1"]})
    assert pause(stream.rank()) == "a stale loop: answered 3 times (mute loop/answered/q1 to go on)"
    mute(stream, "loop/answered/q1")
    rows = {row.key: row for row in stream.rank()}
    row = rows["loop/answered/q1"]
    assert (row.blocks, row.mute, row.muted) == (True, "mute/m1", "")
    assert pause([*rows.values()]) == ""
    stream.say("loop", "loop/answered/q1", "answered", what="answered 4 times, something else", level="critical",
               item="q1")  # fmt: skip
    assert pause(stream.rank()), "it changed, so the mute is over"


def test_said_anew_under_the_same_id_it_is_another_mute():
    stream = Stream()
    fails(stream, "a")
    mute(stream, "a", "30m")
    assert stream.keys(after=2000.0) == ["a"]
    mute(stream, "a", "always")
    assert stream.keys() == []


def test_not_the_real_issue_is_a_mute_until_it_changes_and_its_like_weigh_less():
    stream = Stream()
    fails(stream, "a")
    before = stream.rank()[0].score
    stream.say("user.correction", "mute/m1", "muted", what="not the real issue: the clock is off",
               attrs={"type": "not the real issue", "target": "a", "until": "it changes", "made": "1"})  # fmt: skip
    assert stream.keys() == []
    assert stream.ranker.shelf[0].muted == "not the real issue: the clock is off"
    stream.say("user.mute", "mute/m1", "closed")
    fails(stream, "b")
    rows = stream.rank()
    assert [signal.key for signal in rows] == ["a", "b"]
    assert all(signal.score < before for signal in rows)
    assert any(term.name == "taste" and term.words == "you usually mute ci" for term in rows[0].terms)
