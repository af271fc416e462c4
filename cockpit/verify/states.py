"""Items that change the world and not the code: done is a state that a command can see (R281, R282)."""

from __future__ import annotations

import time
from collections.abc import Sequence

from cockpit.clean import line
from cockpit.facts import After, Before, Check, Result, Review, Turn
from cockpit.paths import Places
from cockpit.spec.fields import Step
from cockpit.verify.checks.answer import answer
from cockpit.verify.scratch import bare
from cockpit.verify.steps import Ran, run_all
from cockpit.verify.table import TABLE
from cockpit.verify.verdict import ANSWER, VERIFICATION, recommend

NONE = "an ops or data item: nothing of its branch is merged"


def look_before(places: Places, steps: Sequence[Step], commit: str, item: str, timeout: float) -> Before:
    """Run the state check on the tree of `commit`, in a scratch worktree, for at most `timeout` seconds.

    Raises CockpitError when it cannot be run, Cut when it was cut short.
    """
    at, ran = time.time(), _run(places, steps, commit, item, timeout)
    how = ran.last
    return Before(command=joined(steps), code=how.code, words=how.words, output=ran.output, seconds=ran.seconds, at=at)


def look_after(places: Places, steps: Sequence[Step], commit: str, item: str, timeout: float) -> After:
    """The same when the delegate has ended."""
    at, ran = time.time(), _run(places, steps, commit, item, timeout)
    how = ran.last
    return After(command=joined(steps), code=how.code, words=how.words, output=ran.output, seconds=ran.seconds, at=at)


def joined(steps: Sequence[Step]) -> str:
    """The commands of a state check as the facts name them."""
    return "; ".join(step.command for step in steps)


def _run(places: Places, steps: Sequence[Step], commit: str, item: str, timeout: float) -> Ran:
    with bare(places, commit, item) as folder:
        return run_all(steps, folder, timeout)


def review_state(turn: Turn, before: Before | None, after: After, base: str, head: str) -> Review:
    """The verdict on a state: fourteen checks as ever, of which the proof and the answer say something."""
    was = f"before: {before.words}" if before is not None else "before: nobody looked"
    result: Result = "pass" if after.code == 0 else "fail"
    said = answer(turn)
    told: dict[int, tuple[Result, str, float]] = {
        VERIFICATION: (result, f"{line(after.command, 200)}: {after.words}; {was}", after.seconds),
        ANSWER: (said.result, line(said.evidence, 600), 0.0),
    }
    nothing: tuple[Result, str, float] = ("n/a", NONE, 0.0)
    checks = [
        Check(number=entry.number, name=entry.name, result=found[0], evidence=found[1], seconds=round(found[2], 3))
        for entry in TABLE
        for found in [told.get(entry.number, nothing)]
    ]
    return Review(
        base=base,
        head=head,
        recommendation=recommend(checks),
        checks=checks,
        at=time.time(),
        stat="a state, no files",
        output=after.output,
    )
