"""An accepted limit of the spec is quoted beside the finding it names; the finding stays one (R280)."""

from __future__ import annotations

from cockpit.facts import Check, Quote, Spot
from cockpit.spec.limits import limits
from cockpit.verify import quotes

LATER = [Spot("old/a.py", 3, "left for later `# TODO: x`"), Spot("new/b.py", 1, "left for later `# TODO: y`")]
FOUND = limits("- accepted limit: `TODO` in `old/**`\n- It SHALL NOT have any `TODO`\n- It SHALL NOT have `z`\n")


def check(number: int, spots: list[Spot]) -> Check:
    return Check(number=number, name="debris", result="fail", evidence="", spots=spots)


def test_the_line_that_names_it_is_quoted_accepted_ones_first():
    found = quotes([check(11, LATER)], [("SPEC.md", limit) for limit in reversed(FOUND)])
    assert found == [
        Quote(11, "SPEC.md:1", "accepted limit: `TODO` in `old/**`", True, 1, 2),
        Quote(11, "SPEC.md:2", "It SHALL NOT have any `TODO`", False, 2, 2),
    ]
    assert found[0].told == "justified by SPEC.md:1 “accepted limit: `TODO` in `old/**`” (1 of 2 places)"
    assert found[1].told == "SPEC.md:2 says “It SHALL NOT have any `TODO`”", "it may forbid what was found"


def test_no_limit_speaks_for_a_secret_a_test_or_what_found_nothing():
    assert quotes([check(10, LATER), check(9, LATER), check(11, [])], [("SPEC.md", FOUND[0])]) == []
