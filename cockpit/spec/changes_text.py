"""Meant changes of words: sections and paragraphs that came, went, changed, moved; what stands next to an answer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property

from cockpit.spec.change import TOP, Change, became, name, plain, quote
from cockpit.spec.changes_items import Pairing
from cockpit.spec.diff import rising
from cockpit.spec.identity import Known, exact, moved, pair
from cockpit.spec.model import Document, Kind
from cockpit.spec.passages import TURN, Passage, answers, passages
from cockpit.spec.stretch import Stretch


def same_sections(old: Stretch, new: Stretch) -> dict[int, int]:
    """Indexes of the new version's sections to those of the old one that they are; -1, the top, is itself.

    Outside the stretch they pair off from both ends; inside by title, else by title and words together.
    """
    found = {index: index for index in range(-1, new.sections.start)}
    below = len(old.document.sections) - len(new.document.sections)
    found |= {index: index + below for index in range(new.sections.stop, len(new.document.sections))}
    was, now = ([_known(stretch.document, index) for index in stretch.sections] for stretch in (old, new))
    same = exact(was, now)
    taken = set(same.values())
    gone = [index for index in range(len(was)) if index not in taken]
    came = [index for index in range(len(now)) if index not in same]
    renamed = pair([_whole(was[index]) for index in gone], [_whole(now[index]) for index in came])
    same |= {came[a]: gone[b] for a, b in renamed.items()}
    return found | {new.sections[a]: old.sections[b] for a, b in same.items()}


def _known(document: Document, index: int) -> Known:
    section = document.sections[index]
    turn, body = TURN.match(section.title), document.data[section.body.start : section.body.end]
    return Known(turn["name"] if turn else "", plain(section.title), plain(body.decode()))


def _whole(known: Known) -> Known:
    """A section that lost its title is known by all that stands in it."""
    return Known(known.id, f"{known.inner} {known.text}")


def text_changes(old: Stretch, new: Stretch, items: Pairing) -> Iterator[Change]:
    """All changes of words that are no item's, and of sections."""
    texts = _Texts(old, new, items)
    yield from texts.passages()
    yield from texts.sections()


