"""The file of the taste: readable, editable, nothing lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense import taste
from cockpit.sense.ranker.people import CAP, Count
from tests.sense.ranker.stream import Stream

NOW = 1_790_000_000.0


def test_a_line_a_facet_with_counts_and_the_day():
    text = taste.write({"tool mypy": Count(3.0, 0.0, NOW)}, NOW)
    assert text.endswith('\n"tool mypy" = {acts = 3.000, mutes = 0.000, at = 2026-09-21T14:13:20Z}\n')
    assert taste.words(taste.read(text), NOW) == [
        "+0.35  you usually act on tool mypy  (3 acts, 0 mutes, last 2026-09-21)"
    ]


facets = st.text(min_size=1, max_size=20).map(lambda text: line(f"tool x{text}", 120))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(facets, st.tuples(st.integers(1, 9), st.just(0)), max_size=5))
def test_what_is_written_is_read(counts: dict[str, tuple[int, int]]):
    before = {facet: Count(float(acts), float(mutes), NOW) for facet, (acts, mutes) in counts.items()}
    assert {facet: count.acts for facet, count in taste.read(taste.write(before, NOW)).items()} == {
        facet: count.acts for facet, count in before.items()
    }


@pytest.mark.parametrize("text", ["x", '"a" = 1', '"a" = {acts = -1, mutes = 0, at = 2026-01-01}', "a = {acts = inf}"])
def test_another_file_is_refused_with_words(text: str):
    with pytest.raises(CockpitError):
        taste.read(text)


def test_what_weighs_nothing_any_more_is_left_out():
    assert taste.read(taste.write({"a b": Count(1.0, 1.0, NOW), "c d": Count(3.0, 0.0, NOW - 400 * 86400)}, NOW)) == {}


def test_what_you_act_on_goes_up_and_says_so_and_never_by_more_than_the_cap():
    stream = Stream()
    for key in ("a", "b"):
        stream.say("preflight", key, "fail", source="mypy" if key == "b" else "ruff")
    for _ in range(50):
        stream.say("user.accept", "", what="x", attrs={"target": "b"})
    first = stream.rank()[0]
    assert first.key == "b"
    assert "you usually act on mypy" in [term.words for term in first.terms if term.name == "taste"]
    assert max(term.value for term in first.terms if term.name == "taste") <= CAP
