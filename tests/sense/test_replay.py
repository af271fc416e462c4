"""`cockpit replay`: a journal ranked again, as it was ranked then."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.cli import main
from cockpit.commands.replaying import moment
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.sense import Event, Ranker
from cockpit.sense.journal import Journal

START = 1_700_000_000.0


def gate(state: str, at: float) -> Event:
    return Event(source="ops", key="gate", what="the gate is shut", state=state, level="error", at=START + at)


def wall(at: float) -> Event:
    return Event(source="ops", key="wall", what="the wall leans", state="open", level="critical", at=START + at)


EVENTS = [gate("open", 0), gate("open", 30), wall(100), gate("closed", 200)]


@pytest.fixture
def replay(places: Places, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, list[dict[str, str]]]]]:
    Journal(places.journal).record(EVENTS, START)

    def run(*args: str) -> list[dict[str, list[dict[str, str]]]]:
        assert main(["-C", str(places.root), "replay", "--json", *args]) == 0
        return [json.loads(entry) for entry in capsys.readouterr().out.splitlines()]

    return run


def test_the_end_is_ranked(replay: Callable[..., list[dict[str, list[dict[str, str]]]]]):
    [ranking] = replay()
    assert [row["key"] for row in ranking["rows"]] == ["wall"]


def test_a_moment_is_ranked_as_it_was_then(replay: Callable[..., list[dict[str, list[dict[str, str]]]]]):
    [ranking] = replay("--at", str(START + 150))
    live = Ranker()
    for event in EVENTS[:3]:
        live.feed(event)
    expected = live.rank(START + 150)
    assert [row["family"] for row in ranking["rows"]] == [signal.family for signal in expected]
    assert [row["score"] for row in ranking["rows"]] == [signal.score for signal in expected]
    assert {row["key"] for row in ranking["rows"]} == {"gate", "wall"}


def test_each_change_is_told_once(replay: Callable[..., list[dict[str, list[dict[str, str]]]]]):
    told = [[row["key"] for row in ranking["rows"]] for ranking in replay("--changes")]
    assert told == [["gate"], ["wall", "gate"], ["wall"]]


def test_a_file_of_events_is_a_journal_too(
    replay: Callable[..., list[dict[str, list[dict[str, str]]]]], tmp_path: Path
):
    file = tmp_path / "events.ndjson"
    file.write_text('{"source":"x","what":"the sky falls","level":"critical","state":"open","at":5}\nno event\n')
    [ranking] = replay(str(file))
    assert [row["what"] for row in ranking["rows"]] == ["the sky falls"]


def test_it_reads_as_a_page(places: Places, capsys: pytest.CaptureFixture[str]):
    Journal(places.journal).record(EVENTS, START)
    assert main(["-C", str(places.root), "replay", "--at", str(START + 150)]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head == "2023-11-14 22:15:50"
    assert first.startswith("  1  the wall leans: open ")


@pytest.mark.parametrize("argument", ["nowhere", "README.md", "--at=soon"])
def test_what_is_no_journal_is_told_in_one_line(places: Places, capsys: pytest.CaptureFixture[str], argument: str):
    Journal(places.journal).record(EVENTS, START)
    assert main(["-C", str(places.root), "replay", argument]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-1].startswith("cockpit: ")
    assert "Traceback" not in "".join(said)


def test_a_time_may_be_said_in_several_ways():
    assert moment("1700000000.5") == 1700000000.5
    assert moment("2023-11-14 22:13:20") == START
    assert moment("2023-11-14T23:13:20+01:00") == START
    assert moment("10:30") % 60 == 0
    with pytest.raises(CockpitError, match="no time"):
        moment("tomorrow-ish")
