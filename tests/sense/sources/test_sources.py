"""Sources: what they make of facts."""

from __future__ import annotations

from cockpit.facts import Check, Review
from cockpit.persist.since import Commit
from cockpit.sense import (
    correction_events,
    delegate_events,
    git_events,
    settled_events,
    spec_events,
    verification_events,
)
from cockpit.spec import Change
from cockpit.spec.corrections import Correction


def review(**failing: str) -> Review:
    names = {2: "verification", 3: "scope", 13: "conflicts"}
    checks = [
        Check(number=number, name=name, result="fail" if name in failing else "pass", evidence=failing.get(name, ""))
        for number, name in names.items()
    ]
    return Review(base="a", head="b", recommendation="iterate", checks=checks, at=5.0)


def test_a_delegate_that_needs_you_is_an_alert():
    (event,) = delegate_events([("q1", "asks", "answer.json: \x1b[31mwhich one?", 3.0)])
    assert (event.key, event.state, event.level, event.action, event.at) == (
        "delegate/q1",
        "asks",
        "error",
        "answer",
        3.0,
    )
    assert event.evidence == "answer.json: which one?"


def test_a_dead_delegate_names_how_it_ended():
    states = [event.state for event in delegate_events([("a", "timeout", "", 1.0), ("b", "lost", "", 1.0)])]
    assert states == ["timeout", "lost"]


def test_what_is_over_closes_all_that_was_told_of_it():
    told = {event.key for event in settled_events("q1", 2.0) if event.closes}
    assert told == {"delegate/q1", "session/q1", "verification/q1", "checks/q1"}


def test_an_unknown_state_closes():
    assert delegate_events([("a", "dreaming", "", 1.0)])[0].closes


def test_a_failing_verification_and_other_checks_are_told_apart():
    failing, checks = verification_events("q1", review(verification="exit 1", scope="outside"))
    assert (failing.state, failing.level, failing.evidence) == ("failing", "error", "exit 1")
    assert (checks.what, checks.evidence) == ("checks of q1: scope", "scope: outside")


def broken(number: int, name: str, *others: Check) -> Review:
    check = Check(number=number, name=name, result="broken", evidence="git failed")
    return Review(base="a", head="b", recommendation="iterate", checks=[check, *others], at=5.0)


def test_a_verification_that_could_not_run_is_not_told_as_a_failing_one():
    event, checks = verification_events("q1", broken(2, "verification"))
    assert (event.what, event.state, event.level) == ("verification of q1 could not run", "broken", "warning")
    assert checks.closes
    assert verification_events("q1", broken(4, "collision"))[1].what == "checks of q1: collision (broken)"


def test_on_a_conflict_there_is_one_signal_and_it_names_the_conflict():
    conflict = Check(number=13, name="conflicts", result="fail", evidence="conflicts with the target in a.py")
    event, checks = verification_events("q1", broken(2, "verification", conflict))
    assert (event.what, event.closes) == ("verification of q1 did not run: it conflicts", True)
    assert (checks.what, checks.closes) == ("checks of q1: conflicts", False)


def test_a_review_that_passes_closes_both():
    assert [event.closes for event in verification_events("q1", review())] == [True, True]


def test_edits_of_others_are_told_by_item():
    edits = spec_events([Change("reworded", "q1", "q1 reworded", 3), Change("goal", "", "goal changed", 1)], "vim", 4.0)
    assert [(event.key, event.level, event.evidence) for event in edits] == [
        ("edit/q1", "info", "edited by vim"),
        ("edit/goal", "warning", "edited by vim"),
    ]


def test_a_line_that_a_watcher_put_into_the_known_failures_is_a_warning_with_its_words():
    line = Change("added", "f3", "added f3", 9, "", "`tests/test_a.py` red since noon", "Known failures")
    (event,) = spec_events([line], "external", 4.0)
    assert (event.level, event.state, event.item, event.at) == ("warning", "failing", "f3", 4.0)
    assert event.what == "known failure: `tests/test_a.py` red since noon"
    assert event.evidence == "edited by external"


def test_commits_come_as_one_event():
    second = Commit("b" * 40, (), 1.0, "", "Ada", "Second", "")
    first = Commit("a" * 40, (), 1.0, "", "Bob", "First\x1b[2J", "")
    (event,) = git_events("main", [second, first], 4.0)
    assert event.what == "2 commits on main: Second"
    assert event.evidence == "bbbbbbbbb Second (Ada); aaaaaaaaa First (Bob)"
    assert git_events("main", [], 4.0) == []


def test_a_correction_that_no_brief_told_is_an_event_of_its_answer_until_it_is_told():
    one = Correction("q1", 2, "q1 turn 2: done", "not the real issue", "", "> not the real issue", 30)
    other = Correction("q1", 2, "q1 turn 2: done", "deleted: a claim", "a claim", "", 28)
    (event,) = correction_events([one, other], [], 9.0)
    assert (event.key, event.item, event.state, event.level) == ("correction/q1.2", "q1", "untold", "warning")
    assert event.what == "q1, answer of turn 2, is corrected: not the real issue (and 1 more)"
    assert event.evidence == "line 30: not the real issue; line 28: deleted: a claim"
    (end,) = correction_events([], ["correction/q1.2"], 9.0)
    assert end.closes
    assert end.key == event.key
