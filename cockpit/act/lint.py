"""The lint of a brief: its six parts are there, and nothing in it leads a delegate astray (R245 to R250). Pure.

It reads the text alone, so that one edited by hand is held to the same. It tells and never stops anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from cockpit.act.contract import ANSWER, CONTRACT, GUARDRAILS, INVENTORY, ONLY, PLAN, PROTECTED, TASK, VERIFICATION
from cockpit.clean import line, redact
from cockpit.spec.clear import SPAN, hole
from cockpit.spec.globs import matches

LIMIT = 6000
"""Words of a brief: a longer one is more than one task."""

_MISSING = {
    INVENTORY: "no confirmed inventory",
    PLAN: "no execution plan",
    VERIFICATION: "no verification command",
    CONTRACT: "no output contract",
    GUARDRAILS: "no guardrails",
}
_FENCE = re.compile(r" {0,3}(?P<ticks>`{3,}|~{3,})")
_ASKS = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[\?\]")
_DONE_HERE = frozenset((TASK, PLAN))
"""Parts whose steps the delegate takes: elsewhere a `[?]` is cited, a decision that is open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the lint has against a brief."""

    part: str
    """The part it is about; empty for the whole."""
    words: str
    line: int = 0
    """Where, from 1; 0 for what is not there."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    part: str
    """Title of the part it stands in; empty above the first."""
    fenced: bool


def lint(text: str, root: str = "") -> list[Finding]:
    """What is wrong with the brief, in its order; empty when nothing is.

    `root` is the human's own checkout: a command that names it would work there and not in the worktree.
    """
    lines = list(_lines(text))
    return [
        *_parts(lines),
        *_commands(lines, root.rstrip("/")),
        *_contradictions(lines),
        *_secrets(lines),
        *_holes(lines),
        *_length(text),
    ]


def listed(findings: Sequence[str], most: int = 3) -> str:
    """The words of findings on one line: `lint: no verification command, no guardrails`; empty without any."""
    if not findings:
        return ""
    more = f" and {len(findings) - most} more" if len(findings) > most else ""
    return line(f"lint: {', '.join(findings[:most])}{more}", 200)


def _lines(text: str) -> Iterator[_Line]:
    part, fence = "", ""
    for number, said in enumerate(text.split("\n"), 1):
        found = _FENCE.match(said)
        if fence:
            closes = found is not None and found["ticks"].startswith(fence) and not said.strip().strip("`~")
            yield _Line(number, "" if closes else said, part, fenced=not closes)
            fence = "" if closes else fence
        elif found is not None:
            fence = found["ticks"]
            yield _Line(number, "", part, fenced=False)
        else:
            if said.startswith("## "):
                part = said[3:].strip()
            yield _Line(number, said, part, fenced=False)


def _parts(lines: Sequence[_Line]) -> Iterator[Finding]:
    """Each of the six is there and says something."""
    if not any(re.match(r"# +\S", said.text) for said in lines if not said.part and not said.fenced):
        yield Finding("Task", "no task")
    for part, missing in _MISSING.items():
        body = [said for said in lines if said.part == part and said.text.strip() and said.text[3:].strip() != part]
        if not body or (part == VERIFICATION and not any(_codes(said) for said in body)):
            yield Finding(part, missing)
        elif part == PLAN and not any(_codes(said) for said in body):
            yield Finding(part, "no exact command in the execution plan", body[0].number)
        elif part == CONTRACT and not any(ANSWER in said.text for said in body):
            yield Finding(part, f"the output contract does not name {ANSWER}", body[0].number)


def _commands(lines: Sequence[_Line], root: str) -> Iterator[Finding]:
    """Commands stay in the worktree (R248)."""
    own = re.compile(rf"(?<![\w./-]){re.escape(root)}(?![\w.-])") if root else None
    for said in lines:
        if said.part not in (PLAN, VERIFICATION):
            continue
        for command in _codes(said):
            if own is not None and own.search(command):
                yield Finding(said.part, f"a command names your own checkout: {line(command, 60)}", said.number)
            elif leaves(command):
                yield Finding(said.part, f"a command leaves the worktree: {line(command, 60)}", said.number)


def leaves(command: str) -> bool:
    """Whether a line of shell, begun at the worktree's top, goes out of it: by `cd`, or by a path of many `..`."""
    depth = 0
    for cd, word in re.findall(r"(?:(?<=[\s;&|(])|^)(cd[ \t]+)?([^\s;&|()]+)", command):
        path = word.strip("\"'")
        if cd and re.match(r"/|~|\$\{?HOME\b", path):
            return True
        reached, lowest = depth, depth
        for step in PurePosixPath(path).parts if cd or path.startswith("../") or path == ".." else ():
            reached += -1 if step == ".." else 1
            lowest = min(lowest, reached)
        if lowest < 0:
            return True
        depth = reached if cd and path != "-" else depth
    return False


def _codes(said: _Line) -> list[str]:
    if said.fenced:
        return [said.text] if said.text.strip() else []
    return [found["code"] for found in SPAN.finditer(said.text)]


def _contradictions(lines: Sequence[_Line]) -> Iterator[Finding]:
    """What may be changed and must not be."""
    rules = [said for said in lines if said.part == GUARDRAILS]
    protected = [glob for said in rules if PROTECTED in said.text for glob in _codes(said)]
    for said in rules:
        if ONLY in said.text:
            for glob in _codes(said):
                if glob in protected or matches(glob.rstrip("/"), protected):
                    yield Finding(GUARDRAILS, f"{line(glob, 60)} is both to be changed and protected", said.number)


def _secrets(lines: Sequence[_Line]) -> Iterator[Finding]:
    """What `clean` would take out."""
    safe = redact("\n".join(said.text for said in lines)).split("\n")
    for said, kept in zip(lines, safe, strict=True):
        if kept != said.text:
            yield Finding(said.part, f"a secret in line {said.number}", said.number)


def _holes(lines: Sequence[_Line]) -> Iterator[Finding]:
    """What somebody meant to fill in."""
    for said in lines:
        if said.fenced or said.text.lstrip().startswith(">"):
            continue
        if hole(said.text) or (said.part in _DONE_HERE and _ASKS.match(said.text)):
            yield Finding(said.part, f"not filled in: {line(said.text, 60)}", said.number)


def _length(text: str) -> Iterator[Finding]:
    if (count := len(text.split())) > LIMIT:
        yield Finding("", f"{count} words, more than {LIMIT}")
