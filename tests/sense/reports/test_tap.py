"""TAP 13 and 14 and what real tools make of it."""

from __future__ import annotations

import pytest

from cockpit.errors import CockpitError
from cockpit.sense import Event
from cockpit.sense.reports import read
from tests.sense.reports.shared import about, one, rows, run, sample


def tap(text: str) -> list[Event]:
    return read(text.encode(), about(), "tap")


def test_nodes_subtests_come_before_their_parent():
    events = sample("node.tap")
    assert rows(events) == [
        ("sums > adds", "pass"),
        ("sums > fails", "fail"),
        ("sums > later", "skip"),
        ("sums > some", "skip"),
        ("alone fails # hard", "fail"),
    ]
    failed = one(events, "sums > fails")
    assert (failed.attrs["message"], failed.attrs["error"]) == ("3 == 4", "AssertionError")
    assert failed.attrs["frame"] == "nt/sums.test.mjs:2"
    assert events[0].source == "node"


def test_vitests_subtests_come_after_it_in_braces():
    events = sample("vitest.tap")
    assert rows(events) == [
        ("vt/broken.test.js", "fail"),
        ("vt/sums.test.js > sums > adds", "pass"),
        ("vt/sums.test.js > sums > deep > fails", "fail"),
        ("vt/sums.test.js > sums > later", "skip"),
        ("vt/sums.test.js > sums > some day", "pass"),
    ]
    assert one(events, "vt/sums.test.js > sums > adds").attrs["seconds"] == 0.001


def test_perls_own():
    events = sample("perl.tap")
    assert rows(events) == [
        ("one", "pass"),
        ("two", "fail"),
        ("three", "skip"),
        ("#4", "skip"),
        ("inner > a", "pass"),
        ("inner > b", "fail"),
    ]
    assert run(events).what == "tap: 2 of 6 tests failed, 2 skipped (perl.tap)"


def test_todo_and_skip_are_directives_whatever_their_case_unless_escaped():
    assert rows(tap("not ok 1 a # todo later\nok 2 b # Skip no net\nok 3 c # TODO done\nnot ok 4 d \\# TODO\n")) == [
        ("a", "skip"),
        ("b", "skip"),
        ("c", "pass"),
        ("d # TODO", "fail"),
    ]


def test_a_parent_that_failed_by_itself_is_told():
    assert rows(tap("    ok 1 - a\n    1..1\nnot ok 1 - parent\n1..1\n")) == [
        ("parent", "fail"),
        ("parent > a", "pass"),
    ]


def test_fewer_tests_than_planned_make_a_failed_run():
    assert run(tap("1..3\nok 1\nok 2\n")).what == "tap: 2 tests passed, 3 tests were planned, 2 ran (report)"
    assert run(tap("ok 1\nok 2\n1..2\n")).state == "passed"


def test_bail_out_ends_it():
    events = tap("1..3\nok 1 - a\nBail out! no database\nok 2 - b\n")
    assert rows(events) == [("a", "pass")]
    assert run(events).state == "failed"
    assert "bail out: no database" in run(events).what


def test_a_plan_of_nothing_proves_nothing():
    assert run(tap("1..0 # SKIP no net\n")).state == "empty"


def test_a_block_without_an_end_swallows_nothing_that_follows():
    text = "not ok 1 - a\n  ---\n  message: 'boom'\nok 2 - b\n"
    assert rows(tap(text)) == [("a", "fail"), ("b", "pass")]
    assert one(tap(text), "a").attrs["message"] == "boom"


def test_what_has_neither_plan_nor_test_is_refused():
    with pytest.raises(CockpitError, match="neither a plan nor a test"):
        tap("hello\nworld\n")
