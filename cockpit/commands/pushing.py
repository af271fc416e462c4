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
    if given.follow or given.job:
        return follow(given, path)
    if not given.ndjson:
        words = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        options = {name: getattr(given, name) for name in ("key", "state", "level", "item", "evidence", "action")}
        spool.push(path, events.parse_push(words, source=given.source or "push", **options, at=time.time()))
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


def follow(given: Given, spool_path: Path) -> int:
    """The lines of a file, a pipe or a command, as they come. Raises CockpitError."""
    from cockpit.commands import following, sending
    from cockpit.sense.events import Event, safe

    words: list[str] = given.words
    if given.follow and words:
        raise CockpitError("a file to follow and words", remedy="push one of them")
    if not given.follow and not words:
        raise CockpitError("a job without its command", remedy="cockpit push --job tests -- make test")
    folder = Path(given.directory)
    now = time.time()
    name = given.follow if given.follow not in ("", "-") else ""
    run = given.run or (f"{given.job}-{int(now)}-{os.getpid()}" if given.job else "")
    about = Event(
        source=given.source or (Path(name).name if name else Path(words[0]).name if words else "pipe"),
        what="lines",
        at=now,
        kind="log.line",
        key=given.key or given.job or name or "pipe",
        level=given.level,
        run=run,
        commit=_commit(folder) if given.job else "",
        item=given.item or os.environ.get("COCKPIT_ITEM", ""),
        delegate=os.environ.get("COCKPIT_ITEM", ""),
    )
    named = os.environ.get("COCKPIT_SOCKET")
    way = sending.Way(Path(named) if named else here(given, spec=False).events, spool_path)
    told = following.Told(way, safe(about, now))
    try:
        if words:
            return following.run_job(told, words, folder)
        if not name:
            return following.follow_pipe(told)
        following.follow_file(told, (folder / name).absolute(), from_start=given.from_start)
        return 0
    finally:
        way.close()


def _commit(folder: Path) -> str:
    """The commit that is checked out there; empty where there is none."""
    from cockpit.persist import git

    done = git.call(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    return done.stdout.decode("ascii", "replace").strip() if done.returncode == 0 else ""


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
