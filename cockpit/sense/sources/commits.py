"""Git: new commits on the branch, as events. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.sense.events import Event, safe


def git_events(branch: str, commits: Sequence[tuple[str, str, str]], at: float) -> list[Event]:
    """New commits on the branch, newest first, as (id, subject, author): one event for all of them."""
    if not commits:
        return []
    count = f"{len(commits)} commits" if len(commits) > 1 else "a commit"
    event = Event(
        source="git",
        kind="commits",
        key=f"commits/{branch}",
        state="new",
        what=f"{count} on {branch}: {commits[0][1]}",
        at=at,
        evidence="; ".join(f"{sha[:9]} {subject} ({author})" for sha, subject, author in commits[:10]),
        action="log",
    )
    return [safe(event, at)]
