"""Tokens and money of a turn, read from the events of its agent (contracts, section 5; agents, findings 15 to 17)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from cockpit.act.launch import Dialect
from cockpit.loose import Table, amount, count, entries, get, table, text
from cockpit.spent import Billing, Part, Usage, plus, since


def usage(dialect: Dialect, lines: Iterable[bytes], *before: Iterable[bytes], model: str = "") -> Usage:
    """Usage told by these lines of `events.ndjson`; torn and foreign lines are passed over. `before` are the records of
    earlier turns: a conversation that goes on counts on from there (claude its money, codex and qwen their tokens).
    `model` is the one that was asked for, where the stream names none.
    """
    counted: dict[str, Usage] = {}
    for record in before:
        _read(dialect, record, counted)
    return _read(dialect, lines, counted, model)


def of_turn(dialect: Dialect, folder: Path, model: str = "") -> Usage:
    """Usage of the turn in that folder; unknown when it has no events."""
    counted = counted_before(dialect, folder)
    try:
        with (folder / "events.ndjson").open("rb") as record:
            return _read(dialect, record, counted, model)
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


NEEDLES = {
    "claude": (b'"result"', b'"init"', b"rate_limit_event"),
    "qwen": (b'"result"', b'"init"'),
    "codex": (b"thread.started", b"turn.completed"),
}
"""What stands in the lines that matter of a dialect that may count on; the others are not decoded."""


def _read(dialect: str, lines: Iterable[bytes], counted: dict[str, Usage], model: str = "") -> Usage:
    """What these lines add. `counted` is the last count of each conversation, brought up to date.

    claude and gemini tell tokens at the end of each run, opencode, pi, aider and mini step by step; codex and qwen
    cumulate them over the runs of a conversation (cached ones among those read), claude its money.
    """
    total = Usage()
    thread = ""
    needles = NEEDLES.get(dialect)
    for line in lines:
        if needles is not None and not any(needle in line for needle in needles):
            continue
        event = table(line) or {}
        match dialect, event.get("type"):
            case (("claude" | "qwen"), "system") if event.get("subtype") == "init":
                model = text(event.get("model")) or model
                total += Usage(billing=_billing(event))
            case "claude", "rate_limit_event":
                total += Usage(billing=_quota(event.get("rate_limit_info")))
            case "claude", "result":
                usd = since(counted, str(event.get("session_id")), Usage(usd=amount(event.get("total_cost_usd")))).usd
                told_now = event.get("usage")
                total += Usage(_sum(told_now, CLAUDE), usd, _parts(told_now, model, CLAUDE_PARTS))
            case "qwen", "result":
                total += since(counted, str(event.get("session_id")), _cached_among(event.get("usage"), model, *QWEN))
            case "gemini", "init":
                model = text(event.get("model")) or model
            case "gemini", "result":
                stats = event.get("stats")
                total += Usage(count(get(stats, "total_tokens")), None, _gemini(stats, model))
            case "opencode", "step_finish":
                tokens = get(event, "part", "tokens")
                total += Usage(_opencode(tokens), amount(get(event, "part", "cost")), _parts(tokens, model, OPENCODE))
            case "pi", "message_end":
                now = get(event, "message", "usage")
                parts = _parts(now, text(get(event, "message", "model")) or model, PI)
                total += Usage(count(get(now, "totalTokens")), amount(get(now, "cost", "total")), parts)
            case "mini", "assistant":
                told_now = event.get("usage")
                model = text(event.get("model")) or model
                total += Usage(count(get(told_now, "total_tokens")), amount(event.get("cost")), _mini(told_now, model))
            case "aider", None if event.get("event") == "message_send":
                told_now = event.get("properties")
                parts = _parts(told_now, model, AIDER)
                total += Usage(count(get(told_now, "total_tokens")), amount(get(told_now, "cost")), parts)
            case "codex", "thread.started":
                thread = str(event.get("thread_id"))
            case "codex", "turn.completed":
                total += since(counted, thread, _cached_among(event.get("usage"), model, *CODEX))
            case _:
                pass
    return total


def _billing(event: Table) -> Billing:
    """claude names where its key came from. Without one it works on the subscription that is logged in, unless it says
    that others serve it (a gateway, a cloud): who is charged there it does not tell.
    """
    source = text(event.get("apiKeySource"))
    if source in ("none", "oauth"):
        return "" if event.get("served_by_anthropic") is False else "subscription"
    return "api" if source else ""


def _quota(told: object) -> Billing:
    """claude tells how its subscription's quota stands, and when it works beyond it, which is charged by use."""
    if get(told, "isUsingOverage") is True:
        return "api"
    return "subscription" if text(get(told, "rateLimitType")) else ""


CLAUDE = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
CODEX = ("input_tokens", "cached_input_tokens", "output_tokens")
QWEN = ("input_tokens", "cache_read_input_tokens", "output_tokens")
OPENCODE = (("input",), ("cache", "read"), ("cache", "write"), ("output",), ("reasoning",))
PI = (("input",), ("cacheRead",), ("cacheWrite",), ("output",))
AIDER = (("prompt_tokens",), ("cached",), ("stored",), ("completion_tokens",))
CLAUDE_PARTS = tuple((key,) for key in (CLAUDE[0], CLAUDE[2], CLAUDE[3], CLAUDE[1]))


def _cached_among(told: object, model: str, read: str, cached: str, out: str) -> Usage:
    """Of those who count what came from a cache among what was read."""
    total = _sum(told, (read, out))
    if total is None:
        return Usage()
    hits = min(count(get(told, cached)) or 0, count(get(told, read)) or 0)
    part = Part(model, (count(get(told, read)) or 0) - hits, hits, 0, count(get(told, out)) or 0)
    return Usage(total, None, (part,))


def _mini(told: object, model: str) -> tuple[Part, ...]:
    hits = count(get(told, "prompt_tokens_details", "cached_tokens")) or 0
    read, out = (count(get(told, key)) or 0 for key in ("prompt_tokens", "completion_tokens"))
    return (Part(model, max(read - hits, 0), hits, 0, out),) if read or out else ()


def _gemini(stats: object, model: str) -> tuple[Part, ...]:
    """By model, where it says so: a run may use a small one beside the large one."""
    named = list(entries(get(stats, "models"))) or [(model, stats)]
    keys = ("input_tokens", "cached", "output_tokens")
    return tuple(part for name, told in named for part in _cached_among(told, name, *keys).parts)


def _parts(told: object, model: str, keys: Sequence[Sequence[str]]) -> tuple[Part, ...]:
    """The counts below these keys: read, cached, stored, and all that was written."""
    counts = [count(get(told, *key)) or 0 for key in keys]
    read, cached, stored, *out = counts
    return (Part(model, read, cached, stored, sum(out)),) if any(counts) else ()


def _sum(counts: object, keys: Iterable[str]) -> int | None:
    """Sum of the counts that are there, None when none is."""
    total: int | None = None
    for key in keys:
        total = plus(total, count(get(counts, key)))
    return total


def _opencode(tokens: object) -> int | None:
    total = count(get(tokens, "total"))
    return total if total is not None else _sum(tokens, ("input", "output", "reasoning"))
