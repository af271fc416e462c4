"""A widget of one line that paints itself: what the key bar and the status line have in common."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from widgets.kept_styles import KeptStyles
from widgets.plain import strip_of
from widgets.tones import COMPONENTS, TONES, tone_style, tones_css


class OneRow(Widget):
    """One line in tones, painted only when its content changes. A subclass gives `segments`."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = """
    OneRow { height: 1; width: 1fr; background: $panel; color: $foreground; }
    """ + tones_css("OneRow")

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._styles = KeptStyles(self._find_style)

    def segments(self, width: int) -> list[Segment]:
        """What the line shows in `width` cells."""
        raise NotImplementedError

    def tone(self, name: str) -> Style:
        """The style of a tone; the null style for a name that is none."""
        return self._styles.get(name) if name in TONES else Style.null()

    def _find_style(self, name: str) -> Style:
        return tone_style(self, f"tone--{name}") if name else self.rich_style

    def notify_style_update(self) -> None:
        """Another theme: styles are looked up anew."""
        super().notify_style_update()
        self._styles = KeptStyles(self._find_style)

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.size.width
        return strip_of(self.segments(width) if y == 0 else (), width, self._styles.get(""))
