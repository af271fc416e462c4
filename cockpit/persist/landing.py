"""The end gate: what a feature branch has that its base lacks, and what is known of it as a whole (R159, R279)."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cockpit import facts
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.exits import Exit
from cockpit.persist.forecast import moved


@dataclass(frozen=True, slots=True)
class Landing:
    """A feature branch against its base, as both stand now. Tips are commit ids."""

    name: str
    """The feature branch's short name."""
    target: str
    """Its ref."""
    head: str
    home: str
    """Ref of the base."""
    base: str
    """Tip of the base."""
    items: tuple[str, ...]
    """Items whose result it has and the base lacks, in the order of their merges."""
    ahead: bool
    """Whether it has any commit that the base lacks."""
    used: bool
    """Whether results were ever merged into it: with nothing ahead it was landed by hand."""
    folder: Path
    """Where its facts are: `review.json`, `merge.json`."""
    review: facts.Review | None
    """The last review of the whole."""
    stale: str
    """Why that review does not hold, in words; empty when it does."""
    merge: facts.Merge | None
    merges: tuple[facts.Merge, ...] = ()
    """The merges of the items, in the same order."""

    @property
    def short(self) -> str:
        """The base's short name."""
        return self.home.removeprefix("refs/heads/")

    @property
    def turn(self) -> facts.Turn:
        """The branch as if a delegate had made it: the same screen shows its review."""
        words = ", ".join(self.items)
        dispatch = facts.Dispatch(
            item=self.name, turn=1, text=words, agent="", branch=self.name, base=self.base, target=self.home,
            worktree="", session="", timeout=0, at=self.review.at if self.review else 0,
        )  # fmt: skip
        return facts.Turn(self.folder, dispatch, None, None, None, self.review, self.merge, broken={})


def landing_of(places: Places, to: Exit, turns: Iterable[facts.Turn]) -> Landing | None:
    """The feature branch that results go to now; None where they go straight into the branch the spec is on.

    Raises CockpitError when a fact cannot be read.
    """
    if not to.feature or to.wanted or to.trouble:
        return None
    ahead = _ahead(places, to.home_tip, to.tip)
    merges = [(turn.merge, turn.item) for turn in turns if turn.merge is not None and turn.merge.target == to.target]
    merges.sort(key=lambda entry: entry[0].at)
    ours = [(merge, item) for merge, item in merges if merge.commit in ahead]
    folder = places.local / "features" / quote(to.feature, safe="")
    review = facts.read(folder, facts.Review)
    return Landing(
        name=to.feature,
        target=to.target,
        head=to.tip,
        home=to.home,
        base=to.home_tip,
        items=tuple(item for _, item in ours),
        merges=tuple(merge for merge, _ in ours),
        ahead=bool(ahead),
        used=bool(merges),
        folder=folder,
        review=review,
        stale=_stale(places, to, review),
        merge=facts.read(folder, facts.Merge),
    )


def _stale(places: Places, to: Exit, review: facts.Review | None) -> str:
    if review is None:
        return "it is not reviewed as a whole yet"
    if review.head != to.tip:
        return f"{to.feature} has moved since"
    if review.base != to.home_tip and _moved(places, review.base, to.home_tip):
        return f"{to.home.removeprefix('refs/heads/')} has moved since"
    return ""


@functools.lru_cache(maxsize=32)
def _moved(places: Places, old: str, new: str) -> bool:
    return moved(places, old, new)


@functools.lru_cache(maxsize=32)
def _ahead(places: Places, base: str, head: str) -> frozenset[str]:
    """The commits of `head` that `base` lacks; both are ids, so the answer never changes."""
    return frozenset(git.run(places, "rev-list", head, f"^{base}", "--").decode().split())
