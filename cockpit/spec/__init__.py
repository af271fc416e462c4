"""The living document: parse to spans, items and sections, pure edits, three-way merge. No I/O."""

from cockpit.spec import edit, fields, gates, permits, targets
from cockpit.spec.changes import Change, changed_lines, changes, compare, row_changes
from cockpit.spec.conflicts import Conflict, conflicts, contest, contested
from cockpit.spec.criteria import Criterion, criteria
from cockpit.spec.decisions import Decision, decisions
from cockpit.spec.failures import Failure, failures, open_failures
from cockpit.spec.lens import through
from cockpit.spec.measures import Measure, Target, measures
from cockpit.spec.merge import Merged, merge, merge_lines
from cockpit.spec.model import (
    Budget,
    Controls,
    Document,
    Field,
    Item,
    Kind,
    Limits,
    LoopControl,
    Mark,
    Mode,
    Mute,
    NoSuchItem,
    Pin,
    Problem,
    Section,
    SignalRow,
    Span,
    SpecError,
)
from cockpit.spec.parse import LIMIT, parse, too_large
from cockpit.spec.references import Reference, references
from cockpit.spec.template import template

__all__ = [
    "LIMIT",
    "Budget",
    "Change",
    "Conflict",
    "Controls",
    "Criterion",
    "Decision",
    "Document",
    "Failure",
    "Field",
    "Item",
    "Kind",
    "Limits",
    "LoopControl",
    "Mark",
    "Measure",
    "Merged",
    "Mode",
    "Mute",
    "NoSuchItem",
    "Pin",
    "Problem",
    "Reference",
    "Section",
    "SignalRow",
    "Span",
    "SpecError",
    "Target",
    "changed_lines",
    "changes",
    "compare",
    "conflicts",
    "contest",
    "contested",
    "criteria",
    "decisions",
    "edit",
    "failures",
    "fields",
    "gates",
    "measures",
    "merge",
    "merge_lines",
    "open_failures",
    "parse",
    "permits",
    "references",
    "row_changes",
    "targets",
    "template",
    "through",
    "too_large",
]
