"""What a result changed, read for the screen: bounded, cleaned and parsed away from the screen's thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.clean import REDACTED, clean
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.persist import git, sides
from widgets.unified import Diff, DiffLine, parse_diff

ROWS = 50_000
"""Lines of a diff that are shown; more is read in a shell."""
AROUND = 6
"""Lines shown above and below a line that did not change."""

_ODD = ((b"\r\n", b"\n"), (b"\r", b" "), (b"\xe2\x80\xa8", b" "), (b"\xe2\x80\xa9", b" "))
"""What `clean` makes new lines of: in a diff every line counts."""


@dataclass(frozen=True, slots=True)
class Changes:
    """A result as it is shown."""

    old: str
    """The commit before."""
    new: str
    """The delegate's head."""
    diff: Diff
    cut: str = ""
    """What is not shown, in words; empty when all is."""
    since: Diff | None = None
    """What changed since the round before; None in the first."""

    def but(self, wider: Diff, *, only_since: bool) -> Changes:
        """The same with more lines shown, in the whole diff or in that since the round before."""
        return replace(self, since=wider) if only_since else replace(self, diff=wider)


def read(places: Places, turn: Turn, before: str = "") -> Changes:
    """The delegate's own changes: since the target at review, else since its branch was made.

    `before` is the head that was reviewed in the round before. Runs git, so call it in a thread. Raises CockpitError.
    """
    review = turn.review
    base, head = (review.base, review.head) if review else (turn.dispatch.base, f"refs/heads/{turn.dispatch.branch}")
    new = git.tip(places, head) or head
    old = sides.fork(places, base, new)
    diff, cut = _diff(places, old, new)
    since = _diff(places, before, new)[0] if before and before != new else Diff() if before else None
    return Changes(old, new, diff, cut, since)


def _diff(places: Places, old: str, new: str) -> tuple[Diff, str]:
    data, cut = sides.between(places, old, new)
    lines = tidy(data).split("\n")
    words = f"cut at {sides.MOST >> 20} MiB" if cut else ""
    if len(lines) > ROWS:
        lines, words = lines[:ROWS], f"cut at {ROWS:,} lines"
    diff = parse_diff("\n".join(lines))
    if words:
        words += f": git diff {old[:12]} {new[:12]}"
        diff = replace(diff, rows=[*diff.rows, DiffLine("meta", f"… {words}")])
    return diff, words


def tidy(data: bytes) -> str:
    """A diff cleaned so that every line stays a line and keeps its sign."""
    for odd, even in _ODD:
        data = data.replace(odd, even)
    text = clean(data)
    if REDACTED not in text:
        return text
    pairs = zip(data.split(b"\n"), text.split("\n"), strict=False)
    return "\n".join(raw[:1].decode() + now if now == REDACTED and raw[:1] in b"+- " else now for raw, now in pairs)


def around(places: Places, commit: str, path: str, line: int) -> tuple[int, list[str]] | None:
    """The lines around one of a file in a commit, cleaned, with the number of the first; None when it is not there."""
    found = sides.lines(places, commit, path)
    if not found or line > len(found):
        return None
    first = max(1, line - AROUND)
    shown = found[first - 1 : max(line, 1) + AROUND]
    return first, [clean(text.replace("\r", "")).replace("\n", " ") for text in shown]


def unshown(diff: Diff, path: str, line: int, first: int, lines: list[str]) -> tuple[int, list[str]]:
    """Of lines around one that the diff does not show, the stretch that holds it and no line that is shown."""
    file = diff.file(path)
    rows = [diff.rows[row] for row in diff.rows_of(file)] if file is not None else []
    shown = {row.new for row in rows if row.kind in ("same", "added")}
    low = max((number for number in range(first, line) if number in shown), default=first - 1) + 1
    last = min(
        (number for number in range(line + 1, first + len(lines)) if number in shown), default=first + len(lines)
    )
    return low, lines[low - first : last - first]
