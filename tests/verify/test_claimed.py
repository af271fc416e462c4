"""An agent's claims beside the commands that we ran: confirmed, contradicted, or known to nobody (R193)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.verify import checked

RAN = {"pytest tests/test_a.py": "exit 0", "make lint": "exit 1", "true": "exit 0", "sleep 9": "time-out"}


def mark(claim: str) -> str:
    (found,) = checked([claim], RAN)
    return found.mark


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("pytest tests/test_a.py passes", "confirmed: pytest tests/test_a.py exit 0"),
        ("`pytest tests/test_a.py` is green.", "confirmed: pytest tests/test_a.py exit 0"),
        ("`true` exits with 0", "confirmed: true exit 0"),
        ("true passes", "confirmed: true exit 0"),
        ("`make lint` passes without errors", "contradicted: make lint exit 1"),
        ("sleep 9 succeeded", "contradicted: sleep 9 time-out"),
        ("`make lint` exits with status 1", "confirmed: make lint exit 1"),
        ("`make lint` exits with 0", "contradicted: make lint exit 1"),
    ],
)
def test_a_claim_on_a_command_that_we_ran_is_held_to_how_it_ended(claim: str, told: str):
    assert mark(claim) == told


@pytest.mark.parametrize(
    "claim",
    [
        "`make lint` fails without the change",
        "pytest tests/test_a.py would pass but for the clock",
        "pytest tests/test_a.py no longer passes on main",
        "`pytest tests/test_a.py` prints 7",
    ],
)
def test_what_says_anything_else_of_it_is_left_to_the_human_with_how_it_ended(claim: str):
    assert mark(claim).startswith("unverified: we ran ")


@pytest.mark.parametrize(
    "claim",
    [
        "it is true and passes",
        "`grep -c nothing src/a.py` prints 7",
        "all tests pass",
        "pytest tests/test_a.pyc passes",
    ],
)
def test_a_claim_on_anything_else_is_unverified(claim: str):
    assert mark(claim) == "unverified"


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(max_size=400), max_size=5), st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=9))
)
def test_any_words_are_told_and_none_is_confirmed_by_a_command_that_it_does_not_name(
    claims: list[str], ran: dict[str, str]
):
    for one in checked(claims, ran):
        assert one.state == "unverified" or any(command in one.words for command in ran)
