"""The review of an item that needs the human: the verdict above, the result below, and the keys that judge it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cockpit.clean import line
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import judging, rounds
from cockpit.screens.foot import Foot
from cockpit.screens.host import host
from cockpit.screens.result import Result
from cockpit.screens.steerable import Steerable, steers
from cockpit.spec import fields
from cockpit.verbs import Verb
from widgets.checklist import Checklist
from widgets.line_pane import LinePane
from widgets.status_line import Segment, StatusLine

STEERS = ("accept", "reject", "iterate", "interrupt", "steer", "strike", "promote", "correct", "land", "undo")
NARROW = (120, 32)
"""Cells from which the parts stand side by side; below, they are stacked (80x24)."""
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
        *steers("review", STEERS),
        Binding("1", "part('files')", "Files", show=False, id="review-files"),
        Binding("2", "part('diff')", "Diff", show=False, id="review-diff"),
        Binding("3", "part('checks')", "Checks", show=False, id="review-checks"),
        Binding("4", "part('output')", "Verification", show=False, id="review-output"),
        Binding("n", "spot(1)", "Next place that a check names", show=False, id="review-next"),
        Binding("N", "spot(-1)", "Previous place that a check names", show=False, id="review-previous"),
        Binding("c,number_sign", "comment", "Comment on the line, for the next round", show=False, id="review-comment"),
        Binding("o", "note", "To what another agent noted; on it: make it your comment", show=False, id="review-note"),
        Binding("u", "since", "Only what changed since the last round, and back", show=False, id="review-since"),
        Binding("plus,underscore", "zoom", "The focused part fills the screen", show=False, id="review-zoom"),
        Binding("t", "attach", "Go to the delegate's terminal", show=False, id="review-attach"),
        Binding("y", "copy", "Copy the row", show=False, id="review-copy"),
        Binding("question_mark", "app.help", "Help", show=False, id="review-help"),
        Binding("colon", "app.command_palette", "Command palette", show=False, id="review-palette"),
        Binding("q,escape", "leave", "Back", show=False, id="review-back"),
    ]

    def __init__(self, places: Places, view: View, item: str) -> None:
        super().__init__(id="review")
        self._view, self._item = view, item
        self._result = Result(places, view, item)
        self._verbs: list[tuple[Verb, str]] = []

    def compose(self) -> ComposeResult:
        """Header, verdict, the result, foot."""
        yield StatusLine(id="header")
        yield StatusLine(id="verdict")
        yield self._result
        yield Foot()

    def on_mount(self) -> None:
        """Begin with the checks."""
        self.show(self._view)
        self.query_one(Checklist).focus()

    def show(self, view: View) -> None:
        """Take another view."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        self._result.show(view)
        self.show_verdict()
        self.retarget()

    @on(Result.Read)
    def show_verdict(self) -> None:
        """The line above the parts."""
        item, turn = self._view.document.item(self._item), self._view.known.reviewed(self._item)
        name = Segment(line(self._item, 12), "accent", 9)
        words = Segment(line(item.text if item else turn.dispatch.text if turn else "is not in the spec", 100), "", 4)
        right = [Segment("no delegate worked on it", "dim", 5)]
        if turn is not None:
            cap = fields.rounds(item, self._view.document.controls) if item is not None else 0
            right = judging.verdict(
                turn, self._view, rounds.told(self._result.rounds, turn.number, cap), self._result.borne
            )
        self.query_one("#verdict", StatusLine).set_segments([name, words], right)
        self.show_keys(self._verbs)

    @on(Result.Said)
    def said(self, event: Result.Said) -> None:
        """A line of the result."""
        event.stop()
        self.foot.say(event.words, event.tone)

    def action_spot(self, step: int) -> None:
        """To the next (1) or previous (-1) place that a check names."""
        self._result.step(step)

    def action_since(self) -> None:
        """Show only what changed since the round before, or all again."""
        self._result.toggle_since()

    def action_comment(self) -> None:
        """Say something about the line under the diff's cursor; with the same key it is changed or taken back."""
        self.run_worker(self._comment(), group="prompt", exclusive=True)

    async def _comment(self) -> None:
        about = self._result.about()
        if about is None:
            return
        words = await self.foot.prompt.ask(f"comment {about.place}", value=about.words)
        if words is None or words == about.words:
            self.foot.say("comment: nothing changed", "dim")
        else:
            host(self).act("comment", self._item, {"at": about.place, "note": words})

    def action_note(self) -> None:
        """To the next line that another agent noted something on; on such a line take that over as a comment."""
        found = self._result.note()
        if found is not None:
            host(self).act("comment", self._item, {"at": found[0], "note": found[1]})

    @property
    def target(self) -> Target:
        """The item under review."""
        return Target(self._item, self._item)

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs of a review, the refused ones dimmed; they say why when pressed. Then the keys of the part."""
        self._verbs = verbs
        whole = self._view.known.landing
        judging = ("land",) if whole is not None and whole.name == self._item else ("accept", "reject", "iterate")
        shown = [(verb.key, verb.name, not why) for verb, why in verbs if verb.name in judging]
        here = KEYS.get(self.focused.id or "" if self.focused is not None else "", [])
        since = [("u", "since last round", True)] if self._result.again else []
        since += [("o", "note", True)] if self._result.opinion is not None and self._result.opinion.notes else []
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
        """The focused part is the open one; it stays so while something is asked."""
        parts, here = self.query(".part"), self.focused.parent if self.focused is not None else None
        if any(part is here for part in parts):
            for part in parts:
                part.set_class(part is here, "open")
        self.show_keys(self._verbs)

    async def on_line_pane_filter_asked(self, event: LinePane.FilterAsked) -> None:
        """`/` filters as you type."""
        event.stop()
        self.run_worker(self._filter(event.pane), group="prompt", exclusive=True)

    async def _filter(self, pane: LinePane) -> None:
        before = pane.filter
        words = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if words is None else words)
