"""The timeline of steering: who did what to which item, when, and why; any act can be taken back from here."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen

from cockpit import persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View, age
from cockpit.paths import Places
from cockpit.screens.foot import Foot
from cockpit.verbs import Verb
from widgets.line_pane import LinePane
from widgets.ranked_list import Column, RankedList, Row
from widgets.status_line import StatusLine

LIMIT = 300
"""Acts that are shown."""


class TimelineScreen(Screen[None]):
    """Steering commits, the newest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "app.verb('undo')", "Take this act back", show=False, id="timeline-undo"),
        Binding("y", "copy", "Copy the commit", show=False, id="timeline-copy"),
        Binding("question_mark", "app.help", "Help", show=False, id="timeline-help"),
        Binding("q,escape,l", "dismiss", "Back", show=False, id="timeline-back"),
    ]

    def __init__(self, places: Places, view: View) -> None:
        super().__init__(id="timeline")
        self._places, self._view = places, view

    def compose(self) -> ComposeResult:
        """Header, list, foot."""
        yield StatusLine(id="header")
        with Vertical(id="timeline-part", classes="part open") as part:
            part.border_title = Content("Timeline")  # pyright: ignore[reportAttributeAccessIssue]
            yield RankedList(
                Column("since", 4, "right"),
                Column("commit", 7),
                Column("by", 12),
                Column("verb", 10),
                Column("target", 12),
                Column("why"),
                id="timeline-list",
            )
        yield Foot()

    def on_mount(self) -> None:
        """Read git, then stand on the newest."""
        self.query_one(RankedList).empty = "nothing was steered yet"
        self.query_one(RankedList).focus()
        self.foot.set_keys([("z", "take back", True), ("y", "copy", True), ("?", "help", True), ("q", "back", True)])
        self.show(self._view)

    def show(self, view: View) -> None:
        """Another state of the spec may be another act."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        self.run_worker(self._read(), group="timeline", exclusive=True)

    async def _read(self) -> None:
        widget = self.query_one(RankedList)
        try:
            entries = await asyncio.to_thread(persist.timeline, self._places, LIMIT)
        except CockpitError as error:
            self.foot.say(str(error), "alert")
            return
        rows: list[Row] = []
        for entry in entries:
            by = "accent" if entry.by == "human" else "dim"
            rows.append(
                Row(
                    entry.commit,
                    (
                        age(self._view.now - entry.at),
                        entry.commit[:7],
                        _toned(widget, line(entry.by, 30), by),
                        line(entry.verb, 20),
                        line(entry.target, 40),
                        line(entry.reason or entry.subject, 200),
                    ),
                )
            )
        widget.set_rows(rows)
        self.query_one("#timeline-part").border_subtitle = Content(f"{len(rows)} acts")  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def foot(self) -> Foot:
        """Notices, prompt, keys."""
        return self.query_one(Foot)

    @property
    def target(self) -> Target:
        """The commit under the cursor."""
        return Target(self.query_one(RankedList).selected or "")

    def retarget(self) -> None:
        """The keys of this screen never change."""

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The keys of this screen never change."""

    def action_copy(self) -> None:
        """Copy the commit id."""
        self.app.copy_to_clipboard(self.target.row)
        self.foot.say(f"copied: {self.target.row}", "dim")

    async def on_line_pane_filter_asked(self, event: LinePane.FilterAsked) -> None:
        """`/` filters as you type."""
        event.stop()
        self.run_worker(self._filter(event.pane), group="prompt", exclusive=True)

    async def _filter(self, pane: LinePane) -> None:
        before = pane.filter
        words = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if words is None else words)


def _toned(widget: LinePane, words: str, tone: str) -> Text:
    return Text.assemble((words, widget.tone(tone)))
