"""Globs of `paths:`, `protect:` and `reports:`, read as .gitignore reads them: small, and the same on every Python."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections.abc import Iterable
from pathlib import Path

FILES = 500
"""Files that globs may name."""
VISITED = 50_000
"""Entries of folders that are looked at to find them."""
DEEP = 30
ELSEWHERE = frozenset({".git", ".cockpit", "node_modules", ".venv", "venv", "__pycache__", ".tox", ".mypy_cache"})

_TOKEN = re.compile(r"\*\*/|/\*\*\Z|\*\*|\*|\?|\{[^{}]*\}|.", re.DOTALL)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of the globs covers `path` (relative to the repository, forward slashes).

    `*` and `?` stay within a folder, `**` crosses them, `{a,b}` is either; a glob without a slash matches a
    name at any depth; a glob that matches a folder covers all below it. Brackets mean themselves: file names have them.
    """
    return any(_regex(pattern).fullmatch(path) for pattern in patterns)


def names_something(pattern: str) -> bool:
    """Whether the glob has any letter of a name in it: `**` covers all and declares nothing."""
    return re.search(r"[^*?/.]", pattern) is not None


def files(root: Path, patterns: Iterable[str], most: int = FILES) -> list[Path]:
    """The files below `root` that a glob names, the whole path from there, in order of their paths; at most `most`.

    Not in folders that others fill (`ELSEWHERE`), and never through a link. Bounded: it looks at `VISITED` entries.
    """
    found: set[Path] = set()
    visited = 0
    for pattern in patterns:
        parts = pattern.removeprefix("./").strip("/").split("/")
        fixed = next((at for at, part in enumerate(parts[:-1]) if re.search(r"[*?{]", part)), len(parts) - 1)
        deep = DEEP if "**" in pattern else len(parts) - fixed
        whole = re.compile(_translate("/".join(parts)), re.DOTALL)
        waiting = [(root.joinpath(*parts[:fixed]), deep)]
        while waiting:
            folder, left = waiting.pop()
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    visited += 1
                    if visited > VISITED or len(found) >= most:
                        return sorted(found)
                    path = folder / entry.name
                    if entry.is_dir(follow_symlinks=False):
                        if left > 1 and entry.name not in ELSEWHERE:
                            waiting.append((path, left - 1))
                    elif entry.is_file(follow_symlinks=False) and whole.fullmatch(path.relative_to(root).as_posix()):
                        found.add(path)
    return sorted(found)


@functools.lru_cache(maxsize=512)
def _regex(pattern: str) -> re.Pattern[str]:
    pattern = pattern.removeprefix("./")
    anchored = "/" in pattern.rstrip("/")
    body = _translate(pattern.strip("/"))
    return re.compile(f"{'' if anchored else '(?:.*/)?'}{body}(?:/.*)?", re.DOTALL)


def _translate(pattern: str) -> str:
    out: list[str] = []
    for token in _TOKEN.findall(pattern):
        match token:
            case "**/":
                out.append("(?:.*/)?")
            case "/**":
                out.append("/.*")
            case "**":
                out.append(".*")
            case "*":
                out.append("[^/]*")
            case "?":
                out.append("[^/]")
            case _ if len(token) > 1:
                out.append("(?:" + "|".join(_translate(part) for part in token[1:-1].split(",")) + ")")
            case _:
                out.append(re.escape(token))
    return "".join(out)
