"""A comment on a line, from the shell to the delegate's next brief, with a real engine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def test_comments_are_told_by_the_next_brief_once(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    turns = [edit_and_commit("a.txt", f"one\n{words}\n") for words in ("two", "2", "II")]
    stage.script("q1", *turns)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    shell = [*stage.program, "comment", "q1", "a.txt:2", "say", "it", "as", "a", "number"]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("q1 a.txt:2: say it as a number · "), done.stderr
    with pytest.raises(Refused, match=r"no a\.txt line 9"):
        stage.steer("comment", "q1", at="a.txt:9", note="x")
    stage.steer("iterate", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="", iterate="see the comment")
    turn = stage.turn("q1")
    assert turn.number == 2
    assert turn.dispatch.comments == ["`a.txt:2` on `two`: say it as a number"]
    brief = (turn.folder / "brief.md").read_text()
    assert "- `a.txt:2`, `two`:\n  > say it as a number\n" in brief
    assert stage.item("q1").values("comment") == turn.dispatch.comments
    stage.steer("comment", "q1", at="a.txt", note="Roman, please")
    stage.steer("iterate", "q1", note="once more")
    assert stage.item("q1").values("comment") == ["`a.txt`: Roman, please"]
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    turn = stage.turn("q1")
    assert (turn.number, turn.dispatch.note) == (3, "once more")
    brief = (turn.folder / "brief.md").read_text()
    assert "Roman, please" in brief
    assert "as a number" not in brief
