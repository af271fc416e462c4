"""What repeats: the same words said three times, the same commands run in three turns (R99, R107). Pure, no model.

An offer keeps its key, its words and its reason however often the thing is seen after that: it is told once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cockpit.clean import line

TIMES = 3
"""How often something must be seen to be offered."""
MOST = 5
"""Offers at a time."""
LONGEST = 6
"""Commands in a sequence."""
_FILLERS = frozenset(
    ("a", "again", "also", "always", "and", "first", "just", "now", "please", "the", "then", "to", "you")
)  # fmt: skip
_DELIVERED = re.compile(r"\s*\(delivered[^()]*\)\s*$")
_SHELL = re.compile(r"(?:/\S*/)?(?:ba|z|da)?sh -l?c (?P<quote>['\"])(?P<inner>.*)(?P=quote)", re.DOTALL)
_LOOKS = frozenset(
    (
        "awk", "cat", "cd", "cut", "diff", "echo", "export", "false", "file", "find", "grep", "head", "jq", "less",
        "ls", "mkdir", "pwd", "rg", "sed", "sleep", "sort", "tail", "test", "touch", "tree", "true", "type", "wc",
        "which", "xargs",
    )
)  # fmt: skip
"""Commands that look around or set up: every turn has them, and no procedure is made of them."""
_GIT = re.compile(r"git( -\S+)* (add|blame|branch|commit|diff|log|ls-files|rev-parse|show|status)\b")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that repeats, and would be a runbook."""

    key: str
    """`runbook/1f2e3d`: the signal's key, and the mark in the file that came of it."""
    words: str
    """One line for the screen."""
    name: str
    """What the runbook would be called."""
    steps: tuple[str, ...]
    commands: bool
    """Whether the steps are commands; else they are what was said."""
    seen: tuple[str, ...]
    """Where, oldest first: `q1 turn 2`, or an item and the day."""


def offers(
    said: Iterable[tuple[str, str]],
    ran: Mapping[str, Sequence[str]],
    known: Collection[str] = (),
    taken: Collection[str] = (),
    most: int = MOST,
) -> list[Offer]:
    """What was said or run three times or more, the words first.

    `said` are (words, where), oldest first; `ran` the commands of each turn; `known` commands that everybody is told to
    run; `taken` the keys of what has its runbook.
    """
    found = [*_said(said), *_ran(ran, {_command(command) for command in known})]
    return [offer for offer in found if offer.key not in taken][:most]


def same(words: str) -> str:
    """Words without what doesn't change their sense (case, marks, `please` ...); empty when too few are left."""
    bare = re.findall(r"[\w./-]*\w", _DELIVERED.sub("", words).casefold())
    content = [word for word in bare if word not in _FILLERS]
    return " ".join(content) if len(content) > 1 else ""


def _said(said: Iterable[tuple[str, str]]) -> Iterator[Offer]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for words, where in said:
        if key := same(words):
            groups.setdefault(key, []).append((_DELIVERED.sub("", words), where))
    for key, group in groups.items():
        if len(group) >= TIMES:
            words = line(group[0][0], 200)
            yield Offer(
                _key(key),
                line(f"you said this {TIMES} times: “{words}”", 160),
                line(words, 60),
                (words,),
                False,
                tuple(f"{where}: “{line(text, 120)}”" for text, where in group),
            )


def _ran(ran: Mapping[str, Sequence[str]], known: Collection[str]) -> Iterator[Offer]:
    turns = {where: _procedure(commands, known) for where, commands in ran.items()}
    seen: dict[tuple[str, ...], list[str]] = {}
    for where, steps in turns.items():
        parts = {steps[at : at + size] for size in range(2, LONGEST + 1) for at in range(max(0, len(steps) - size + 1))}
        for part in parts:
            if len(set(part)) > 1:
                seen.setdefault(part, []).append(where)
    often = [part for part, where in seen.items() if len(where) >= TIMES]
    chosen: list[tuple[str, ...]] = []
    for part in sorted(often, key=lambda part: (-len(part), -len(seen[part]), part)):
        if not any(_within(part, longer) for longer in chosen):
            chosen.append(part)
            words = line("; ".join(part), 120)
            told = line(f"{TIMES} turns ran the same {len(part)} commands: {words}", 160)
            yield Offer(_key("\n".join(part)), told, line(words, 60), part, True, tuple(seen[part]))


def _procedure(commands: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """The commands of a turn that do something, each run of the same one once."""
    steps: list[str] = []
    for command in commands:
        for part in re.split(r"&&|;|\n", _command(command)):
            step = part.strip()
            first = step.split(" ", 1)[0]
            if step and first not in _LOOKS and not _GIT.match(step) and step not in known and steps[-1:] != [step]:
                steps.append(line(step, 200))
    return tuple(steps[:500])


def _command(command: str) -> str:
    inner = _SHELL.fullmatch(command.strip())
    return "\n".join(" ".join(row.split()) for row in (inner["inner"] if inner else command).split("\n")).strip()


def _within(part: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    return any(longer[at : at + len(part)] == part for at in range(len(longer) - len(part) + 1))


def _key(words: str) -> str:
    return f"runbook/{hashlib.blake2s(words.encode(errors='replace'), digest_size=4).hexdigest()}"
