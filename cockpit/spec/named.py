"""What a line of the spec names, and whether what was found somewhere is about that. Pure.

No likeness counts: a name is in backticks, in double quotes or a path, and stands in what was found letter for letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cockpit.spec.endings import ALONE, SOURCE
from cockpit.spec.globs import matches

_NAMED = re.compile(r"`([^`]+)`|\"([^\"]+)\"|“([^”]+)”|(?<![\w/])([\w.*-]+(?:/[\w.*-]+)+)")
_FILE = re.compile(r"[\w.*-]+\.(?P<ending>\w+)")


def named(words: str) -> tuple[str, ...]:
    """The names in a text, in its order."""
    return tuple(next(filter(None, match.groups())) for match in _NAMED.finditer(words))


def files(names: Iterable[str]) -> tuple[str, ...]:
    """Those that are paths or globs; the others are identifiers, commands, strings."""
    return tuple(name for name in names if "/" in name or _ends(name))


def _ends(name: str) -> bool:
    """Whether it ends as files do: `a.py` and `*.py`, not `time.sleep`."""
    found = _FILE.fullmatch(name)
    return found is not None and found["ending"].lower() in SOURCE | ALONE


def about(names: tuple[str, ...], path: str, what: str) -> bool:
    """Whether something found at `path`, `what` in words, is about these names: every sort that is there must fit."""
    paths = files(names)
    others = [name for name in names if name not in paths]
    in_file = not paths or matches(path, paths)
    return bool(names) and in_file and (not others or any(stands(name, what) for name in others))


def stands(name: str, what: str) -> bool:
    """Whether the name stands in these words, not as a part of another one."""
    return re.search(rf"(?<![\w$]){re.escape(name.removesuffix('()'))}(?![\w$])", what) is not None
