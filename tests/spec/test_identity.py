"""Which item of one version is which of another."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec.identity import Known, Shape, likeness, pair
from tests.spec.specs import TEXTS

NAMES = ("Recycle the supervisor", "Write the manual", "Ship a package", "Colour every graph", "Ask Maria")


def row(*texts: str) -> list[Known]:
    """Items without ids; `words ^id` has one, `words | below` has lines below it."""
    found: list[Known] = []
    for text in texts:
        words, _, inner = text.partition(" | ")
        words, _, id = words.partition(" ^")
        found.append(Known(id, words, inner))
    return found


def pairs(old: list[Known], new: list[Known]) -> list[tuple[int, int]]:
    """(old, new) in order of the old ones."""
    return sorted((a, b) for b, a in pair(old, new).items())


def test_an_id_outweighs_all_words():
    assert pairs(row("a ^q1", "b ^q2"), row("b ^q1", "a ^q2")) == [(0, 0), (1, 1)]


def test_two_ids_are_never_one_item():
    assert pairs(row("Write the manual ^q1"), row("Write the manual ^q2")) == []


def test_an_item_that_got_or_lost_its_id_is_known_by_its_words():
    assert pairs(row("a", "b ^q1"), row("b", "a ^q2")) == [(0, 1), (1, 0)]


def test_of_the_same_words_those_with_the_same_lines_below_are_one():
    assert pairs(row("a | why: x", "a | why: y"), row("a | why: y")) == [(1, 0)]


def test_of_the_same_words_those_that_stayed_in_order_are_one():
    assert pairs(row("a", "b", "a"), row("b", "a")) == [(1, 0), (2, 1)]


def test_a_reworded_item_is_found_where_it_went():
    old = row(*NAMES)
    new = row("Ask Maria", "Write the whole manual", "Ship a package", "Colour every graph", "Recycle the supervisor")
    assert pairs(old, new) == [(0, 4), (1, 1), (2, 2), (3, 3), (4, 0)]


def test_other_words_in_the_same_place_are_another_item():
    assert pairs(row("a", "Ask Maria", "b"), row("a", "Ship it today", "b")) == [(0, 0), (2, 2)]


def test_standing_between_the_same_neighbours_is_evidence():
    one, other = "Fix the login", "Repair the login page"
    assert likeness(Shape(one), Shape(other)) < 0.6
    assert pairs(row("a", one, "b"), row("a", other, "b")) == [(0, 0), (1, 1), (2, 2)]
    assert pairs(row("a", one, "b"), row("a", "b", other)) == [(0, 0), (2, 1)]


def test_the_same_lines_below_are_evidence():
    one, other = "Fix the login | paths: src/login/**", "Repair the login page | paths: src/login/**"
    assert pairs(row("a", one, "b"), row("a", "b", other)) == [(0, 0), (1, 2), (2, 1)]


def test_the_likest_is_taken_first_whatever_the_order():
    old, new = "Teach the parser tabs", ("Teach the lexer", "Teach the parser about tabs")
    assert pairs(row(old), row(*new)) == [(0, 1)]
    assert pairs(row(old), row(*reversed(new))) == [(0, 0)]


def test_twenty_thousand_reworded_items_are_found():
    old = row(*(f"Check part{number} of the engine" for number in range(20_000)))
    new = row(*(f"Look at part{number} of the engine" for number in reversed(range(20_000))))
    found = pair(old, new)
    assert len(found) > 15_000
    assert all(a + b == 19_999 for a, b in found.items())


rows = st.lists(TEXTS, max_size=12).map(lambda texts: row(*texts))


@given(rows, rows)
@settings(max_examples=200, deadline=None)
def test_each_is_in_one_pair_at_most_and_as_many_both_ways(old: list[Known], new: list[Known]):
    found = pair(old, new)
    assert len(set(found.values())) == len(found)
    assert len(pair(new, old)) == len(found)
    assert pair(old, old) == {index: index for index in range(len(old))}


@given(TEXTS, TEXTS)
@settings(max_examples=200, deadline=None)
def test_likeness_is_the_same_both_ways(one: str, other: str):
    assert likeness(Shape(one), Shape(other)) == likeness(Shape(other), Shape(one)) <= 1
    assert likeness(Shape(one), Shape(one)) == 1
