"""Paths that reports name, as paths inside the repository. No file is ever opened by one of them."""

from __future__ import annotations

import functools
import posixpath
from urllib.parse import unquote

LONGEST = 1000
"""Characters of a path that are looked at."""


@functools.lru_cache(maxsize=4096)
def inside(path: str, root: str) -> str:
    """The path relative to `root`, with forward slashes; empty when it lies outside or is none.

    A relative path is taken as one inside; `file:` addresses are read as paths.
    """
    path = path.strip()
    if not path or len(path) > LONGEST or "\0" in path or "\n" in path:
        return ""
    if path.startswith("file:"):
        path = unquote(path.removeprefix("file:"))
        path = "/" + path.lstrip("/") if path.startswith("/") else path
    elif "://" in path:
        return ""
    if "\\" in path and "/" not in path:
        path = path.replace("\\", "/")
    if path[1:3] == ":/":
        return ""
    if path.startswith("/"):
        top = root.rstrip("/") + "/"
        path = posixpath.normpath(path)
        if path.startswith("//"):
            path = path[1:]
        if not root or not path.startswith(top):
            return ""
        path = path[len(top) :]
    path = posixpath.normpath(path)
    return "" if path == "." or path == ".." or path.startswith("../") else path
