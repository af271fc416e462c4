"""What is settled of an item's scope before its first turn, and what nobody said: ticket, change, delegate (R240).

The fourth, the repository, is the one that the spec lies in. The mode and the agent are said once, in the front matter
(R239): an item asks for its own only where nobody said one. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cockpit.spec.document import Document
from cockpit.spec.item import Item
from cockpit.spec.openspec import linked
from cockpit.spec.phases import parent, whole
from cockpit.spec.plain import Controls


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle."""

    key: str
    """The field that says it."""
    words: str
    now: str
    """How it stands, in words; empty when nobody said it."""
    choices: tuple[str, ...]
    """What is known here; anything else may be meant."""


def interview(
    document: Document, item: Item, changes: Sequence[str] = (), agents: Sequence[str] = ()
) -> list[Question]:
    """The questions in order. Of the OpenSpec change it is asked only where there is one to go by."""
    mine, controls = whole(document, item), document.controls
    above = parent(document, item)
    change = linked(mine)
    ticket = item.value("ticket") or (above.value("ticket") if above is not None else "")
    named = mine.value("agent")
    agent = named or (controls.agent if controls.agent != Controls().agent else "")
    model = mine.value("model")
    asked = [Question("ticket", "Which ticket?", ticket, known(document, "ticket"))]
    if changes or change is not None:
        folder = change.folder.rpartition("/")[2] if change is not None else ""
        asked.append(Question("openspec", "Which OpenSpec change does it go by?", folder, tuple(changes)))
    own = agent if named or not agent else f"{agent}, of the spec"
    asked.append(Question("agent", "Who does it?", own, tuple(agents)))
    own = model or (f"{controls.model}, of the spec" if controls.model and not named else "")
    own = own or (f"{agent}'s own default" if agent else "")
    asked.append(Question("model", "With which model?", own, known(document, "model")))
    return asked


def unsaid(questions: Iterable[Question]) -> list[str]:
    """The fields that nobody said; a model is said with its agent, which has one by itself."""
    return [question.key for question in questions if not question.now and question.key != "model"]


def known(document: Document, key: str) -> tuple[str, ...]:
    """The values that fields of that name have in the document, each once."""
    return tuple(dict.fromkeys(value for item in document.walk() for value in item.values(key) if value))
