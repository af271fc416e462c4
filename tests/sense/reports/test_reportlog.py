"""pytest's report log, whole and while it is written."""

from __future__ import annotations

import pytest

from cockpit.errors import CockpitError
from cockpit.sense import Event
from cockpit.sense.reports import Live, read
from tests.sense.reports.shared import SAMPLES, about, one, rows, run, sample


def test_a_whole_log_tells_what_the_xml_tells():
    events = sample("pytest.jsonl")
    assert rows(events) == [
        ("tests/test_sums.py::test_adds", "pass"),
        ("tests/test_sums.py::test_fails", "fail"),
        ("tests/test_sums.py::test_skipped", "skip"),
        ("tests/test_sums.py::test_expected", "skip"),
        ("tests/test_sums.py::test_setup", "fail"),
        ("tests/test_sums.py::test_teardown", "pass"),
        ("tests/test_sums.py::test_teardown", "fail"),
        ("tests/test_sums.py::TestGroup::test_many[1]", "pass"),
        ("tests/test_sums.py::TestGroup::test_many[2]", "fail"),
    ]
    failed = one(events, "tests/test_sums.py::test_fails")
    assert (failed.attrs["error"], failed.attrs["frame"]) == ("AssertionError", "tests/test_sums.py:13")
    assert run(events).what == "pytest: 4 of 8 tests failed, 2 skipped (pytest.jsonl)"


def test_a_module_that_cannot_be_collected():
    events = sample("pytest.broken.jsonl")
    assert rows(events) == [("tests/test_broken.py", "fail")]
    assert "No module named 'nothing_there'" in one(events, "tests/test_broken.py").what
    assert run(events).what == "pytest: 1 of 1 test failed, interrupted (pytest.broken.jsonl)"


def test_it_is_read_live_byte_by_byte():
    data = (SAMPLES / "pytest.jsonl").read_bytes()
    live = Live(about("pytest.jsonl"), about("pytest.jsonl").run(data))
    events: list[Event] = []
    for at in range(0, len(data), 7):
        events += live.feed(data[at : at + 7])
    assert events == sample("pytest.jsonl")


def test_a_test_is_told_as_soon_as_its_line_is_whole_and_the_run_only_at_its_end():
    live = Live(about(), "1")
    started = live.feed(
        b'{"$report_type":"SessionStart"}\n{"$report_type":"TestReport","nodeid":"a.py::t","when":"call"'
    )
    assert [event.state for event in started] == ["started"]
    assert rows(live.feed(b',"outcome":"passed"}\n')) == [("a.py::t", "pass")]
    (end,) = live.feed(b'{"$report_type":"SessionFinish","exitstatus":0}\n')
    assert (end.state, end.run) == ("passed", "pytest report-1")


def test_reruns_of_one_run_are_tries():
    lines = [f'{{"$report_type":"TestReport","nodeid":"t","when":"call","outcome":"{word}"}}' for word in
             ("rerun", "rerun", "passed")]  # fmt: skip
    (event,) = read("\n".join(lines).encode(), about())
    assert (event.state, event.attrs["tries"]) == ("pass", 2)


def test_how_pytest_ended_counts_besides_its_tests():
    assert read(b'{"$report_type":"SessionFinish","exitstatus":5}\n', about())[-1].state == "empty"
    assert (
        read(b'{"$report_type":"SessionFinish","exitstatus":3}\n', about())[-1].what
        == "pytest: internal error (report)"
    )


def test_a_bad_line_is_told_with_its_number_and_costs_nothing_else_when_live():
    data = b'{"$report_type":"SessionStart"}\nnonsense\n{"$report_type":"SessionFinish","exitstatus":5}\n'
    live = Live(about(), "run")
    assert [event.state for event in live.feed(data)] == ["started", "empty"]
    assert [error.partition(": ")[0] for error in live.errors] == ["line 2"]
    with pytest.raises(CockpitError, match="report: no line of a report log: line 2"):
        read(data, about())


def test_a_line_without_an_end_is_let_go_at_some_size():
    live = Live(about(), "run")
    for _ in range(6):
        live.feed(b"x" * 1024 * 1024)
    assert live.errors
