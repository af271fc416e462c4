"""What the tree of the result says to an agent's claims: it says what it did, where an item says what to do (R193).

So words for making and taking away mean that it is done. The tree never proves a claim: that a file is there says
nothing of what is claimed of it. It only speaks against one, when what is claimed to be there is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cockpit.act.claims.ground import gather
from cockpit.act.claims.judge import judge
from cockpit.act.claims.mention import Mention, mentions
from cockpit.act.claims.said import Said
from cockpit.facts import Checked, Claim
from cockpit.paths import Places

_GONE = re.compile(
    r"\b(?:remov|delet|dropp?|renam|mov(?:e|ed|ing)\b|replac|no longer|gone|without|instead of|not\b|never|inlin|split"
    r"|merged? into|took out|taken out|was |were |would |should )",
    re.IGNORECASE,
)
"""What such a claim names may be gone, as it says: its absence proves nothing."""


def against(places: Places, found: Sequence[Checked], tree: str, head: str) -> list[Checked]:
    """The claims that no command judged, held against `tree`, what the merge would give; `head` has its history.

    Raises CockpitError when git cannot read it.
    """
    return [_held(places, claim, tree, head) if claim.state == "unverified" else claim for claim in found]


def _held(places: Places, claim: Checked, tree: str, head: str) -> Checked:
    named = tuple(dict.fromkeys(_there(mention) for mention in mentions(claim.words)))
    if not named:
        return claim
    said = Said(named, {}, frozenset({places.spec_name}))
    return tell(claim, judge(said, gather(places, tree, said, head)))


def tell(claim: Checked, told: Sequence[Claim]) -> Checked:
    """The claim with the tree's word on what it names: what is missing first. Pure."""
    missing = [one for one in told if one.state == "stale"]
    if missing and not _GONE.search(claim.words):
        return Checked(words=claim.words, state="stale", evidence=f"{missing[0].what} {missing[0].evidence}")
    there = [one.what for one in told if one.state == "holds"]
    if not there or missing or claim.evidence:
        return claim
    return Checked(words=claim.words, evidence=f"{', '.join(there[:3])} {'is' if len(there) == 1 else 'are'} there")


def _there(mention: Mention) -> Mention:
    """What is said to be made must be there by now."""
    return replace(mention, expect="there", hard=mention.hard or mention.expect == "made")
