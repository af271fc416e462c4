"""Steering: a verb's edit, written and committed at once, whether the engine runs or not (law 1)."""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from cockpit import corrections, facts, persist
from cockpit.clean import line, redact
from cockpit.edits import World, on_one
from cockpit.edits.exchange import LONGEST, saying, speaker
from cockpit.edits.reap import chosen
from cockpit.errors import CockpitError, Refused
from cockpit.learn import Dead, Offer, reaping, sources
from cockpit.paths import Places
from cockpit.persist import branches, exits, sides
from cockpit.persist.landing import Landing, landing_of
from cockpit.spec import Document, SpecError, criteria, edit, parse
from cockpit.verbs import BY_NAME

DELEGATES_MAY = ("add", "say")
"""What a delegate may do from its own shell: propose work, and tell what it does. All else would redirect itself."""


@dataclass(frozen=True, slots=True)
class Said:
    """The one line of receipt that each act leaves on the screen or in the shell."""

    words: str
    commit: str | None
    held: str

    def __str__(self) -> str:
        if self.held:
            return f"{self.words} · written; the commit waits: {self.held}"
        return f"{self.words} · {self.commit[:7]}" if self.commit else self.words


def world(places: Places) -> World:
    """What the verbs may ask beside the document, read from facts and refs when asked."""
    turns = {turn.item: turn for turn in facts.turns(places.delegates)}

    def alive(turn: facts.Turn) -> bool:
        return turn.sentinel is None and turn.running is not None and facts.alive(turn.running)

    @functools.cache
    def staying(data: bytes) -> frozenset[str]:  # asked twice in an act, and must say the same
        return stay(places, parse(data), turns, alive)

    @functools.cache
    def offering(data: bytes) -> list[Offer]:
        return sources.offered(places, parse(data))

    @functools.cache
    def dying(data: bytes) -> list[Dead]:
        return reaping.found(places, parse(data))

    return World(
        turns=turns,
        alive=alive,
        stale=lambda turn: stale(places, turn),
        scope=lambda item: scope(places, item.id),
        now=datetime.now(),
        spec_name=places.spec_name,
        tip=persist.tip(places, "HEAD") or "",
        exists=lambda path: os.path.lexists(places.root / path),
        quote=lambda turn, path, number, gone: quoted(places, turn, path, number, gone=gone),
        offers=lambda document: offering(document.data),
        dead=lambda document: dying(document.data),
        stay=lambda document: staying(document.data),
        landing=functools.cache(lambda: landing(places, turns)),
    )


def quoted(places: Places, turn: facts.Turn, path: str, number: int, *, gone: bool = False) -> str | None:
    """What stands on a line of a turn's result, on the commit that was reviewed, or, `gone`, on the one it came from.

    Line 0 is the file: empty when it is there. None when there is no such line.
    """
    review = turn.review
    head = review.head if review else persist.tip(places, f"refs/heads/{turn.dispatch.branch}") or ""
    if gone:
        head = sides.fork(places, review.base if review else turn.dispatch.base, head)
    found = sides.lines(places, head, path)
    if found is None or number > len(found):
        return None
    return found[number - 1] if number else ""


def landing(places: Places, turns: Mapping[str, facts.Turn]) -> Landing | None:
    """The feature branch that results go to now, as a whole; None where there is none, or the spec can't be read."""
    try:
        controls = parse(persist.read(places)).controls
        return landing_of(places, exits.exit_of(places, controls, turns.values()), turns.values())
    except (SpecError, CockpitError):
        return None


def scope(places: Places, item: str) -> facts.Scope | None:
    """The brief that waits for the human, if it is still the one that was told of: an edit by hand is read first."""
    found = facts.prepared(places.turn(item, 1))
    return found[0] if found is not None and facts.digest(found[1]) == found[0].digest else None


def stay(
    places: Places, document: Document, turns: Mapping[str, facts.Turn], alive: Callable[[facts.Turn], bool]
) -> frozenset[str]:
    """What no compaction may take: items whose branch is not merged, whose worktree is there or whose delegate lives,
    and answers with a correction that no brief has told (law 3, R27).
    """
    names = {f"{entry.item} turn {entry.turn}" for entry in corrections.waiting(places, document)}
    for item in document.walk():
        branch = persist.tip(places, f"refs/heads/{item.value('branch')}") if item.value("branch") else None
        turn = turns.get(item.id)
        there = turn is not None and (alive(turn) or Path(turn.dispatch.worktree).exists())
        target = turn.dispatch.target if turn is not None else "HEAD"
        if there or (branch and not persist.is_merged(places, branch, target)):
            names.add(item.id)
    return frozenset(names)


def stale(places: Places, turn: facts.Turn) -> str:
    """Why the verdict of this turn no longer holds, in words; empty when it does.

    It is bound to two commit ids (design, section 6): a new commit on the delegate's branch makes it stale, and so
    does one on the target that changes anything beside the spec (steering commits move the target all the time).
    """
    review = turn.review
    if review is None:
        return "there is no verdict yet"
    if joined(places, turn):
        return ""  # it moved the target itself, and only the tick is to do
    if persist.tip(places, f"refs/heads/{turn.dispatch.branch}") != review.head:
        return f"{turn.dispatch.branch} has moved since"
    target = turn.dispatch.target
    tip = persist.tip(places, target)
    if tip is None or (tip != review.base and branches.moved(places, review.base, tip)):
        return f"{target.removeprefix('refs/heads/')} has moved since"
    return ""


