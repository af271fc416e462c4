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

ACCEPT, ITERATE, UNJUDGED = 0, 1, 2
TRUNKS = ("refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master", "refs/remotes/origin/main")


def review(given: Given) -> int:
    """An item or its branch: the verdict that the engine made. Else a branch or commit: a review now.

    The status of a review made now: 0 accept, 1 iterate, 2 it could not be judged.
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
    import msgspec

    from cockpit import report
    from cockpit.steer import stale

    if turn.review is None:
        raise CockpitError("there is no verdict yet", where=turn.item, remedy="the engine reviews it when it has ended")
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(turn.review), indent=2).decode())
    else:
        print("\n".join(report.review(turn, turn.review, stale(found, turn))))
    return ACCEPT


def _now(given: Given, found: Places) -> int:
    import msgspec

    from cockpit import needs, persist, report
    from cockpit.persist import git
    from cockpit.spec import Controls, criteria, parse
    from cockpit.spec.limits import limits_of
    from cockpit.verify import findings, quotes, review_branch, sarif

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
    made = review_branch(found, given.target, controls, _base(given, found), wanted)
    said = quotes(made.checks, [(found.spec_name, limit) for limit in limits])
    made = msgspec.structs.replace(made, limits=said)
    if given.sarif:
        print(msgspec.json.format(msgspec.json.encode(sarif(made)), indent=2).decode())
    elif given.json:
        print(msgspec.json.format(msgspec.json.encode(made), indent=2).decode())
    else:
        print("\n".join(report.reviewed(given.target, made)))
        if made.recommendation != "accept":
            print("\n" + "\n".join(_block(text) for text in findings(made)))
    return status(made)


def status(made: Review) -> int:
    """What a gate goes by: one proof of a fault is enough; without one, a check that broke leaves it unjudged."""
    results = {check.result for check in made.checks}
    if "fail" in results:
        return ITERATE
    return UNJUDGED if "broken" in results else ACCEPT if made.recommendation == "accept" else ITERATE


def _block(text: str) -> str:
    return f"- {text}"


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
    turns = (facts.load(folder) for folder in sorted(found.delegates.glob("*/*")) if folder.name.isdecimal())
    told = catches(turn.review for turn in turns if turn is not None and turn.review is not None)
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
