"""What may happen at any time on a machine: afterwards the state is right, nothing is lost, nothing was done twice."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.spec import Mark, parse
from cockpit.tidy import judge, there
from tests.promises.scenes import Belongings, Play, accepted, accepted_when_fresh, move_in
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def sound(stage: Stage) -> None:
    stage.stop()
    assert stage.git("fsck", "--no-progress", "--no-dangling") == ""


def written(stage: Stage) -> Play:
    """A result that waits for its verdict."""
    play = Play(stage)
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    play.item(Mark.NEEDS_YOU, review="accept")
    return play


def test_a_merge_by_hand_is_found_and_only_ticked(stage: Stage):
    play = written(stage)
    git = ["git", "-C", str(stage.root)]
    hand, conclude = [*git, "merge", "-q", "--no-ff", "--no-edit", "delegate/q1"], [*git, "commit", "-qm", "Merge"]

    def merged() -> bool:
        done = subprocess.run(hand, capture_output=True, check=False)
        if done.returncode != 0:  # a commit of the spec came in between: git says so; what a human does then
            subprocess.run([*git, "reset", "-q", "--", "SPEC.md"], capture_output=True, check=False)
            subprocess.run(conclude, capture_output=True, check=False)
        return not subprocess.run([*git, "merge-base", "--is-ancestor", "delegate/q1", "main"], check=False).returncode

    until("the merge by hand", merged)
    play.item(Mark.DONE, merged=stage.git("rev-parse", "delegate/q1")[:12])
    came_once(stage)


def test_a_merge_by_hand_at_the_same_time_is_one_of_two_and_the_other_finds_it(stage: Stage):
    play = written(stage)
    git = ["git", "-C", str(stage.root)]
    hand, conclude = [*git, "merge", "-q", "--no-ff", "--no-edit", "delegate/q1"], [*git, "commit", "-qm", "Merge"]

    def by_hand() -> None:
        if subprocess.run(hand, capture_output=True, check=False).returncode != 0:
            subprocess.run(conclude, capture_output=True, check=False)

    other = threading.Thread(target=by_hand)
    other.start()
    accepted_when_fresh(play)
    other.join()
    came_once(stage)


def came_once(stage: Stage) -> None:
    assert stage.git("merge-base", "--is-ancestor", "delegate/q1", "main") == ""
    assert (stage.root / "a.txt").read_text() == "hello\n"
    came = stage.git("log", "--first-parent", "-m", "--diff-filter=A", "--format=%H", "main", "--", "a.txt")
    assert len(came.split()) == 1, "the result came to main twice"
    sound(stage)


def test_a_target_that_was_rewritten_is_reviewed_and_merged_as_it_is_now(stage: Stage):
    (stage.root / "b.txt").write_text("wrong\n")
    stage.git("add", "b.txt")
    stage.git("commit", "-qm", "Wrong")
    play = written(stage)
    until("the spec's last commit", lambda: stage.git("status", "--porcelain") == "")
    (stage.root / "b.txt").write_text("right\n")
    stage.git("commit", "-q", "--amend", "-m", "Right", "b.txt")
    accepted_when_fresh(play)
    assert (stage.root / "b.txt").read_text() == "right\n"
    assert (stage.root / "a.txt").read_text() == "hello\n"
    sound(stage)


def test_a_result_that_was_reset_away_is_not_taken_for_merged(stage: Stage):
    play = written(stage)
    before = stage.git("rev-parse", "main")
    accepted(play)
    until("the spec's last commit", lambda: stage.git("status", "--porcelain") == "")
    stage.stop()
    stage.git("reset", "-q", "--hard", before)
    verdicts = [one for left in there(stage.places) for one in judge(left)]
    assert verdicts
    assert not any(one.safe for one in verdicts)
    sound(stage)


def test_a_worktree_that_was_removed_under_a_working_delegate_is_told(stage: Stage):
    play = Play(stage)
    stage.spec("- [ ] Write a ^q1\n")
    work = [play.began, {"wait": str(play.gate)}, *edit_and_commit("a.txt", "hello\n")]
    stage.script("q1", work, [play.began, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    play.until("the agent", play.runs.exists)
    subprocess.run(["rm", "-rf", str(stage.places.worktrees / "q1")], check=True)
    play.gate.touch()
    play.until("its end", lambda: stage.item("q1").mark in (Mark.BLOCKED, Mark.NEEDS_YOU))
    stage.steer("iterate", "q1", note="again")
    play.until("the second turn", lambda: stage.turn("q1").number == 2)
    accepted(play)
    sound(stage)


def test_a_killed_tmux_server_takes_no_work_along(stage: Stage):
    play = Play(stage)
    stage.spec("- [ ] Write a ^q1\n")
    half = [play.began, {"write": "half.txt", "content": "half\n"}, {"hang": True}]
    stage.script("q1", half, [play.began, *edit_and_commit("a.txt", "hello\n")])
    mine = move_in(stage.root)
    stage.start()
    play.until("half the work", lambda: (stage.places.worktrees / "q1" / "half.txt").exists())
    subprocess.run(["tmux", "-L", stage.places.tmux, "kill-server"], check=True)
    play.item(Mark.BLOCKED)
    stage.steer("iterate", "q1", note="go on")
    accepted(play)
    assert (stage.root / "half.txt").read_text() == "half\n"
    assert play.runs.read_text() == "xx"
    assert Belongings.of(stage.root) == mine
    sound(stage)


EMPTY, TORN, GARBAGE = b"", b'{"at": ', b"\xff\x00[]"
BAD = (
    ("answer.json", TORN),
    ("sentinel", EMPTY),
    ("review.json", GARBAGE),
    ("runner.json", TORN),
    ("dispatch.json", EMPTY),
    ("dispatch.json", TORN),
    ("entry.json", GARBAGE),
)


@pytest.mark.parametrize(("name", "data"), BAD)
def test_a_fact_that_cannot_be_read_loses_nothing_and_starts_nothing_twice(stage: Stage, name: str, data: bytes):
    play = written(stage)
    head = stage.git("rev-parse", "delegate/q1")
    stage.kill()
    (stage.places.turn("q1", 1) / name).write_bytes(data)
    stage.start()
    until("a pass", lambda: stage.alive() and stage.snapshot().state)
    play.until("its words on it", lambda: stage.item("q1").mark in (Mark.NEEDS_YOU, Mark.BLOCKED))
    assert stage.git("rev-parse", "delegate/q1") == head
    assert (stage.places.worktrees / "q1" / "a.txt").read_text() == "hello\n"
    assert play.runs.read_text() == "x", "the agent was started again"
    assert (stage.places.turn("q1", 1) / name).exists()
    sound(stage)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "none", str(folder)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("a disk that can be filled needs the right to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take all the room that is left on the disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
        try:
            while file.write(b"0"):
                pass
        except OSError:
            pass
    return ballast


@pytest.mark.parametrize("moment", ["while it works", "at its end"])
def test_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(disk: Path, moment: str):
    root = disk / "repo"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "README.md").write_text("# A project\n")
    for args in (["add", "README.md"], ["commit", "-qm", "Start"]):
        subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)
    stage = Stage(find_places(cwd=root))
    play = Play(stage)
    play.runs, play.gate = disk.parent / "runs", disk.parent / "gate"
    stage.spec("- [ ] Write a ^q1\n")
    steps = [play.began, {"write": "half.txt", "content": "half\n"}, {"wait": str(play.gate)}]
    stage.script("q1", [*steps, *edit_and_commit("a.txt", "hello\n")], edit_and_commit("b.txt", "more\n"))
    try:
        stage.start()
        play.until("half the work", lambda: (stage.places.worktrees / "q1" / "half.txt").exists())
        play.item(Mark.RUNNING)
        if moment == "while it works":
            ballast = fill(disk)
            play.gate.touch()
            until("its end", lambda: not facts.alive(running(stage)))
        else:
            play.gate.touch()
            until("its end", lambda: (stage.places.turn("q1", 1) / "sentinel").exists())
            ballast = fill(disk)
        assert parse(stage.places.spec.read_bytes()).item("q1") is not None, "the spec was torn"
        ballast.unlink()
        item = play.until("an end that is told", lambda: settled(stage))
        if item is Mark.BLOCKED:
            stage.steer("iterate", "q1", note="there is room again")
            play.until("the second turn", lambda: stage.turn("q1").number == 2)
        accepted(play)
        assert (root / "half.txt").read_text() == "half\n"
        assert (root / "a.txt").read_text() == "hello\n", "what it could not commit was not kept"
        sound(stage)
    finally:
        stage.kill()
        subprocess.run(["tmux", "-L", stage.places.tmux, "kill-server"], capture_output=True, check=False)
        os.sync()


def running(stage: Stage) -> facts.Running:
    found = stage.turn("q1").running
    assert found is not None
    return found


def settled(stage: Stage) -> Mark | None:
    mark = stage.item("q1").mark
    return mark if mark in (Mark.BLOCKED, Mark.NEEDS_YOU) else None
