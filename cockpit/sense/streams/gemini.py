"""Gemini's stream (`-o stream-json`). Its words come in pieces."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, count, get, text, words
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Piece, Result, Said, Step, Used, call, refused
from cockpit.spent import Usage


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says. `calls` are the calls that have not ended, by their id."""
    match event.get("type"):
        case "init":
            yield Begun()
        case "message" if event.get("role") == "assistant":
            yield Piece(text(event.get("content")))
        case "tool_use":
            calls[text(event.get("tool_id"))] = call(text(event.get("tool_name")), event.get("parameters"))
        case "tool_result":
            out = text(event.get("output")) or text(get(event, "error", "message")) or words(event.get("output"))
            state: Result = "ok" if event.get("status") == "success" else "denied" if refused(out) else "fail"
            made = calls.pop(text(event.get("tool_id")), Call("tool"))
            yield Step(made, state, out, len(out.encode(errors="replace")))
        case "error":
            yield Bad(text(event.get("message")) or text(get(event, "error", "message")))
        case "result":
            yield Used(Usage(count(get(event, "stats", "total_tokens")) or None))
            yield Over()
            if event.get("status") == "error":
                yield Bad(text(get(event, "error", "message")), last=True)
        case _:
            pass
