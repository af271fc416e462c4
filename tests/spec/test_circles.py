"""What waits for itself, told in one walk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec.circles import circles

NAMES = st.sampled_from("abcdef")


class Asked(dict[str, Sequence[str]]):
    """Ways that count how often they are asked for."""

    def __init__(self, ways: dict[str, Sequence[str]]) -> None:
        super().__init__(ways)
        self.steps = 0

    def __getitem__(self, name: str) -> Sequence[str]:
        return list(self._counted(super().__getitem__(name)))

    def _counted(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            self.steps += 1
            yield name


def reaches(ways: dict[str, Sequence[str]], start: str) -> bool:
    seen: set[str] = set()
    waiting = list(ways[start])
    while waiting:
        name = waiting.pop()
        if name == start:
            return True
        if name not in seen and name in ways:
            seen.add(name)
            waiting.extend(ways[name])
    return False


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3)))
def test_a_name_is_in_a_circle_if_it_reaches_itself(ways: dict[str, Sequence[str]]):
    assert circles(ways) == {name for name in ways if reaches(ways, name)}


def test_a_long_chain_is_walked_once():
    ways = Asked({f"q{number}": [f"q{number - 1}"] for number in range(20_000)})
    assert circles(ways) == frozenset()
    assert ways.steps <= 2 * len(ways)


def test_a_long_circle_is_walked_once():
    ways = Asked({f"q{number}": [f"q{(number - 1) % 20_000}"] for number in range(20_000)})
    assert circles(ways) == set(ways)
    assert ways.steps <= 2 * len(ways)
