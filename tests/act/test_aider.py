"""What aider prints, its own log of events between its lines: edits, commits, tokens and troubles."""

from __future__ import annotations

from pathlib import Path

from cockpit.act.stream import Stream
from cockpit.act.usage import usage
from cockpit.sense import Event
from cockpit.sense.streams import Memory, Teller, read

HERE = Path(__file__).parent / "payloads"


def heard(name: str, folder: Path) -> tuple[Stream, list[Event], str]:
    """The stream after that output, the events of its record, and what the pane shows."""
    said: list[str] = []
    stream = Stream("aider", folder, said.append)
    stream.feed((HERE / name).read_bytes())
    stream.close()
    memory, teller = Memory(), Teller("aider", "q1", "q1", "/repo")
    lines = (folder / "events.ndjson").read_bytes().splitlines()
    return stream, [event for line in lines for event in read("aider", line, memory, teller, 1.0)], "".join(said)


def test_its_edits_and_commits_are_its_steps(tmp_path: Path):
    stream, events, shown = heard("aider.out", tmp_path)
    steps = [(event.what, event.state) for event in events if event.kind == "agent.step"]
    assert steps == [("edit a.txt", "ok"), ("commit Write a.txt", "ok")]
    assert [event.state for event in events if event.kind == "delegate.state"] == ["working", "closed"]
    assert (stream.failure, stream.opened, stream.session_id) == ("", True, "its history file")
    assert "Applied edit to a.txt\n" in shown
    assert '"event"' not in shown, "its log is not for the pane"


def test_its_tokens_are_read_and_a_price_it_does_not_know_is_no_price(tmp_path: Path):
    _, events, _ = heard("aider.out", tmp_path)
    used = usage("aider", (tmp_path / "events.ndjson").read_bytes().splitlines())
    assert (used.tokens, used.parts[0].read, used.parts[0].out) == (1230, 1200, 30)
    (note,) = (event for event in events if event.attrs.get("type") == "usage")
    assert note.what == "q1 used 1,230 tokens"


def test_a_quota_is_a_trouble_though_its_exit_status_is_0(tmp_path: Path):
    stream, events, _ = heard("aider-quota.out", tmp_path)
    assert stream.failure.startswith("litellm.RateLimitError: ")
    assert stream.failure.endswith("Try again in 3 hours.")
    states = [event.state for event in events if event.kind == "delegate.state"]
    assert states == ["working", "limited", "closed"]
