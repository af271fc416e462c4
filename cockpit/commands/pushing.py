"""The command that tells the cockpit of something that happened."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError
from cockpit.paths import places


def push(given: Given) -> int:
    """An event on the spool; the engine reads it when it runs."""
    from cockpit.sense import events, spool

    if given.sh:
        print(spool.sh_line(here(given, spec=False)))
        return 0
    # A delegate's shell stands in a worktree; the spool that counts is the repository's, named by its environment.
    named = os.environ.get("COCKPIT_SPOOL")
    path = Path(named) if named else here(given, spec=False).spool
    if given.report or given.junit:
        return report(given, path)
    if not given.ndjson:
        words = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        options = {
            name: getattr(given, name) for name in ("source", "key", "state", "level", "item", "evidence", "action")
        }
        spool.push(path, events.parse_push(words, **options, at=time.time()))
        return 0
    bad = 0
    for number, data in enumerate(sys.stdin.buffer, 1):  # as it comes: `tail -f log | cockpit push --ndjson`
        if data.strip():
            try:
                spool.push(path, events.decode(data, time.time()))
            except CockpitError as error:
                bad += 1
                print(f"cockpit: line {number}: {line(str(error), 300)}", file=sys.stderr)
    return 1 if bad else 0


def report(given: Given, spool_path: Path) -> int:
    """The events of a report on the spool, and one line that says what it told. Raises CockpitError."""
    from cockpit.sense import reports, spool

    if given.words:
        raise CockpitError("words and a report", remedy="push one of them")
    file = given.junit or given.report
    root = _top(given)
    data, name, at = _bytes(file, Path(given.directory), root)
    item = given.item or os.environ.get("COCKPIT_ITEM", "")
    about = reports.About(
        name=name,
        at=at,
        root=str(root) if root else "",
        job=given.key,
        prefix=f"{item}:" if item else "",
        item=item,
        delegate=os.environ.get("COCKPIT_ITEM", ""),
    )
    events = reports.read(data, about, "junit" if given.junit else "")
    with reports.memory.change(spool_path.parent) as memory:
        told = reports.tell(memory.open, events)
        spool.push_all(spool_path, told.events)
        memory.open = told.open
    for event in events:
        if event.kind == "ci.run" and event.state != "started":
            print(event.what)
    return 0


def _top(given: Given) -> Path | None:
    """The work tree around the caller: a delegate's own, not the spec's."""
    try:
        return places(cwd=Path(given.directory)).root
    except CockpitError:
        return None


def _bytes(file: str, folder: Path, root: Path | None) -> tuple[bytes, str, float]:
    """What is in a report, how it is called and when it was written. Raises CockpitError."""
    from cockpit.sense.reports import LARGEST

    if file == "-":
        data = sys.stdin.buffer.read(LARGEST + 1)
        return data, "", time.time()
    path = (folder / file).resolve()
    name = path.relative_to(root).as_posix() if root and path.is_relative_to(root) else path.name
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe without a writer must not hold us
        with os.fdopen(handle, "rb") as opened:
            info = os.fstat(opened.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise CockpitError("no file", where=line(file, 200), remedy="a pipe is read with -")
            return opened.read(LARGEST + 1), name, min(info.st_mtime, time.time())
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=line(file, 200)) from error
