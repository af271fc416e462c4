"""Where a version came from that somebody else put there: out of git, or out of an editor that had loaded which one?

The version an editor had loaded is the base of the merge, so a wrong guess takes edits out or brings them back. What
can be known and what cannot stands in docs/concurrency.md.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import time
from collections.abc import Iterable, Sequence

from cockpit.paths import Places
from cockpit.persist import git, journal
from cockpit.persist.journal import Version
from cockpit.persist.objects import blob_of, store
from cockpit.spec import SpecError, merge, parse
from cockpit.spec.diff import matches
from cockpit.spec.parse import left_by_git

PATIENCE = 256
"""Versions looked at without finding a closer one before the search for an editor's base gives up."""
COMMITS = 300
"""Commits of the spec looked through for a version."""
AT_WORK = 1.0
"""Seconds to wait for a git that holds the index: it writes the file first and says so afterwards."""
WHILE = 1.0
"""Seconds that a git command may take between its look at the file and its writing."""
BESIDE = 60.0
"""Seconds after a foreign save in which its editor counts as still at work."""
CLOSE = 24
"""Versions of which as many lines are the same that are looked at in full."""
SEEN = 5.0
"""Seconds an item has stood as it is for who takes it out whole to have seen it so."""
RECENT = 64
"""Newest versions of which a save may be one less whole items."""
_WORD = re.compile(rb"[\w-]+")
_FORM = re.compile(rb"^\s*(?:[-*+]\s|\d+[.)]\s)?\s*(?:\[.\]\s|[\w-]+:\s)?|\s\^[\w-]+\s*$")
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
    committed = git.tip(places, "HEAD") is not None and store(places).blob_at("HEAD", places.spec_name) == blob
    seen = journal.entries(places)
    raw = store(places).id_of("blob", data)
    at = next((index for index, version in enumerate(seen) if version.blob == raw), None)
    if at is not None and _passed(seen, at) and _last_move(places).startswith("commit"):
        return False  # an old buffer saved again, and `git commit -a`: nobody but its editor ever had it
    if at is not None:
        # A merge that fails puts back what lay there when it began, and not what was written meanwhile.
        return committed or at == 0 or time.time() - seen[at - 1].at > WHILE
    # New to us: pulled or checked out, unless a `git commit -a` or `git add` took in what an editor had saved.
    return committed and not _last_move(places).startswith("commit")


def unseen(places: Places) -> bytes | None:
    """The spec as HEAD has it, when that was overwritten in the file before any of us looked; else None."""
    done = git.call(places, "cat-file", "--filters", f"HEAD:{places.spec_name}")
    known = done.returncode != 0 or store(places).id_of("blob", done.stdout) in journal.ids(places)
    return None if known else done.stdout


def _last_move(places: Places) -> str:
    """What git noted at the last move of HEAD: `commit: Words`, `pull: Fast-forward`, `checkout: moving ...`."""
    try:
        with (places.git_dir / "logs" / "HEAD").open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - 4096))
            last = log.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:
        return ""
    return last.partition(b"\t")[2].decode(errors="replace")


def base_of(places: Places, seen: Sequence[Version], data: bytes) -> tuple[str, bytes]:
    """The version that a foreign save was most likely made from: its blob, and the bytes to merge with.

    A version that we know is a save without an edit, or the undo of one; anything else was made from the nearest.
    Who saves a text that can be read, where the newest can't or holds a conflict of git's, has mended the newest.
    Empty when no version is known.
    """
    blob = store(places).id_of("blob", data)
    order = [version.blob for version in seen]
    newest = _bytes(places, order[0]) if order else b""
    if blob not in order and left_by_git(newest) and not left_by_git(data):
        return order[0], newest  # perhaps by taking one side
    if blob not in order and newest and _unreadable(newest) and not _unreadable(data):
        # Perhaps the line is as before again. Whoever broke it has not seen what was merged into it since.
        broken = next((version.blob for version in seen[:2] if version.by == "save"), order[0])
        return broken, _bytes(places, broken)
    if blob in order:
        base = _undone(seen, blob)
    else:
        base = _thinned(places, seen, data, nearest(places, order, data, doubt=_several(seen)))
    return (base, _without_stashed(places, seen, base)) if base else ("", b"")


