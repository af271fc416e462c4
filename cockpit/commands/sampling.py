"""What a human means by `add --from WHAT`: a part of the system there is, with words for the new item (R116)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cockpit import explain, persist
from cockpit.clean import line
from cockpit.commands.telling import shown
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.persist import exits, git, sides, tree
from cockpit.spec import SpecError, parse
from cockpit.spec.samples import Sample, sample

ID = 12
"""Digits of a commit's id, as the spec has it."""
_LINES = re.compile(r"(?P<path>.+?):(?P<first>\d{1,7})(?:-(?P<last>\d{1,7}))?")


def filled(places: Places, given: Mapping[str, str]) -> dict[str, str]:
    """What was said with `add`, with `from` as the field has it, and words where none were said.

    Raises Refused when `from` means nothing there is.
    """
    what = given.get("from", "").strip()
    if not what:
        return dict(given)
    part, words = found(places, what)
    if sample(part.value) != part or line(part.value, 400) != part.value:
        raise Refused(f"{line(what, 80)} has a name that no field can hold", remedy="say it in the words of the item")
    return {**given, "from": part.value, "text": given.get("text", "").strip() or line(words, 200)}


def found(places: Places, what: str) -> tuple[Sample, str]:
    """The part that is meant: a path of the tree before a signal, a signal before a commit; and words for it.

    `signal ...` and `commit ...` say which. Raises Refused.
    """
    kind, _, rest = what.partition(" ")
    named = rest.strip() if kind in ("signal", "commit") else ""
    if not named and (part := _file(places, what)) is not None:
        return part
    if kind != "commit" and (told := _signal(places, named or what)) is not None:
        return Sample("signal", told[0]), f"Look into: {told[1]}"
    if kind != "signal" and (commit := persist.tip(places, named or what)) is not None:
        return Sample("commit", commit=commit[:ID]), f"Go on from {commit[:ID]}: {_subject(places, commit)}"
    raise Refused(
        f"{line(what, 80)} is no path of the tree, no signal and no commit",
        remedy="say PATH:LINE, the key of a signal (cockpit status, cockpit why), or a commit's id",
    )


def _file(places: Places, what: str) -> tuple[Sample, str] | None:
    """Lines of a file that delegates would start from; None when there is no such path."""
    commit = _start(places)
    if not commit:
        return None
    known = tree.entries(places, commit)
    what = what.removeprefix("./")
    span = _LINES.fullmatch(what)
    path = what if what in known or span is None else span["path"]
    if path not in known:
        return _nowhere(places, path, any(other.startswith(f"{path.rstrip('/')}/") for other in known))
    if path not in tree.texts(places, commit, [path]):
        raise Refused(f"{line(path, 120)} is no text that could be quoted")
    text = sides.lines(places, commit, path) or []
    if path == what or span is None:
        return Sample("file", path, commit[:ID]), f"Work on {path}"
    first = int(span["first"])
    last = int(span["last"] or first)
    if not 1 <= first <= last <= len(text):
        many = f"{len(text)} line{'s' * (len(text) != 1)}"
        raise Refused(f"{line(path, 120)} has {many}", where=line(what, 120))
    head = next((row.strip(" \t:{") for row in text[first - 1 : last] if row.strip(" \t:{")), "")
    return Sample("file", path, commit[:ID], first, last), f"Work on {path}" + (f", {line(head, 80)}" if head else "")


def _nowhere(places: Places, path: str, folder: bool) -> None:
    if folder:
        raise Refused(f"{line(path, 120)} is a folder", remedy="name a file, perhaps with its lines: PATH:12-20")
    if not path.startswith(("/", "../")) and (places.root / path).is_file():
        raise Refused(f"{line(path, 120)} is only in your working tree, not committed", remedy="commit it first")


def _start(places: Places) -> str:
    """The commit that delegates would start from now; HEAD where nobody can tell, empty before the first."""
    try:
        return exits.exit_of(places, parse(persist.read(places)).controls, ()).tip
    except (CockpitError, SpecError):
        return persist.tip(places, "HEAD") or ""


def _signal(places: Places, named: str) -> tuple[str, str] | None:
    """Key and words of the signal that is meant: as `cockpit why` finds it, else the only one that says these words."""
    there = shown(places).signals
    saying = [each for each in there if named.casefold() in each.what.casefold()]
    told = explain.find(there, named) or (saying[0] if len(saying) == 1 else None)
    return (told.key, told.what) if told is not None else None


def _subject(places: Places, commit: str) -> str:
    return line(git.run(places, "log", "-1", "--no-show-signature", "--format=%s", commit, "--"), 120)
