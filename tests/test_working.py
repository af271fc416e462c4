"""The first working path of a goal is marked, and a result that works is the pattern of the next (R109, R112)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit import facts, working
from cockpit.cli import main
from cockpit.engine import briefing
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.stage import Stage

QUEUE = "- [ ] Cap the retries ^q1\n  - verify: `test -f a.py`\n- [ ] Fetch ^q2\n  - verify: `test -f b.py`\n"


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    for item, name in (("q1", "a"), ("q2", "b")):
        made.script(item, [
            {"write": f"{name}.py", "content": f"{name} = 1\n"}, {"commit": f"Write {name}"},
            {"answer": {"status": "done", "summary": f"{name} is written.\n## not a heading"}},
        ])  # fmt: skip
    yield made
    made.stop()


def first(stage: Stage) -> working.Working | None:
    return working.first(stage.places, parse(stage.places.spec.read_bytes()), facts.turns(stage.places.delegates))


def test_what_was_merged_first_is_the_working_path_and_the_pattern_of_the_next(
    stage: Stage, capsys: pytest.CaptureFixture[str]
):
    stage.spec(QUEUE, mode="auto")
    assert first(stage) is None
    stage.start()
    stage.await_mark("q2", Mark.DONE)
    stage.stop()  # nothing is known but spec, facts and git
    merged = stage.item("q1").value("merged")

    assert main(["-C", str(stage.root), "goal"]) == 0
    told = capsys.readouterr().out
    assert f"first working path: q1 Cap the retries · merged as {merged} · green then: test -f a.py\n" in told
    assert "\n  now: main is " in told  # green, or not checked yet: no work is left that asks for it

    stage.steer("add", text="Cap the fetches", like="q1")
    item = parse(stage.places.spec.read_bytes()).queue[-1]
    assert (item.value("like"), item.value("verify"), item.value("branch")) == ("q1", "test -f a.py", "")
    brief = briefing.preview(stage.places, parse(stage.places.spec.read_bytes()), item)
    pattern = brief.partition("## The pattern: q1\n\n")[2].partition("\n## ")[0]
    assert f"which works and was merged as {merged} (Merge delegate/q1: Cap the retries)" in pattern
    assert "> a is written.\n> ## not a heading\n" in pattern
    assert "It changed:\n\n- `a.py`\n" in pattern
    assert "+a = 1\n```" in pattern

    stage.steer("reframe", goal="Make something else work.")
    assert first(stage) is None


def test_a_pattern_that_git_has_no_more_says_so(stage: Stage):
    stage.spec("- [x] Cap the retries ^q1\n  - merged: deadbeefdead\n- [ ] Cap the fetches ^q2\n  - like: q1\n")
    document = parse(stage.places.spec.read_bytes())
    brief = briefing.preview(stage.places, document, document.queue[1])
    assert "`q1` (Cap the retries) was merged as deadbeefdead, but git has no such commit any more" in brief


def test_what_is_open_again_or_was_not_green_is_no_working_path(stage: Stage):
    stage.spec("- [ ] Cap the retries ^q1\n  - verify: `test -f a.py`\n", mode="auto")
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    stage.stop()
    document, (turn,) = parse(stage.places.spec.read_bytes()), facts.turns(stage.places.delegates)
    assert [one.item for one, _ in working.candidates(document, [turn])] == ["q1"]
    reopened = parse(document.data.replace(b"- [x] Cap", b"- [ ] Cap"))
    assert working.candidates(reopened, [turn]) == []
    archived = parse(b"## Goal\nMake it work.\n")
    assert [one.text for one, _ in working.candidates(archived, [turn])] == ["Cap the retries"]
