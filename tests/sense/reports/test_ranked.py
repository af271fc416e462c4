"""Reports as the ranking takes them: what stands after each."""

from __future__ import annotations

import json

from cockpit.sense import Ranker, Signal, reports


class Desk:
    """Reports of a project, one a minute, told and ranked as the engine does it."""

    def __init__(self) -> None:
        self.ranker = Ranker()
        self.open: dict[str, dict[str, str]] = {}
        self.at = 1_000_000.0

    def signals(self, name: str, text: str) -> dict[str, Signal]:
        self.at += 60
        told = reports.tell(self.open, reports.read(text.encode(), reports.About(name, self.at, "/project")))
        self.open = told.open
        for event in told.events:
            self.ranker.feed(event)
        return {signal.key: signal for signal in self.ranker.rank(self.at + 1)}


def pytest_report(*results: str) -> str:
    cases = {
        "pass": '<testcase classname="tests.test_a" name="test_b"/>',
        "fail": '<testcase classname="tests.test_a" name="test_b"><failure message="AssertionError: no"/></testcase>',
        "flaky": '<testcase classname="tests.test_a" name="test_b"><flakyFailure message="no"/></testcase>',
    }
    return f'<testsuite name="pytest">{"".join(cases[result] for result in results)}</testsuite>'


TEST = "tests/test_a.py::test_b"


def test_a_failing_test_stands_at_once_and_is_gone_with_the_green_report():
    desk = Desk()
    assert desk.signals("junit.xml", pytest_report("pass")) == {}
    assert desk.signals("junit.xml", pytest_report("fail"))[TEST].state == "failing"
    assert desk.signals("junit.xml", pytest_report("pass")) == {}


def test_a_run_without_a_test_neither_fails_nor_closes():
    desk = Desk()
    desk.signals("junit.xml", pytest_report("fail"))
    assert TEST in desk.signals("junit.xml", pytest_report())
    assert Desk().signals("junit.xml", pytest_report()) == {}


def test_what_passes_at_the_second_try_again_and_again_is_flaky():
    desk = Desk()
    for result in ("pass", "flaky", "pass", "flaky", "pass"):
        assert desk.signals("junit.xml", pytest_report(result)) == {}
    assert desk.signals("junit.xml", pytest_report("flaky"))[TEST].state == "flaky"


def test_findings_stand_until_the_report_that_tells_them_no_more():
    desk = Desk()

    def ruff(*rules: str) -> str:
        return json.dumps([{"code": rule, "filename": "/project/a.py", "message": "words"} for rule in rules])

    assert {"ruff:F401:a.py", "ruff:E501:a.py"} <= desk.signals("ruff.json", ruff("F401", "E501")).keys()
    left = desk.signals("ruff.json", ruff("F401")).keys()
    assert "ruff:F401:a.py" in left
    assert "ruff:E501:a.py" not in left
    assert desk.signals("ruff.json", ruff()) == {}
