"""What is wrong about a document as a whole: ids given twice, `after:` that leads nowhere, a fence without end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from cockpit.spec.item import Place
from cockpit.spec.plain import Problem
from cockpit.spec.reading import Reading


def wrong(
    blocks: Sequence[tuple[Reading, Place]], circular: Collection[str], unclosed: tuple[int, int, str] | None
) -> Iterator[Problem]:
    """The problems that no block has by itself; `circular` are the ids of items that wait for themselves."""
    yield from _twice(blocks)
    yield from _after(blocks, circular)
    if unclosed:
        line, _, what = unclosed
        end = {"comment": "`-->`", "tag": "its closing tag"}.get(what, "the same characters")
        yield Problem(line, f"a {what} that never ends", f"close it with {end}")


def _twice(blocks: Sequence[tuple[Reading, Place]]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for reading, place in blocks:
        for id, at in reading.named:
            line = first.setdefault(id, place.line + at)
            if line != place.line + at:
                yield Problem(place.line + at, f"id ^{id} is already on line {line}", "give one of them another id")


def _after(blocks: Sequence[tuple[Reading, Place]], circular: Collection[str]) -> Iterator[Problem]:
    known: set[str] = set()
    for reading, place in blocks:
        known.update(id for id, _ in reading.named)
        known.update(place.keys)
    waits: dict[str, list[str]] = {}
    lines: dict[str, int] = {}
    for reading, place in blocks:
        for part, names in reading.waiting:
            id = part.id or place.keys[part.nth]
            strange = [name for name in names if name not in known]
            if not strange and id not in circular:
                continue
            entry = next(entry for entry in part.fields if entry.key == "after")
            lines.setdefault(id, place.line + entry.line)
            for name in strange:
                yield Problem(lines[id], f"after: no item has the id `{name}`", "name an item of this spec")
            waits.setdefault(id, [name for name in names if name in known])
    for cycle in _cycles(waits):
        way = " after ".join([*cycle, cycle[0]])
        yield Problem(lines[cycle[0]], f"after: goes in a circle: {way}", "take one `after:` away")


def _cycles(waits: dict[str, list[str]]) -> Iterator[list[str]]:
    """One cycle for each group of items that wait for each other; depth-first with its own stack."""
    done: set[str] = set()
    for root in waits:
        path: list[str] = []
        on_path: dict[str, int] = {}
        ways: list[Iterator[str]] = []
        name: str | None = root
        while name is not None or ways:
            if name is not None and name not in done:
                if name in on_path:
                    yield path[on_path[name] :]
                else:
                    on_path[name] = len(path)
                    path.append(name)
                    ways.append(iter(waits.get(name, ())))
            name = next(ways[-1], None) if ways else None
            if name is None and ways:
                ways.pop()
                left = path.pop()
                del on_path[left]
                done.add(left)
