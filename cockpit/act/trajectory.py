"""mini-swe-agent's record: one JSON file that it writes anew after each step, read as the events of a stream."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cockpit.loose import Table, get, table, tables, text

CAP = 64 * 1024 * 1024
"""A record longer than this is not read on."""


class Trajectory:
    """Reads what has come to the file since the last look; what stood in it before is an earlier run's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = 0
        self._stamp = self._look()

    def news(self) -> list[Table]:
        """The new messages as events; none while the file is as it was, half written or gone."""
        stamp = self._look()
        if stamp is None or stamp == self._stamp or stamp[1] > CAP:
            return []
        try:
            found = table(self._path.read_bytes())
        except OSError:
            return []
        if found is None:
            return []
        self._stamp = stamp
        messages = list(tables(found.get("messages")))
        new, self._told = messages[self._told :], len(messages)
        return [event for message in new for event in understood(message)]

    def _look(self) -> tuple[int, int] | None:
        try:
            info = self._path.stat()
        except OSError:
            return None
        return info.st_mtime_ns, info.st_size


def understood(message: Table) -> Iterator[Table]:
    """A message as one event: what was said and called, what a call gave, how it ended; the prompts say nothing."""
    extra = message.get("extra")
    match message.get("role"):
        case "assistant":
            calls = [
                {"id": text(call.get("tool_call_id")), "command": text(call.get("command"))}
                for call in tables(get(extra, "actions"))
            ]
            yield _reply(extra, text(message.get("content")), calls)
        case "user" if isinstance(get(extra, "response"), dict):  # a reply without a call: it is told to make one
            model, usage = text(get(extra, "response", "model")), get(extra, "response", "usage")
            yield {
                "type": "assistant",
                "text": "",
                "calls": [],
                "model": model,
                "usage": usage,
                "cost": get(extra, "cost"),
            }
        case "tool" if not text(get(extra, "exception_info")).startswith("action was not executed"):
            yield {
                "type": "tool",
                "id": text(message.get("tool_call_id")),
                "status": get(extra, "returncode"),
                "output": text(get(extra, "raw_output")),
            }
        case "exit":
            yield {"type": "exit", "status": text(get(extra, "exit_status")), "text": text(message.get("content"))}
        case _:
            pass


def _reply(extra: object, said: str, calls: list[Table]) -> Table:
    return {
        "type": "assistant",
        "text": said,
        "calls": calls,
        "model": text(get(extra, "response", "model")),
        "usage": get(extra, "response", "usage"),
        "cost": get(extra, "cost"),
    }