class _Texts:
    """The passages of both stretches, paired."""

    def __init__(self, old: Stretch, new: Stretch, items: Pairing) -> None:
        self.old, self.new, self.items = old, new, items
        self.was = passages(old, items.old, {items.items[index] for index in items.unchanged})
        self.now = passages(new, items.new, items.unchanged)
        self.homes_was = [self._home_was(passage) for passage in self.was]
        self.homes = [self._home(passage) for passage in self.now]
        self.same = pair(_knowns(self.was, self.homes_was), _knowns(self.now, self.homes))
        self.kept_sections = set(items.sections.values())
        self.kept_items = set(items.items.values())

    def _home_was(self, passage: Passage) -> Hashable:
        return (passage.item,) if passage.item >= 0 else passage.section

    def _home(self, passage: Passage) -> Hashable:
        """Where a new passage stands, named as `_home_was` does."""
        if passage.item >= 0:
            return (self.items.items.get(passage.item, f"new {passage.item}"),)
        return self.items.sections.get(passage.section, f"new {passage.section}")

    @cached_property
    def answers(self) -> list[int]:
        return answers(self.new.document)

    @cached_property
    def answers_was(self) -> list[int]:
        return answers(self.old.document)

    @cached_property
    def ids(self) -> set[str]:
        return {item.id for document in (self.old.document, self.new.document) for item in document.walk()}

    # -- passages -----------------------------------------------------------------------------------------------------

    def passages(self) -> Iterator[Change]:
        stray = moved(self.same, self.homes_was, self.homes)
        for index, passage in enumerate(self.now):
            other = self.same.get(index)
            was = self.was[other] if other is not None else None
            if was is None and not self._is_new(passage):
                continue  # told with its new section or item
            if was is None or plain(was.text) != plain(passage.text):
                yield self._written(passage, was)
            elif self._answer(passage) >= 0 > self._answer_was(was):
                yield self._written(passage, None)  # put next to an answer, from wherever
            elif index in stray and (_worth(passage) or self.homes[index] != self.homes_was[self.same[index]]):
                yield self._moved(passage, was)
        taken = set(self.same.values())
        for index, passage in enumerate(self.was):
            if index not in taken and self._is_gone(passage):
                yield self._deleted(passage)

    def _is_new(self, passage: Passage) -> bool:
        return passage.item in self.items.items if passage.item >= 0 else passage.section in self.items.sections

    def _is_gone(self, passage: Passage) -> bool:
        if passage.item >= 0:
            return passage.item in self.kept_items
        return passage.section in self.kept_sections

    def _answer(self, now: Passage) -> int:
        """The answer that a passage stands next to, when both versions have it; else -1."""
        answer = self.answers[now.section] if now.section >= 0 and now.item < 0 else -1
        was = self.items.sections.get(answer, -1)
        return answer if was >= 0 and self.answers_was[was] == was else -1

    def _answer_was(self, was: Passage) -> int:
        return self.answers_was[was.section] if was.section >= 0 and was.item < 0 else -1

    def _written(self, now: Passage, was: Passage | None) -> Change:
        before = was.text if was else ""
        answer = self._answer(now)
        if answer >= 0:
            title = _title(self.new.document, answer)
            words = became(before, now.text) if was else quote(now.text)
            return Change(
                "correction", self._named(title), f"next to {quote(title)}: {words}", now.line, before, now.text, title
            )
        place, id, section = self._place(now)
        words = became(before, now.text) if was else f"new {quote(now.text)}"
        return Change("text", id, f"{place}: {words}", now.line, before, now.text, section)

    def _moved(self, now: Passage, was: Passage) -> Change:
        place, id, section = self._place(now)
        from_, _, _ = self._place_was(was)
        where = f"moved within {place}" if from_ == place else f"moved from {from_} to {place}"
        return Change("text", id, f"{quote(now.text)} {where}", now.line, was.text, now.text, section)

    def _deleted(self, was: Passage) -> Change:
        place, id, section = self._place_was(was)
        if (answer := self._answer_was(was)) >= 0:
            section = _title(self.old.document, answer)
            place, id = quote(section), self._named(section)
        return Change("text", id, f"{place}: deleted {quote(was.text)}", 0, was.text, "", section)

    def _place(self, passage: Passage) -> tuple[str, str, str]:
        """Where it stands in words, the item it belongs to, the title of its section."""
        title = _title(self.new.document, passage.section)
        if passage.item < 0:
            return title or TOP, "", title
        item = self.items.new[passage.item].item
        return f"below {name(item)}", item.id, title

    def _place_was(self, passage: Passage) -> tuple[str, str, str]:
        title = _title(self.old.document, passage.section)
        if passage.item < 0:
            return title or TOP, "", title
        item = self.items.old[passage.item].item
        return f"below {name(item)}", item.id, title

    def _named(self, title: str) -> str:
        """The item that the heading of an answer names; empty when it names none."""
        words = re.findall(r"[A-Za-z0-9][\w-]*", title)
        return next((word for word in words if word in self.ids), "")

    # -- sections -----------------------------------------------------------------------------------------------------

    def sections(self) -> Iterator[Change]:
        same = self.items.sections
        own, own_was = _by_section(self.now, set(self.same)), _by_section(self.was, set(self.same.values()))
        full, full_was = _peopled(self.new), _peopled(self.old)
        for index in self.new.sections:
            section = self.new.document.sections[index]
            words = "\n\n".join(own.get(index, ()))
            if index not in same and (words or index not in full):
                yield self._new_section(index, words)
            elif index in same:
                was = self.old.document.sections[same[index]]
                if plain(was.title) != plain(section.title):
                    turn = TURN.match(section.title)
                    said = f"the section {quote(was.title)} is called {quote(section.title)} now"
                    said = f"the answer {became(was.title, section.title)}" if turn else said
                    id = self._named(section.title) if turn else ""
                    yield Change("text", id, said, section.line, was.title, section.title, section.title)
                elif was.level != section.level:
                    said = f"the heading {quote(section.title)} is on level {section.level} now, not {was.level}"
                    yield Change("text", "", said, section.line, was.title, section.title, section.title)
        yield from self._moved_sections()
        for index in self.old.sections:
            section = self.old.document.sections[index]
            words = "\n\n".join(own_was.get(index, ()))
            if index not in self.kept_sections and (words or index not in full_was):
                said = f"the section {quote(section.title)} is gone" + (f": {quote(words)}" if words else "")
                yield Change("text", "", said, 0, words or section.title, "", section.title)

    def _new_section(self, index: int, words: str) -> Change:
        section = self.new.document.sections[index]
        answer = self.answers[index]
        below = f": {quote(words)}" if words else ""
        if answer >= 0 and answer != index and answer in self.items.sections:
            title = _title(self.new.document, answer)
            text = f"{section.title}\n\n{words}".strip()
            said = f"next to {quote(title)}: {quote(text)}"
            return Change("correction", self._named(title), said, section.line, "", text, title)
        if answer >= 0 or self._in_exchange(index):
            said = f"new in the exchange: {plain(section.title)}{below}"
            return Change("text", self._named(section.title), said, section.line, "", words, section.title)
        said = f"the section {quote(section.title)} is new{below}"
        return Change("text", "", said, section.line, "", words or section.title, section.title)

    def _in_exchange(self, index: int) -> bool:
        return self._owner(index) is Kind.EXCHANGE

    def _owner(self, index: int) -> Kind | None:
        level = 7
        for section in reversed(self.new.document.sections[: index + 1]):
            if section.level < level:
                level = section.level
                if section.kind is not None:
                    return section.kind
        return None

    def _moved_sections(self) -> Iterator[Change]:
        kept = [index for index in self.new.sections if index in self.items.sections]
        stayed = {kept[place] for place in rising([self.items.sections[index] for index in kept])}
        for index in kept:
            if index in stayed:
                continue
            section = self.new.document.sections[index]
            after = f"after {quote(self.new.document.sections[index - 1].title)}" if index else "to the top"
            said = f"the section {quote(section.title)} moved {after}"
            yield Change("text", "", said, section.line, section.title, section.title, section.title)


