"""Meant changes of items: which is which, what came and went, was reworded, split, moved, marked, given fields."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from cockpit.spec.change import SHORT, TOP, Change, became, name, plain, quote
from cockpit.spec.identity import Known, known, moved, pair
from cockpit.spec.model import Item, Kind, Mark
from cockpit.spec.stretch import Stretch

MARKS = {
    Mark.OPEN: "open",
    Mark.RUNNING: "running",
    Mark.NEEDS_YOU: "waiting for you",
    Mark.DONE: "done",
    Mark.STRUCK: "struck",
    Mark.DEFERRED: "deferred",
    Mark.BLOCKED: "blocked",
}
COMMON = frozenset(["and", "the", "for", "with", "from", "into", "that", "this", "der", "die", "das", "und", "mit"])
"""Words that say nothing about where a text comes from; nor does any of one or two letters."""
MOST = 12
"""So many neighbours are looked at: what becomes more than that was not split."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a stretch with its place."""

    item: Item
    parent: int
    """Index of the entry it hangs below, -1 for none."""
    section: int
    """Index of its section in the document, -1 above the first heading."""
    known: Known
    below: bytes
    """Its own lines after the first, without nested items."""
    whole: bytes
    """All its lines, with nested items."""

    @property
    def full(self) -> str:
        """All its own words, as they are told when it came or went."""
        lines = [line.strip() for line in self.below.decode().split("\n")]
        return "\n".join([self.item.text, *(line for line in lines if line)])


@dataclass(frozen=True)
class Pairing:
    """Which sections and items of the new version are which of the old one, by index."""

    old: list[Entry]
    new: list[Entry]
    items: dict[int, int]
    sections: Mapping[int, int]
    """Of all sections; -1, what is above the first heading, is itself."""
    titles_was: Sequence[str]
    titles: Sequence[str]

    @cached_property
    def unchanged(self) -> set[int]:
        """New items that read as they did, with all that is nested below."""
        return {index for index, other in self.items.items() if self.new[index].whole == self.old[other].whole}


def entries(stretch: Stretch) -> list[Entry]:
    """The items of a stretch, children after their parent. What stands in the exchange is text, not an item."""
    data, starts = stretch.document.data, [section.heading.start for section in stretch.document.sections]
    found: list[Entry] = []
    waiting = [(item, -1) for item in reversed(stretch.items) if item.section is not Kind.EXCHANGE]
    rows: list[tuple[Item, int]] = []
    while waiting:
        item, parent = waiting.pop()
        waiting.extend((child, len(rows)) for child in reversed(item.children))
        rows.append((item, parent))
    for index, (item, parent) in enumerate(rows):
        span, head = item.span, item.head.end
        following = rows[index + 1][0].span.start if index + 1 < len(rows) else span.end
        below, whole = data[head : min(following, span.end)], data[span.start : span.end]
        found.append(Entry(item, parent, bisect_right(starts, span.start) - 1, known(item, below), below, whole))
    return found


def pairing(old: Stretch, new: Stretch, sections: Mapping[int, int]) -> Pairing:
    """The items of two stretches, paired."""
    was, now = entries(old), entries(new)
    same = pair([entry.known for entry in was], [entry.known for entry in now])
    titles = [[plain(section.title) for section in stretch.document.sections] for stretch in (old, new)]
    return Pairing(was, now, same, sections, titles[0], titles[1])


def item_changes(items: Pairing) -> Iterator[Change]:
    """All changes of items. Each old one is in a pair, removed or split; each new one in a pair, added or split off."""
    old, new, same = items.old, items.new, items.items
    parts = {index: part for part in _splits(items) for index in (*part.parts, part.new) if index >= 0}
    told = set[int]()
    homes = _homes_is(items)
    stray = moved(same, _homes_was(items), homes)
    above = _above(homes)
    for index, entry in enumerate(new):
        split, other = parts.get(index), same.get(index)
        if split is not None and id(split) not in told:
            told.add(id(split))
            yield _split(items, split)
        if other is not None:
            was = old[other].item
            if split is None and plain(was.text) != plain(entry.item.text):
                yield _reworded(was, entry.item, _section(items.titles, entry.section))
            if index in stray:
                yield _moved(items, index, other, above[index])
            if index not in items.unchanged:
                yield from _inside(was, entry.item, _section(items.titles, entry.section))
        elif split is None:
            yield _added(items, index)
    gone = set(range(len(old))) - set(same.values()) - {part.old for part in parts.values()}
    for index in sorted(gone):
        entry, section = old[index], _section(items.titles_was, old[index].section)
        words = f"{name(entry.item)} was removed from {section or TOP}"
        yield Change("removed", entry.item.id, words, 0, entry.full, "", section)


