"""What is under review: files, diff, checks and output, and the ways that lead from one to the other."""

from __future__ import annotations

import asyncio

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cockpit import borne
from cockpit.borne import Borne
from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.facts import Check, Opinion, Spot, Turn
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import changes, evidence, judging, rounds
from cockpit.screens.evidence import Told
from cockpit.spec import fields, guards
from cockpit.spec.comments import Comment, comment
from widgets.checklist import Checklist
from widgets.diff_lines import DiffLines
from widgets.file_tree import FileTree
from widgets.line_log import LineLog
from widgets.unified import Diff, widen

PRINTED = (1, 2, 14)
"""Checks whose evidence is what was printed, or the answer."""


class Result(Container):
    """The four parts. It says what it did in `Said`, and that it has read another result in `Read`."""

    class Said(Message):
        """A line for the human."""

        def __init__(self, words: str, tone: str = "dim") -> None:
            super().__init__()
            self.words, self.tone = words, tone

    class Read(Message):
        """Another result was read: its rounds are known."""

    def __init__(self, places: Places, view: View, item: str) -> None:
        super().__init__(id="parts")
        self._places, self._view, self._item = places, view, item
        self._reviewed: tuple[str, ...] | None = None
        self._changes = changes.Changes("", "", Diff())
        self._rounds: list[Turn] = []
        self._borne: list[Borne] = []
        self._only_since = False
        self._spot: tuple[int, int] = (0, -1)
        self._remarked: tuple[object, ...] = (None,)
        self._own: Turn | None = None

    def compose(self) -> ComposeResult:
        """The parts, in the order of their numbers."""
        parts: tuple[tuple[str, str, Widget], ...] = (
            ("files", "1 Files", FileTree(id="files")),
            ("diff", "2 Diff", DiffLines(id="diff")),
            ("checks", "3 Checks", Checklist(id="checks")),
            ("output", "4 Verification", LineLog(id="output")),
        )
        for name, title, widget in parts:
            with Vertical(id=f"{name}-part", classes="part") as part:
                part.border_title = Content(title)  # pyright: ignore[reportAttributeAccessIssue]
                yield widget

    def on_mount(self) -> None:
        """What empty parts say."""
        self.query_one(LineLog).empty = "the verification printed nothing"
        self.query_one(Checklist).empty = "not reviewed yet"

    @property
    def rounds(self) -> list[Turn]:
        """The reviewed turns up to this one."""
        return self._rounds

    @property
    def borne(self) -> list[Borne]:
        """Which decisions its findings bear out."""
        return self._borne

    @property
    def again(self) -> bool:
        """Whether there was a round before."""
        return self._changes.since is not None

    # What is shown

    def show(self, view: View) -> None:
        """Take another view; output and diff are read again only for another verdict."""
        self._view = view
        turn = self._turn
        if turn is None:
            return
        before, self._own = self._own, view.known.opinions.get(self._item)
        self.query_one(Checklist).set_checks(judging.checks(turn.review, self._borne))
        self._remark()
        said = judging.answer(view.document, self._item)
        key = (str(turn.number), turn.review.base, turn.review.head, *said) if turn.review else ("", "", *said)
        if key != self._reviewed:
            self._reviewed = key
            self._borne = []
            self._show_output(turn, said)
            self.run_worker(self._read(turn), group="diff", exclusive=True)
        elif before != self._own:
            self._show_output(turn, said, top=False)

    def _show_output(self, turn: Turn, said: list[str], *, top: bool = True) -> None:
        """What is worth knowing beside the checks, the answer, what was printed."""
        output = clean(turn.review.output, colour=not self.app.no_color) if turn.review else ""
        log = self.query_one(LineLog)
        spoken = [*judging.opinion(self._own), *judging.beside(turn.review, self._borne), *said]
        log.show([*spoken, *(output.split("\n") if output else [])])
        if top:
            log.action_top()
        title = "4 Answer and verification" if said else "4 Verification"
        self.query_one("#output-part").border_title = Content(title)  # pyright: ignore[reportAttributeAccessIssue]

    @property
    def opinion(self) -> Opinion | None:
        """What another agent said of it; None when none was asked, or has answered."""
        return self._own.opinion if self._own is not None else None

    @property
    def _turn(self) -> Turn | None:
        return self._view.known.reviewed(self._item)

    @property
    def _checks(self) -> list[Check]:
        turn = self._turn
        return turn.review.checks if turn is not None and turn.review is not None else []

    async def _read(self, turn: Turn) -> None:
        widget = self.query_one(DiffLines)
        widget.empty = "reading the diff"
        try:
            self._borne = await asyncio.to_thread(borne.of_turn, self._places, turn)
            if self._borne:
                self.query_one(Checklist).set_checks(judging.checks(turn.review, self._borne))
                self._show_output(turn, judging.answer(self._view.document, self._item))
            self._rounds = await asyncio.to_thread(rounds.reviewed, self._places, turn)
            heads = [one.review.head for one in self._rounds if one.review is not None and one.number < turn.number]
            before = heads[-1] if heads else ""
            self._changes = await asyncio.to_thread(changes.read, self._places, turn, before)
        except CockpitError as error:
            widget.empty = f"no diff: {line(str(error), 160)}"
            widget.refresh()
            return
        self._show_diff()
        self.post_message(self.Read())

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
        item, controls = self._view.document.item(self._item), self._view.document.controls
        globs = (fields.paths(item), guards.files(item, controls)) if item is not None else ((), ())
        key = (widget.diff.rows, self._checks, told, globs, self.opinion)
        if key[0] is self._remarked[0] and key[1:] == self._remarked[1:]:
            return
        self._remarked = key
        widget.remark(evidence.remarks(widget.diff, self._checks, told, self.opinion))
        tree = self.query_one(FileTree)
        tree.empty = widget.empty
        tree.set_files(evidence.leaves(widget.diff, self._checks, told, *globs, self.opinion))

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

    def _say(self, words: str, tone: str = "dim") -> None:
        self.post_message(self.Said(words, tone))

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
            self.step(1)
        else:
            self._say("c comments on this line; enter on a check goes to what it found")

    @on(Checklist.Chosen)
    def check_chosen(self, event: Checklist.Chosen) -> None:
        """Enter on a check: the first place that it names."""
        event.stop()
        self._spot = (event.number, -1)
        self.step(1)

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
            self._say("this line names no file")

    def step(self, step: int) -> None:
        """To the next (1) or previous (-1) place of the check one stands on or came from, else of all that failed."""
        diff, checks = self.query_one(DiffLines).diff, self._checks
        number, at = self._spot
        listed = self.query_one(Checklist)
        if self.screen.focused is listed and listed.checks and listed.checks[listed.cursor].number != number:
            number, at = listed.checks[listed.cursor].number, -1 if step > 0 else 0
        wanted = [check for check in checks if check.number == number or (not number and check.bad)]
        found = [(check, spot) for check in wanted for spot in evidence.spots(check, diff)]
        if not found:
            self._nowhere(number)
            return
        at = (at + step) % len(found)
        self._spot = (number, at)
        check, spot = found[at]
        where = f"{line(spot.path, 120)}{f':{spot.line}' if spot.line else ''}"
        self._say(f"{check.number} {line(check.name, 40)}, {at + 1} of {len(found)}: {where}")
        self._goto(spot)

    def _nowhere(self, number: int) -> None:
        if number in PRINTED:
            self.query_one(LineLog).focus()
        else:
            self._say(f"check {number} names no place" if number else "no check failed on a line")

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
            self._say(f"{where} is not on the branch", "warn")
            if file is not None:
                widget.goto(file.row)
            return
        first, lines = changes.unshown(widget.diff, spot.path, spot.line, *found)
        wider = widen(widget.diff, spot.path, first, lines, "not changed")
        self._changes = self._changes.but(wider, only_since=self._only_since)
        widget.show(wider)
        self._remark()
        widget.goto(evidence.row_of(spot, wider) or 0)

    def toggle_since(self) -> None:
        """Show only what changed since the round before, or all again."""
        if not self.again:
            self._say("there was no round before", "warn")
            return
        self._only_since = not self._only_since
        self._show_diff()
        self._say("what changed since the last round; u shows all" if self._only_since else "the whole diff")

    # Words of the human

    def note(self) -> tuple[str, str] | None:
        """What another agent notes on the line under the diff's cursor, as the human's comment: its place and words.

        Anywhere else None, and the cursor goes to the next line that has a note.
        """
        widget, own = self.query_one(DiffLines), self.opinion
        found = evidence.noted(widget.diff, own)
        if own is None or not found:
            self._say(
                judging.opinion_words(self._own) if self._own is not None else "no other agent was asked (opinion:)"
            )
            return None
        if self.screen.focused is widget and widget.cursor in found:
            place = evidence.place(found[widget.cursor][0])
            said = [one.comment.words for one in self._told if not one.fate and one.comment.place == place]
            notes = [one.words for one in found[widget.cursor] if evidence.place(one) == place]
            new = [words for words in dict.fromkeys(notes) if words not in " ".join(said)]
            return place, "; ".join([*said, *new])
        row = next((row for row in found if row > widget.cursor), next(iter(found)))
        widget.focus()
        widget.goto(row)
        self._say(f"{own.agent}, line {list(found).index(row) + 1} of {len(found)}: o makes it your comment")
        return None

    def about(self) -> Comment | None:
        """What the human would speak of now: the line under the diff's cursor, with what was said there already.

        None, and said why, where nothing can be said.
        """
        widget, tree = self.query_one(DiffLines), self.query_one(FileTree)
        if self.screen.focused is tree and tree.selected:
            widget.goto(widget.diff.find(tree.selected, 0) or 0)
        here, file = widget.here, widget.file
        off = self.screen.focused not in (widget, tree)
        if off or here is None or file is None or here.kind in ("hunk", "meta"):
            self._say("comment: stand on a line of the diff, or on a file", "warn")
            return None
        gone = here.kind == "removed"
        if gone and self._only_since:
            self._say("comment: that line is of the round before; u shows the whole diff", "warn")
            return None
        diff, at = widget.diff, widget.cursor
        fresh = (one.comment for one in self._told if not one.fate)
        said = next((one for one in fresh if evidence.anchor(diff, one) == at), None)
        path = file.before or file.path if gone else file.path
        return said or Comment(path, (here.old if gone else here.new) or 0, "", gone=gone)