def _title(document: Document, section: int) -> str:
    return plain(document.sections[section].title) if section >= 0 else ""


def _worth(passage: Passage) -> bool:
    """Whether a move within a section says anything: a lone row or word does not."""
    return len(passage.text.split()) > 1


def _knowns(row: Sequence[Passage], homes: Sequence[Hashable]) -> list[Known]:
    return [Known("", plain(passage.text), str(home)) for passage, home in zip(row, homes, strict=True)]


def _by_section(row: Sequence[Passage], paired: set[int]) -> Mapping[int, list[str]]:
    """The words of each section that are in no pair and below no item."""
    found: dict[int, list[str]] = {}
    for index, passage in enumerate(row):
        if index not in paired and passage.item < 0:
            found.setdefault(passage.section, []).append(passage.text)
    return found


def _peopled(stretch: Stretch) -> set[int]:
    """Sections that hold something which is told by itself, or have one below them that does."""
    document = stretch.document
    starts = [*(item.span.start for item in stretch.items), *(row.span.start for row in document.signals)]
    starts += [entry.span.start for entry in (*document.mutes, *document.pins)]
    goal = document.section(Kind.GOAL)
    if goal and document.goal:
        starts.append(goal.body.start)
    starts.sort()
    bodies = {index: document.sections[index].body for index in stretch.sections}
    return {index for index, body in bodies.items() if bisect_left(starts, body.start) < bisect_left(starts, body.end)}
