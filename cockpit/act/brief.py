"""The brief: everything a delegate is told, as markdown, made from the spec and the dispatch (design, section 6)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from cockpit.act import quoting
from cockpit.act.concerns import concerning
from cockpit.act.contract import CONTRACT, GUARDRAILS, INVENTORY, PLAN, TASK, VERIFICATION, contract, guardrails
from cockpit.act.execution import plan
from cockpit.act.mending import mending, told
from cockpit.act.news import BOOKKEEPING, News, Stub, changed
from cockpit.act.phasing import phase_of
from cockpit.clean import clean, line
from cockpit.facts import Dispatch
from cockpit.paths import Places
from cockpit.spec import fields, parse
from cockpit.spec.comments import comment
from cockpit.spec.corrections import Correction
from cockpit.spec.decisions import Decision, decisions
from cockpit.spec.model import Document, Item, Kind

LONGEST = 4000
"""Characters of one quote in a brief."""
RULES = frozenset(("constraints", "conventions", "domain", "glossary", "language", "parameters"))
"""Titles of sections, in lower case, that go into each first brief as they stand (R110, R111)."""
ELSEWHERE = frozenset(("after", "keep", "openspec", "paths", "plan", "protect", "state", "verify"))
"""Fields of an item that parts of their own tell."""


def brief(item: Item, document: Document, places: Places, dispatch: Dispatch, news: News | None = None) -> str:
    """The brief of one turn: all of it for the first, and for a later one what has changed since the last (R23).

    A later one leaves out what the first says and nobody changed, and names the first, which lies beside it. The six
    parts are in each (R245 to R250): task, inventory, plan, verification, contract, guardrails; where there is nothing
    to say, the part is left out, and `lint` tells. Pure. Secrets and control characters are taken out of the whole.
    """
    news = news or News()
    way = mending(news.judged, dispatch.target, news.fork)
    tasks = news.stub.tasks if news.stub else ()
    parts = [
        f"# {item.text.strip()}\n\nItem `{item.id}`, turn {dispatch.turn}, branch `{dispatch.branch}`.\n",
        _again(dispatch, news, places.spec_name),
        *(_first(item, document, places) if news.before is None else _later(news.before, document, places)),
        part("Noticed, and concerns this", "\n".join(news.signals)),
        part("Measured", "\n".join(news.measured)),
        part("Phase", phase_of(item, document, news.phases)),
        part(TASK, details(item, document)),
        *([part("The change", _change(news.stub))] if news.stub else []),
        part("Made out of", quoting.parts(news.parts)),
        *(part(f"The pattern: {line(one.id, 40)}", quoting.pattern(one)) for one in news.like),
        part(INVENTORY, "\n".join(news.inventory)),
        part(PLAN, plan(item, document, dispatch.turn, _names(news.inventory), way, tasks)),
        _verification(item, document),
        part(CONTRACT, contract(dispatch.branch, item)),
        part(GUARDRAILS, guardrails(item, document, places.spec_name, way)),
    ]
    return clean("\n".join(one for one in parts if one))


def _names(inventory: Sequence[str]) -> bool:
    """Whether the inventory names something to read."""
    return any(row.startswith("- ") for row in inventory)


def _first(item: Item, document: Document, places: Places) -> list[str]:
    """What a delegate that knows nothing is told of the document."""
    return [
        part("Goal", document.goal),
        *(part(title, text) for title, text in _rules(document, places.spec_name)),
        part("Acceptance", _body(document, Kind.ACCEPTANCE)),
        part("Decisions", _decisions(document)),
        *(part(title, "\n".join(lines)) for title, lines in concerning(item, document, places.spec_name)),
    ]


def _rules(document: Document, name: str) -> Iterator[tuple[str, str]]:
    """The human's own sections that hold for every task: the words of the domain, its rules, its settings."""
    for section in document.sections:
        if section.kind is None and section.title.strip().casefold() in RULES:
            text = document.data[section.body.start : section.body.end].decode().strip()
            more = f"\n\n(cut here: read the rest in {name}:{section.line})" if len(text) > LONGEST else ""
            yield section.title.strip(), text[:LONGEST] + more


def _later(before: bytes, document: Document, places: Places) -> list[str]:
    """What has changed for a delegate that was told the rest before."""
    was = parse(before).goal
    goal = document.goal
    if was == goal:
        text = f"Unchanged: {line(goal, 200)}" if goal else ""
    else:
        text = f"{goal or 'There is none any more.'}\n\nIt was:\n\n{_quote(was or 'none')}"
    lines = changed(before, document.data, places.spec_name)
    return [part("Changed in the spec since your last brief", "\n".join(lines)), part("Goal", text)]


def part(title: str, text: str) -> str:
    """A section of a brief; empty where there is nothing to say."""
    return f"## {title}\n\n{text.strip()}\n" if text.strip() else ""


