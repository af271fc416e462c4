"""The streams of delegates on disk: read on, never twice, over a restart, while they are written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cockpit import facts
from cockpit.engine import streams
from cockpit.engine.streams import Streams
from cockpit.facts import Dispatch, Sentinel, Turn
from cockpit.paths import Places

NOW = 1795300000.0


def turn(places: Places, item: str = "q1", number: int = 1, agent: str = "codex") -> Turn:
    folder = places.delegates / item / str(number)
    facts.write(
        folder,
        Dispatch(
            item=item, turn=number, text="Do it", agent=agent, branch=f"delegate/{item}", base="0" * 40,
            target="refs/heads/main", worktree="/repo", session=f"ck-{item}-{number}", timeout=60, at=NOW,
        ),
    )  # fmt: skip
    found = facts.load(folder)
    assert found is not None
    return found


def says(folder: Path, *words: str, torn: bytes = b"") -> None:
    with (folder / "events.ndjson").open("ab") as file:
        for text in words:
            item = {"type": "agent_message", "text": text}
            file.write(msgspec.json.encode({"type": "item.completed", "item": item}) + b"\n")
        file.write(torn)


def heard(reader: Streams, *turns: Turn) -> list[str]:
    return [event.what.partition(": ")[2] for event in reader.events(turns, NOW)]


def test_what_was_read_is_never_read_again(places: Places):
    one, reader = turn(places), Streams(places)
    says(one.folder, "first", "second")
    assert heard(reader, one) == ["first", "second"]
    assert heard(reader, one) == []
    says(one.folder, "third")
    assert heard(reader, one) == ["third"]


def test_a_torn_last_line_waits_for_its_end(places: Places):
    one, reader = turn(places), Streams(places)
    whole = b'{"type":"item.completed","item":{"type":"agent_message","text":"late"}}\n'
    says(one.folder, "first", torn=whole[:20])
    assert heard(reader, one) == ["first"]
    assert heard(reader, one) == []
    says(one.folder, torn=whole[20:])
    assert heard(reader, one) == ["late"]


def test_a_restart_goes_on_where_the_last_save_was(places: Places):
    one, reader = turn(places), Streams(places)
    says(one.folder, "first")
    assert heard(reader, one) == ["first"]
    assert heard(Streams(places), one) == ["first"], "not saved: a kill before the journal must lose nothing"
    reader.save()
    says(one.folder, "second")
    assert heard(Streams(places), one) == ["second"]


def test_a_new_file_in_its_place_is_read_from_the_beginning(places: Places):
    one, reader = turn(places), Streams(places)
    says(one.folder, "first", "second")
    heard(reader, one)
    (one.folder / "events.ndjson").unlink()
    says(one.folder, "anew")
    assert heard(reader, one) == ["anew"]


def test_a_pass_takes_no_more_than_its_lot_and_says_that_there_is_more(places: Places, monkeypatch):
    monkeypatch.setattr(streams, "LOT", 400)
    one, reader = turn(places), Streams(places)
    said = [f"word {number}" for number in range(50)]
    says(one.folder, *said)
    found = heard(reader, one)
    assert 0 < len(found) < 10
    assert reader.behind
    while reader.behind:
        found += heard(reader, one)
    assert found == said


def test_a_line_longer_than_the_lot_is_taken_whole(places: Places, monkeypatch):
    monkeypatch.setattr(streams, "LOT", 100)
    one, reader = turn(places), Streams(places)
    says(one.folder, "x" * 1000, "after")
    assert heard(reader, one)[0].startswith("xxx")
    assert heard(reader, one) == ["after"]


def test_a_line_without_an_end_is_passed_over(places: Places, monkeypatch):
    monkeypatch.setattr(streams, "LOT", 100)
    monkeypatch.setattr(streams, "LINE", 1000)
    one, reader = turn(places), Streams(places)
    says(one.folder, torn=b"x" * 5000 + b"\n")
    says(one.folder, "after")
    found: list[str] = []
    for _ in range(20):
        found += heard(reader, one)
    assert found == ["after"]


def test_each_delegate_has_its_own_place_and_a_turn_that_is_gone_is_forgotten(places: Places):
    one, other, reader = turn(places), turn(places, "q2", agent="gemini"), Streams(places)
    says(one.folder, "first")
    (other.folder / "events.ndjson").write_bytes(b'{"type":"error","message":"429 Too Many Requests"}\n')
    events = reader.events([one, other], NOW)
    assert [(event.item, event.kind) for event in events] == [("q1", "delegate.note"), ("q2", "delegate.state")]
    assert heard(reader, other) == []
    assert list(reader.marks) == ["q2/1"]


def test_an_agent_that_speaks_no_dialect_is_not_read(places: Places):
    one = turn(places, agent="shell make")
    says(one.folder, "first")
    assert heard(Streams(places), one) == []


def test_what_was_said_in_a_turn_that_ended_was_said_before_its_end(places: Places):
    one = turn(places)
    facts.write(one.folder, Sentinel(outcome="finished", at=NOW - 100, seconds=1.0))
    says(one.folder, "first")
    ended = facts.load(one.folder)
    assert ended is not None
    assert [event.at for event in Streams(places).events([ended], NOW)] == [NOW - 100]


def test_a_memory_that_is_no_json_is_no_reason_to_stop(places: Places):
    (places.local / "streams.json").write_bytes(b"\xff{")
    one = turn(places)
    says(one.folder, "first")
    assert heard(Streams(places), one) == ["first"]


def ran(folder: Path, thread: str, tokens: int) -> None:
    """What codex writes of a run: its use is that of the whole thread so far (agents, finding 17)."""
    lines = [
        {"type": "thread.started", "thread_id": thread},
        {"type": "turn.started"},
        {
            "type": "turn.completed",
            "usage": {"input_tokens": tokens - 10, "cached_input_tokens": 5, "output_tokens": 10},
        },
    ]
    with (folder / "events.ndjson").open("ab") as file:
        file.writelines(msgspec.json.encode(line) + b"\n" for line in lines)


def used(reader: Streams, one: Turn) -> list[int | None]:
    return [event.attrs["tokens"] for event in reader.events([one], NOW) if event.attrs.get("type") == "usage"]


def test_a_thread_that_goes_on_tells_what_each_run_used(places: Places):
    first, reader = turn(places), Streams(places)
    ran(first.folder, "t1", 1000)
    assert used(reader, first) == [1000]
    ran(first.folder, "t1", 1500)  # a message: the same turn, the same thread
    assert used(reader, first) == [500]
    second = turn(places, number=2)
    ran(second.folder, "t1", 1900)
    assert used(Streams(places), second) == [400], "an iterate, read by an engine that knows of no earlier turn"


def test_a_session_of_qwen_tells_what_each_run_used(places: Places):
    one, reader = turn(places, agent="qwen"), Streams(places)
    for tokens in (1200, 3000):
        counts = {"input_tokens": tokens, "cache_read_input_tokens": 200, "output_tokens": 30}
        with (one.folder / "events.ndjson").open("ab") as file:
            file.write(msgspec.json.encode({"type": "result", "session_id": "s1", "usage": counts}) + b"\n")
    assert used(reader, one) == [1230, 1800]


def test_money_that_a_session_counts_up_is_told_run_by_run(places: Places):
    one, reader = turn(places, agent="claude"), Streams(places)
    for usd in (0.25, 0.75):
        result = {"type": "result", "session_id": "s1", "total_cost_usd": usd, "usage": {"input_tokens": 7}}
        with (one.folder / "events.ndjson").open("ab") as file:
            file.write(msgspec.json.encode(result) + b"\n")
    notes = [event for event in reader.events([one], NOW) if event.attrs.get("type") == "usage"]
    assert [note.what for note in notes] == ["q1 used 7 tokens and $0.25", "q1 used 7 tokens and $0.50"]
