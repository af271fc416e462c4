"""SARIF 2.1.0: levels from results and rules, fingerprints, suppressions, baselines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.errors import CockpitError
from cockpit.sense import Event
from cockpit.sense.reports import read
from tests.sense.reports.shared import about, one, rows, run, sample


def result(rule: str = "R1", **more: Any) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": "src/a.c"}, "region": {"startLine": 7}}}
    return {"ruleId": rule, "message": {"text": f"{rule} says"}, "locations": [place], **more}


def sarif(*results: dict[str, Any], rules: list[dict[str, Any]] | None = None, **more: Any) -> list[Event]:
    tool = {"driver": {"name": "Code Checker", "rules": rules or []}}
    log = {"version": "2.1.0", "runs": [{"tool": tool, "results": list(results), **more}]}
    return read(json.dumps(log).encode(), about())


def test_a_real_one():
    assert rows(sample("ruff.sarif"))[0] == ("ruff:I001:a.py", "open")


def test_the_tools_name_becomes_one_word():
    events = sarif(result())
    assert events[1].what == "src/a.c:7 R1 R1 says"
    assert rows(events) == [("code-checker:R1:src/a.c", "open")]
    assert run(events).key == "code-checker report"


def test_the_level_is_the_results_else_the_rules_else_a_warning():
    rules = [{"id": "R1", "defaultConfiguration": {"level": "error"}}, {"id": "R2"}]
    events = sarif(result("R1"), result("R2"), result("R3", level="note"), result("R4", level="none"), rules=rules)
    assert [event.level for event in events[1:-1]] == ["error", "warning", "info", "debug"]


def test_words_come_from_the_rule_with_the_arguments_put_in():
    rules = [{"id": "R1", "messageStrings": {"default": {"text": "{0} is never {1}, {9}"}}}]
    found = result("R1", message={"id": "default", "arguments": ["x", "read"]})
    assert sarif(found, rules=rules)[1].what == "src/a.c:7 R1 x is never read, {9}"
    assert sarif(result("", ruleIndex=0), rules=rules)[1].attrs["rule"] == "R1"


def test_a_fingerprint_is_what_a_finding_is_known_by():
    events = sarif(result(partialFingerprints={"hash/v1": "abc"}), result(partialFingerprints={"hash/v1": "def"}))
    assert rows(events) == [("code-checker:R1:abc", "open"), ("code-checker:R1:def", "open")]


def test_what_is_suppressed_absent_or_no_finding_is_not_open():
    prints = {"hash/v1": "abc"}
    events = sarif(
        result("A", suppressions=[{"kind": "inSource"}]),
        result("B", suppressions=[{"kind": "external", "status": "underReview"}]),
        result("C", baselineState="absent", partialFingerprints=prints),
        result("D", kind="pass"),
        result("E", baselineState="unchanged"),
    )
    assert rows(events) == [("code-checker:C:abc", "closed"), ("code-checker:B:src/a.c", "open"),
                            ("code-checker:E:src/a.c", "open")]  # fmt: skip
    assert run(sarif(result("A", suppressions=[{"kind": "inSource"}]))).state == "passed"


def test_places_by_index_and_outside_of_the_repository():
    place = {"physicalLocation": {"artifactLocation": {"index": 0}}}
    events = sarif(result(locations=[place]), artifacts=[{"location": {"uri": "src/b.c"}}])
    assert events[1].paths == ("src/b.c",)
    place = {"physicalLocation": {"artifactLocation": {"uri": "file:///etc/passwd"}}}
    assert sarif(result(locations=[place]))[1].paths == ()


def test_each_tool_is_a_run_and_one_that_failed_itself_is_no_clean_one():
    log = {
        "version": "2.1.0",
        "runs": [{"tool": {"driver": {"name": name}}, "results": []} for name in ("a", "b", "a")],
    }
    ended = [event.key for event in read(json.dumps(log).encode(), about()) if event.state == "passed"]
    assert ended == ["a report", "b report"]
    assert run(sarif(invocations=[{"executionSuccessful": False}])).state == "failed"


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ({"version": "2.1.0", "runs": []}, "without a run"),
        ({"version": "2.0.0", "runs": [{}]}, "of version 2.0.0"),
        ({"version": "2.1.0", "runs": [{"results": [{"ruleId": 3}]}]}, r"`\$.runs\[0\].results\[0\].ruleId`"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(log: dict[str, Any], words: str):
    with pytest.raises(CockpitError, match=words):
        read(json.dumps(log).encode(), about())


def test_several_runs_keep_what_each_found():
    assert one(sarif(result("A"), result("B")), "code-checker:A:src/a.c").state == "open"
