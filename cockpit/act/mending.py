"""What a delegate may do to its branch because a review asks for it, and else may not (R192, R250, R269). Pure.

The guardrails forbid to merge and to rewrite. A conflict with the target, or a secret in an earlier commit, cannot be
mended without: such a finding opens just that, in exact words, for as long as it stands.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from cockpit.facts import Check, Review
from cockpit.spec.words import code

CONFLICTS, SECRETS, PROVENANCE = "conflicts", "secrets", "provenance"
NEEDS_A_TREE = ("acceptance grep", "verification")
"""Checks that run commands on the merged tree: a conflict breaks them, and says so itself."""


@dataclass(frozen=True, slots=True)
class Mending:
    """The steps of the plan, and which of the forbidden things they are."""

    steps: tuple[str, ...] = ()
    merges: str = ""
    """The branch that may be merged, short; empty for none."""
    rewrites: bool = False
    """Its own commits may be made anew."""
    commands: tuple[str, ...] = ()
    """What an agent that asks for each permission is granted for it."""


def mending(review: Review | None, target: str, fork: str = "") -> Mending:
    """What the findings of that review need, when results go to the ref `target`; `fork` is the commit where its branch
    left that, empty where it is not known.
    """
    failed = {check.name: check for check in review.checks if check.result == "fail"} if review and target else {}
    short = target.removeprefix("refs/heads/")
    secret, conflict = SECRETS in failed, CONFLICTS in failed
    rewrites = secret or any(_of_a_commit(check) for name, check in failed.items() if name == PROVENANCE)
    merge = f"git merge --no-edit {shlex.quote(short)}"
    back = (
        f"git reset --soft {fork[:12]}" if fork else f'git reset --soft "$(git merge-base {shlex.quote(short)} HEAD)"'
    )
    return Mending(
        steps=(*([_anew(back, short, secret)] if rewrites else ()), *([_merge(merge)] if conflict else ())),
        merges=short if conflict else "",
        rewrites=rewrites,
        commands=(*([back] if rewrites else ()), *([merge] if conflict else ())),
    )


def told(review: Review) -> list[Check]:
    """The findings that a brief tells: all that failed or broke, but for what broke on a conflict that is told too."""
    found = [check for check in review.checks if check.bad]
    if not any(check.name == CONFLICTS and check.result == "fail" for check in found):
        return found
    return [check for check in found if check.result == "fail" or check.name not in NEEDS_A_TREE]


def _of_a_commit(check: Check) -> bool:
    """Whether a finding is about commits themselves: no further commit mends that."""
    return any(spot.what.startswith("commit ") for spot in check.spots)


def _merge(merge: str) -> str:
    return (
        f"Bring the target in: {code(merge)}. Resolve what `git diff --name-only --diff-filter=U` lists, so that what"
        " either side is for still works; then `git add -A`, `git commit --no-edit`. Do not rebase."
    )


def _anew(command: str, short: str, secret: bool) -> str:
    back, show = code(command), code(f"git log -p {shlex.quote(short)}..HEAD")
    if not secret:
        return f"Make your own commits anew: {back} takes them back and leaves the files as they are; then commit."
    return (
        f"Take the secret out of the branch's history, where a further commit leaves it: {back} takes your commits back"
        f" and leaves the files as they are; take it out of the files, `git add -A`, commit. {show} must not show it"
        " any more. Do not repeat it in a message or in the answer."
    )
