"""What is asked before a merge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import msgspec

from cockpit.facts import Check, Quote, Review
from cockpit.panes.view import Known, View
from cockpit.persist.landing import Landing
from cockpit.screens.judging import beside, checks, question, verdict
from cockpit.spec import parse
from tests.select.test_steps import DONE, FINISHED, RUNNING, turn

SPEC = b"## Queue\n- [?] Do ^q3\n## Decisions\n- [?] which? ^d1\n"
REVIEW = Review(
    base="b" * 40,
    head="h" * 40,
    recommendation="accept",
    checks=[Check(number=n, name=f"check {n}", result="n/a" if n == 2 else "pass", evidence="") for n in range(1, 15)],
    at=0,
    stat="1 file, +2 -1",
)
TURN = turn("q3", running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
VIEW = View(document=parse(SPEC), known=Known(turns=MappingProxyType({"q3": TURN, "d1": TURN})))


def test_a_merge_is_asked_for_with_its_size_and_that_nothing_proved_it():
    asked = "Accept and merge q3? y/N · 1 file, +2 -1 · 13 pass, 1 n/a, nothing verified"
    assert question(VIEW, "accept", "q3") == asked


def test_what_the_target_took_the_ground_from_is_unresolved_and_told():
    review = msgspec.structs.replace(
        REVIEW, notes=["`a.py` moved in 1 (x)"], unsettles=["q7: `f()` is gone since 1 (y)"]
    )
    view = VIEW.but(known=replace(VIEW.known, turns=MappingProxyType({"q3": replace(TURN, review=review)})))
    asked = question(view, "accept", "q3")
    assert asked.startswith("Accept and merge q3 all the same? y/N · 1 UNRESOLVED: 1 claim stale on the target")
    assert "1 claim stale on the target" in [one.text for one in verdict(replace(TURN, review=review), view)]
    assert beside(review) == [
        "no longer true on the target: `a.py` moved in 1 (x)",
        "merging it makes stale q7: `f()` is gone since 1 (y)",
        "",
    ]
    assert beside(REVIEW) == []


def test_an_accepted_limit_is_quoted_with_its_check_and_where_the_merge_is_asked_for():
    bad = Check(number=11, name="debris", result="fail", evidence="a.py:1 left for later")
    said = Quote(11, "SPEC.md:4", "accepted limit: `TODO`", accepted=True, spots=1, all=1)
    rest = [check for check in REVIEW.checks if check.number != 11]
    review = msgspec.structs.replace(REVIEW, checks=[*rest, bad], recommendation="iterate", limits=[said])
    assert checks(review)[-1].evidence == "a.py:1 left for later\njustified by SPEC.md:4 “accepted limit: `TODO`”"
    view = VIEW.but(known=replace(VIEW.known, turns=MappingProxyType({"q3": replace(TURN, review=review)})))
    assert "1 UNRESOLVED: debris (justified)" in question(view, "accept", "q3")


def test_nothing_is_asked_where_nothing_is_merged():
    assert question(VIEW, "accept", "d1") == ""
    assert question(VIEW, "accept", "q9") == ""
    assert question(VIEW, "reject", "q3") == ""
    assert question(VIEW, "land", "") == ""


def test_a_feature_branch_lands_after_the_same_question():
    bad = replace(TURN).review
    assert bad is not None
    checks = [Check(number=9, name="tests", result="fail", evidence="x"), *bad.checks]
    review = Review(base="b", head="h", recommendation="iterate", checks=checks, at=0, stat="3 files, +9 -0")
    whole = Landing(
        name="feature/x", target="refs/heads/feature/x", head="h", home="refs/heads/main", base="b", items=("q3",),
        ahead=True, used=True, folder=Path("/nowhere"), review=review, stale="", merge=None,
    )  # fmt: skip
    view = VIEW.but(known=replace(VIEW.known, landing=whole))
    assert question(view, "land", "") == "Land feature/x all the same? y/N · 1 UNRESOLVED: tests · 3 files, +9 -0"
