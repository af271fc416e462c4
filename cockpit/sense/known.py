"""Known failures: what `## Known failures` should say after the events so far (R18, R26, R97).

Level-triggered from families, document and a small memory; the edit finds everything again in the bytes at hand, so
that doing it twice changes nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cockpit.clean import line, redact
from cockpit.sense.events import Event
from cockpit.sense.families import Family
from cockpit.spec import Document, Failure, Kind, Mark, edit, failures, parse

FAILING = frozenset({"failing", "failed", "fail", "fails", "red", "broken", "error"})
KINDS = frozenset({"", "push", "test", "tests", "test.result", "build", "verification"})
"""What fails for the project as a whole. What fails on a delegate's branch is said by its item's `review:`."""
MOST = 50
"""Open failures that the section holds; one line tells how many more there are."""
FLAKY = 3
"""Times that one must have failed to count as flaky."""
CALM = 3600.0
"""Seconds that a flaky one must be green before it is struck: a flapping test makes no commit a flip."""
_MORE = re.compile(rb"[ \t]*[-*+][ \t]+\d+ more fail\b")
_TIMES = re.compile(r"failed (\d{1,6}) times")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is to be written. `known` is what to remember afterwards: key to when the document first told of it."""

    add: tuple[Event, ...]
    reopen: tuple[Event, ...]
    green: tuple[Event, ...]
    more: int
    known: Mapping[str, float]

    @property
    def keys(self) -> list[str]:
        """All that it is about."""
        return [event.key for event in (*self.add, *self.reopen, *self.green)]


def tells(event: Event) -> bool:
    """Whether a family of such events belongs into the known failures when it fails."""
    return event.kind in KINDS and not (event.kind in ("verification", "test.result") and event.item)


def ledger(
    families: Mapping[str, Family],
    document: Document,
    known: Mapping[str, float],
    muted: Collection[str],
    now: float,
    *,
    first: bool = False,
) -> Ledger:
    """What the document lacks. A failure is told once: what the human struck, ticked or took away while it fails is
    not told again until it was green in between; a muted one isn't told at all.

    `first` is the first pass of a process: what stands open and isn't in `known` was written before a kill, not opened
    again by the human, so the time beside it counts.
    """
    written = {failure.key: failure for failure in failures(document) if failure.key}
    open_keys = {key for key, failure in written.items() if failure.open}
    after = {key: at for key, at in known.items() if key in open_keys or _fails(families.get(key), at)}
    for key in open_keys:
        after.setdefault(key, (_time(written[key].at) if first else None) or now)
    add: list[Event] = []
    reopen: list[Event] = []
    green: list[Event] = []
    for key, family in families.items():
        if not tells(family.latest):
            continue
        if _fails(family) and key not in after and key not in muted:
            (reopen if key in written else add).append(family.latest)
        elif not family.open and key in open_keys and family.since >= after[key] and _calm(written[key], family, now):
            green.append(family.latest)
            del after[key]
    room = max(0, MOST - len(open_keys) + len(green) - len(reopen))
    after |= {event.key: now for event in (*reopen, *add[:room])}
    return Ledger(tuple(add[:room]), tuple(reopen), tuple(green), len(add[room:]), after)


def write_failures(data: bytes, ledger: Ledger) -> bytes:
    """The document with the ledger written into it; what the human did meanwhile goes first."""
    for event in ledger.add:
        if event.key not in {failure.key for failure in failures(parse(data))}:
            data = edit.add_item(data, _words(event), section=Kind.FAILURES)[0]
    for event in ledger.reopen:
        failure = _find(data, event.key)
        if failure is not None and not failure.open:
            count = _times(failure) + 1
            data, id = edit.ensure_id(data, failure.item.id)
            data = edit.drop_field(edit.set_mark(data, id, Mark.OPEN), id, "why")
            flaky = "flaky: " if count >= FLAKY else ""
            data = edit.set_field(data, id, "note", f"{flaky}failed {count} times, last {_stamp(event)}")
    for event in ledger.green:
        failure = _find(data, event.key)
        if failure is not None and failure.open:
            data, id = edit.ensure_id(data, failure.item.id)
            data = edit.set_field(edit.set_mark(data, id, Mark.STRUCK), id, "why", f"green again {_stamp(event)}")
    return _more(data, ledger.more)


def _fails(family: Family | None, since: float = math.inf) -> bool:
    """Whether it fails, and was not green in between."""
    return family is not None and family.latest.state.lower() in FAILING and family.ended <= since


def _times(failure: Failure) -> int:
    times = _TIMES.search(failure.item.value("note"))
    return int(times[1]) if times else 1


def _calm(failure: Failure, family: Family, now: float) -> bool:
    """Whether what is green may be struck: at once, a flaky one only after a while."""
    return _times(failure) < FLAKY or now - family.since >= CALM


def _find(data: bytes, key: str) -> Failure | None:
    return next((failure for failure in failures(parse(data)) if failure.key == key), None)


def _words(event: Event) -> str:
    what = event.what.removeprefix(event.key).strip(" :")
    said = f"{what}: {event.evidence}" if event.evidence else what
    if event.kind == "test.result" and event.attrs.get("message"):
        said = str(event.attrs["message"])
    stamp = f"({line(event.source, 40)}, {_when(event.at)})"
    return " ".join(part for part in (f"`{event.key}`", line(redact(said), 200), stamp) if part)


def _stamp(event: Event) -> str:
    return f"{_when(event.at)} ({line(event.source, 40)})"


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}"


def _time(words: str) -> float | None:
    try:
        return datetime.fromisoformat(words).timestamp()
    except ValueError:
        return None


def _more(data: bytes, count: int) -> bytes:
    """The one line for what found no room, written, replaced or taken away."""
    section = parse(data).section(Kind.FAILURES)
    if section is None:
        return data
    kept: list[bytes] = []
    have = b""
    for text in data[section.body.start : section.body.end].splitlines(keepends=True):
        if _MORE.match(text):
            have = text
        else:
            kept.append(text)
    words = f"{count} more fail: see the signals"
    if (words.encode() in have) if count else not have:
        return data
    data = data[: section.body.start] + b"".join(kept) + data[section.body.end :]
    return edit.add_line(data, words, section=Kind.FAILURES) if count else data
