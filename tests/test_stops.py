"""A used-up quota pauses its agent until the reset; an agent that stops without need goes on by itself (R169)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping

import msgspec
import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

SPENT = {"type": "turn.failed", "error": {"message": "429 usage limit reached, try again in 3 hours"}}
REFUSED = {"type": "turn.failed", "error": {"message": "401 Invalid API key"}}
PLAY = """
import os, subprocess, sys
if os.environ["COCKPIT_TURN"] == "1":
    print('{"type": "thread.started", "thread_id": "t-7"}')
    print(%r)
    sys.exit(1)
open("a.txt", "w").write(" ".join(sys.argv[1:]))
subprocess.run(["git", "add", "-A"], check=True)
subprocess.run(["git", "commit", "-qm", "Do it"], check=True)
open(os.environ["COCKPIT_ANSWER"], "w").write('{"status": "done", "summary": "Done."}')
"""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def limited(stage: Stage, said: Mapping[str, object]) -> None:
    """An agent whose first turn meets that trouble."""
    folder = stage.places.local / "agents"
    folder.mkdir(exist_ok=True)
    (folder / "spent.py").write_text(PLAY % json.dumps(said))
    command = json.dumps([sys.executable, str(folder / "spent.py")])
    resume = json.dumps([sys.executable, str(folder / "spent.py"), "{session_id}"])
    (folder / "spent.toml").write_text(f'kind = "stream"\nevents = "codex"\ncommand = {command}\nresume = {resume}\n')


def test_a_used_up_quota_pauses_that_agent_alone_over_a_restart_and_ends_by_itself(stage: Stage):
    limited(stage, SPENT)
    stage.spec("- [ ] One ^q1\n  - agent: spent\n- [ ] Two ^q2\n  - agent: spent\n- [ ] Three ^q3\n")
    stage.script("q3", edit_and_commit("c.txt", "x\n"))
    stage.start()
    waiting = stage.await_mark("q1", Mark.OPEN, waits="the quota is used up until ")
    assert not waiting.value("why")
    stage.await_mark("q3", Mark.NEEDS_YOU)
    fence = until("the fence", lambda: next((seen for seen in [stage.snapshot()] if seen.fence == "quota"), None))
    assert "spent: the quota is used up until " in fence.why
    assert fence.until > time.time()
    stage.stop()
    stage.start()
    again = until("the same fence", lambda: next((seen for seen in [stage.snapshot()] if seen.fence == "quota"), None))
    assert again.until == fence.until
    assert stage.item("q2").mark is Mark.OPEN
    stage.stop()
    turn = stage.turn("q1")  # the reset comes, as far as the facts tell
    assert turn.sentinel is not None
    facts.write(turn.folder, msgspec.structs.replace(turn.sentinel, until=time.time() + 3))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert not item.value("waits")
    assert (stage.places.worktrees / "q1" / "a.txt").read_text() == "t-7", "the conversation goes on"
    assert "Go on where you were" in (stage.turn("q1").folder / "brief.md").read_text()
    assert stage.events("dispatch").count("q1") == 2


def test_iterate_lifts_the_pause(stage: Stage):
    limited(stage, SPENT)
    stage.spec("- [ ] One ^q1\n  - agent: spent\n")
    stage.start()
    stage.await_mark("q1", Mark.OPEN, waits="the quota")
    until("the pass", lambda: stage.snapshot().fence == "quota")
    stage.steer("iterate", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert stage.turn("q1").number == 2


def test_a_refused_login_is_blocked_with_its_remedy(stage: Stage):
    limited(stage, REFUSED)
    stage.spec("- [ ] One ^q1\n  - agent: spent\n- [ ] Two ^q2\n  - agent: spent\n")
    stage.start()
    stage.await_mark("q1", Mark.BLOCKED, why="the login is refused: log in")
    until("the fence", lambda: stage.snapshot().fence == "login")
    assert stage.item("q2").mark is Mark.OPEN
    stage.steer("iterate", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_an_agent_that_stops_without_an_answer_goes_on_by_itself_and_each_time_is_told(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"say": "Shall I go on?"}], [{"malformed_answer": "{oops"}], edit_and_commit("a.txt", "x\n"))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert item.values("again") == ["turn 1, no answer (1 of 2)", "turn 2, malformed answer (2 of 2)"]
    assert stage.turn("q1").number == 3
    assert "without an answer" in (stage.places.turn("q1", 2) / "brief.md").read_text()
    assert item.value("review").endswith("accept")
    assert stage.events("again") == ["q1", "q1"]


@pytest.mark.parametrize(("status", "mark"), [("asks", Mark.NEEDS_YOU), ("escalate", Mark.BLOCKED)])
def test_a_warranted_stop_is_put_to_the_human_and_never_prompted_again(stage: Stage, status: str, mark: Mark):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"answer": {"status": status, "summary": "it drops the table", "question": "really?"}}])
    stage.start()
    stage.await_mark("q1", mark)
    assert stage.turn("q1").number == 1


def test_half_the_work_is_not_merged_in_auto_but_waits_for_the_human(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", mode="auto")
    half = {"answer": {"status": "done", "summary": "Half. Shall I continue?"}}
    stage.script("q1", [*edit_and_commit("a.txt", "x\n")[:-1], half], [half], [half])
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="perhaps unfinished: stopped midway")
    assert len(item.values("again")) == 2
    assert stage.turn("q1").merge is None
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE, merged="")


def test_what_was_put_off_until_an_item_is_done_comes_back_by_itself(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n- [ ] Write c ^q3\n")
    for name in ("q1", "q2"):
        stage.script(name, edit_and_commit(f"{name}.txt", "x\n"))
    stage.steer("defer", "q2", until="q1")
    stage.steer("defer", "q3", until="2h")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    assert stage.item("q2").mark is Mark.DEFERRED
    stage.steer("accept", "q1")
    stage.await_mark("q2", Mark.NEEDS_YOU, review="9 pass")
    assert not stage.item("q2").value("until")
    assert stage.item("q3").mark is Mark.DEFERRED
