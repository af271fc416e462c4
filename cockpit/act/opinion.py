"""The brief of an agent that looks at another's result before the human does, and what it says (R190).

What it says is foreign text: bounded and cleaned, shown to the human, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from cockpit import facts
from cockpit.act.brief import details, part
from cockpit.act.contract import ANSWER, TASK
from cockpit.act.quoting import fence
from cockpit.clean import clean, line
from cockpit.facts import Note, Opinion, Turn
from cockpit.spec import Document, Item, criteria, fields

LONGEST = 200_000
"""Characters of a diff that stand in the brief; the agent can read the rest in its copy."""
NOTES = 50
"""Notes that are kept."""
WORDS = 600
"""Characters of one note."""
_CONTRACT = f"""\
Change nothing and commit nothing: this folder is a copy that is thrown away, and no other branch is in reach. You may
read all of it and run its tests. Then write what you have to say as JSON to `{ANSWER}` in this folder, and stop:

```json
{{
  "summary": "What you think of it, in two or three sentences.",
  "notes": [{{"path": "src/a.py", "line": 12, "words": "What is wrong here, and what would be better."}}]
}}
```

`line` is that of the file as it is here; leave it out to speak of the file as a whole. Say what a reader would miss:
faults, what the task asks and this does not do, tests that prove nothing. No praise, nothing that a check says already.
Empty `notes` are a good answer. You decide nothing: a human reads your notes beside the diff, and judges.
"""


class _Note(msgspec.Struct):
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    words: Annotated[str, msgspec.Meta(min_length=1)]
    line: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0


class _Said(msgspec.Struct):
    summary: str
    notes: list[_Note]


def brief(item: Item, document: Document, turn: Turn, base: str, diff: str) -> str:
    """What that agent is told: task, criteria, what the checks found and the author says, the diff against `base`.

    Pure; the turn has a review. Secrets and control characters are taken out of the whole.
    """
    review = turn.review
    head = review.head if review is not None else ""
    more = f"\n\nIt is longer: `git diff {base} {head}` shows all of it." if len(diff) > LONGEST else ""
    parts = [
        f"# A second look at: {item.text.strip()}\n\nItem `{item.id}`: another agent has done it, a human judges the "
        f"result next. It is commit `{head}`, checked out here; before it was `{base}`.\n",
        part("Goal", document.goal),
        part(TASK, details(item, document)),
        part("What it must meet", "\n".join(_criteria(item, document))),
        part("What the checks found", "\n".join(_found(turn))),
        part("What its author says of it", turn.answer.summary if turn.answer is not None else ""),
        part("The change", fence(diff[:LONGEST].strip()) + more if diff.strip() else "It changes no line."),
        part("What to hand in", _CONTRACT),
    ]
    return clean("\n".join(one for one in parts if one))


def _criteria(item: Item, document: Document) -> Iterator[str]:
    for step in fields.steps(item, document.controls):
        yield f"- `{step.command}` passes"
    if paths := fields.paths(item):
        yield f"- nothing changes outside of {', '.join(f'`{path}`' for path in paths)}"
    for entry in criteria(document):
        yield f"- {line(entry.item.text, 300)}" + (f" (`{entry.command}`)" if entry.command else "")


def _found(turn: Turn) -> Iterator[str]:
    for check in turn.review.checks if turn.review is not None else ():
        yield f"- {check.number} {check.name}: {check.result}. {line(check.evidence, 600)}"


def hear(own: Turn, at: float) -> Opinion:
    """What came of a run that gives an opinion and is over (`own`): its notes, or why there are none."""
    head, agent = own.dispatch.base, line(own.dispatch.agent, 40)
    end = own.sentinel
    if end is None or end.outcome != "finished":
        why = f"{end.outcome}: {end.detail}" if end is not None and end.detail else end.outcome if end else "it is gone"
        return Opinion(head=head, agent=agent, trouble=line(f"none, {why}", 200), at=at)
    try:
        said = _read(own.folder / facts.NAMES[facts.Answer])
    except FileNotFoundError:
        return Opinion(head=head, agent=agent, trouble="none, it wrote no answer", at=at)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Opinion(head=head, agent=agent, trouble=line(f"none, malformed answer: {error}", 200), at=at)
    notes = [Note(_path(note.path), line(note.words, WORDS), note.line) for note in said.notes]
    kept = [note for note in notes if note.path and note.words]
    return Opinion(head=head, agent=agent, summary=line(said.summary, 1000), notes=kept[:NOTES], at=at)


def _read(path: Path) -> _Said:
    return msgspec.json.decode(path.read_bytes(), type=_Said)


def _path(words: str) -> str:
    return line(words.strip().strip("`").removeprefix("./"), 400)
