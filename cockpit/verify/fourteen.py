"""One review: fourteen checks of a delegate's branch against the target, bound to the two commit ids."""

from __future__ import annotations

import time
from collections.abc import Callable

from cockpit import spec
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import Check, Result, Review, Turn
from cockpit.paths import Places
from cockpit.verify import checks
from cockpit.verify.acceptance import Acceptance, acceptance
from cockpit.verify.bench import Bench
from cockpit.verify.case import Case, open_case
from cockpit.verify.command import Cut
from cockpit.verify.verdict import NAMES, recommend
from cockpit.verify.verification import Verified, verification

ORDER = (2, 1, *range(3, len(NAMES) + 1))
"""The verification goes first: it may build what the acceptance criteria run."""


def review(
    places: Places,
    turn: Turn,
    item: spec.Item | None,
    controls: spec.Controls,
    others: list[Turn],
    target: str,
    criteria: tuple[spec.Criterion, ...] = (),
) -> Review:
    """The verdict on the turn's branch as it would be merged into `target` (a ref) now.

    Always fourteen checks. Never raises for what it looks at: a check that git or a bug keeps from an answer is
    `broken` and says why. Blocks for as long as the verification runs; raises Cut when `cut` ended that.
    """
    at = time.time()
    ran = Verified("n/a", "")
    accepted = Acceptance("n/a", "")
    case: Case | None = None
    trouble = ""
    try:
        case = open_case(places, turn, item, controls, others, target, criteria)
    except Exception as error:  # whatever keeps us from looking is the finding
        trouble = _words(error)

    def verified(case: Case) -> checks.Finding:
        nonlocal ran
        ran = verification(case, bench)
        return ran.result, ran.evidence

    def met(case: Case) -> checks.Finding:
        nonlocal accepted
        accepted = acceptance(case, bench)
        return accepted.result, accepted.evidence

    real: dict[int, Callable[[Case], checks.Finding]] = {
        1: met,
        2: verified,
        3: checks.scope,
        9: checks.protected,
        13: checks.conflicts,
    }
    found: dict[int, Check] = {}
    with Bench() as bench:
        for number in ORDER:
            begun = time.monotonic()
            result: Result
            try:
                if number == 14:
                    result, evidence = checks.answer(turn)
                elif number not in real:
                    result, evidence = "n/a", "not built"
                elif case is None:
                    result, evidence = "broken", trouble
                else:
                    result, evidence = real[number](case)
            except Cut:
                raise
            except Exception as error:
                result, evidence = "broken", _words(error)
            seconds, words = round(time.monotonic() - begun, 3), line(evidence, 600)
            found[number] = Check(number=number, name=NAMES[number - 1], result=result, evidence=words, seconds=seconds)
    listed = [found[number] for number in sorted(found)]
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
        green={entry.item.id: entry.command for entry in accepted.green},
    )


def _words(error: Exception) -> str:
    return line(str(error) if isinstance(error, CockpitError) else f"{type(error).__name__}: {error}")
