"""The four wire formats that agents speak to a model: what a request asks, and a reply as server-sent events. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
PATHS = {"/messages": "anthropic", "/responses": "responses", "/chat/completions": "chat"}
SHELLS = ("Bash", "bash", "exec_command", "shell_command", "shell", "run_shell_command")
WRITERS = ("Write", "write", "write_file")


@dataclass(frozen=True)
class Request:
    """What the agent asks: who said what so far, and the tools it offers by name, each with its schema."""

    api: str
    model: str
    stream: bool
    said: list[tuple[str, str]]
    """Role (user, assistant, tool, system) and text, in order."""
    tools: dict[str, Json]


@dataclass(frozen=True)
class Call:
    """One tool call: its arguments, or the text that a freeform tool takes."""

    id: str
    tool: str
    given: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What the model says. `fresh` and `cached` are the tokens read, `out` the tokens written."""

    id: str
    say: str
    calls: tuple[Call, ...]
    fresh: int
    cached: int
    out: int


def api_of(path: str) -> str:
    """The wire format of a request's path, empty for another page."""
    if ":generateContent" in path or ":streamGenerateContent" in path:
        return "gemini"
    return next((api for end, api in PATHS.items() if path.endswith(end)), "")


def understand(api: str, path: str, body: Json) -> Request:
    """The request in one form, whatever its wire."""
    said, tools = {"anthropic": _anthropic, "responses": _responses, "chat": _chat, "gemini": _gemini}[api](body)
    stream = "stream" in path if api == "gemini" else bool(body.get("stream"))
    return Request(api, str(body.get("model", "")), stream, said, tools)


def words(value: Any) -> str:
    """All text in a piece of a message."""
    match value:
        case str():
            return value
        case list():
            return "\n".join(words(part) for part in value)
        case dict():
            return next((words(value[key]) for key in ("text", "content", "output", "parts") if key in value), "")
        case _:
            return ""


def _anthropic(body: Json) -> tuple[list[tuple[str, str]], dict[str, Json]]:
    said = [("system", words(body.get("system")))]
    for message in body.get("messages", []):
        parts = message["content"] if isinstance(message["content"], list) else []
        answers = any(part.get("type") == "tool_result" for part in parts)
        said.append(("tool" if answers else message["role"], words(message["content"])))
    return said, {tool["name"]: tool.get("input_schema") or {} for tool in body.get("tools") or []}


def _responses(body: Json) -> tuple[list[tuple[str, str]], dict[str, Json]]:
    said = [("system", words(body.get("instructions")))]
    for item in body.get("input") or []:
        kind = item.get("type", "message")
        if kind == "message":
            said.append((item.get("role", "user"), words(item.get("content"))))
        elif kind.endswith("_output"):
            said.append(("tool", words(item.get("output"))))
        else:
            said.append(("assistant", ""))
    return said, {tool["name"]: tool.get("parameters") or {} for tool in body.get("tools") or [] if "name" in tool}


def _chat(body: Json) -> tuple[list[tuple[str, str]], dict[str, Json]]:
    said = [(message["role"], words(message.get("content"))) for message in body.get("messages", [])]
    functions = [tool.get("function") or {} for tool in body.get("tools") or []]
    return said, {function["name"]: function.get("parameters") or {} for function in functions}


def _gemini(body: Json) -> tuple[list[tuple[str, str]], dict[str, Json]]:
    said = [("system", words((body.get("systemInstruction") or {}).get("parts")))]
    for content in body.get("contents", []):
        answers = any("functionResponse" in part for part in content.get("parts", []))
        role = "assistant" if content.get("role") == "model" else "user"
        said.append(("tool" if answers else role, words(content.get("parts"))))
    functions = [one for tool in body.get("tools") or [] for one in tool.get("functionDeclarations", [])]
    return said, {one["name"]: one.get("parametersJsonSchema") or one.get("parameters") or {} for one in functions}


def shell(tools: dict[str, Json], id: str, command: str) -> Call | None:
    """A call of the agent's shell; None when it offers none (it asks for a title, a summary)."""
    name = next((name for name in SHELLS if name in tools), None)
    return None if name is None else Call(id, name, _given(tools[name], {"command": command, "cmd": command}))


def write(tools: dict[str, Json], id: str, path: str, text: str) -> Call | None:
    """A call of the agent's tool for files, of its shell where it has none."""
    name = next((name for name in WRITERS if name in tools), None)
    if name is None:
        return shell(tools, id, f"mkdir -p \"$(dirname '{path}')\" && cat > '{path}' <<'END'\n{text}\nEND")
    return Call(id, name, _given(tools[name], {"file_path": path, "filePath": path, "path": path, "content": text}))


def _given(schema: Json, values: Json) -> Json:
    """The arguments that the tool knows, and something for those it insists on."""
    known = schema.get("properties") or {}
    given = {key: value for key, value in values.items() if key in known}
    for key in schema.get("required") or []:
        given.setdefault(key, {"boolean": False, "integer": 0}.get(known.get(key, {}).get("type"), "scripted"))
    return given


def whole(api: str, reply: Reply, model: str) -> Json:
    """The reply as one JSON object, for who wants no stream."""
    match api:
        case "anthropic":
            return _message(reply, model) | {"stop_reason": "tool_use" if reply.calls else "end_turn"}
        case "responses":
            return _response(reply, model)
        case "chat":
            calls = {"tool_calls": _tool_calls(reply)} if reply.calls else {}
            choice = {
                "index": 0,
                "message": {"role": "assistant", "content": reply.say} | calls,
                "finish_reason": "tool_calls" if reply.calls else "stop",
            }
            return _completion(reply, model, "chat.completion") | {"choices": [choice], "usage": _chat_usage(reply)}
        case _:
            return _candidates(reply, [{"text": reply.say}, *_function_calls(reply)], "STOP")