def _section(titles: Sequence[str], section: int) -> str:
    return titles[section] if section >= 0 else ""


def _homes_was(items: Pairing) -> list[Hashable]:
    return [(entry.section,) if entry.parent < 0 else entry.parent for entry in items.old]


def _homes_is(items: Pairing) -> list[Hashable]:
    """Where each new item hangs, named as `_homes_was` names it: children go where their parent goes."""
    homes: list[Hashable] = []
    for entry in items.new:
        section = items.sections.get(entry.section, f"new {entry.section}")
        parent = items.items.get(entry.parent, f"new {entry.parent}")
        homes.append((section,) if entry.parent < 0 else parent)
    return homes


def _above(homes: Sequence[Hashable]) -> list[int]:
    """For each entry the sibling before it, -1 for the first."""
    last: dict[Hashable, int] = {}
    found: list[int] = []
    for index, home in enumerate(homes):
        found.append(last.get(home, -1))
        last[home] = index
    return found


def _added(items: Pairing, index: int) -> Change:
    entry = items.new[index]
    item, section = entry.item, _section(items.titles, entry.section)
    where = f"below {name(items.new[entry.parent].item)}" if entry.parent >= 0 else f"in {section or TOP}"
    state = "" if item.mark is Mark.OPEN else f", {MARKS[item.mark]}"
    return Change("added", item.id, f"{name(item)} is new {where}{state}", item.line, "", entry.full, section)


def _reworded(was: Item, now: Item, place: str) -> Change:
    who = f"{now.id}: " if now.touched else ""
    return Change("reworded", now.id, who + became(was.text, now.text), now.line, was.text, now.text, place)


def _moved(items: Pairing, index: int, other: int, above: int) -> Change:
    was, now = items.old[other], items.new[index]
    section = _section(items.titles, now.section)
    from_, to = _section(items.titles_was, was.section) or TOP, section or TOP
    kept = items.sections.get(now.section) == was.section
    if now.parent >= 0 and items.items.get(now.parent) != was.parent:
        where = f"moved below {name(items.new[now.parent].item)}"
    elif now.parent < 0 <= was.parent:
        where = f"moved out from below {name(items.old[was.parent].item)}" + ("" if kept else f" to {to}")
    elif not kept:
        where = f"moved from {from_} to {to}"
    elif above >= 0:
        where = f"moved in {to}: it comes after {name(items.new[above].item)}"
    else:
        where = f"moved in {to}: it comes first"
    return Change("moved", now.item.id, f"{name(now.item)} {where}", now.item.line, from_, to, section)


# -- inside an item ---------------------------------------------------------------------------------------------------


def _inside(was: Item, now: Item, place: str) -> Iterator[Change]:
    if was.mark is not now.mark:
        before, after = MARKS[was.mark], MARKS[now.mark]
        words = f"{name(now)} is {after}{' again' if now.mark is Mark.OPEN else ''}"
        yield Change("marked", now.id, words, now.line, before, after, place)
    for key in dict.fromkeys(entry.key for entry in (*was.fields, *now.fields)):
        yield from _field(was, now, key, place)


