"""What was said about the lines of a result, and where it stands in its diff: checks, comments, output. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.clean import clean, line
from cockpit.facts import Check, Note, Opinion, Spot
from cockpit.spec.comments import Comment
from cockpit.spec.globs import matches
from widgets.diff_lines import Remark
from widgets.file_tree import Leaf
from widgets.unified import Diff, DiffFile

SAID = "#"
"""The mark of a line that the human said something about."""
NOTED = "~"
"""That of one that another agent said something about."""

_NAMED = (
    re.compile(r'File "(?P<path>[^"\n]{1,400})", line (?P<line>\d{1,7})'),
    re.compile(r"(?<![\w@./+-])(?P<path>[\w@./+-]{1,400}\.[A-Za-z]\w{0,7}|[\w@.+-]{1,99}(?:/[\w@.+-]{1,99}){1,20})[:(](?P<line>\d{1,7})"),
    re.compile(r"(?<![\w@./+-])(?P<path>[\w@.+-]{0,99}(?:/[\w@.+-]{1,99}){1,20}|[\w@+-]{1,99}\.[A-Za-z]\w{0,7})(?P<line>)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A comment as it is shown."""

    comment: Comment
    fate: str = ""
    """What became of its line since an earlier round; empty for one of this round."""


def places_in(text: str) -> list[tuple[str, int]]:
    """Files with lines that a line of output or evidence names, those with a line first: `a.py:12`, `a.ts(12,5)`."""
    found = [(match["path"], int(match["line"] or 0)) for named in _NAMED for match in named.finditer(text[:2000])]
    return sorted(dict.fromkeys(found), key=lambda place: not place[1])


def known(path: str, diff: Diff) -> str:
    """The path as the diff has it when it ends so (a program says where it ran), else the path itself."""
    if diff.file(path) is not None:
        return path
    ends = (file.path for file in diff.files if path.endswith(f"/{file.path}"))
    return next(ends, path.removeprefix("./"))


def spots(check: Check, diff: Diff) -> list[Spot]:
    """Where a check points: its spots in files, else what its evidence names."""
    told = [spot for spot in check.spots if spot.path]
    if told or check.spots:
        return told
    named = ((known(path, diff), number) for path, number in places_in(check.evidence))
    return [Spot(path, number) for path, number in named if number and diff.file(path) is not None]


def row_of(spot: Spot, diff: Diff) -> int | None:
    """The row a spot points to; None when the diff does not show it."""
    row = diff.find(spot.path, spot.line, old=spot.gone)
    file = diff.file(spot.path)
    if row is None and file is not None and file.status == "D":
        row = diff.find(spot.path, spot.line, old=True)
    return row


def anchor(diff: Diff, comment: Comment) -> int | None:
    """The row a comment is about: its number, and when another line stands there now, the nearest one that reads so."""
    row = diff.find(comment.path, comment.line, old=comment.gone)
    file = diff.file(comment.path)
    if file is None or not comment.line or not comment.quote:
        return row
    wanted = comment.quote.removesuffix("…")

    def reads(at: int) -> bool:
        return line(diff.rows[at].text[1:].strip(), 2000).startswith(wanted)

    if row is not None and reads(row):
        return row
    side = "added", "same"
    alike = [at for at in diff.rows_of(file) if (diff.rows[at].kind in side) is not comment.gone and reads(at)]
    near = [at for at in alike if at != file.row]
    return min(near, key=lambda at: abs(at - (row or file.row)), default=row if row is not None else file.row)


def fate(since: Diff | None, comment: Comment) -> tuple[Comment, str]:
    """A comment of an earlier round on the lines of this one, and what became of its line."""
    file = since.file(comment.path) if since is not None else None
    if since is None or not comment.path or comment.gone:
        return comment, "told"
    if file is None:
        return comment, "untouched"
    moved = Comment(file.path, comment.line, comment.words, comment.quote)
    if not comment.line:
        return moved, "the file changed"
    shift = 0
    for at in since.rows_of(file):
        row = since.rows[at]
        if row.old is not None and row.old > comment.line:
            break
        if row.kind == "hunk":
            shift = (row.new or 0) - (row.old or 0)
        elif row.old == comment.line and row.kind == "same":
            break
        elif row.old == comment.line and row.kind == "removed":
            other = since.pairs.get(at)
            number = (since.rows[other].new if other is not None else None) or comment.line + shift
            return Comment(file.path, max(1, number), comment.words), "the line changed"
        elif row.kind in ("added", "removed"):
            shift += 1 if row.kind == "added" else -1
    return Comment(file.path, comment.line + shift, comment.words, comment.quote), "untouched"