def joined(places: Places, turn: facts.Turn) -> bool:
    """Whether the result is in its target already: merged by hand, or by an engine that died before the tick (law 3).

    Of two ids it is known once and for all: git is asked when the target has moved.
    """
    review, target = turn.review, persist.tip(places, turn.dispatch.target)
    if review is None or target in (None, review.base) or review.head == turn.dispatch.base:
        return False
    merge = turn.merge
    ours = merge is not None and merge.head == review.head and _reaches(places, merge.commit, target)
    by_hand = persist.tip(places, f"refs/heads/{turn.dispatch.branch}") == review.head
    return ours or (by_hand and _reaches(places, review.head, target))


@functools.lru_cache(maxsize=256)
def _reaches(places: Places, commit: str, target: str) -> bool:
    return branches.is_merged(places, commit, target)


def _keep(turn: facts.Turn, words: str) -> str:
    """A delegate's word as a fact first: what a human changes in it later can be told. Gives the item's id."""
    if words.strip() and len(words) <= LONGEST:  # else the edit refuses it
        try:
            facts.append(turn.said, [facts.Saying(saying(words), time.time())])
        except OSError as error:
            raise CockpitError(f"cannot write: {error.strerror}", where=str(turn.said)) from error
    return turn.item


def steer(
    places: Places, name: str, target: str = "", words: Mapping[str, str] | None = None, by: str = "human"
) -> Said:
    """Carry out one verb on the spec as it is on disk now, commit it alone, and say so in one line.

    Raises Refused with the reason when the verb makes no sense now, CockpitError when the spec cannot be read or
    written.
    """
    verb = BY_NAME.get(name)
    if verb is None:
        raise Refused(f"there is no verb {line(name, 30)}")
    if by.startswith("delegate/") and name not in DELEGATES_MAY:
        raise Refused(f"{name} is the human's to say", where=line(by, 80), remedy="ask in your answer instead")
    given = {key: redact(value) for key, value in (words or {}).items()}
    if verb.edit is None:
        receipt = (persist.undo if name == "undo" else persist.redo)(places, target or None, by=by)
        done, _, what = receipt.subject.partition(" ")
        return Said(BY_NAME[done.lower()].receipt.format(target=what), receipt.commit, receipt.held)
    change = verb.edit
    facts_now = replace(world(places), by=by)
    if name == "say" and by.startswith("delegate/"):
        target = _keep(speaker(facts_now), given.get("message", ""))

    def op(data: bytes) -> bytes:
        nonlocal target
        try:
            document = parse(data)
            if verb.target == "item" and target.startswith("~") and document.item(target) is not None:
                data, target = edit.ensure_id(data, target)
                document = parse(data)
        except SpecError as error:
            raise CockpitError(
                f"the spec cannot be read: {error.what}",
                where=f"{places.spec_name}, line {error.line}",
                remedy=error.remedy or "mend that line",
            ) from error
        after = on_one(change, verb.target == "item", document, target, given, facts_now)
        if by.startswith("delegate/") and _asked(parse(after)) != _asked(document):
            raise Refused("what a result must meet is the human's to say", where=line(by, 80))
        return after

    reason = next((given[key] for key in ("reason", "note", "message", "text") if given.get(key)), "")
    if name == "land" and (whole := facts_now.landing()) is not None:
        target = whole.name
    if name == "set":
        target, reason = line(given.get("key", ""), 40), line(given.get("value", ""), 100)
    if name == "give":
        reason = f"{line(given.get('key', ''), 40)}: {line(given.get('value', ''), 100)}"
    if name == "reap":
        target, reason = _reaped(places, facts_now, given.get("which", ""))
    act = persist.Act(verb=name, target=target.partition("@")[0], by=by, reason=reason)
    files_too = verb.beside

    def beside(before: bytes, _after: bytes) -> Mapping[str, Callable[[bytes | None], bytes | None]]:
        return files_too(parse(before), target, given, facts_now) if files_too else {}

    receipt = persist.record(places, op, act, beside if files_too else None)
    shown = {argument.name: line(given.get(argument.name, ""), 60) for argument in verb.arguments}
    return Said(verb.receipt.format(target=target or "it", **shown).rstrip(": "), receipt.commit, receipt.held)


def _reaped(places: Places, known: World, which: str) -> tuple[str, str]:
    """What that strikes, and why, as the commit tells it. Raises Refused for what does not look dead."""
    try:
        document = parse(persist.read(places))
    except SpecError:
        return "", ""  # the edit says so
    there = known.dead(document)
    found = chosen(document, which, there) if there else []
    return ", ".join(entry.id for entry in found), "; ".join(f"{entry.id} {entry.why}" for entry in found)


class Heed(msgspec.Struct, frozen=True, kw_only=True):
    """The event that says that a human acted on a signal (docs/events.md)."""

    source: str = "user"
    kind: str = "user.accept"
    what: str
    at: float
    attrs: dict[str, str]


def heed(places: Places, family: str, verb: str) -> None:
    """Tell that a human acted on the signal of that family: the ranking learns from it. What can't be told is lost."""
    event = Heed(what=f"{verb}: acted on {family}", at=time.time(), attrs={"target": family})
    with contextlib.suppress(OSError):
        facts.append(places.spool, [event])


def _asked(document: Document) -> list[tuple[str, str]]:
    """What results must meet: a delegate may not say it of itself, and its words are never run as a command."""
    return [(entry.item.text, entry.command) for entry in criteria(document)]
