"""What a feature branch is made of: what its items said of tests and commands holds for the whole too (R184, R256)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cockpit.facts import Merge
from cockpit.paths import Places
from cockpit.persist import branches
from cockpit.spec import Document, Item, fields
from cockpit.spec.globs import matches, names_something
from cockpit.spec.phases import whole


@dataclass(frozen=True, slots=True)
class Landed:
    """An item whose result is part of a feature branch, and what its merge brought."""

    item: Item
    """With what it inherits if it is a phase."""
    files: frozenset[str]

    @property
    def free(self) -> bool:
        """Whether nothing was protected from it: `protect: none`."""
        return self.item.value("protect").strip().strip("`").lower() == "none"

    def declares(self, path: str) -> bool:
        """Whether it brought that file, and said that it may change it though it is protected."""
        return path in self.files and (self.free or matches(path, naming(fields.paths(self.item))))

    def gives_up(self, path: str) -> bool:
        """Whether it brought that file, and names its very path: a test that is the delegate's to change."""
        return path in self.files and (self.free or path in exact(fields.paths(self.item)))


def landed(places: Places, document: Document, merges: Iterable[tuple[str, Merge]]) -> tuple[Landed, ...]:
    """The items of these merges, by their ids; one that the document lacks by now says nothing. Raises CockpitError."""
    return tuple(
        Landed(whole(document, item), frozenset(branches.differing(places, merge.old, merge.commit)))
        for id, merge in merges
        if (item := document.item(id)) is not None
    )


def exact(paths: Iterable[str]) -> set[str]:
    """The globs as the very paths of files that some of them are."""
    return {pattern.removeprefix("./") for pattern in paths}


def naming(paths: Iterable[str]) -> list[str]:
    """The globs that name something: `**` alone declares nothing."""
    return [pattern for pattern in paths if names_something(pattern)]
