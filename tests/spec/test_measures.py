"""Acceptance criteria that are a number (R156)."""

from __future__ import annotations

import pytest

from cockpit.spec import Target, measures, parse
from cockpit.spec.measures import number, target


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("< 200 ms", Target("<", 200.0, "ms")),
        ("`<= 1.5 s`", Target("<=", 1.5, "s")),
        ("≥ 90 %", Target(">=", 90.0, "%")),
        (">1_000", Target(">", 1000.0, "")),
        ("> 12,500 req/s", Target(">", 12500.0, "req/s")),
        ("< -1e3", Target("<", -1000.0, "")),
        ("200 ms", None),
        ("< fast", None),
        ("= 3", None),
        ("", None),
    ],
)
def test_a_target_is_a_sign_a_number_and_a_unit(words: str, found: Target | None):
    assert target(words) == found


def test_the_sign_says_which_way_is_better():
    below, above = Target("<", 200.0, "ms"), Target(">=", 90.0, "%")
    assert (below.met(199.9), below.met(200.0), above.met(90.0), above.met(89.0)) == (True, False, True, False)
    assert (below.gain(240.0, 180.0), above.gain(80.0, 70.0)) == (60.0, -10.0)
    assert (str(below), str(above)) == ("< 200 ms", ">= 90 %")


def test_a_criterion_with_measure_is_one_and_says_what_it_lacks():
    text = b"""## Acceptance
- [ ] p95 ^a1
  - measure: `make bench`
  - target: < 200 ms
- [ ] fast ^a2
  - measure: make bench
- [ ] odd ^a3
  - measure: make bench
  - target: quick
- [-] given up ^a4
  - measure: make bench
- [ ] `make test` ^a5
## Queue
- [ ] no criterion ^q1
  - measure: make bench
"""
    first, second, third = measures(parse(text))
    assert (first.id, first.command, first.target, first.trouble) == ("a1", "make bench", Target("<", 200, "ms"), "")
    assert second.target is None
    assert second.trouble.startswith("it has no target; write target: < 200 ms")
    assert third.trouble.startswith("target: `quick` means nothing")


def test_another_target_keeps_the_history_and_another_unit_does_not():
    def digest(fields: str) -> str:
        return measures(parse(f"## Acceptance\n- [ ] p ^a1\n  - measure: x\n{fields}".encode()))[0].digest

    assert digest("  - target: < 2 ms\n") == digest("  - target: < 1 ms\n")
    assert digest("  - target: < 2 ms\n") != digest("  - target: < 2 s\n")
    assert digest("  - target: < 2 ms\n") != digest("  - target: < 2 ms\n  - metric: p95\n")


@pytest.mark.parametrize(
    ("value", "words"),
    [(212.44, "212.4"), (0.1234, "0.1234"), (0.0, "0"), (1234567.0, "1,234,567"), (2.5e-7, "2.5e-07"), (3.0, "3")],
)
def test_a_number_reads_well(value: float, words: str):
    assert number(value) == words
