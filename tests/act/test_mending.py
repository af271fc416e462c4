"""Which findings open what the guardrails forbid, and for how long."""

from __future__ import annotations

from cockpit.act.mending import mending, told
from cockpit.facts import Check, Result, Review, Spot

TARGET = "refs/heads/feat/x"


def review(*checks: tuple[str, Result], spots: tuple[str, ...] = ()) -> Review:
    found = [
        Check(number=at, name=name, result=result, evidence="e", spots=[Spot("", 0, what) for what in spots])
        for at, (name, result) in enumerate(checks, 1)
    ]
    return Review(base="b", head="h", recommendation="iterate", checks=found, at=1.0)


def test_a_conflict_opens_a_merge_of_the_target_by_its_name_and_nothing_else():
    way = mending(review(("conflicts", "fail")), TARGET)
    assert (way.merges, way.rewrites) == ("feat/x", False)
    (step,) = way.steps
    assert "`git merge --no-edit feat/x`" in step


def test_a_secret_opens_its_own_commits():
    way = mending(review(("secrets", "fail")), TARGET)
    assert (way.merges, way.rewrites) == ("", True)
    assert '`git reset --soft "$(git merge-base feat/x HEAD)"`' in way.steps[0]


def test_where_it_left_the_target_is_named_when_that_is_known_and_granted_to_an_agent_that_asks():
    way = mending(review(("conflicts", "fail"), ("secrets", "fail")), TARGET, "a" * 40)
    assert way.commands == ("git reset --soft aaaaaaaaaaaa", "git merge --no-edit feat/x")
    assert "`git reset --soft aaaaaaaaaaaa`" in way.steps[0]


def test_commits_are_made_anew_before_the_target_comes_in():
    way = mending(review(("conflicts", "fail"), ("secrets", "fail")), TARGET)
    assert (way.merges, way.rewrites) == ("feat/x", True)
    assert [("secret" in step, "git merge --no" in step) for step in way.steps] == [(True, False), (False, True)]


def test_a_commit_that_is_itself_at_fault_may_be_made_anew_but_an_uncommitted_file_opens_nothing():
    assert mending(review(("provenance", "fail"), spots=("commit 1234567890 has no message",)), TARGET).rewrites
    assert mending(review(("provenance", "fail"), spots=("is not committed",)), TARGET) == mending(None, TARGET)


def test_without_such_a_finding_or_a_target_nothing_is_open():
    for found in (None, review(("conflicts", "pass"), ("secrets", "broken"), ("verification", "fail"))):
        way = mending(found, TARGET)
        assert (way.steps, way.merges, way.rewrites) == ((), "", False)
    assert mending(review(("conflicts", "fail")), "").steps == ()


def test_a_branch_of_an_odd_name_is_quoted_for_the_shell():
    (step,) = mending(review(("conflicts", "fail")), "refs/heads/a;b$(c)`d`").steps
    assert "``git merge --no-edit 'a;b$(c)`d`'``" in step or "`` git merge --no-edit 'a;b$(c)`d`' ``" in step


def test_what_broke_on_a_conflict_is_not_told_beside_it():
    found = review(
        ("acceptance grep", "broken"), ("verification", "broken"), ("lockfile", "broken"), ("conflicts", "fail")
    )
    assert [check.name for check in told(found)] == ["lockfile", "conflicts"]
    assert [check.name for check in told(review(("verification", "broken")))] == ["verification"]
