"""`checks:` in the front matter: what a project adds to the fourteen checks, and which of them it switches off."""

from __future__ import annotations

from dataclasses import dataclass

KEYS: dict[str, tuple[str, ...]] = {
    "collision": ("except",),
    "branding": ("forbid", "except"),
    "lockfile": ("pairs", "except"),
    "endpoints": ("allow", "forbid", "echo", "except"),
    "tasks": ("except",),
    "tests": ("except",),
    "secrets": ("allow",),
    "debris": ("forbid", "except"),
    "provenance": ("authors",),
}
"""The checks that take rules, by the word they have in the front matter, each with its keys."""
OFF = "off"
"""The key beside them that switches checks off, by the same words."""
BASE = "base"
"""What can be switched off beside the fourteen: whether the branch that results go to is green itself (R67)."""
KNOWN = "known"
"""And this: that a command which was green on the same tree is not run again (R197)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """One key of one check with its values: globs, words or hosts."""

    check: str
    key: str
    values: tuple[str, ...]
