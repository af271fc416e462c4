"""The living spec as data: every name of it in one place."""

from cockpit.spec.document import Document
from cockpit.spec.item import Field, Item, Kind, Mark, Span
from cockpit.spec.plain import (
    Ambiguous,
    Budget,
    Controls,
    Limits,
    LoopControl,
    Mode,
    Mute,
    NoSuchItem,
    Pin,
    Problem,
    Section,
    SignalRow,
    SpecError,
)

__all__ = [
    "Ambiguous",
    "Budget",
    "Controls",
    "Document",
    "Field",
    "Item",
    "Kind",
    "Limits",
    "LoopControl",
    "Mark",
    "Mode",
    "Mute",
    "NoSuchItem",
    "Pin",
    "Problem",
    "Section",
    "SignalRow",
    "Span",
    "SpecError",
]
