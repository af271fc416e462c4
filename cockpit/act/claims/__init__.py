"""An item's claims: every path, line, identifier and quoted string that it names, held against a tree (R243, R289).

`mention` reads a text, `tense` what its words ask for, `said` all texts of an item; `ground` asks git, `judge` decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cockpit import persist
from cockpit.act.claims.answered import against
from cockpit.act.claims.ground import gather
from cockpit.act.claims.inventory import inventory
from cockpit.act.claims.judge import judge
from cockpit.act.claims.mention import Mention, mentions
from cockpit.act.claims.said import said, words
from cockpit.act.claims.sampled import part_of, sampled, stood
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import STALE, Claim
from cockpit.paths import Places
from cockpit.persist import exits
from cockpit.spec import fields
from cockpit.spec.model import Document, Item
from cockpit.spec.phases import parent

__all__ = [
    "Mention",
    "against",
    "asks",
    "check",
    "digest",
    "inventory",
    "lapsed",
    "mentions",
    "one",
    "part_of",
    "stale",
    "start",
    "stood",
    "words",
]


def check(places: Places, document: Document, item: Item, commit: str, past: str = "") -> list[Claim]:
    """The item's claims held against the tree of a commit, in the order they are made.

    `commit` may be a bare tree, what a merge would give; `past` is then the commit whose history says where things
    went. Raises CockpitError when git cannot read the commit. Reads; changes nothing.
    """
    found = said(places, document, item, commit)
    told = judge(found, gather(places, commit, found, past or commit)) if found.mentions else []
    return [*told, *sampled(places, document, item, commit, past or commit)]


def start(places: Places, document: Document, item: Item) -> tuple[str, str]:
    """The ref that the item's delegate starts from and its commit: its branch if there is one, else where results go.

    Raises CockpitError when there is no commit yet, or on a detached HEAD.
    """
    branch = item.value("branch")
    if branch and (commit := persist.tip(places, f"refs/heads/{branch}")) is not None:
        return f"refs/heads/{branch}", commit
    to = exits.exit_of(places, document.controls, ())
    if not to.tip:
        raise CockpitError("there is no commit to start from", where=line(to.home, 80), remedy="commit something first")
    return to.target, to.tip


def stale(claims: Sequence[Claim]) -> list[Claim]:
    """Those that do not hold."""
    return [claim for claim in claims if claim.state == "stale"]


def lapsed(before: Sequence[Claim], now: Sequence[Claim]) -> list[Claim]:
    """Those that are stale now and held before (R289)."""
    held = {(claim.kind, claim.what, claim.source) for claim in before if claim.state == "holds"}
    return [claim for claim in stale(now) if (claim.kind, claim.what, claim.source) in held]


def asks(claims: Sequence[Claim], id: str, limit: int = 300) -> str:
    """What the stale ones ask the human, on one line, as the item's `asks:` has it; empty when none is stale."""
    parts = [one(claim) for claim in stale(claims)]
    if not parts:
        return ""
    kept = [parts[0]]
    for part in parts[1:]:
        if len("; ".join([*kept, part])) > limit - 60:
            break
        kept.append(part)
    more = f"; and {len(parts) - len(kept)} more: cockpit scope {id}" if len(kept) < len(parts) else ""
    return line(f"{STALE}{'; '.join(kept)}{more}", limit)


def one(claim: Claim) -> str:
    """A stale claim in words."""
    own = claim.source == "item" or claim.source.endswith(":")
    told = f"`{claim.what.replace('`', '')}`{'' if own else f' (of {claim.source})'} {claim.evidence}"
    means = claim.suggestion if " " in claim.suggestion else f"did you mean `{claim.suggestion}`?"
    return f"{told}; {means}" if claim.suggestion else told


def digest(item: Item, document: Document) -> str:
    """Of all that the item says, and the one above a phase: other words are other claims."""
    above = parent(document, item)
    parts = [
        words(item, document),
        *([words(above, document, nested=False), *above.values("ticket")] if above is not None else []),
        *item.values("ticket"),
        *fields.paths(item),
        *item.values("verify"),
        *item.values("keep"),
        *item.values("openspec"),
        *item.values("after"),
        *item.values("from"),
        *item.values("like"),
    ]
    return hashlib.blake2s("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
