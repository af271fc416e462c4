"""What must be green on the base, and what is known of it (R67)."""

from __future__ import annotations

from cockpit.facts import Ran
from cockpit.select.base import Base, base, checking, off, wanted
from cockpit.spec import parse

SPEC = b"""---
cockpit:
  verify: make test
  timeout: 2
---
## Acceptance
- [x] `make fast` ^a1
- [ ] `make small` ^a2
- [x] reads well ^a3
- [x] `make test` ^a4
"""


def told(command: str, result: str, at: float = 10.0) -> dict[str, Ran]:
    return {command: Ran(command=command, result=result, words="exit 1", since="4500abc (break it)", at=at)}  # pyright: ignore[reportArgumentType]


def known(*ran: dict[str, Ran], since: float = 0.0) -> Base:
    last = {command: one for each in ran for command, one in each.items()}
    return base(wanted(parse(SPEC)), last, name="main", commit="c" * 40, since=since)


def test_the_verification_and_the_ticked_criteria_must_be_green_each_once():
    assert [(one.command, one.seconds, one.name) for one in wanted(parse(SPEC))] == [
        ("make test", 120.0, ""),
        ("make fast", 120.0, "a1"),
    ]


def test_it_can_be_switched_off():
    assert off(parse(SPEC.replace(b"  timeout", b"  checks: {off: [base]}\n  timeout")))
    assert not off(parse(SPEC))


def test_a_base_is_green_only_when_all_ran_and_were_green():
    assert known().state == "unknown"
    assert known(told("make test", "green")).state == "unknown"
    assert known(told("make test", "green"), told("make fast", "green")).state == "green"
    assert known(told("make test", "green"), told("make fast", "unknown")).state == "unknown"
    assert known(told("make fast", "red")).state == "red"
    assert base((), {}, name="main", commit="c", since=0).state == "none"


def test_what_is_missing_is_named_before_anything_begins():
    assert checking(known()) == "`make test` runs on main first: nothing is built on a red base"


def test_red_is_said_with_since_when_and_the_way_out():
    words = known(told("make fast", "red")).words
    assert words.startswith("`make fast` is red on main since 4500abc (break it): exit 1; mend it there, or n ")
    assert known(told("make test", "green")).words == ""


def test_what_was_not_green_before_the_loop_was_set_on_is_looked_at_again():
    again = known(told("make test", "green", 5), told("make fast", "red", 5), since=7)
    assert [one.command for one in again.missing] == ["make fast"]
    assert again.state == "unknown"