def events(api: str, reply: Reply, model: str) -> Iterator[tuple[str, Json | str]]:
    """The reply as the events of a stream: the name of each, empty where the wire has none, and its data."""
    return {"anthropic": _anthropic_events, "responses": _response_events, "chat": _chat_events}.get(
        api, _gemini_events
    )(reply, model)


def _message(reply: Reply, model: str) -> Json:
    blocks = [{"type": "text", "text": reply.say}] if reply.say else []
    blocks += [{"type": "tool_use", "id": call.id, "name": call.tool, "input": call.given} for call in reply.calls]
    return {
        "id": reply.id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": blocks,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {
            "input_tokens": reply.fresh,
            "cache_read_input_tokens": reply.cached,
            "cache_creation_input_tokens": 0,
            "output_tokens": reply.out,
        },
    }


def _anthropic_events(reply: Reply, model: str) -> Iterator[tuple[str, Json]]:
    message = _message(reply, model)
    first = message | {"content": [], "usage": message["usage"] | {"output_tokens": 1}}
    yield "message_start", {"type": "message_start", "message": first}
    for index, block in enumerate(message["content"]):
        text = block["type"] == "text"
        empty = block | ({"text": ""} if text else {"input": {}})
        delta = (
            {"type": "text_delta", "text": block["text"]}
            if text
            else {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        )
        yield "content_block_start", {"type": "content_block_start", "index": index, "content_block": empty}
        yield "content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}
        yield "content_block_stop", {"type": "content_block_stop", "index": index}
    stop = {"stop_reason": "tool_use" if reply.calls else "end_turn", "stop_sequence": None}
    yield "message_delta", {"type": "message_delta", "delta": stop, "usage": message["usage"]}
    yield "message_stop", {"type": "message_stop"}


def _response(reply: Reply, model: str) -> Json:
    content = [{"type": "output_text", "text": reply.say, "annotations": []}]
    output: list[Json] = [
        {"type": "message", "id": f"m{reply.id}", "role": "assistant", "status": "completed", "content": content}
    ]
    output = output if reply.say else []
    output += [
        {
            "type": "function_call",
            "id": f"f{call.id}",
            "call_id": call.id,
            "name": call.tool,
            "arguments": json.dumps(call.given),
            "status": "completed",
        }
        for call in reply.calls
    ]
    read = reply.fresh + reply.cached
    usage = {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": reply.cached},
        "output_tokens": reply.out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + reply.out,
    }
    return {
        "id": reply.id,
        "object": "response",
        "created_at": 0,
        "model": model,
        "status": "completed",
        "output": output,
        "error": None,
        "usage": usage,
    }


def _response_events(reply: Reply, model: str) -> Iterator[tuple[str, Json]]:
    done = _response(reply, model)
    begun = done | {"status": "in_progress", "output": [], "usage": None}
    told: list[Json] = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(done["output"]):
        told.append({"type": "response.output_item.added", "output_index": index, "item": item})
        if item["type"] == "message":
            delta = {"item_id": item["id"], "output_index": index, "content_index": 0, "delta": reply.say}
            told.append({"type": "response.output_text.delta", **delta})
        told.append({"type": "response.output_item.done", "output_index": index, "item": item})
    told.append({"type": "response.completed", "response": done})
    for number, event in enumerate(told):
        yield event["type"], event | {"sequence_number": number}


def _completion(reply: Reply, model: str, kind: str) -> Json:
    return {"id": reply.id, "object": kind, "created": 0, "model": model}


def _tool_calls(reply: Reply) -> list[Json]:
    return [
        {
            "index": index,
            "id": call.id,
            "type": "function",
            "function": {"name": call.tool, "arguments": json.dumps(call.given)},
        }
        for index, call in enumerate(reply.calls)
    ]


def _chat_usage(reply: Reply) -> Json:
    read = reply.fresh + reply.cached
    return {
        "prompt_tokens": read,
        "completion_tokens": reply.out,
        "total_tokens": read + reply.out,
        "prompt_tokens_details": {"cached_tokens": reply.cached},
    }


def _chat_events(reply: Reply, model: str) -> Iterator[tuple[str, Json | str]]:
    chunk = _completion(reply, model, "chat.completion.chunk")
    deltas: list[tuple[Json, str | None]] = [({"role": "assistant", "content": reply.say}, None)]
    deltas += [({"tool_calls": [call]}, None) for call in _tool_calls(reply)]
    deltas.append(({}, "tool_calls" if reply.calls else "stop"))
    for delta, end in deltas:
        yield "", chunk | {"choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
    yield "", chunk | {"choices": [], "usage": _chat_usage(reply)}
    yield "", "[DONE]"


def _function_calls(reply: Reply) -> list[Json]:
    return [{"functionCall": {"id": call.id, "name": call.tool, "args": call.given}} for call in reply.calls]


def _candidates(reply: Reply, parts: list[Json], end: str = "") -> Json:
    read = reply.fresh + reply.cached
    candidate = {"index": 0, "content": {"role": "model", "parts": parts}} | ({"finishReason": end} if end else {})
    usage = {
        "promptTokenCount": read,
        "cachedContentTokenCount": reply.cached,
        "candidatesTokenCount": reply.out,
        "totalTokenCount": read + reply.out,
    }
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "scripted"}


def _gemini_events(reply: Reply, _model: str) -> Iterator[tuple[str, Json]]:
    if reply.say:
        yield "", _candidates(reply, [{"text": reply.say}])
    yield "", _candidates(reply, _function_calls(reply) or [{"text": ""}], "STOP")