def _without_stashed(places: Places, seen: Sequence[Version], base: str) -> bytes:
    """The base without what git took out of the file since though no commit has it (`git stash`, `git checkout .`).

    Then that counts as added by the save which has it: it comes back with the stash.
    """
    data = _bytes(places, base)
    order = [version.blob for version in seen]
    taken = [at for at in range(order.index(base)) if seen[at].by == "git" and seen[at + 1].by != "git"]
    history = _history(places) if taken else b""
    for at in reversed(taken):
        older = [seen[index].blob for index in range(at + 1, len(seen)) if not _passed(seen, index)]
        committed = next((blob for blob in older if _kept(places, blob) in history), "")
        if committed and committed != older[0]:
            with contextlib.suppress(SpecError):
                data = merge(_bytes(places, older[0]), data, _bytes(places, committed)).data
    return data


def _thinned(places: Places, seen: Sequence[Version], data: bytes, near: str) -> str:
    """The newest version of which the save is what is left without some whole items, else `near`.

    `near` is nearer when such an item had fewer lines in it; else nobody could ever take out an item on which an act
    has written. Not where `near` lacks one of them, which explains that better, and not where one was changed a
    moment ago: that may not have been seen.
    """
    lines, settled = data.split(b"\n"), time.time() - SEEN
    known = _bytes(places, near)
    for at, version in enumerate(seen[:RECENT]):
        if version.blob == near:
            break
        whole = _bytes(places, version.blob)
        if not _less(lines, whole.split(b"\n")) or not (gone := _taken_out(whole, data)):
            continue
        if not gone.keys() <= {name.decode() for name in _ID.findall(known)}:
            break
        same = itertools.takewhile(
            lambda one: all(item in _bytes(places, one.blob) for item in gone.values()), seen[at:]
        )
        return version.blob if any(one.at < settled for one in same) else near
    return near


def _taken_out(whole: bytes, data: bytes) -> dict[str, bytes]:
    """By id, the items that have to go from the whole so that the data is left; empty when more has to go, or less."""
    try:
        before, after = parse(whole), parse(data)
    except SpecError:
        return {}
    there = {item.id for item in after.walk()}
    gone = [item for item in before.walk() if item.id not in there]
    left, start = list[bytes](), 0
    for item in gone:
        if item.span.start >= start:
            left.append(whole[start : item.span.start])
            start = item.span.end
    left.append(whole[start:])
    if _said(b"".join(left)) != _said(data):
        return {}
    return {item.id: whole[item.span.start : item.span.end] for item in gone}


def _said(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if line.strip()]


def _unreadable(data: bytes) -> bool:
    try:
        parse(data)
    except SpecError:
        return True
    return False


def _undone(seen: Sequence[Version], blob: str) -> str:
    """The save that was made from `blob`, perhaps by way of others, if it is one editor's: who undid it. Else `blob`.

    Where several editors went on from there, or another one was at work then, nobody can say whose undo it is, and
    nothing is taken out.
    """
    at = next(index for index, version in enumerate(seen) if version.blob == blob)
    if _passed(seen, at):
        return blob  # only who saved it has it, and saves it again
    saves = [version for version in reversed(seen[:at]) if version.by == "save" and version.base != version.blob]
    made = {version.blob: version.base for version in saves}
    reached = {blob}
    since = 0.0
    for version in saves:
        if version.base in reached:
            reached.add(version.blob)
            since = since or version.at
    if any(version.blob not in reached and version.at > since - BESIDE for version in saves):
        return blob
    last = reached.difference({blob}, (made[name] for name in reached if name in made))
    return last.pop() if len(last) == 1 else blob


def _passed(seen: Sequence[Version], at: int) -> bool:
    """Whether this version was a save that was merged at once, and so was never what the spec said."""
    return seen[at].by == "save" and (at + 1 == len(seen) or seen[at + 1].blob != seen[at].base)


