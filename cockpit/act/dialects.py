"""What the event streams of the agents say, as pure functions on one decoded event (contracts, section 5).

Streams change weekly: anything not understood gives nothing, never an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from cockpit.act.launch import Dialect
from cockpit.loose import Table as Event
from cockpit.loose import get, tables, text, words

WIDTH = 400
"""Longest part of a tool call shown in the transcript."""


def transcript(dialect: Dialect, event: Event) -> str:
    """What a human should see of this event; empty when there is nothing to show. A trailing newline is included
    except for pieces of a running text.
    """
    kind = text(event.get("type"))
    match dialect:
        case "claude" | "qwen":
            return "".join(_claude(kind, event))
        case "codex":
            return _codex(get(event, "item")) if kind == "item.completed" else _line(failure(dialect, event))
        case "gemini":
            return _gemini(kind, event)
        case "opencode":
            return _opencode(kind, event)
        case "pi":
            return _pi(kind, event)
        case "aider":
            return f"{text(event.get('text'))}\n" if kind == "line" else ""
        case "mini":
            return "".join(_mini(kind, event))
        case "screen" | "plain":
            return ""


def worded(dialect: Dialect, line: bytes) -> Event | None:
    """A line that is no JSON, as an event; None for those whose words say nothing that we could use."""
    return {"type": "line", "text": line.decode(errors="replace").rstrip()} if dialect == "aider" else None


def session_id(dialect: Dialect, event: Event) -> str:
    """The agent's own name of this conversation, needed to go on with it; empty when the event has none."""
    match dialect:
        case "codex":
            return text(event.get("thread_id"))
        case "opencode":
            return text(event.get("sessionID"))
        case "pi":
            return text(event.get("id")) if event.get("type") == "session" else ""
        case "aider":
            return "its history file" if event.get("event") == "message_send" else ""
        case _:
            return text(event.get("session_id"))


def opens(dialect: Dialect, event: Event) -> bool:
    """Whether this event says that a conversation has begun or goes on."""
    kind = text(event.get("type"))
    match dialect:
        case "claude" | "qwen":
            return kind == "system" and event.get("subtype") == "init"
        case "codex":
            return kind == "thread.started"
        case "gemini":
            return kind == "init"
        case "opencode":
            return kind == "step_start"
        case "pi":
            return kind == "agent_start"
        case "aider":
            return event.get("event") == "message_send_starting"
        case "mini":
            return kind == "assistant"
        case "screen" | "plain":
            return False


def failure(dialect: Dialect, event: Event) -> str | None:
    """Words of an error that ended the turn, empty when this event says that all is well, None when it says neither.

    Exit status 0 means almost nothing (agents, finding 1); the last event that isn't None decides.
    """
    kind = text(event.get("type"))
    match dialect, kind:
        case (("claude" | "qwen"), "result"):
            said = text(event.get("result")) or words(event.get("errors"))
            failed = event.get("is_error") is True or said.startswith("[API Error")
            return (said or text(event.get("subtype")) or "error") if failed else ""
        case "codex", "turn.failed":
            return text(get(event, "error", "message")) or "turn failed"
        case ("codex", "turn.completed") | ("opencode", "step_finish"):
            return ""
        case "gemini", "result":
            failed = event.get("status") == "error"
            return (text(get(event, "error", "message")) or "error") if failed else ""
        case "opencode", "error":
            return text(get(event, "error", "data", "message")) or text(get(event, "error", "name")) or "error"
        case "pi", "message_end" if get(event, "message", "role") == "assistant":
            failed = get(event, "message", "stopReason") in ("error", "aborted")
            return (text(get(event, "message", "errorMessage")) or "error") if failed else ""
        case "aider", "line":
            return text(event.get("text")) if _LITELLM.match(text(event.get("text"))) else None
        case "aider", _:
            return "" if event.get("event") == "message_send" else None
        case "mini", "exit":
            said = text(event.get("text")) or text(event.get("status"))
            return "" if event.get("status") == "Submitted" else said or "error"
        case _:
            return None


