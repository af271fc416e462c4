"""Claude Code's stream (`--output-format stream-json`)."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, amount, count, get, tables, text, words
from cockpit.sense.streams.said import Bad, Begun, Call, Over, Result, Said, Step, Used, Words, call, refused
from cockpit.spent import Usage

FAILED = ("API Error", "[API Error")
COUNTS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def read(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    """What one line says. `calls` are the calls that have not ended, by their id."""
    match event.get("type"):
        case "system" if event.get("subtype") == "init":
            yield Begun()
        case "system" if event.get("subtype") == "api_retry":
            yield Bad(text(event.get("error")), count(event.get("error_status")) or 0)
        case "assistant":
            yield from _assistant(event, calls)
        case "user":
            decided = {text(meta.get("id")): meta for meta in tables(event.get("tool_result_meta"))}
            for part in tables(get(event, "message", "content")):
                if part.get("type") == "tool_result":
                    name = text(part.get("tool_use_id"))
                    yield _result(part, calls.pop(name, Call("tool")), decided.get(name))
        case "result":
            yield from _over(event)
        case _:
            pass


def _assistant(event: Table, calls: dict[str, Call]) -> Iterator[Said]:
    for part in tables(get(event, "message", "content")):
        said = text(part.get("text")).strip()
        match part.get("type"):
            case "text" if said.startswith(FAILED):
                yield Bad(said)
            case "text" if said:
                yield Words(said)
            case "tool_use":
                calls[text(part.get("id"))] = call(text(part.get("name")), part.get("input"))
            case _:
                pass


def _result(part: Table, ended: Call, meta: Table | None) -> Step:
    out = words(part.get("content"))
    decision = text(get(meta, "permission_decision", "decision"))
    state: Result = "fail" if part.get("is_error") is True else "ok"
    if decision not in ("", "accept", "allow") or (state == "fail" and refused(out)):
        state = "denied"
    return Step(ended, state, out, len(out.encode(errors="replace")))


def _over(event: Table) -> Iterator[Said]:
    usage = event.get("usage")
    counts = [number for key in COUNTS if (number := count(get(usage, key))) is not None]
    whole = Usage(usd=amount(event.get("total_cost_usd")))
    yield Used(Usage(sum(counts) if any(counts) else None), whole, text(event.get("session_id")))
    denied = [
        call(text(one.get("tool_name")), one.get("tool_input")) for one in tables(event.get("permission_denials"))
    ]
    yield Over(tuple(f"{one.tool} {one.words}" for one in denied[:5]))
    said = text(event.get("result"))
    if event.get("is_error") is True or said.startswith(FAILED):
        yield Bad(said or text(event.get("subtype")), count(event.get("api_error_status")) or 0, last=True)