def _again(dispatch: Dispatch, news: News, name: str) -> str:
    """What is new since the last turn; it goes first, because the work so far is already in the worktree."""
    parts: list[str] = []
    if dispatch.turn > 1:
        parts.append(
            f"This is turn {dispatch.turn}. Your earlier work is in this worktree (see `git log`); go on from there."
        )
    if news.before is not None and news.earlier:
        beside = ", ".join(f"`.cockpit/brief.{number}.md`" for number in news.earlier)
        parts.append(f"What you were told before still holds, but for what is said here: {beside}.")
    parts += [_corrected(correction, dispatch, name) for correction in news.corrections]
    if news.stopped:
        parts.append(news.stopped)
    if dispatch.note:
        parts.append(f"The human says:\n\n{_quote(dispatch.note)}")
    if news.comments:
        said = "\n\n".join(_comment(value) for value in news.comments)
        parts.append(f"The human comments on lines of your last result, as they stood there:\n\n{said}")
    parts += [f"The human adds:\n\n{_quote(words)}" for words in news.steers]
    parts += [f"The human said in the exchange:\n\n{_quote(words)}" for words in news.said]
    if news.review is not None and news.review.notes:
        gone = "\n".join(f"- {line(note, 300)}" for note in news.review.notes)
        parts.append(f"Others' work was merged since; of your task this holds no longer:\n\n{gone}")
    if news.review is not None:
        findings = told(news.review)
        if findings:
            lines: list[str] = []
            for check in findings:
                lines.append(f"- {check.number} {check.name}: {check.result}. {check.evidence}")
                lines += [f"  - {quote.told}" for quote in news.review.limits if quote.check == check.number]
            parts.append("The last review found:\n\n" + "\n".join(lines))
            tail = news.review.output[-4000:]
            if any(check.number == 2 for check in findings) and tail.strip():
                parts.append(f"The verification said, at its end:\n\n{quoting.fence(tail.strip())}")
    return part("New in this turn", "\n\n".join(parts))


def _comment(value: str) -> str:
    """A comment: where, what stands there, the words."""
    found = comment(value)
    if found is None or not found.path:
        return f"- the whole:\n{_indented(_quote(value))}"
    gone = " (a line that you took away)" if found.gone else ""
    where = f"`{found.path}:{found.line}`{gone}" if found.line else f"`{found.path}`"
    return f"- {where}{f', `{found.quote}`' if found.quote else ''}:\n{_indented(_quote(found.words))}"


def _corrected(correction: Correction, dispatch: Dispatch, name: str) -> str:
    """One correction, bound to its answer: what was written, and what the human says to it (R27)."""
    whose = "your answer" if correction.item == dispatch.item else f"the answer to {correction.item}"
    text = f"The human corrects {whose} of turn {correction.turn} ({name}:{correction.line}):\n\n"
    if not correction.after:
        return f"{text}It said, and that is struck:\n\n{_quote(correction.before)}"
    text += _quote(correction.words)
    return f"{text}\n\nIt stands where you wrote:\n\n{_quote(correction.before)}" if correction.before else text


def _change(stub: Stub) -> str:
    """What the OpenSpec change says, page by page; its own words are quoted."""
    parts = [f"The task goes by the OpenSpec change `{line(stub.folder, 200)}`."]
    parts += [f"Its {name}:\n\n{_quote(text)}" for name, text in stub.pages.items()]
    if stub.requirements:
        parts.append("Its specs change:\n\n" + "\n".join(f"- {line(one, 300)}" for one in stub.requirements))
    return "\n\n".join(parts)


def _quote(text: str) -> str:
    """The words as a quote; a very long one is cut, for the spec has all of it (R95)."""
    words = text.strip()
    words = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return "\n".join(f"> {line}" for line in words.split("\n"))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def details(item: Item, document: Document) -> str:
    """What the item says below its first line, without the bookkeeping; empty when that is nothing."""
    cut = [field.span for field in item.fields if field.key in BOOKKEEPING | ELSEWHERE]
    kept, at = bytearray(), item.head.end
    for span in sorted(cut, key=lambda span: span.start):
        kept += document.data[at : span.start]
        at = max(at, span.end)
    kept += document.data[at : item.span.end]
    return textwrap.dedent(kept.decode(errors="replace")).strip()


def _decisions(document: Document) -> str:
    """The section with what stands as it is written, then what no longer holds in a line each (R100)."""
    section = document.section(Kind.DECISIONS)
    if section is None:
        return ""
    gone = {entry.id: entry for entry in decisions(document) if entry.state in ("superseded", "dropped")}
    inside = [item for item in document.items if section.body.start <= item.span.start < section.body.end]
    kept, at = bytearray(), section.body.start
    told: list[Decision] = []
    for item in inside:
        if item.id in gone and not item.children:
            told.append(gone[item.id])
            kept += document.data[at : item.span.start]
            at = item.span.end
    kept += document.data[at : section.body.end]
    lines = [
        f"- No longer: {entry.text} ({entry.id}"
        + (f", now {entry.by}" if entry.by else "")
        + f"){f', because {entry.gone}' if entry.gone else ''}"
        for entry in told
    ]
    return "\n\n".join(one for one in (kept.decode(errors="replace").strip(), "\n".join(lines)) if one)


def _body(document: Document, kind: Kind) -> str:
    section = document.section(kind)
    return document.data[section.body.start : section.body.end].decode(errors="replace") if section else ""


def _verification(item: Item, document: Document) -> str:
    steps = fields.steps(item, document.controls)
    if not steps:
        return ""
    rows = [row for step in steps for row in ([f"# {step.name}"] if step.name else []) + [step.command]]
    when = "Run in this folder, and again before you hand in:"
    if fields.worldly(item):
        when = "This item changes a state, not the code: nothing of this branch is merged. It is done when this passes:"
    return part(VERIFICATION, f"{when}\n\n" + quoting.fence("\n".join(rows).strip()))
