"""What a report closes of what its job's last reports had opened."""

from __future__ import annotations

import json
from typing import Any

from cockpit.sense import Event
from cockpit.sense.reports import closers, opened, read, tell
from cockpit.sense.reports.closers import PASSES
from tests.sense.reports.shared import about, rows


def ruff(*found: tuple[str, str]) -> list[Event]:
    """A report of ruff with these (rule, file)."""
    entries: list[dict[str, Any]] = [
        {"code": rule, "filename": f"/home/ada/sums/{file}", "message": "words", "location": {"row": 3, "column": 1}}
        for rule, file in found
    ]
    return read(json.dumps(entries).encode(), about("ruff.json"))


def tap(**ended: str) -> list[Event]:
    """A report of TAP with these tests."""
    lines = {"pass": "ok 1 - {}", "fail": "not ok 1 - {}", "skip": "ok 1 - {} # SKIP"}
    return read("\n".join(lines[state].format(name) for name, state in ended.items()).encode(), about())


def told(*reports: list[Event]) -> list[list[tuple[str, str]]]:
    """What is told of these reports, one after the other."""
    open: dict[str, dict[str, str]] = {}
    found: list[list[tuple[str, str]]] = []
    for report in reports:
        events, open = tell(open, report)
        found.append(rows(events))
    return found


def test_a_linters_report_closes_what_it_tells_no_more():
    _, second, third = told(ruff(("F401", "a.py"), ("E501", "b.py")), ruff(("F401", "a.py")), ruff())
    assert second == [("ruff:F401:a.py", "open"), ("ruff:E501:b.py", "closed")]
    assert third == [("ruff:F401:a.py", "closed")]


def test_a_clean_report_of_another_job_closes_nothing():
    open = tell({}, ruff(("F401", "a.py"))).open
    other = read(b"[]", about("other/ruff.json"))
    assert rows(tell(open, other).events) == []
    assert tell(open, other).open == open


def test_a_failed_run_closes_only_what_passed_for_it_may_have_been_a_part():
    _, second = told(tap(a="fail", b="fail"), tap(a="pass", c="fail"))
    assert second == [("a", "pass"), ("c", "fail")]


def test_a_green_run_closes_all_that_its_job_had_opened():
    _, second, third = told(tap(a="fail", b="fail"), tap(a="skip", c="pass"), tap(c="pass"))
    assert second == [("a", "skip"), ("c", "pass"), ("a", "closed"), ("b", "closed")]
    assert third == [("c", "pass")]


def test_a_run_without_tests_or_a_tool_that_failed_itself_closes_nothing():
    sarif = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [],
                                            "invocations": [{"executionSuccessful": False}]}]}  # fmt: skip
    _, second, third = told(tap(a="fail"), read(b"1..0\n", about()), read(json.dumps(sarif).encode(), about()))
    assert second == []
    assert third == []


def test_closers_stand_before_the_end_of_their_run():
    open = tell({}, tap(a="fail")).open
    events = tell(open, tap(b="pass")).events
    assert [event.state for event in events] == ["started", "pass", "closed", "passed"]
    assert len({event.run for event in events}) == 1


def test_of_a_large_run_a_bounded_number_of_passes_is_told_and_all_that_had_failed():
    first = tap(last="fail")
    many = tap(**{f"t{number}": "pass" for number in range(PASSES + 500)}, last="pass")
    events = tell(tell({}, first).open, many).events
    assert len(events) == PASSES + 3
    assert rows(events)[-1] == ("last", "pass")


def test_what_is_open_follows_from_the_events_alone():
    events = tap(a="fail", b="pass", c="fail")
    assert opened({"b": "test.result"}, events) == {"a": "test.result", "c": "test.result"}
    assert closers({"x": "finding"}, events[:-1]) == []  # the run hasn't ended
