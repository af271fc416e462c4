"""The claims of an item before its turn: checked once for its words and the tree, kept as a fact, told in the brief."""

from __future__ import annotations

import functools
import time
from pathlib import Path

from cockpit import facts, persist, verify
from cockpit.act import claims
from cockpit.clean import line
from cockpit.engine import sampling, unsettling
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import branches, tree
from cockpit.spec import Document, Item, fields
from cockpit.spec.phases import parent

MOST = 20
"""Claims of one answer that are looked at."""
REVIEWED = 10
"""Other items that one review holds against its merge: those that stand first."""


def check(places: Places, document: Document, item: Item, commit: str) -> list[facts.Claim]:
    """All that the item claims: of the tree, as `claims.check` has it, and of signals."""
    return [*claims.check(places, document, item, commit), *sampling.signals(places, item)]


def held(places: Places, document: Document, item: Item, number: int) -> facts.Claims:
    """The item's claims for that turn, as `claims.json` has them; checked when its words or the tree are others.

    Raises CockpitError when there is no commit to check against, or the fact cannot be written.
    """
    folder = places.turn(item.id, number)
    _, commit = claims.start(places, document, item)
    known = _known(folder)
    if known is not None and (known.commit, known.digest) == (commit, claims.digest(item, document)):
        return known
    found = _checked(places, document, item, commit)
    facts.write(folder, found)
    return found


def question(places: Places, document: Document, item: Item, number: int) -> str:
    """What its stale claims ask before that turn; empty when none is stale, or the human answered: go on as it is.

    What was held before an earlier turn is not asked again: that turn may have made it untrue itself. Nor is what the
    item above a phase says and the phases before it made untrue, which may be what they were there for.
    """
    found = held(places, document, item, number)
    if item.values("iterate") or not claims.stale(found.claims):
        return ""
    before = _latest(places, item, number - 1)
    asked = {_key(claim) for claim in before.claims} if before is not None else set[tuple[str, str, str]]()
    asked |= _outgrown(places, document, item)
    return claims.asks([claim for claim in found.claims if _key(claim) not in asked], item.id)


def _outgrown(places: Places, document: Document, item: Item) -> set[tuple[str, str, str]]:
    """What a phase has from elsewhere and was stale when the phase before it was merged."""
    above, own = parent(document, item), document.item(item.id)
    if above is None or own is None:
        return set()
    ids = [phase.id for phase in above.children]
    merged = [phase.value("merged") for phase in above.children[: ids.index(item.id)] if phase.value("merged")]
    commit = persist.tip(places, merged[-1]) if merged else None
    if commit is None:
        return set()
    mine = {"item", *(f"{field.key}:" for field in own.fields)}
    then = claims.stale(claims.check(places, document, item, commit))
    return {_key(claim) for claim in then if claim.source not in mine}


def restated(places: Places, document: Document, item: Item, number: int) -> bool:
    """Whether the item or the tree is another than the one that was checked; commits of the spec alone count not."""
    known = _known(places.turn(item.id, number))
    if known is None or known.digest != claims.digest(item, document):
        return True
    try:
        _, commit = claims.start(places, document, item)
    except CockpitError:
        return False
    return known.commit != commit and _moved(places, known.commit, commit)


def lost(places: Places, document: Document, item: Item, number: int, review: facts.Review) -> list[str]:
    """The claims that held before the item's turn and that the target took the ground from since, in words (R289).

    Only what is stale in the tree of the merge too; but what the delegate's own work did to it is no matter.
    """
    known = _latest(places, item, number)
    if known is None:
        return []
    try:
        if not _moved(places, known.commit, review.base):
            return []
        gone = claims.lapsed(known.claims, claims.check(places, document, item, review.base))
        if gone and review.tree:
            merged = claims.stale(claims.check(places, document, item, review.tree, review.head))
            still = {_key(claim) for claim in merged}
            gone = [claim for claim in gone if _key(claim) in still]
    except CockpitError:
        return []  # a commit that is gone: nothing can be said
    return [claims.one(claim) for claim in gone]


def unsettles(places: Places, document: Document, item: Item, review: facts.Review) -> list[str]:
    """What merging the result makes untrue of other items, and of the phases behind it: `q7: ...` (R289)."""
    if not review.tree:
        return []
    others = [other for other in unsettling.waiting(document) if other.id != item.id]
    try:
        moved = unsettling.move(places, review.base, review.tree, review.head)
    except CockpitError:
        return []
    found = unsettling.unsettled(places, document, others, moved, REVIEWED)
    return [line(f"{id}: {'; '.join(words)}", 300) for id, words in found.items()]


def answered(places: Places, turn: facts.Turn, review: facts.Review) -> list[facts.Checked]:
    """What the turn's answer claims, each with what we ran and what the tree of the merge says to it (R193)."""
    found = verify.checked(turn.answer.claims[:MOST], review.ran) if turn.answer is not None else []
    try:
        return claims.against(places, found, review.tree, review.head) if review.tree else found
    except CockpitError:
        return found


def inventory(places: Places, document: Document, item: Item, number: int) -> list[str]:
    """The confirmed inventory of that turn's brief (R246); empty when there is no tree to look at."""
    try:
        known = _known(places.turn(item.id, number))
        if known is None or restated(places, document, item, number):
            known = _checked(places, document, item, claims.start(places, document, item)[1])
        return claims.inventory(known.claims, fields.paths(item), tree.entries(places, known.commit))
    except CockpitError:
        return []


def _checked(places: Places, document: Document, item: Item, commit: str) -> facts.Claims:
    found = check(places, document, item, commit)
    return facts.Claims(commit=commit, digest=claims.digest(item, document), claims=found, at=time.time())


def _latest(places: Places, item: Item, number: int) -> facts.Claims | None:
    """Of that turn, or of the last one before it that has any."""
    return next((found for turn in range(number, 0, -1) if (found := _known(places.turn(item.id, turn)))), None)


def _key(claim: facts.Claim) -> tuple[str, str, str]:
    return claim.kind, claim.what, claim.source


def _known(folder: Path) -> facts.Claims | None:
    try:
        return facts.read(folder, facts.Claims)
    except CockpitError:
        return None  # torn or of another version: it is checked again


@functools.lru_cache(maxsize=64)
def _moved(places: Places, old: str, new: str) -> bool:
    return branches.moved(places, old, new)
