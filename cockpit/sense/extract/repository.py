"""What git says when it can't: conflicts, a push refused, a lock left behind; and when it can again."""

from __future__ import annotations

import re

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told
from cockpit.sense.extract.words import mask

_CONFLICT = re.compile(
    r"CONFLICT \((?P<how>[^)]{1,60})\): (?:Merge conflict in (?P<file>.{1,300})$|(?P<path>\S{1,300}))"
)
_REJECTED = re.compile(
    r"! \[(?:remote )?rejected\]\s{1,20}(?P<branch>\S{1,200})\s{0,4}->\s{0,4}\S{1,200}(?: \((?P<why>.{1,200})\))?"
)
_PUSHED = re.compile(
    r"(?:[0-9a-f]{7,40}\.\.[0-9a-f]{7,40}|\+ [0-9a-f]{7,40}\.\.\.[0-9a-f]{7,40}"
    r"|\* \[new branch\])\s{1,20}(?P<branch>\S{1,200})\s{0,4}->"
)
_LOCK = re.compile(r"(?:fatal|error): Unable to create '(?P<file>.{1,300}\.lock)': File exists")
_FATAL = re.compile(r"fatal: (?P<what>\S.{0,500})")
_OVERWRITTEN = re.compile(r"error: (?:Your local changes|The following untracked working tree files)")
_PATHSPEC = re.compile(r"error: pathspec '(?P<what>.{1,200})' did not match")
_PART = re.compile(
    r"hint: |Automatic merge failed|error: failed to push|Another git process|error: could not apply|Could not apply"
    r"|You have unmerged"
)


def repository(line: Line, stream: Stream) -> Told:
    """Each opener waits for the line, or the passed run, that closes it."""
    text = line.text
    found = _CONFLICT.match(text)
    if found is not None:
        file = (found["file"] or found["path"]).strip()
        return stream.opened(_git(line, f"git:conflict {file}", "conflict", (file,)))
    found = _REJECTED.match(text)
    if found is not None:
        return stream.opened(_git(line, f"git:rejected {found['branch']}", "rejected"))
    found = _PUSHED.match(text)
    if found is not None:
        return stream.closed(line, f"git:rejected {found['branch']}") or None
    if text.startswith(("Merge made by", "Successfully rebased")):
        conflicts = [key for key in stream.job.open if key.startswith("git:conflict ")]
        return [event for key in conflicts for event in stream.closed(line, key)]
    found = _LOCK.match(text)
    if found is not None:
        return stream.opened(_git(line, f"git:lock {found['file'].rpartition('/')[2]}", "lock"))
    found = _PATHSPEC.match(text) or (_FATAL.match(text) if stream.tool in ("", "git") or stream.given else None)
    if found is not None:
        return [_git(line, f"git {mask(found['what'])}", "fatal")]
    if _OVERWRITTEN.match(text):
        return [_git(line, f"git {mask(text[7:])}", "overwrite")]
    return [] if _PART.match(text) else None


def _git(line: Line, key: str, rule: str, paths: tuple[str, ...] = ()) -> Event:
    state = "open" if key.startswith("git:") else ""
    return line.tell("finding", key, state, "error", paths=paths, tool="git", rule=rule, message=line.text[:300])
