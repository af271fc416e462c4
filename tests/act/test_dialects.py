"""The real output of the real agents (tests/act/payloads), read as transcript, session, failure and usage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.act import dialects
from cockpit.act import stream as stream_module
from cockpit.act.launch import Dialect
from cockpit.act.stream import Stream
from cockpit.act.usage import usage
from cockpit.spent import Part, Usage

HERE = Path(__file__).parent / "payloads"
STREAMS: list[Dialect] = ["claude", "codex", "gemini", "opencode", "qwen", "pi"]


def play(dialect: Dialect, data: bytes, folder: Path, chunk: int = 65536) -> tuple[Stream, str]:
    said: list[str] = []
    stream = Stream(dialect, folder, said.append)
    for start in range(0, len(data), chunk):
        stream.feed(data[start : start + chunk])
    stream.close()
    return stream, "".join(said)


@pytest.mark.parametrize("dialect", STREAMS)
@pytest.mark.parametrize("chunk", [65536, 7])
def test_a_good_run_reads_as_a_conversation(dialect: Dialect, chunk: int, tmp_path: Path):
    data = (HERE / f"{dialect}.ndjson").read_bytes()
    stream, said = play(dialect, data, tmp_path, chunk)
    assert stream.session_id
    assert stream.failure == ""
    assert stream.opened
    lines = said.strip().split("\n")
    assert lines[0] == "I will run the tests first."
    assert "python3 -m unittest -q" in lines[1]
    assert lines[-1] == "Done: add() fixed, tests pass, committed, answer written."
    assert (tmp_path / "events.ndjson").read_bytes().count(b"\n") == data.count(b"\n")


@pytest.mark.parametrize(
    ("dialect", "tokens", "usd"),
    [("claude", 104403, 0.422572), ("codex", 81874, None), ("gemini", 102331, None), ("qwen", 162304, None)],
)
def test_usage_is_what_the_agent_told_at_the_end(dialect: Dialect, tokens: int, usd: float | None):
    lines = (HERE / f"{dialect}.ndjson").read_bytes().split(b"\n")
    told = usage(dialect, lines)
    assert (told.tokens, told.usd) == (tokens, usd)
    assert sum(part.read + part.cached + part.stored + part.out for part in told.parts) == tokens
    assert usage(dialect, lines[:-3]).tokens is None, "unknown stays unknown"


def test_opencode_is_added_up_step_by_step():
    lines = (HERE / "opencode.ndjson").read_bytes().split(b"\n")
    steps = [json.loads(line)["part"]["tokens"]["total"] for line in lines if b"step_finish" in line]
    told = usage("opencode", lines)
    assert (told.tokens, told.usd) == (sum(steps), 0.0)


def test_qwen_counts_what_was_cached_among_what_was_read():
    told = {"input_tokens": 1200, "cache_read_input_tokens": 200, "output_tokens": 30, "total_tokens": 1230}
    used = usage("qwen", [json.dumps({"type": "result", "usage": told}).encode()], model="m")
    assert used == Usage(1230, None, (Part("m", 1000, 200, 0, 30),))


def test_codex_cumulates_over_the_runs_of_a_thread():
    def run(thread: str, tokens: int) -> list[bytes]:
        return [
            json.dumps({"type": "thread.started", "thread_id": thread}).encode(),
            json.dumps({"type": "turn.completed", "usage": {"input_tokens": tokens, "output_tokens": 1}}).encode(),
        ]

    assert usage("codex", [*run("a", 200), *run("a", 300), *run("b", 50)]).tokens == 301 + 51
    used = usage("codex", [*run("a", 300), *run("b", 50)], run("a", 200))
    assert used.tokens == 100 + 51, "an earlier turn had 201"
    assert used.parts == (Part("", 150, 0, 0, 1),)


def test_qwen_cumulates_over_the_runs_of_a_session():
    def run(tokens: int) -> bytes:
        told = {"type": "result", "session_id": "s", "usage": {"input_tokens": tokens, "output_tokens": 30}}
        return json.dumps(told).encode()

    assert usage("qwen", [run(1200), run(2400)]).tokens == 2430
    assert usage("qwen", [run(2400)], [run(1200)]).tokens == 1200, "an iterate"


def test_claude_cumulates_money_over_the_runs_of_a_session_but_not_tokens():
    def run(usd: float) -> bytes:
        told = {"type": "result", "session_id": "s", "total_cost_usd": usd, "usage": {"input_tokens": 5}}
        return json.dumps(told).encode()

    def used(*records: list[bytes]) -> tuple[int | None, float | None]:
        told = usage("claude", *records)
        return told.tokens, told.usd

    assert used([run(0.25), run(0.5)]) == (10, 0.5)
    assert used([run(0.75)], [run(0.25)], [run(0.5)]) == (5, 0.25)
    assert used([run(0.5), run(0.25)]) == (10, 0.75), "one that counts each run by itself"


@pytest.mark.parametrize(
    ("source", "billing"), [("ANTHROPIC_API_KEY", "api"), ("none", "subscription"), ("oauth", "subscription"), ("", "")]
)
def test_claude_tells_a_subscription_from_a_key(source: str, billing: str):
    begun = {"type": "system", "subtype": "init", "model": "claude-opus-4-6", "apiKeySource": source}
    done = {"type": "result", "session_id": "s", "usage": {"input_tokens": 5, "cache_read_input_tokens": 7}}
    used = usage("claude", [json.dumps(event).encode() for event in (begun, done)])
    assert used.billing == billing
    assert used.parts == (Part("claude-opus-4-6", 5, 7, 0, 0),)


@pytest.mark.parametrize(
    ("events", "billing"),
    [
        ([{"apiKeySource": "none", "served_by_anthropic": False}], ""),
        ([{"apiKeySource": "none", "served_by_anthropic": True}], "subscription"),
        ([{"apiKeySource": "ANTHROPIC_API_KEY", "served_by_anthropic": False}], "api"),
        ([{}, {"rateLimitType": "five_hour", "isUsingOverage": False}], "subscription"),
        ([{"apiKeySource": "none"}, {"rateLimitType": "five_hour", "isUsingOverage": True}], "api"),
        ([{"apiKeySource": "ANTHROPIC_API_KEY"}, {"status": "allowed"}], "api"),
    ],
)
def test_a_cloud_is_no_subscription_and_what_goes_beyond_the_quota_is_charged(
    events: list[dict[str, Any]], billing: str
):
    begun, *quotas = events
    lines = [{"type": "system", "subtype": "init", **begun}]
    lines += [{"type": "rate_limit_event", "rate_limit_info": quota} for quota in quotas]
    assert usage("claude", [json.dumps(event).encode() for event in lines]).billing == billing


@pytest.mark.parametrize(
    ("dialect", "event", "words"),
    [
        ("claude", {"type": "result", "is_error": True, "subtype": "error_max_turns"}, "error_max_turns"),
        (
            "claude",
            {"type": "result", "is_error": True, "subtype": "success", "result": "API Error: 401"},
            "API Error: 401",
        ),
        ("claude", {"type": "result", "is_error": False, "result": "Done"}, ""),
        ("qwen", {"type": "result", "is_error": False, "result": "[API Error: 401 x]"}, "[API Error: 401 x]"),
        ("codex", {"type": "turn.failed", "error": {"message": "429"}}, "429"),
        ("codex", {"type": "error", "message": "Reconnecting... 1/2"}, None),
        ("gemini", {"type": "result", "status": "error", "error": {"message": "terminated"}}, "terminated"),
        (
            "claude",
            {"type": "result", "is_error": True, "errors": ["No conversation found"], "subtype": "error"},
            "No conversation found",
        ),
        (
            "pi",
            {"type": "message_end", "message": {"role": "assistant", "stopReason": "error", "errorMessage": "401"}},
            "401",
        ),
        ("pi", {"type": "message_end", "message": {"role": "assistant", "stopReason": "stop"}}, ""),
        ("opencode", {"type": "error", "error": {"name": "APIError", "data": {"message": "bad key"}}}, "bad key"),
    ],
)
def test_an_error_event_is_known_whatever_the_exit_status(dialect: Dialect, event: dict[str, Any], words: str | None):
    assert dialects.failure(dialect, event) == words


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(get_args(Dialect)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "message", "content", "part", "item", "error", "usage", "stats", "tokens", "text"]
                ),
                inner,
                max_size=4,
            )
        ),
    ),
    st.sampled_from(
        ["result", "message", "assistant", "item.completed", "turn.completed", "text", "tool_use", "error"]
    ),
)
def test_no_event_however_odd_is_an_error(dialect: Dialect, value: object, kind: str):
    event: dict[str, Any] = {"message": value, "part": value, "item": value, "error": value, "type": kind}
    assert isinstance(dialects.transcript(dialect, event), str)
    dialects.failure(dialect, event)
    dialects.session_id(dialect, event)
    usage(dialect, [json.dumps(event).encode(), json.dumps(value).encode()])


def test_a_line_without_end_is_dropped_and_the_next_one_read(tmp_path: Path):
    data = b'{"type": "text", "x": "' + b"a" * (9 * 1024 * 1024) + b'"}\n{"type":"text","part":{"text":"after"}}\n'
    _, said = play("opencode", data, tmp_path)
    assert said == "after\n"


def test_deep_nesting_is_shown_as_text_not_an_error(tmp_path: Path):
    _, said = play("claude", b"[" * 100_000 + b"\n" + b'{"type":1}\n', tmp_path)
    assert said.startswith("[[[")


@pytest.mark.parametrize("dialect", STREAMS)
def test_a_record_that_is_full_still_takes_the_end_and_the_tokens(
    dialect: Dialect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    data = (HERE / f"{dialect}.ndjson").read_bytes()
    (tmp_path / "whole").mkdir()
    (tmp_path / "full").mkdir()
    whole, _ = play(dialect, data, tmp_path / "whole")
    monkeypatch.setattr(stream_module, "RECORD_CAP", (tmp_path / "whole" / "events.ndjson").stat().st_size // 2)
    full, said = play(dialect, data, tmp_path / "full")
    lines = [(tmp_path / name / "events.ndjson").read_bytes().splitlines() for name in ("whole", "full")]
    assert len(lines[1]) < len(lines[0])
    assert said.count("is full") == 1
    assert (full.session_id, full.failure) == (whole.session_id, whole.failure)
    ends = [line for line in lines[0] if dialects.weighs(dialect, json.loads(line))]
    assert lines[1][-1] == ends[-1]
    assert usage(dialect, lines[1]) == usage(dialect, lines[0])


def test_a_flood_of_errors_ends_at_twice_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream_module, "RECORD_CAP", 1500)
    flood = b'{"type":"error","message":"no"}\n' * 1000
    play("codex", flood, tmp_path)
    assert 1500 < (tmp_path / "events.ndjson").stat().st_size < 3100
