"""What an agent that speaks ACP says of its tool calls, in the words of claude's stream. Pure, on plain JSON.

Updates come in pieces, and no two agents tell the same (contracts, section 6): a call is what all its pieces say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from cockpit.loose import Table, get, tables, text, words

OUT = 64 * 1024
"""Characters kept of what a call printed."""
NAMED = ("file_path", "filePath", "absolute_path", "path", "notebook_path")


def merged(before: Mapping[str, Any], piece: Mapping[str, Any]) -> Table:
    """The call as it is known after another piece; what a piece leaves open stays."""
    told = {key: value for key, value in piece.items() if value not in (None, "", [], {})}
    return {**before, **told}


def tool(call: Mapping[str, Any]) -> tuple[str, Table]:
    """Tool and arguments as claude would name them; what names no command and no file is told by its title."""
    title, raw = text(call.get("title")), call.get("rawInput")
    match call.get("kind"):
        case "execute":
            command = get(raw, "command") or get(raw, "cmd")
            line = " ".join(map(str, cast("list[object]", command))) if isinstance(command, list) else text(command)
            # A title may be the model's own words: it is shown, and no rule grants it.
            return "Bash", {"command": line} if line else {"command": title, "titled": True}
        case "edit" | "read" | "search" as kind:
            paths = list(dict.fromkeys(path for path in _paths(call) if path))
            name = "Edit" if kind == "edit" else "Read"
            return (name, {"file_path": paths[0], "paths": paths}) if paths else (title or kind, _given(raw, title))
        case "fetch":
            url = text(get(raw, "url"))
            return ("WebFetch", {"url": url}) if url else (title or "fetch", _given(raw, title))
        case _:
            return title or text(call.get("kind")) or "tool", _given(raw, title)


def ended(call: Mapping[str, Any]) -> bool:
    """Whether it has run, well or not."""
    return call.get("status") in ("completed", "failed")


def result(call: Mapping[str, Any]) -> Table:
    """Its end: what it printed, and whether it failed."""
    out = words(call.get("rawOutput")) or "\n".join(
        words(part.get("content")) for part in tables(call.get("content")) if part.get("type") == "content"
    )
    failed = call.get("status") == "failed"
    return {"type": "tool_result", "tool_use_id": call.get("toolCallId"), "is_error": failed, "content": out[:OUT]}


def _paths(call: Mapping[str, Any]) -> Iterator[str]:
    yield from (text(place.get("path")) for place in tables(call.get("locations")))
    yield from (text(part.get("path")) for part in tables(call.get("content")) if part.get("type") == "diff")
    yield from (text(get(call.get("rawInput"), key)) for key in NAMED)


def _given(raw: object, title: str) -> Table:
    return cast(Table, raw) if isinstance(raw, dict) and raw else {"title": title}
