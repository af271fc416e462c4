"""The brief of an item: at the scope gate it is read, edited and sent here; else what it got, or would get now."""

from __future__ import annotations

import asyncio
from typing import ClassVar, cast

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from cockpit import facts
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.panes.lines import header
from cockpit.panes.pane import Target
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import outside, sending
from cockpit.screens.foot import Foot
from cockpit.screens.sending import Sending
from cockpit.screens.steerable import Steerable, steers
from cockpit.verbs import Verb
from widgets.line_pane import LinePane
from widgets.markdown_lines import MarkdownLines
from widgets.status_line import Segment, StatusLine

STEERS = ("accept", "iterate", "reject")


class BriefScreen(Steerable):
    """Say yes to exactly what is read here (R240, R245, R279)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *steers("brief", (*STEERS, "give")),
        Binding("e", "edit", "Edit the brief in $EDITOR; it is sent as you leave it", show=False, id="brief-edit"),
        Binding("n", "fresh", "What the spec would give now, and back", show=False, id="brief-fresh"),
        Binding("u", "use", "Use that one; yours stays beside it", show=False, id="brief-use"),
        Binding("y", "copy(False)", "Copy the line", show=False, id="brief-copy"),
        Binding("Y", "copy(True)", "Copy all of it", show=False, id="brief-copy-all"),
        Binding("question_mark", "app.help", "Help", show=False, id="brief-help"),
        Binding("colon", "app.command_palette", "Command palette", show=False, id="brief-palette"),
        Binding("q,escape", "dismiss", "Back", show=False, id="brief-back"),
    ]

    def __init__(self, places: Places, view: View, item: str) -> None:
        super().__init__(id="brief")
        self._places, self._view, self._item = places, view, item
        self._sending = Sending(sending.kind_of(view, item))
        self._fresh = False
        self._verbs: list[tuple[Verb, str]] = []
        self._read_of: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Header, what is said of it, the text, foot."""
        yield StatusLine(id="header")
        yield StatusLine(id="verdict")
        with Vertical(id="brief-part", classes="part open"):
            yield MarkdownLines(id="brief-text")
        yield Foot()

    def on_mount(self) -> None:
        """Stand in the text."""
        self.show(self._view)
        self.query_one(MarkdownLines).focus()

    def show(self, view: View) -> None:
        """Take another view; the text is read anew when spec or facts are others."""
        self._view = view
        left, right = header(view, 0)
        self.query_one("#header", StatusLine).set_segments(left[:2], right)
        of = (view.document, view.known)
        if self._read_of != of:
            self._read_of = of
            self._reread()
        self._paint()
        self.retarget()

    def _reread(self) -> None:
        self.run_worker(self._read(), group="read brief", exclusive=True)

    async def _read(self) -> None:
        self._sending = await asyncio.to_thread(sending.read, self._places, self._view, self._item)
        self._fresh = self._fresh and bool(self._sending.fresh)
        self._paint()

    def _paint(self) -> None:
        item, shown = self._view.document.item(self._item), self._sending
        name = Segment(line(self._item, 12), "accent", 9)
        words = Segment(line(item.text if item else "is not in the spec", 100), "", 1)
        self.query_one("#verdict", StatusLine).set_segments([name, words], sending.told(shown, self._view, item))
        part = self.query_one("#brief-part", Vertical)
        title = "What the spec would give now" if self._fresh else "Brief"
        part.border_title = Content(title)  # pyright: ignore[reportAttributeAccessIssue]
        text = shown.fresh if self._fresh else shown.text or shown.trouble
        self.query_one(MarkdownLines).show(text.rstrip("\n").split("\n"))
        self._keys()

    # Keys

    @property
    def target(self) -> Target:
        """The item."""
        return Target(self._item, self._item)

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs of the gate, the refused ones dimmed; they say why when pressed."""
        self._verbs = verbs
        self._keys()

    def _keys(self) -> None:
        verbs = [(verb.key, verb.name, not why) for verb, why in self._verbs if verb.name in STEERS]
        verbs.sort(key=lambda key: STEERS.index(key[1]))
        waits = self._sending.kind == "waits"
        fresh = [("n", "yours" if self._fresh else "as of now", True), ("u", "use that", True)]
        self.foot.set_keys(
            [
                *(verbs if waits else [key for key in verbs if key[2]]),
                *([("e", "edit", True)] if waits else []),
                *(fresh if self._sending.fresh else []),
                ("/", "find", True),
                ("Y", "copy all", True),
                ("?", "help", True),
                ("q", "back", True),
            ]
        )

    def action_edit(self) -> None:
        """The file itself: the engine reads it again, and a yes is to what stands there then."""
        if self._sending.kind != "waits":
            self.foot.say("edit: only a brief that waits can be edited; reword changes the item", "warn")
            return
        file = self._places.turn(self._item, 1) / facts.BRIEF
        try:
            outside.edit(cast("App[None]", self.app), file, max(1, self.query_one(MarkdownLines).cursor_line))
        except CockpitError as error:
            self.foot.say(line(str(error), 200), "alert")
        self._reread()

    def action_fresh(self) -> None:
        """Show what the spec would give now in place of the edited brief, or that one again."""
        if not self._sending.fresh:
            self.foot.say("nothing else: the brief is what the spec gives, or what you made of it", "dim")
            return
        self._fresh = not self._fresh
        self._paint()

    def action_use(self) -> None:
        """Let the edited brief go: it is made again from the spec, and waits again."""
        if not self._sending.fresh:
            self.foot.say("use: there is no other brief than this", "warn")
            return
        try:
            kept = facts.set_aside(self._places.turn(self._item, 1))
        except CockpitError as error:
            self.foot.say(line(str(error), 200), "alert")
            return
        self._fresh = False
        self.foot.say(f"it is made again from the spec; yours is kept: {kept.name}")
        self._reread()

    def action_copy(self, whole: bool) -> None:
        """Copy through the terminal (OSC 52)."""
        text = self.query_one(MarkdownLines)
        words = "\n".join(text.lines) if whole else text.copy_text()
        self.app.copy_to_clipboard(words)
        self.foot.say(f"copied: {len(text.lines)} lines" if whole else f"copied: {words[:60]}", "dim")

    @on(LinePane.FilterAsked)
    def find_asked(self, event: LinePane.FilterAsked) -> None:
        """`/`: go to what is typed."""
        event.stop()
        self.run_worker(self._find(), group="prompt", exclusive=True)

    async def _find(self) -> None:
        words = await self.foot.prompt.ask("find", live=self._seek)
        if words and not self._seek(words):
            self.foot.say(f"nowhere: {line(words, 60)}", "warn")

    def _seek(self, words: str) -> bool:
        text = self.query_one(MarkdownLines)
        lines = [each.lower() for each in text.lines]
        order = [*range(text.cursor, len(lines)), *range(text.cursor)]
        found = next((at for at in order if words.lower() in lines[at]), None)
        if found is not None:
            text.goto(found + 1)
        return found is not None
