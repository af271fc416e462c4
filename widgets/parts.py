"""A cell of several parts, of which as many are shown as fit whole: none is cut in the middle."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.style import Style
from rich.text import Text

from widgets.plain import MORE, harmless


@dataclass(frozen=True, slots=True)
class Parts:
    """Words in parts, the most telling first, all in one style."""

    texts: tuple[str, ...]
    style: str | Style = ""

    @property
    def plain(self) -> str:
        """All of them."""
        return ", ".join(self.texts)

    def fit(self, width: int) -> Text:
        """The first ones that fit into so many cells; of a first one that is too long, its first words."""
        shown = ""
        for text in map(harmless, self.texts):
            longer = f"{shown}, {text}" if shown else text
            if cell_len(longer) > width:
                break
            shown = longer
        if not shown and self.texts:
            cut = set_cell_size(harmless(self.texts[0]), max(0, width - 1))
            words = cut.rpartition(" ")[0].rstrip()
            shown = (words if cell_len(words) * 2 > width else cut.rstrip()) + MORE
        return Text.assemble((shown, self.style))
