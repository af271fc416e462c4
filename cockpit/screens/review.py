"""The review of an item that needs the human: its files, the diff, the fourteen checks, what the verification said."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.facts import Check, Spot, Turn
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import changes, evidence, judging, rounds
from cockpit.screens.evidence import Told
from cockpit.screens.foot import Foot
from cockpit.screens.host import host
from cockpit.screens.steerable import Steerable
from cockpit.spec.comments import Comment, comment
from cockpit.verbs import BY_NAME, Verb
from widgets.checklist import Checklist
from widgets.diff_lines import DiffLines
from widgets.file_tree import FileTree
from widgets.line_log import LineLog
from widgets.line_pane import LinePane
from widgets.status_line import Segment, StatusLine
from widgets.unified import Diff, widen

STEERS = ("accept", "reject", "iterate", "interrupt", "steer", "strike", "promote", "correct", "undo")
NARROW = (120, 32)
"""Cells from which the parts stand side by side; below, they are stacked (80x24)."""
PRINTED = (1, 2, 14)
"""Checks whose evidence is what was printed, or the answer."""
KEYS = {
    "files": [("enter", "its diff", True)],
    "diff": [("c", "comment", True), ("]", "file", True), ("}", "hunk", True), ("n", "finding", True)],
    "checks": [("enter", "where", True), ("n", "next place", True)],
    "output": [("enter", "its file", True)],
}
"""What is likeliest next in each part."""


class ReviewScreen(Steerable):
    """Accept, reject or iterate with everything in front of you."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(BY_NAME[name].key, f"app.verb({name!r})", BY_NAME[name].help, show=False, id=f"review-{name}")
            for name in STEERS
        ),
        Binding("1", "part('files')", "Files", show=False, id="review-files"),
        Binding("2", "part('diff')", "Diff", show=False, id="review-diff"),
        Binding("3", "part('checks')", "Checks", show=False, id="review-checks"),
        Binding("4", "part('output')", "Verification", show=False, id="review-output"),
        Binding("n", "spot(1)", "Next place that a check names", show=False, id="review-next"),
        Binding("N", "spot(-1)", "Previous place that a check names", show=False, id="review-previous"),
        Binding("c,number_sign", "comment", "Comment on the line, for the next round", show=False, id="review-comment"),
        Binding("L", "since", "Only what changed since the last round, and back", show=False, id="review-since"),
        Binding("plus,underscore", "zoom", "The focused part fills the screen", show=False, id="review-zoom"),
        Binding("t", "attach", "Go to the delegate's terminal", show=False, id="review-attach"),
        Binding("y", "copy", "Copy the row", show=False, id="review-copy"),
        Binding("question_mark", "app.help", "Help", show=False, id="review-help"),
        Binding("colon", "app.command_palette", "Command palette", show=False, id="review-palette"),
        Binding("q,escape", "leave", "Back", show=False, id="review-back"),
    ]

    def __init__(self, places: Places, view: View, item: str) -> None:
        super().__init__(id="review")
        self._places, self._view, self._item = places, view, item
        self._reviewed: tuple[str, ...] | None = None
        self._changes = changes.Changes("", "", Diff())
        self._rounds: list[rounds.Round] = []
        self._only_since = False
        self._spot: tuple[int, int] = (0, -1)
        self._verbs: list[tuple[Verb, str]] = []

    def compose(self) -> ComposeResult:
        """Header, verdict, four parts, foot."""
        parts = (
            ("files", "1 Files", FileTree(id="files")),
            ("diff", "2 Diff", DiffLines(id="diff")),
            ("checks", "3 Checks", Checklist(id="checks")),
            ("output", "4 Verification", LineLog(id="output")),
        )
        yield StatusLine(id="header")
        yield StatusLine(id="verdict")
        with Container(id="parts"):
            for name, title, widget in parts:
                with Vertical(id=f"{name}-part", classes="part") as part:
                    part.border_title = Content(title)  # pyright: ignore[reportAttributeAccessIssue]
                    yield widget
        yield Foot()

    def on_mount(self) -> None:
        """Begin with the checks."""
        self.query_one(LineLog).empty = "the verification printed nothing"
        self.query_one(Checklist).empty = "not reviewed yet"
        self.show(self._view)
        self.query_one(Checklist).focus()

    # What is shown

    def show(self, view: View) -> None:
        """Take another view; output and diff are read again only for another verdict."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        self._show_verdict()
        turn = self._turn
        if turn is None:
            return
        self.query_one(Checklist).set_checks(judging.checks(turn.review))
        self._remark()
        self.retarget()
        said = judging.answer(view.document, self._item)
        key = (str(turn.number), turn.review.base, turn.review.head, *said) if turn.review else ("", "", *said)
        if key != self._reviewed:
            self._reviewed = key
            output = clean(turn.review.output, colour=not self.app.no_color) if turn.review else ""
            log = self.query_one(LineLog)
            log.show([*said, *(output.split("\n") if output else [])])
            log.action_top()
            title = "4 Answer and verification" if said else "4 Verification"
            self.query_one("#output-part").border_title = Content(title)  # pyright: ignore[reportAttributeAccessIssue]
            self.run_worker(self._read(turn), group="diff", exclusive=True)

    def _show_verdict(self) -> None:
        item, turn = self._view.document.item(self._item), self._turn
        name = Segment(line(self._item, 12), "accent", 9)
        words = Segment(line(item.text if item else "is not in the spec", 100), "", 4)
        right = [Segment("no delegate worked on it", "dim", 5)]
        if turn is not None:
            right = judging.verdict(turn, self._view, rounds.words(self._rounds, turn.number))
        self.query_one("#verdict", StatusLine).set_segments([name, words], right)

    @property
    def _turn(self) -> Turn | None:
        return self._view.known.turns.get(self._item)

    @property
    def _checks(self) -> list[Check]:
        turn = self._turn
        return turn.review.checks if turn is not None and turn.review is not None else []

    async def _read(self, turn: Turn) -> None:
        widget = self.query_one(DiffLines)
        widget.empty = "reading the diff"
        try:
            self._rounds = await asyncio.to_thread(rounds.rounds, self._places, turn)
            before = next((one.head for one in reversed(self._rounds) if one.number < turn.number), "")
            self._changes = await asyncio.to_thread(changes.read, self._places, turn, before)
        except CockpitError as error:
            widget.empty = f"no diff: {line(str(error), 160)}"
            widget.refresh()
            return
        self._show_verdict()
        self._show_diff()

    def _show_diff(self) -> None:
        """The whole diff, or what changed since the last round."""
        widget, read = self.query_one(DiffLines), self._changes
        only = self._only_since and read.since is not None
        widget.empty = "no changes" + (" since the last round" if only else "")
        diff = read.since if only and read.since is not None else read.diff
        widget.show(diff, stay=True)
        added, removed = (sum(getattr(file, side) for file in diff.files) for side in ("added", "removed"))
        what = "since the last round: " if only else ""
        words = f"{what}{len(diff.files)} file{'s' * (len(diff.files) != 1)}  +{added} -{removed}"
        part = self.query_one("#diff-part")
        part.border_subtitle = Content(f"{words}  {read.cut}".rstrip())  # pyright: ignore[reportAttributeAccessIssue]
        self._remark()

    def _remark(self) -> None:
        """What checks and comments say, beside files and lines."""
        widget = self.query_one(DiffLines)
        told = self._told
        widget.remark(evidence.remarks(widget.diff, self._checks, told))
        item = self._view.document.item(self._item)
        tree = self.query_one(FileTree)
        tree.empty = widget.empty
        tree.set_files(evidence.leaves(widget.diff, self._checks, told, item, self._view.document.controls))

    @property
    def _told(self) -> list[Told]:
        """The human's comments: those of this round, and those the delegate was told for this one."""
        item, turn = self._view.document.item(self._item), self._turn
        found: list[Told] = []
        for value in item.values("comment") if item is not None else ():
            said = comment(value)
            if said is None:
                continue
            if turn is not None and value in turn.dispatch.comments:
                found.append(Told(*evidence.fate(self._changes.since, said)))
            else:
                found.append(Told(said))
        return found

    # From evidence to lines

    @on(FileTree.Highlighted)
    def file_highlighted(self, event: FileTree.Highlighted) -> None:
        """Another file: the diff shows it."""
        event.stop()
        widget = self.query_one(DiffLines)
        file = widget.diff.file(event.path)
        if file is not None:
            widget.top(file.row)

    @on(FileTree.Chosen)
    def file_chosen(self, event: FileTree.Chosen) -> None:
        """Enter on a file: into its diff."""
        event.stop()
        self._goto(Spot(event.path))

    @on(DiffLines.Moved)
    def line_moved(self) -> None:
        """Another line, perhaps of another file."""
        file = self.query_one(DiffLines).file
        if file is not None:
            self.query_one(FileTree).select(file.path)

    @on(DiffLines.Chosen)
    def line_chosen(self, event: DiffLines.Chosen) -> None:
        """Enter on a line: the next place of the check one came from."""
        event.stop()
        if self._spot[0]:
            self.action_spot(1)
        else:
            self.foot.say("c comments on this line; enter on a check goes to what it found", "dim")

    @on(Checklist.Chosen)
    def check_chosen(self, event: Checklist.Chosen) -> None:
        """Enter on a check: the first place that it names."""
        event.stop()
        self._spot = (event.number, -1)
        self.action_spot(1)

    @on(LineLog.Chosen)
    def output_chosen(self, event: LineLog.Chosen) -> None:
        """Enter on a line of the output: the line of the result that it names."""
        event.stop()
        diff = self.query_one(DiffLines).diff
        named = [(evidence.known(path, diff), number) for path, number in evidence.places_in(event.text)]
        named.sort(key=lambda place: diff.file(place[0]) is None)
        if named:
            self._goto(Spot(*named[0]))
        else:
            self.foot.say("this line names no file", "dim")

    def action_spot(self, step: int) -> None:
        """To the next (1) or previous (-1) place of the check one stands on or came from, else of all that failed."""
        diff, checks = self.query_one(DiffLines).diff, self._checks
        number, at = self._spot
        listed = self.query_one(Checklist)
        if self.focused is listed and listed.checks and listed.checks[listed.cursor].number != number:
            number, at = listed.checks[listed.cursor].number, -1 if step > 0 else 0
        wanted = [check for check in checks if check.number == number or (not number and check.result in evidence.BAD)]
        found = [(check, spot) for check in wanted for spot in evidence.spots(check, diff)]
        if not found:
            self._nowhere(number)
            return
        at = (at + step) % len(found)
        self._spot = (number, at)
        check, spot = found[at]
        where = f"{line(spot.path, 120)}{f':{spot.line}' if spot.line else ''}"
        self.foot.say(f"{check.number} {line(check.name, 40)}, {at + 1} of {len(found)}: {where}", "dim")
        self._goto(spot)

    def _nowhere(self, number: int) -> None:
        if number in PRINTED:
            self.action_part("output")
        else:
            self.foot.say(f"check {number} names no place" if number else "no check failed on a line", "dim")

    def _goto(self, spot: Spot) -> None:
        """Into the diff, at that line."""
        widget = self.query_one(DiffLines)
        row = evidence.row_of(spot, widget.diff)
        widget.focus()
        if row is not None:
            widget.goto(row)
        else:
            self.run_worker(self._around(spot), group="around", exclusive=True)

    async def _around(self, spot: Spot) -> None:
        """A line that did not change: show it with those around it, as the branch has them."""
        found = None
        if not spot.gone:
            found = await asyncio.to_thread(changes.around, self._places, self._changes.new, spot.path, spot.line)
        widget = self.query_one(DiffLines)
        file = widget.diff.file(spot.path)
        if found is None:
            where = f"{line(spot.path, 120)}{f':{spot.line}' if spot.line else ''}"
            self.foot.say(f"{where} is not on the branch", "warn")
            if file is not None:
                widget.goto(file.row)
            return
        first, lines = changes.unshown(widget.diff, spot.path, spot.line, *found)
        wider = widen(widget.diff, spot.path, first, lines, "not changed")
        self._changes = self._changes.but(wider, only_since=self._only_since)
        widget.show(wider)
        self._remark()
        widget.goto(evidence.row_of(spot, wider) or 0)

    # Words of the human

    def action_comment(self) -> None:
        """Say something about the line under the diff's cursor; with the same key it is changed or taken back."""
        self.run_worker(self._comment(), group="prompt", exclusive=True)

    async def _comment(self) -> None:
        widget = self.query_one(DiffLines)
        here, file = widget.here, widget.file
        if here is None or file is None or here.kind in ("hunk", "meta"):
            self.foot.say("comment: stand on a line of the diff, or on a file", "warn")
            return
        gone = here.kind == "removed"
        if gone and self._only_since:
            self.foot.say("comment: that line is of the round before; L shows the whole diff", "warn")
            return
        path = file.before or file.path if gone else file.path
        said = next((one.comment for one in self._told if not one.fate and self._speaks_of(one.comment)), None)
        about = said or Comment(path, (here.old if gone else here.new) or 0, "", gone=gone)
        before = said.words if said is not None else ""
        words = await self.foot.prompt.ask(f"comment {about.place}", value=before)
        if words is None or words == before:
            self.foot.say("comment: nothing changed", "dim")
        else:
            host(self).act("comment", self._item, {"at": about.place, "note": words})

    def _speaks_of(self, said: Comment) -> bool:
        widget = self.query_one(DiffLines)
        return evidence.anchor(widget.diff, said) == widget.cursor

    def action_since(self) -> None:
        """Show only what changed since the round before, or all again."""
        if self._changes.since is None:
            self.foot.say("there was no round before", "warn")
            return
        self._only_since = not self._only_since
        self._show_diff()
        self.foot.say("what changed since the last round; L shows all" if self._only_since else "the whole diff", "dim")

    # The screen

    @property
    def target(self) -> Target:
        """The item under review."""
        return Target(self._item, self._item)

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs of a review, the refused ones dimmed; they say why when pressed. Then the keys of the part."""
        self._verbs = verbs
        shown = [(verb.key, verb.name, not why) for verb, why in verbs if verb.name in ("accept", "reject", "iterate")]
        here = KEYS.get(self.focused.id or "" if self.focused is not None else "", [])
        since = [("L", "since last round", True)] if self._changes.since is not None else []
        more = [("tab", "next part", True), ("+", "zoom", True), ("?", "help", True), ("q", "back", True)]
        self.foot.set_keys([*shown, *here, *since, *more])

    def action_part(self, name: str) -> None:
        """Go to a part."""
        self.query_one(f"#{name}", LinePane).focus()

    def action_zoom(self) -> None:
        """Give the focused part the whole screen, or take it back."""
        self.toggle_class("zoomed")

    def action_leave(self) -> None:
        """Back to the main screen; out of the zoom first."""
        if self.has_class("zoomed"):
            self.remove_class("zoomed")
        else:
            self.dismiss()

    def action_copy(self) -> None:
        """Copy the words under the cursor."""
        if isinstance(self.focused, LinePane):
            words = self.focused.copy_text()
            self.app.copy_to_clipboard(words)
            self.foot.say(f"copied: {words[:60]}", "dim")

    def action_attach(self) -> None:
        """Go to the delegate's terminal."""
        row = self._view.delegate(self._item)
        if row is None or not row.session:
            self.foot.say(f"{self._item} has no delegate", "warn")
        else:
            host(self).attach(row.session)

    def on_resize(self) -> None:
        """Side by side where there is room, else one part open."""
        self.set_class(self.size.width < NARROW[0] or self.size.height < NARROW[1], "stacked")

    def on_descendant_focus(self) -> None:
        """The focused part is the open one."""
        for part in self.query(".part"):
            part.set_class(any(child is self.focused for child in part.children), "open")
        self.show_keys(self._verbs)

    async def on_line_pane_filter_asked(self, event: LinePane.FilterAsked) -> None:
        """`/` filters as you type."""
        event.stop()
        self.run_worker(self._filter(event.pane), group="prompt", exclusive=True)

    async def _filter(self, pane: LinePane) -> None:
        before = pane.filter
        words = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if words is None else words)
