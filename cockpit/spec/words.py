"""The words of the grammar: what headings mean, which keys are fields, how a code span is written."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from cockpit.spec.item import Kind

FIELDS = (
    "accept",
    "after",
    "again",
    "agent",
    "asks",
    "because",
    "before",
    "branch",
    "budget",
    "clear",
    "comment",
    "drive",
    "from",
    "gates",
    "iterate",
    "keep",
    "kind",
    "like",
    "measure",
    "merged",
    "metric",
    "model",
    "note",
    "openspec",
    "opinion",
    "origin",
    "paths",
    "phased",
    "permission",
    "permit",
    "plan",
    "proof",
    "protect",
    "recommended",
    "repo",
    "review",
    "rounds",
    "scope",
    "size",
    "state",
    "steer",
    "superseded",
    "supersedes",
    "target",
    "ticket",
    "timeout",
    "until",
    "verdict",
    "verify",
    "waits",
    "why",
)
"""Keys of nested bullets that are fields; any other `word: text` is text."""

KINDS = {kind.value: kind for kind in Kind} | {
    "goals": Kind.GOAL,
    "signals": Kind.SIGNALS,
    "work queue": Kind.QUEUE,
    "acceptance criteria": Kind.ACCEPTANCE,
    "acceptance tests": Kind.ACCEPTANCE,
    "failures": Kind.FAILURES,
    "known failure": Kind.FAILURES,
    "known issues": Kind.FAILURES,
    "decision": Kind.DECISIONS,
    "decision log": Kind.DECISIONS,
    "runbook": Kind.RUNBOOKS,
    "codemap": Kind.CODE_MAP,
    "mutes": Kind.MUTED,
    "pins": Kind.PINNED,
}
"""Words of a heading, in lower case without punctuation, to what the section is for."""

_CODE = re.compile(r"(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)")


Aliases = tuple[tuple[str, Kind], ...]
"""Headings that mean something in one document: their words as written there, and what for."""


def kind_of(title: str, aliases: Aliases = ()) -> Kind | None:
    """What a section of that heading is for; the document's own aliases go first."""
    words = heading_words(title)
    return next((kind for alias, kind in aliases if heading_words(alias) == words), None) or KINDS.get(words)


@lru_cache(maxsize=1024)
def heading_words(title: str) -> str:
    """What counts of a heading: not case, emphasis, numbers before, words in parentheses."""
    words = re.sub(r"\([^)]*\)|\{#[^}]*\}", " ", title.casefold())
    words = re.sub(r"^\W*\d[\d.]*[.)]?\s|[\W_]+", " ", words).strip()
    return " ".join(words.split())


WORDS = {"kind": {"impl": "impl", "ops": "ops", "devops": "ops", "data": "data", "dataops": "data"}}
"""Fields that take one of these words, and what each means; any other is told: it is taken for the first."""


def nearest_word(key: str, value: str) -> str:
    """The remedy for a value of such a field that is none of its words; empty when it is one."""
    word = value.strip().strip("`").lower()
    if key not in WORDS or not word or word in WORDS[key]:
        return ""
    near = get_close_matches(word, WORDS[key], n=1)
    return f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(WORDS[key])}"


@lru_cache(maxsize=1024)
def nearest_field(key: str) -> str:
    """The field that `key` may be a slip for; empty when none is near."""
    near = get_close_matches(key, FIELDS, n=1, cutoff=0.8)
    return near[0] if near else ""


STEP = re.compile(r"[A-Za-z][\w-]{0,30}")
"""The name of a step of `verify:`, such as `unit` in ``unit: `pytest -q` ``."""


def code(text: str) -> str:
    """`text` as a markdown code span, however many backticks it has itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}" if longest else f"{ticks}{text}{ticks}"


def uncode(text: str) -> str:
    """What is inside when all of `text` is one code span, else `text`."""
    match = _CODE.match(text)
    return _inside(match) if match and match.end() == len(text) else text


def _inside(match: re.Match[str]) -> str:
    inner = match["code"]
    return inner[1:-1] if inner[0] == inner[-1] == " " and inner.strip() else inner


def leading_code(text: str) -> tuple[str, str]:
    """The code span that `text` begins with, and the rest; ("", text) when it begins with none."""
    match = _CODE.match(text)
    return (_inside(match), text[match.end() :]) if match else ("", text)
