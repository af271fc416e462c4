"""Check 12: commits come from where they should: right branch, clean tree, no other's work, no hook passed by."""

from __future__ import annotations

import os
import re
import time
from fnmatch import fnmatchcase
from pathlib import Path

from cockpit.clean import line
from cockpit.facts import Spot, Turn
from cockpit.persist import branches, git
from cockpit.verify.case import Case
from cockpit.verify.checks.hooked import hooked, touched
from cockpit.verify.finding import Finding, told
from cockpit.verify.patch import Commit

REMEDY = "put the branch in order: its own commits, made with their hooks, in its own worktree"
AHEAD = 86_400.0
"""Seconds that a clock may be ahead."""
HEARD = 16 << 20
"""Bytes of what the agent told that are read."""
_COMMAND = rb'"command"\s*:\s*"(?:[^"\\]|\\.){0,2000}?'
_PAST = (
    rb"git\b[^;&|\"\\]{0,200}(?:--no-verify\b|core\.hooksPath(?:=|\s+[^\s;&|\"\\])|--unset\s+core\.hooksPath|\bcommit\s(?:[^;&|\"'\\]{0,100}\s)?-[a-z]{0,5}n[a-z]{0,5}\s)"
    rb"|HUSKY=0\b[^;&|\"\\]{0,60}git\b"
)
_PASSED_BY = re.compile(_COMMAND + rb"(" + _PAST + rb")")
_PASSED_OURS_BY = re.compile(
    _COMMAND + rb"(" + _PAST + rb"|git\b[^;&|\"\\]{0,200}\bcommit-tree\b|\bGIT_CONFIG_PARAMETERS\b)"
)
_UNFINISHED = re.compile(r"(?i)(?:fixup|squash|amend)!|wip\b|tmp\b|temp commit")


def provenance(case: Case) -> Finding:
    """What git and the delegate's own record tell. Without a delegate only the commits are judged."""
    commits = case.patch.commits
    bad, notes = _of_commits(case, commits)
    checked = ""
    if case.turn is not None:
        bad += _of_branch(case, case.turn, notes)
        seen = hooked(case, case.turn)
        bad, notes, checked = bad + seen.bad, notes + seen.notes + touched(case, case.turn), seen.fine
    for other in case.others:
        tip = git.tip(case.places, f"refs/heads/{other.dispatch.branch}")
        own = tip is not None and tip != case.head and branches.is_merged(case.places, tip, case.head)
        if own and not branches.is_merged(case.places, tip or "", case.base):
            bad.append(Spot("", 0, f"holds the work of {other.item}, which is not on the target"))
    notes += [Spot(change.path, 0, "is a submodule") for change in case.changes if change.mode == "160000"]
    if not commits and not bad:
        return Finding("n/a", "the branch has no commit of its own")
    emails = sorted({commit.email for commit in commits})
    fine = f"{len(commits)} commit{'s' * (len(commits) != 1)} by {line(', '.join(emails[:3]), 120)}{checked}"
    return told(bad, notes, fine=fine, remedy=REMEDY)


def _of_commits(case: Case, commits: tuple[Commit, ...]) -> tuple[list[Spot], list[Spot]]:
    authors = case.rule("provenance", "authors")
    bad: list[Spot] = []
    notes: list[Spot] = []
    for commit in commits:
        name = f"commit {commit.id[:10]}"
        if authors and not any(fnmatchcase(commit.email.lower(), author.lower()) for author in authors):
            bad.append(Spot("", 0, f"{name} is by {line(commit.email, 60) or 'nobody'}"))
        if commit.at > time.time() + AHEAD:
            bad.append(Spot("", 0, f"{name} comes from the future"))
        if not commit.message.strip():
            bad.append(Spot("", 0, f"{name} has no message"))
        elif _UNFINISHED.match(commit.message):
            notes.append(Spot("", 0, f"{name} is “{line(commit.message.splitlines()[0], 40)}”"))
    return bad, notes


def _of_branch(case: Case, turn: Turn, notes: list[Spot]) -> list[Spot]:
    bad: list[Spot] = []
    base, branch = turn.dispatch.base, f"refs/heads/{turn.dispatch.branch}"
    if base and case.patch.commits and not branches.is_merged(case.places, base, case.head):
        words = f"the branch left the commit it was dispatched from, {base[:10]}"
        on_target = branches.is_merged(case.places, base, case.base)
        (bad if on_target else notes).append(Spot("", 0, words))
    folder = Path(turn.dispatch.worktree) if turn.dispatch.worktree else None
    if folder is not None and (folder / ".git").exists():
        head = git.head(git.folder_of(folder))
        if head != branch:
            bad.append(Spot("", 0, f"its worktree is on {line(head.removeprefix('refs/heads/'), 60)}"))
        quiet = ("-c", "core.fsmonitor=false", "--no-optional-locks")
        dirty = git.run(folder, *quiet, "status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=all")
        for row in filter(None, dirty.decode("utf-8", "surrogateescape").split("\0")):
            spot = Spot(row[3:], 0, "is not committed")
            (notes if row.startswith("??") else bad).append(spot)
    wanted = bool(turn.dispatch.precommit)
    passed = _passed_by(turn.folder / "events.ndjson", _PASSED_OURS_BY if wanted else _PASSED_BY)
    if passed:
        (bad if wanted or _has_hooks(case) else notes).append(Spot("", 0, f"the agent ran `{passed}`"))
    return bad


def _passed_by(record: Path, pattern: re.Pattern[bytes]) -> str:
    """The command by which the agent passed the hooks by, as its own stream tells; empty for none."""
    try:
        with record.open("rb") as file:
            hit = pattern.search(file.read(HEARD))
    except OSError:
        return ""
    return line(hit[1], 100) if hit else ""


def _has_hooks(case: Case) -> bool:
    """Whether there is a hook to pass by: without one the command changes nothing."""
    path = git.run(case.places, "rev-parse", "--git-path", "hooks").decode("utf-8", "surrogateescape").rstrip("\n")
    try:
        with os.scandir(case.places.root / path) as entries:
            return any(not entry.name.endswith(".sample") for entry in entries)
    except OSError:
        return False
