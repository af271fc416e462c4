"""`cockpit review ITEM`: the verdict that the engine made, what the commands printed, and why there is none (R265)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import facts
from cockpit.cli import main
from cockpit.facts import Check, Dispatch, Review, Sentinel
from cockpit.paths import Places
from cockpit.verify import NAMES
from tests.stage import Stage


@pytest.fixture
def root(places: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    Stage(places).spec("- [?] Write a ^q1\n", loop="hold")
    monkeypatch.chdir(places.root)
    return places.root


def turn(places: Places, number: int, review: Review | None = None, ended: Sentinel | None = None) -> None:
    dispatch = Dispatch(
        item="q1", turn=number, text="Write a", agent="rehearsal", branch="delegate/q1", base="b" * 40,
        target="refs/heads/main", worktree="", session="", timeout=60, at=number,
    )  # fmt: skip
    for fact in (dispatch, ended or Sentinel(outcome="finished", at=number, seconds=1), review):
        if fact is not None:
            facts.write(places.turn("q1", number), fact)


def verdict(result: facts.Result, output: str = "", acceptance: str = "") -> Review:
    checks = [Check(number=number, name=name, result="pass", evidence="") for number, name in enumerate(NAMES, 1)]
    checks[1] = Check(number=2, name=NAMES[1], result=result, evidence="`make` exit 3 in 0.1 s")
    recommendation = "accept" if result == "pass" else "iterate"
    return Review(
        base="b" * 40, head="c" * 40, recommendation=recommendation, checks=checks, at=1, output=output,
        acceptance=acceptance,
    )  # fmt: skip


def told(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["review", "q1", *more])
    return code, "".join(capsys.readouterr())


def test_what_the_commands_printed_stands_below_the_checks(
    root: Path, places: Places, capsys: pytest.CaptureFixture[str]
):
    rows = "".join(f"row {number}\n" for number in range(100))
    turn(places, 1, verdict("fail", output=rows + "\x1b[31mtoo slow\x1b[0m\n", acceptance="$ make fast\nno\n"))
    code, words = told(capsys)
    assert code == 1
    assert "verification printed, the last 60 of 101 lines (all: --json):\n    row 41\n" in words
    assert "    row 99\n    too slow\n\nacceptance printed:\n    $ make fast\n    no\n" in words


@pytest.mark.parametrize(("result", "code"), [("pass", 0), ("fail", 1), ("broken", 2)])
def test_the_status_is_that_of_the_verdict(
    root: Path, places: Places, capsys: pytest.CaptureFixture[str], result: facts.Result, code: int
):
    turn(places, 1, verdict(result))
    assert told(capsys)[0] == told(capsys, "--json")[0] == code


def test_a_turn_without_a_verdict_says_why_and_shows_the_one_before(
    root: Path, places: Places, capsys: pytest.CaptureFixture[str]
):
    turn(places, 1, verdict("fail", output="too slow\n"))
    turn(places, 2, ended=Sentinel(outcome="failed", exit=3, at=2, seconds=1))
    code, words = told(capsys)
    assert code == 1
    assert words.startswith("turn 2 has no verdict and gets none: failed, sentinel: ")
    assert "the last verdict is that on turn 1\n" in words
    assert "    too slow" in words


def test_a_failed_turn_with_no_verdict_before_it_is_not_said_to_be_reviewed_later(
    root: Path, places: Places, capsys: pytest.CaptureFixture[str]
):
    turn(places, 1, ended=Sentinel(outcome="failed", exit=3, at=2, seconds=1))
    code, words = told(capsys)
    assert code != 0
    assert "turn 1 has no verdict and gets none: failed" in words
    assert "cockpit explain q1" in words
