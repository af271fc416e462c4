"""The parts of the system that an item is made out of, or is to be like: whether they are still there (R112, R116)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cockpit import persist
from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.facts import Claim, ClaimKind, ClaimState
from cockpit.paths import Places
from cockpit.persist import sides, tree
from cockpit.spec.model import Document, Item
from cockpit.spec.samples import KEY, Sample, samples


def sampled(places: Places, document: Document, item: Item, commit: str, past: str) -> list[Claim]:
    """A claim for each part that its `from:` names in the tree and each item of `like:`.

    `commit` may be a bare tree, `past` has its history. Whether a signal still stands is for who has the signals.
    """
    found = [part_of(places, part, commit, past) for part in samples(item) if part.kind != "signal"]
    return [*found, *_likes(document, item)]


def part_of(places: Places, part: Sample, commit: str, past: str) -> Claim:
    """Whether lines, a file or a commit is there."""
    return _file(places, part, commit, past) if part.kind == "file" else _commit(places, part, past)


def _claim(kind: ClaimKind, what: str, state: ClaimState, evidence: str, source: str, **more: str | int) -> Claim:
    return Claim(
        kind=kind,
        what=line(what, 160),
        state=state,
        source=f"{source}:",
        evidence=line(evidence, 240),
        suggestion=line(str(more.get("suggestion", "")), 200),
        path=str(more.get("path", "")),
        line=int(more.get("line", 0)),
    )


def _file(places: Places, part: Sample, commit: str, past: str) -> Claim:
    kind: ClaimKind = "line" if part.first else "path"
    now = tree.texts(places, commit, [part.what]).get(part.what)
    if now is None and part.what not in tree.entries(places, commit):
        gone = tree.gone(places, past, [part.what]).get(part.what)
        how = f"is gone since {gone.commit} ({gone.subject})" if gone else "is not there"
        return _claim(kind, part.place, "stale", how, KEY, suggestion=gone.to if gone else "")
    if now is None or not part.first:
        return _claim(kind, part.place, "holds", f"`{part.what}` is there", KEY, path=part.what)
    text = now.split("\n")
    then = stood(places, part)
    if then is None:
        return _claim(kind, part.place, "unknown", f"git has no {part.commit} any more to compare with", KEY)
    at = where(then, text)
    if at:
        moved = "" if at == part.first else f" (it was {part.first})"
        return _claim(kind, part.place, "holds", f"`{part.what}:{at}`{moved}: {then[0].strip()}", KEY,
                      path=part.what, line=at)  # fmt: skip
    telling = {row.strip() for row in then if row.strip()}
    left = telling & {row.strip() for row in text}
    if not left:
        return _claim(kind, part.place, "stale", f"none of these lines is in `{part.what}` any more", KEY)
    evidence = f"`{part.what}` has changed there: {len(left)} of {len(telling)} lines are left"
    return _claim(kind, part.place, "holds", evidence, KEY, path=part.what)


def stood(places: Places, part: Sample) -> list[str] | None:
    """The lines of a file as they were when it was sampled; None when they cannot be read."""
    id = persist.tip(places, part.commit)
    try:
        text = sides.lines(places, id, part.what) if id else None
    except CockpitError:
        return None
    return text[part.first - 1 : part.last] or None if text and part.first else text


def where(lines: Sequence[str], text: Sequence[str]) -> int:
    """The line, from 1, at which these lines stand in a text just so; 0 when they do not."""
    many = len(lines)
    starts = (at for at, row in enumerate(text) if row == lines[0])
    return next((at + 1 for at in starts if list(text[at : at + many]) == list(lines)), 0)


def _commit(places: Places, part: Sample, past: str) -> Claim:
    id = persist.tip(places, part.commit)
    if id is None:
        return _claim("commit", part.commit, "stale", "git has no such commit any more", KEY)
    try:
        reached = persist.is_merged(places, id, past)
    except CockpitError:
        reached = False
    evidence = "is in what this turn starts from" if reached else "is there, but not in what this turn starts from"
    return _claim("commit", part.commit, "holds", evidence, KEY)


def _likes(document: Document, item: Item) -> Iterator[Claim]:
    for named in item.values("like"):
        id = named.strip(" `^")
        other = document.item(id)
        if other is None:
            yield _claim("item", id, "stale", "is no item of the spec", "like")
        elif not other.value("merged"):
            yield _claim("item", id, "stale", "is not merged: it has no result that works", "like")
        else:
            yield _claim("item", id, "holds", f"was merged as {other.value('merged')}", "like")
