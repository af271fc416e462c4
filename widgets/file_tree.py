"""Files as a tree of folders, one line each: a folder that holds but one other is told with it on one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from widgets.line_pane import LinePane
from widgets.plain import harmless

_STATUS = {"A": "ok", "D": "alert", "R": "accent", "C": "accent", "M": "warn"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file."""

    path: str
    """Its whole path, with slashes."""
    status: str = "M"
    """A letter: what happened to it."""
    counts: tuple[tuple[str, str], ...] = ()
    """Words at the right, each with its tone."""
    marks: tuple[tuple[str, str], ...] = ()
    """Words behind the name, each with its tone."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of the tree: a folder, or a file with its `leaf`."""

    name: str
    depth: int
    leaf: Leaf | None = None


@dataclass(slots=True)
class _Folder:
    folders: dict[str, _Folder] = field(default_factory=dict[str, "_Folder"])
    files: list[tuple[str, Leaf]] = field(default_factory=list[tuple[str, Leaf]])


def tree(leaves: Sequence[Leaf]) -> list[Branch]:
    """The lines of the tree: in a folder first its folders, then its files, each by name."""
    top = _Folder()
    for leaf in leaves:
        *folders, name = leaf.path.split("/")
        at = top
        for folder in folders:
            at = at.folders.setdefault(folder, _Folder())
        at.files.append((name, leaf))
    return list(_lines(top, 0))


def _lines(folder: _Folder, depth: int) -> Iterator[Branch]:
    for name, inner in sorted(folder.folders.items()):
        while not inner.files and len(inner.folders) == 1:
            only, inner = next(iter(inner.folders.items()))
            name = f"{name}/{only}"
        yield Branch(f"{name}/", depth)
        yield from _lines(inner, depth + 1)
    for name, leaf in sorted(folder.files, key=lambda file: file[0]):
        yield Branch(name, depth, leaf)


class FileTree(LinePane):
    """The tree; the cursor stands on files only."""

    class Highlighted(Message):
        """The human put the cursor on another file."""

        def __init__(self, files: FileTree, path: str) -> None:
            super().__init__()
            self.files = files
            """The tree."""
            self.path = path
            """The file's path."""

        @property
        def control(self) -> FileTree:
            """The tree, for `@on(..., selector)`."""
            return self.files

    class Chosen(Highlighted):
        """A file was chosen with enter or a double click."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._branches: list[Branch] = []

    def set_files(self, leaves: Sequence[Leaf]) -> None:
        """Show these files; the cursor stays on its file."""
        found = tree(leaves)
        if found == self._branches:
            return
        selected = self.selected
        self._branches = found
        rows = (row for row, branch in enumerate(found) if branch.leaf is not None)
        first = next(rows, 0)
        self._cursor = next((row for row, at in enumerate(found) if at.leaf and at.leaf.path == selected), first)
        self.forget_rows()
        self.rows_changed()

    @property
    def branches(self) -> Sequence[Branch]:
        """The lines of the tree."""
        return self._branches

    @property
    def selected(self) -> str:
        """The path of the file under the cursor; empty when there is none."""
        leaf = self._branches[self.cursor].leaf if self.shown_count else None
        return leaf.path if leaf is not None else ""

    def select(self, path: str) -> None:
        """Put the cursor on that file, if it is there; nobody is told."""
        row = next((row for row, at in enumerate(self._branches) if at.leaf and at.leaf.path == path), None)
        if row is not None and row != self.cursor:
            old, self._cursor = self._cursor, row
            self.paint_rows((old, row))
            self.bring_into_view(row)

    @property
    def row_count(self) -> int:
        """How many lines the tree has."""
        return len(self._branches)

    def stands(self, index: int) -> bool:
        """The cursor passes over folders."""
        return self._branches[index].leaf is not None

    def row_text(self, index: int) -> str:
        """The file's whole path."""
        branch = self._branches[index]
        return branch.leaf.path if branch.leaf is not None else branch.name

    def cursor_moved(self) -> None:
        """Tell which file is under the cursor."""
        if self.selected:
            self.post_message(self.Highlighted(self, self.selected))

    def choose(self, index: int) -> None:
        """Tell which file is chosen."""
        leaf = self._branches[index].leaf
        if leaf is not None:
            self.post_message(self.Chosen(self, leaf.path))

    def render_row(self, index: int, width: int) -> list[Segment]:
        """Status, name and marks; the counts at the right, as far as there is room."""
        branch = self._branches[index]
        leaf, indent = branch.leaf, " " * branch.depth
        if leaf is None:
            return [Segment(f"{indent}  {harmless(branch.name)}", self.tone("dim"))]
        name = harmless(branch.name)
        line = [Segment(f"{indent}{leaf.status} ", self.tone(_STATUS.get(leaf.status, "dim")) + Style(bold=True))]
        marks = [Segment(f" {word}", self.tone(tone)) for word, tone in leaf.marks]
        counts = [Segment(f" {word}", self.tone(tone)) for word, tone in leaf.counts]
        taken = branch.depth + 2 + sum(cell_len(part.text) for part in marks)
        room = width - taken - sum(cell_len(part.text) for part in counts)
        if cell_len(name) > room:  # the counts give way before the name does
            counts, room = [], width - taken
        if cell_len(name) > room > 4:
            half = (room - 1) // 2
            name = f"{name[: room - 1 - half]}…{name[-half:]}"
        gap = Segment(" " * max(0, room - cell_len(name)))
        return [*line, Segment(name), *marks, gap, *counts]