_LITELLM = re.compile(r"litellm\.\w*(?:Error|Exception|Timeout): ")
"""How a line of aider begins that tells of the model's service."""


def weighs(dialect: Dialect, event: Event) -> bool:
    """Whether the record of a turn must have this event however long it is: what tells its conversation, its end, an
    error or what it used.
    """
    kind = text(event.get("type"))
    match dialect:
        case "claude" | "qwen":
            return kind in ("system", "result")
        case "codex":
            return kind in ("thread.started", "turn.started", "turn.completed", "turn.failed", "error")
        case "gemini":
            return kind in ("init", "result", "error")
        case "opencode":
            return kind in ("step_finish", "error")
        case "pi":
            return kind in ("session", "message_end")
        case "aider":
            return "event" in event or failure(dialect, event) is not None
        case "mini":
            return kind in ("assistant", "exit")
        case "screen" | "plain":
            return False


def _line(words: str | None) -> str:
    return f"{words}\n" if words else ""


def _call(name: str, given: object) -> str:
    """One line for a tool call: its name and what matters of its arguments."""
    for key in ("command", "file_path", "filePath", "path", "pattern"):
        if words := text(get(given, key)):
            return f"> {name} {_short(words)}\n"
    return f"> {name} {_short(json.dumps(given, ensure_ascii=False))}\n"


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 1] + "…"


def _claude(kind: str, event: Event) -> Iterator[str]:
    if kind == "result":
        yield _line(failure("claude", event))
    if kind == "system" and event.get("subtype") == "api_retry":
        yield f"! retry {event.get('attempt')}: {event.get('error_status')}\n"
    for part in tables(get(event, "message", "content")):
        match part.get("type"):
            case "text":
                yield _line(text(part.get("text")))
            case "tool_use":
                yield _call(text(part.get("name")), part.get("input"))
            case "tool_result" if part.get("is_error") is True:
                yield f"! {_short(text(part.get('content')))}\n"
            case _:
                pass


def _codex(item: object) -> str:
    match get(item, "type"):
        case "agent_message":
            return _line(text(get(item, "text")))
        case "command_execution":
            status = get(item, "exit_code")
            return f"> {_short(text(get(item, 'command')))}{f' [exit {status}]' if status else ''}\n"
        case "file_change":
            paths = ", ".join(text(change.get("path")) for change in tables(get(item, "changes")))
            return f"> edit {_short(paths)}\n"
        case "error":
            return _line(text(get(item, "message")))
        case _:
            return ""


def _gemini(kind: str, event: Event) -> str:
    match kind:
        case "message" if event.get("role") == "assistant":
            return text(event.get("content"))
        case "tool_use":
            return "\n" + _call(text(event.get("tool_name")), event.get("parameters"))
        case "tool_result" if event.get("status") == "error":
            return f"! {_short(text(event.get('output')))}\n"
        case "result":
            return "\n" + _line(failure("gemini", event))
        case _:
            return ""


def _opencode(kind: str, event: Event) -> str:
    match kind:
        case "text":
            return _line(text(get(event, "part", "text")))
        case "tool_use":
            return _call(text(get(event, "part", "tool")), get(event, "part", "state", "input"))
        case "error":
            return _line(failure("opencode", event))
        case _:
            return ""


def _pi(kind: str, event: Event) -> str:
    match kind:
        case "message_end" if get(event, "message", "role") == "assistant":
            said = [text(part.get("text")) for part in tables(get(event, "message", "content"))]
            return "".join(map(_line, (*said, failure("pi", event))))
        case "tool_execution_start":
            return _call(text(event.get("toolName")), event.get("args"))
        case "tool_execution_end" if event.get("isError") is True:
            return f"! {_short(words(event.get('result')))}\n"
        case _:
            return ""


def _mini(kind: str, event: Event) -> Iterator[str]:
    match kind:
        case "assistant":
            yield _line(text(event.get("text")))
            for call in tables(event.get("calls")):
                yield _call("bash", call)
        case "tool" if event.get("status") != 0:
            yield f"! {_short(text(event.get('output')))}\n"
        case "exit":
            yield _line(failure("mini", event))
        case _:
            pass
