"""The state of a turn follows from its facts, by the ladder, and says which fact it follows from."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from cockpit import facts
from cockpit.act.ladder import LADDER, LAUNCH, MEANS, QUIET, SILENCE, STILL, Heard, Name, Seen, changes_at, contradicts
from cockpit.act.state import State, derive, state
from cockpit.facts import Answer, Check, Dispatch, Merge, Review, Running, Sentinel, Turn

NOW = 10_000.0
Facts = Callable[..., Turn]


@pytest.fixture
def turn(tmp_path: Path, intend: Callable[..., Dispatch]) -> Facts:
    """The turn with these facts, written and read."""

    def make(*found: msgspec.Struct, step: facts.Step = "session", answer: str = "") -> Turn:
        folder = tmp_path / "1"
        facts.write(folder, msgspec.structs.replace(intend(), step=step))
        for fact in found:
            facts.write(folder, fact)
        if answer:
            (folder / "answer.json").write_text(answer)
        loaded = facts.load(folder)
        assert loaded is not None
        return loaded

    return make


def look(turn: Turn, *, alive: bool = False, output: float | None = None, moved: float = NOW - 5, **more: Any) -> State:
    return derive(turn, NOW, Seen(alive=alive, output=output, moved=moved, **more))


def short(state: State) -> tuple[str, str, float]:
    return state.name, state.evidence, state.since


RUNNING = Running(pid=99, started="1", at=NOW - 600)
REVIEW = Review(base="a", head="b", recommendation="iterate", checks=[], at=NOW - 1)


def ended(outcome: facts.Outcome, detail: str = "") -> Sentinel:
    return Sentinel(outcome=outcome, detail=detail, at=NOW - 3, seconds=4)


@pytest.mark.parametrize("step", ["intended", "worktree", "session"])
def test_before_the_runner_speaks_it_is_launching(turn: Facts, step: facts.Step):
    assert short(look(turn(step=step))) == ("launching", f"dispatch.json: {step}", NOW - 5)


def test_a_session_whose_runner_never_spoke_is_lost(turn: Facts):
    assert look(turn(), moved=NOW - LAUNCH - 1).name == "lost"
    assert look(turn(step="worktree"), moved=NOW - LAUNCH - 1).name == "launching", "the engine goes on with it"


def test_output_tells_working_from_silent(turn: Facts):
    running = turn(RUNNING)
    assert look(running, alive=True, output=NOW - 1).name == "working"
    quiet = look(running, alive=True, output=NOW - SILENCE - 1)
    assert (quiet.name, quiet.since) == ("silent", NOW - SILENCE - 1)
    assert look(running, alive=True).name == "silent"


def test_a_runner_that_went_without_a_word_is_lost(turn: Facts):
    lost = look(turn(RUNNING), alive=False)
    assert (lost.name, lost.evidence, lost.over) == ("lost", "runner.json: runner 99 is gone, no sentinel", True)
    assert lost.gone, "nobody is left who could write a sentinel"


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        ("failed", "failed"),
        ("crashed", "dead"),
        ("timeout", "timeout"),
        ("interrupted", "interrupted"),
        ("not-started", "not started"),
    ],
)
def test_the_sentinel_goes_before_everything_below_it(turn: Facts, outcome: facts.Outcome, name: str):
    seen = look(turn(RUNNING, ended(outcome, "why"), Answer(status="done", summary="all fine")), alive=True)
    assert short(seen) == (name, f"sentinel: {outcome}: why", NOW - 3)


@pytest.mark.parametrize(
    ("status", "name"), [("done", "finished"), ("asks", "asks"), ("blocked", "blocked"), ("escalate", "blocked")]
)
def test_a_finished_turn_is_what_its_answer_says(turn: Facts, status: facts.Status, name: str):
    answer = Answer(status=status, summary="sum", question="which?" if status == "asks" else "")
    seen = look(turn(RUNNING, ended("finished"), answer))
    assert seen.name == name
    assert "answer.json" in seen.evidence
    assert ("which?" in seen.evidence) is (status == "asks")


def test_a_missing_and_a_malformed_answer_are_different(turn: Facts):
    assert look(turn(ended("finished"))).name == "no answer"
    broken = look(turn(ended("finished"), answer='{"status": "perfect"}'))
    assert broken.name == "malformed answer"
    assert "status" in broken.evidence


def test_review_and_merge_go_last(turn: Facts):
    check = Check(number=2, name="verification", result="fail", evidence="1 failed")
    review = msgspec.structs.replace(REVIEW, checks=[check])
    answer = Answer(status="done", summary="x")
    assert look(turn(ended("finished"), answer, review)).evidence == "review.json: iterate"
    merge = Merge(target="refs/heads/main", old="a", head="b", commit="c" * 40, at=NOW)
    assert look(turn(ended("finished"), answer, review, merge)).name == "merged"


def test_what_was_accepted_without_a_merge_is_proved(turn: Facts):
    proved = facts.Proved(words="test -f up: exit 0; before: exit 1", at=NOW)
    seen = look(turn(ended("finished"), Answer(status="done", summary="x"), REVIEW, proved))
    assert (seen.name, seen.evidence) == ("proved", "proved.json: test -f up: exit 0; before: exit 1")


def test_a_torn_sentinel_of_a_dead_runner_is_lost(turn: Facts):
    torn = turn(RUNNING)
    (torn.folder / "sentinel").write_text("{")
    again = facts.load(torn.folder)
    assert again is not None
    assert look(again).name == "lost"


def test_the_rim_looks_at_the_process_and_the_log(turn: Facts):
    started = facts.started(os.getpid())
    assert started is not None
    now = time.time()
    mine = turn(Running(pid=os.getpid(), started=started, at=now))
    assert state(mine, now).name == "working"
    other = turn(Running(pid=os.getpid(), started="0", at=now))
    assert state(other, now).name == "lost", "the pid was given to another process"


def test_a_bell_without_output_after_it_rings(turn: Facts):
    running = turn(RUNNING)
    rings = look(running, alive=True, output=NOW - 59.5, bell=NOW - 60)
    assert (rings.name, rings.since, rings.over) == ("rings", NOW - 60, False)
    assert look(running, alive=True, output=NOW - 50, bell=NOW - 60).name == "working", "it went on"
    assert look(running, alive=True, output=NOW - 1, bell=NOW - 1).name == "working", "not yet"


def test_what_tmux_says_of_a_death_tells_dead_from_lost(turn: Facts):
    running = turn(msgspec.structs.replace(RUNNING, pid=2**22 + 1))
    for words, name, told in (
        ("status= signal=9\n", "dead", " (killed by SIGKILL)"),
        ("status=1 signal=\n", "dead", " (exit status 1)"),
        ("rubbish", "lost", ""),
    ):
        (running.folder / "died").write_text(words)
        seen = state(running, NOW)
        assert (seen.name, seen.evidence.partition(": ")[2]) == (name, f"runner {2**22 + 1} is gone, no sentinel{told}")
        assert seen.gone


def said(at: float, state: Any = "working", words: str = "runs Bash make", *, busy: bool = False) -> Heard:
    return Heard(state, words, at, "events.ndjson", busy)


def test_what_the_agent_says_goes_before_what_its_terminal_does(turn: Facts):
    running = turn(RUNNING)
    works = look(running, alive=True, output=NOW - 1, heard=said(NOW - 12))
    assert short(works) == ("working", "events.ndjson: runs Bash make", NOW - 12)
    asks = look(running, alive=True, output=NOW - 1, heard=said(NOW - 12, "asks", "may it?"))
    assert (asks.name, asks.over) == ("asks", False)
    limited = look(running, alive=True, output=NOW - 900, heard=said(NOW - 900, "limited", "the quota is used up"))
    assert (limited.name, limited.over) == ("limited", False)


def test_a_bell_after_its_last_word_is_heard(turn: Facts):
    assert look(turn(RUNNING), alive=True, output=NOW - 60, bell=NOW - 60, heard=said(NOW - 90)).name == "rings"


def test_silence_means_less_while_a_tool_runs(turn: Facts):
    running = turn(RUNNING)
    last = NOW - SILENCE - 1
    assert look(running, alive=True, output=last, heard=said(last)).name == "silent"
    assert look(running, alive=True, output=last, heard=said(last, busy=True)).name == "working"
    last = NOW - QUIET - 1
    assert look(running, alive=True, output=last, heard=said(last, busy=True)).name == "silent"


def test_what_no_fact_tells_is_unknown_and_never_guessed(turn: Facts):
    torn = turn()
    (torn.folder / "runner.json").write_text("{")
    again = facts.load(torn.folder)
    assert again is not None
    seen = look(again)
    assert seen.name == "unknown"
    assert seen.evidence.startswith("runner.json: malformed")


def test_every_source_is_told_in_the_order_of_its_authority(turn: Facts):
    ended_turn = turn(RUNNING, ended("finished"), Answer(status="done", summary="x"))
    seen = look(ended_turn, output=NOW - 4, heard=said(NOW - 4))
    assert [rung.source for rung in seen.rungs] == ["verdict", "sentinel", "exit", "protocol", "tmux", "silence"]
    assert len(LADDER) == len(seen.rungs)
    assert not any(contradicts(rung, seen.name) for rung in seen.rungs)


def test_a_source_that_says_the_opposite_contradicts(turn: Facts):
    ended_turn = turn(RUNNING, ended("finished"), Answer(status="done", summary="x"))
    later = msgspec.structs.replace(ended("finished"), at=NOW - 60)
    facts.write(ended_turn.folder, later)
    again = facts.load(ended_turn.folder)
    assert again is not None
    seen = look(again, alive=True, output=NOW - 1, heard=said(NOW - 1))
    assert (seen.name, seen.over) == ("finished", True), "the sentinel goes first"
    assert [rung.source for rung in seen.rungs if contradicts(rung, seen.name)] == ["protocol", "silence"]


def test_when_time_alone_changes_a_state_is_known_before(turn: Facts):
    running = turn(RUNNING)
    rings = look(running, alive=True, output=NOW - 1, bell=NOW - 1)
    assert changes_at(rings.rungs, NOW) == NOW - 1 + STILL
    works = look(running, alive=True, output=NOW - 10)
    assert changes_at(works.rungs, NOW) == NOW - 10 + SILENCE
    silent = derive(running, NOW + 2000, Seen(alive=True, output=NOW))
    assert changes_at(silent.rungs, NOW + 2000) == 0


def test_the_page_says_of_every_state_what_the_code_says():
    page = (Path(__file__).parents[2] / "docs" / "delegates.md").read_text()
    assert [line for line in page.splitlines() if line.startswith("| `")] == [
        f"| `{name}` | {words} |" for name, words in MEANS.items()
    ]
    assert set(MEANS) == set(get_args(Name))