def _field(was: Item, now: Item, key: str, place: str) -> Iterator[Change]:
    """Values of one key: those that only one side has, first with first; each is told by itself (`steer:` repeats)."""
    before, after = Counter(map(plain, was.values(key))), Counter(map(plain, now.values(key)))
    gone, came = list((before - after).elements()), list((after - before).elements())
    lines = {plain(entry.value): entry.line for entry in now.fields if entry.key == key}
    for old, new in zip(gone, came, strict=False):
        yield Change("field", now.id, f"{name(now)}: {key} {became(old, new)}", lines[new], old, new, place)
    for new in came[len(gone) :]:
        yield Change("field", now.id, f"{name(now)}: new {key} {quote(new)}", lines[new], "", new, place)
    for old in gone[len(came) :]:
        yield Change("field", now.id, f"{name(now)}: {key} {quote(old)} is gone", now.line, old, "", place)


# -- split ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Split:
    """An item that became several: what is left of it, and the new ones."""

    old: int
    new: int
    """Index of what is left of it, -1 when it is gone."""
    parts: tuple[int, ...]


def _split(items: Pairing, split: Split) -> Change:
    was = items.old[split.old].item
    now = items.new[split.new].item if split.new >= 0 else None
    row = [items.new[index].item for index in sorted({*split.parts, split.new} - {-1})]
    texts = " and ".join(quote(item.text, SHORT // 2) for item in row)
    first = now or row[0]
    place = _section(items.titles, items.new[split.parts[0]].section)
    after = "\n".join(item.text for item in row)
    id = now.id if now and (now.touched or not was.touched) else was.id
    return Change("split", id, f"{name(was)} was split into {texts}", first.line, was.text, after, place)


def _splits(items: Pairing) -> Iterator[Split]:
    """Items that are gone or reworded while new ones beside or below carry their words, or ids of our own (R103)."""
    homes, same = _homes_is(items), items.items
    kept = set(same.values())
    after = _anchors(homes, [same.get(index, -1) for index in range(len(homes))])
    runs: dict[tuple[Hashable, int], list[int]] = {}
    below: dict[Hashable, list[int]] = {}
    for index, home in enumerate(homes):
        if index not in same:
            runs.setdefault((home, after[index]), []).append(index)
            below.setdefault(home, []).append(index)
    taken: set[int] = set()
    for index, other in sorted(same.items()):
        was, now = items.old[other].known, items.new[index].known
        if not runs or was.text == now.text:
            continue
        following = runs.get((homes[index], other), [])[:MOST]
        near = [*runs.get((homes[index], after[index]), [])[-MOST:], *following, *below.get(other, [])[:MOST]]
        parts = _carrying(items, near, _words(was.text) - _words(now.text))
        if was.id:  # `edit.split` gives ids to what it puts right below
            parts += takewhile(lambda place: items.new[place].known.id, following)
        parts = sorted(set(parts) - taken)
        if parts:
            yield Split(other, index, tuple(parts))
            taken.update(parts)
    home_was = _homes_was(items)
    stood = _anchors(home_was, [index if index in kept else -1 for index in range(len(home_was))])
    for other, entry in enumerate(items.old):
        near = runs.get((home_was[other], stood[other]), [])[:MOST]
        if other in kept or len(near) < 2:
            continue
        words = _words(entry.known.text)
        parts = [place for place in _carrying(items, near, words) if place not in taken]
        carried = words & {word for place in parts for word in _words(items.new[place].known.text)}
        if len(parts) > 1 and len(carried) * 2 >= len(words):
            yield Split(other, -1, tuple(parts))
            taken.update(parts)


def _anchors(homes: Sequence[Hashable], partners: Sequence[int]) -> list[int]:
    """For each entry the partner of the last sibling before it that has one, -1 for none."""
    last: dict[Hashable, int] = {}
    found: list[int] = []
    for home, partner in zip(homes, partners, strict=True):
        found.append(last.get(home, -1))
        if partner >= 0:
            last[home] = partner
    return found


def _carrying(items: Pairing, near: Sequence[int], words: set[str]) -> list[int]:
    return [place for place in near if words & _words(items.new[place].known.text)]


def _words(text: str) -> set[str]:
    words = {word.strip(".,;:!?()[]`*_\"'“”").casefold() for word in text.split()}
    return {word for word in words if len(word) > 2 and word not in COMMON}
