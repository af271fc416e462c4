"""Tokens and money of a turn, read from the events of its agent (contracts, section 5; agents, findings 15 to 17)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cockpit.act.launch import Dialect
from cockpit.loose import amount, count, get, table

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a turn has used as far as its agent told; None is unknown, never zero."""

    tokens: int | None = None
    usd: float | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(_plus(self.tokens, other.tokens), _plus(self.usd, other.usd))


def usage(dialect: Dialect, lines: Iterable[bytes]) -> Usage:
    """Usage told by these lines of `events.ndjson`; torn and foreign lines are passed over.

    claude, qwen and gemini tell it at the end of each run, opencode step by step; codex cumulates over the runs of a
    thread.
    """
    total = Usage()
    threads: dict[str, Usage] = {}
    thread = ""
    for line in lines:
        event = table(line) or {}
        kind = event.get("type")
        if dialect in ("claude", "qwen") and kind == "result":
            total += Usage(_sum(event.get("usage"), CLAUDE), amount(event.get("total_cost_usd")))
        elif dialect == "gemini" and kind == "result":
            total += Usage(count(get(event, "stats", "total_tokens")))
        elif dialect == "opencode" and kind == "step_finish":
            total += Usage(_opencode(get(event, "part", "tokens")), amount(get(event, "part", "cost")))
        elif dialect == "codex" and kind == "thread.started":
            thread = str(event.get("thread_id"))
        elif dialect == "codex" and kind == "turn.completed":
            threads[thread] = Usage(_sum(event.get("usage"), ("input_tokens", "output_tokens")))
    return sum(threads.values(), total)


def of_turn(dialect: Dialect, folder: Path) -> Usage:
    """Usage of the turn in that folder; unknown when it has no events."""
    try:
        with (folder / "events.ndjson").open("rb") as file:
            return usage(dialect, file)
    except OSError:
        return Usage()


CLAUDE = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def _sum(counts: object, keys: Iterable[str]) -> int | None:
    """Sum of the counts that are there, None when none is."""
    total: int | None = None
    for key in keys:
        total = _plus(total, count(get(counts, key)))
    return total


def _opencode(tokens: object) -> int | None:
    total = count(get(tokens, "total"))
    return total if total is not None else _sum(tokens, ("input", "output", "reasoning"))


def _plus(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else one + other
