"""Check 6: what is wanted and what is locked belong together: a manifest that changed has its lockfile made anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from cockpit.facts import Spot
from cockpit.verify.case import Case, Change, names
from cockpit.verify.checks.data import rules
from cockpit.verify.checks.wanted import wanted
from cockpit.verify.finding import Finding, told


@dataclass(frozen=True, slots=True)
class Pair:
    """A manifest's file name, its lockfiles' names, how the lock is made."""

    wanted: str
    locks: tuple[str, ...]
    remedy: str


def lockfile(case: Case) -> Finding:
    """Dependencies changed and the lock did not, or a new one is not in the lock: that is proof.

    A lock that changed alone may be an update: a note. Only where the branch has both files, in one folder or the
    lock above.
    """
    pairs = _pairs(case.rule("lockfile", "pairs"))
    changed = {change.path: change for change in case.changes if not case.excepted("lockfile", change.path)}
    touched = [path for path in changed if any(PurePosixPath(path).name in (p.wanted, *p.locks) for p in pairs)]
    if not touched:
        return Finding("n/a", "no manifest and no lockfile is touched")
    has = case.patch.files(case.head)
    bad: list[Spot] = []
    notes: list[Spot] = []
    remedies: list[str] = []
    seen: set[str] = set()
    for pair in pairs:
        for path in (path for path in touched if PurePosixPath(path).name == pair.wanted and path in has):
            locks = _locks(path, pair, has)
            seen.update(locks)
            problems = _judge(case, changed, changed[path], locks, has, notes)
            bad += problems
            remedies += [pair.remedy] if problems else []
    manifests = {pair.wanted for pair in pairs if any(PurePosixPath(path).name == pair.wanted for path in touched)}
    for pair in pairs:
        for path in touched:
            if PurePosixPath(path).name in pair.locks and path not in seen and pair.wanted not in manifests:
                deleted = changed[path].status == "D"
                alone = Spot(path, 0, "the lockfile is deleted" if deleted else f"changed without {pair.wanted}")
                (bad if deleted and _manifest_beside(path, pair, has) else notes).append(alone)
                remedies += [pair.remedy] if deleted else []
    remedy = f"make it anew: {'; '.join(dict.fromkeys(remedies))}"
    return told(bad, notes, fine=f"{names(touched)} belong together", remedy=remedy)


def _judge(
    case: Case, changed: dict[str, Change], manifest: Change, locks: list[str], has: dict[str, str], notes: list[Spot]
) -> list[Spot]:
    name = PurePosixPath(manifest.path).name
    try:
        before = wanted(name, case.patch.text(manifest.before))
    except ValueError:
        before = {}
    try:
        after = wanted(name, case.patch.text(manifest.after))
    except ValueError as error:
        return [Spot(manifest.path, 0, f"cannot be read: {error}")] if manifest.status != "A" or locks else []
    moved = {package for package in before.keys() | after.keys() if before.get(package) != after.get(package)}
    if name == "Cargo.toml":  # its lock knows names alone: another range may come to the same
        moved = {package for package in moved if (package in before) != (package in after)}
    if not moved or not locks:
        return []
    if name == "go.mod":  # go.sum may hold more than is wanted, so it is asked, not compared
        sums = case.patch.text(has[locks[0]])
        missing = sorted(package for package in moved & after.keys() if f"{package} {after[package]}" not in sums)
        return [Spot(locks[0], 0, f"has no {names(missing, 3)}, which {name} asks for")] if missing else []
    still = [lock for lock in locks if lock not in changed]
    if len(still) == len(locks):
        return [Spot(manifest.path, 0, f"changes {names(sorted(moved), 3)}, but {names(locks)} is as before")]
    bad: list[Spot] = []
    fresh = sorted(package for package in moved if package not in before and _by_name(name))
    for lock in (lock for lock in locks if lock in changed):
        text = _plain(case.patch.text(has[lock]))
        missing = [package for package in fresh if _plain(package) not in text]
        if missing:
            bad.append(Spot(lock, 0, f"has no {names(missing, 3)}, which {name} asks for"))
    notes += [Spot(lock, 0, f"is as before, the other lockfile of {name} is not") for lock in still]
    return bad


def _by_name(name: str) -> bool:
    """Whether the manifest is one whose entries are names of packages."""
    return any(name == row["wanted"] for row in rules("lockfile")["pair"])


def _plain(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()


def _locks(path: str, pair: Pair, has: dict[str, str]) -> list[str]:
    """The lockfiles of the nearest folder upwards that has one: a workspace has one at its top."""
    for folder in PurePosixPath(path).parents:
        found = [str(folder / lock) for lock in pair.locks if str(folder / lock) in has]
        if found:
            return found
    return []


def _manifest_beside(lock: str, pair: Pair, has: dict[str, str]) -> bool:
    return str(PurePosixPath(lock).parent / pair.wanted) in has


def _pairs(own: tuple[str, ...]) -> list[Pair]:
    """Ours and the project's, which are written `wanted > lock`."""
    found = [Pair(row["wanted"], tuple(row["locks"]), row["remedy"]) for row in rules("lockfile")["pair"]]
    for text in own:
        manifest, arrow, lock = (part.strip() for part in text.partition(">"))
        if not (manifest and arrow and lock):
            raise ValueError(f"`{text}` is no pair; write `checks: {{lockfile: {{pairs: [deps.in > deps.txt]}}}}`")
        found.append(Pair(manifest, (lock,), f"as {lock} is made from {manifest}"))
    return found
