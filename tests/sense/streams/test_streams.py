"""The real streams of the real agents, good runs and bad ones, as events."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense import Event
from cockpit.sense.streams import READERS, Memory, Teller, read

HERE = Path(__file__).parent / "payloads"
GOOD = Path(__file__).parents[2] / "act" / "payloads"
NOW = 1795300000.0
AGENTS = sorted(READERS.keys() - {"aider", "mini", "screen"})
"""Those that tell of their files: the others have tests of their own."""
BAD = sorted(path for path in HERE.glob("*-*.ndjson"))


def good(agent: str) -> Path:
    return (HERE if agent == "pi" else GOOD) / f"{agent}.ndjson"


def told(agent: str, lines: list[bytes], memory: Memory | None = None) -> list[Event]:
    memory = memory or Memory()
    teller = Teller(agent, "q1", "q1", "/repo")
    return [event for line in lines for event in read(agent, line, memory, teller, NOW)]


def line(**table: object) -> bytes:
    return msgspec.json.encode(table)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


@pytest.mark.parametrize("agent", AGENTS)
def test_a_good_run_is_its_steps_its_words_and_its_tokens(agent: str):
    events = told(agent, lines(good(agent)))
    steps = [event for event in events if event.kind == "agent.step"]
    assert len(steps) == 7
    assert {event.state for event in steps} == {"ok"}
    assert "python3 -m unittest -q 2>&1 | tail -4" in steps[0].what
    assert not steps[0].what.startswith("shell /bin/bash"), "the shell that only carries a command is left out"
    assert ("calc.py",) in [event.paths for event in steps]
    assert all(event.item == event.delegate == "q1" and event.source == agent for event in events)
    notes = [event for event in events if event.kind == "delegate.note"]
    assert notes[0].what == "q1: I will run the tests first."
    assert "q1: Done: add() fixed, tests pass, committed, answer written." in [event.what for event in notes]
    assert any(event.attrs["type"] == "usage" and event.attrs["tokens"] > 1000 for event in notes)
    states = [event.state for event in events if event.kind == "delegate.state"]
    assert states in (["working", "closed"], ["working"])


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_captured_run_says_something_and_none_leaves_it_working_in_vain(path: Path):
    agent = path.stem.partition("-")[0]
    assert told(agent, lines(path))


@pytest.mark.parametrize(
    ("name", "state", "what"),
    [
        ("claude-bad-key", "blocked", "q1: the login is refused"),
        ("claude-overloaded", "limited", "q1: the model is overloaded"),
        ("codex-quota", "limited", "q1: the rate limit is reached"),
        ("codex-overloaded", "limited", "q1: the model is overloaded"),
        ("pi-bad-key", "blocked", "q1: the login is refused"),
        ("pi-overloaded", "limited", "q1: the model is overloaded"),
        ("qwen-bad-key", "blocked", "q1: the login is refused"),
    ],
)
def test_what_holds_an_agent_up_is_told_while_it_does(name: str, state: str, what: str):
    events = told(name.partition("-")[0], lines(HERE / f"{name}.ndjson"))
    held = [event for event in events if event.kind == "delegate.state" and event.state == state]
    assert held
    assert held[0].what == what
    assert held[0].key == "session/q1"


def test_a_retry_is_told_once_and_ends_with_the_next_step():
    memory = Memory()
    retry = line(type="system", subtype="api_retry", attempt=1, error_status=529, error="overloaded")
    assert [event.state for event in told("claude", [retry, retry, retry], memory)] == ["limited"]
    step = line(type="assistant", message={"content": [{"type": "text", "text": "On."}]})
    assert [event.state for event in told("claude", [step], memory)] == ["working", ""]


def test_a_denied_call_is_told_as_denied_and_stays_so_when_the_turn_is_over():
    asked = {"type": "tool_use", "id": "c1", "name": "Bash", "input": {"command": "git push"}}
    words = "Claude requested permissions to use Bash, but you haven't granted it yet."
    answer = {"type": "tool_result", "tool_use_id": "c1", "is_error": True, "content": words}
    denials = [{"tool_name": "Bash", "tool_input": {"command": "git push"}}]
    events = told(
        "claude",
        [
            line(type="assistant", message={"content": [asked]}),
            line(type="user", message={"content": [answer]}),
            line(
                type="result", subtype="success", is_error=False, result="Could not push.", permission_denials=denials
            ),
        ],
    )
    step, state = (next(event for event in events if event.kind == kind) for kind in ("agent.step", "delegate.state"))
    assert (step.state, step.what, step.attrs["err"]) == ("denied", "Bash git push", words)
    assert (state.state, state.what, state.action) == ("denied", "q1 was not permitted: Bash git push", "answer")


def test_a_command_that_fails_is_a_step_that_failed():
    item = {"type": "command_execution", "command": "/bin/bash -lc 'make test'", "exit_code": 2, "status": "failed"}
    (step,) = told("codex", [line(type="item.completed", item=item | {"aggregated_output": "2 failed"})])
    assert (step.what, step.state, step.level, step.attrs["err"]) == ("shell make test", "fail", "warning", "2 failed")
    part = {"tool": "bash", "state": {"status": "completed", "input": {"command": "make"}, "metadata": {"exit": 1}}}
    assert [event.state for event in told("opencode", [line(type="tool_use", part=part)])] == ["fail"]


def test_secrets_and_escapes_never_leave_the_stream():
    said = "\x1b]0;gone\x07token ghp_" + "a1" * 20
    (note,) = told("codex", [line(type="item.completed", item={"type": "agent_message", "text": said})])
    assert note.what == "q1: token [redacted]"


def test_what_a_call_was_is_remembered_over_a_restart():
    memory = Memory()
    told(
        "gemini", [line(type="tool_use", tool_id="t1", tool_name="read_file", parameters={"file_path": "a.py"})], memory
    )
    memory = msgspec.json.decode(msgspec.json.encode(memory), type=Memory)
    (step,) = told("gemini", [line(type="tool_result", tool_id="t1", status="success", output="x")], memory)
    assert step.what == "read_file a.py"


def test_calls_that_never_end_are_forgotten():
    memory = Memory()
    told("gemini", [line(type="tool_use", tool_id=str(n), tool_name="x", parameters={}) for n in range(500)], memory)
    assert len(memory.calls) == 64


WHOLE = [(agent, text) for agent in AGENTS for text in lines(good(agent))]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_no_line_however_broken_stops_the_reader(whole: tuple[str, bytes], data: st.DataObject):
    agent, text = whole
    cut = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(cut, len(text)))
    told(agent, [text[:cut] + data.draw(st.binary(max_size=20)) + text[end:], text])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def fields(value: object) -> list[str]:
    match value:
        case dict():
            return [*value, *(name for inner in value.values() for name in fields(inner))]
        case list():
            return [name for inner in value for name in fields(inner)]
        case _:
            return []


def replaced(value: object, name: str, new: object) -> object:
    match value:
        case dict():
            return {key: new if key == name else replaced(inner, name, new) for key, inner in value.items()}
        case list():
            return [replaced(inner, name, new) for inner in value]
        case _:
            return value


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(WHOLE), st.data())
def test_any_field_may_hold_anything(whole: tuple[str, bytes], data: st.DataObject):
    agent, text = whole
    table = msgspec.json.decode(text)
    name = data.draw(st.sampled_from(fields(table)))
    told(agent, [msgspec.json.encode(replaced(table, name, data.draw(JSON))), text])
