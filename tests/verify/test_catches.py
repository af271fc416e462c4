"""What each check cost and caught, over all verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.cli import main
from cockpit.facts import Check, Dispatch, Review
from cockpit.paths import Places
from cockpit.verify.catches import Catch, catches


def review(*results: str) -> Review:
    checks = [
        Check(number=number, name=f"check {number}", result=result, evidence="", seconds=0.5)  # pyright: ignore
        for number, result in enumerate(results, 1)
    ]
    return Review(base="a", head="b", recommendation="accept", checks=checks, at=1.0)


def test_a_catch_is_a_verdict_that_the_check_failed():
    found = catches([review("pass", "n/a", "fail"), review("fail", "n/a", "broken")])
    assert found == [
        Catch(1, "check 1", 2, 1, 0, 1.0),
        Catch(2, "check 2", 0, 0, 0, 1.0),
        Catch(3, "check 3", 2, 1, 1, 1.0),
    ]


def test_the_shell_tells_them_over_all_turns(places: Places, capsys: pytest.CaptureFixture[str]):
    places.spec.write_text("## Queue\n")
    for turn, results in ((1, ("fail",)), (2, ("pass",))):
        folder: Path = places.turn("q1", turn)
        dispatch = Dispatch(
            item="q1",
            turn=turn,
            text="t",
            agent="a",
            branch="b",
            base="c",
            target="d",
            worktree="",
            session="",
            timeout=1,
            at=1,
        )
        facts.write(folder, dispatch)
        facts.write(folder, review(*results))
    assert main(["-C", str(places.root), "checks", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["number"], row["ran"], row["caught"], row["seconds"]) == (1, 2, 1, 1.0)
    assert main(["-C", str(places.root), "checks"]) == 0
    assert "1 of 2" in capsys.readouterr().out
