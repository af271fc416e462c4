"""What an item says of the code, as it was held against a tree (R243)."""

from __future__ import annotations

from typing import Literal

import msgspec

ClaimKind = Literal["path", "line", "identifier", "quote", "commit", "signal", "item"]
ClaimState = Literal["holds", "stale", "to be made", "unknown"]


STALE = "stale: "
"""How an item's `asks:` begins when it asks about its claims."""


class Claim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that an item says of the tree, and what the tree says to it."""

    kind: ClaimKind
    what: str
    """As it is written, cleaned."""
    state: ClaimState
    source: str = "item"
    """Where it is said: `item`, a field (`paths:`), a file that the item goes by."""
    evidence: str = ""
    """What was found, in words."""
    suggestion: str = ""
    """For what is stale: what it may have meant."""
    path: str = ""
    """The file in the tree, where it holds."""
    line: int = 0
    """A line of it, 0 for the whole."""


class Checked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim of an agent's answer beside what we know of it: its word alone proves nothing (R193)."""

    words: str
    """As the answer has it, cleaned."""
    state: Literal["confirmed", "contradicted", "stale", "unverified"] = "unverified"
    """Confirmed or contradicted by a command that we ran, stale by the tree; else nobody has looked."""
    evidence: str = ""

    @property
    def wrong(self) -> bool:
        """Whether what we know speaks against it."""
        return self.state in ("contradicted", "stale")

    @property
    def mark(self) -> str:
        """`confirmed: pytest exit 0`."""
        return f"{self.state}: {self.evidence}" if self.evidence else self.state


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """`claims.json`: the claims of an item as they were checked before its turn, bound to what was checked."""

    commit: str
    """The commit they were held against."""
    digest: str
    """Of the item's words: other words are other claims."""
    claims: list[Claim]
    at: float
