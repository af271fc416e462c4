"""Work in the human's own checkout instead of a delegate's worktree, as events. Pure.

The human works there too, so a changed file alone proves nothing. Certain is a tool call that wrote the file, or a
shell or process of the delegate that was in the checkout within a minute of the change. A file that changes in the
checkout while a delegate whose `paths:` hold it runs is only a warning: both may be at work on it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.clean import line
from cockpit.persist.checkout import Dirty
from cockpit.sense.events import Event, Level, safe
from cockpit.spec.globs import matches

NEAR = 60.0
"""Seconds between a trace in the checkout and a change there that are taken for one deed."""
MOST = 20
"""Paths that are told at once."""
OUTSIDE, SHARED = "outside", "finding"
KEYS = {OUTSIDE: "checkout/", SHARED: "shared/"}
"""How the keys of each kind begin."""
_WRITES = re.compile(r"edit|write|patch|replace|create|insert", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trace:
    """A delegate was in the checkout: with `path` it wrote that file, without one it was somewhere in it."""

    item: str
    words: str
    at: float
    path: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """A delegate of the latest turns: its worktree, since when it runs, and the globs of its item's `paths:`."""

    item: str
    worktree: str
    since: float
    globs: Sequence[str] = ()
    runs: bool = True


def traces(events: Iterable[Event], root: Path, local: Path) -> list[Trace]:
    """The steps of agents that name the checkout; what is below `local` (`.cockpit/`) is theirs to write."""
    found: list[Trace] = []
    names = re.compile(rf"{re.escape(str(root))}(?=[/\s'\";|&)]|$)(?!/{re.escape(local.name)}\b)")
    for event in events:
        if event.kind != "agent.step" or event.state != "ok":
            continue
        below = [_below(path, root, local) for path in event.paths]
        if _WRITES.search(str(event.attrs.get("tool", ""))):
            found += [Trace(event.delegate, line(event.what, 160), event.at, path) for path in below if path]
        elif not event.paths and (names.search(event.what) or _below(str(event.attrs.get("cwd", "")), root, local)):
            found.append(Trace(event.delegate, line(event.what, 160), event.at))
    return found


def _below(path: str, root: Path, local: Path) -> str:
    """The path relative to the checkout; "." for the checkout itself, empty for what lies elsewhere."""
    here = Path(path)
    if not here.is_absolute() or not here.is_relative_to(root) or here.is_relative_to(local):
        return ""
    return here.relative_to(root).as_posix()


def outside_events(
    changed: Mapping[str, Dirty],
    found: Sequence[Trace],
    workers: Sequence[Worker],
    known: Sequence[Event],
    root: Path,
    at: float,
) -> list[Event]:
    """What is to be told of the checkout's changed files, and what is over; `known` is what is open of it."""
    held = {event.key for event in known}
    events: list[Event] = []
    for path, file in changed.items():
        trace = _trace(file, found)
        if trace is not None:
            events.append(_outside(file, trace, workers, root, at))
        elif _key(OUTSIDE, path) not in held and (worker := _shares(file, workers)):
            events.append(_shared(file, worker, at))
    events = events[:MOST]
    stays = {event.key for event in events} | {_key(OUTSIDE, path) for path in changed}
    return events + [_over(event, at) for event in known if event.key not in stays]


def _trace(file: Dirty, found: Sequence[Trace]) -> Trace | None:
    """The trace that proves who changed the file; one that names it before one that was only there."""
    named = [trace for trace in found if trace.path == file.path]
    near = [trace for trace in found if not trace.path and abs(trace.at - file.changed) <= NEAR]
    return next(iter(named or near), None)


def _shares(file: Dirty, workers: Sequence[Worker]) -> Worker | None:
    """The delegate whose item names the file and that ran when it changed."""
    holds = (
        worker
        for worker in workers
        if worker.runs and file.changed >= worker.since and matches(file.path, worker.globs)
    )
    return next(holds, None)


def _outside(file: Dirty, trace: Trace, workers: Sequence[Worker], root: Path, at: float) -> Event:
    where, name = f"git -C {shlex.quote(str(root))}", shlex.quote(file.path)
    worktree = next((worker.worktree for worker in workers if worker.item == trace.item), "")
    if file.tracked:
        restore = f"{where} diff -- {name} shows it; {where} restore -- {name} takes it back"
    elif worktree:
        target = shlex.quote(f"{worktree}/{file.path}")
        restore = f"mv -n {shlex.quote(str(root / file.path))} {target} moves it into its worktree"
    else:
        restore = f"{where} status -- {name} shows it"
    return _event(
        file.path,
        at,
        kind=OUTSIDE,
        state="open",
        what=f"{trace.item} changed {line(file.path, 100)} in your checkout, not in its worktree",
        level="critical",
        item=trace.item,
        evidence=f"{trace.words}; {restore}",
        attrs={"restore": restore},
    )


def _shared(file: Dirty, worker: Worker, at: float) -> Event:
    return _event(
        file.path,
        at,
        kind=SHARED,
        state="open",
        what=f"{line(file.path, 100)} changed in your checkout while {worker.item}, whose paths hold it, is at work",
        level="warning",
        item=worker.item,
        evidence="you or the delegate: nothing proves which; commit it before its result is merged",
    )


def _over(event: Event, at: float) -> Event:
    words = "clean again" if event.kind == OUTSIDE else "nobody else is at work on it"
    return _event(event.paths[0] if event.paths else event.key, at, kind=event.kind, state="closed", what=words)


def _event(
    path: str,
    at: float,
    *,
    kind: str,
    state: str,
    what: str,
    level: Level = "info",
    item: str = "",
    evidence: str = "",
    attrs: dict[str, object] | None = None,
) -> Event:
    return safe(
        Event(
            source="git",
            kind=kind,
            key=_key(kind, path),
            state=state,
            what=what,
            at=at,
            level=level,
            paths=(path,),
            item=item,
            delegate=item,
            evidence=evidence,
            action="inspect",
            attrs=attrs or {},
        ),
        at,
    )


def _key(kind: str, path: str) -> str:
    return line(f"{KEYS[kind]}{path}", 200)
