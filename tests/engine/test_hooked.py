"""What hooks left on disk: read once, in order, given to whom it belongs, gone when it is kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.engine import hooked
from cockpit.engine.hooked import Hooked
from cockpit.facts import Sentinel, Turn
from cockpit.paths import Places
from tests.engine.test_streams import NOW, turn


def says(places: Places, number: int, name: str, whose: str = "", agent: str = "claude", **more: object) -> Path:
    payload = {"hook_event_name": name, "session_id": "abcdef012345", "cwd": str(places.root), **more}
    path = places.hooks / f"{agent}-{number}"
    path.write_text(f"{whose}\n{json.dumps(payload)}")
    os.utime(path, (NOW - 100 + number, NOW - 100 + number))
    return path


def tty(places: Places, item: str = "q1") -> dict[str, Turn]:
    return {item: turn(places, item, agent="claude-tty")}


def test_what_is_kept_is_removed_and_what_is_not_is_read_again(places: Places):
    says(places, 2, "PostToolUse", tool_name="Bash", tool_input={"command": "b"})
    says(places, 1, "PostToolUse", tool_name="Bash", tool_input={"command": "a"})
    reader = Hooked(places)
    assert [event.what for event in reader.events({}, NOW)] == ["Bash a", "Bash b"]
    again = Hooked(places)
    assert len(again.events({}, NOW)) == 2, "a kill before the journal must lose nothing"
    again.save()
    assert list(places.hooks.iterdir()) == []
    assert again.events({}, NOW) == []


def test_a_delegate_is_known_by_its_environment_or_by_where_it_works(places: Places):
    turns = tty(places)
    says(places, 1, "UserPromptSubmit", whose="q1")
    says(places, 2, "PermissionRequest", cwd=str(places.worktrees / "q1" / "sub"), tool_name="Bash")
    says(places, 3, "PermissionRequest", cwd="/elsewhere", tool_name="Bash")
    events = Hooked(places).events(turns, NOW)
    assert [(event.key, event.item) for event in events] == [
        ("session/q1", "q1"), ("session/q1", "q1"), ("session/claude abcdef01", "")
    ]  # fmt: skip


def test_a_delegate_whose_stream_is_read_is_not_heard_twice(places: Places):
    says(places, 1, "PostToolUse", whose="q1", tool_name="Bash")
    assert Hooked(places).events({"q1": turn(places, agent="claude")}, NOW) == []


def test_a_session_of_a_turn_that_has_ended_asks_nothing_more(places: Places):
    turns = tty(places)
    folder = turns["q1"].folder
    facts.write(folder, Sentinel(outcome="finished", at=NOW, seconds=1.0))
    ended = facts.load(folder)
    assert ended is not None
    reader = Hooked(places)
    says(places, 1, "PermissionRequest", whose="q1", tool_name="Bash")
    assert [event.state for event in reader.events(turns, NOW)] == ["asks"]
    assert [event.state for event in reader.events({"q1": ended}, NOW)] == ["closed"]
    says(places, 2, "Notification", whose="q1", notification_type="idle_prompt")
    assert reader.events({"q1": ended}, NOW) == []


def test_a_delegate_that_stops_without_an_answer_asks(places: Places):
    turns, reader = tty(places), Hooked(places)
    stopped = NOW - 99
    says(places, 1, "Stop", whose="q1", last_assistant_message="Done.")
    assert [event.state for event in reader.events(turns, stopped + 1)] == ["", "closed"]
    reader.save()
    assert not reader.due(stopped + 5)
    assert reader.events(turns, stopped + 5) == [], "the answer may be looked at just now"
    assert reader.due(stopped + 20)
    (event,) = Hooked(places).events(turns, stopped + 20)
    assert (event.state, event.what) == ("asks", "q1 asks: it has stopped, and there is no answer")
    (event,) = reader.events(turns, stopped + 20)
    assert not reader.due(stopped + 30)
    says(places, 2, "UserPromptSubmit", whose="q1")
    assert [event.state for event in reader.events(turns, NOW)] == ["working"]


def test_a_torn_file_waits_and_is_passed_over_when_it_stays_torn(places: Places):
    path = places.hooks / "claude-1"
    path.write_text('\n{"hook_event_name": "St')
    os.utime(path, (NOW, NOW))
    reader = Hooked(places)
    assert reader.events({}, NOW + 1) == []
    reader.save()
    assert path.exists()
    assert reader.events({}, NOW + 60) == []
    assert reader.trouble
    reader.save()
    assert not path.exists()


def test_a_file_written_anew_in_its_place_is_not_lost(places: Places):
    says(places, 1, "PostToolUse", tool_name="Bash", tool_input={"command": "a"})
    reader = Hooked(places)
    reader.events({}, NOW)
    path = says(places, 1, "PostToolUse", tool_name="Bash", tool_input={"command": "b"})
    os.utime(path, (NOW, NOW))
    reader.save()
    assert [event.what for event in reader.events({}, NOW)] == ["Bash b"]


def test_a_pass_takes_no_more_than_its_lot(places: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hooked, "LOT", 3)
    for number in range(7):
        says(places, number, "PostToolUse", tool_name="Bash", tool_input={"command": str(number)})
    reader, found = Hooked(places), []
    for _ in range(3):
        found += [event.what for event in reader.events({}, NOW)]
        reader.save()
    assert found == [f"Bash {number}" for number in range(7)]
    assert not reader.behind


def test_foreign_files_stay(places: Places, tmp_path: Path):
    (places.hooks / "notes.txt").write_text("mine")
    (places.hooks / "claude-7").symlink_to(tmp_path / "elsewhere")
    reader = Hooked(places)
    assert reader.events({}, NOW) == []
    reader.save()
    assert sorted(path.name for path in places.hooks.iterdir()) == ["claude-7", "notes.txt"]


def test_a_killed_session_is_over_after_half_a_day(places: Places):
    says(places, 1, "PermissionRequest", tool_name="Bash")
    reader = Hooked(places)
    assert [event.state for event in reader.events({}, NOW)] == ["asks"]
    reader.save()
    later = Hooked(places)
    assert [event.state for event in later.events({}, NOW + 13 * 3600)] == ["closed"]
    assert later.events({}, NOW + 14 * 3600) == []
