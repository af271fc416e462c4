"""mini's record, as it writes it, read while it is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cockpit.act import dialects
from cockpit.act.trajectory import Trajectory
from cockpit.act.usage import usage
from cockpit.sense.streams import Memory, Teller, read

HERE = Path(__file__).parent / "payloads"
MESSAGES: list[dict[str, Any]] = json.loads((HERE / "mini-trajectory.json").read_text())["messages"]
SUBMITTED = {"role": "exit", "content": "", "extra": {"exit_status": "Submitted", "submission": ""}}
REFUSED = {
    "role": "exit",
    "content": "litellm.AuthenticationError: AuthenticationError: OpenAIException - Invalid API key",
    "extra": {"exit_status": "AuthenticationError"},
}


def put(path: Path, *messages: dict[str, Any]) -> None:
    path.write_text(json.dumps({"messages": messages}))


def test_each_message_is_told_once_while_the_file_grows(tmp_path: Path):
    path = tmp_path / "trajectory.json"
    record = Trajectory(path)
    assert record.news() == []
    put(path, *MESSAGES[:3])
    assert [event["type"] for event in record.news()] == ["assistant"], "prompts are no events"
    assert record.news() == []
    put(path, *MESSAGES)
    assert [event["type"] for event in record.news()] == ["tool", "assistant", "tool", "assistant", "tool"]


def test_a_half_written_file_waits_for_its_end(tmp_path: Path):
    path = tmp_path / "trajectory.json"
    record = Trajectory(path)
    path.write_text('{"messages": [{"role": "assis')
    assert record.news() == []
    put(path, *MESSAGES[:3])
    assert len(record.news()) == 1


def test_what_an_earlier_run_left_is_not_told_again(tmp_path: Path):
    path = tmp_path / "trajectory.json"
    put(path, *MESSAGES, SUBMITTED)
    record = Trajectory(path)
    assert record.news() == []
    put(path, *MESSAGES[:3])
    assert len(record.news()) == 1, "a new run begins anew"


def told(tmp_path: Path, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    record = Trajectory(tmp_path / "trajectory.json")
    put(tmp_path / "trajectory.json", *messages)
    return record.news()


def test_its_calls_its_words_its_tokens_and_its_end_are_read(tmp_path: Path):
    events = told(tmp_path, *MESSAGES, SUBMITTED)
    lines = [json.dumps(event).encode() for event in events]
    used = usage("mini", lines)
    assert (used.tokens, used.parts[0].cached) == (3690, 600)
    memory, teller = Memory(), Teller("mini", "q1", "q1", "/repo")
    heard = [event for line in lines for event in read("mini", line, memory, teller, 1.0)]
    steps = [event for event in heard if event.kind == "agent.step"]
    assert [step.state for step in steps] == ["ok"] * 3
    assert steps[1].what == "bash git add a.txt && git commit -q -m 'Write a.txt'"
    assert [event.state for event in heard if event.kind == "delegate.state"] == ["working", "closed"]
    assert [dialects.failure("mini", event) for event in events][-1] == ""
    shown = "".join(dialects.transcript("mini", event) for event in events)
    assert "I write.\n> bash mkdir -p" in shown


def test_a_refused_key_is_a_failure_in_its_words(tmp_path: Path):
    (event,) = told(tmp_path, REFUSED)
    assert dialects.failure("mini", event) == REFUSED["content"]
