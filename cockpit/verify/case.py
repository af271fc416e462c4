"""What the checks of one review look at: the two tips, the changes between them, the tree the merge would give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.persist import branches, git
from cockpit.spec import fields
from cockpit.spec.globs import matches
from cockpit.spec.guards import Guard, guards
from cockpit.verify.landed import Landed, naming
from cockpit.verify.patch import Patch


@dataclass(frozen=True, slots=True)
class Change:
    """A path that the delegate's branch changed since it left the target; a rename is one deleted and one added."""

    status: str
    """`A` added, `D` deleted, else changed."""
    path: str
    before: str = ""
    """Id of the blob it had, all zeros when there was none."""
    after: str = ""
    mode: str = ""
    """Its mode on the branch: `100644`, `120000` for a link, `160000` for a submodule, zeros when it is gone."""

    @property
    def words(self) -> str:
        """`deleted tests/test_a.py`."""
        return f"{ {'A': 'added', 'D': 'deleted'}.get(self.status, 'changed') } {line(self.path, 120)}"


@dataclass(frozen=True, slots=True)
class Case:
    """One review at work. All ids are commit or tree ids."""

    places: Places
    name: str
    """What is reviewed: `q1-2`, the second turn of q1, or a branch."""
    turn: Turn | None
    """None for a branch that no delegate made."""
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
    patch: Patch
    criteria: tuple[spec.Criterion, ...] = ()
    """The acceptance criteria of the spec."""
    landed: tuple[Landed, ...] = ()
    """What a feature branch was made of: what these items said holds for the whole as it did for each (R256)."""
    printed: str = ""
    """What the verification printed, once it has run."""
    on_base: Callable[[], Mapping[str, str]] = dict
    """The commands that are red on the target itself, each with since when; asked when one is red here."""
    since: float = 0.0
    """Since when its commands are known to be green on the tree that the merge gives, epoch seconds; 0: they run."""

    def rule(self, check: str, key: str) -> tuple[str, ...]:
        """What the spec's `checks:` says for one key of a check."""
        return self.controls.rule(check, key)

    def excepted(self, check: str, path: str) -> bool:
        """Whether the project keeps a path out of a check. The spec always is: it holds the forbidden words itself."""
        return path == self.places.spec_name or matches(path, self.rule(check, "except"))

    @property
    def kind(self) -> str:
        """`impl`, `ops` or `data`: the last two may be done without a change on the branch."""
        return fields.kind(self.item) if self.item else "impl"

    @property
    def paths(self) -> tuple[str, ...]:
        """Globs of the item's `paths:`."""
        return fields.paths(self.item) if self.item else ()

    @property
    def protect(self) -> tuple[str, ...]:
        """Globs that the delegate may not change."""
        return fields.protected(self.item, self.controls) if self.item else self.controls.protect

    @property
    def guards(self) -> tuple[Guard, ...]:
        """What the item's `keep:` names (R250)."""
        return guards(self.item) if self.item else ()

    @property
    def protected(self) -> list[Change]:
        """Changes on protected paths that no `paths:` declares, the item's or that of what landed (R184), and on files
        of its `keep:`. `**` alone declares nothing; no `paths:` speaks against `keep:`.
        """
        declared = naming(self.paths)
        kept = self.guards
        return [
            change
            for change in self.changes
            if any(guard.covers(change.path) for guard in kept)
            or (
                matches(change.path, self.protect)
                and not matches(change.path, declared)
                and not any(one.declares(change.path) for one in self.landed)
            )
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
    """The case of a delegate's turn. Raises CockpitError when a branch is gone or git fails.

    An ops or data item whose branch is gone is looked at as if it had no change.
    """
    base = _target(places, target)
    head = git.tip(places, f"refs/heads/{turn.dispatch.branch}")
    if head is None:
        if item is None or not fields.worldly(item):
            raise CockpitError("the branch is gone", where=line(turn.dispatch.branch, 120))
        head = base
    rest = tuple(other for other in others if other.item != turn.item)
    return _case(places, f"{turn.item}-{turn.number}", turn, item, controls, rest, base, head, criteria)


def open_branch(
    places: Places,
    ref: str,
    controls: spec.Controls,
    target: str,
    criteria: tuple[spec.Criterion, ...] = (),
    landed: tuple[Landed, ...] = (),
) -> Case:
    """The case of any branch, tag or commit against `target`. Raises CockpitError when one of them is not there."""
    head = git.tip(places, ref)
    if head is None:
        raise CockpitError("there is no such branch or commit", where=line(ref, 120))
    return _case(places, f"at-{head[:12]}", None, None, controls, (), _target(places, target), head, criteria, landed)


def _target(places: Places, target: str) -> str:
    base = git.tip(places, target)
    if base is None:
        raise CockpitError("the target has no commit", where=line(target, 120))
    return base


def _case(
    places: Places,
    name: str,
    turn: Turn | None,
    item: spec.Item | None,
    controls: spec.Controls,
    others: tuple[Turn, ...],
    base: str,
    head: str,
    criteria: tuple[spec.Criterion, ...],
    landed: tuple[Landed, ...] = (),
) -> Case:
    fork = git.call(places, "merge-base", base, head).stdout.decode().strip()
    if not fork:
        raise CockpitError("the branch and the target have no commit in common", where=f"{head[:12]} and {base[:12]}")
    merged = branches.merge_tree(places, base, head)
    return Case(
        places=places,
        name=name,
        turn=turn,
        item=item,
        controls=controls,
        others=others,
        base=base,
        head=head,
        changes=_changes(places, fork, head),
        tree="" if merged.conflicts else merged.tree,
        conflicts=tuple(merged.conflicts),
        stat=_stat(places, fork, head),
        patch=Patch(places, fork, base, head),
        criteria=criteria,
        landed=landed,
    )


def names(items: list[str], most: int = 5) -> str:
    """Names in a row, cut after `most`."""
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def _changes(places: Places, fork: str, head: str) -> tuple[Change, ...]:
    out = git.run(places, "diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", fork, head)
    parts = out.decode("utf-8", "surrogateescape").split("\0")
    changes: list[Change] = []
    for head_, path in zip(parts[0:-1:2], parts[1::2], strict=True):
        _, mode, before, after, status = head_.split(" ")
        changes.append(Change(status, path, before, after, mode))
    return tuple(changes)


def _stat(places: Places, fork: str, head: str) -> str:
    """`3 files, +10 -2`; empty when nothing changed."""
    out = git.run(places, "diff-tree", "-r", "-z", "--no-renames", "--numstat", fork, head).decode("utf-8", "replace")
    rows = [entry.split("\t", 2) for entry in out.split("\0") if entry]
    if not rows:
        return ""
    added, removed = (sum(int(row[column]) for row in rows if row[column].isdecimal()) for column in (0, 1))
    return f"{len(rows)} file{'s' * (len(rows) != 1)}, +{added} -{removed}"
