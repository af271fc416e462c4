"""mini-swe-agent, by the events that our runner makes of its trajectory (`act.trajectory`)."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, amount, count, get, tables, text
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Said, Step, Used, Words, call
from cockpit.spent import Usage


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says. `calls` are the calls that have not ended, by their id."""
    match event.get("type"):
        case "assistant":
            yield Begun()
            if said := text(event.get("text")).strip():
                yield Words(said)
            for one in tables(event.get("calls")):
                calls[text(one.get("id"))] = call("bash", one)
            usage = event.get("usage")
            yield Used(Usage(count(get(usage, "total_tokens")), amount(event.get("cost")) or None))
        case "tool":
            out = text(event.get("output"))
            ended = calls.pop(text(event.get("id")), Call("bash"))
            state = "ok" if event.get("status") == 0 else "fail"
            yield Step(ended, state, out, len(out.encode(errors="replace")))
        case "exit":
            yield Over()
            if event.get("status") != "Submitted":
                yield Bad(text(event.get("text")) or text(event.get("status")), last=True)
        case _:
            pass
