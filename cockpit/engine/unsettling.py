"""Which waiting items a move of a tree takes the ground from: one that was made, or a merge to come (R289)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cockpit.act import claims
from cockpit.act.claims import forms
from cockpit.errors import CockpitError
from cockpit.facts import STALE
from cockpit.paths import Places
from cockpit.persist import branches, patch
from cockpit.spec import Document, Item, Mark, fields
from cockpit.spec.phases import is_phased
from cockpit.spec.samples import samples

ITEMS = 30
"""Items that one move has checked."""
_NAME = re.compile(r"[A-Za-z_$][\w$]{2,}")


@dataclass(frozen=True, slots=True)
class Move:
    """What lies between two trees, the spec aside."""

    before: str
    after: str
    """A commit or a tree."""
    past: str
    """The commit whose history says where things went."""
    files: frozenset[str]
    names: frozenset[str]
    """Words of the lines that went."""


def move(places: Places, before: str, after: str, past: str = "") -> Move:
    """What differs. Raises CockpitError when git does not have both."""
    files = frozenset(branches.differing(places, before, after)) - {places.spec_name}
    names: frozenset[str] = frozenset()
    with contextlib.suppress(CockpitError):  # more than anybody reads: its files say enough
        hunks = patch.between(places, before, after) if files else ()
        lines = (text for hunk in hunks if hunk.path != places.spec_name for text in hunk.removed)
        names = frozenset(name for text in lines for name in _NAME.findall(text))
    return Move(before, after, past or after, files, names)


def waiting(document: Document) -> list[Item]:
    """The items whose claims are still to be acted on, and do not ask about them already; phases for their item."""
    found: list[Item] = []
    for item in document.queue:
        found += item.children if is_phased(item) else [item]
    return [
        item for item in found if item.mark in (Mark.OPEN, Mark.NEEDS_YOU) and not item.value("asks").startswith(STALE)
    ]


def unsettled(
    places: Places, document: Document, items: Sequence[Item], moved: Move, most: int = ITEMS
) -> dict[str, list[str]]:
    """What the move makes untrue of each item that names what it touched, in words; by id, only where there is any.

    The first `most` of them are checked. Without what the item above a phase says: that is about all its phases. What
    git cannot tell is left out.
    """
    found: dict[str, list[str]] = {}
    for item in [item for item in items if _touched(item, document, moved)][:most]:
        with contextlib.suppress(CockpitError):
            now = claims.check(places, document, item, moved.after, moved.past)
            if not claims.stale(now):
                continue
            before = claims.check(places, document, item, moved.before)
            own = [claim for claim in claims.lapsed(before, now) if document.item(claim.source) is None]
            if own:
                found[item.id] = [claims.one(claim) for claim in own]
    return found


def _touched(item: Item, document: Document, moved: Move) -> bool:
    """Whether the item names one of these files, a folder that holds one, or a word of the lines that went."""
    mentions = claims.mentions(claims.words(item, document))
    if any(mention.name and forms.last_of(mention.name) in moved.names for mention in mentions):
        return True
    last = {path.rpartition("/")[2] for path in moved.files}
    said = {mention.path for mention in mentions if mention.path} | set(fields.paths(item))
    said |= {part.what for part in samples(item) if part.kind == "file"}
    return any(
        path.rpartition("/")[2] in last or any(f"/{path.rstrip('/')}/" in f"/{each}" for each in moved.files)
        for path in said
    )
