"""One act of steering: the spec exchanged and committed under one lock, or written while the commit waits."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from cockpit import spec
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.persist import along, commit, files, git, journal, merging, seal, write
from cockpit.persist.commit import Act, Version, Waits
from cockpit.persist.lease import lease
from cockpit.persist.objects import store
from cockpit.spec.parse import left_by_git

UNMENDED = "git left a conflict in the spec"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an act. `commit` is None when nothing changed or the commit waits; `held` says why it waits."""

    commit: str | None
    held: str
    before: bytes
    after: bytes
    subject: str = ""
    conflicts: tuple[str, ...] = ()


class Held(msgspec.Struct, frozen=True):
    """A line of `.cockpit/held.ndjson`: an act whose commit waits, with the blob ids of the spec around it."""

    verb: str
    target: str
    by: str
    reason: str
    subject: str
    undoes: str
    before: str
    after: str
    along: dict[str, str] = {}
    """Files written with it: path to blob, empty for one that goes."""
    replaced: dict[str, str] = {}
    """The same files as they were, empty for one that was not there."""

    @property
    def act(self) -> Act:
        """The act itself."""
        return Act(self.verb, self.target, self.by, self.reason, self.subject, self.undoes)


Along = Callable[[bytes, bytes], Mapping[str, along.Change]]
"""The spec before and after an act to what becomes of files beside it, by their paths in the repository."""


def record(places: Places, op: Callable[[bytes], bytes], act: Act, beside: Along | None = None) -> Receipt:
    """Apply a pure edit to the spec and commit the spec alone, with the act in the trailers.

    The file is written in any case; when a rebase or merge is going on, HEAD is detached or git can't be written, the
    commit is held and the receipt says so. An op that changes nothing commits nothing. Raises what `op` raises,
    and CockpitError when the spec cannot be read or written or git knows no name of the user.

    Files that `beside` names go into the same commit; such an act is Refused while its commit would have to wait.
    """
    store(places).who()
    with write.desk(places) as held:
        merging.recover_here(places)
        _finish(held)
        since = git.tip(places, "HEAD") or ""
        before = write.settle(held)
        if act.by == "human":
            seal.forgive(places)
        waits = _release(held, before)[1] if _held(places) else ""
        words = commit.subject(act, places.spec_name)
        with _intention(places, _entry(act, held.known, "")):
            written, files_too = _change(held, op, act, beside)
            if written.after == written.before:
                return Receipt(None, "", written.before, written.after, words, written.conflicts)
            if (git.tip(places, "HEAD") or "") != since:
                before, after = write.catch_up(held, written.before, written.after)
                written = replace(written, before=before, after=after)
            id, why = _commit(places, written.before, written.after, act, waits, files_too)
        return Receipt(id, why, written.before, written.after, words, written.conflicts)


def _change(
    held: write.Desk, op: Callable[[bytes], bytes], act: Act, beside: Along | None
) -> tuple[write.Written, dict[str, str]]:
    """The spec exchanged, and the blobs of the files written along: first the intention, then these, then the spec."""
    if beside is None:
        return write.change(held, op), {}
    places = held.places
    waits = git.busy(places) or ("earlier acts wait" if _held(places) else "")
    if waits:
        raise Refused(f"{waits}: {act.verb} writes files too and is committed at once", remedy="let that end first")
    found: list[along.File] = []
    blobs: dict[str, str] = {}

    def both(data: bytes) -> bytes:
        after = op(data)
        if after != data:
            found.extend(along.plan(places, beside(data, after)))
            blobs.update(along.blobs(places, found))
            old = along.blobs(places, [along.File(file.path, None, file.before) for file in found])
            entry = msgspec.structs.replace(_entry(act, held.known, ""), along=blobs, replaced=old)
            _intended(places).write_bytes(msgspec.json.encode(entry))
            along.put(places, found)
        return after

    try:
        return write.change(held, both), blobs
    except BaseException:
        along.back(places, found)
        raise


def create(places: Places, data: bytes, act: Act | None = None) -> Receipt:
    """Write the first spec and commit it alone. Never overwrites.

    Raises CockpitError when there is a spec already, git ignores its path, or it cannot be written.
    """
    act = act or Act("init", subject=f"Begin {places.spec_name}")
    store(places).who()
    rule = git.ignored(places, places.spec_name)
    if rule:
        remedy = "take that rule out or name another file"
        raise CockpitError(f"git ignores {places.spec_name}", where=rule, remedy=remedy)
    with write.desk(places) as held:
        blob = journal.store(places, data)
        files.put(held.fresh, data, like=None)
        try:
            os.link(held.fresh, places.spec)
        except FileExistsError as error:
            raise CockpitError(
                "there is a spec already; it was left as it is", where=places.spec_name, remedy="open it: cockpit"
            ) from error
        except OSError as error:
            raise files.unwritable(error, places.spec) from error
        finally:
            held.fresh.unlink(missing_ok=True)
        held.came(b"", data)
        held.remember(blob)
        id, why = _commit(places, b"", data, act)
    return Receipt(id, why, b"", data, commit.subject(act, places.spec_name))


def settle(places: Places) -> Receipt | None:
    """Commit what waits, once the rebase or merge has ended, one commit an act; None when nothing waited.

    Also mends what a kill cut short: a merge half done, an act written and not committed. Cheap when there is nothing.
    """
    if lease(places) is not None:
        return None
    merging.recover(places)
    if not _held(places) and not _intended(places).exists():
        return None
    with write.desk(places) as held:
        _finish(held)
        now = write.settle(held)
        if not _held(places):
            return None
        id, why, words = _release(held, now)
    return Receipt(id, why, now, now, words)


