"""Qwen Code's stream: claude's form, but its usage cumulates over a session, cached tokens among those read."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, count, get, text
from cockpit.sense.streams import claude
from cockpit.sense.streams.said import Call, Said, Used
from cockpit.spent import Usage, plus


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says."""
    for said in claude.read(event, calls):
        if isinstance(said, Used):
            counts = [count(get(event, "usage", key)) for key in ("input_tokens", "output_tokens")]
            yield Used(Usage(), Usage(plus(*counts)), text(event.get("session_id")))
        else:
            yield said
