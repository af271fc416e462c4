"""The review of an item that needs the human: verdict and fourteen checks, verification output, the diff by file."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.facts import Review, Turn
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View, age
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.screens.foot import Foot
from cockpit.screens.host import host
from cockpit.screens.steerable import Steerable
from cockpit.spec import Document
from cockpit.spec.exchange import entry_of
from cockpit.verbs import BY_NAME, Verb
from widgets.checklist import Check, Checklist
from widgets.diff_lines import DiffLines
from widgets.line_log import LineLog
from widgets.line_pane import LinePane
from widgets.status_line import Segment, StatusLine

STEERS = ("accept", "reject", "iterate", "interrupt", "steer", "strike", "promote", "correct", "land", "undo")
TONES = {"accept": "ok", "iterate": "warn", "reject": "alert"}
DIFF_LIMIT = 4 * 1024 * 1024
"""Bytes of a diff that are shown; more is read in a shell."""


def verdict(turn: Turn, view: View) -> list[Segment]:
    """The line above the checks: what the review recommends, on which commits, and whether that still holds."""
    review = turn.review
    if review is None:
        return [Segment(f"{turn.item} turn {turn.number}: no review yet", "dim", 5)]
    results = [check.result for check in review.checks]
    failed = sum(result != "pass" and result != "n/a" for result in results)
    counts = f"{results.count('pass')} pass, {failed} fail, {results.count('n/a')} n/a"
    line_ = [
        Segment(f"recommends: {review.recommendation}", TONES.get(review.recommendation, "warn"), 8),
        Segment(counts, "", 7),
        Segment(f"{review.head[:7]} onto {review.base[:7]}", "dim", 3),
        Segment(f"{age(view.now - review.at)} ago" if view.now - review.at >= 60 else "now", "dim", 2),
    ]
    stale = view.known.stale.get(turn.item, "")
    return [*line_, Segment(f"STALE: {line(stale, 80)}", "alert", 9)] if stale else line_


def answer(document: Document, item: str) -> list[str]:
    """What the delegate answered last and what stands beside it, as the exchange has it; nothing when it is gone."""
    entry = entry_of(document, item)
    if entry is None:
        return []
    words = document.data[entry.heading.end : entry.span.end].strip()
    return [line(entry.title, 200), "", *clean(words).split("\n"), ""]


def checks(review: Review | None) -> list[Check]:
    """The checks as the widget shows them, every word of theirs cleaned."""
    found = review.checks if review is not None else []
    return [Check(check.number, line(check.name, 60), check.result, clean(check.evidence)) for check in found]


def read_diff(places: Places, turn: Turn) -> str:
    """The delegate's own changes, cleaned: since the target at review, else since its branch was made.

    Runs git, so call it in a thread. Raises CockpitError.
    """
    review = turn.review
    base, head = (review.base, review.head) if review else (turn.dispatch.base, f"refs/heads/{turn.dispatch.branch}")
    data = git.run(
        places, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--end-of-options", f"{base}...{head}", "--"
    )
    return clean(data[:DIFF_LIMIT])


class ReviewScreen(Steerable):
    """Accept, reject or iterate with everything in front of you."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(BY_NAME[name].key, f"app.verb({name!r})", BY_NAME[name].help, show=False, id=f"review-{name}")
            for name in STEERS
        ),
        Binding("1", "part('checks')", "Checks", show=False, id="review-checks"),
        Binding("2", "part('diff')", "Diff", show=False, id="review-diff"),
        Binding("3", "part('output')", "Verification", show=False, id="review-output"),
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

    def compose(self) -> ComposeResult:
        """Header, verdict, three parts, foot."""
        yield StatusLine(id="header")
        yield StatusLine(id="verdict")
        with Container(id="parts"):
            with Vertical(id="checks-part", classes="part") as part:
                part.border_title = Content("1 Checks")  # pyright: ignore[reportAttributeAccessIssue]
                yield Checklist(id="checks")
            with Vertical(id="diff-part", classes="part") as part:
                part.border_title = Content("2 Diff")  # pyright: ignore[reportAttributeAccessIssue]
                yield DiffLines(id="diff")
            with Vertical(id="output-part", classes="part") as part:
                part.border_title = Content("3 Verification")  # pyright: ignore[reportAttributeAccessIssue]
                yield LineLog(id="output")
        yield Foot()

    def on_mount(self) -> None:
        """Begin with the checks."""
        self.query_one(LineLog).empty = "the verification printed nothing"
        self.query_one(Checklist).empty = "not reviewed yet"
        self.show(self._view)
        self.query_one(Checklist).focus()

    def show(self, view: View) -> None:
        """Take another view; output and diff are read again only for another verdict."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        item, turn = view.document.item(self._item), view.known.reviewed(self._item)
        name = Segment(line(self._item, 12), "accent", 9)
        words = Segment(line(item.text if item else turn.dispatch.text if turn else "is not in the spec", 100), "", 4)
        above = self.query_one("#verdict", StatusLine)
        if turn is None:
            above.set_segments([name, words], [Segment("no delegate worked on it", "dim", 5)])
            return
        above.set_segments([name, words], verdict(turn, view))
        self.query_one(Checklist).set_checks(checks(turn.review))
        self.retarget()
        said = answer(view.document, self._item)
        key = (turn.review.base, turn.review.head, *said) if turn.review else ("", "", *said)
        if key != self._reviewed:
            self._reviewed = key
            output = clean(turn.review.output, colour=not self.app.no_color) if turn.review else ""
            log = self.query_one(LineLog)
            log.show([*said, *(output.split("\n") if output else [])])
            log.action_top()
            part = self.query_one("#output-part")
            part.border_title = Content("3 Answer and verification" if said else "3 Verification")  # pyright: ignore[reportAttributeAccessIssue]
            part.border_subtitle = Content(line(turn.review.stat if turn.review else "", 60))  # pyright: ignore[reportAttributeAccessIssue]
            self.run_worker(self._diff(turn), group="diff", exclusive=True)

    async def _diff(self, turn: Turn) -> None:
        widget = self.query_one(DiffLines)
        widget.empty = "reading the diff"
        try:
            diff = await asyncio.to_thread(read_diff, self._places, turn)
        except CockpitError as error:
            widget.empty = f"no diff: {line(str(error), 160)}"
            widget.refresh()
            return
        widget.empty = "no changes"
        widget.show(diff)
        files = widget.files
        added, removed = sum(file.added for file in files), sum(file.removed for file in files)
        words = f"{len(files)} file{'s' if len(files) != 1 else ''}  +{added} -{removed}"
        self.query_one("#diff-part").border_subtitle = Content(words)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def target(self) -> Target:
        """The item under review."""
        return Target(self._item, self._item)

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs of a review, the refused ones dimmed; they say why when pressed."""
        shown = [(verb.key, verb.name, not why) for verb, why in verbs if verb.name in ("accept", "reject", "iterate")]
        more = [("tab", "next part", True), ("+", "zoom", True), ("?", "help", True), ("q", "back", True)]
        self.foot.set_keys([*shown, *more])

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
        before = pane.filter
        words = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if words is None else words)