@contextlib.contextmanager
def _intention(places: Places, entry: Held) -> Generator[None]:
    """`act.json` lies there from before the file is written until the commit is made or held: a kill leaves it."""
    path = _intended(places)
    try:
        path.write_bytes(msgspec.json.encode(entry))
    except OSError as error:
        raise files.unwritable(error, path) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def acting(places: Places) -> bool:
    """Whether an act is under way, whoever's: its words may be in the file before its commit is made."""
    return _intended(places).exists()


def _finish(held: write.Desk) -> None:
    """Commit the act that a kill cut between its file and its commit. Who holds the lock knows that it is over."""
    places = held.places
    path = _intended(places)
    try:
        entry = msgspec.json.decode(path.read_bytes(), type=Held)
    except FileNotFoundError:
        return
    except msgspec.DecodeError:  # killed while noting: the file was not touched yet
        path.unlink(missing_ok=True)
        return
    now = write.settle(held)
    if held.known != entry.before and now != _committed(places):  # else it never reached the file, or is committed
        _commit(places, _version(places, entry.before), now, entry.act, files_too=entry.along)
    elif held.known == entry.before:
        files_as = {name: _maybe(places, blob) for name, blob in entry.replaced.items()}
        along.back(places, [along.File(name, files_as[name], _maybe(places, id)) for name, id in entry.along.items()])
    path.unlink(missing_ok=True)


def _commit(
    places: Places,
    before: bytes,
    after: bytes,
    act: Act,
    why: str = "",
    files_too: Mapping[str, str] | None = None,
) -> tuple[str | None, str]:
    """Commit now, or hold the act (`why`: as the acts before it): its commit's id, or the words why it waits."""
    kept = along.kept(places, files_too or {})
    if not _held(places):
        try:
            if left_by_git(after):
                raise Waits(UNMENDED)
            return commit.commit(places, before, [Version(after, act, kept)]), ""
        except Waits as waits:
            why = str(waits)
        except CockpitError as error:
            why = str(error)
    why = why or git.busy(places) or "earlier acts wait"
    objects = store(places)
    entry = _entry(act, objects.id_of("blob", before), objects.id_of("blob", after))
    entry = msgspec.structs.replace(entry, along=kept)
    with _file(places).open("ab") as file:
        file.write(msgspec.json.encode(entry) + b"\n")
    return None, why


def _release(held: write.Desk, disk: bytes) -> tuple[str | None, str, str]:
    """Commit the held acts: last commit, why they still wait, subject of the last.

    When the file is as the branch has it, the human committed them with something else or threw them away; but
    `git rebase --abort` throws away what it never asked about: then they are done again.
    """
    places = held.places
    acts = _held(places)
    words = commit.subject(acts[-1].act, places.spec_name)
    busy = git.busy(places) or (UNMENDED if left_by_git(disk) else "")
    if busy:
        return None, busy, words
    now = branch_has = _committed(places)
    versions: list[Version] = []
    aborted = disk == branch_has and _aborted(places)
    for entry in acts if disk != branch_has or aborted else []:
        base, theirs = (_version(places, blob) for blob in (entry.before, entry.after))
        then = spec.merge(base, now, theirs).data  # what the rebase brought stays; an act it has already adds nothing
        if then != now:
            versions.append(Version(then, entry.act, along.kept(places, entry.along)))
        now = then
    if aborted:
        write.change(held, lambda disk: spec.merge(branch_has, disk, now).data)
    try:
        id = commit.commit(places, branch_has, versions) if versions else None
    except (Waits, seal.Refuses) as waits:
        return None, str(waits), words
    with contextlib.suppress(FileNotFoundError):
        _file(places).unlink()
    return id, "", words


def _aborted(places: Places) -> bool:
    """Whether the last thing that moved HEAD was the end of a rebase by `--abort`, which resets the work tree."""
    try:
        last = (places.git_dir / "logs" / "HEAD").read_bytes().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError:
        return False
    return b"\trebase (abort)" in last


def _committed(places: Places) -> bytes:
    """The spec as the branch has it, in the form of the work tree (line ends); empty when it has none."""
    done = git.call(places, "cat-file", "--filters", f"HEAD:{places.spec_name}")
    return done.stdout if done.returncode == 0 else b""


def _version(places: Places, blob: str) -> bytes:
    read = store(places).read(blob)
    return read[1] if read is not None else b""


def _maybe(places: Places, blob: str) -> bytes | None:
    return _version(places, blob) if blob else None


def _entry(act: Act, before: str, after: str) -> Held:
    return Held(act.verb, act.target, act.by, act.reason, act.subject, act.undoes, before=before, after=after)


def _intended(places: Places) -> Path:
    return places.local / "act.json"


def _file(places: Places) -> Path:
    return places.local / "held.ndjson"


def _held(places: Places) -> list[Held]:
    try:
        lines = _file(places).read_bytes().split(b"\n")
    except OSError:
        return []
    held: list[Held] = []
    for entry in lines:
        with contextlib.suppress(msgspec.DecodeError):  # a torn last line
            held.append(msgspec.json.decode(entry, type=Held))
    return held
