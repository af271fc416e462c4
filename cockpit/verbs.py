"""ONE table of steering verbs: name, key, help, arguments, the pure edit (`edits`).

Keys, palette, help page, shell commands and `docs/keys.md` are all made from `VERBS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from cockpit import edits
from cockpit.edits import Words, World
from cockpit.errors import Refused
from cockpit.spec import Document, Kind, Mark

Target = Literal["item", "row", "none"]


@dataclass(frozen=True, slots=True)
class Argument:
    """Something a verb asks for: a line in the prompt on the screen, an option `--name` in the shell."""

    name: str
    prompt: str
    required: bool = False
    choices: tuple[str, ...] = ()
    """Suggested values; free text is legal unless the edit refuses it."""
    positional: bool = False
    """In the shell: given without `--name`, all remaining words."""
    multiline: bool = False
    asked: bool = True
    """Whether the screen asks for it; else only the shell has it."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to steer. `edit` is None for undo and redo, which are edits of history and live in `persist`."""

    name: str
    key: str
    help: str
    target: Target
    edit: Callable[[Document, str, Words, World], bytes] | None
    receipt: str
    """What the screen says when it is done; `{target}` and the arguments may be named."""
    arguments: tuple[Argument, ...] = ()
    beside: Callable[[Document, str, Words, World], Mapping[str, Callable[[bytes | None], bytes | None]]] | None = None
    """Files that go into the same commit, told from the document before the edit: path to bytes now, to bytes then."""
    tried: bool = True
    """Whether `valid` may try the edit; one that reads the whole document says no when it is used."""


REASON = Argument("reason", "Why? (optional)")
UNTIL = Argument("until", "Until?", choices=("changes", "next head", "30m", "2h", "always"))

