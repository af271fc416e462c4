"""The rule from checks to a recommendation, and its words."""

from __future__ import annotations

from cockpit.facts import Check, Result, Review
from cockpit.verify import NAMES, findings, recommend, summary


def checks(**results: Result) -> list[Check]:
    """Fourteen checks that pass, but those named (`scope="fail"`)."""
    wanted = {name.replace("_", " "): result for name, result in results.items()}
    return [
        Check(number=number, name=name, result=wanted.get(name, "pass"), evidence=f"evidence {number}")
        for number, name in enumerate(NAMES, 1)
    ]


def review(found: list[Check], output: str = "") -> Review:
    return Review(base="a", head="b", recommendation=recommend(found), checks=found, at=0.0, output=output)


def test_there_are_fourteen_names_and_no_two_alike():
    assert len(set(NAMES)) == 14


def test_all_pass_is_accept():
    assert summary(review(checks())) == "14 pass; accept"


def test_one_fail_or_broken_is_iterate():
    assert summary(review(checks(lockfile="fail"))) == "13 pass, 1 fail (lockfile); iterate"
    both = checks(scope="fail", answer="fail", verification="broken", secrets="n/a")
    assert summary(review(both)) == "10 pass, 2 fail (scope, answer), 1 broken (verification), 1 n/a; iterate"


def test_what_nothing_verified_is_accepted_only_with_words():
    assert summary(review(checks(verification="n/a"))) == "13 pass, 1 n/a; accept, nothing verified"


def test_a_missing_check_is_iterate():
    assert recommend(checks()[:-1]) == "iterate"
    assert recommend([]) == "iterate"


def test_findings_name_what_failed_with_the_end_of_the_output():
    found = findings(review(checks(verification="fail", scope="fail"), "\n".join(f"line {n}" for n in range(99))))
    assert found[0].startswith("verification: evidence 2\n    line 69\n")
    assert found[0].endswith("    line 98")
    assert found[1:] == ["scope: evidence 3"]
