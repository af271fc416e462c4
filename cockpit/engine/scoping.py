"""The brief of an item's next turn, made before anything is dispatched: for the scope gate, shell and screen."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from cockpit import facts
from cockpit.act import tmux
from cockpit.act.brief import brief
from cockpit.act.lint import lint, listed
from cockpit.clean import clean, line
from cockpit.engine import briefing, claiming, stubbing
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import journal
from cockpit.spec import Document, Item, fields, parse
from cockpit.spec.phases import whole


@dataclass(frozen=True, slots=True)
class Made:
    """A brief and what is told of it."""

    scope: facts.Scope
    text: str


def agent_of(item: Item, document: Document) -> str:
    """Who would work on it: the item's word, else the spec's."""
    return item.value("agent") or document.controls.agent


def intention(
    places: Places, document: Document, item: Item, number: int, note: str, agent: str, target: str, tip: str
) -> facts.Dispatch:
    """What a turn of that item would be, from the document as it is. Raises CockpitError for a field without sense."""
    previous = facts.load(places.turn(item.id, number - 1)) if number > 1 else None
    return facts.Dispatch(
        item=item.id,
        turn=number,
        text=item.text,
        agent=agent,
        model=item.value("model") or document.controls.model,
        branch=item.value("branch") or f"delegate/{item.id}",
        base=previous.dispatch.base if previous else tip,
        target=target,
        worktree=str(places.worktrees / item.id),
        session=tmux.name(item.id, number),
        timeout=_minutes(item, document) * 60,
        goal=goal_digest(document),
        note=note,
        verify=fields.commands(item, document.controls),
        allow=list(document.controls.allow),
        at=time.time(),
    )


def make(places: Places, document: Document, item: Item, dispatch: facts.Dispatch) -> Made:
    """The brief as it would be sent now. Keeps the document's version, changes nothing else."""
    news = briefing.news(places, document, item, dispatch.turn)
    text = brief(item, document, places, dispatch, news)
    scope = facts.Scope(
        digest=facts.digest(text),
        source=source(places, document, item),
        words="",
        agent=dispatch.agent,
        model=dispatch.model,
        branch=dispatch.branch,
        verify=dispatch.verify,
        claims=_claims(places, document, item, dispatch.turn),
        findings=[finding.words for finding in lint(text, str(places.root))],
        spec=journal.keep(places, document.data),
        told=[correction.key for correction in news.corrections],
        at=time.time(),
    )
    return told(Made(scope, text))


def edited(places: Places, made: Made, before: facts.Scope, text: str) -> Made:
    """The human's own text in place of what would be made now; `behind` when the spec has changed under it."""
    findings = [finding.words for finding in lint(text, str(places.root))]  # with the secret that is taken out now
    text = clean(text)
    behind = before.behind or before.source != made.scope.source
    scope = msgspec.structs.replace(
        made.scope, digest=facts.digest(text), edited=True, behind=behind, findings=findings
    )
    return told(Made(scope, text))


def told(made: Made) -> Made:
    """The same with the line that the item's `scope:` gets."""
    scope = made.scope
    parts = [
        f"brief of {len(made.text.split())} words for {scope.agent}" + (f" ({scope.model})" if scope.model else ""),
        "edited by you" if scope.edited else "",
        "the spec has changed since" if scope.behind else "",
        _holding(scope.claims),
        listed(scope.findings),
    ]
    words = line("; ".join(part for part in parts if part), 200)
    return replace(made, scope=msgspec.structs.replace(scope, words=words))


def standing(places: Places, document: Document, item: Item) -> facts.Scope | None:
    """What is prepared for the item's first turn; None when it is to be made or read again."""
    found = facts.prepared(places.turn(item.id, 1))
    if found is None or facts.digest(found[1]) != found[0].digest:
        return None
    return found[0] if source(places, document, item) == found[0].source else None


def source(places: Places, document: Document, item: Item) -> str:
    """Digest of what the item's first brief says and to whom: without what the tree and the signals say.

    But with the OpenSpec change that it goes by, and which parts and patterns it quotes: others are another brief.
    """
    item = whole(document, item)
    stub = stubbing.stub(places, document, item)
    quoted = [*([repr(stub)] if stub else []), *item.values("from"), *item.values("like")]
    return _source(places, document.data, item.id, "\0".join(quoted))


@functools.lru_cache(maxsize=64)
def _source(places: Places, data: bytes, id: str, quoted: str) -> str:
    document = parse(data)
    item = document.item(id)
    if item is None:
        return ""
    item = whole(document, item)
    note = "\n".join(item.values("iterate"))
    try:
        dispatch = intention(places, document, item, 1, note, agent_of(item, document), "", "")
    except CockpitError as error:
        return facts.digest(str(error))
    news = replace(briefing.news(places, document, item, 1, looked=False), signals=())
    text = re.sub(rf"({re.escape(places.spec_name)}):\d+", r"\1", brief(item, document, places, dispatch, news))
    return facts.digest("\0".join((dispatch.agent, dispatch.model, text, *((quoted,) if quoted else ()))))


def _claims(places: Places, document: Document, item: Item, number: int) -> list[str]:
    """What the item says of the code, each after whether it holds."""
    try:
        found = claiming.held(places, document, item, number)
    except CockpitError:
        return []  # no commit to hold it against
    return [f"{claim.state}: {line(claim.what, 200)}" for claim in found.claims]


def _holding(claims: Sequence[str]) -> str:
    """How many of the claims hold, in words; what is to be made is no claim, and what is unknown is said to be."""
    states = [claim.partition(":")[0] for claim in claims]
    held, stale, unknown = (states.count(state) for state in ("holds", "stale", "unknown"))
    judged = f"{held} of {held + stale} claims hold" if held + stale else ""
    return ", ".join(part for part in (judged, f"{unknown} unknown" if judged and unknown else "") if part)


def goal_digest(document: Document) -> str:
    """What `dispatch.json` keeps of the goal, to tell later that it changed."""
    return facts.digest(document.goal)


def _minutes(item: Item, document: Document) -> float:
    found = fields.minutes(item, document.controls)
    if found is None:
        words = line(item.value("timeout"), 60)
        raise CockpitError(f"timeout: {words} is no count of minutes", where=item.id, remedy="write timeout: 30")
    return found
