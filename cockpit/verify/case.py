"""What the checks of one review look at: the two tips, the changes between them, the tree the merge would give."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.persist import branches, git
from cockpit.spec import fields
from cockpit.spec.globs import matches, names_something


@dataclass(frozen=True, slots=True)
class Change:
    """A path that the delegate's branch changed since it left the target; a rename is one deleted and one added."""

    status: str
    """`A` added, `D` deleted, else changed."""
    path: str

    @property
    def words(self) -> str:
        """`deleted tests/test_a.py`."""
        return f"{ {'A': 'added', 'D': 'deleted'}.get(self.status, 'changed') } {line(self.path, 120)}"


@dataclass(frozen=True, slots=True)
class Case:
    """One review at work. All ids are commit or tree ids."""

    places: Places
    turn: Turn
    item: spec.Item | None
    controls: spec.Controls
    others: tuple[Turn, ...]
    base: str
    """Tip of the target."""
    head: str
    """Tip of the delegate's branch."""
    changes: tuple[Change, ...]
    tree: str
    """What the merge would give; empty when it conflicts."""
    conflicts: tuple[str, ...]
    stat: str
    criteria: tuple[spec.Criterion, ...] = ()
    """The acceptance criteria of the spec."""

    @property
    def kind(self) -> str:
        """`impl`, `ops` or `data`: the last two may be done without a change on the branch."""
        return self.item.value("kind", "impl") if self.item else "impl"

    @property
    def paths(self) -> tuple[str, ...]:
        """Globs of the item's `paths:`."""
        return fields.paths(self.item) if self.item else ()

    @property
    def protect(self) -> tuple[str, ...]:
        """Globs that the delegate may not change."""
        return fields.protected(self.item, self.controls) if self.item else self.controls.protect

    @property
    def protected(self) -> list[Change]:
        """Changes on protected paths that the item's `paths:` doesn't declare (R184). `**` alone declares nothing."""
        declared = [pattern for pattern in self.paths if names_something(pattern)]
        return [
            change
            for change in self.changes
            if matches(change.path, self.protect) and not matches(change.path, declared)
        ]


def open_case(
    places: Places,
    turn: Turn,
    item: spec.Item | None,
    controls: spec.Controls,
    others: list[Turn],
    target: str,
    criteria: tuple[spec.Criterion, ...] = (),
) -> Case:
    """Resolve both tips and what lies between. Raises CockpitError when a branch is gone or git fails.

    An ops or data item whose branch is gone is looked at as if it had no change.
    """
    base = git.tip(places, target)
    if base is None:
        raise CockpitError("the target has no commit", where=line(target, 120))
    head = git.tip(places, f"refs/heads/{turn.dispatch.branch}")
    if head is None:
        if item is None or item.value("kind", "impl") == "impl":
            raise CockpitError("the branch is gone", where=line(turn.dispatch.branch, 120))
        head = base
    fork = git.run(places, "merge-base", base, head).decode().strip()
    merged = branches.merge_tree(places, base, head)
    return Case(
        places=places,
        turn=turn,
        item=item,
        controls=controls,
        others=tuple(other for other in others if other.item != turn.item),
        base=base,
        head=head,
        changes=_changes(places, fork, head),
        tree="" if merged.conflicts else merged.tree,
        conflicts=tuple(merged.conflicts),
        stat=_stat(places, fork, head),
        criteria=criteria,
    )


def names(items: list[str], most: int = 5) -> str:
    """Names in a row, cut after `most`."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def _changes(places: Places, fork: str, head: str) -> tuple[Change, ...]:
    out = git.run(places, "diff-tree", "-r", "-z", "--no-renames", "--name-status", fork, head)
    parts = out.decode("utf-8", "surrogateescape").split("\0")
    return tuple(Change(status, path) for status, path in zip(parts[0:-1:2], parts[1::2], strict=True))


def _stat(places: Places, fork: str, head: str) -> str:
    """`3 files, +10 -2`; empty when nothing changed."""
    out = git.run(places, "diff-tree", "-r", "-z", "--no-renames", "--numstat", fork, head).decode("utf-8", "replace")
    rows = [entry.split("\t", 2) for entry in out.split("\0") if entry]
    if not rows:
        return ""
    added, removed = (sum(int(row[column]) for row in rows if row[column].isdecimal()) for column in (0, 1))
    return f"{len(rows)} file{'s' * (len(rows) != 1)}, +{added} -{removed}"
