"""Tokens and money of a turn, read from the events of its agent (contracts, section 5; agents, findings 15 to 17)."""

from __future__ import annotations

import contextlib
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


def usage(dialect: Dialect, lines: Iterable[bytes], *before: Iterable[bytes]) -> Usage:
    """Usage told by these lines of `events.ndjson`; torn and foreign lines are passed over. `before` are the records of
    earlier turns: a conversation that goes on counts on from there (claude its money, codex its tokens).
    """
    told: dict[str, Usage] = {}
    for record in before:
        _read(dialect, record, told)
    return _read(dialect, lines, told)


def of_turn(dialect: Dialect, folder: Path) -> Usage:
    """Usage of the turn in that folder; unknown when it has no events."""
    number = int(folder.name) if folder.name.isdecimal() and dialect in NEEDLES else 1
    with contextlib.ExitStack() as stack:
        records: list[Iterable[bytes]] = []
        for turn in range(1, number):
            with contextlib.suppress(OSError):
                records.append(stack.enter_context((folder.parent / str(turn) / "events.ndjson").open("rb")))
        try:
            return usage(dialect, stack.enter_context((folder / "events.ndjson").open("rb")), *records)
        except OSError:
            return Usage()


NEEDLES = {"claude": (b'"result"',), "qwen": (b'"result"',), "codex": (b"thread.started", b"turn.completed")}
"""What stands in the lines that matter of a dialect that may count on; the others are not decoded."""


def _read(dialect: Dialect, lines: Iterable[bytes], told: dict[str, Usage]) -> Usage:
    """What these lines add. `told` is the last count of each conversation, brought up to date.

    claude, qwen (cached ones among those read) and gemini tell tokens at the end of each run, opencode and pi step by
    step; codex cumulates them over the runs of a thread, claude its money over those of a session.
    """
    total = Usage()
    thread = ""
    needles = NEEDLES.get(dialect)
    for line in lines:
        if needles is not None and not any(needle in line for needle in needles):
            continue
        event = table(line) or {}
        kind = event.get("type")
        if dialect in ("claude", "qwen") and kind == "result":
            usd = _since(told, str(event.get("session_id")), Usage(usd=amount(event.get("total_cost_usd")))).usd
            keys = CLAUDE if dialect == "claude" else ("input_tokens", "output_tokens")
            total += Usage(_sum(event.get("usage"), keys), usd)
        elif dialect == "gemini" and kind == "result":
            total += Usage(count(get(event, "stats", "total_tokens")))
        elif dialect == "opencode" and kind == "step_finish":
            total += Usage(_opencode(get(event, "part", "tokens")), amount(get(event, "part", "cost")))
        elif dialect == "pi" and kind == "message_end":
            told_now = get(event, "message", "usage")
            total += Usage(count(get(told_now, "totalTokens")), amount(get(told_now, "cost", "total")))
        elif dialect == "codex" and kind == "thread.started":
            thread = str(event.get("thread_id"))
        elif dialect == "codex" and kind == "turn.completed":
            total += _since(told, thread, Usage(_sum(event.get("usage"), ("input_tokens", "output_tokens"))))
    return total


def _since(told: dict[str, Usage], name: str, now: Usage) -> Usage:
    """How much a count has grown; one that has become smaller began anew."""
    last = told.get(name, Usage())
    told[name] = Usage(_most(last.tokens, now.tokens), _most(last.usd, now.usd))
    return Usage(_grown(last.tokens, now.tokens), _grown(last.usd, now.usd))


def _most(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else max(one, other)


def _grown(last: Number | None, now: Number | None) -> Number | None:
    return now if last is None or now is None or now < last else now - last


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
