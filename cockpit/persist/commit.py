"""Steering commits: the spec alone, straight into the object database (design, section 4).

The order makes a kill harmless: first the spec's own entry in the user's index, then the branch by compare-and-swap.
In between the new spec is merely staged; the other way round the user's next commit would take the edit back.
Whatever else is staged or dirty stays as it is. Hooks and signature are the matter of `seal`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, seal
from cockpit.persist.objects import Store, blob_of, store

TRIES = 20
LOCKED = b"index.lock"


@dataclass(frozen=True, slots=True)
class Act:
    """One act of steering, as its commit tells it."""

    verb: str
    target: str = ""
    """Id of the item, or the name of a signal or delegate."""
    by: str = "human"
    """human, engine, delegate/<id>, or external: somebody edited the file."""
    reason: str = ""
    subject: str = ""
    """First line of the commit; empty: made of verb, target and reason."""
    undoes: str = ""
    """Id of the commit that this one takes back."""


@dataclass(frozen=True, slots=True)
class Version:
    """The spec as an act leaves it. `along` are files beside it: path to blob, empty for one that goes."""

    data: bytes
    act: Act
    along: Mapping[str, str] = field(default_factory=dict[str, str])


EXTERNAL = Act(verb="edit", by="external")


class Waits(Exception):
    """The commit cannot be made now; the words say why. The file is written, and `settle` commits it later."""


def message(act: Act, spec_name: str = "") -> str:
    """Subject and trailers. Words from outside are cleaned and kept on one line, so no trailer can be forged."""
    trailers = {
        "Cockpit-Verb": line(act.verb, 40),
        "Cockpit-Target": line(act.target, 200),
        "Cockpit-By": line(act.by, 80),
        "Cockpit-Reason": line(act.reason, 1000),
        "Cockpit-Undoes": line(act.undoes, 64),
    }
    rows = "".join(f"{key}: {value}\n" for key, value in trailers.items() if value)
    return f"{subject(act, spec_name)}\n\n{rows}"


def subject(act: Act, spec_name: str = "") -> str:
    """`Mute test_socket: known flake`."""
    if act.subject:
        return line(act.subject, 100)
    words = f"{act.verb[:1].upper()}{act.verb[1:]} {act.target or (spec_name if act.verb == 'edit' else '')}".strip()
    return line(f"{words}: {act.reason}" if act.reason else words, 100)


def commit(places: Places, before: bytes, versions: Sequence[Version]) -> str:
    """Commit these versions of the spec in a row on the branch of HEAD and give the last commit's id.

    When `before` isn't what the branch has, somebody edited the file: that edit gets a commit of its own first, so that
    undoing ours doesn't undo theirs. Raises Waits while a rebase or merge is going on, the index stays locked, or git
    is told to ignore the spec, Refuses when a hook or the signer does, CockpitError when git cannot be written or
    knows no name of the user.
    """
    objects = store(places)
    branch = ""
    for attempt in range(TRIES):
        words = git.busy(places)
        if words:
            raise Waits(words)
        if branch and git.target(places) != branch:
            raise Waits("the branch was switched meanwhile")
        branch = git.target(places)
        tip = git.tip(places, branch)
        tree = _tree(places, tip)
        parents = [tip] if tip else []
        wanted = [(blob_of(places, entry.data, write=True), entry.act, entry.along) for entry in versions]
        first = blob_of(places, before, write=True) if before else ""
        committed = objects.blob_at(tree, places.spec_name) if tree else None
        if first and first not in (committed, wanted[0][0]) and not _only_rows(objects, committed, first):
            wanted.insert(0, (first, by_hand(objects, committed, first, places.spec_name), {}))
        if committed is None:
            _refuse_ignored(places)
        for blob, act, along in wanted:
            for path, id in {places.spec_name: blob, **along}.items():
                tree = objects.with_file(tree, path, id) if id else objects.without_file(tree, path)
            parents = [seal.commit(places, tree, parents, message(act, places.spec_name), hooks=True)]
        index(places, tree, {places.spec_name, *(path for entry in versions for path in entry.along)})
        reflog = f"cockpit: {subject(wanted[-1][1], places.spec_name)}"
        if git.move(places, branch, parents[0], tip, reflog):
            seal.done(places, tree)
            return parents[0]
        git.pause(attempt)
    raise Waits("the branch keeps moving")


def by_hand(objects: Store, old: str | None, new: str, spec_name: str) -> Act:
    """The act of somebody who edited the file: told by what was meant, on the item if it is about a single one."""
    versions = [read[1] if (read := objects.read(blob)) else b"" for blob in (old, new) if blob]
    if len(versions) < 2 or not (found := spec.changes(*versions, rows=False)):
        return EXTERNAL
    told = sorted(found, key=lambda change: change.kind == "text")
    items = {change.item for change in told}
    target = told[0].item if len(items) == 1 and not told[0].item.startswith("~") else ""
    more = f", and {len(told) - 1} more" if len(told) > 1 else ""
    return replace(EXTERNAL, target=target, subject=f"Edit {spec_name}: {line(told[0].words, 70)}{more}")


def _refuse_ignored(places: Places) -> None:
    """A spec that git doesn't have and is told to ignore is not put in behind the user's back."""
    rule = git.ignored(places, places.spec_name)
    if rule:
        raise Waits(f"git ignores {places.spec_name} ({rule}); take that rule out, or git add -f {places.spec_name}")


def _only_rows(objects: Store, committed: str | None, first: str) -> bool:
    """Whether two versions differ in `## Live Signals` alone: the engine's rows go along with the next act's commit."""
    if committed is None:
        return False
    versions = [found[1] for found in (objects.read(committed), objects.read(first)) if found is not None]
    try:
        bare = [spec.edit.set_signals(data, []) for data in versions]
    except spec.SpecError:
        return False
    return len(bare) == 2 and bare[0] == bare[1]


def index(places: Places, tree: str, paths: Collection[str]) -> None:
    """Let these files' entries in the user's index be as in `tree`. Raises Waits while another git holds it."""
    rows: list[str] = []
    for path in paths:
        entry = store(places).entry_at(tree, path)
        if entry is not None:
            rows.append(f"{entry[0].decode()} {entry[1]}\t{path}\0")
        elif path != places.spec_name:
            rows.append(f"0 {'0' * len(tree)}\t{path}\0")
    args = (*git.QUIET, "update-index", "--add", "-z", "--index-info")
    for attempt in range(TRIES if rows else 0):
        done = git.call(places, *args, input=os.fsencode("".join(rows)))
        if done.returncode == 0:
            return
        if LOCKED not in done.stderr or b"File exists" not in done.stderr:
            raise git.failure(args, done.stderr, places)
        git.pause(attempt)
    if rows:
        raise Waits(f"another git holds index.lock{_age(places)}")


def _age(places: Places) -> str:
    try:
        seconds = time.time() - (places.git_dir / "index.lock").stat().st_mtime
    except OSError:
        return ""
    return f" for {int(seconds)} s; if none runs, remove {places.git_dir / 'index.lock'}" if seconds > 5 else ""


def _tree(places: Places, tip: str | None) -> str:
    if tip is None:
        return ""
    read = store(places).read(f"{tip}^{{tree}}")
    if read is None:
        raise CockpitError("the branch's commit is missing from git", where=tip, remedy="run git fsck")
    return read[0]
