"""The timeline of steering: who did what to which item, when and why, each act with what it changed in the spec."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from cockpit import persist
from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View, age
from cockpit.paths import Places
from cockpit.persist import Entry
from cockpit.screens.foot import Foot
from cockpit.screens.steerable import Steerable
from cockpit.verbs import Verb
from widgets.diff_lines import DiffLines
from widgets.line_pane import LinePane
from widgets.ranked_list import Column, RankedList, Row
from widgets.status_line import StatusLine

PAGE = 300
"""Acts that are read at first; at the end of the list as many again as there are."""
REST = 0.03
"""Seconds that the cursor stands on an act before its diff is read."""
KEPT = 500
"""Diffs that are kept: a commit never changes."""


def words(act: Entry) -> str:
    """The lines above the diff: what the act says of itself, cleaned."""
    rows = [
        line(act.subject, 200),
        f"by {line(act.by, 40)}, {datetime.fromtimestamp(act.at):%Y-%m-%d %H:%M}",
        f"why: {line(act.reason, 1000)}" if act.reason else "",
        f"takes back {act.undoes[:7]}" if act.undoes else "",
        f"taken back by {act.undone_by[:7]}" if act.undone_by else "",
    ]
    return "\n".join(row for row in rows if row)


class TimelineScreen(Steerable):
    """Steering commits, the newest first, and the diff of the one under the cursor."""

    OF_HISTORY = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("z", "app.verb('undo')", "Take this act back", show=False, id="timeline-undo"),
        Binding("Z", "app.verb('redo')", "Bring this act back", show=False, id="timeline-redo"),
        Binding("y", "copy", "Copy the commit", show=False, id="timeline-copy"),
        Binding("question_mark", "app.help", "Help", show=False, id="timeline-help"),
        Binding("q,escape,l", "leave", "Back", show=False, id="timeline-back"),
    ]

    def __init__(self, places: Places, view: View) -> None:
        super().__init__(id="timeline")
        self._places, self._view = places, view
        self._limit = PAGE
        self._read_at: tuple[str | None, int] | None = None
        self._acts: dict[str, Entry] = {}
        self._diffs: dict[str, str] = {}
        self._painted = 0.0

    def compose(self) -> ComposeResult:
        """Header, list and diff, foot."""
        yield StatusLine(id="header")
        with Container(id="timeline-parts"):
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
            with Vertical(id="act-part", classes="part") as part:
                part.border_title = Content("The act")  # pyright: ignore[reportAttributeAccessIssue]
                yield DiffLines(id="act")
        yield Foot()

    def on_mount(self) -> None:
        """Read git, then stand on the newest."""
        self.query_one(RankedList).empty = "nothing was steered yet"
        self.query_one(RankedList).focus()
        self.foot.set_keys(
            [
                ("enter", "its diff", True),
                ("z", "take back", True),
                ("Z", "bring back", True),
                ("/", "filter", True),
                ("y", "copy", True),
                ("?", "help", True),
                ("q", "back", True),
            ]
        )
        self.show(self._view)

    def show(self, view: View) -> None:
        """Another state may be another act; git is read again only when the branch has moved."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        self.run_worker(self._read(), group="timeline", exclusive=True)

    # The acts

    async def _read(self) -> None:
        try:
            tip, found = await asyncio.to_thread(self._look, self._limit)
        except CockpitError as error:
            self.foot.say(line(str(error), 200), "alert")
            return
        if found is not None:
            self._read_at = (tip, self._limit)
            self._acts = {act.commit: act for act in found}
        elif self._view.now - self._painted < 60:
            return
        self._painted = self._view.now
        widget = self.query_one(RankedList)
        widget.set_rows([self._row(widget, act) for act in self._acts.values()])
        more = ", more below" if self._full else ""
        self.query_one("#timeline-part").border_subtitle = Content(f"{len(self._acts)} acts{more}")  # pyright: ignore[reportAttributeAccessIssue]
        self._preview()

    @property
    def _full(self) -> bool:
        """Whether history goes on below what was read."""
        return 0 < self._limit == len(self._acts)

    def _look(self, limit: int) -> tuple[str | None, list[Entry] | None]:
        tip = persist.newest(self._places)
        same = (tip, limit) == self._read_at
        return tip, None if same else persist.timeline(self._places, limit)

    def _row(self, widget: LinePane, act: Entry) -> Row:
        by = "accent" if act.by == "human" else "dim"
        why = line(act.reason or act.subject, 200)
        cells = (
            age(self._view.now - act.at),
            act.commit[:7],
            Text(line(act.by, 30), widget.tone(by)),
            line(act.verb, 20),
            line(act.target, 40),
            Text(f"taken back · {why}", widget.tone("dim")) if act.undone_by else why,
        )
        return Row(act.commit, cells)

    @on(RankedList.Highlighted)
    def moved(self, event: RankedList.Highlighted) -> None:
        """Another act; at the last one of a page the next page is read."""
        self._preview()
        if self._full and event.id == next(reversed(self._acts)):
            self._limit *= 2
            self.run_worker(self._read(), group="timeline", exclusive=True)

    # The act under the cursor

    def _preview(self) -> None:
        self.run_worker(self._diff(), group="diff", exclusive=True)

    async def _diff(self) -> None:
        act = self._acts.get(self.target.row)
        widget = self.query_one(DiffLines)
        if act is None:
            widget.show("")
            return
        diff = self._diffs.get(act.commit)
        if diff is None:
            await asyncio.sleep(REST)  # who holds the key down passes by
            try:
                diff = clean(await asyncio.to_thread(persist.diff, self._places, act))
            except CockpitError as error:
                diff = f"no diff: {line(str(error), 160)}"
            if len(self._diffs) >= KEPT:
                self._diffs.clear()
            self._diffs[act.commit] = diff
        widget.show(f"{words(act)}\n{diff}")
        part = self.query_one("#act-part")
        part.border_title = Content(f"{act.commit[:7]} {line(act.verb, 20)} {line(act.target, 40)}".rstrip())  # pyright: ignore[reportAttributeAccessIssue]
        added, removed = (sum(getattr(file, side) for file in widget.files) for side in ("added", "removed"))
        part.border_subtitle = Content(f"+{added} -{removed}")  # pyright: ignore[reportAttributeAccessIssue]

    @on(RankedList.Chosen)
    def chosen(self, event: RankedList.Chosen) -> None:
        """Enter: read its diff."""
        event.stop()
        self.query_one(DiffLines).focus()

    # Where the human is

    @property
    def target(self) -> Target:
        """The commit under the cursor."""
        return Target(self.query_one(RankedList).selected or "")

    def retarget(self) -> None:
        """The keys of this screen never change."""

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The keys of this screen never change."""

    def action_leave(self) -> None:
        """From the diff to the list, from the list back."""
        if self.focused is self.query_one(DiffLines):
            self.query_one(RankedList).focus()
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """Copy the commit id."""
        self.app.copy_to_clipboard(self.target.row)
        self.foot.say(f"copied: {self.target.row}", "dim")

    def on_resize(self) -> None:
        """Side by side where there is room, else one part open."""
        self.set_class(self.size.width < 100 or self.size.height < 32, "stacked")

    def on_descendant_focus(self) -> None:
        """The focused part is the open one."""
        for part in self.query(".part"):
            part.set_class(any(child is self.focused for child in part.children), "open")

    async def on_line_pane_filter_asked(self, event: LinePane.FilterAsked) -> None:
        """`/` filters as you type."""
        event.stop()
        self.run_worker(self._filter(event.pane), group="prompt", exclusive=True)

    async def _filter(self, pane: LinePane) -> None:
        if isinstance(pane, RankedList) and self._limit:
            self._limit = 0  # who looks for something looks in all of history
            self.run_worker(self._read(), group="timeline", exclusive=True)
        before = pane.filter
        answer = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if answer is None else answer)