VERBS: tuple[Verb, ...] = (
    Verb("accept", "a", "accept the result: merge it and tick the item", "item", edits.accept, "accepted {target}"),
    Verb(
        "reject",
        "r",
        "reject the result; its branch and worktree stay",
        "item",
        edits.reject,
        "rejected {target}",
        (REASON,),
    ),
    Verb(
        "iterate",
        "i",
        "send it back with a note (also: answer its question)",
        "item",
        edits.iterate,
        "{target} goes back: {note}",
        (Argument("note", "What should change?", positional=True),),
    ),
    Verb("interrupt", "x", "stop the delegate's turn now", "item", edits.interrupt, "interrupted {target}", (REASON,)),
    Verb(
        "steer",
        "s",
        "add an instruction for its next boundary",
        "item",
        edits.steer,
        "told {target}: {message}",
        (Argument("message", "Tell it:", required=True, positional=True),),
    ),
    Verb(
        "reframe",
        "R",
        "change the goal",
        "none",
        edits.reframe,
        "the goal is changed",
        (Argument("goal", "The goal", required=True, positional=True, multiline=True),),
    ),
    Verb("mute", "m", "silence a signal, item or delegate", "row", edits.mute, "muted {target}", (UNTIL, REASON)),
    Verb("unmute", "M", "end a mute", "row", edits.unmute, "unmuted {target}"),
    Verb("pin", "p", "keep it at the top (again: let go)", "row", edits.pin, "pinned or let go: {target}"),
    Verb(
        "defer",
        "d",
        "put an item off (again: take it back)",
        "item",
        edits.defer,
        "deferred or taken back: {target}",
        (Argument("until", "Until when? (optional)"),),
    ),
    Verb(
        "strike",
        "-",
        "drop an item (again: bring it back)",
        "item",
        edits.strike,
        "struck or back: {target}",
        (REASON,),
    ),
    Verb(
        "split",
        "|",
        "make several items of one",
        "item",
        edits.split,
        "split {target}",
        (Argument("texts", "The parts, one a line", required=True, positional=True, multiline=True),),
    ),
    Verb(
        "reword",
        "e",
        "say an item better",
        "item",
        edits.reword,
        "reworded {target}",
        (Argument("text", "The item", required=True, positional=True),),
    ),
    Verb(
        "add",
        "o",
        "add an item below",
        "item",
        edits.add,
        "added: {text}",
        (
            Argument("text", "New item", required=True, positional=True),
            Argument("to", "Which section?", choices=edits.SECTIONS, asked=False),
        ),
    ),
    Verb("tick", "space", "say that an item is done (again: it is not)", "item", edits.tick, "ticked or not: {target}"),
    Verb(
        "move",
        "v",
        "move an item up, down, to the top, or to another section",
        "item",
        edits.move,
        "moved {target}: {to}",
        (Argument("to", "Where to?", required=True, choices=edits.PLACES, positional=True),),
    ),
    Verb(
        "decide",
        "D",
        "write a decision down, perhaps in place of another",
        "none",
        edits.decide,
        "decided: {text}",
        (
            Argument("text", "What is decided?", required=True, positional=True),
            Argument("because", "Because? (optional)"),
            Argument("supersedes", "Which decision does it replace? (its id; optional)"),
        ),
    ),
    Verb(
        "say",
        "S",
        "say something in the exchange; every delegate hears it",
        "none",
        edits.say,
        "said: {message}",
        (Argument("message", "Say:", required=True, positional=True),),
    ),
    Verb(
        "correct",
        "C",
        "correct an answer; its delegate hears it first",
        "item",
        edits.correct,
        "corrected {target}: {note}",
        (Argument("note", "What is wrong with the answer?", required=True, positional=True),),
    ),
    Verb(
        "promote",
        "P",
        "take what an answer found out into the spec",
        "item",
        edits.promote,
        "promoted from {target}: {which}",
        (
            Argument("which", "Which?", required=True, positional=True),
            Argument("to", "Which section?", choices=tuple(kind.value for kind in edits.PROMOTED), asked=False),
        ),
    ),
    Verb(
        "compact",
        "K",
        "move what is done and said long ago into the archive",
        "none",
        edits.compact,
        "moved what is old into the archive",
        (Argument("keep", "How many of each section stay?", choices=("10", "0", "50")),),
        edits.archived,
        tried=False,
    ),
    Verb(
        "runbook",
        "B",
        "make a file of what repeats, linked from the spec",
        "row",
        edits.runbook,
        "runbook: {name}",
        (
            Argument("name", "Its name"),
            Argument("when", "When does it apply? (optional)"),
        ),
        edits.written,
    ),
    Verb(
        "resolve",
        "=",
        "choose between two sides of a conflict: what stands, or what the other side says",
        "item",
        edits.resolve,
        "resolved {target}: {take}",
        (Argument("take", "Which side?", choices=edits.SIDES),),
    ),
    Verb("loop on", "c", "let the loop go on", "none", edits.loop("on"), "the loop goes on"),
    Verb("loop step", "n", "dispatch the next head, then hold", "none", edits.loop("step"), "one step, then hold"),
    Verb("loop hold", "h", "dispatch nothing more", "none", edits.loop("hold"), "the loop holds"),
    Verb("undo", "z", "take the last act back, as a new commit", "none", None, "took back: {target}"),
    Verb("redo", "Z", "bring back what was taken back last", "none", None, "brought back: {target}"),
)
BY_NAME: Mapping[str, Verb] = {verb.name: verb for verb in VERBS}


def valid(document: Document, target: str, world: World) -> list[tuple[Verb, str]]:
    """Every verb with the reason it is refused for this target, empty when it may be used now.

    Verbs that need words are tried with placeholders, so that only the target decides.
    """
    item = document.item(target)
    elsewhere = "queue" if item is not None and item.section is not Kind.QUEUE else "backlog"
    aside = elsewhere
    if item is not None and item.mark in (Mark.RUNNING, Mark.NEEDS_YOU):  # these move within their section only
        aside = "down" if item.section is None or document.of(item.section)[0] is item else "up"
    sample = {
        "note": "…",
        "message": "…",
        "goal": document.goal + "…",
        "texts": "a\nb",
        "text": "…",
        "to": elsewhere,
        "which": "all",
    }
    answers: list[tuple[Verb, str]] = []
    for verb in VERBS:
        why = ""
        if verb.edit is not None and verb.tried and (verb.target == "none" or target or verb.name == "add"):
            try:
                words = sample | {"to": aside} if verb.name == "move" else sample
                edits.on_one(verb.edit, verb.target == "item", document, target, words, world)
            except Refused as refusal:
                why = refusal.what
        elif verb.target != "none" and not target:
            why = "nothing is selected"
        answers.append((verb, why))
    return answers
