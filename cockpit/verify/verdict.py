"""From fourteen checks to one recommendation, one line, and the findings of an iterate."""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.facts import Check, Recommendation, Result, Review
from cockpit.verify.table import NAMES

ACCEPTANCE, VERIFICATION, ANSWER = 1, 2, 14
SHOWN = 30
"""Lines of the verification's output that go into its finding."""


def recommend(checks: Sequence[Check]) -> Recommendation:
    """The rule: a check that failed or broke, or one of the fourteen missing, means iterate; else accept.

    A result that nothing verified (no command named) is accept too, and `summary` says so. Reject is never recommended:
    giving work up is the human's.
    """
    whole = [check.number for check in checks] == list(range(1, len(NAMES) + 1))
    return "accept" if whole and all(check.result in ("pass", "n/a") for check in checks) else "iterate"


def summary(review: Review) -> str:
    """The verdict in one line: `13 pass, 1 fail (lockfile); iterate`. It is what the item's `review:` field says."""
    parts: list[str] = []
    results: tuple[Result, ...] = ("pass", "fail", "broken", "n/a")
    for result in results:
        names = [check.name for check in review.checks if check.result == result]
        if names:
            parts.append(f"{len(names)} {result}" + (f" ({', '.join(names)})" if result in ("fail", "broken") else ""))
    if review.notes:
        parts.append(f"{len(review.notes)} claim{'s' * (len(review.notes) > 1)} stale on the target")
    if review.unsettles:
        parts.append(f"makes {', '.join(words.partition(':')[0] for words in review.unsettles)} stale")
    if review.on_base:
        parts.append("red on the base too")
    if wrong := sum(claim.wrong for claim in review.claims):
        parts.append(f"{wrong} claim{'s' * (wrong > 1)} of the agent not so")
    unverified = any(check.number == VERIFICATION and check.result == "n/a" for check in review.checks)
    return f"{', '.join(parts)}; {review.recommendation}" + (", nothing verified" if unverified else "")


def findings(review: Review) -> list[str]:
    """What an iterate tells the agent: each failed or broken check, its evidence, the last lines of what it ran."""
    printed = {ACCEPTANCE: review.acceptance, VERIFICATION: review.output}
    found = [f"no longer true on the target: {note}" for note in review.notes]
    for check in review.checks:
        if check.bad:
            words = f"{check.name}: {check.evidence}"
            if printed.get(check.number, "").strip():
                lines = printed[check.number].rstrip().split("\n")[-SHOWN:]
                words += "\n" + "\n".join(f"    {line}".rstrip() for line in lines)
            found.append(words)
    return found
