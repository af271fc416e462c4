"""What `## Acceptance` asks (R17): each item is a criterion; one with a command can be run, others are the human's."""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.spec.fields import Step, steps_of
from cockpit.spec.model import Document, Item, Kind, Mark
from cockpit.spec.words import uncode


@dataclass(frozen=True, slots=True)
class Criterion:
    """An acceptance criterion that holds: neither struck nor deferred."""

    item: Item
    steps: tuple[Step, ...]
    """Its `verify:`, or the whole criterion when that is one code span; none when only the human can tell."""

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands of its steps; all of them have to pass."""
        return tuple(step.command for step in self.steps)

    @property
    def command(self) -> str:
        """Its commands as one reads them; empty for none."""
        return "; ".join(self.commands)

    @property
    def ticked(self) -> bool:
        """Whether it was met once: red is a regression then."""
        return self.item.mark is Mark.DONE

    @property
    def measured(self) -> bool:
        """Whether it is a number (`spec.measures`)."""
        return not self.command and bool(self.item.value("measure"))

    @property
    def yours(self) -> bool:
        """Whether only the human can tell."""
        return not self.command and not self.measured

    @property
    def name(self) -> str:
        """Its id, or its words while it has none."""
        return self.item.id if self.item.touched else f"“{self.item.text[:40]}”"


def criteria(document: Document) -> tuple[Criterion, ...]:
    """All criteria in document order, nested ones included."""
    return tuple(
        Criterion(item, _steps(item))
        for item in document.walk()
        if item.section is Kind.ACCEPTANCE and item.mark not in (Mark.STRUCK, Mark.DEFERRED)
    )


def _steps(item: Item) -> tuple[Step, ...]:
    inside = uncode(item.text).strip()
    return tuple(steps_of(item.values("verify"))) or (
        (Step(inside),) if inside and uncode(item.text) != item.text else ()
    )
