"""The brief: everything a delegate is told, as markdown, made from the spec and the dispatch (design, section 6)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cockpit.clean import clean
from cockpit.facts import Dispatch, Review
from cockpit.paths import Places
from cockpit.spec import fields
from cockpit.spec.decisions import Decision, decisions
from cockpit.spec.model import Document, Item, Kind

BOOKKEEPING = frozenset(
    (
        "agent",
        "model",
        "branch",
        "review",
        "merged",
        "verdict",
        "iterate",
        "steer",
        "asks",
        "why",
        "proof",
        "timeout",
        "note",
    )
)
"""Fields of an item that are between the human and the engine, not part of the task."""

CONTRACT = """\
## What to hand in

1. Work in this folder only and commit your work to the branch you are on (`{branch}`). Small commits, honest messages.
2. At the end write your answer as JSON to `.cockpit/answer.json` in this folder (the file is ignored by git):

```json
{{
  "status": "done",
  "summary": "What you changed and why, in two or three sentences.",
  "question": "",
  "assumptions": ["What you took for granted"],
  "claims": ["pytest tests/test_a.py passes"],
  "follow_ups": ["Work you noticed and left alone"]
}}
```

`status` is one of
- `done`: the task is finished and committed;
- `asks`: you need a decision that only the human can take; put it into `question` and stop;
- `blocked`: it cannot be done here, `summary` says why. This is a respected outcome: better blocked than made up;
- `escalate`: the task is wrong or dangerous as it stands, `summary` says why.

What you claim is checked: the verification runs again on the merged tree, with protected files as they were.
"""

GUARDRAILS = """\
## Guardrails

- Do not edit the spec `{spec}`: it is the human's. {protected}
- Do not push, do not merge, do not switch or rewrite branches, do not use `--no-verify`.
- Never weaken, skip or delete a test to make it pass.
- Put no secret into a file, a commit message or the answer.
"""


def brief(
    item: Item,
    document: Document,
    places: Places,
    dispatch: Dispatch,
    *,
    steers: Sequence[str] = (),
    review: Review | None = None,
) -> str:
    """The brief of one turn. `steers` are messages that no earlier turn received, `review` is the last turn's verdict.

    Pure. Secrets and control characters are taken out of the whole.
    """
    protected = fields.protected(item, document.controls)
    parts = [
        f"# {item.text.strip()}\n\nItem `{item.id}`, turn {dispatch.turn}, branch `{dispatch.branch}`.\n",
        _again(dispatch, steers, review),
        _part("Goal", document.goal),
        _part("The task in full", _details(item, document)),
        _part("Acceptance", _body(document, Kind.ACCEPTANCE)),
        _part("Decisions", _decisions(document)),
        _scope(fields.paths(item), protected),
        _verification(item, document),
        CONTRACT.format(branch=dispatch.branch),
        GUARDRAILS.format(
            spec=places.spec_name, protected=f"Nor {', '.join(f'`{path}`' for path in protected)}." if protected else ""
        ),
    ]
    return clean("\n".join(part for part in parts if part))


def _part(title: str, text: str) -> str:
    return f"## {title}\n\n{text.strip()}\n" if text.strip() else ""


def _again(dispatch: Dispatch, steers: Sequence[str], review: Review | None) -> str:
    """What is new since the last turn; it goes first, because the work so far is already in the worktree."""
    parts: list[str] = []
    if dispatch.turn > 1:
        parts.append(
            f"This is turn {dispatch.turn}. Your earlier work is in this worktree (see `git log`); go on from there."
        )
    if dispatch.note:
        parts.append(f"The human says:\n\n{_quote(dispatch.note)}")
    parts += [f"The human adds:\n\n{_quote(words)}" for words in steers]
    if review is not None:
        findings = [check for check in review.checks if check.result in ("fail", "broken")]
        if findings:
            lines = (f"- {check.number} {check.name}: {check.result}. {check.evidence}" for check in findings)
            parts.append("The last review found:\n\n" + "\n".join(lines))
            tail = review.output[-4000:]
            if any(check.number == 2 for check in findings) and tail.strip():
                parts.append(f"The verification said, at its end:\n\n{_fence(tail)}")
    return _part("New in this turn", "\n\n".join(parts))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.strip().split("\n"))


def _fence(text: str) -> str:
    ticks = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{ticks}\n{text.strip()}\n{ticks}"


def _details(item: Item, document: Document) -> str:
    """What the item says below its first line, without the bookkeeping; empty when that is nothing."""
    cut = [field.span for field in item.fields if field.key in BOOKKEEPING | {"verify", "paths", "protect", "after"}]
    kept, at = bytearray(), item.head.end
    for span in sorted(cut, key=lambda span: span.start):
        kept += document.data[at : span.start]
        at = max(at, span.end)
    kept += document.data[at : item.span.end]
    return kept.decode(errors="replace").rstrip() if kept.strip() else ""


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
    return "\n\n".join(part for part in (kept.decode(errors="replace").strip(), "\n".join(lines)) if part)


def _body(document: Document, kind: Kind) -> str:
    section = document.section(kind)
    return document.data[section.body.start : section.body.end].decode(errors="replace") if section else ""


def _scope(paths: Sequence[str], protected: Sequence[str]) -> str:
    lines = [f"Change only {', '.join(f'`{path}`' for path in paths)}."] if paths else []
    if protected:
        lines.append(f"Protected, never to be changed: {', '.join(f'`{path}`' for path in protected)}.")
    return _part("Scope", "\n".join(lines))


def _verification(item: Item, document: Document) -> str:
    commands = fields.commands(item, document.controls)
    if not commands:
        return ""
    return _part("Verification", "Run in this folder, and again before you hand in:\n\n" + _fence("\n".join(commands)))
