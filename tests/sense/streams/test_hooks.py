"""The real hooks of the real agents, as events: what they do, when they ask, when they wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense import Event
from cockpit.sense.streams import Memory, Teller, hooks, told

HERE = Path(__file__).parent / "payloads"
NOW = 1795300000.0
AGENTS = ["claude", "codex", "gemini", "qwen"]


def payloads(agent: str) -> list[dict[str, Any]]:
    lines = (HERE / f"{agent}.hooks.ndjson").read_bytes().splitlines()
    entries = [msgspec.json.decode(line) for line in lines]
    return [entry["payload"] for entry in entries if entry["event"] == entry["payload"].get("hook_event_name")]


def heard(agent: str, said: list[dict[str, Any]], item: str = "q1") -> list[Event]:
    memories: dict[str, Memory] = {}
    teller = Teller(agent, item or f"{agent} 1234", item, "/repo")
    return [
        event
        for payload in said
        for entry in hooks.read(payload["hook_event_name"], payload)
        for event in told(entry, memories.setdefault(payload["session_id"], Memory()), teller, NOW)
    ]


def one(name: str, **more: object) -> dict[str, Any]:
    return {"hook_event_name": name, "session_id": "s", "cwd": "/repo", **more}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_captured_session_is_its_steps_its_questions_and_its_end(agent: str):
    events = heard(agent, payloads(agent))
    steps = [event for event in events if event.kind == "agent.step"]
    assert steps
    assert any("python3 -m unittest -q" in event.what or "git commit" in event.what for event in steps)
    assert all(event.attrs["cwd"] == "/repo" for event in steps)
    states = [event.state for event in events if event.kind == "delegate.state"]
    assert states[0] == "working"
    assert "asks" in states
    assert states.index("closed") > states.index("working")
    said = [event.what for event in events if event.kind == "delegate.note"]
    assert any("Done: add() fixed" in words or "Slept" in words for words in said)


@pytest.mark.parametrize("agent", AGENTS)
def test_every_captured_hook_is_understood(agent: str):
    for payload in payloads(agent):
        name = payload["hook_event_name"]
        quiet = name in ("PostToolBatch", "PreCompress", "InstructionsLoaded", "FileChanged")
        quiet = quiet or payload.get("notification_type") == "auth_success"
        assert quiet or list(hooks.read(name, payload)), name


def test_a_permission_is_asked_for_once_and_the_next_step_ends_it():
    bash = {"tool_name": "Bash", "tool_input": {"command": "make"}}
    events = heard(
        "claude",
        [
            one("SessionStart"),
            one("PreToolUse", **bash),
            one("PermissionRequest", **bash),
            one("Notification", notification_type="permission_prompt", message="Claude needs your permission"),
            one("PostToolUse", **bash, tool_response={"stdout": "ok"}),
        ],
    )
    assert [(event.kind, event.state, event.what) for event in events] == [
        ("delegate.state", "working", "q1 works"),
        ("delegate.state", "asks", "q1 asks: may it use Bash make"),
        ("delegate.state", "working", "q1 works"),
        ("agent.step", "ok", "Bash make"),
    ]
    assert events[1].action == "attach"


def test_a_question_is_told_in_its_own_words():
    given = {"questions": [{"question": "Which one?", "options": []}]}
    events = heard("claude", [one("PermissionRequest", tool_name="AskUserQuestion", tool_input=given)])
    assert [event.what for event in events] == ["q1 asks: Which one?"]


def test_a_failed_call_tells_what_it_printed_and_a_denied_one_that_it_was():
    bash = {"tool_name": "Bash", "tool_input": {"command": "make"}}
    events = heard(
        "claude",
        [one("PostToolUseFailure", **bash, error="exit 2: no rule"), one("PermissionDenied", **bash, reason="no")],
    )
    assert [(event.state, event.attrs.get("err")) for event in events] == [("fail", "exit 2: no rule"), ("denied", "")]


def test_a_limit_is_told_with_its_end():
    words = "API Error: Request rejected (429) · You have hit your usage limit. Try again in 3 hours."
    (event,) = heard("claude", [one("StopFailure", error="rate_limit", last_assistant_message=words)])
    assert (event.state, event.attrs["until"]) == ("limited", NOW + 3 * 3600)


def test_a_delegate_that_waits_at_its_prompt_asks_and_a_session_of_the_humans_own_does_not():
    idle = one("Notification", notification_type="idle_prompt", message="Claude is waiting for your input")
    assert [event.state for event in heard("claude", [idle])] == ["asks"]
    assert heard("claude", [idle], item="") == []


def test_a_humans_own_session_has_finished_when_it_stops_and_is_closed_when_it_ends():
    events = heard("claude", [one("Stop", last_assistant_message="Done."), one("SessionEnd")], item="")
    assert [(event.state or event.what, event.item) for event in events] == [
        ("claude 1234: Done.", ""), ("finished", ""), ("closed", "")
    ]  # fmt: skip


def test_secrets_never_get_through():
    words = {"command": "curl -H 'Authorization: Bearer abcdefghijklmnop0123'"}
    (event,) = heard("claude", [one("PostToolUse", tool_name="Bash", tool_input=words, tool_response="x")])
    assert "abcdefghij" not in event.what


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([(agent, n) for agent in AGENTS for n in range(len(payloads(agent)))]), st.data())
def test_nothing_in_a_payload_can_be_so_odd_that_it_fails(which: tuple[str, int], data: st.DataObject):
    agent, number = which
    payload = dict(payloads(agent)[number])
    name = payload["hook_event_name"]
    for key in data.draw(st.lists(st.sampled_from(sorted(payload)), max_size=4)):
        payload[key] = data.draw(values)
    for said in hooks.read(name, payload):
        list(told(said, Memory(), Teller(agent, "q1", "q1", "/repo"), NOW))
