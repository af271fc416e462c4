"""What each works alone, together: the scope gate with phases, sizes and ops; a feature branch with ops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

BOTH = "[scope, verdict]"
SIZE = "size: "


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def yes(stage: Stage, id: str) -> None:
    """The brief is accepted when it is there."""
    stage.await_mark(id, Mark.NEEDS_YOU, scope="brief of")
    stage.steer("accept", id)


def accepted(stage: Stage, id: str) -> None:
    """The result is."""
    until(f"the review of {id}", lambda: stage.item(id).mark is Mark.NEEDS_YOU and stage.item(id).value("review"))
    stage.steer("accept", id)
    stage.await_mark(id, Mark.DONE)


PHASED = """\
- [ ] Write all of it ^q1
  - phased: on
  - paths: *.txt
  - [ ] the first ^q2
  - [ ] the second ^q3
"""


def test_each_phase_waits_at_the_scope_gate_and_the_item_at_none(stage: Stage):
    stage.spec(PHASED, gates=BOTH, wip=2)
    stage.script("q2", edit_and_commit("one.txt", "1\n"))
    stage.script("q3", edit_and_commit("two.txt", "2\n"))
    stage.start()
    yes(stage, "q2")
    assert "This is phase 1 of 2 of `q1`" in (stage.places.turn("q2", 1) / facts.BRIEF).read_text()
    assert stage.item("q3").mark is Mark.OPEN, "its brief is made when the first is done: it tells of that"
    accepted(stage, "q2")
    yes(stage, "q3")
    assert "- done: the first (`q2`)" in (stage.places.turn("q3", 1) / facts.BRIEF).read_text()
    accepted(stage, "q3")
    item = stage.await_mark("q1", Mark.DONE)
    assert not item.value("scope")
    assert stage.events("dispatch") == ["q2", "q3"]


def test_phases_have_the_gates_of_their_item(stage: Stage):
    stage.spec(PHASED.replace("phased: on", "phased: on\n  - gates: none"), gates=BOTH)
    stage.script("q2", edit_and_commit("one.txt", "1\n"))
    stage.script("q3", edit_and_commit("two.txt", "2\n"))
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    assert stage.events("dispatch") == ["q2", "q3"]
    assert stage.events("scope") == []


def test_an_item_whose_brief_waits_may_still_be_phased(stage: Stage):
    stage.spec("- [ ] Write all of it ^q1\n", gates=BOTH)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    stage.steer("phase", "q1", texts="the first ; the second")
    first = stage.item("q1").children[0].id
    stage.await_mark(first, Mark.NEEDS_YOU, scope="brief of")
    item = stage.item("q1")
    assert item.mark is Mark.OPEN
    assert not item.value("scope"), "that brief is nobody's any more"


LARGE = "- [ ] Import all ^q1\n" + "".join(f"  - [ ] task {number}\n" for number in range(14))


def test_its_size_is_asked_about_before_its_brief_is_made(stage: Stage):
    stage.spec(LARGE, gates=BOTH)
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks=SIZE)
    assert not stage.item("q1").value("scope")
    stage.steer("accept", "q1")
    yes(stage, "q1")
    accepted(stage, "q1")
    assert stage.events("ask") == ["q1"]


def test_its_size_is_asked_about_while_another_one_runs_too(stage: Stage):
    stage.spec(f"- [ ] Wait ^q2\n  - gates: none\n{LARGE}", gates=BOTH)
    stage.script("q2", [{"wait": str(stage.root.parent / "never")}])
    stage.start()
    stage.await_mark("q2", Mark.RUNNING)
    stage.await_mark("q1", Mark.NEEDS_YOU, asks=SIZE)
    assert stage.events("scope") == [], "no brief is prepared of what may be split"


def test_a_large_item_behind_one_whose_brief_waits_is_asked_about_too(stage: Stage):
    stage.spec(f"- [ ] Write a ^q2\n{LARGE.replace('^q1', '^q1' + chr(10) + '  - gates: none')}", gates=BOTH, wip=2)
    stage.start()
    stage.await_mark("q2", Mark.NEEDS_YOU, scope="brief of")
    stage.await_mark("q1", Mark.NEEDS_YOU, asks=SIZE)
    assert stage.events("dispatch") == []


OPS = "- [ ] Switch it on ^q{number}\n  - kind: ops\n  - state: `test -f {file}`\n"


def test_an_ops_item_waits_at_the_scope_gate_and_is_proved_by_its_state(stage: Stage):
    file = stage.root.parent / "on"
    stage.spec(OPS.format(number=1, file=file), gates=BOTH)
    stage.script("q1", [{"append": str(file), "content": "on"}, {"answer": {"status": "done", "summary": "on"}}])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    assert not file.exists()
    yes(stage, "q1")
    accepted(stage, "q1")
    assert stage.item("q1").value("proof")


def test_an_ops_item_that_is_so_already_is_asked_about_before_its_brief_is_made(stage: Stage):
    stage.spec(OPS.format(number=1, file=stage.places.spec), gates=BOTH)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="already so: ")
    assert stage.events("scope") == []


def test_a_feature_branch_lands_with_the_ops_items_beside_it(stage: Stage):
    file = stage.root.parent / "on"
    queue = f"- [ ] Write a ^q1\n{OPS.format(number=2, file=file)}  - after: q1\n"
    stage.spec(queue, exit="feature")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script("q2", [{"append": str(file), "content": "on"}, {"answer": {"status": "done", "summary": "on"}}])
    stage.start()
    accepted(stage, "q1")
    accepted(stage, "q2")
    assert stage.item("q2").value("proof")
    until("the whole is reviewed", lambda: [s for s in stage.snapshot().signals if s.key.startswith("land/")])
    stage.steer("land")
    until("it landed", lambda: stage.git("ls-tree", "--name-only", "main", "a.txt"))
    assert stage.git("show", "main:a.txt") == "hello"


def test_a_feature_branch_of_ops_alone_has_nothing_to_land(stage: Stage):
    file = stage.root.parent / "on"
    stage.spec(OPS.format(number=1, file=file), exit="feature")
    stage.script("q1", [{"append": str(file), "content": "on"}, {"answer": {"status": "done", "summary": "on"}}])
    stage.start()
    accepted(stage, "q1")
    until("a pass", lambda: stage.snapshot().fence == "drained")
    assert not any("refused" in note or "Error" in note for note in stage.notes())
