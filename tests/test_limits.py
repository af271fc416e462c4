"""An accepted limit of the spec is quoted beside what a review found, and in the brief of the next round (R280)."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

QUEUE = """\
- [ ] Look into it ^q1

## Decisions
- [x] accepted limit: `breakpoint()` in `look.py` ^d1
"""
SAID = re.compile(r"justified by SPEC\.md:\d+ “accepted limit: `breakpoint\(\)` in `look\.py`”")


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def test_a_finding_is_shown_with_the_limit_that_justifies_it(stage: Stage):
    stage.spec(QUEUE)
    work = edit_and_commit("look.py", "breakpoint()\n")
    stage.script("q1", work, work[2:])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review"))
    assert "1 fail (debris)" in stage.item("q1").value("review"), "it is still a finding"
    told = stage.turn("q1").review
    assert told is not None
    assert [bool(SAID.fullmatch(quote.told)) for quote in told.limits] == [True]
    shown = subprocess.run([*stage.program, "review", "q1"], capture_output=True, text=True, check=False).stdout
    assert SAID.search(shown)
    branch = [*stage.program, "review", "delegate/q1", "--base", "main"]
    assert SAID.search(subprocess.run(branch, capture_output=True, text=True, check=False).stdout)
    stage.steer("iterate", "q1", note="see the decision")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    brief = stage.turn("q1").folder / "brief.md"
    until("its brief", brief.exists)
    assert re.search(rf"  - {SAID.pattern}", brief.read_text())
