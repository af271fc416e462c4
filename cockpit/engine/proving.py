"""The proofs of what results go to: read for each look, made once a tree, kept as facts (R35, R67, R108).

A proof belongs to a tree without the spec, so steering commits need none. What a review proved of the tree that its
merge gives is a proof of the tip that the merge makes: in the usual case nothing runs twice.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

import msgspec

from cockpit import facts, verify
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import branches, git
from cockpit.select.base import Base, base, off, wanted
from cockpit.spec import Document

_one = threading.Lock()
"""One proof at a time: who comes second finds it made."""


def base_of(places: Places, document: Document, ref: str, commit: str, since: float) -> Base:
    """What is known of the tip `commit` of `ref` (see `select.base.base`); starts nothing, never raises."""
    must = () if off(document) else wanted(document)
    name = ref.removeprefix("refs/heads/")
    if not commit or not must:
        return Base(name, commit)
    return base(must, _known(places, commit), name=name, commit=commit, since=since)


def not_green(places: Places, document: Document, commit: str) -> str:
    """Why that commit is not green by the base checks, in words, whether they hold the loop or not; empty when it is.

    What is not known is run now. Raises as `prove`.
    """
    must = wanted(document)
    if not any(not one.name for one in must):
        return "none are named: set verify:"
    found = base(must, _known(places, commit), name="", commit=commit, since=0.0)
    if found.missing:
        prove(places, found)
        found = base(must, _known(places, commit), name="", commit=commit, since=0.0)
    return next((f"`{line(one.command, 80)}` {one.words}" for one in (*found.red, *found.dark)), "")


def prove(places: Places, found: Base) -> Base:
    """Run what is still missing on it, and keep that. Raises CockpitError when there can be no scratch, Cut when it was
    cut short: then it is missing still.
    """
    with _one:
        due = _again(places, found).missing
        ran = verify.prove(places, found.commit, [(one.command, one.seconds) for one in due]) if due else []
        told = [msgspec.structs.replace(one, since=_since(places, found.commit, one)) for one in ran]
        facts.add_proof(_folder(places, found.commit), found.commit, told)
    return _again(places, found)


def _again(places: Places, found: Base) -> Base:
    """The same with what is known now."""
    known = _known(places, found.commit)
    return base(found.missing, known, name=found.name, commit=found.commit, since=found.since)


def keep(places: Places, review: facts.Review) -> None:
    """What a review proved of the tree that its merge gives: the tip that this makes is known already."""
    if review.tree and review.proved:
        ran = [facts.Ran(command=command, result="green", at=review.at) for command in review.proved]
        with contextlib.suppress(CockpitError), _one:
            facts.add_proof(_folder(places, review.tree), review.head, ran)


def greens(places: Places, tree: str) -> dict[str, float]:
    """The commands that were green on that tree, the spec beside, each with when, epoch seconds."""
    return {ran.command: ran.at for ran in _known(places, tree).values() if ran.result == "green"}


def red_on(places: Places, document: Document, commit: str) -> dict[str, str]:
    """The commands that are red on that commit itself, each with since when; what is not known is run now.

    Nothing when it cannot be told. Raises Cut when it was cut short.
    """
    try:
        found = base_of(places, document, "", commit, 0.0)
        if found.missing:
            prove(places, found)
            found = base_of(places, document, "", commit, 0.0)
    except verify.Cut:
        raise
    except CockpitError:
        return {}
    return {ran.command: ran.since for ran in found.red}


def _folder(places: Places, commit: str) -> Path:
    return places.local / "proofs" / branches.content(places, commit)


def _known(places: Places, commit: str) -> dict[str, facts.Ran]:
    with contextlib.suppress(CockpitError):
        known = facts.proof(_folder(places, commit))
        return {one.command: one for one in known.ran} if known else {}
    return {}


def _since(places: Places, commit: str, ran: facts.Ran) -> str:
    """Since which commit a command is red: the one that changed the tree last, or an earlier one where it was known to
    be red already and never green since.
    """
    if ran.result != "red":
        return ""
    for earlier in reversed(facts.proofs(places.local / "proofs")):
        was = next((one for one in earlier.ran if one.command == ran.command), None)
        if was is None or not earlier.commit or not branches.is_merged(places, earlier.commit, commit):
            continue
        if was.result == "red":
            return was.since
        break
    rest = f":(top,exclude,literal){places.spec_name}"
    done = git.call(places, "log", "-1", "--no-show-signature", "--format=%h %s", commit, "--", ".", rest)
    short, _, subject = done.stdout.decode("utf-8", "replace").strip().partition(" ")
    return f"{short or commit[:7]} ({line(subject, 60)})" if subject else short or commit[:7]
