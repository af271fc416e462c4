"""The signals: what matters right now, ranked, each with the words that say why it stands where it stands."""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit import explain
from cockpit.clean import line
from cockpit.panes.pane import Pane, Target, painted, toned, when_empty
from cockpit.panes.view import View, age
from cockpit.wire import MutedView, SignalView
from widgets.parts import Parts
from widgets.ranked_list import Column, RankedList, Row

LEVELS = {
    "alert": ("●", "alert"),
    "error": ("●", "alert"),
    "warn": ("▲", "warn"),
    "warning": ("▲", "warn"),
    "ok": ("✓", "ok"),
    "good": ("✓", "ok"),
}
"""A signal's level as a glyph and a tone; any other level is a plain dot."""

SHELF = "mute "
"""What the ids of mutes begin with that hide nothing now; a signal on the shelf keeps the id it has as a row."""


def signals(view: View) -> list[SignalView]:
    """What the engine ranked; without an engine, the rows written in the spec, in their order."""
    if view.snapshot.signals or view.engine == "up":
        return view.snapshot.signals
    return [
        SignalView(
            key=row.signal, what=row.signal, state=row.state, since=0.0, action=row.action, reasons=["from the spec"]
        )
        for row in view.document.signals
    ]


def rows(view: View) -> list[Row]:
    """A row for each signal in rank order, then the shelf of muted ones, dim."""
    made: list[Row] = []
    for signal in signals(view):
        glyph, tone = LEVELS.get(signal.level, ("·", "dim"))
        made.append(
            Row(
                signal.key,
                (
                    toned(glyph, tone),
                    line(("↑ " if signal.pinned else "") + signal.what, 120),
                    toned(line(signal.state, 40), tone),
                    age(view.now - signal.since) if signal.since else "",
                    line(signal.action, 40),
                    Parts(tuple(line(reason, 40) for reason in signal.reasons), "dim"),
                ),
            )
        )
    hidden = len(view.snapshot.muted)
    for at, muted in enumerate(shelf(view)):
        left, short = explain.left(muted.until, view.now)
        scope = muted.target if muted.target not in ("", muted.key) else ""
        why = Parts(tuple(part for part in (line(scope, 40), line(left, 40), line(muted.reason, 80)) if part))
        name = muted.key if at < hidden else SHELF + muted.key
        made.append(Row(name, ("z", line(muted.what, 120), "muted", short, "unmute", why), "dim"))
    return made


def shelf(view: View) -> list[MutedView]:
    """What mutes hide now, then the mutes of the spec that hide nothing now."""
    hidden = view.snapshot.muted
    named = {muted.target or muted.key for muted in hidden}
    return [
        *hidden,
        *(
            MutedView(key=mute.target, what=mute.target, until=mute.until, reason=mute.reason, target=mute.target)
            for mute in view.document.mutes
            if mute.target not in named
        ),
    ]


def on_shelf(view: View, row: str) -> MutedView | None:
    """The one on the shelf that has this row's id."""
    key = row.removeprefix(SHELF)
    there = view.snapshot.muted if key == row else shelf(view)
    return next((muted for muted in there if muted.key == key), None)


class SignalList(RankedList):
    """The rows: while their order is held, one that is over says so."""

    def ghost(self, row: Row) -> Row:
        """Dim, and ended; nothing to do any more."""
        glyph, what, _, *_, why = row.cells
        return Row(row.id, (glyph, what, "ended", "", "", why), "dim")


class SignalsPane(Pane):
    """Pane 2. While it has the focus the order holds still under the reader's eyes: `.` shows what waits."""

    NUMBER = 2
    TITLE = "Signals"

    def __init__(self) -> None:
        super().__init__(id="signals")
        self._view = View()

    def compose(self) -> ComposeResult:
        """One ranked list."""
        columns = (
            Column("", 1),
            Column("signal", fits=True),
            Column("state", 9),
            Column("since", 4, "right"),
            Column("do", 9),
            Column("why"),
        )
        yield SignalList(*columns, id="signal-list")

    def show(self, view: View) -> None:
        """Take the ranking; the selection stays on its signal."""
        ranked = view.engine == "up" and self._view.engine != "up"
        self._view = view
        widget = self.query_one(RankedList)
        when_empty(widget, "nothing asks for you" if view.engine == "up" else "signals come with the engine")
        made = painted(rows(view), widget)
        held = widget.frozen
        if ranked or not widget.row_count:
            widget.frozen = False  # nothing was read yet
        widget.set_rows(made)
        widget.frozen = held
        if ranked and made and not widget.has_focus:
            widget.select(made[0].id)  # the rows of the spec were not in rank order
        self.detail()

    def hold(self, still: bool) -> None:
        """Hold the order, or let it go."""
        widget = self.query_one(RankedList)
        if widget.frozen is not still:
            widget.frozen = still
            self.detail()

    def detail(self) -> None:
        """Counts in the title, the selected signal's evidence below."""
        muted = len(shelf(self._view))
        counts = str(len(signals(self._view))) + (f" · {muted} muted" if muted else "")
        signal = self.signal
        self.entitle(counts, line(signal.evidence[0], 90) if signal is not None and signal.evidence else "")

    def on_ranked_list_highlighted(self) -> None:
        """Another signal: its evidence."""
        self.detail()

    @property
    def signal(self) -> SignalView | None:
        """The selected signal, None on the shelf."""
        selected = self.query_one(RankedList).selected
        return next((signal for signal in signals(self._view) if signal.key == selected), None)

    @property
    def row(self) -> str:
        """The id of the selected row."""
        return self.query_one(RankedList).selected or ""

    @property
    def target(self) -> Target:
        """The signal's key, and the item it is about. On the shelf: what the mute in the spec names."""
        signal, muted = self.signal, on_shelf(self._view, self.row)
        if signal is not None or muted is None:
            return Target(self.row, signal.item if signal is not None else "")
        return Target(muted.target or muted.key)
