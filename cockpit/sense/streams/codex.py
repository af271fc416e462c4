"""Codex's stream (`codex exec --json`). Its usage cumulates over a thread, so the turn's end tells the whole."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, count, get, tables, text, words
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Result, Said, Step, Used, Words, call, refused
from cockpit.spent import Usage


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says; an item tells everything when it is completed. `calls` are commands that have not ended."""
    match event.get("type"):
        case "thread.started":
            yield Begun(text(event.get("thread_id")))
        case "turn.started":
            yield Begun()
        case "item.started" if get(event, "item", "type") == "command_execution":
            calls[text(get(event, "item", "id"))] = call("shell", event.get("item"))
        case "item.completed":
            calls.pop(text(get(event, "item", "id")), None)
            yield from _item(event.get("item"))
        case "error":
            yield Bad(text(event.get("message")))
        case "turn.failed":
            yield Over()
            yield Bad(text(get(event, "error", "message")), last=True)
        case "turn.completed":
            counts = [count(get(event, "usage", key)) for key in ("input_tokens", "output_tokens")]
            known = [number for number in counts if number is not None]
            yield Used(Usage(), Usage(sum(known) if known else None))
            yield Over()
        case _:
            pass


def _item(item: object) -> Iterator[Said]:
    status = text(get(item, "status"))
    match get(item, "type"):
        case "agent_message" if said := text(get(item, "text")).strip():
            yield Words(said)
        case "command_execution":
            out = text(get(item, "aggregated_output"))
            yield _step(call("shell", item), status, get(item, "exit_code"), out)
        case "file_change":
            paths = tuple(text(change.get("path")) for change in tables(get(item, "changes")))
            yield _step(Call("edit", ", ".join(paths), paths), status, 0, "")
        case "mcp_tool_call":
            tool = f"{text(get(item, 'server'))}.{text(get(item, 'tool'))}"
            out = text(get(item, "error", "message")) or words(get(item, "result"))
            yield _step(call(tool, get(item, "arguments")), status, 0, out)
        case "web_search":
            yield _step(call("web_search", item), status, 0, "")
        case "error" if said := text(get(item, "message")):
            yield Bad(said)
        case _:
            pass


def _step(made: Call, status: str, code: object, out: str) -> Step:
    state: Result = "fail" if status == "failed" or (isinstance(code, int) and code != 0) else "ok"
    if status == "declined" or (state == "fail" and refused(out)):
        state = "denied"
    return Step(made, state, out, len(out.encode(errors="replace")))
