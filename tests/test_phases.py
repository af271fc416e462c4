"""A phased item runs one delegate a phase; one that looks too large is put to the human first (R164, R186, R270)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


PHASED = """\
- [ ] Write all of it ^q1
  - phased: on
  - verify: `test -f one.txt`
  - paths: *.txt
  - [ ] the first ^q2
  - [ ] the second ^q3
    - verify: `test -f two.txt`
  - [ ] the third ^q4
- [ ] After all ^q5
  - after: q1
"""


def scripts(stage: Stage) -> None:
    stage.script("q2", edit_and_commit("one.txt", "1\n", "Began"))
    seen = {"replace": "one.txt", "old": "1", "new": "1"}
    stage.script("q3", [seen, *edit_and_commit("two.txt", "2\n2\n", "Went on")], edit_and_commit("two.txt", "3\n"))
    stage.script("q4", edit_and_commit("three.txt", "3\n", "Ended"))
    stage.script("q5", edit_and_commit("five.txt", "5\n"))


def accepted(stage: Stage, id: str) -> None:
    stage.await_mark(id, Mark.NEEDS_YOU)
    stage.steer("accept", id)
    stage.await_mark(id, Mark.DONE)


def test_phases_run_one_after_the_other_and_the_item_is_done_with_the_last(stage: Stage):
    stage.spec(PHASED, exit="feature", wip=3)
    scripts(stage)
    stage.start()
    second = stage.await_mark("q2", Mark.NEEDS_YOU)
    assert second.value("review").endswith("accept; 1 file, +1 -0")
    stage.await_mark("q1", Mark.RUNNING)
    assert [stage.item(id).mark for id in ("q3", "q4", "q5")] == [Mark.OPEN] * 3, "the phases behind wait"
    assert stage.turn("q2").dispatch.verify == ["test -f one.txt"], "inherited"
    accepted(stage, "q2")
    accepted(stage, "q3")
    assert stage.turn("q3").dispatch.verify == ["test -f two.txt"], "its own"
    brief = (stage.places.turn("q3", 1) / "brief.md").read_text()
    assert "This is phase 2 of 3 of `q1`: Write all of it." in brief
    assert "- done: the first (`q2`): Began (1 file, +1 -0)" in brief
    assert "- later: the third (`q4`)" in brief
    assert "Change only `*.txt`." in brief
    accepted(stage, "q4")
    done = stage.await_mark("q1", Mark.DONE, merged=stage.item("q4").value("merged"))
    assert done.value("branch") == ""
    stage.await_mark("q5", Mark.NEEDS_YOU)
    assert stage.git("rev-list", "--merges", "--count", "feat/make-it-work") == "3"
    assert stage.events("dispatch") == ["q2", "q3", "q4", "q5"]


def test_a_rejected_phase_holds_those_behind_it_until_the_human_says_more(stage: Stage):
    stage.spec(PHASED, exit="feature")
    scripts(stage)
    stage.start()
    accepted(stage, "q2")
    stage.await_mark("q3", Mark.NEEDS_YOU)
    stage.steer("reject", "q3")
    stage.await_mark("q1", Mark.BLOCKED, why="phase q3 was rejected: iterate it, or strike it")
    assert stage.item("q4").mark is Mark.OPEN
    stage.steer("iterate", "q3", note="once more")
    stage.await_mark("q1", Mark.RUNNING)
    accepted(stage, "q3")
    stage.await_mark("q4", Mark.NEEDS_YOU)


def test_a_phase_reworded_while_it_runs_stays_the_same_phase(stage: Stage):
    stage.spec(PHASED, exit="feature")
    scripts(stage)
    gate = stage.root.parent / "gate"
    stage.script("q2", [{"wait": str(gate)}, *edit_and_commit("one.txt", "1\n")])
    stage.start()
    stage.await_mark("q2", Mark.RUNNING)
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("the first ^q2", "the very first one ^q2"))
    gate.touch()
    accepted(stage, "q2")
    assert stage.item("q2").text == "the very first one"
    assert stage.events("dispatch")[0] == "q2"
    assert stage.events("dispatch").count("q2") == 1


def test_interrupting_the_item_interrupts_the_phase_that_runs(stage: Stage):
    stage.spec(PHASED, exit="feature")
    stage.script("q2", [{"wait": str(stage.root.parent / "never")}])
    stage.start()
    until("the runner", lambda: stage.item("q2").mark is Mark.RUNNING and stage.turn("q2").running)
    stage.await_mark("q1", Mark.RUNNING)
    stage.steer("interrupt", "q1")
    stage.await_mark("q2", Mark.BLOCKED, why="interrupted")
    assert stage.item("q1").value("why") == "interrupted by you"
    assert stage.item("q3").mark is Mark.OPEN


LARGE = "- [ ] Import all ^q1\n" + "".join(f"  - [ ] task {number}\n" for number in range(14))


def test_an_item_that_looks_too_large_is_put_to_the_human_who_sends_it_whole(stage: Stage):
    stage.spec(LARGE)
    stage.script("q1", edit_and_commit("a.txt", "x\n" * 800))
    stage.start()
    asks = stage.await_mark("q1", Mark.NEEDS_YOU).value("asks")
    assert asks == (
        "size: 14 tasks in one item, about 840 lines: over 700; "
        "split it (|), phase it (F), or accept (a) to send it whole"
    )
    stage.steer("accept", "q1")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    assert item.value("size") == "whole"
    assert not item.value("asks")


def test_a_large_item_is_phased_by_one_verb(stage: Stage):
    stage.spec(LARGE)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="size: ")
    stage.steer("phase", "q1")
    until("the first phase", lambda: stage.item("q1").children[0].mark is Mark.RUNNING)
    assert [child.mark for child in stage.item("q1").children[1:]] == [Mark.OPEN] * 13
    assert not stage.item("q1").value("asks")


def test_a_large_item_cut_down_by_hand_goes_on_by_itself(stage: Stage):
    stage.spec(LARGE)
    stage.script("q1", edit_and_commit("a.txt", "x\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="size: ")
    text = stage.places.spec.read_text()
    for number in range(5, 14):
        text = text.replace(f"  - [ ] task {number}\n", "")
    stage.places.spec.write_text(text)
    stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")


def test_a_result_over_the_size_is_noted(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - size: 50\n")
    stage.script("q1", edit_and_commit("a.txt", "x\n" * 90))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert item.value("review").endswith("; 90 lines: over 50, phase it next time")


def test_phase_makes_nested_items_and_refuses_what_makes_no_sense(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - verify: true\n- [ ] b ^q2\n", loop="hold")
    with pytest.raises(Refused, match="needs texts"):
        stage.steer("phase", "q1")
    stage.steer("phase", "q1", texts="one ; two")
    queue = stage.places.spec.read_text().split("## Queue\n")[1]
    assert queue == (
        "- [ ] Write a ^q1\n  - verify: true\n  - phased: on\n  - [ ] one ^q3\n  - [ ] two ^q4\n- [ ] b ^q2\n"
    )
    with pytest.raises(Refused, match="only an outermost item"):
        stage.steer("phase", "q3", texts="one ; two")


def test_an_item_that_says_no_task_yet_is_put_to_the_human_and_goes_on_once_it_does(stage: Stage):
    stage.spec("- [ ] Improve things ??? ^q1\n- [ ] TBD ^q2\n")
    stage.script("q1", edit_and_commit("a.txt", "x\n"))
    stage.script("q2", edit_and_commit("b.txt", "x\n"))
    stage.start()
    asks = stage.await_mark("q1", Mark.NEEDS_YOU).value("asks")
    assert asks == "unclear: “???” is not filled in; reword it (e), or accept (a) to send it as it is"
    stage.steer("reword", "q1", text="Write a.txt")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    stage.await_mark("q2", Mark.NEEDS_YOU, asks="unclear: “TBD” is not filled in")
    stage.steer("accept", "q2")
    item = stage.await_mark("q2", Mark.NEEDS_YOU, review="9 pass")
    assert item.value("clear") == "yes"
