"""Which item of one version is which of another (R25): one answer, for telling changes and for merging.

By written id; then by the same words, those that stayed in their order first; then by likeness among what is left over,
wherever it went. The same rule tells the sections and the paragraphs of two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cockpit.spec.change import plain
from cockpit.spec.diff import matches, rising
from cockpit.spec.model import Item

SIMILAR = 0.6
"""Likeness from which two texts count as one that was reworded, wherever it stands now."""
EVIDENCE = 0.2
"""What standing between the same neighbours adds to that, and so does having the same lines below."""
CONTAINED = 0.5
"""The least likeness of a text all of whose words the other has."""
LONGEST = 400
"""Characters of a text that are looked at."""
PAIRS = 40_000
"""So many pairs are all looked at; of more only those with a rare word in common, and at most so many of them."""
RARE = 4
"""A word is rare that at most so many have on each side."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a thing is recognised by. Blanks and line ends never count."""

    id: str
    """Its written id, else empty."""
    text: str
    inner: str = ""
    """What stands below it, without what has an identity of its own."""


def known(item: Item, inner: bytes) -> Known:
    """What an item is recognised by; `inner` are its own lines after the first."""
    return Known(item.id if item.touched else "", plain(item.text), plain(inner.decode()))


def pair(old: Sequence[Known], new: Sequence[Known]) -> dict[int, int]:
    """Indexes of `new` to those of `old` that they are; each is in at most one pair, what is in none came or went.

    Two things with different written ids are never one. Deterministic, and never quadratic in what is left over.
    """
    found = exact(old, new)
    _alike(old, new, found)
    return found


def exact(old: Sequence[Known], new: Sequence[Known]) -> dict[int, int]:
    """As `pair`, without those that were reworded."""
    found: dict[int, int] = {}
    _same(old, new, found, lambda entry: (entry.id, entry.text) if entry.id else None)
    _same(old, new, found, lambda entry: entry.id or None)
    _same(old, new, found, lambda entry: (entry.text, entry.inner))
    _same(old, new, found, lambda entry: entry.text)
    return found


def moved(pairs: Mapping[int, int], homes_was: Sequence[Hashable], homes_is: Sequence[Hashable]) -> set[int]:
    """The new indexes of what stands elsewhere: in another home, or in another place among what kept that home.

    As few as can be: of one that went past a hundred only that one.
    """
    found: set[int] = set()
    rows: dict[Hashable, list[tuple[int, int]]] = {}
    for index, other in sorted(pairs.items()):
        if homes_is[index] != homes_was[other]:
            found.add(index)
        else:
            rows.setdefault(homes_is[index], []).append((index, other))
    for row in rows.values():
        stayed = {row[place][0] for place in rising([other for _, other in row])}
        found.update(index for index, _ in row if index not in stayed)
    return found


def _same(
    old: Sequence[Known], new: Sequence[Known], found: dict[int, int], key: Callable[[Known], Hashable | None]
) -> None:
    """Add pairs of what has one key: in the order of both sides as far as it goes, then those that moved."""
    taken = set(found.values())
    gone = [(index, word) for index, entry in enumerate(old) if index not in taken and (word := key(entry)) is not None]
    came = [(index, word) for index, entry in enumerate(new) if index not in found and (word := key(entry)) is not None]
    if not gone or not came:
        return
    for a, b in matches([word for _, word in gone], [word for _, word in came]):
        if _may(old[gone[a][0]], new[came[b][0]]):
            found[came[b][0]] = gone[a][0]
    taken = set(found.values())
    left: dict[Hashable, list[int]] = {}
    for index, word in gone:
        if index not in taken:
            left.setdefault(word, []).append(index)
    for index, word in came:
        if index in found:
            continue
        there = left.get(word, [])
        fits = next((place for place, other in enumerate(there) if _may(old[other], new[index])), None)
        if fits is not None:
            found[index] = there.pop(fits)


def _may(old: Known, new: Known) -> bool:
    return not (old.id and new.id and old.id != new.id)


# -- reworded ---------------------------------------------------------------------------------------------------------


def _alike(old: Sequence[Known], new: Sequence[Known], found: dict[int, int]) -> None:
    """Add pairs of what was reworded: the likest first; of two that are equally like, the one that is nearer."""
    taken = set(found.values())
    gone = {index: Shape(entry.text) for index, entry in enumerate(old) if index not in taken}
    came = {index: Shape(entry.text) for index, entry in enumerate(new) if index not in found}
    if not gone or not came:
        return
    place_was = _places(len(old), {a: b for b, a in found.items()}, own=False)
    place_is = _places(len(new), found, own=True)
    scored: list[tuple[float, int, int, int, int]] = []
    for a, b in _candidates(gone, came):
        score = likeness(gone[a], came[b]) if _may(old[a], new[b]) else 0.0
        if score:
            score += EVIDENCE * (place_was[a] == place_is[b])
            score += EVIDENCE * (old[a].inner == new[b].inner != "")
        if score >= SIMILAR:
            scored.append((-score, abs(a - b), a + b, a, b))
    for _, _, _, a, b in sorted(scored):
        if a in gone and b in came:
            found[b] = a
            del gone[a], came[b]


def _places(size: int, pairs: Mapping[int, int], *, own: bool) -> list[tuple[int, int]]:
    """For each index its neighbours above and below that are in a pair, named by their index in the new version."""
    above: list[int] = []
    last = -1
    for index in range(size):
        above.append(last)
        if index in pairs:
            last = index if own else pairs[index]
    below: list[int] = []
    last = -1
    for index in reversed(range(size)):
        below.append(last)
        if index in pairs:
            last = index if own else pairs[index]
    return list(zip(above, reversed(below), strict=True))


def _candidates(gone: Mapping[int, Shape], came: Mapping[int, Shape]) -> Iterator[tuple[int, int]]:
    if len(gone) * len(came) <= PAIRS:
        yield from ((a, b) for a in gone for b in came)
        return
    was, now = _holders(gone), _holders(came)
    seen: set[tuple[int, int]] = set()
    both = [word for word in was if len(was[word]) <= RARE and 0 < len(now.get(word, ())) <= RARE]
    for word in sorted(both, key=lambda word: (len(was[word]) * len(now[word]), word)):
        for one in ((a, b) for a in was[word] for b in now[word]):
            if one not in seen:
                seen.add(one)
                yield one
        if len(seen) > PAIRS:
            return


def _holders(shapes: Mapping[int, Shape]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, shape in shapes.items():
        for word in shape.words:
            found.setdefault(word, []).append(index)
    return found


class Shape:
    """A text as likeness sees it: its words, and the pairs of letters in them."""

    __slots__ = ("pairs", "words")

    def __init__(self, text: str) -> None:
        self.words = frozenset(text[:LONGEST].casefold().split())
        edged = (f"\x02{word}\x03" for word in self.words)
        self.pairs = frozenset(word[at : at + 2] for word in edged for at in range(len(word) - 1))


def likeness(one: Shape, other: Shape) -> float:
    """From 0 to 1, the same both ways: the share of letter pairs in common (Dice), or that one holds all the other."""
    common = len(one.pairs & other.pairs)
    if not common:
        return 0.0
    share = 2 * common / (len(one.pairs) + len(other.pairs))
    return max(share, CONTAINED) if one.words <= other.words or other.words <= one.words else share
