from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tests.widgets.wire import cells as terminal_cells
from widgets.frame import PLAIN, Frame, cells_of, change_of, pen_of, row_of

COLORS = st.sampled_from([None, "red", "bright_blue", "color(200)", "#123456", "#fedcba", "default"])
FLAGS = st.sampled_from([None, True, False])
STYLES = st.one_of(
    st.none(),
    st.builds(
        Style, color=COLORS, bgcolor=COLORS, bold=FLAGS, italic=FLAGS, underline=FLAGS, reverse=FLAGS, strike=FLAGS
    ),
)
TEXTS = st.text(alphabet="ab ─日本é\u0301🚀", max_size=8)
ROWS = st.lists(st.builds(Segment, TEXTS, STYLES), max_size=6)


def looks(data: str, width: int = 30) -> list[object]:
    return terminal_cells(data, width, 1)[0]


@pytest.mark.parametrize("depth", list(ColorSystem)[:3])
@settings(max_examples=60, deadline=None)
@given(first=ROWS, second=ROWS)
def test_a_terminal_shows_the_second_row_however_the_first_one_looked(
    depth: ColorSystem, first: list[Segment], second: list[Segment]
):
    frame, sent, pen = Frame(30, 1), "", PLAIN
    for row in (first, second):
        cells, pens = row_of([*row, Segment(" " * 30)], depth)
        data, pen = frame.paint(0, 0, cells, pens, pen)
        sent += data
    cells, pens = row_of([*second, Segment(" " * 30)], depth)
    fresh, _ = Frame(30, 1).paint(0, 0, cells, pens, PLAIN)
    assert looks(sent) == looks(fresh)


@settings(max_examples=100, deadline=None)
@given(old=STYLES, new=STYLES)
def test_a_pen_becomes_another_as_if_it_had_been_reset(old: Style | None, new: Style | None):
    before, after = pen_of(old, ColorSystem.TRUECOLOR), pen_of(new, ColorSystem.TRUECOLOR)
    changed = change_of(PLAIN, before) + change_of(before, after)
    screens = [pyte.Screen(1, 1), pyte.Screen(1, 1)]
    for screen, data in zip(screens, (changed, "\x1b[m" + change_of(PLAIN, after)), strict=True):
        pyte.Stream(screen).feed(data + "x")
    assert screens[0].buffer[0][0] == screens[1].buffer[0][0]


@pytest.mark.parametrize("depth", [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])
def test_colours_are_those_of_the_terminal_s_depth(depth: ColorSystem):
    style = Style(color="#6cb6ff", bgcolor="#0e1116", bold=True)
    pen = pen_of(style, depth)
    codes = style.render("x", color_system=depth)
    assert codes == f"\x1b[{';'.join((*pen.attributes, pen.foreground, pen.background))}mx\x1b[0m"


@given(st.text(max_size=20))
def test_no_cell_holds_a_character_a_terminal_obeys(text: str):
    for cell in cells_of(text):
        assert all(char >= " " and not "\x7f" <= char <= "\x9f" for char in cell)
        assert not set(cell) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u2028\u2029")
        cell.encode()


def test_a_blank_is_not_written_again_for_a_foreground_nobody_sees():
    frame = Frame(5, 1)
    red, blue = Style(color="red", bgcolor="black"), Style(color="blue", bgcolor="black")
    frame.paint(0, 0, *row_of([Segment("     ", red)], ColorSystem.TRUECOLOR), PLAIN)
    assert frame.paint(0, 0, *row_of([Segment("     ", blue)], ColorSystem.TRUECOLOR), PLAIN)[0] == ""


def test_a_link_is_closed_and_its_address_is_harmless():
    pen = pen_of(Style(link="http://x/\x1b]0;owned\x07"), ColorSystem.TRUECOLOR)
    assert pen.link == "http://x/]0;owned"
    assert change_of(pen, PLAIN).endswith("\x1b]8;;\x1b\\")
