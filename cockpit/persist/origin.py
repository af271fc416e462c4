"""Where a version came from that somebody else put there: out of git, or out of an editor that had loaded which one?

The version an editor had loaded is the base of the merge, so a wrong guess takes edits out or brings them back. What
can be known and what cannot stands in docs/concurrency.md.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence

from cockpit.paths import Places
from cockpit.persist import git, journal
from cockpit.persist.journal import Version
from cockpit.persist.objects import blob_of, store
from cockpit.spec.parse import left_by_git

PATIENCE = 256
"""Versions looked at without finding a closer one before the search for an editor's base gives up."""
COMMITS = 300
"""Commits of the spec looked through for a version."""
AT_WORK = 1.0
"""Seconds to wait for a git that holds the index: it writes the file first and says so afterwards."""
_ID = re.compile(rb" \^([\w-]+)\r?$", re.MULTILINE)


def wait_for_git(places: Places) -> None:
    """Let a checkout, pull or stash that is under way come to its end."""
    deadline = time.monotonic() + AT_WORK
    while (places.git_dir / "index.lock").exists() and time.monotonic() < deadline:
        time.sleep(0.002)


def index(places: Places) -> tuple[int, int]:
    """What changes whenever git writes its index."""
    try:
        info = (places.git_dir / "index").stat()
    except OSError:
        return (0, 0)
    return info.st_ino, info.st_mtime_ns


def by_git(places: Places, data: bytes, *, there: bool = True) -> bool:
    """Whether git put these bytes there (checkout, pull, reset, stash, rebase) and did not just take them in.

    The index holds size, time and inode of each file that git wrote; an editor's save of the same words has others.
    `there` False: the file has just been swapped out, so only its words can be compared.
    """
    rows = git.call(places, "ls-files", "--stage", "-z", "--", places.spec_name).stdout.split(b"\0")
    stages = {row.split()[1].decode(): row.split()[2] for row in rows if row}
    blob = blob_of(places, data)
    if any(stage != b"0" for stage in stages.values()):
        return blob in stages  # in a conflict: `git checkout --ours` or `--theirs`
    if blob not in stages:
        return False
    if there and git.call(places, "diff-files", "--", places.spec_name).stdout:
        return False
    if store(places).id_of("blob", data) in journal.ids(places):
        return True
    # New to us: pulled or checked out, unless a `git commit -a` or `git add` took in what an editor had saved.
    committed = git.tip(places, "HEAD") is not None and store(places).blob_at("HEAD", places.spec_name) == blob
    return committed and not _last_move(places).startswith("commit")


def _last_move(places: Places) -> str:
    """What git noted at the last move of HEAD: `commit: Words`, `pull: Fast-forward`, `checkout: moving ...`."""
    try:
        with (places.git_dir / "logs" / "HEAD").open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - 4096))
            last = log.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:
        return ""
    return last.partition(b"\t")[2].decode(errors="replace")


def base_of(places: Places, seen: Sequence[Version], data: bytes) -> str:
    """The blob that a foreign save was most likely made from; empty when no version is known.

    A version that we know is a save without an edit, or the undo of one; anything else was made from the nearest.
    Who saves a text in which git had left a conflict has settled it.
    What only git had taken away (a stash) counts as added by whoever brings it back.
    """
    blob = store(places).id_of("blob", data)
    order = [version.blob for version in seen]
    newest = store(places).read(order[0]) if order else None
    if blob not in order and newest is not None and left_by_git(newest[1]) and not left_by_git(data):
        return order[0]  # the human settled what git could not merge, perhaps by taking one side
    base = _undone(seen, blob) if blob in order else nearest(places, order, data)
    if base in order:
        at = order.index(base)
        if at and seen[at - 1].by == "git" and seen[at].by != "git" and not _in_history(places, base):
            return order[at - 1]
    return base


def _undone(seen: Sequence[Version], blob: str) -> str:
    """The save that was made from `blob`, perhaps by way of others, if it is one editor's: who undid it. Else `blob`.

    Where several editors went on from there, nobody can say whose undo it is, and nothing is taken out.
    """
    at = next(index for index, version in enumerate(seen) if version.blob == blob)
    if seen[at].by == "save" and (at + 1 == len(seen) or seen[at + 1].blob != seen[at].base):
        return blob  # it was merged at once: only who saved it has it, and saves it again
    made = {version.blob: version.base for version in reversed(seen[:at]) if version.by == "save"}
    reached = {blob}
    for version in reversed(seen[:at]):
        if version.by == "save" and version.base in reached:
            reached.add(version.blob)
    last = reached.difference({blob}, (made[name] for name in reached if name in made))
    return last.pop() if len(last) == 1 else blob


def _in_history(places: Places, blob: str) -> bool:
    """Whether one of the last commits of the spec has or had this version."""
    data = store(places).read(blob)
    kept = blob_of(places, data[1]) if data is not None else blob
    args = ("--branches", "HEAD", f"-n{COMMITS}", "--format=", "--raw", "--no-abbrev", "--", places.spec_name)
    return kept.encode() in git.call(places, "log", *args).stdout


def nearest(places: Places, blobs: Iterable[str], data: bytes) -> str:
    """Of these versions, newest first, the one that an editor which saved `data` had most likely loaded.

    It has the item ids that the save has (an editor doesn't invent the ids that we gave), and then the fewest lines
    that differ.
    """
    lines, names = data.split(b"\n"), set(_ID.findall(data))
    some, counts = set(lines), Counter(lines)
    best, least, since = "", (-1, -1), 0
    for blob in dict.fromkeys(blobs):
        read = store(places).read(blob)
        if read is None:
            continue
        since += 1
        theirs = read[1].split(b"\n")
        missing = len(names.difference(_ID.findall(read[1])))
        if least == (-1, -1) or (missing, len(some.symmetric_difference(theirs))) < least:
            common = sum((counts & Counter(theirs)).values())  # a line may come more than once
            distance = (missing, len(lines) + len(theirs) - 2 * common)
            if least == (-1, -1) or distance < least:
                best, least, since = blob, distance, 0
        if least[1] == 0 or since > PATIENCE:
            break
    return best
