"""Reports of tests and checks, read when they change: the drop folder, the globs of the spec, our own verifications."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cockpit.clean import line
from cockpit.engine.reportlogs import Log, is_log
from cockpit.errors import CockpitError
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.sense import Event, reports
from cockpit.spec import Document, globs

FOLDER = "reports"
"""In `.cockpit/`: whatever is put there is read. In a turn's folder: what its verification wrote."""

Stamp = tuple[int, int, int]


@dataclass(slots=True)
class Seen:
    """A file as it was looked at last."""

    stamp: Stamp
    wrong: str = ""
    """Why it could not be read; told when the next look finds it unchanged, for a half-written one is no trouble."""
    told: bool = False


class Reports:
    """What was read of which file, so that the same bytes are never read twice. `keep` writes it down."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.seen: dict[Path, Seen] = {}
        self.logs: dict[Path, Log] = {}
        self.open: dict[str, dict[str, str]] = {}
        """What jobs left open, of those that were read since `keep`."""
        self.read: dict[str, str] = {}
        self.remembered = reports.memory.load(places.local)

    @property
    def errors(self) -> list[str]:
        """A line for each of the first reports that cannot be read."""
        return [f"report {seen.wrong}" for seen in self.seen.values() if seen.told][:2]

    def stamps(self, document: Document | None) -> tuple[tuple[str, Stamp], ...]:
        """What changes when a report outside of `.cockpit/` changes: for the sweep."""
        patterns = document.controls.reports if document is not None else ()
        found = ((str(path), _stamp(path)) for path in globs.files(self.places.root, patterns))
        return tuple((path, stamp) for path, stamp in found if stamp is not None)

    def events(self, document: Document, turns: Mapping[str, Turn], now: float) -> list[Event]:
        """The events of all reports that changed since the last look, and what ends with a delegate's work."""
        self.remembered = reports.memory.load(self.places.local)
        found: list[Event] = []
        there: set[Path] = set()
        for path, about in self._files(document, turns):
            there.add(path)
            stamp = _stamp(path)
            seen = self.seen.get(path)
            if stamp is None:
                continue
            if seen is not None and seen.stamp == stamp:
                seen.told = bool(seen.wrong)
                continue
            self.seen[path] = Seen(stamp)
            try:
                found += self._read(path, about, min(now, stamp[0] / 1e9))
            except CockpitError as error:
                self.seen[path].wrong = line(str(error), 200)
        for gone in self.seen.keys() - there:
            del self.seen[gone]
            self.logs.pop(gone, None)
        return [*found, *self._over(document, now)]

    def keep(self) -> None:
        """Remember what was read, once its events are in the journal: a kill before that reads it again."""
        if not self.open and not self.read:
            return
        with reports.memory.change(self.places.local) as memory:
            for job, keys in self.open.items():
                memory.open.pop(job, None)
                if keys:
                    memory.open[job] = keys
            for name, digest in self.read.items():
                memory.read.pop(name, None)
                memory.read[name] = digest
        self.open, self.read = {}, {}

    def _files(self, document: Document, turns: Mapping[str, Turn]) -> Iterator[tuple[Path, reports.About]]:
        """All reports there are, each with what is known of it; `at` isn't yet."""
        root = self.places.root
        dropped = globs.files(self.places.local, [f"{FOLDER}/**/*"])
        for path in (*dropped, *globs.files(root, document.controls.reports)):
            yield path, reports.About(path.relative_to(root).as_posix(), 0.0, root=str(root))
        for item, turn in turns.items():
            review = turn.review
            for name in review.reports if review is not None else ():
                path = turn.folder / FOLDER / name
                if review is not None and path.is_file():
                    yield (
                        path,
                        reports.About(
                            name, 0.0, review.scratch, prefix=f"{item}:", commit=review.head, item=item, delegate=item
                        ),
                    )

    def _read(self, path: Path, about: reports.About, at: float) -> list[Event]:
        name = path.relative_to(self.places.root).as_posix()
        about = replace(about, at=at)
        if is_log(path):
            log = self.logs.setdefault(path, Log(path, self.remembered.read.get(name, "")))
            events = log.read(about, self._open())
            self.open |= log.open
            self.read[name] = log.mark
            self.seen[path].wrong = f"{about.name}: {log.trouble}" if log.trouble else ""
            return events
        data = _bytes(path)
        digest = hashlib.blake2s(data, digest_size=16).hexdigest()
        if self.read.get(name) == digest or self.remembered.read.get(name) == digest:
            return []
        told = reports.tell(self._open(), reports.read(data, about))
        jobs = {event.key for event in told.events if event.kind == "ci.run"}
        self.open |= {job: told.open.get(job, {}) for job in jobs}
        self.read[name] = digest
        return told.events

    def _open(self) -> dict[str, dict[str, str]]:
        return self.remembered.open | self.open

    def _over(self, document: Document, now: float) -> list[Event]:
        """A delegate's failures end with its work: they were those of its branch."""
        ended: list[Event] = []
        for job, keys in self._open().items():
            id = job.partition(":")[0]
            item = document.item(id) if ":" in job and keys else None
            if item is not None and item.mark.over:
                ended += [
                    Event(source="verify", what=f"{id} is over", at=now, kind=kind, key=key, state="closed", item=id)
                    for key, kind in keys.items()
                ]
                self.open[job] = {}
        return ended


def _stamp(path: Path) -> Stamp | None:
    try:
        info = path.stat()
    except OSError:
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino) if stat.S_ISREG(info.st_mode) else None


def _bytes(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            return file.read(reports.LARGEST + 1)
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=line(path.name, 120)) from error
