"""opencode's stream (`opencode run --format json`): one line tells a whole tool call."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, amount, count, get, text
from cockpit.sense.streams.said import Bad, Begun, Call, Result, Said, Step, Used, Words, call, refused
from cockpit.spent import Usage


def read(event: Table, _calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says."""
    part = event.get("part")
    match event.get("type"):
        case "step_start":
            yield Begun()
        case "text" if said := text(get(part, "text")).strip():
            yield Words(said)
        case "tool_use":
            state = get(part, "state")
            out = text(get(state, "output")) or text(get(state, "error"))
            code = get(state, "metadata", "exit")
            bad = get(state, "status") == "error" or (isinstance(code, int) and code != 0)
            result: Result = "ok" if not bad else "denied" if refused(out) else "fail"
            yield Step(
                call(text(get(part, "tool")), get(state, "input")), result, out, len(out.encode(errors="replace"))
            )
        case "step_finish":
            yield Used(Usage(count(get(part, "tokens", "total")), amount(get(part, "cost")) or None))
        case "error":
            said = text(get(event, "error", "data", "message")) or text(get(event, "error", "name"))
            status = count(get(event, "error", "data", "statusCode")) or 0
            yield Bad(said, status, last=get(event, "error", "data", "isRetryable") is False)
        case _:
            pass