def _several(seen: Sequence[Version]) -> bool:
    """Whether more than one editor is at work: one went on from its save though another one had saved since."""
    since = time.time() - BESIDE
    saves = [
        version for version in itertools.takewhile(lambda version: version.at > since, seen) if version.by == "save"
    ]
    before: set[str] = set()
    for earlier, later in itertools.pairwise(reversed(saves)):
        if later.base in before and later.base not in (earlier.blob, later.blob):
            return True
        before.add(earlier.blob)
    return False


def _bytes(places: Places, blob: str) -> bytes:
    return journal.read(places, blob) or b""


def _kept(places: Places, blob: str) -> bytes:
    """The id that git itself gives a version: without line ends that it converts."""
    return blob_of(places, _bytes(places, blob)).encode()


def _history(places: Places) -> bytes:
    """What the last commits of the spec had, as rows with the ids before and after."""
    args = ("--branches", "HEAD", f"-n{COMMITS}", "--format=", "--raw", "--no-abbrev", "--", places.spec_name)
    return git.call(places, "log", *args).stdout


def nearest(places: Places, blobs: Iterable[str], data: bytes, *, doubt: bool = False) -> str:
    """Of these versions, newest first, the one that an editor which saved `data` had most likely loaded.

    It has the item ids that the save has (an editor doesn't invent the ids that we gave), then the fewest lines that
    differ and words that were typed or replaced; of those the fewest words typed, lines taken out, words taken out.
    Of several that are equal in all this the newest, in `doubt` the oldest: then both sides stand, in a conflict.
    Where what differs has no word in common, all of it was typed anew, and how much it replaced tells nothing.

    Where the save is the newest version less some lines, a version counts only if it has its lines, all but one: who
    had loaded one from before an answer and our words on it hasn't typed these, but cut the answer out.
    """
    blobs = list(dict.fromkeys(blobs))
    lines, names = data.split(b"\n"), set(_ID.findall(data))
    some, words = set(lines), set(_WORD.findall(data))
    taken_out = bool(blobs) and _less(lines, (journal.read(places, blobs[0]) or b"").split(b"\n"))
    close: list[tuple[int, int, int, str]] = []
    least, since = (-1, -1), 0
    for age, blob in enumerate(blobs):
        version = journal.read(places, blob)
        if version is None or (taken_out and len(some.difference(version.split(b"\n"))) > 1):
            continue
        since += 1
        near = (len(names.difference(_ID.findall(version))), len(some.symmetric_difference(version.split(b"\n"))))
        close.append((*near, age, blob))
        if least[0] < 0 or near < least:
            least, since = near, 0
        if since > PATIENCE:
            break
    best, best_cost = "", (-1, -1, 0, 0, 0)
    for missing, bound, _, blob in sorted(close)[:CLOSE]:
        if best and (missing, bound) > best_cost[:2]:
            break  # what stands in another order differs too, but less never does
        version = journal.read(places, blob) or b""
        theirs = version.split(b"\n")
        same = matches(theirs, lines)
        known = set(_WORD.findall(version))
        fresh, gone = len(words - known), len(known - words)
        if _apart(theirs, lines, same):
            gone = fresh
        differing = len(lines) + len(theirs) - 2 * len(same) + fresh + min(fresh, gone)
        cost = (missing, differing, fresh, len(theirs) - len(same), gone)
        if not best or cost < best_cost or (doubt and cost == best_cost):
            best, best_cost = blob, cost
    return best


def _apart(old: Sequence[bytes], new: Sequence[bytes], same: Sequence[tuple[int, int]]) -> bool:
    """Whether the lines that differ have no word in common: bullet, mark, id and a field's name are none."""
    kept = ({pair[side] for pair in same} for side in (0, 1))
    here, there = (
        {word for at, line in enumerate(rows) if at not in known for word in _WORD.findall(_FORM.sub(b"", line))}
        for rows, known in zip((old, new), kept, strict=True)
    )
    return here.isdisjoint(there)


def _less(lines: Sequence[bytes], whole: Sequence[bytes]) -> bool:
    """Whether these lines are left of the whole when some are taken out."""
    rest = iter(whole)
    return all(line in rest for line in lines)
