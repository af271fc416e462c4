"""One review: fourteen checks of a branch against the target, bound to the two commit ids."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from cockpit import spec
from cockpit.clean import line
from cockpit.facts import Check, Review, Turn
from cockpit.paths import Places
from cockpit.verify.acceptance import Acceptance, acceptance
from cockpit.verify.aside import Aside, words
from cockpit.verify.bench import Bench
from cockpit.verify.case import Case, open_branch, open_case
from cockpit.verify.checks.answer import answer
from cockpit.verify.command import Cut
from cockpit.verify.finding import Finding
from cockpit.verify.known import green_since
from cockpit.verify.landed import Landed
from cockpit.verify.table import TABLE, Entry
from cockpit.verify.verdict import recommend
from cockpit.verify.verification import Verified, verification

OnBase = Callable[[str], Mapping[str, str]]
Greens = Callable[[str], Mapping[str, float]]


def review(
    places: Places,
    turn: Turn,
    item: spec.Item | None,
    controls: spec.Controls,
    others: list[Turn],
    target: str,
    criteria: tuple[spec.Criterion, ...] = (),
    on_base: OnBase = lambda _: {},
    greens: Greens = lambda _: {},
) -> Review:
    """The verdict on the turn's branch as it would be merged into `target` (a ref) now.

    Always fourteen checks. Never raises for what it looks at: a check that git or a bug keeps from an answer is
    `broken` and says why. `on_base` gives the commands that are red on a commit of the target itself, each with since
    when; it is asked when one of them is red here. `greens` gives those that were green on a tree, each with when in
    epoch seconds: they are not run again. Blocks for as long as the verification runs; raises Cut when `cut`
    ended that.
    """
    return _review(lambda: open_case(places, turn, item, controls, others, target, criteria), turn, on_base, greens)


def review_branch(
    places: Places,
    ref: str,
    controls: spec.Controls,
    target: str,
    criteria: tuple[spec.Criterion, ...] = (),
    landed: tuple[Landed, ...] = (),
    greens: Greens = lambda _: {},
) -> Review:
    """The same for any branch, tag or commit, without item and delegate: they are what some checks find nothing of.

    `landed` says of a feature branch which items it is made of.
    """
    return _review(lambda: open_branch(places, ref, controls, target, criteria, landed), None, lambda _: {}, greens)


def _review(look: Callable[[], Case], turn: Turn | None, on_base: OnBase, greens: Greens) -> Review:
    at = time.time()
    found: dict[int, tuple[Finding, float]] = {}
    ran, accepted = Verified("n/a", ""), Acceptance("n/a", "")
    case: Case | None = None
    trouble = ""
    exact = False
    try:
        opened = look()
        since = green_since(opened, greens(opened.tree)) if opened.tree else 0.0
        case = replace(opened, on_base=lambda: on_base(opened.base), since=since)
    except Exception as error:  # whatever keeps us from looking is the finding
        trouble = words(error)
    found[14] = answer(turn), 0.0
    if case is None:
        found |= {entry.number: (Finding("broken", trouble), 0.0) for entry in TABLE[:-1]}
    else:
        aside = [Aside(entry, case) for entry in TABLE if entry.judge and not entry.late]
        begun = time.monotonic()
        with Bench() as bench:
            # The verification goes first: it may build what the acceptance criteria run.
            try:
                ran = verification(case, bench)
            except Cut:
                raise
            except Exception as error:
                ran = Verified("broken", words(error))
            found[2] = Finding(ran.result, ran.evidence), time.monotonic() - begun
            begun = time.monotonic()
            try:
                accepted = acceptance(case, bench)
            except Cut:
                raise
            except Exception as error:
                accepted = Acceptance("broken", words(error))
            found[1] = Finding(accepted.result, accepted.evidence), time.monotonic() - begun
            exact = bench.exact
        told = replace(case, printed=ran.printed)
        late = [Aside(entry, told) for entry in TABLE if entry.judge and entry.late]
        found |= {one.entry.number: one.result() for one in (*aside, *late)}
    listed = [_check(entry, *found[entry.number]) for entry in TABLE]
    return Review(
        base=case.base if case else "",
        head=case.head if case else "",
        tree=case.tree if case else "",
        recommendation=recommend(listed),
        checks=listed,
        at=at,
        stat=case.stat if case else "",
        output=ran.output,
        reports=list(ran.reports),
        scratch=ran.scratch if ran.reports else "",
        acceptance=accepted.output,
        proved=sorted({*accepted.proved, *ran.proved}) if exact else [],
        on_base=sorted({*accepted.on_base, *filter(None, [ran.on_base])}),
        ran={**accepted.ended, **ran.ended},
        green={entry.item.id: entry.command for entry in accepted.green},
    )


def _check(entry: Entry, found: Finding, seconds: float) -> Check:
    return Check(
        number=entry.number,
        name=entry.name,
        result=found.result,
        evidence=line(found.evidence, 600),
        seconds=round(seconds, 3),
        spots=list(found.spots),
    )
