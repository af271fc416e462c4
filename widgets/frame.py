"""What the terminal shows, cell by cell, and the fewest bytes that make it show something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size, split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from widgets.plain import DOT

_GATE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_ATTRIBUTES = (
    ("bold", "1", "22"), ("dim", "2", "22"), ("italic", "3", "23"), ("underline", "4", "24"), ("blink", "5", "25"),
    ("blink2", "6", "25"), ("reverse", "7", "27"), ("conceal", "8", "28"), ("strike", "9", "29"),
    ("underline2", "21", "24"), ("frame", "51", "54"), ("encircle", "52", "54"), ("overline", "53", "55"),
)  # fmt: skip
_SEEN_WHEN_BLANK = ("4", "7", "9", "21", "51", "52", "53")
SHORT_GAP = 4
"""Unchanged cells it is cheaper to write again than to jump over."""


class Pen(NamedTuple):
    """How a cell is drawn, as SGR parameters."""

    attributes: tuple[str, ...] = ()
    foreground: str = ""
    background: str = ""
    link: str = ""


PLAIN = Pen()
"""The pen after a reset."""


@lru_cache(maxsize=8192)
def pen_of(style: Style | None, colors: ColorSystem) -> Pen:
    """The pen of a style in a terminal with these colours."""
    if style is None:
        return PLAIN
    attributes = tuple(code for name, code, _ in _ATTRIBUTES if getattr(style, name))
    foreground = "" if style.color is None else ";".join(style.color.downgrade(colors).get_ansi_codes())
    background = (
        "" if style.bgcolor is None else ";".join(style.bgcolor.downgrade(colors).get_ansi_codes(foreground=False))
    )
    link = _GATE.sub("", style.link or "")
    return _shared(
        Pen(attributes, "" if foreground == "39" else foreground, "" if background == "49" else background, link)
    )


@lru_cache(maxsize=8192)
def _blank(pen: Pen) -> Pen:
    """The pen of a cell without a shape: what its foreground is nobody sees."""
    if pen.link or any(code in _SEEN_WHEN_BLANK for code in pen.attributes):
        return pen
    return _shared(Pen(background=pen.background))


@lru_cache(maxsize=8192)
def _shared(pen: Pen) -> Pen:
    """The one object for a pen, so that pens are compared by identity."""
    return PLAIN if pen == PLAIN else pen


@lru_cache(maxsize=4096)
def change_of(old: Pen, new: Pen) -> str:
    """The bytes that turn one pen into another."""
    codes: list[str] = []
    gone = [code for code in old.attributes if code not in new.attributes]
    added = [code for code in new.attributes if code not in old.attributes]
    if gone:
        ends = {end for _, code, end in _ATTRIBUTES if code in gone}
        codes += sorted(ends)
        # One end may stop two attributes: bold and dim share theirs.
        added += [code for _, code, end in _ATTRIBUTES if end in ends and code in new.attributes and code not in added]
    codes += added
    if old.foreground != new.foreground:
        codes.append(new.foreground or "39")
    if old.background != new.background:
        codes.append(new.background or "49")
    delta = ";".join(codes)
    whole = ";".join(part for part in ("0", *new.attributes, new.foreground, new.background) if part)
    if len(whole) < len(delta):
        delta = "" if whole == "0" else whole
        sgr = f"\x1b[{delta}m"
    else:
        sgr = f"\x1b[{delta}m" if delta else ""
    link = f"\x1b]8;;{new.link}\x1b\\" if old.link != new.link else ""
    return sgr + link


@lru_cache(maxsize=8192)
def cells_of(text: str) -> tuple[str, ...]:
    """Text as one string per cell; the second cell of a wide character is empty, marks stay with their base.

    The last gate: a character a terminal would obey is a dot if it had a cell, and gone if it had none.
    """
    if text.isascii():
        return tuple(text) if text.isprintable() else tuple(char for char in text if char.isprintable())
    if not text.isprintable():
        text = _GATE.sub(lambda found: DOT * get_character_cell_size(found[0]), text)
    cells: list[str] = []
    for start, end, size in split_graphemes(text)[0]:
        if size:
            cells.append(text[start:end])
            cells.extend([""] * (size - 1))
        elif cells:
            at = -1 if cells[-1] else -2
            cells[at] += text[start:end]
    return tuple(cells)


def row_of(segments: Iterable[Segment], colors: ColorSystem) -> tuple[list[str], list[Pen]]:
    """The cells and the pens of a line."""
    cells: list[str] = []
    pens: list[Pen] = []
    for text, style, control in segments:
        if control:
            continue
        pen = pen_of(style, colors)
        own = cells_of(text)
        cells.extend(own)
        pens.extend([pen if text.strip(" ") else _blank(pen)] * len(own))
    return cells, pens


class Frame:
    """The last picture sent to a terminal of `width` times `height` cells; at first nothing of it is known."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cells: list[list[str | None]] = [[None] * width for _ in range(height)]
        self._pens: list[list[Pen]] = [[PLAIN] * width for _ in range(height)]

    def paint(self, x: int, y: int, cells: Sequence[str], pens: Sequence[Pen], pen: Pen) -> tuple[str, Pen]:
        """The bytes that put `cells` at (x, y) when the terminal draws with `pen`, and the pen afterwards.

        Only cells that differ from what is shown are written, short gaps between them included.
        """
        count = min(len(cells), self.width - x)
        if y >= self.height or count <= 0:
            return "", pen
        cells, pens = cells[:count], pens[:count]
        shown, drawn = self._cells[y], self._pens[y]
        old_cells, old_pens = shown[x : x + count], drawn[x : x + count]
        if old_cells == cells and old_pens == pens:
            return "", pen
        differing = [
            at
            for at, (new, old, new_pen, old_pen) in enumerate(zip(cells, old_cells, pens, old_pens, strict=True))
            if new != old or new_pen is not old_pen
        ]
        shown[x : x + count] = cells
        drawn[x : x + count] = pens
        out: list[str] = []
        for number, (start, end) in enumerate(_runs(differing, cells, pens)):
            out.append(f"\x1b[{x + start + 1}G" if number else f"\x1b[{y + 1};{x + start + 1}H")
            pen = _write(out, x, cells, pens, start, end, pen)
        return "".join(out), pen


