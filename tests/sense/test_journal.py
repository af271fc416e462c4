"""The journal: bounded, crash-safe, replayed in order; a flood of lines is a sample and a count."""

from __future__ import annotations

from pathlib import Path

from cockpit.sense import Event, Ranker, journal
from cockpit.sense.journal import Journal, replay, segments


def event(what: str, at: float = 1.0) -> Event:
    return Event(source="s", what=what, key=what, at=at)


def said(what: str, at: float, level: str = "info") -> Event:
    return Event(source="app", kind="log.line", what=what, key="app", run="r1", at=at, level=level)  # pyright: ignore[reportArgumentType]


def whats(path: Path) -> list[str]:
    return [event.what for event in replay(path, 1e9).events]


def test_it_gives_back_what_was_recorded(tmp_path: Path):
    book = Journal(tmp_path / "journal")
    book.record([event("a"), event("b")], 1.0)
    book.record([], 1.0)
    book.record([event("c", at=2.0)], 2.0)
    assert replay(tmp_path / "journal", 9.0) == ([event("a"), event("b"), event("c", at=2.0)], [])


def test_it_stays_bounded_and_keeps_the_newest(tmp_path: Path):
    book = Journal(tmp_path, size=300)
    for number in range(200):
        book.record([event(f"event {number:03}")], 1.0)
    assert len(segments(tmp_path)) == journal.KEPT
    found = whats(tmp_path)
    assert found[-1] == "event 199"
    assert found == sorted(found)


def test_the_order_of_segments_is_that_of_their_numbers(tmp_path: Path):
    Journal(tmp_path).record([event("later")], 1.0)
    segments(tmp_path)[0].rename(tmp_path / "1000000.ndjson")
    Journal(tmp_path / "other").record([event("earlier")], 1.0)
    segments(tmp_path / "other")[0].rename(tmp_path / "999999.ndjson")
    assert whats(tmp_path) == ["earlier", "later"]


def test_a_line_torn_by_a_kill_loses_only_itself(tmp_path: Path):
    Journal(tmp_path).record([event("a")], 1.0)
    with (tmp_path / "000001.ndjson").open("ab") as file:
        file.write(b'{"source":"s","wh')
    Journal(tmp_path).record([event("b")], 1.0)
    found = replay(tmp_path, 9.0)
    assert [event.what for event in found.events] == ["a", "b"]
    assert not found.trouble


def test_a_corrupt_segment_is_told_and_passed_over(tmp_path: Path):
    book = Journal(tmp_path, size=1)
    for what in "abc":
        book.record([event(what)], 1.0)
    second = tmp_path / "000002.ndjson"
    second.write_bytes(b"\0\xff\xfe" * 1000)
    assert replay(tmp_path, 9.0).trouble == ["000002.ndjson is corrupt: 1 line can't be read"]
    assert whats(tmp_path) == ["a", "c"]
    second.unlink()
    second.mkdir()
    found = replay(tmp_path, 9.0)
    assert [event.what for event in found.events] == ["a", "c"]
    assert found.trouble[0].startswith("000002.ndjson: cannot read")


def test_a_full_disk_is_told_and_costs_only_what_did_not_fit(tmp_path: Path):
    (tmp_path / "000001.ndjson").symlink_to("/dev/full")
    book = Journal(tmp_path)
    book.record([event("a")], 1.0)
    assert book.trouble == f"the journal stands still: {tmp_path}: cannot write: No space left on device"


def test_it_goes_on_when_the_disk_has_room_again(tmp_path: Path):
    (tmp_path / "journal").write_text("in the way")
    book = Journal(tmp_path / "journal")
    book.record([event("a")], 1.0)
    assert book.trouble
    (tmp_path / "journal").unlink()
    book.record([event("b")], 1.0)
    assert not book.trouble
    assert whats(tmp_path / "journal") == ["b"]


def test_a_journal_that_is_taken_away_is_begun_anew_within_a_minute(tmp_path: Path):
    book = Journal(tmp_path)
    book.record([event("a")], 1.0)
    (tmp_path / "000001.ndjson").unlink()
    book.record([event("b")], 70.0)
    assert whats(tmp_path) == ["b"]


def test_no_journal_is_an_empty_one_and_no_trouble(tmp_path: Path):
    assert journal.replay(tmp_path / "none", 1.0) == journal.Recorded([], [])


def test_a_flood_of_lines_does_not_push_out_the_hour_before_it(tmp_path: Path):
    book = Journal(tmp_path)
    book.record([event("an hour ago", at=1000.0)], 1000.0)
    for minute in range(60):
        now = 1000.0 + minute * 60
        for lot in range(10):
            lines = [said(f"request {minute * lot * n} took {n} ms at place-{n}", now) for n in range(500)]
            book.record(lines, now)
    assert whats(tmp_path)[0] == "an hour ago"
    assert sum(file.stat().st_size for file in segments(tmp_path)) < journal.KEPT * journal.SIZE


