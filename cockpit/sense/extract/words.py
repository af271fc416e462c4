"""Words made equal, so that the same thing said twice has one key, and files as the repository names them."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"[^\s'\"`(),;=]*\d[^\s'\"`(),;=]*")
_WORKSPACE = re.compile(
    r"(?:/home/runner/work/[^/\s]+/[^/\s]+/|/builds/(?:workspace/)?[^/\s]+/|/github/workspace/|/home/circleci/project/"
    r"|/home/travis/build/[^/\s]+/[^/\s]+/|/(?:var/lib/jenkins|var/jenkins_home|home/jenkins)/workspace/[^/\s]+/"
    r"|/workspaces?/[^/\s]+/|[A-Z]:\\a\\[^\\]+\\[^\\]+\\|\./)"
)
"""Where CI systems check a repository out."""
_FOREIGN = re.compile(
    r"site-packages|dist-packages|[/\\]lib[/\\]python\d|<frozen |<string>|node_modules|^node:|\(node:|internal/modules"
    r"|/usr/(?:local/)?(?:lib|go|share)/|/rustc/|/\.cargo/|/\.rustup/|/go/pkg/mod/|/opt/hostedtoolcache/|\.nvm/"
)


def mask(text: str) -> str:
    """`text` with every word that holds a digit as `*`: what stays is the same from run to run."""
    return _DIGITS.sub("*", text)


def path(text: str) -> str:
    """The file as its repository names it, where its place in the workspace of a CI system tells the root."""
    found = _WORKSPACE.match(text)
    return (text[found.end() :] if found else text).replace("\\", "/")


def foreign(place: str) -> bool:
    """Whether a file belongs to the language or an installed package, not to the repository."""
    return _FOREIGN.search(place) is not None


def any_of(words: list[str]) -> str:
    """A pattern for any of these words that looks at no character twice; of two that begin alike the shorter does."""
    ends: dict[str, list[str]] = {}
    for word in words:
        ends.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(first) + ("" if "" in rest else any_of(rest)) for first, rest in ends.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
