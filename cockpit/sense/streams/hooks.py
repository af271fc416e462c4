"""What the hooks of agents say: claude, codex, qwen by claude's names, gemini by its own. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from cockpit.loose import Table, get, tables, text, words
from cockpit.sense.streams.said import Asked, Bad, Begun, Over, Result, Said, Step, Words, call, refused

WAITS = ("permission_prompt", "ToolPermission", "elicitation_dialog")
"""Notifications that say that the agent asks."""


def read(event: str, payload: Table) -> Iterator[Said]:
    """What one hook says; `event` is the hook's name. Nothing for a hook that we don't know."""
    match event:
        case "SessionStart" | "UserPromptSubmit" | "BeforeAgent" | "PreToolUse" | "BeforeTool":
            yield Begun()
        case "PermissionRequest":
            yield Asked(_asked(payload))
        case "Notification":
            yield from _notified(payload)
        case "PostToolUse" | "AfterTool":
            yield _step(payload, "ok")
        case "PostToolUseFailure":
            yield _step(payload, "fail")
        case "PermissionDenied":
            yield _step(payload, "denied")
        case "Stop" | "AfterAgent":
            if said := (text(payload.get("last_assistant_message")) or text(payload.get("prompt_response"))).strip():
                yield Words(said)
            yield Over(waits=True)
        case "Interrupt":
            yield Over(waits=True)
        case "StopFailure":
            sort, said = text(payload.get("error")), text(payload.get("last_assistant_message"))
            yield Bad(": ".join(filter(None, (sort.replace("_", " "), said))) or "the turn failed")
        case "SessionEnd":
            yield Over()
        case _:
            pass


def _asked(payload: Table) -> str:
    """The question, or the call that needs a permission."""
    given = payload.get("tool_input")
    for question in tables(get(given, "questions")):
        if said := text(question.get("question")):
            return said
    wanted = call(text(payload.get("tool_name")), given)
    return f"may it use {wanted.tool} {wanted.words}".strip()


def _notified(payload: Table) -> Iterator[Said]:
    sort = text(payload.get("notification_type"))
    said = text(payload.get("message"))
    if sort in WAITS:
        asked = text(get(payload, "details", "command"))
        yield Asked(f"{said}: {asked}" if asked else said)
    elif sort == "idle_prompt":
        yield Asked("it waits at its prompt", idle=True)


def _step(payload: Table, state: Result) -> Step:
    answer = payload.get("tool_response")
    out = text(payload.get("error")) or words(answer) or text(get(answer, "error")) or text(get(answer, "stderr"))
    code = get(answer, "exit_code")
    bad = get(answer, "is_error") is True or bool(get(answer, "error")) or (isinstance(code, int) and code != 0)
    if state == "ok" and bad:
        state = "fail"
    if state == "fail" and refused(out):
        state = "denied"
    made = call(text(payload.get("tool_name")) or "tool", payload.get("tool_input"))
    return Step(made, state, out, len(out.encode(errors="replace")), cwd=text(payload.get("cwd")))
