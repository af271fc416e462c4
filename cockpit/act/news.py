"""What is new for a delegate since its last brief: the document's diff as meant changes, never the document (R23)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.act.quoting import Pattern, Quoted
from cockpit.facts import Review
from cockpit.spec import Change, Document, Kind, Mark, changes, exchange, parse
from cockpit.spec.change import SHORT
from cockpit.spec.corrections import Correction
from cockpit.spec.model import SpecError

BOOKKEEPING = frozenset((
    "again", "agent", "asks", "before", "branch", "budget", "clear", "comment", "from", "gates", "iterate", "kind",
    "like", "merged", "model", "note", "opinion", "origin", "permission", "permit", "phased", "proof", "review",
    "rounds", "scope", "size", "steer", "timeout", "until", "verdict", "waits", "why",
))  # fmt: skip
"""Fields of an item that are between the human and the engine, not part of the task."""
MOST = 40
"""Changes that are told one by one."""
ASIDE = (Kind.EXCHANGE, Kind.SIGNALS, Kind.MUTED, Kind.PINNED)
"""Sections that are between the human, the engine and the screen; what is said in the exchange is told apart."""
OURS = (Mark.RUNNING, Mark.NEEDS_YOU, Mark.BLOCKED, Mark.DONE)
"""Marks that the loop sets; struck and deferred are a human's word about the work."""


@dataclass(frozen=True, slots=True)
class Stub:
    """What the OpenSpec change that an item goes by says, as the tree of the turn has it (R244)."""

    folder: str
    pages: Mapping[str, str]
    """Text of its proposal and its design, by their names; those that are there."""
    requirements: Sequence[str]
    """What its specs change: `ADDED Retry a job (specs/jobs/spec.md)`."""
    tasks: Sequence[str]
    """Its open tasks that are the item's; none when the item is one of them."""


@dataclass(frozen=True, slots=True)
class News:
    """What a turn's brief tells beside the task."""

    before: bytes | None = None
    """The document of the last brief that reached this delegate; None for the first."""
    earlier: Sequence[int] = ()
    """Numbers of the turns whose briefs lie beside this one."""
    corrections: Sequence[Correction] = ()
    """Of answers, told by no brief yet; of this delegate's and of those whose items are over."""
    said: Sequence[str] = ()
    """What the human said in the exchange since."""
    steers: Sequence[str] = ()
    """Messages that no earlier turn received."""
    review: Review | None = None
    """The last turn's verdict."""
    judged: Review | None = None
    """The latest verdict of all: that of an earlier turn where the last one came to none."""
    fork: str = ""
    """Where its branch left the target, when a finding of that verdict needs it."""
    comments: Sequence[str] = ()
    """Values of the item's `comment:` fields that no earlier brief told."""
    stopped: str = ""
    """Why the last turn stopped though nobody wanted it to, and what to do now."""
    phases: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the phases before this one did, by id."""
    signals: Sequence[str] = ()
    """Lines on what was noticed and concerns the item, within a budget, each with the key it is cited by (R94, R95)."""
    measured: Sequence[str] = ()
    """What the measured criteria came to, now and before the last change (R156)."""
    inventory: Sequence[str] = ()
    """What the item says of the code and was found there (R246)."""
    stub: Stub | None = None
    """The OpenSpec change that it goes by."""
    parts: Sequence[Quoted] = ()
    """The parts of the system that it is made out of (R116)."""
    like: Sequence[Pattern] = ()
    """What came of the items that it is like (R112)."""


def changed(before: bytes, after: bytes, name: str) -> list[str]:
    """The meant changes as markdown list items, each with where it stands in the spec called `name`.

    Without the loop's bookkeeping (marks and fields that the engine writes, live signals, mutes) and without the goal,
    which has a part of its own. A deletion says what is gone (R24), a rewording is a rename (R25).
    """
    told = [change for change in changes(concern(before), concern(after)) if _concerns(change)]
    lines = [_line(change, name) for change in told[:MOST]]
    return [*lines, f"- and {len(told) - MOST} more: read `{name}`"] if len(told) > MOST else lines


def said(document: Document, before: bytes | None = None) -> list[str]:
    """What the human said in the exchange and had not said in `before`, oldest first."""
    known = set(_said(_parsed(before))) if before else set[str]()
    return [words for words in _said(document) if words not in known]


def concern(data: bytes) -> bytes:
    """The document as far as it concerns a delegate, line by line in its place; the bytes as they are if unreadable."""
    document = _parsed(data)
    if document is None:
        return data
    kept = bytearray(document.data)  # as it looks in our grammar, whatever the file is written in
    for item in document.walk():
        if item.mark in OURS and item.section is not Kind.DECISIONS and kept[item.mark_at] in b"/?!xX":
            kept[item.mark_at] = 0x20
        for entry in item.fields:
            if entry.key in BOOKKEEPING:
                _blank(kept, entry.span.start, entry.span.end)
    for section in document.sections:
        if section.kind in ASIDE:
            _blank(kept, section.heading.start, exchange.reach(document, section))
    return bytes(kept)


def _blank(data: bytearray, start: int, end: int) -> None:
    data[start:end] = re.sub(rb"[^\r\n]", b" ", bytes(data[start:end]))


def _parsed(data: bytes | None) -> Document | None:
    try:
        return parse(data) if data is not None else None
    except SpecError:
        return None


def _said(document: Document | None) -> Iterator[str]:
    if document is None:
        return
    yield from (block.text for block in exchange.loose(document))
    for entry in exchange.entries(document):
        words = "\n\n".join(block.text for block in exchange.blocks(document, entry))
        if entry.yours and words:
            at = entry.title.partition("(")[2].partition(")")[0]
            yield f"{words}\n\n({at})" if at else words


def _concerns(change: Change) -> bool:
    if change.kind == "control":
        return change.words.startswith(("verify", "protect"))
    return change.kind not in ("goal", "correction")


def _line(change: Change, name: str) -> str:
    """One change: its words, where it stands, and in full what the words cut short."""
    where = f" ({name}:{change.line})" if change.line else ""
    lines = [f"- {change.words}{where}"]
    for label, text in (("it was", change.before), ("it is", change.after)):
        words = " ".join(text.split())
        if len(words) > SHORT and re.sub(r"^(?:[-*+]|\d+[.)]) ", "", words) not in " ".join(change.words.split()):
            lines += [f"  {label}:", "", *(f"  > {part}".rstrip() for part in text.strip().split("\n")), ""]
    return "\n".join(lines).rstrip()
