"""The delegates, and the log of the selected one below them."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content

from cockpit.clean import line
from cockpit.panes.pane import Pane, Target, painted, toned, when_empty
from cockpit.panes.view import View, age
from cockpit.wire import DelegateRow
from widgets.line_log import LineLog
from widgets.line_pane import LinePane
from widgets.ranked_list import Column, RankedList, Row

GOOD = ("finished", "done", "reviewed", "accepted", "merged", "proved")
BAD = ("failed", "limited", "crashed", "dead", "timeout", "died", "lost", "blocked", "interrupted", "not started")
YOURS = ("asks", "escalate", "waiting", "permission", "dialog")


def look(state: str) -> tuple[str, str]:
    """A delegate's state as a glyph and a tone."""
    first = state.lower()
    for words, answer in ((GOOD, ("✓", "ok")), (BAD, ("■", "alert")), (YOURS, ("◆", "warn"))):
        if first.startswith(words):
            return answer
    return ("·", "dim") if first.startswith(("unknown", "silent")) else ("▸", "accent")


def rows(view: View) -> list[Row]:
    """A row for each delegate."""
    made: list[Row] = []
    for row in view.delegates:
        glyph, tone = look(row.state)
        spent = f"{row.tokens / 1000:.0f}k" if row.tokens else ""
        made.append(
            Row(
                row.item,
                (
                    toned(glyph, tone),
                    toned(line(row.item, 12), "accent"),
                    line(row.agent, 20),
                    toned(line(row.state, 30), tone),
                    age(view.now - row.since),
                    toned(spent, "dim"),
                    toned(f"asks to {line(row.asks.partition(' ')[2], 200)}", "warn")
                    if row.asks
                    else toned(line(row.text, 200), "dim"),
                ),
            )
        )
    return made


class DelegatesPane(Pane):
    """Pane 4."""

    NUMBER = 4
    TITLE = "Delegates"

    def __init__(self) -> None:
        super().__init__(id="delegates")
        self._view = View()

    def compose(self) -> ComposeResult:
        """The list above the log."""
        columns = (
            Column("", 1),
            Column("id", 4),
            Column("agent", 10),
            Column("state", 11),
            Column("since", 4, "right"),
            Column("tokens", 5, "right"),
            Column("item"),
        )
        yield RankedList(*columns, id="delegate-list")
        yield LineLog(id="log")

    def show(self, view: View) -> None:
        """Take the delegates; the selection stays on its delegate."""
        self._view = view
        widget, log = self.query_one(RankedList), self.query_one(LineLog)
        when_empty(widget, "none yet: c lets the loop go on, n does one step")
        when_empty(log, "the log of the selected delegate")
        made = painted(rows(view), widget)
        height = max(1, min(len(made), 6))
        if widget.styles.height is None or widget.styles.height.value != height:
            widget.styles.height = height
        widget.set_rows(made)
        self.detail()

    def detail(self) -> None:
        """Counts in the title, the selected delegate's turn and evidence over its log."""
        snapshot, row = self._view.snapshot, self.delegate
        running = f"{snapshot.running} of {snapshot.wip} run" if self._view.engine == "up" else ""
        self.entitle(running or str(len(self._view.delegates)), line(row.session, 40) if row is not None else "")
        words = f" log of {line(row.item, 12)}, turn {row.turn}: {line(row.evidence, 80)} " if row else " log "
        title = Content(words)
        log = self.query_one(LineLog)
        if log._border_title != title:  # pyright: ignore[reportPrivateUsage]
            log.border_title = title  # pyright: ignore[reportAttributeAccessIssue]

    def on_ranked_list_highlighted(self) -> None:
        """Another delegate."""
        self.detail()

    @property
    def delegate(self) -> DelegateRow | None:
        """The selected delegate."""
        selected = self.query_one(RankedList).selected
        return self._view.delegate(selected) if selected else None

    @property
    def lists(self) -> list[LinePane]:
        """The list, then the log."""
        return [self.query_one(RankedList), self.query_one(LineLog)]

    @property
    def copyable(self) -> str:
        """A line of the log, or the command that goes to the delegate."""
        log, row = self.query_one(LineLog), self.delegate
        return log.copy_text() if log.has_focus or row is None else f"cockpit attach {row.item}"

    @property
    def target(self) -> Target:
        """The delegate's item."""
        selected = self.query_one(RankedList).selected or ""
        return Target(selected, selected)

    def show_log(self, lines: Iterable[str]) -> None:
        """Another log, from its first line we have."""
        self.query_one(LineLog).show(lines)

    def append_log(self, lines: Iterable[str]) -> None:
        """The log has grown."""
        self.query_one(LineLog).append(lines)
