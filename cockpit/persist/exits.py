"""Where accepted results go: a feature branch off the branch the spec is on, or that branch itself (R242, R267).

On a trunk the default is a feature branch, so that the human has the last look at the whole before others build on it
(R159). Its name is the intention: it is written into the front matter before the branch is made, and stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from cockpit import facts
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.commit import Act
from cockpit.persist.forecast import is_merged
from cockpit.persist.heads import heads
from cockpit.persist.record import record
from cockpit.persist.write import read
from cockpit.spec import Controls, Document, edit, parse

TRUNKS = ("refs/heads/main", "refs/heads/master", "refs/heads/trunk")
"""Branches that others build on."""
WORDS = 4
"""Words of the goal that a feature branch is named after."""


@dataclass(frozen=True, slots=True)
class Exit:
    """Where results go now. Refs are `refs/heads/...`, tips commit ids, empty where there is none."""

    home: str
    """The branch the spec is on: its steering commits go there."""
    home_tip: str
    target: str
    """The branch that delegates start from and results are merged into: `home` until the feature branch is made."""
    tip: str
    feature: str = ""
    """Short name of the feature branch; empty where results go straight into `home`, or before it has a name."""
    wanted: bool = False
    """The feature branch is still to be made, at the first dispatch."""
    trouble: str = ""
    """Why nothing can go anywhere now, in words."""


def exit_of(places: Places, controls: Controls, turns: Iterable[facts.Turn]) -> Exit:
    """Where results of this spec go. Raises CockpitError on a detached HEAD."""
    home = git.target(places)
    home_tip = git.tip(places, home) or ""
    direct = Exit(home, home_tip, home, home_tip)
    if controls.exit == "direct" or home not in TRUNKS or not home_tip:
        return direct
    name = controls.feature
    if not name:
        return Exit(home, home_tip, home, home_tip, wanted=True)
    ref = f"refs/heads/{name}"
    if ref == home:
        return direct
    if ref in TRUNKS:
        words = f"feature: {line(name, 60)} is a trunk: name another branch, or write exit: direct"
        return Exit(home, home_tip, home, home_tip, trouble=words)
    tip = heads(places, [ref]).get(ref, "")
    if tip:
        return Exit(home, home_tip, ref, tip, name)
    return Exit(home, home_tip, home, home_tip, name, wanted=True, trouble=_lost(places, name, home, turns))


def _lost(places: Places, name: str, home: str, turns: Iterable[facts.Turn]) -> str:
    """What a feature branch that is not there had, when results were merged into it that `home` lacks."""
    ref = f"refs/heads/{name}"
    merges = [(turn.item, turn.merge) for turn in turns if turn.merge is not None and turn.merge.target == ref]
    merged = sorted((merge.at, merge.commit, item) for item, merge in merges)
    merged = [entry for entry in merged if git.tip(places, entry[1]) and not is_merged(places, entry[1], home)]
    if merged:
        names = ", ".join(item for _, _, item in merged[:5])
        return f"{line(name, 60)} is gone and had {names}: git branch {line(name, 60)} {merged[-1][1][:12]} restores it"
    try:
        git.branch_name(name)
    except CockpitError as error:
        return f"feature: {line(error.what, 120)}"
    return ""


def begin(places: Places, document: Document, turns: Iterable[facts.Turn]) -> Exit:
    """Where a new turn's result will go; the feature branch is named and made first where there is none yet.

    Calling it again changes nothing. Raises CockpitError with what stands in the way.
    """
    turns = list(turns)
    found = exit_of(places, document.controls, turns)
    if found.trouble:
        raise CockpitError(found.trouble)
    if not found.wanted:
        return found
    if not found.feature:
        name = name_for(places, document, {turn.dispatch.target for turn in turns})
        short = line(found.home.removeprefix("refs/heads/"), 60)
        words = f"Branch {name} off {short}"
        record(places, lambda data: _named(data, name), Act("branch", name, "engine", f"off {short}", words))
        found = exit_of(places, parse(read(places)).controls, turns)
    if found.wanted and found.feature and not found.trouble:
        ref = f"refs/heads/{found.feature}"
        git.move(places, ref, found.home_tip, None, f"cockpit: feature branch off {found.home}")
        found = exit_of(places, parse(read(places)).controls, turns)
    if found.wanted or found.trouble:
        raise CockpitError(found.trouble or "the feature branch cannot be made", where=line(found.feature, 60))
    return found


def _named(data: bytes, name: str) -> bytes:
    controls = parse(data).controls
    return data if controls.feature or controls.exit == "direct" else edit.set_control(data, "feature", name)


def name_for(places: Places, document: Document, used: Iterable[str]) -> str:
    """A name nobody has: after the goal's first words, else after the spec's file; counted on when it is taken."""
    words = _slug(document.goal) or _slug(PurePath(places.spec_name).stem) or "work"
    lead = "feat-" if heads(places, ["refs/heads/feat"]) else "feat/"
    used = set(used)
    number = 1
    while True:
        name = f"{lead}{words}" + (f"-{number}" if number > 1 else "")
        ref = f"refs/heads/{name}"
        if ref not in used and not heads(places, [ref]) and not (places.common_dir / ref).exists():
            return name
        number += 1


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:WORDS])[:40].strip("-")
