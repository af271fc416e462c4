"""ONE table of steering verbs: name, key, help, arguments. The pure edit of each is in `edits.EDITS`, by its name.

Keys, palette, help page, shell commands and `docs/keys.md` are all made from `VERBS`. A command line is read and a
screen is painted with these words alone: the edits are imported when one is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cockpit.choices import PLACES, PROMOTED, SCOPES, SECTIONS, SIDES
from cockpit.errors import Refused

if TYPE_CHECKING:
    from cockpit.edits import Beside, Edit, World
    from cockpit.spec import Document

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
    beside: tuple[str, ...] = ()
    """Arguments that give it: in the shell one of these is enough."""
    word: bool = False
    """In the shell: given without `--name`, one word before all others."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to steer."""

    name: str
    key: str
    help: str
    target: Target
    receipt: str
    """What the screen says when it is done; `{target}` and the arguments may be named."""
    arguments: tuple[Argument, ...] = ()
    tried: bool = True
    """Whether `valid` may try the edit; one that reads the whole document says no when it is used."""
    history: bool = False
    """Undo and redo: edits of history, which live in `persist`."""

    @property
    def edit(self) -> Edit | None:
        """The pure edit; None for an edit of history."""
        from cockpit.edits import EDITS

        return EDITS.get(self.name)

    @property
    def beside(self) -> Beside | None:
        """The files that go into the same commit; None for a verb that writes the spec alone."""
        from cockpit.edits import BESIDE

        return BESIDE.get(self.name)


REASON = Argument("reason", "Why? (optional)")
UNTIL = Argument("until", "Until?", choices=("changes", "next head", "30m", "2h", "always"))

