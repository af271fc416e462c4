"""What the review screen says of a verdict, and what it asks before a merge. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.borne import Borne
from cockpit.clean import clean, line
from cockpit.facts import Opinion, Review, Turn
from cockpit.panes.view import View, age
from cockpit.request import unresolved
from cockpit.screens.evidence import place
from cockpit.spec import Document, Kind
from cockpit.spec.exchange import entry_of
from widgets.checklist import Check
from widgets.status_line import Segment

TONES = {"accept": "ok", "iterate": "warn", "reject": "alert"}


def verdict(turn: Turn, view: View, rounds: Sequence[Segment] = (), borne: Sequence[Borne] = ()) -> list[Segment]:
    """The line above the parts: what the review recommends, on which commits, and whether that still holds."""
    review = turn.review
    if review is None:
        return [Segment(f"{turn.item} turn {turn.number}: no review yet", "dim", 5)]
    results = [check.result for check in review.checks]
    failed = sum(result != "pass" and result != "n/a" for result in results)
    counts = f"{results.count('pass')} pass, {failed} fail, {results.count('n/a')} n/a"
    line_ = [
        Segment(f"recommends: {review.recommendation}", TONES.get(review.recommendation, "warn"), 8),
        Segment(counts, "", 7),
        *([Segment(stale_words(review), "warn", 6)] if review.notes else []),
        *([Segment(decided(borne), "ok", 5)] if decided(borne) else []),
        *rounds,
        Segment(f"{review.head[:7]} onto {review.base[:7]}", "dim", 3),
        Segment(f"{age(view.now - review.at)} ago" if view.now - review.at >= 60 else "now", "dim", 2),
    ]
    if own := view.known.opinions.get(turn.item):
        line_.insert(2, Segment(opinion_words(own), "", 5))
    stale = view.known.stale.get(turn.item, "")
    return [*line_, Segment(f"STALE: {line(stale, 80)}", "alert", 9)] if stale else line_


def decided(borne: Sequence[Borne]) -> str:
    """Which decisions and words of the human's caught something: `d3 and your word on q1 decided this`; empty if none.

    The item's fields are told beside their checks alone.
    """
    sources = list(dict.fromkeys(one.ruling.source for one in borne if one.ruling.key in ("", "iterate")))
    more = f" and {len(sources) - 2} more" if len(sources) > 2 else ""
    return f"{' and '.join(sources[:2]) if not more else ', '.join(sources[:2])}{more} decided this" if sources else ""


def stale_words(review: Review) -> str:
    """How many claims of the item the target took the ground from."""
    return f"{len(review.notes)} claim{'s' * (len(review.notes) > 1)} stale on the target"


def opinion_words(own: Turn) -> str:
    """What came of asking another agent, in a few words, or that it is still at it (R190)."""
    return line(own.opinion.told if own.opinion is not None else f"{own.dispatch.agent} looks at it", 100)


def opinion(own: Turn | None) -> list[str]:
    """What another agent says of the result as a whole, and its notes; nothing where none was asked."""
    if own is None:
        return []
    found = own.opinion or Opinion(head="", agent="", at=0)
    said = [line(found.summary, 1000)] if found.summary else []
    return [opinion_words(own), *said, *(f"{place(note)}: {line(note.words, 600)}" for note in found.notes), ""]


def beside(review: Review | None, borne: Sequence[Borne] = ()) -> list[str]:
    """What is worth knowing beside the checks: what holds no longer, what merging it makes untrue (R289), and what the
    answer claims with what we know of it (R193), and which decision that bears out (R290).
    """
    if review is None:
        return []
    found = [f"no longer true on the target: {line(note, 300)}" for note in review.notes]
    found += [f"merging it makes stale {line(note, 300)}" for note in review.unsettles]
    found += [f"it claims: {line(claim.words, 300)} ({line(claim.mark, 200)})" for claim in review.claims]
    found += [f"{line(one.told, 300)} ({line(one.words, 200)})" for one in borne if not one.check]
    return [*found, ""] if found else []


def answer(document: Document, item: str) -> list[str]:
    """What the delegate answered last and what stands beside it, as the exchange has it; nothing when it is gone."""
    entry = entry_of(document, item)
    if entry is None:
        return []
    words = document.data[entry.heading.end : entry.span.end].strip()
    return [line(entry.title, 200), "", *clean(words).split("\n"), ""]


def checks(review: Review | None, borne: Sequence[Borne] = ()) -> list[Check]:
    """The checks as the widget shows them, every word of theirs cleaned."""
    if review is None:
        return []
    said: dict[int, str] = {}
    for quote in review.limits:
        said[quote.check] = f"{said.get(quote.check, '')}\n{quote.told}"
    for one in borne:
        said[one.check] = f"{said.get(one.check, '')}\n{one.told}"
    return [
        Check(check.number, line(check.name, 60), check.result, clean(check.evidence + said.get(check.number, "")))
        for check in review.checks
    ]


def question(view: View, verb: str, target: str) -> str:
    """What is asked before an accept or a landing merges (R266), with its size and what is unresolved (R180).

    Empty where there is nothing to merge: a decision, a scope, or what was not reviewed.
    """
    whole = view.known.landing
    name = whole.name if verb == "land" and whole is not None else target if verb == "accept" else ""
    turn, item = view.known.reviewed(name), view.document.item(name)
    review = turn.review if turn is not None else None
    scope = item.value("scope") if item is not None else ""
    if review is None or (item is not None and item.section is Kind.DECISIONS) or (scope and "accepted" not in scope):
        return ""
    what = f"Land {line(name, 40)}" if verb == "land" else f"Accept and merge {name}"
    bad = [*unresolved(review), *([stale_words(review)] if review.notes else [])]
    bad += [f"it claims {line(claim.words, 40)}: {claim.state}" for claim in review.claims if claim.wrong]
    size = line(review.stat, 60) or "no change"
    results = [check.result for check in review.checks]
    if bad or review.recommendation != "accept":
        found = f"{len(bad)} UNRESOLVED: {', '.join(bad[:3])}{' ...' * (len(bad) > 3)}" if bad else "not recommended"
        return f"{what} all the same? y/N · {found} · {size}"
    unverified = any(check.number == 2 and check.result == "n/a" for check in review.checks)
    green = f"{results.count('pass')} pass, {results.count('n/a')} n/a" + (", nothing verified" if unverified else "")
    return f"{what}? y/N · {size} · {green}"
