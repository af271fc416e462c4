"""Aider's lines: what it prints, and its own log of events between them. It has no tools: it edits and commits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cockpit.loose import Table, amount, count, get, text
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Said, Step, Used
from cockpit.spent import Usage

_FAILED = re.compile(r"litellm\.\w*(?:Error|Exception|Timeout): .*")
_EDIT = re.compile(r"Applied edit to (?P<path>.+)")
_COMMIT = re.compile(r"Commit (?P<id>[0-9a-f]{7,40}) (?P<subject>.+)")


def read(event: Table, _calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says."""
    if event.get("type") == "line":
        yield from _line(text(event.get("text")))
        return
    match event.get("event"):
        case "message_send_starting":
            yield Begun()
        case "message_send":
            told = event.get("properties")
            yield Used(Usage(count(get(told, "total_tokens")), amount(get(told, "cost")) or None))
        case "exit":
            yield Over()
        case _:
            pass


def _line(said: str) -> Iterator[Said]:
    if found := _EDIT.fullmatch(said):
        yield Step(Call("edit", found["path"], (found["path"],)), "ok")
    elif found := _COMMIT.fullmatch(said):
        yield Step(Call("commit", found["subject"]), "ok")
    elif _FAILED.fullmatch(said):
        yield Bad(said)
