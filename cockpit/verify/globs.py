"""Globs of `paths:` and `protect:`, read as .gitignore reads them: small, and the same on every Python."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

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
