"""What a mute or a pin in the spec means: one signal, or all of an item, a delegate, a source, a rule, a path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from cockpit.spec.globs import matches

WIDE = ("source", "rule", "path")
"""Scopes written `scope:value`; all other targets are keys, items or delegates."""

ISSUE = "not the real issue"
"""What the reason of a mute begins with that corrects the ranking (the verb dismiss)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a signal is about, as far as a target may name it."""

    names: tuple[str, ...]
    """Its key, and whatever else names it alone."""
    item: str = ""
    delegate: str = ""
    """The one delegate that says it; empty when several do."""
    source: str = ""
    rule: str = ""
    """`ruff/E501`, or the tool alone."""
    paths: tuple[str, ...] = ()


def means(target: str, subject: Subject) -> bool:
    """Whether the target means it. A path means what lies in it with all its files: a mute never hides more."""
    if target in subject.names:
        return target != ""
    if subject.item and target in (subject.item, f"^{subject.item}", f"delegate/{subject.item}"):
        return True
    if subject.delegate and target == f"delegate/{subject.delegate}":
        return True
    scope, value = parted(target)
    match scope:
        case "source":
            return value == subject.source
        case "rule":
            return value == subject.rule or subject.rule.startswith(f"{value}/")
        case "path":
            return bool(subject.paths) and all(matches(path, [value]) for path in subject.paths)
        case _:
            return False


def parted(target: str) -> tuple[str, str]:
    """The scope and its value; no scope for a key, an item, a delegate."""
    scope, _, value = target.partition(":")
    return (scope, value) if scope in WIDE and value else ("", target)


def wide(target: str) -> bool:
    """Whether signals may come under it that are not known yet."""
    return parted(target)[0] != ""


def scopes(subject: Subject) -> list[str]:
    """The targets that mean it, the narrowest first: itself, its item, rule, folder, delegate, source."""
    files = [PurePosixPath(path) for path in subject.paths]
    folder = _common([file.parent for file in files])
    found = [
        subject.names[0],
        f"^{subject.item}" if subject.item else "",
        f"rule:{subject.rule}" if subject.rule else "",
        f"path:{files[0]}" if len(files) == 1 else "",
        f"path:{folder}/**" if folder else "",
        f"delegate/{subject.delegate}" if subject.delegate != subject.item else "",
        f"source:{subject.source}" if subject.source else "",
    ]
    return [target for target in dict.fromkeys(found) if means(target, subject) and not wrong(target)]


def wrong(target: str) -> str:
    """What is wrong with a target, in words; empty for a good one."""
    scope, _, value = target.partition(":")
    if scope in WIDE and not value.strip():
        return f"{scope}: of what?"
    if scope == "path" and (value.startswith("/") or ".." in PurePosixPath(value).parts):
        return "a path begins at the root of the repository"
    return ""


def _common(folders: list[PurePosixPath]) -> str:
    """The deepest folder that holds all of them; empty for the root."""
    if not folders:
        return ""
    shared = [folders[0], *folders[0].parents]
    for folder in folders[1:]:
        shared = [one for one in shared if folder.is_relative_to(one)]
    return "" if not shared or str(shared[0]) == "." else str(shared[0])
