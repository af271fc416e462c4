"""The control protocol that claude speaks on stdin and stdout (`--input-format stream-json`), as pure functions.

It is not documented by its maker (contracts, section 5): what isn't understood gives nothing, and what is asked of us
that we don't know is answered as an error, so that the agent doesn't wait. `cockpit.act.acp` speaks the same to us.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from cockpit.act import permits
from cockpit.clean import clean
from cockpit.facts import Permission
from cockpit.loose import Table, get, text

PATHS = ("file_path", "notebook_path", "path")
TOOLS: dict[str, tuple[Literal["run", "edit", "read", "fetch"], tuple[str, ...]]] = {
    "Bash": ("run", ("command",)),
    "Edit": ("edit", PATHS),
    "MultiEdit": ("edit", PATHS),
    "Write": ("edit", PATHS),
    "NotebookEdit": ("edit", PATHS),
    "Read": ("read", PATHS),
    "Glob": ("read", PATHS),
    "Grep": ("read", PATHS),
    "WebFetch": ("fetch", ("url",)),
    "WebSearch": ("fetch", ("query",)),
}
"""Tools whose requests we can tell apart, and the arguments that say what is asked; any other is shown whole."""


class Request(msgspec.Struct, frozen=True):
    """A permission request as it came: its id on the wire, and the arguments that a yes gives back."""

    id: str
    tool: str
    given: Table


def request(event: Table) -> Request | None:
    """The permission request in this event, None when it is none."""
    if event.get("type") != "control_request" or get(event, "request", "subtype") != "can_use_tool":
        return None
    given = get(event, "request", "input")
    tool = text(get(event, "request", "tool_name"))
    return Request(text(event.get("request_id")), tool, cast(Table, given) if isinstance(given, dict) else {})


def permission(asked: Request, id: str, worktree: Path, at: float) -> Permission:
    """What that request asks, cleaned: which command, which files."""
    kind, keys = TOOLS.get(asked.tool, ("other", ()))
    named = [found for key in keys if (found := text(asked.given.get(key)))]
    more = asked.given.get("paths")
    if kind in ("edit", "read") and isinstance(more, list):
        named = [text(path) for path in cast("list[object]", more)]
    raw = (named[0] if kind == "run" else ", ".join(named)) if named else json.dumps(asked.given, ensure_ascii=False)
    what = clean(raw[: permits.MOST])
    return Permission(
        id=id,
        tool=clean(asked.tool)[:100],
        kind=kind if named else "other",
        what=what,
        paths=[clean(inside(path, worktree)) for path in named] if kind in ("edit", "read") else [],
        whole=bool(named) and what == raw and asked.given.get("titled") is None,
        at=at,
    )


def inside(path: str, worktree: Path) -> str:
    """The path from the worktree's top when it leads there, links followed; else where it leads."""
    top = os.path.realpath(worktree)
    real = os.path.realpath(Path(top, path))
    return os.path.relpath(real, top) if real.startswith(f"{top}{os.sep}") else real


def cancelled(event: Table) -> str:
    """Id of the request that the agent doesn't wait for any more; empty when the event cancels none."""
    return text(event.get("request_id")) if event.get("type") == "control_cancel_request" else ""


def unknown(event: Table) -> bytes:
    """The answer to a request of another kind; nothing when the event is none."""
    if event.get("type") != "control_request" or request(event) is not None:
        return b""
    answer = {"subtype": "error", "request_id": event.get("request_id"), "error": "not supported by this client"}
    return _line({"type": "control_response", "response": answer})


def ended(event: Table) -> bool:
    """Whether the agent has done what it was told last, and waits."""
    return event.get("type") == "result"


def say(words: str) -> bytes:
    """The human's words."""
    return _line({"type": "user", "message": {"role": "user", "content": words}})


def allow(asked: Request) -> bytes:
    """Yes, once."""
    return _respond(asked, {"behavior": "allow", "updatedInput": asked.given})


def deny(asked: Request, words: str) -> bytes:
    """No, and why."""
    return _respond(asked, {"behavior": "deny", "message": words or "The human said no to this."})


def interrupt() -> bytes:
    """Stop what you do now."""
    return _line({"type": "control_request", "request_id": "interrupt", "request": {"subtype": "interrupt"}})


def _respond(asked: Request, response: Table) -> bytes:
    answer = {"subtype": "success", "request_id": asked.id, "response": response}
    return _line({"type": "control_response", "response": answer})


def _line(value: dict[str, Any]) -> bytes:
    return msgspec.json.encode(value) + b"\n"
