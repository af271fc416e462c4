"""What changed: commits and upgrades, and which of them may have brought what is red now (R81)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast

from cockpit.clean import line
from cockpit.sense.events import Event

KEPT = 200
SAMPLE = 4000
"""Lines of green runs that a package's name is looked for in."""
LATE = 5.0
"""Seconds by which an event may come late or early and still count as before a run."""
NAMED = 2.0
"""Weight that makes a suspect worth naming: an upgrade, or a file of what fails."""

_MANIFEST = re.compile(
    r"(?:^|/)(?:package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.(?:toml|lock)|pyproject\.toml|poetry\.lock|uv\.lock"
    r"|pdm\.lock|Pipfile(?:\.lock)?|(?:[\w-]*requirements|constraints)[\w.-]*\.(?:txt|in)|setup\.cfg|go\.(?:mod|sum)|pom\.xml"
    r"|build\.gradle(?:\.kts)?|gradle\.lockfile|libs\.versions\.toml|Gemfile(?:\.lock)?|composer\.(?:json|lock)|mix\.(?:exs|lock)"
    r"|[\w.]+\.csproj|packages\.lock\.json|flake\.lock|environment\.ya?ml|conda-lock\.yml|deno\.lock|pubspec\.(?:yaml|lock))$"
)
_LOCK = re.compile(r"(?:\.lock|-lock\.(?:json|yaml)|go\.sum|\.lockfile|lock\.json)$")
_UPGRADE = re.compile(
    r"^(?:\w+(?:\([^)]*\))?!?:\s*)?(?:bump|upgrade|update)s?\s+(?:(?:dependency|the)\s+)?(?P<name>[@\w./:-]+)\s+(?:from\s+(?P<old>\S+)\s+)?to\s+(?P<new>\S+)",
    re.IGNORECASE,
)
_DEPENDENCIES = re.compile(
    r"^\w+\(deps(?:-dev)?\)"
    r"|\b(?:update|upgrade|bump|refresh|relock)\w*\b.*\b(?:dependenc(?:y|ies)|deps|lock ?files?|locked)\b",
    re.IGNORECASE,
)
_ITSELF = frozenset({"version", "versions", "release", "package"})
"""A project that bumps its own version upgrades nothing."""
_FILE = re.compile(r"[\w@~+-][\w@~+.\\/-]*\.[A-Za-z]\w{0,7}\b")


@dataclass(frozen=True, slots=True)
class Change:
    """One commit, or several at once."""

    at: float
    id: int
    name: str
    """In words: the upgrade, or the commit and its subject."""
    sha: str
    paths: frozenset[str]
    delegate: str
    upgrade: bool
    deps: tuple[str, ...]
    event: Event


def files(words: str) -> set[str]:
    """What looks like a file in the words."""
    return set(_FILE.findall(words))


def change(event: Event) -> Change:
    """What a commit event tells: an upgrade by its `deps`, its lockfile or its subject; else a commit."""
    deps = _deps(event.attrs.get("deps"))
    subject = _UPGRADE.match(event.what)
    if not deps and subject:
        deps = ((subject["name"], subject["old"] or "", subject["new"]),)
    if deps and deps[0][0].lower() in _ITSELF:
        deps = ()
    only = bool(event.paths) and all(_MANIFEST.search(path) for path in event.paths)
    locked = any(_LOCK.search(path) for path in event.paths)
    upgrade = bool(deps) or only or locked or (not event.paths and _DEPENDENCIES.search(event.what) is not None)
    if deps:
        name = f"{deps[0][0]} {deps[0][2]}" + (f" (+{len(deps) - 1})" if len(deps) > 1 else "")
    elif upgrade:
        name = f"dependency update {event.commit[:7]}".strip()
    else:
        name = line(f"{event.commit[:7]} {event.what}".strip(), 60)
    return Change(
        at=event.at, id=event.id, name=name, sha=event.commit, paths=frozenset(event.paths), delegate=event.delegate,
        upgrade=upgrade, deps=tuple(dep[0] for dep in deps), event=event,
    )  # fmt: skip


def _deps(told: object) -> tuple[tuple[str, str, str], ...]:
    """Name, from and to of each upgrade; what is no such thing is passed over."""
    if not isinstance(told, list):
        return ()
    entries = [entry for entry in cast("list[dict[str, object]]", told) if isinstance(entry, dict)]  # pyright: ignore[reportUnnecessaryIsInstance]
    return tuple((str(each.get("name", "")), str(each.get("from", "")), str(each.get("to", ""))) for each in entries)


class Changes:
    """The last changes, in the order they came."""

    def __init__(self) -> None:
        self.all: deque[Change] = deque(maxlen=KEPT)

    def feed(self, event: Event) -> Change:
        """Take in a commit."""
        made = change(event)
        if not any(known.sha == made.sha and known.name == made.name for known in self.all if made.sha):
            self.all.append(made)
        return made

    def rewind(self, now: float) -> None:
        """None lies after `now`."""
        self.all = deque((replace(entry, at=min(entry.at, now)) for entry in self.all), maxlen=KEPT)

    def between(self, start: float, end: float) -> list[Change]:
        """Changes after `start` and up to `end`."""
        return [entry for entry in self.all if start < entry.at <= end + LATE]

    def suspects(
        self,
        start: float,
        end: float,
        paths: Iterable[str],
        words: Sequence[str],
        *,
        usual: Collection[str] = (),
        delegate: str = "",
        commit: str = "",
    ) -> list[tuple[float, float, Change]]:
        """Changes in that time as (share of suspicion, weight, change), the likeliest first.

        `words` are the lines of what fails, `usual` those of green runs. A file in common with what fails weighs 3, an
        upgrade 2 (4 when the words name it far more than is usual), the same delegate 1, any
        other 0.2 (salience, A5); what the run was made of (`commit`) half as much again.
        """
        mine = {_tail(path) for path in paths}
        stems = {_stem(path) for path in mine}
        found: list[tuple[float, Change]] = []
        for entry in self.between(start, end):
            weight = 0.2
            if delegate and delegate == entry.delegate:
                weight = 1.0
            if entry.upgrade:
                weight = 4.0 if any(_named(dep, words, usual) for dep in entry.deps) else 2.0
            theirs = {_tail(path) for path in entry.paths if not _MANIFEST.search(path)}
            if mine & theirs:
                weight = max(weight, 3.0)
            elif stems & {_stem(path) for path in theirs}:
                weight = max(weight, 2.0)
            if commit and entry.sha and (entry.sha.startswith(commit) or commit.startswith(entry.sha)):
                weight *= 1.5
            found.append((weight, entry))
        whole = sum(weight for weight, _ in found)
        return sorted(
            ((weight / whole, weight, entry) for weight, entry in found), key=lambda row: (-row[0], -row[2].at)
        )


def _tail(path: str) -> str:
    return "/".join(path.replace("\\", "/").split("/")[-2:])


def _stem(path: str) -> str:
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    return re.sub(r"^tests?_|_tests?$|tests?$|\.(?:test|spec)$", "", name) or name


def _named(dep: str, words: Sequence[str], usual: Collection[str]) -> bool:
    """Whether the words name the package, or a part of its name, at least twice as often as green runs do."""
    lines = [line.lower() for line in words]
    known = [line.lower() for line in islice(usual, SAMPLE)]
    parts = {dep.lower(), *(part for part in re.split(r"[-/:._@]", dep.lower()) if len(part) > 3)}
    for part in parts:
        said = sum(part in line for line in lines)
        before = sum(part in line for line in known)
        if said and said * max(1, len(known)) >= 2 * before * len(lines):
            return True
    return False