def _write(out: list[str], x: int, cells: Sequence[str], pens: Sequence[Pen], start: int, end: int, pen: Pen) -> Pen:
    """Write cells `start` to `end`, stretch by stretch of one pen; the pen afterwards."""
    while start < end:
        own, stop = pens[start], start + 1
        while stop < end and pens[stop] is own:
            stop += 1
        text = "".join(cells[start:stop])
        if own is not pen and not (_blank(pen) is own and not text.strip(" ")):
            out.append(change_of(pen, own))
            pen = own
        if text.isascii() or not any(_doubtful(cell) for cell in cells[start:stop]):
            out.append(text)
        else:
            for at in range(start, stop):
                out.append(cells[at])
                if _doubtful(cells[at]):  # where the terminal's cursor stands now nobody knows: place it
                    out.append(f"\x1b[{x + at + (2 if at + 1 < len(cells) and not cells[at + 1] else 1) + 1}G")
        start = stop
    return pen


def _runs(differing: list[int], cells: Sequence[str], pens: Sequence[Pen]) -> list[tuple[int, int]]:
    """Stretches to write: neighbours, and what lies a short gap of the same pen apart."""
    runs: list[tuple[int, int]] = []
    start = end = -1
    for at in differing:
        if 0 <= at - end <= SHORT_GAP and start >= 0 and all(pens[i] is pens[end - 1] for i in range(end, at)):
            end = at + 1
            continue
        if start >= 0:
            runs.append((start, end))
        start, end = at, at + 1
    if start >= 0:
        runs.append((start, end))
    return [(start - 1 if start and not cells[start] else start, end) for start, end in runs]


@lru_cache(maxsize=4096)
def _doubtful(cell: str) -> bool:
    """Whether terminals disagree about the width of this cell: emoji and composed characters."""
    return len(cell) > 1 or cell >= "\U0001f000" or ("\u2300" <= cell <= "\u2bff" and get_character_cell_size(cell) > 1)
