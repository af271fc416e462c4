"""`cockpit import`: from a task file into the queue, and the tick back when the item is done."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.cli import main
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.stage import Stage, edit_and_commit, until

TASKS = b"## 1. Parser\n- [x] 1.1 Look around\n- [ ] 1.2 Write a\n- [ ] 1.3 Write b (depends on 1.2)\n"


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def test_a_task_goes_through_the_loop_and_is_ticked_where_it_came_from(
    stage: Stage, capsys: pytest.CaptureFixture[str]
):
    stage.spec("", loop="on")
    (stage.root / "tasks.md").write_bytes(TASKS)
    stage.git("add", "tasks.md")
    stage.git("commit", "-qm", "Plan")
    assert main(["-C", str(stage.root), "import", "tasks.md"]) == 0
    assert "took 2 (q1, q2); 1 done there" in capsys.readouterr().out
    assert len(stage.events("import")) == 1
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    done = TASKS.replace(b"- [ ] 1.2", b"- [x] 1.2")
    until("the tick", lambda: (stage.root / "tasks.md").read_bytes() == done)
    until("a clean checkout", lambda: stage.git("status", "--porcelain") == "")
    assert stage.git("show", "HEAD:tasks.md").encode() + b"\n" == done


def test_an_item_ticked_by_hand_ticks_its_untracked_task(stage: Stage):
    stage.spec("", loop="hold")
    (stage.root / "todo.md").write_bytes(b"- [ ] call Ada\n")
    assert main(["-C", str(stage.root), "import", str(stage.root / "todo.md"), "--to", "backlog"]) == 0
    stage.start()
    item = parse(stage.places.spec.read_bytes()).walk()[-1]
    assert item.value("origin").startswith("todo.md#~")
    stage.places.spec.write_bytes(stage.places.spec.read_bytes().replace(b"- [ ] call", b"- [x] call"))
    until("the tick", lambda: (stage.root / "todo.md").read_bytes() == b"- [x] call Ada\n")
    assert "todo.md" in stage.git("status", "--porcelain")  # still untracked


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"# nothing\n", "no task in it"), (b"\xff\n", "not UTF-8"), (None, "no such file")],
)
def test_what_holds_no_task_is_told(
    stage: Stage, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
):
    stage.spec("")
    if content is not None:
        (stage.root / "x.md").write_bytes(content)
    assert main(["-C", str(stage.root), "import", "x.md"]) == 1
    assert words in capsys.readouterr().err


CHANGE = {
    "proposal.md": "## Why\n\nNobody knows a.\n",
    "tasks.md": "## 1. Write\n- [ ] 1.1 Write a\n## 2. More\n- [x] 2.1 Plan b\n- [ ] 2.2 Write b\n",
    "specs/jobs/spec.md": "## ADDED Requirements\n\n### Requirement: Have b\nIt SHALL have b.\n",
}


def test_the_change_that_an_item_names_goes_into_its_brief(stage: Stage):
    stage.spec("- [ ] Write the rest ^q1\n  - openspec: add-b#2\n")
    for name, text in CHANGE.items():
        path = stage.root / "openspec/changes/add-b" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    stage.git("add", "openspec")
    stage.git("commit", "-qm", "Plan")
    tasks = "openspec/changes/add-b/tasks.md"
    ticked = {"replace": tasks, "old": "[ ] 2.2", "new": "[x] 2.2"}
    stage.script("q1", [ticked, *edit_and_commit("b.txt", "b\n")])
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review"))
    assert stage.item("q1").value("review").endswith("accept"), item.value("asks")
    brief = (stage.turn("q1").folder / "brief.md").read_text()
    assert "> Nobody knows a." in brief
    assert "- ADDED Have b (specs/jobs/spec.md)" in brief
    assert "3. 2.2 Write b\n4. Tick those of the change that are done in `openspec/changes/add-b/tasks.md`" in brief
    assert "Write a" not in brief.partition("## Execution plan")[2]


def test_a_brief_that_waits_is_made_again_when_its_change_is_another(stage: Stage):
    stage.spec("- [ ] Write the rest ^q1\n  - openspec: add-b\n", gates="[scope]")
    path = stage.root / "openspec/changes/add-b/tasks.md"
    path.parent.mkdir(parents=True)
    for task in ("1.1 Write a", "1.1 Write a and b"):
        path.write_text(f"- [ ] {task}\n")
        commit = "git add openspec && git commit -qm Plan"  # again when the engine's commit came between
        until("the commit", lambda: subprocess.run(commit, shell=True, cwd=stage.root, check=False).returncode == 0)  # noqa: B023
        if stage.engine is None:
            stage.start()
        stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of ")
        brief = stage.places.turn("q1", 1) / "brief.md"
        until(task, lambda: f". {task}\n" in brief.read_text())  # noqa: B023


def test_a_change_that_is_not_there_asks_first(stage: Stage):
    stage.spec("- [ ] Write the rest ^q1\n  - openspec: add-c\n", mode="auto")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale: `openspec/changes/add-c/tasks.md` is not there")
