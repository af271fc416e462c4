"""pi's stream (`pi --mode json`). It retries by itself and exits 0 whatever happened: its errors count."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, amount, count, get, tables, text, words
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Result, Said, Step, Used, Words, call
from cockpit.spent import Usage


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says. `calls` are the calls that have not ended, by their id."""
    match event.get("type"):
        case "agent_start":
            yield Begun()
        case "message_end" if get(event, "message", "role") == "assistant":
            yield from _message(event.get("message"))
        case "tool_execution_start":
            calls[text(event.get("toolCallId"))] = call(text(event.get("toolName")), event.get("args"))
        case "tool_execution_end":
            out = words(event.get("result"))
            state: Result = "fail" if event.get("isError") is True else "ok"
            made = calls.pop(text(event.get("toolCallId")), None) or Call(text(event.get("toolName")) or "tool")
            yield Step(made, state, out, len(out.encode(errors="replace")))
        case "auto_retry_end" if event.get("success") is False:
            yield Bad(text(event.get("finalError")), last=True)
        case "agent_end":
            yield Over()
        case _:
            pass


def _message(message: object) -> Iterator[Said]:
    for part in tables(get(message, "content")):
        if part.get("type") == "text" and (said := text(part.get("text")).strip()):
            yield Words(said)
    if failed := text(get(message, "errorMessage")):
        yield Bad(failed)
    usage = get(message, "usage")
    yield Used(Usage(count(get(usage, "totalTokens")) or None, amount(get(usage, "cost", "total")) or None))