def test_a_flood_of_the_same_event_does_not_either(tmp_path: Path):
    book = Journal(tmp_path)
    book.record([event("an hour ago", at=1000.0)], 1000.0)
    for second in range(3600):
        now = 1000.0 + second
        book.record([Event(source="s", key=f"k{n % 40}", what=f"event {n}", at=now) for n in range(200)], now)
    assert whats(tmp_path)[0] == "an hour ago"


def test_what_a_key_says_last_is_said_last_in_a_replay(tmp_path: Path):
    book = Journal(tmp_path)
    states = [*["open"] * 50, *["closed"] * 2, *["open"] * 20, "closed"]
    for number, state in enumerate(states):
        book.record([Event(source="s", key="gate", what="the gate", state=state, at=1.0 + number / 10)], 1.0)
    assert [event.state for event in replay(tmp_path, 1e9).events] == states
    assert len((tmp_path / "000001.ndjson").read_bytes().splitlines()) == 15


def test_events_of_one_key_that_say_different_things_are_all_kept(tmp_path: Path):
    book = Journal(tmp_path)
    steps = [
        Event(source="d", kind="agent.step", key="step/q1", state="fail", what="Bash", at=1.0, attrs={"out": letter})
        for letter in "abcdefghij" * 3
    ]
    book.record(steps, 1.0)
    assert replay(tmp_path, 9.0).events == steps


def test_what_was_only_counted_stands_again_for_its_lines(tmp_path: Path):
    book = Journal(tmp_path)
    for second in range(120):
        book.record([said(f"retry {second}", float(second), "error")], float(second))
    book.close(120.0)
    assert len((tmp_path / "000001.ndjson").read_bytes().splitlines()) == 2 * (journal.SAMPLE + 1)
    found = replay(tmp_path, 1e9).events
    assert len(found) == 120
    assert all("folded" not in event.attrs for event in found)
    assert found[-1].at == 119.0


def test_hours_of_flood_are_replayed_by_as_many_events_as_minutes_of_it(tmp_path: Path):
    book = Journal(tmp_path)
    for minute in range(100):
        for lot in range(2):
            now = minute * 60.0 + lot
            book.record([said(f"retry {n} of {'abcdefghij'[n % 10] * 5}", now) for n in range(2000)], now)
    book.close(6000.0)
    assert len(replay(tmp_path, 1e9).events) < 2 * journal.ALL_COPIES


def test_a_count_that_a_stranger_made_up_costs_no_more_than_another(tmp_path: Path):
    book = Journal(tmp_path)
    book.record([Event(source="s", what="w", at=5.0, attrs={"folded": 10**12, "since": "?"})], 5.0)
    book.record([Event(source="s", what="v", at=5.0, attrs={"folded": "many"})], 5.0)
    assert len(replay(tmp_path, 9.0).events) == journal.COPIES + 1


def test_a_file_that_is_no_journal_for_its_size_is_told(tmp_path: Path):
    with (tmp_path / "000001.ndjson").open("wb") as file:
        file.truncate(journal.LARGEST + 1)
    assert replay(tmp_path, 9.0).trouble == ["000001.ndjson: over 256 MiB"]


def test_lines_that_tell_of_something_wrong_have_room_of_their_own(tmp_path: Path):
    book = Journal(tmp_path)
    letters = "abcdefgh"
    book.record(
        [said(f"{a} {b} {c} {d}", 1.0) for a in letters for b in letters for c in letters for d in letters], 1.0
    )
    book.record([said("panic: out of memory", 1.0)], 1.0)
    assert "panic: out of memory" in whats(tmp_path)


def test_a_clock_that_jumps_back_begins_a_new_minute(tmp_path: Path):
    book = Journal(tmp_path)
    for now in (1e9, 5.0, 5.0):
        book.record([said("same", now)] * 4, now)
    assert len(whats(tmp_path)) == 9
    book.close(6.0)
    assert len(whats(tmp_path)) == 12


def test_a_replay_ranks_as_it_was_ranked(tmp_path: Path):
    live, book = Ranker(), Journal(tmp_path)
    for number in range(300):
        at = 1000.0 + number
        state = "fail" if number % 7 == 0 else "pass"
        happened = Event(
            source="ci",
            kind="test.result",
            key=f"t{number % 5}",
            state=state,
            run=f"r{number // 50}",
            what="a test",
            at=at,
        )
        live.feed(happened)
        book.record([happened], at)
    again = Ranker()
    for happened in replay(tmp_path, 1e9).events:
        again.feed(happened)
    assert [(row.key, row.score) for row in again.rank(1400.0)] == [(row.key, row.score) for row in live.rank(1400.0)]


def test_the_last_event_of_a_key_is_found_in_whichever_segment(tmp_path: Path):
    book = Journal(tmp_path, size=300)
    book.record([Event(source="s", what="it fails", key="it", at=1.0, state="failing")], 1.0)
    book.record([Event(source="s", what="it is fine", key="it", at=2.0, state="passing")], 2.0)
    for number in range(12):
        book.record([event(f"not it {number}")], 20.0)
    assert len(segments(tmp_path)) > 1
    found = journal.last(tmp_path, "it", 99.0)
    assert found is not None
    assert (found.what, found.at) == ("it is fine", 2.0)
    assert journal.last(tmp_path, "nothing", 99.0) is None
