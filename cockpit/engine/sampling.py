"""What the brief quotes of an item's `from:` and `like:`, read from git, facts and journal (R112, R116)."""

from __future__ import annotations

import time
from datetime import datetime

from cockpit import facts, persist
from cockpit.act import claims
from cockpit.act.quoting import PARTS, Pattern, Quoted
from cockpit.clean import line
from cockpit.engine import routing
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import sides
from cockpit.sense import Signal, journal
from cockpit.spec import Document, Item, SpecError, parse
from cockpit.spec.samples import KEY, Sample, samples


def parts(places: Places, document: Document, item: Item, before: bytes | None) -> list[Quoted]:
    """The parts that the item is made out of; none when the brief before said them already."""
    named = samples(item)
    if not named or _told(item, before, KEY):
        return []
    try:
        _, commit = claims.start(places, document, item)
    except CockpitError:
        return []
    return [_quoted(places, part, commit) for part in named[: PARTS + 1]]


def patterns(places: Places, document: Document, item: Item, before: bytes | None) -> list[Pattern]:
    """What came of the items that it is like; none when the brief before said it already."""
    if not item.values("like") or _told(item, before, "like"):
        return []
    return [_pattern(places, document, value.strip(" `^")) for value in item.values("like")]


def signals(places: Places, item: Item) -> list[facts.Claim]:
    """A claim for each signal that the item is made out of: whether it still stands."""
    return [_signal(places, part.what) for part in samples(item) if part.kind == "signal"]


def _told(item: Item, before: bytes | None, key: str) -> bool:
    """Whether the brief before, made of that document, told the same values."""
    try:
        was = parse(before).item(item.id) if before is not None else None
    except SpecError:
        return False
    return was is not None and was.values(key) == item.values(key)


def _quoted(places: Places, part: Sample, commit: str) -> Quoted:
    if part.kind == "signal":
        return _said(places, part)
    claim = claims.part_of(places, part, commit, commit)
    note = claim.evidence if claim.state != "holds" or (part.first and claim.line != part.first) else ""
    if part.kind == "commit":
        return _commit(places, part, note)
    text = "\n".join(claims.stood(places, part) or [])
    return Quoted(f"{part.place} at {part.commit}", text, note)


def _commit(places: Places, part: Sample, note: str) -> Quoted:
    try:
        shown = sides.shown(places, part.commit)
    except CockpitError:
        return Quoted(part.place, "", note or "git has no such commit any more")
    return Quoted(part.place, f"{shown.message}\n\n{shown.diff}", note, "diff")


def _said(places: Places, part: Sample) -> Quoted:
    now = _ranked(places, part.what)
    if now is not None:
        return Quoted(part.place, "\n".join([f"{now.what} ({now.state})", *now.evidence[:5]]))
    last = journal.last(places.journal, part.what, time.time())
    said = [f"{last.what} ({last.state or 'told'})", last.evidence] if last is not None else []
    return Quoted(part.place, "\n".join(filter(None, said)), _signal(places, part.what).evidence)


def _signal(places: Places, key: str) -> facts.Claim:
    """It stands while it ranks, or while the last word of its key did not end it."""

    def told(state: facts.ClaimState, words: str) -> facts.Claim:
        return facts.Claim(kind="signal", what=line(key, 160), state=state, source=f"{KEY}:", evidence=line(words, 240))

    now = _ranked(places, key)
    if now is not None:
        return told("holds", f"{now.what} ({now.state})")
    last = journal.last(places.journal, key, time.time())
    if last is None:
        return told("unknown", "nothing is known of that signal any more")
    at = f"{datetime.fromtimestamp(last.at):%Y-%m-%d %H:%M}"
    if last.closes:
        return told("stale", f"is over: {last.state} since {at}")
    return told("holds", f"{last.what} ({last.state or 'told'}, {at})")


def _ranked(places: Places, key: str) -> Signal | None:
    return next((signal for signal in routing.load(places) if signal.key == key and not signal.muted), None)


def _pattern(places: Places, document: Document, id: str) -> Pattern:
    item = document.item(id)
    if item is None:
        return Pattern(id, note="is no item of the spec any more")
    merged = item.value("merged").strip(" `")
    if not merged:
        return Pattern(id, item.text)
    turn = next((turn for turn in facts.turns(places.delegates) if turn.item == id), None)
    summary = turn.answer.summary if turn is not None and turn.answer is not None else ""
    commit = persist.tip(places, merged)
    if commit is None:
        return Pattern(id, item.text, note=f"was merged as {merged}, but git has no such commit any more")
    try:
        shown = sides.shown(places, commit, _base(places, commit, turn))
    except CockpitError as error:
        return Pattern(id, item.text, merged, summary, note=f"its diff can't be shown: {error.what}")
    note = "" if summary else "What its delegate said of it is not known any more."
    return Pattern(id, item.text, f"{merged} ({shown.subject})", summary, shown.files, shown.diff, note)


def _base(places: Places, commit: str, turn: facts.Turn | None) -> str:
    """What a result is held against that was brought in without a merge commit: where its branch began."""
    if turn is None or turn.review is None or turn.review.head != commit:
        return ""
    return sides.fork(places, turn.dispatch.base, commit)
