"""Why something stands where it stands: reasons, evidence, facts, in a small window (law 5)."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from cockpit import explain, policy
from cockpit.clean import line
from cockpit.explain import Facts
from cockpit.panes.queue import in_short
from cockpit.panes.signals import on_shelf, signals
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.spec import Item, Kind
from widgets.ranked_list import Column, RankedList, Row


def of_signal(view: View, key: str) -> Facts:
    """All that is known of the signal of that row; of one on the shelf, what silences it."""
    signal = next((signal for signal in signals(view) if signal.key == key), None)
    if signal is not None:
        return explain.of_signal(signal, view.now)
    muted = on_shelf(view, key)
    return explain.of_muted(muted, view.now) if muted is not None else []


def of_item(view: View, id: str, places: Places) -> Facts:
    """An item's fields, its delegate's state with all that it follows from, its last outcome, its status block."""
    item = view.document.item(id)
    facts: Facts = [] if item is None else [("item", item.text), *((field.key, field.value) for field in item.fields)]
    measured = next((row for row in view.snapshot.measured if row.id == id), None)
    if measured is not None:
        facts += [("measured", measured.words), *(("", words) for words in measured.rows)]
    row, turn = view.delegate(id), view.known.turns.get(id)
    if row is not None:
        facts += [("delegate", f"{row.agent}, turn {row.turn}, branch {row.branch}")]
        facts += explain.of_state(row, view.now)
        facts += explain.of_spent(row)
        facts += [("loop", view.snapshot.loop_spent), ("today", view.snapshot.day_spent)]
    if turn is not None:
        if turn.sentinel is not None:
            facts += [("outcome", f"{turn.sentinel.outcome} {turn.sentinel.detail}".strip())]
        if turn.answer is not None:
            facts += [("it says", turn.answer.summary)]
        facts += [(name, wrong) for name, wrong in turn.broken.items()]
        if view.known.stale.get(id):
            facts += [("stale", view.known.stale[id])]
    if id and id == view.snapshot.head:
        facts += [("next", view.snapshot.why)]
    if item is not None and item.section is Kind.QUEUE:
        facts += _policy(view, item)
    if turn is not None:
        openspec = (item.value("openspec") or item.value("origin")) if item is not None else ""
        facts += explain.block(places, turn, openspec)
    return facts


def of_goal(view: View) -> Facts:
    """What is left of the queue, as the graph of what waits for what (R42)."""
    from cockpit.spec.graph import graph

    told = {item.id: in_short(item, view) for item in view.document.queue}
    works = [("works", f"{view.known.works.words} (first working path)")] if view.known.works is not None else []
    return [*works, *(graph(view.document, told) or [("", "nothing is left in the queue")])]


def _policy(view: View, item: Item) -> Facts:
    """Its six rows, as the engine sees the loop now."""
    shot = view.snapshot
    held = "no engine runs" if view.engine == "down" else f"{shot.fence}: {shot.why}" if shot.fence else ""
    return policy.six(view.document, item, policy.Now(shot.waits.get(item.id, ""), held, shot.target or shot.branch))


class WhyScreen(ModalScreen[None]):
    """Pairs of words; any way out closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,w,enter,ctrl+c", "dismiss", "Close", show=False),
        Binding("y", "copy(False)", "Copy the line", show=False),
        Binding("Y", "copy(True)", "Copy all of it", show=False),
    ]

    def __init__(self, title: str, facts: Facts) -> None:
        super().__init__(id="why")
        self._title, self._facts = title, [(name, words) for name, words in facts if words]

    def compose(self) -> ComposeResult:
        """The facts as a list, so that they can be scrolled and copied."""
        with Vertical(id="why-box") as box:
            box.border_title = Content(self._title)  # pyright: ignore[reportAttributeAccessIssue]
            box.border_subtitle = Content("y copies a line, Y all · esc closes")  # pyright: ignore[reportAttributeAccessIssue]
            yield RankedList(Column("", 10), Column(""), id="why-list")

    def on_mount(self) -> None:
        """Long words go on in further rows."""
        widget = self.query_one(RankedList)
        rows: list[Row] = []
        for at, (name, words) in enumerate(self._facts):
            for part, text in enumerate(_wrap(words, max(20, min(86, self.size.width - 20)))):
                rows.append(Row(f"{at}.{part}", (Text.assemble((name if not part else "", widget.tone("dim"))), text)))
        widget.set_rows(rows)
        widget.styles.height = max(1, min(len(rows), self.size.height - 8))

    def action_copy(self, whole: bool) -> None:
        """Copy through the terminal (OSC 52): all of it, or the words under the cursor, whole however they wrap."""
        every = "\n".join(f"{name:<10} {words}" for name, words in self._facts)
        at = (self.query_one(RankedList).selected or "0").partition(".")[0]
        self.app.copy_to_clipboard(every if whole else self._facts[int(at)][1] if self._facts else "")

    def on_ranked_list_chosen(self) -> None:
        """Enter closes too."""
        self.dismiss()


def _wrap(text: str, width: int) -> list[str]:
    import textwrap

    flat = line(text, 2000)
    indent = " " * (len(text) - len(text.lstrip()))  # numbers stand below each other
    return textwrap.wrap(indent + flat, width, subsequent_indent=indent) or [""]
