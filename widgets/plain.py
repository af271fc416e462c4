"""Text that cannot hurt a terminal: the last gate before a character becomes a cell.

The program cleans foreign bytes at its own door (design section 3); widgets do not count on it. What a terminal
would obey, or what a reader could not see, becomes a visible dot of width one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

DOT = "·"
"""What stands for a character that must not reach the terminal."""

MORE = "…"
"""What ends a row that is wider than its pane."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u180e"  # soft hyphen, joiners and marks without a shape
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, bidi, separators
    "\ud800-\udfff"  # lone surrogates cannot be encoded at all
    "\U000e0000-\U000e0fff]"  # tags: text nobody sees
)
_SELECTORS = re.compile("[\ufe00-\ufe0f]")  # terminals disagree about the width they give


def harmless(text: str) -> str:
    """`text` with tabs as spaces, and every control, bidi or invisible character as a dot of width one."""
    if text.isascii() and text.isprintable():
        return text
    if "\t" in text:
        text = text.expandtabs(4)
    return _UNSAFE.sub(DOT, _SELECTORS.sub("", text))


def strip_of(segments: Iterable[Segment], width: int, style: Style) -> Strip:
    """One screen line of exactly `width` cells: harmless, styled over `style`, cropped with an ellipsis."""
    safe: list[Segment] = []
    for text, own, control in segments:
        if control or not text:
            continue
        if own is not None and own.link and harmless(own.link) != own.link:
            own = own.update_link(None)
        safe.append(Segment(harmless(text), style if own is None else style + own))
    strip = Strip(safe)
    if strip.cell_length > width:
        last = safe[-1].style if safe else style
        kept = strip.crop(0, max(0, width - 1))
        strip = Strip([*kept, Segment(MORE if width else "", last)])
    return strip.extend_cell_length(width, style)
