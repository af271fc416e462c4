"""The log of the selected delegate, followed as it grows."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from cockpit.panes.delegates import DelegatesPane
from cockpit.screens import feeds


class Following:
    """What a delegates' pane shows of the log of its selected row."""

    def __init__(self, *, colour: bool) -> None:
        self._colour = colour
        self._log: feeds.Log | None = None

    def turn_to(self, pane: DelegatesPane) -> None:
        """Show the log of the row that is selected now; nothing happens while it is the same."""
        row = pane.delegate
        path = Path(row.log) if row is not None and row.log else None
        if path != (self._log.path if self._log is not None else None):
            self._log = feeds.Log(path, colour=self._colour) if path is not None else None
            pane.show_log(())
            self._read(pane)

    def grown(self, pane: DelegatesPane, files: Container[Path]) -> None:
        """These files were written: show what came if the log is one of them."""
        if self._log is not None and self._log.path in files:
            self._read(pane)

    def _read(self, pane: DelegatesPane) -> None:
        if self._log is None:
            return
        anew, lines = self._log.more()
        if anew:
            pane.show_log(lines)
        elif lines:
            pane.append_log(lines)
