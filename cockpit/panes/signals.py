"""The signals: what matters right now, ranked, each with the words that say why it stands where it stands."""

from __future__ import annotations

from textual.app import ComposeResult

from cockpit import explain
from cockpit.clean import line
from cockpit.panes.pane import Pane, Target, painted, toned, when_empty
from cockpit.panes.view import View, age
from cockpit.wire import MutedView, SignalView
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

SHELF = "muted "
"""What the ids of rows on the shelf begin with: no signal's key has a blank."""


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
                    toned(line(", ".join(signal.reasons), 200), "dim"),
                ),
            )
        )
    for muted in shelf(view):
        left, short = explain.left(muted.until, view.now)
        scope = f"{muted.target} " if muted.target not in ("", muted.key) else ""
        why = line(scope + (f"{left}: {muted.reason}" if muted.reason else left), 160)
        made.append(Row(SHELF + muted.key, ("z", line(muted.what, 120), "muted", short, "unmute", why), "dim"))
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


class SignalsPane(Pane):
    """Pane 2."""

    NUMBER = 2
    TITLE = "Signals"

    def __init__(self) -> None:
        super().__init__(id="signals")
        self._view = View()

    def compose(self) -> ComposeResult:
        """One ranked list."""
        columns = (
            Column("", 1),
            Column("signal"),
            Column("state", 11),
            Column("since", 4, "right"),
            Column("do", 10),
            Column("why"),
        )
        yield RankedList(*columns, id="signal-list")

    def show(self, view: View) -> None:
        """Take the ranking; the selection stays on its signal."""
        ranked = view.engine == "up" and self._view.engine != "up"
        self._view = view
        widget = self.query_one(RankedList)
        when_empty(widget, "nothing asks for you" if view.engine == "up" else "signals come with the engine")
        made = painted(rows(view), widget)
        widget.set_rows(made)
        if ranked and made and not widget.has_focus:
            widget.select(made[0].id)  # the rows of the spec were not in rank order
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
        selected = self.query_one(RankedList).selected or ""
        if not selected.startswith(SHELF):
            signal = self.signal
            return Target(selected, signal.item if signal is not None else "")
        key = selected.removeprefix(SHELF)
        muted = next((muted for muted in shelf(self._view) if muted.key == key), None)
        return Target(muted.target or key if muted is not None else key)
