"""The main screen: header, four panes, and the foot. Wide: all panes at once; narrow: a stack with one of them open."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Static

from cockpit.clean import line
from cockpit.deeds import Deed, deed, places_named
from cockpit.panes.delegates import DelegatesPane
from cockpit.panes.lines import header, keys, notes
from cockpit.panes.pane import Pane, Target, pane_of
from cockpit.panes.queue import QueuePane
from cockpit.panes.signals import SignalsPane
from cockpit.panes.spec import SpecPane
from cockpit.panes.view import View
from cockpit.screens.foot import Foot
from cockpit.screens.host import host
from cockpit.screens.steerable import Steerable
from cockpit.spec import Item, Kind
from cockpit.verbs import BY_NAME, VERBS, Verb
from cockpit.wire import SignalView
from widgets.line_pane import LinePane
from widgets.markdown_lines import MarkdownLines
from widgets.ranked_list import RankedList
from widgets.status_line import StatusLine

WIDE = (100, 32)
"""Cells from which all four panes are shown at once; below, they are stacked (80x24)."""

LEAST = (60, 15)
"""Cells below which nothing useful can be shown."""


class MainScreen(Steerable):
    """The four panes. One stands in the queue first: what needs the human is there."""

    AUTO_FOCUS = "#queue-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(verb.key, f"app.verb({verb.name!r})", verb.help, show=False, id=verb.name) for verb in VERBS),
        *(Binding(str(n), f"pane({n})", f"Pane {n}", show=False, id=f"pane-{n}") for n in range(1, 5)),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="next"),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, id="previous"),
        Binding("plus,underscore", "zoom", "The focused pane fills the screen, and back", show=False, id="zoom"),
        Binding("w", "why", "Why it stands there", show=False, id="why"),
        Binding("t", "attach", "Go to the delegate's terminal", show=False, id="attach"),
        Binding("V", "brief", "Its brief: what it got, or would get now", show=False, id="brief"),
        Binding("y", "copy", "Copy the row", show=False, id="copy"),
        Binding("Y", "copy_id", "Copy the id or key", show=False, id="copy-id"),
        Binding("l", "app.timeline", "What was steered, by whom and why", show=False, id="timeline"),
        Binding("f", "freeze", "Hold the order still while you read, and let go", show=False, id="freeze"),
        Binding("full_stop", "catch_up", "Show what waits behind an order held still", show=False, id="catch-up"),
        Binding("less_than_sign", "move('up')", "Move the item up", show=False, id="move-up"),
        Binding("greater_than_sign", "move('down')", "Move the item down", show=False, id="move-down"),
        Binding("b", "move('backlog')", "The item to the backlog, or back into the queue", show=False, id="backlog"),
        Binding("E", "edit", "The spec in $EDITOR, at this line", show=False, id="edit"),
        Binding("question_mark", "app.help", "Help", show=False, id="help"),
        Binding("colon", "app.command_palette", "Command palette", show=False, id="palette"),
        Binding("q", "app.leave", "Quit; the engine goes on", show=False, id="quit"),
        Binding("escape", "back", "Clear the filter, leave the zoom", show=False, id="back"),
    ]

    def __init__(self, view: View) -> None:
        super().__init__(id="main")
        self._view = view
        self._open = QueuePane.NUMBER

    def compose(self) -> ComposeResult:
        """Header, panes, foot; and the words for a terminal that is too small."""
        yield StatusLine(id="header")
        with Container(id="panes"):
            yield SpecPane()
            yield SignalsPane()
            queue = QueuePane()
            queue.add_class("open")
            yield queue
            yield DelegatesPane()
        yield Foot()
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Show what there is."""
        self.show(self._view)

    # What is shown

    def show(self, view: View) -> None:
        """Take another view. Each part compares and repaints only what differs."""
        self._view = view
        self.query_one("#header", StatusLine).set_segments(*header(view, self.size.width))
        for pane in self.query(Pane):
            pane.show(view)
        self.foot.note(notes(view))
        self.retarget()

    def show_keys(self, verbs: list[tuple[Verb, str]]) -> None:
        """The verbs with the reason each is refused, for the selected row."""
        item = self.target.item
        row = self._view.delegate(item) if item else None
        self.foot.set_keys(keys(verbs, self._view.document, item, attach=row is not None and bool(row.session)))

    # Where the human is

    @property
    def pane(self) -> Pane:
        """The focused pane; while something else has the focus, the one that had it last."""
        focused = pane_of(self.focused)
        return focused if focused is not None else self._pane(self._open)

    @property
    def target(self) -> Target:
        """What a verb would act on."""
        return self.pane.target

    @property
    def selected(self) -> SignalView | None:
        """The signal that one stands on; None in another pane."""
        pane = self.pane
        return pane.signal if isinstance(pane, SignalsPane) else None

    def _pane(self, number: int) -> Pane:
        return next(pane for pane in self.query(Pane) if number == pane.NUMBER)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Another pane: in a stack it opens."""
        pane = pane_of(event.widget)
        if pane is None:
            return
        self._open = pane.NUMBER
        self.query_one(SignalsPane).hold(isinstance(pane, SignalsPane))
        for other in self.query(Pane):
            other.set_class(other is pane, "open")
        self.retarget()

    @on(RankedList.Highlighted)
    @on(MarkdownLines.Moved)
    def row_moved(self) -> None:
        """Another row."""
        self.retarget()

    def on_resize(self, event: events.Resize) -> None:
        """Wide, stacked, or too small."""
        width, height = event.size
        small = width < LEAST[0] or height < LEAST[1]
        self.query_one("#header", StatusLine).set_segments(*header(self._view, width))
        self.set_class(small, "small")
        self.set_class(not small and (width < WIDE[0] or height < WIDE[1]), "stacked")
        if small:
            need = f"{LEAST[0]}x{LEAST[1]}"
            self.query_one("#too-small", Static).update(
                f"This terminal is too small for Cockpit.\n\nIt has {width}x{height}, {need} are needed.\n"
                "q quits; the engine and the delegates go on."
            )

    # Keys

    def action_pane(self, number: int) -> None:
        """Go to a pane by its number."""
        self._pane(number).lists[0].focus()

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        self.toggle_class("zoomed")

    def action_back(self) -> None:
        """Leave what is transient: a filter, a zoom, a frozen order."""
        focused = self.focused
        if isinstance(focused, LinePane) and focused.filter:
            focused.set_filter("")
            self.foot.say("filter off", "dim")
        elif isinstance(focused, RankedList) and focused.frozen and not isinstance(self.pane, SignalsPane):
            self.action_freeze()
        else:
            self.remove_class("zoomed")

    def action_freeze(self) -> None:
        """Hold the order of the list still, or let it go."""
        focused = self.focused
        if not isinstance(focused, RankedList):
            self.foot.say("only lists hold still", "warn")
        elif focused.frozen:
            focused.thaw()
            self.foot.say("the order moves again", "dim")
        else:
            focused.frozen = True
            self.foot.say("the order holds still: f lets it go", "dim")

    def action_catch_up(self) -> None:
        """Show what waits behind an order that is held still."""
        focused = self.focused
        waits = focused.pending if isinstance(focused, RankedList) else ""
        if isinstance(focused, RankedList) and waits:
            focused.catch_up()
            self.pane.show(self._view)
        self.foot.say(f"shown: {waits}" if waits else "nothing waits", "dim")

    def action_copy(self) -> None:
        """Copy the words under the cursor, through the terminal (OSC 52)."""
        self._copied(self.pane.copyable)

    def action_copy_id(self) -> None:
        """Copy the id of the item or the key of the signal."""
        self._copied(self.target.item or self.target.row)

    def _copied(self, words: str) -> None:
        if not words:
            self.foot.say("nothing to copy here", "warn")
            return
        self.app.copy_to_clipboard(words)
        self.foot.say(f"copied: {words[:60]}", "dim")

    def action_attach(self) -> None:
        """Go to the terminal of the delegate that works on the selected item."""
        item = self.target.item
        row = self._view.delegate(item) if item else None
        if row is None or not row.session:
            self.foot.say("no delegate is selected" if not item else f"{item} has no delegate", "warn")
            return
        host(self).attach(row.session)

    def action_move(self, to: str) -> None:
        """Move the selected item; what is in the backlog goes back into the queue."""
        item = self._view.document.item(self.target.item)
        if item is None:
            self.foot.say("no item is selected", "warn")
            return
        back = to == "backlog" and item.section is Kind.BACKLOG
        host(self).act("move", item.id, {"to": "queue" if back else to})

    def action_brief(self) -> None:
        """Show what the delegate of the selected item was told, or would be told now."""
        item = self._view.document.item(self.target.item)
        if item is None:
            self.foot.say("no item is selected", "warn")
        else:
            host(self).brief(item.id)

    def action_why(self) -> None:
        """Say why the selected row stands where it stands."""
        host(self).why(self.pane)

    def action_edit(self) -> None:
        """Open the spec in the human's editor: the document is the API."""
        number = self.query_one(SpecPane).line_number if isinstance(self.pane, SpecPane) else 1
        if not isinstance(self.pane, SpecPane):
            item = self._view.document.item(self.target.item)
            number = item.line if item is not None else 1
        host(self).edit_spec(number)

    @on(RankedList.Chosen)
    def chosen(self, event: RankedList.Chosen) -> None:
        """Enter: do what a signal suggests, review what needs the human, zoom into a log."""
        event.stop()
        pane = self.pane
        if isinstance(pane, SignalsPane):
            self._heed(pane.signal)
        elif not host(self).review(self.target.item):
            item = self._view.document.item(self.target.item)
            if item is not None:
                self._to(item)

    def _heed(self, signal: SignalView | None) -> None:
        """Do what a signal suggests; where that is only advice, or nothing is there to do it on, say why it stands."""
        if signal is not None:
            host(self).heeded(signal)
        if signal is None or not self._did(deed(signal.action), signal):
            self.action_why()

    def _did(self, todo: Deed, signal: SignalView) -> bool:
        app, item = host(self), self._view.document.item(signal.item) if signal.item else None
        row = self._view.delegate(signal.item) if signal.item else None
        match todo.does:
            case "timeline":
                app.action_timeline()
            case "verb" if item is not None or BY_NAME[todo.verb].target != "item" or todo.verb == "add":
                app.action_verb(todo.verb)
            case "attach" if row is not None and row.session:
                app.attach(row.session)
            case "spec":
                app.edit_spec(item.line if item is not None else 1)
            case "review" | "look" if signal.item and app.review(signal.item):
                pass
            case "look" | "file" if app.open_named(places_named(signal)):
                pass
            case "review" | "file" if item is not None:
                self._to(item)
            case _:
                return False
        return True

    def _to(self, item: Item) -> None:
        """Go to the item in the spec."""
        self.query_one(MarkdownLines).goto(item.line)
        self.action_pane(1)

    def on_markdown_lines_selected(self) -> None:
        """Enter in the spec: the file that a line of the code map or the runbooks names, or the review of an item."""
        named = self.query_one(SpecPane).reference
        if named is not None and named.web:
            self.foot.say(f"that leads out of the repository: {line(named.target, 120)} (y copies the line)", "dim")
        elif named is not None and named.target:
            host(self).open_file(named.target, named.at or 1)
        elif not host(self).review(self.target.item):
            self.foot.say("enter opens the review of an item that has one, or the file that a line names", "dim")

    @on(LinePane.FilterAsked)
    def filter_asked(self, event: LinePane.FilterAsked) -> None:
        """`/`: filter a list or a log as you type; in the spec, go to what is typed."""
        event.stop()
        self.run_worker(self._filter(event.pane), group="prompt", exclusive=True)

    async def _filter(self, pane: LinePane) -> None:
        if isinstance(pane, MarkdownLines):
            spec = self.query_one(SpecPane)
            words = await self.foot.prompt.ask("find", live=lambda words: None if not words else _seek(spec, words))
            if words and not spec.search(words, after=False):
                self.foot.say(f"nowhere: {words}", "warn")
            return
        before = pane.filter
        words = await self.foot.prompt.ask("filter", value=before, live=pane.set_filter)
        pane.set_filter(before if words is None else words)
        self.foot.say(f"only rows with: {words} (esc shows all)" if words else "all rows", "dim")


def _seek(spec: SpecPane, words: str) -> None:
    spec.search(words, after=False)
