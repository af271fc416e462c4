"""The verdict on a result: the engine's on an item, or one made now, on any branch, without the loop."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.facts import Review, Turn
    from cockpit.paths import Places
    from cockpit.verify.landed import Landed

ACCEPT, ITERATE, UNJUDGED = 0, 1, 2
TRUNKS = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master", "refs/remotes/origin/main")


def review(given: Given) -> int:
    """An item or its branch: the verdict that the engine made. Else a branch or commit: a review now.

    The status of either: 0 accept, 1 iterate, 2 it could not be judged.
    """
    from cockpit import facts

    found = here(given, spec=False)
    turns = [turn for turn in facts.turns(found.delegates) if given.target in (turn.item, turn.dispatch.branch)]
    if turns and not (given.base or given.verify or given.sarif):
        return _told(given, found, turns[-1])
    try:
        return _now(given, found)
    except Exception as error:
        from cockpit.spec import SpecError

        if not isinstance(error, (CockpitError, SpecError)):
            raise
        print(f"cockpit: not judged: {error}", file=sys.stderr)
        return UNJUDGED


def _told(given: Given, found: Places, turn: Turn) -> int:
    """The verdict on the item's latest turn; where that has none, why, and the last one that there is."""
    import msgspec

    from cockpit import borne, facts, report
    from cockpit.steer import stale

    judged, review = turn, turn.review
    if review is None:
        words, remedy = _unjudged(found, turn)
        judged = next((one for one in _before(found, turn) if one.review is not None), turn)
        review = judged.review
        if review is None:
            raise CockpitError(words, where=turn.item, remedy=remedy)
        print(
            f"{words}; the last verdict is that on turn {judged.number}", file=sys.stderr if given.json else sys.stdout
        )
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(review), indent=2).decode())
    else:
        beside = (stale(found, judged), borne.of_turn(found, judged), facts.opinion_of(judged))
        print("\n".join(report.review(judged, review, *beside)))
    return status(review)


def _unjudged(found: Places, turn: Turn) -> tuple[str, str]:
    """Why a turn has no verdict, and what there is to do."""
    import time

    from cockpit.engine.doing import state_of

    state = state_of(found, turn, time.time())
    if not state.over:
        return f"turn {turn.number} is {state.name}: no verdict yet", "the engine reviews it when it has ended"
    if state.name == "finished":
        return f"turn {turn.number} is finished: no verdict yet", "the engine reviews it now (cockpit status)"
    told = f"turn {turn.number} has no verdict and gets none: {state.name}, {line(state.evidence, 120)}"
    return told, f"cockpit explain {turn.item}"


def _before(found: Places, turn: Turn) -> Iterator[Turn]:
    """The turns of the item before that one, the latest first."""
    from cockpit import facts

    for number in range(turn.number - 1, 0, -1):
        earlier = facts.load(found.turn(turn.item, number))
        if earlier is not None:
            yield earlier


def _now(given: Given, found: Places) -> int:
    import msgspec

    from cockpit import needs, persist, report
    from cockpit.persist import git
    from cockpit.spec import Controls, criteria, parse
    from cockpit.spec.limits import limits_of
    from cockpit.verify import quotes, review_branch, sarif

    needs.require(needs.GIT)
    if git.tip(found, given.target) is None:
        where = line(given.target, 60)
        raise CockpitError("no delegate has worked on it, and no branch or commit is called so", where=where)
    controls, wanted, limits = Controls(), (), []
    if found.spec.exists():
        document = parse(persist.read(found))
        controls, wanted, limits = document.controls, criteria(document), limits_of(document)
    if given.verify:
        controls = replace(controls, verify=(given.verify,))
    base = _base(given, found)
    made = review_branch(found, given.target, controls, base, wanted, _made_of(given, found, base))
    said = quotes(made.checks, [(found.spec_name, limit) for limit in limits])
    made = msgspec.structs.replace(made, limits=said)
    if given.sarif:
        print(msgspec.json.format(msgspec.json.encode(sarif(made)), indent=2).decode())
    elif given.json:
        print(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
    else:
        print("\n".join(report.reviewed(given.target, made)))
    return status(made)


def _made_of(given: Given, found: Places, base: str) -> tuple[Landed, ...]:
    """The items of the feature branch, when that is what is held against its base."""
    from cockpit import facts, persist
    from cockpit.persist import git
    from cockpit.spec import SpecError, parse
    from cockpit.steer import landing
    from cockpit.verify import landed

    if not found.spec.exists():
        return ()
    try:
        whole = landing(found, {turn.item: turn for turn in facts.turns(found.delegates)})
        if whole is None or (whole.head, whole.base) != (git.tip(found, given.target), git.tip(found, base)):
            return ()
        return landed(found, parse(persist.read(found)), zip(whole.items, whole.merges, strict=True))
    except (SpecError, CockpitError):
        return ()


def status(made: Review) -> int:
    """What a gate goes by: one proof of a fault is enough; without one, a check that broke leaves it unjudged."""
    results = {check.result for check in made.checks}
    if "fail" in results:
        return ITERATE
    return UNJUDGED if "broken" in results else ACCEPT if made.recommendation == "accept" else ITERATE


def _base(given: Given, found: Places) -> str:
    """`--base`, else the branch that is checked out, else, when that is what is reviewed, the trunk."""
    from cockpit.persist import git

    if given.base:
        if git.tip(found, given.base) is None:
            raise CockpitError("no such base", where=line(given.base, 60), remedy="name a branch or commit")
        return given.base
    head = git.tip(found, given.target)
    for ref in _trunks(found):
        tip = git.tip(found, ref)
        if tip is not None and tip != head:
            return ref
    raise CockpitError(
        "there is nothing to hold it against", where=line(given.target, 60), remedy="name one: --base REF"
    )


def _trunks(found: Places) -> Iterator[str]:
    from cockpit.persist import git

    head = git.head(found.git_dir)
    if head.startswith("refs/"):
        yield head
    yield from TRUNKS


def checks(given: Given) -> int:
    """What each check cost and caught over all verdicts here (R187)."""
    import msgspec

    from cockpit import facts
    from cockpit.verify.catches import catches

    found = here(given)
    told = catches(turn.review for turn in facts.every(found.delegates) if turn.review is not None)
    for one in told:
        if given.json:
            print(msgspec.json.encode(one).decode())
            continue
        caught = f"caught {one.caught} of {one.ran}" if one.ran else "never had anything to judge"
        broken = f", broken {one.broken} times" if one.broken else ""
        print(f"{one.number:2}  {line(one.name, 40):22} {caught:28} {one.seconds:8.2f} s{broken}")
    if not told and not given.json:
        print("no verdict yet")
    return 0
