"""Git: new commits on a branch, what they change and which dependencies they bump, as events. Pure (R81, R84, R85)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cockpit.clean import line
from cockpit.persist.since import Commit
from cockpit.sense.events import PATHS, Event, safe
from cockpit.sense.sources.dependencies import bumps, combine, deps, is_manifest

SINGLE = 20
"""Commits of one pass that are told one by one; the older ones in one event."""
MANIFESTS = 12
"""Manifests of a commit that are read."""


def commit_events(
    branch: str,
    commits: Sequence[Commit],
    read: Callable[[str], bytes | None],
    whose: Callable[[Commit], str],
    *,
    after: float,
    at: float,
) -> list[Event]:
    """An event for each new commit (given newest first), oldest first; what is beyond `SINGLE` is told as one.

    `read` gives the bytes of a blob by its id, `whose` the item whose delegate made a commit, or nothing. A commit
    counts from when it came here, not before `after`, the last look: a pull brings old commits that are news all the
    same.
    """
    found = [_one(branch, commit, read, whose(commit), after, at) for commit in commits[:SINGLE]]
    rest = commits[SINGLE:]
    if rest:
        found.append(_many(branch, rest, whose(rest[0]), after, at))
    return found[::-1]


def _many(branch: str, commits: Sequence[Commit], item: str, after: float, at: float) -> Event:
    paths = tuple(dict.fromkeys(file.path for commit in commits for file in commit.files))
    return safe(
        Event(
            source="git",
            kind="commit",
            key=f"commit/{branch}",
            what=f"{len(commits)} earlier commits on {branch}, up to: {commits[0].subject}",
            at=_clamp(commits[0].at, after, at),
            commit=commits[0].id,
            paths=paths[:PATHS],
            item=item,
            delegate=item,
            action="log",
            attrs={"count": len(commits)},
        ),
        at,
    )


def _one(branch: str, commit: Commit, read: Callable[[str], bytes | None], item: str, after: float, at: float) -> Event:
    changed = [file for file in commit.files if is_manifest(file.path)][:MANIFESTS]
    found = combine(
        bump
        for file in changed
        for bump in bumps(
            file.path, read(file.before) if file.before else None, read(file.after) if file.after else None
        )
    )
    return safe(
        Event(
            source="git",
            kind="commit",
            key=f"commit/{branch}",
            what=commit.subject or "a commit without a subject",
            at=_clamp(commit.at, after, at),
            commit=commit.id,
            paths=tuple(file.path for file in commit.files[:PATHS]),
            item=item,
            delegate=item,
            evidence="; ".join(bump.words for bump in found[:10]) or f"{line(commit.author, 40)} on {line(branch, 60)}",
            action="log",
            attrs={"deps": deps(found)} if found else {},
        ),
        at,
    )


def diff_event(item: str, commits: Sequence[Commit], at: float) -> Event | None:
    """What a delegate's new commits changed, file by file; None when they changed nothing."""
    counts: dict[str, tuple[int, int]] = {}
    for commit in commits:
        for file in commit.files:
            added, deleted = counts.get(file.path, (0, 0))
            counts[file.path] = added + file.added, deleted + file.deleted
    if not counts:
        return None
    added, deleted = sum(count[0] for count in counts.values()), sum(count[1] for count in counts.values())
    most = sorted(counts, key=lambda path: -sum(counts[path]))
    files = f"{len(counts)} files" if len(counts) > 1 else most[0]
    told = [{"path": path, "added": counts[path][0], "deleted": counts[path][1]} for path in most[:30]]
    return safe(
        Event(
            source="git", kind="diff", key=f"diff/{item}", at=at, item=item, delegate=item, commit=commits[0].id,
            what=f"{item} changed {files}: +{added} -{deleted}", paths=tuple(most[:PATHS]),
            attrs={"added": added, "deleted": deleted, "files": told},
        ),
        at,
    )  # fmt: skip


def git_events(branch: str, commits: Sequence[Commit], at: float) -> list[Event]:
    """New commits on the target that are nobody's of ours, newest first: one signal for all of them."""
    if not commits:
        return []
    count = f"{len(commits)} commits" if len(commits) > 1 else "a commit"
    event = Event(
        source="git",
        kind="commits",
        key=f"commits/{branch}",
        state="new",
        what=f"{count} on {branch}: {line(commits[0].subject, 80)}",
        at=at,
        evidence="; ".join(
            f"{commit.id[:9]} {line(commit.subject, 80)} ({line(commit.author, 40)})" for commit in commits[:10]
        ),
        action="log",
    )
    return [safe(event, at)]


def _clamp(value: float, low: float, high: float) -> float:
    return max(low, min(value, high))
