"""Permission requests in the document: standing rules that grant them, the human's answer, and its receipt. Pure.

An item's `permission: 2.1 run: rm -rf build` is what its delegate asks, `permit: 2.1 allow` the answer to exactly that.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from cockpit.spec import globs
from cockpit.spec.item import Item

Scope = Literal["once", "turn"]
FILES = ("edit", "read")
"""Kinds of request that a rule grants by the globs of files: `edit src/**`."""
_SHELL = re.compile(r"[;&|<>$`(){}\\\n\r#!~]")
"""What makes more of a line than one program and its words."""
_ANSWER = re.compile(r"\^?(?P<id>\d+\.\d+)[ ,:]+(?P<word>allow|deny)\b[ :,]*(?P<rest>.*)", re.DOTALL)
_RECEIPT = re.compile(r".* \((?:\d{4}-\d\d-\d\d \d\d:\d\d|not delivered: .*)\)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the human says to one request."""

    id: str
    """`2.1`: the first request of the second turn."""
    allow: bool
    scope: Scope = "once"
    """`turn`: the same request is granted until the turn ends."""
    words: str = ""
    """Said with a no."""


def answers(item: Item) -> list[str]:
    """The item's `permit:` values that have no receipt yet."""
    return [value for value in item.values("permit") if not _RECEIPT.fullmatch(value)]


def answer(value: str) -> Answer | None:
    """What a `permit:` value says; None when it names no request or neither yes nor no."""
    found = _ANSWER.fullmatch(value.strip().strip("`").strip())
    if found is None:
        return None
    rest = found["rest"].strip()
    if found["word"] == "deny":
        return Answer(found["id"], False, words=rest)
    if rest not in ("", "once", "turn"):
        return None  # a yes with conditions is no yes
    return Answer(found["id"], True, "turn" if rest == "turn" else "once")


def granted(rules: Iterable[str], kind: str, what: str, paths: Sequence[str] = ()) -> str:
    """The first standing rule that grants a request, empty when none does.

    A command (`kind` run) is granted by its exact words, or by a rule whose words match its words one by one: `*`
    stands for any characters of one word, a last word `*` for all that follows; the program is never a pattern. Nothing
    with a sign of the shell passes a pattern. Files (`paths`, from the worktree's top; what lies outside is absolute)
    are granted by `edit GLOB` and `read GLOB` when all of them match.
    """
    for rule in rules:
        words = rule.split()
        if kind == "run" and words and words[0] not in FILES and (what == rule or _command(words, what)):
            return rule
        if kind in FILES and words[:1] == [kind] and paths and all(_file(path, words[1:]) for path in paths):
            return rule
    return ""


def _command(rule: list[str], what: str) -> bool:
    if _SHELL.search(what):
        return False
    try:
        words = shlex.split(what)
    except ValueError:
        return False
    if not words or words[0] != rule[0]:
        return False
    if rule[-1] == "*" and len(rule) > 1:
        rule, words = rule[:-1], words[: len(rule) - 1]
    return len(words) == len(rule) and all(map(fnmatchcase, words[1:], rule[1:]))


def _file(path: str, patterns: list[str]) -> bool:
    parts = path.split("/")
    inside = bool(path) and parts[0] != "" and ".." not in parts and ".git" not in parts
    return inside and globs.matches(path, patterns)
