"""Which row stands on which line."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.row_map import RowMap


def test_without_filter_and_heights_row_position_and_line_are_one():
    rows = RowMap()
    assert (rows.position(7), rows.row(7), rows.line(7), rows.at(7)) == (7, 7, 7, (7, 0))


def test_a_row_that_is_filtered_away_would_stand_where_the_next_one_does():
    rows = RowMap([1, 4, 9])
    assert [rows.position(row) for row in (0, 1, 2, 4, 10)] == [0, 0, 1, 1, 3]
    assert rows.row(2) == 9


@given(st.lists(st.integers(1, 4), min_size=1, max_size=12), st.data())
@settings(max_examples=100, deadline=None)
def test_each_line_is_told_with_its_row_and_which_of_its_lines_it_is(heights: list[int], data: st.DataObject):
    shown = sorted(data.draw(st.sets(st.integers(0, len(heights) - 1), min_size=1)))
    rows = RowMap(data.draw(st.sampled_from([shown, None])), heights)
    order = shown if rows.shown is not None else range(len(heights))
    expected = [(row, part) for row in order for part in range(heights[row])]
    assert rows.line(len(order)) == len(expected)
    for line, (row, part) in enumerate(expected):
        position, found = rows.at(line)
        assert (rows.row(position), found) == (row, part)
        assert rows.line(rows.position(row)) == line - part
