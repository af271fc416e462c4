"""The living document: parse to spans, items and sections, pure edits, three-way merge. No I/O."""

from cockpit.spec.model import (
    Budget,
    Controls,
    Document,
    Field,
    Item,
    Kind,
    LoopControl,
    Mark,
    Mode,
    Mute,
    Pin,
    Problem,
    Section,
    SignalRow,
    Span,
    SpecError,
)
from cockpit.spec.parse import parse

__all__ = [
    "Budget",
    "Controls",
    "Document",
    "Field",
    "Item",
    "Kind",
    "LoopControl",
    "Mark",
    "Mode",
    "Mute",
    "Pin",
    "Problem",
    "Section",
    "SignalRow",
    "Span",
    "SpecError",
    "parse",
]
