"""Tokens and money of a turn, read from the events of its agent (contracts, section 5; agents, findings 15 to 17)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from cockpit.act.launch import Dialect
from cockpit.loose import amount, count, get, table
from cockpit.spent import Usage, plus, since


def usage(dialect: Dialect, lines: Iterable[bytes], *before: Iterable[bytes]) -> Usage:
    """Usage told by these lines of `events.ndjson`; torn and foreign lines are passed over. `before` are the records of
    earlier turns: a conversation that goes on counts on from there (claude its money, codex its tokens).
    """
    counted: dict[str, Usage] = {}
    for record in before:
        _read(dialect, record, counted)
    return _read(dialect, lines, counted)


def of_turn(dialect: Dialect, folder: Path) -> Usage:
    """Usage of the turn in that folder; unknown when it has no events."""
    counted = counted_before(dialect, folder)
    try:
        with (folder / "events.ndjson").open("rb") as record:
            return _read(dialect, record, counted)
    except OSError:
        return Usage()


def counted_before(dialect: str, folder: Path) -> dict[str, Usage]:
    """What each conversation had counted up when the turn in that folder began; empty for an agent that counts anew."""
    counted: dict[str, Usage] = {}
    number = int(folder.name) if folder.name.isdecimal() and dialect in NEEDLES else 1
    for turn in range(1, number):
        with contextlib.suppress(OSError), (folder.parent / str(turn) / "events.ndjson").open("rb") as record:
            _read(dialect, record, counted)
    return counted


NEEDLES = {"claude": (b'"result"',), "qwen": (b'"result"',), "codex": (b"thread.started", b"turn.completed")}
"""What stands in the lines that matter of a dialect that may count on; the others are not decoded."""


def _read(dialect: str, lines: Iterable[bytes], counted: dict[str, Usage]) -> Usage:
    """What these lines add. `counted` is the last count of each conversation, brought up to date.

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
            usd = since(counted, str(event.get("session_id")), Usage(usd=amount(event.get("total_cost_usd")))).usd
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
            total += since(counted, thread, Usage(_sum(event.get("usage"), ("input_tokens", "output_tokens"))))
    return total


CLAUDE = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def _sum(counts: object, keys: Iterable[str]) -> int | None:
    """Sum of the counts that are there, None when none is."""
    total: int | None = None
    for key in keys:
        total = plus(total, count(get(counts, key)))
    return total


def _opencode(tokens: object) -> int | None:
    total = count(get(tokens, "total"))
    return total if total is not None else _sum(tokens, ("input", "output", "reasoning"))
