"""Parts: as many as fit whole, never one cut in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.parts import Parts

CHIPS = Parts(("not in any of 6 green runs", "5 jobs"))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, "not in any of 6 green runs, 5 jobs"),
        (30, "not in any of 6 green runs"),
        (20, "not in any of 6…"),
        (3, "no…"),
    ],
)
def test_what_fits_whole_is_shown(width: int, shown: str):
    assert CHIPS.fit(width).plain == shown


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=4).map(tuple), st.integers(1, 30))
def test_it_never_needs_more_cells_than_there_are(texts: tuple[str, ...], width: int):
    assert cell_len(Parts(texts).fit(width).plain) <= width
