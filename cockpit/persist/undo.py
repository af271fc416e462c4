"""Taking back one act of steering: a three-way inverse, as a new commit (limits-substrate, section 3)."""

from __future__ import annotations

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.commit import Act
from cockpit.persist.objects import store
from cockpit.persist.record import Receipt, record
from cockpit.persist.timeline import Entry, find, timeline


def undo(places: Places, commit: str | None = None, by: str = "human") -> Receipt:
    """Take back one steering commit, by default the newest of a human that still stands; later edits stay.

    `git revert` would conflict on neighbouring lines; this merges by item ids: base is the spec of that commit, theirs
    that of its parent, ours what lies on disk. Raises Refused with the reason when there is nothing to undo, a
    later edit is in the way, or the act led to a merge, which git itself must revert.
    """
    if commit is None:
        acts = timeline(places, limit=0, by="human")
        act = next((entry for entry in acts if not entry.undone_by and entry.verb not in ("undo", "init")), None)
        if act is None:
            raise Refused("there is no act of yours left to undo")
    else:
        act = find(places, commit)
    if act.undone_by:
        raise Refused(f"{act.commit[:7]} was undone already by {act.undone_by[:7]}")
    if act.verb == "init":
        raise Refused("the first version of the spec cannot be undone; remove the file with git rm")
    _refuse_merged(places, act)
    then, before = (_spec(places, id) for id in (act.commit, act.parent))

    def op(now: bytes) -> bytes:
        try:
            merged = spec.merge(then, now, before)
        except spec.SpecError as error:
            raise Refused(f"the spec cannot be read: {error}") from error
        if merged.conflicts:
            raise Refused(f"later edits stand in the way: {line('; '.join(merged.conflicts), 200)}")
        if merged.data == now:
            raise Refused(f"nothing is left of {line(act.subject, 60)!r} to undo")
        return merged.data

    words = f"Undo {act.subject[:1].lower()}{act.subject[1:]}".rstrip()
    return record(places, op, Act("undo", act.target, by, subject=words, undoes=act.commit))


def _refuse_merged(places: Places, act: Entry) -> None:
    if act.verb not in ("accept", "merge"):
        return
    for entry in timeline(places, limit=0, target=act.target, verb="merge"):
        if entry.reason and git.tip(places, entry.reason) and entry.at >= act.at and not entry.undone_by:
            raise Refused(
                f"{act.target} is merged already; undoing the line would not take the code back",
                remedy=f"git revert -m 1 {entry.reason[:12]}",
            )


def _spec(places: Places, commit: str) -> bytes:
    """The spec as a commit has it, in the form of the work tree: attributes and line ends obeyed."""
    if not commit or store(places).blob_at(commit, places.spec_name) is None:
        return b""
    return git.run(places, "cat-file", "--filters", f"{commit}:{places.spec_name}")
