"""Dependency bumps: which packages a commit took in, dropped or changed, told by its manifests and lockfiles. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from cockpit.clean import line
from cockpit.sense.sources.manifests import READERS, Pairs

CAP = 16 * 1024 * 1024
"""Bytes of a file that is still read."""
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Bump:
    """One package before and after: an empty version is not there."""

    ecosystem: str
    """python, npm, cargo, go or maven."""
    name: str
    before: str
    after: str
    exact: bool = True
    """Whether a lockfile pins it; else a manifest asks for it."""

    @property
    def sort(self) -> str:
        """added, removed, upgraded, downgraded or changed (two conditions that no number tells apart)."""
        if not self.before or not self.after:
            return "removed" if self.before else "added"
        old, new = _order(self.before), _order(self.after)
        return "upgraded" if new > old else "downgraded" if new < old else "changed"

    @property
    def words(self) -> str:
        """In words, on one line: `rich 13.1 → 14.0`."""
        if self.before and self.after:
            return f"{self.name} {self.before} → {self.after}" + (" (down)" if self.sort == "downgraded" else "")
        return f"{self.name} {self.after} added" if self.after else f"{self.name} {self.before} removed"


def is_manifest(path: str) -> bool:
    """Whether the file says what the project depends on, and we can read it."""
    return _reader(path) is not None


def bumps(path: str, before: bytes | None, after: bytes | None) -> list[Bump]:
    """What changed in one manifest or lockfile, by name; None where there was or is no such file.

    A file that is broken, no manifest, or over `CAP` changed nothing: never raises.
    """
    found = _reader(path)
    if found is None:
        return []
    ecosystem, exact, read = found
    old, new = _pairs(read, before), _pairs(read, after)
    if old is None or new is None:
        return []
    changed: list[Bump] = []
    for name in sorted(old.keys() | new.keys()):
        gone, come = (_join(a.get(name, set()) - b.get(name, set())) for a, b in ((old, new), (new, old)))
        if gone or come:
            changed.append(Bump(ecosystem, name, gone, come, exact))
    return changed


def combine(found: Iterable[Bump]) -> list[Bump]:
    """Bumps of several files of one commit, each package once.

    A lock knows the version, a manifest that it was meant: what a manifest names comes first, with the lock's version.
    """
    given = list(found)
    meant = {(bump.ecosystem, bump.name) for bump in given if not bump.exact}
    told: dict[tuple[str, str], Bump] = {}
    for bump in sorted(given, key=lambda bump: ((bump.ecosystem, bump.name) not in meant, not bump.exact)):
        told.setdefault((bump.ecosystem, bump.name), bump)
    return sorted(told.values(), key=lambda bump: (bump.ecosystem, bump.name) not in meant)


def deps(found: Iterable[Bump]) -> list[dict[str, str]]:
    """Bumps as the `deps` of a commit event (docs/events.md)."""
    return [
        {
            "ecosystem": bump.ecosystem, "name": line(bump.name, 100), "from": line(bump.before, 60),
            "to": line(bump.after, 60), "sort": bump.sort,
        }
        for bump in found
    ]  # fmt: skip


def _reader(path: str) -> tuple[str, bool, Callable[[bytes], Pairs]] | None:
    name = path.rpartition("/")[2]
    return next(((ecosystem, exact, read) for form, ecosystem, exact, read in READERS if form.fullmatch(name)), None)


def _pairs(read: Callable[[bytes], Pairs], data: bytes | None) -> dict[str, set[str]] | None:
    """Package to versions; None for what can't be read."""
    if data is None:
        return {}
    if len(data) > CAP or b"\n<<<<<<< " in data:
        return None
    found: dict[str, set[str]] = {}
    try:
        for name, version in read(data):
            found.setdefault(name, set()).add(version or "any")
    except (ValueError, RecursionError, msgspec.DecodeError):
        return None
    return found


def _join(versions: set[str]) -> str:
    return ", ".join(sorted(versions, key=lambda version: (_order(version), version)))


def _order(version: str) -> tuple[list[int], bool, list[int]]:
    """Versions in their order, roughly: by their numbers; what comes before a release is less than it."""
    core, _, rest = version.lstrip("^~=<>! vV").partition("-")
    early = re.search(r"\d(a|b|rc|alpha|beta|dev)\d*", core)
    numbers = [int(number[:9]) for number in _NUMBERS.findall(core[: early.start() + 1] if early else core)[:8]]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    tail = core[early.start() + 1 :] if early else rest
    return numbers, not tail, [int(number[:9]) for number in _NUMBERS.findall(tail)[:4]]