VERBS: tuple[Verb, ...] = (
    Verb("accept", "a", "accept the result: merge it and tick the item", "item", "accepted {target}"),
    Verb(
        "reject",
        "r",
        "reject the result; its branch and worktree stay",
        "item",
        "rejected {target}",
        (REASON,),
    ),
    Verb(
        "iterate",
        "i",
        "send it back with a note (also: answer its question)",
        "item",
        "{target} goes back: {note}",
        (Argument("note", "What should change?", positional=True),),
    ),
    Verb("interrupt", "x", "stop the delegate's turn now", "item", "interrupted {target}", (REASON,)),
    Verb(
        "steer",
        "s",
        "add an instruction for its next boundary",
        "item",
        "told {target}: {message}",
        (Argument("message", "Tell it:", required=True, positional=True),),
    ),
    Verb(
        "comment",
        "#",
        "comment on a line of a result; the next iterate hands it over (no words: take back)",
        "item",
        "{target} {at}: {note}",
        (
            Argument("at", "Which line? PATH:LINE", required=True, word=True),
            Argument("note", "What about it? (empty takes it back)", positional=True),
        ),
    ),
    Verb(
        "allow",
        "A",
        "grant what its delegate asks permission for",
        "item",
        "allowed {target}: {scope}",
        (
            Argument("scope", "Once, or until the turn ends?", choices=SCOPES),
            Argument("request", "Which request?", asked=False),
        ),
    ),
    Verb(
        "deny",
        "X",
        "refuse what its delegate asks permission for; the words reach it",
        "item",
        "denied {target}: {words}",
        (
            Argument("words", "What should it do instead? (optional)", positional=True),
            Argument("request", "Which request?", asked=False),
        ),
    ),
    Verb(
        "reframe",
        "R",
        "change the goal",
        "none",
        "the goal is changed",
        (Argument("goal", "The goal", required=True, positional=True, multiline=True),),
    ),
    Verb("mute", "m", "silence a signal, item or delegate", "row", "muted {target}", (UNTIL, REASON)),
    Verb("unmute", "M", "end a mute", "row", "unmuted {target}"),
    Verb(
        "dismiss",
        "N",
        "say that a signal is not the real issue",
        "row",
        "not the real issue: {target}",
        (Argument("note", "What is the real issue? (optional)", positional=True),),
    ),
    Verb("pin", "p", "keep it at the top (again: let go)", "row", "pinned or let go: {target}"),
    Verb(
        "defer",
        "d",
        "put an item off (again: take it back)",
        "item",
        "deferred or taken back: {target}",
        (Argument("until", "Until when? an id, 2h, 2026-12-01 09:00, or your words (optional)"),),
    ),
    Verb(
        "strike",
        "-",
        "drop an item (again: bring it back)",
        "item",
        "struck or back: {target}",
        (REASON,),
    ),
    Verb(
        "split",
        "|",
        "make several items of one",
        "item",
        "split {target}",
        (Argument("texts", "The parts, one a line", required=True, positional=True, multiline=True),),
    ),
    Verb(
        "phase",
        "F",
        "make phases of an item: one delegate after the other",
        "item",
        "{target} goes in phases",
        (Argument("texts", "The phases, one a line (none: its checkboxes)", positional=True, multiline=True),),
    ),
    Verb(
        "reword",
        "e",
        "say an item better",
        "item",
        "reworded {target}",
        (Argument("text", "The item", required=True, positional=True),),
    ),
    Verb(
        "add",
        "o",
        "add an item below",
        "item",
        "added: {text}",
        (
            Argument("text", "New item", required=True, positional=True, beside=("from",)),
            Argument("to", "Which section?", choices=SECTIONS, asked=False),
            Argument("from", "Out of what? PATH[:LINE[-LINE]], the key of a signal, or a commit", asked=False),
            Argument("like", "Like which item? One whose result was merged", asked=False),
        ),
    ),
    Verb("tick", "space", "say that an item is done (again: it is not)", "item", "ticked or not: {target}"),
    Verb(
        "move",
        "v",
        "move an item up, down, to the top, or to another section",
        "item",
        "moved {target}: {to}",
        (Argument("to", "Where to?", required=True, choices=PLACES, positional=True),),
    ),
    Verb(
        "decide",
        "D",
        "write a decision down, perhaps in place of another",
        "none",
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
        "said: {message}",
        (Argument("message", "Say:", required=True, positional=True),),
    ),
    Verb(
        "correct",
        "C",
        "correct an answer; its delegate hears it first",
        "item",
        "corrected {target}: {note}",
        (Argument("note", "What is wrong with the answer?", required=True, positional=True),),
    ),
    Verb(
        "promote",
        "P",
        "take what an answer found out into the spec",
        "item",
        "promoted from {target}: {which}",
        (
            Argument("which", "Which?", required=True, positional=True),
            Argument("to", "Which section?", choices=PROMOTED, asked=False),
        ),
    ),
    Verb(
        "compact",
        "K",
        "move what is done and said long ago into the archive",
        "none",
        "moved what is old into the archive",
        (Argument("keep", "How many of each section stay?", choices=("10", "0", "50")),),
        tried=False,
    ),
    Verb(
        "reap",
        "Q",
        "strike what looks dead in queue and backlog, each with its reason",
        "none",
        "reaped {target}",
        (Argument("which", "Which? ids, or all", required=True, positional=True),),
        tried=False,
    ),
    Verb(
        "runbook",
        "B",
        "make a file of what repeats, linked from the spec",
        "row",
        "runbook: {name}",
        (
            Argument("name", "Its name"),
            Argument("when", "When does it apply? (optional)"),
        ),
    ),
    Verb(
        "resolve",
        "=",
        "choose between two sides of a conflict: what stands, or what the other side says",
        "item",
        "resolved {target}: {take}",
        (Argument("take", "Which side?", choices=SIDES),),
    ),
    Verb(
        "land",
        "L",
        "bring the feature branch into its base: the last look at the whole",
        "none",
        "{target} lands",
        (Argument("reason", "Why, if a check is red? (optional)"),),
        tried=False,
    ),
    Verb(
        "give",
        "O",
        "give an item a field: who does it, with what, after what",
        "item",
        "{target}: {key} is {value}",
        (
            Argument("key", "Which field? agent, model, paths, verify, after, kind ... KEY", required=True, word=True),
            Argument("value", "What? (none takes it away)", required=True, positional=True),
        ),
        tried=False,
    ),
    Verb(
        "set",
        "T",
        "turn a knob of the front matter",
        "none",
        "{key} is {value} now",
        (
            Argument("key", "Which knob? wip, review, mode, pace, budget.turns ... KEY", required=True, word=True),
            Argument("value", "What? (default takes it out)", required=True, positional=True),
        ),
        tried=False,
    ),
    Verb("loop on", "c", "let the loop go on", "none", "the loop goes on"),
    Verb("loop step", "n", "dispatch the next head, then hold", "none", "one step, then hold"),
    Verb("loop hold", "h", "dispatch nothing more", "none", "the loop holds"),
    Verb("undo", "z", "take the last act back, as a new commit", "none", "took back: {target}", history=True),
    Verb("redo", "Z", "bring back what was taken back last", "none", "brought back: {target}", history=True),
)
BY_NAME: Mapping[str, Verb] = {verb.name: verb for verb in VERBS}


def valid(document: Document, target: str, world: World) -> list[tuple[Verb, str]]:
    """Every verb with the reason it is refused for this target, empty when it may be used now.

    Verbs that need words are tried with placeholders, so that only the target decides.
    """
    from cockpit.edits import on_one
    from cockpit.spec import Kind, Mark

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
        "at": "…",
    }
    answers: list[tuple[Verb, str]] = []
    for verb in VERBS:
        why = ""
        edit = verb.edit
        if edit is not None and verb.tried and (verb.target == "none" or target or verb.name == "add"):
            try:
                words = sample | {"to": aside} if verb.name == "move" else sample
                on_one(edit, verb.target == "item", document, target, words, world)
            except Refused as refusal:
                why = refusal.what
        elif verb.target != "none" and not target:
            why = "nothing is selected"
        answers.append((verb, why))
    return answers