def noted(diff: Diff, opinion: Opinion | None) -> dict[int, list[Note]]:
    """Below which row each note of another agent stands; of a line that the diff does not show, below its file's."""
    found: dict[int, list[Note]] = {}
    for note in opinion.notes if opinion is not None and diff.rows else ():
        row, file = diff.find(note.path, note.line), diff.file(note.path)
        found.setdefault(row if row is not None else file.row if file is not None else 0, []).append(note)
    return dict(sorted(found.items()))


def remarks(
    diff: Diff, checks: Iterable[Check], told: Sequence[Told], opinion: Opinion | None = None
) -> dict[int, list[Remark]]:
    """What is said below which row: the spots of the checks, another agent's notes, then the human's words."""
    found: dict[int, list[Remark]] = {}
    for check in checks:
        for spot in spots(check, diff):
            row = row_of(spot, diff)
            if row is not None:
                tone = "alert" if check.bad else "warn"
                words = f"{check.number} {line(check.name, 60)}: {clean(spot.what) or line(check.evidence, 200)}"
                found.setdefault(row, []).append(Remark(words, tone, str(check.number)))
    for row, notes in noted(diff, opinion).items():
        for note in notes:
            shown = diff.find(note.path, note.line) == row
            where = "" if shown else f" {place(note)}"
            agent = opinion.agent if opinion is not None else ""
            found.setdefault(row, []).append(Remark(f"{line(agent, 40)}{where}: {clean(note.words)}", "", NOTED))
    for one in told:
        row = anchor(diff, one.comment)
        where = "" if row is not None else f" {line(one.comment.place, 120) or 'the whole'}"
        words = f"you{where}: {clean(one.comment.words)}" + (f" ({one.fate})" if one.fate else "")
        if row is not None or diff.rows:
            found.setdefault(row or 0, []).append(Remark(words, "dim" if one.fate else "accent", SAID))
    return found


def place(note: Note) -> str:
    """`src/a.py:12`, `src/a.py` for the file."""
    return f"{line(note.path, 400)}{f':{note.line}' if note.line else ''}"


def leaves(
    diff: Diff,
    checks: Sequence[Check],
    told: Sequence[Told],
    allowed: Sequence[str],
    guarded: Sequence[str],
    opinion: Opinion | None = None,
) -> list[Leaf]:
    """The files of the result with what is noteworthy about each; `allowed` and `guarded` are the item's globs."""
    bad: dict[str, set[int]] = {}
    for check in checks:
        for spot in spots(check, diff) if check.bad else ():
            bad.setdefault(spot.path, set()).add(check.number)
    found: list[Leaf] = []
    for file in diff.files:
        numbers = sorted(bad.get(file.path, set()) | bad.get(file.before, set()))
        marks = [(f"✗{','.join(map(str, numbers))}", "alert")] if numbers else []
        said = sum(one.comment.path in (file.path, file.before) for one in told)
        marks += [(f"{SAID}{said}", "accent")] if said else []
        notes = sum(note.path == file.path for note in (opinion.notes if opinion is not None else ()))
        marks += [(f"{NOTED}{notes}", "")] if notes else []
        if file.status != " " and not matches(file.path, allowed):
            outside = (
                [("protected", "alert")] if matches(file.path, guarded) else [("outside", "warn")] if allowed else []
            )
            marks += outside
        found.append(Leaf(file.path, file.status, counts(file), tuple(marks)))
    return found


def counts(file: DiffFile) -> tuple[tuple[str, str], ...]:
    """Lines that came and went."""
    if file.binary:
        return (("binary", "dim"),)
    both = ((f"+{file.added}", "ok", file.added), (f"-{file.removed}", "alert", file.removed))
    return tuple((words, tone) for words, tone, many in both if many)
