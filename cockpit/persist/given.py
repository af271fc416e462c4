"""The highest numbers of ids that the spec ever had: an editor that still shows `^q10` must not meet another `^q10`.

They stand behind the last known version in the lock file, and grow with each version that is seen. In a clone that
has none they are gathered once: from the journal, from history, and from the delegates' folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cockpit.paths import Places
from cockpit.persist import git, journal
from cockpit.persist.objects import store
from cockpit.spec.numbers import mentioned

VERSIONS = 300
"""Versions and commits that are looked through."""
BYTES = 1 << 25
"""... and what they may come to, where the document is large."""
_NAME = re.compile(r"([A-Za-z])([0-9]{1,9})")


def words(numbers: dict[str, int]) -> str:
    """As they are written: `ids b3 q12`."""
    return " ".join(["ids", *(f"{letter}{number}" for letter, number in sorted(numbers.items()))])


def read(text: str) -> dict[str, int] | None:
    """As they were written; None where nothing is."""
    return _highest(text.split()) if text.strip() else None


def gathered(places: Places) -> dict[str, int]:
    """What journal, history and the delegates' folders have had."""
    try:
        names = [entry.name for entry in places.delegates.iterdir()]
    except OSError:
        names = []
    found = _highest(names)
    for data in _versions(places):
        for letter, number in mentioned(data).items():
            found[letter] = max(found.get(letter, 0), number)
    return found


def _versions(places: Places) -> Iterator[bytes]:
    most = BYTES
    for _, data in zip(range(VERSIONS), journal.versions(places), strict=False):
        most -= len(data)
        yield data
        if most < 0:
            break
    now = store(places).blob_at("HEAD", places.spec_name) if git.tip(places, "HEAD") else None
    size = git.call(places, "cat-file", "-s", now).stdout if now else b""
    if size:
        most = min(VERSIONS, BYTES // (int(size) + 1) + 1)
        args = ("log", f"-n{most}", "--format=", "-p", "-U0", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD")
        yield git.call(places, *args, "--", places.spec_name).stdout


def _highest(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for match in map(_NAME.fullmatch, names):
        if match:
            found[match[1]] = max(found.get(match[1], 0), int(match[2]))
    return found
