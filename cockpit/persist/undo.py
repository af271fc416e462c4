"""Taking back one act of steering and bringing it back: a three-way inverse, as a new commit (limits-substrate, 3).

One trailer tells it all: an undo names the act that it takes back, a redo the undo that it takes back. So an act
stands unless an undo that stands names it, and history is never rewritten nor forgotten: both work for any act, after
a restart too.
"""

from __future__ import annotations

import os

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.persist import along, git
from cockpit.persist.commit import Act
from cockpit.persist.forecast import is_merged
from cockpit.persist.past import around
from cockpit.persist.record import Receipt, record
from cockpit.persist.timeline import LOG, Entry, acts, find, timeline


def undo(places: Places, commit: str | None = None, by: str = "human") -> Receipt:
    """Take back one act, by default the newest of a human that still stands; later edits stay.

    Named by an undo, its act is brought back; named by a redo, taken back again. Raises Refused with the reason when
    there is nothing to undo, a later act is in the way, or the act led to a merge, which git itself must revert.
    """
    if commit is None:
        mine = acts(places, by="human")
        act = next((act for act in mine if not act.undone_by and act.verb not in ("undo", "redo", "init")), None)
        if act is None:
            raise Refused("there is no act of yours left to undo")
        return _take_back(places, act, "undo", by)
    act = find(places, commit)
    while act.verb == "redo":
        act = find(places, find(places, act.undoes).undoes)
    if act.undone_by:
        raise Refused(f"{act.commit[:7]} was undone already by {act.undone_by[:7]}")
    return _take_back(places, act, "redo" if act.verb == "undo" else "undo", by)


def redo(places: Places, commit: str | None = None, by: str = "human") -> Receipt:
    """Bring back what was taken back: an act, named by itself or by its undo, by default what the human undid last.

    As in an editor there is nothing to redo after a new act; named, any act can be brought back. Raises Refused with
    the reason when there is nothing to redo or a later act is in the way.
    """
    if commit is None:
        act = next((act for act in acts(places, by="human") if act.verb != "redo" and not _settled(act)), None)
        if act is None or act.verb != "undo":
            raise Refused("there is nothing to redo")
        return _take_back(places, act, "redo", by)
    act = find(places, commit)
    if act.verb != "undo":
        if not act.undone_by:
            raise Refused(f"{act.commit[:7]} stands: there is nothing to redo")
        act = find(places, act.undone_by)
    elif act.undone_by:
        raise Refused(f"{act.commit[:7]} was taken back already by {act.undone_by[:7]}")
    return _take_back(places, act, "redo", by)


def _settled(act: Entry) -> bool:
    """Whether the walk back over undos goes on past this one: an undo that was redone already."""
    return act.verb == "undo" and bool(act.undone_by)


def _take_back(places: Places, act: Entry, verb: str, by: str) -> Receipt:
    """Base is the spec of that commit, theirs that of its parent, ours what lies on disk: merged by item ids."""
    if not act.parent and (places.common_dir / "shallow").exists():
        raise Refused("history is cut off here", remedy="git fetch --unshallow")
    if act.verb == "init" or not act.parent:
        raise Refused("the first version of the spec cannot be undone; remove the file with git rm")
    _refuse_merged(places, act)
    then, before = (around(places, id) for id in (act.commit, act.parent))

    def op(now: bytes) -> bytes:
        try:
            merged = spec.merge(then, now, before)
        except spec.SpecError as error:
            raise Refused(f"the spec cannot be read: {error}") from error
        if merged.conflicts:
            raise _in_the_way(places, act, then, before)
        if merged.data == now:
            raise Refused(f"nothing is left of {line(act.subject, 60)!r} to {verb}")
        return merged.data

    what = act.subject.removeprefix("Undo ") if verb == "redo" else act.subject
    words = f"{verb.capitalize()} {what[:1].lower()}{what[1:]}".rstrip()
    changes = {} if act.verb in ("accept", "merge") else along.inverse(places, act.commit, act.parent)

    def beside(_before: bytes, _after: bytes) -> dict[str, along.Change]:
        return changes

    told = Act(verb, act.target, by, subject=words, undoes=act.commit)
    return record(places, op, told, beside if changes else None)


def _in_the_way(places: Places, act: Entry, then: bytes, before: bytes) -> Refused:
    """Names the first later commit after which the act could not be taken back any more, found by halving."""
    args = (*LOG, "--reverse", "--format=%H%x00%s", f"{act.commit}..HEAD", "--", places.spec_name)
    later = [row.split("\0") for row in os.fsdecode(git.run(places, *args)).splitlines()]
    low, high = 0, len(later)
    while low < high:
        middle = (low + high) // 2
        if _conflicts(then, around(places, later[middle][0]), before):
            high = middle
        else:
            low = middle + 1
    if low == len(later):
        return Refused("an edit that is not committed yet stands in the way")
    commit, subject = later[low]
    try:
        remedy = f"cockpit undo {find(places, commit).commit[:7]}"
    except CockpitError:
        remedy = ""
    return Refused(f"a later act stands in the way: {line(subject, 80)} ({commit[:7]})", remedy=remedy)


def _conflicts(then: bytes, now: bytes, before: bytes) -> bool:
    try:
        return bool(spec.merge(then, now, before).conflicts)
    except spec.SpecError:
        return True


def _refuse_merged(places: Places, act: Entry) -> None:
    if act.verb not in ("accept", "merge"):
        return
    for entry in timeline(places, limit=0, target=act.target, verb="merge"):
        if entry.reason and git.tip(places, entry.reason) and entry.at >= act.at and not entry.undone_by:
            raise Refused(
                f"{act.target} is merged already; undoing the line would not take the code back",
                remedy=f"git revert -m 1 {entry.reason[:12]}"
                + ("" if is_merged(places, entry.reason, "HEAD") else ", on the feature branch"),
            )
