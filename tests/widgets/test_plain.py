from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from widgets.plain import harmless, strip_of
from widgets.wrap import breaks, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x1b[31mb", "a·[31mb"),
        ("a\x9b31mb", "a·31mb"),
        ("a\u202eb", "a·b"),
        ("a\u200bb\u2028c\ufeff", "a·b·c·"),
        ("a\tb", "a   b"),
        ("✔\ufe0f done", "✔ done"),
        ("half \ud83d here", "half · here"),
        ("\U000e0041tag", "·tag"),
        ("naïve 日本", "naïve 日本"),
    ],
)
def test_what_a_terminal_would_obey_becomes_a_dot(text: str, shown: str):
    assert harmless(text) == shown


@given(st.text(max_size=60), st.integers(0, 40))
def test_a_strip_has_exactly_its_width_and_nothing_unsafe(text: str, width: int):
    strip = strip_of([Segment(text, Style(bold=True))], width, Style())
    assert strip.cell_length == width == cell_len(strip.text)
    assert harmless(strip.text) == strip.text


def test_a_link_with_an_escape_is_no_link():
    strip = strip_of([Segment("x", Style(link="http://a/\x1b\\"))], 1, Style())
    assert all(segment.style is None or not segment.style.link for segment in strip)


@given(st.text(alphabet="ab 日\u0301é ", max_size=80), st.integers(4, 20), st.integers(0, 3))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text: str, width: int, indent: int):
    offsets = breaks(text, width, indent)
    assert offsets == sorted(set(offsets))
    assert all(0 < offset < len(text) for offset in offsets)
    lines = wrapped(Text(text), width, indent)
    assert len(lines) == len(offsets) + 1
    assert all(line.cell_len <= width for line in lines)
    assert "".join("".join(line.plain.split()) for line in lines) == "".join(text.split())
