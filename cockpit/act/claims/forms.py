"""Which words are paths or identifiers by their form alone. Pure; a doubt is no claim: an alarm must be right."""

from __future__ import annotations

import builtins
import re
import sys
from dataclasses import dataclass

from cockpit.spec.endings import ALONE, DATA, SOURCE, words

NAMED = words(
    "Makefile Dockerfile Containerfile Procfile Gemfile Rakefile Justfile Vagrantfile Jenkinsfile Brewfile "
    "LICENSE CODEOWNERS"
)
"""Files known by their whole name."""
_PRODUCTS = words(
    "node vue next nuxt express react three d3 ember backbone chart moment alpine discord p5 require knockout "
    "angular polymer meteor solid preact"
)
_HOSTS = re.compile(r"(?:^|\.)(?:com|org|net|io|dev|ai|co|app|edu|gov)$", re.IGNORECASE)
_PATH = re.compile(
    r"(?P<path>[\w.@+~-][\w.@+~/-]*)"
    r"(?:(?:::(?P<node>[\w:.\[\]-]+))|(?::|\#L?)(?P<first>\d{1,7})(?:(?P<to>-L?|–|:)(?P<last>\d{1,7}))?)?"
)
_NAME = r"[A-Za-z_$][\w$]*"
_CALL = re.compile(rf"(?P<name>{_NAME}(?:(?:\.|::|\#|->){_NAME})*)\((?P<given>[^`]*)\)")
_DOTTED = re.compile(rf"{_NAME}(?:(?:\.|::|\#|->){_NAME})+")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_SNAKE = re.compile(r"_*[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_CAMEL = re.compile(r"[A-Z]+[a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[a-z]+[a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+")
_VARIABLE = re.compile(
    r"(?:GIT|XDG|NO|PYTHON|TMUX|AWS|GCP|AZURE|CI|GITHUB|GITLAB|NODE|NPM|CARGO|DOCKER|LD|LC|SSH|HTTP|HTTPS|CLICOLOR)_\w+"
)
"""Names of other programs' environment variables."""
_LIBRARY = frozenset(sys.stdlib_module_names) | words(
    "Path JSON Math console Promise Object Array String Number Date Map Set Symbol Reflect window document "
    "process globalThis fetch fmt errors strings strconv http context std self this cls super React Vue np pd "
    "torch tf plt pytest unittest"
)
"""Owners whose members are not ours."""
_BRANDS = words(
    "github gitlab javascript typescript pypi macos ios openspec openai postgresql graphql youtube linkedin "
    "iterm2 textual tmux devops codex chatgpt websocket websockets junit sarif"
)


@dataclass(frozen=True, slots=True)
class Path:
    """A path as it is written; `first` and `last` are lines, 0 when none is named."""

    path: str
    first: int = 0
    last: int = 0
    node: str = ""
    """The test that `path::node` names."""
    loose: bool = False
    """It may be something else (a branch, a folder, a package): only what is there is said of it."""


def path_of(text: str, *, code: bool) -> Path | None:
    """The path that a word is, None when it is none; `code`: it stands in backticks, where less is prose."""
    found = _PATH.fullmatch(text)
    if found is None:
        return None
    path = found["path"].removeprefix("./")
    first = int(found["first"] or 0)
    last = first if found["to"] == ":" else max(first, int(found["last"] or 0))  # `path:line:column`
    node = found["node"] or ""
    parts = path.strip("/").split("/")
    name = parts[-1]
    stem, dot, ending = name.rpartition(".")
    folders = len(parts) > 1
    if path.startswith(("-", "~", "@", "..", "/")) or "//" in path or not re.search(r"[A-Za-z]", name):
        return None
    if folders and _HOSTS.search(parts[0]) and "." in parts[0]:
        return None
    if any(part.rpartition(".")[2] in SOURCE | DATA and "." in part[1:] for part in parts[:-1]):
        return None  # `AGENTS.md/CLAUDE.md`: this or that
    known = (bool(stem) and dot and ending in SOURCE | DATA) or name in NAMED
    if known and stem and "@" in path:
        return None  # an address, a package with its version
    if known and folders:
        return Path(path, first, last, node)
    if known and (ending in SOURCE | ALONE or name in NAMED):
        product = ending == "js" and stem.lower() in _PRODUCTS
        return None if product or (not code and (name in NAMED or len(stem) < 2)) else Path(path, first, last, node)
    if not code:
        return None
    if first and folders:
        return Path(path, first, last, node)
    dotfile = not folders and name.startswith(".") and len(name) > 4 and dot and not stem
    return Path(path, loose=True) if (folders or path.endswith("/") or dotfile) and not first else None


def name_of(text: str, *, code: bool) -> str:
    """The identifier that a word is, without its call's arguments; empty when it is none, or a library's."""
    call = _CALL.fullmatch(text)
    name = call["name"] if call else text
    parts = parts_of(name)
    if not call and not code:
        return ""
    if call and not code and call["given"]:
        return ""
    if call is None and not (
        _DOTTED.fullmatch(name) or _CONSTANT.fullmatch(name) or _SNAKE.fullmatch(name) or _CAMEL.fullmatch(name)
    ):
        return ""
    last = parts[-1]
    if parts[0] in _LIBRARY or len(last) < 3 or last.startswith("__") or last.lower() in _BRANDS:
        return ""
    if len(parts) == 1 and (hasattr(builtins, last) or _VARIABLE.fullmatch(last)):
        return ""
    return name


def last_of(name: str) -> str:
    """The part of `Class.method` that its definition has."""
    return parts_of(name)[-1]


def called(text: str) -> bool:
    """Whether it is written as a call."""
    return text.endswith(")")


def hand_written(path: str) -> bool:
    """Whether a file of that name is written by hand, so that it is meant to be in the tree."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2] in SOURCE or name in NAMED


def test_like(path: str) -> bool:
    """Whether the path is one of a test: these are often still to be written."""
    parts = path.lower().split("/")
    return bool(re.search(r"(?:^|[._-])(?:tests?|specs?)(?:[._-]|$)", parts[-1])) or any(
        part in ("test", "tests", "spec", "specs", "__tests__", "testing") for part in parts[:-1]
    )


def parts_of(name: str) -> list[str]:
    """The parts of `Class.method`, `module::function`."""
    return re.split(r"\.|::|#|->", name)
