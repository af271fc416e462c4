"""From the queue to a merge with real sessions: accept, reject, iterate, interrupt, steer, and what goes wrong."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from cockpit import facts, persist
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def test_accept_merges_the_branch_and_ticks_the_item(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n", verify="test -s a.txt")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert item.value("review").endswith("accept")
    assert "accepted q1" in str(stage.steer("accept", "q1"))
    item = stage.await_mark("q1", Mark.DONE)
    assert (stage.root / "a.txt").read_text() == "hello\n"
    merge = stage.git("rev-parse", item.value("merged"))
    said = stage.git("log", "-1", "--format=%B", merge)
    accepted = next(act for act in persist.timeline(stage.places) if act.verb == "accept")
    assert "\n\nReviewed: " in said
    assert f"\nCockpit-Decided: human <{accepted.commit[:12]}> {accepted.at:.0f} +0000" in said
    assert stage.git("rev-list", "--parents", "-1", merge).count(" ") == 2
    assert stage.git("merge-base", "--is-ancestor", merge, "main") == ""
    until("the last commit", lambda: stage.git("status", "--porcelain") == "")
    assert stage.events("dispatch") == ["q1"]


def test_the_review_has_fourteen_checks_each_with_evidence(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    review = stage.turn("q1").review
    assert review is not None
    assert [check.number for check in review.checks] == list(range(1, 15))
    assert all(check.evidence for check in review.checks)
    real = {check.number: check.result for check in review.checks if check.number in (1, 2, 3, 9, 13, 14)}
    assert real == {1: "n/a", 2: "pass", 3: "pass", 9: "pass", 13: "pass", 14: "pass"}
    assert {check.result for check in review.checks if check.number not in real} <= {"pass", "n/a"}


def test_the_human_s_dirty_and_staged_files_stay_as_they_are(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    (stage.root / "README.md").write_text("# mine\n")
    (stage.root / "staged.txt").write_text("staged\n")
    stage.git("add", "staged.txt")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    until("the last commit", lambda: "SPEC.md" not in stage.git("status", "--porcelain"))
    assert (stage.root / "README.md").read_text() == "# mine\n"
    assert stage.git("diff", "--cached", "--name-only") == "staged.txt"
    assert stage.git("diff", "--name-only") == "README.md"


def test_a_merge_that_would_overwrite_the_human_s_changes_waits_and_says_so(stage: Stage):
    stage.spec("- [ ] Write the readme ^q1\n")
    stage.script("q1", edit_and_commit("README.md", "# theirs\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    (stage.root / "README.md").write_text("# mine\n")
    stage.steer("accept", "q1")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="waits")
    assert "README.md" in item.value("why")
    assert (stage.root / "README.md").read_text() == "# mine\n"
    stage.git("checkout", "--", "README.md")
    stage.await_mark("q1", Mark.DONE)
    assert (stage.root / "README.md").read_text() == "# theirs\n"


def test_reject_leaves_worktree_branch_and_session(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("reject", "q1", reason="not needed")
    item = stage.await_mark("q1", Mark.STRUCK)
    assert (item.value("verdict"), item.value("why")) == ("reject", "not needed")
    dispatch = stage.turn("q1").dispatch
    assert stage.git("rev-parse", "--verify", dispatch.branch)
    assert (stage.places.worktrees / "q1" / "a.txt").exists()
    assert dispatch.session in stage.sessions()
    assert not (stage.root / "a.txt").exists()


def test_iterate_starts_the_next_turn_in_the_same_worktree_with_the_note(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n", verify="grep -q two a.txt")
    stage.script("q1", edit_and_commit("a.txt", "one\n"), edit_and_commit("a.txt", "two\n"))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert item.value("review").endswith("iterate")
    stage.steer("iterate", "q1", note="it must say two")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    until("the second verdict", lambda: stage.item("q1").value("review").endswith("accept"))
    brief = (stage.turn("q1").folder / "brief.md").read_text()
    assert "it must say two" in brief
    assert "verification" in brief
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert (stage.root / "a.txt").read_text() == "two\n"


def test_interrupt_stops_the_delegate_and_keeps_its_work(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"write": "a.txt", "content": "half\n"}, {"hang": True}])
    stage.start()
    until("the first edit", lambda: (stage.places.worktrees / "q1" / "a.txt").exists())
    stage.steer("interrupt", "q1", reason="wrong way")
    item = stage.await_mark("q1", Mark.BLOCKED, why="interrupted by you: wrong way")
    end = until("the sentinel", lambda: stage.turn("q1").sentinel)
    assert end.outcome == "interrupted"
    assert (stage.places.worktrees / "q1" / "a.txt").read_text() == "half\n"
    with pytest.raises(Refused, match="not running"):
        stage.steer("interrupt", item.id)


def test_spec_and_explain_use_one_word_for_a_runner_that_was_killed(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"hang": True}])
    stage.start()
    running = until("the runner", lambda: (stage.item("q1").mark is Mark.RUNNING) and stage.turn("q1").running)
    os.kill(running.pid, signal.SIGKILL)
    item = stage.await_mark("q1", Mark.BLOCKED, why="dead: ")
    assert item.value("why") == f"dead: runner {running.pid} is gone, no sentinel (killed by SIGKILL)"
    said = subprocess.run([*stage.program, "explain", "q1"], check=True, capture_output=True, text=True).stdout
    assert "dead" in said
    assert "lost" not in said


def test_a_steer_message_reaches_the_delegate_at_its_next_boundary_with_a_receipt(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    gate = stage.root.parent / "gate"
    stage.script("q1", [{"brief": True}, {"wait": str(gate)}, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    stage.steer("steer", "q1", message="mind the accents")
    until("the message in its inbox", lambda: (stage.turn("q1").folder / "inbox.ndjson").exists())
    gate.touch()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    until("the receipt", lambda: "(delivered " in stage.item("q1").value("steer"))
    assert item.value("steer").startswith("mind the accents")
    assert "mind the accents" in stage.turn("q1").log.read_text()


def test_a_question_waits_for_the_answer(stage: Stage):
    stage.spec("- [ ] Choose ^q1\n")
    asks = [{"answer": {"status": "asks", "summary": "taste", "question": "tabs or spaces?"}}]
    stage.script("q1", asks, edit_and_commit("a.txt", "spaces\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="tabs or spaces?")
    with pytest.raises(Refused, match="asks a question"):
        stage.steer("accept", "q1")
    stage.steer("iterate", "q1", note="spaces")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the second turn's review", lambda: stage.item("q1").value("review"))
    assert "spaces" in (stage.turn("q1").folder / "brief.md").read_text()


def test_a_test_edited_to_pass_does_not_pass(stage: Stage):
    (stage.root / "tests").mkdir()
    (stage.root / "tests" / "check.sh").write_text("grep -q right a.txt\n")
    stage.git("add", "-A")
    stage.git("commit", "-qm", "Add a test")
    stage.spec("- [ ] Write a ^q1\n", verify="sh tests/check.sh")
    cheat = [{"write": "a.txt", "content": "wrong\n"}, *edit_and_commit("tests/check.sh", "true\n", "Fix the test")]
    stage.script("q1", cheat)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    review = stage.turn("q1").review
    assert review is not None
    failed = {check.number for check in review.checks if check.result == "fail"}
    assert {2, 9} <= failed
    assert review.recommendation == "iterate"


def test_a_failed_turn_says_what_its_agent_showed_last(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"say": "working"}, {"fail": "\x1b[31mno key in the environment\x1b[0m"}])
    stage.start()
    item = stage.await_mark("q1", Mark.BLOCKED, why="failed: exit status 1")
    assert item.value("why").endswith(": no key in the environment")
    until("the entry", lambda: "\nexit status 1: no key in the environment\n" in stage.places.spec.read_text())


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([{"exit": 3}], "failed: exit status 3"),
        ([{"crash": "SEGV"}], "died: signal 11"),
        ([{"answer": {"status": "blocked", "summary": "no access"}}], "blocked: no access"),
    ],
)
def test_every_bad_end_parks_the_item_with_its_reason(stage: Stage, steps: list[dict[str, object]], why: str):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", steps)
    stage.start()
    stage.await_mark("q1", Mark.BLOCKED, why=why)


@pytest.mark.parametrize("steps", [[{"say": "done, trust me"}], [{"malformed_answer": '{"status": "great"}'}]])
def test_a_missing_or_malformed_answer_fails_the_review(stage: Stage, steps: list[dict[str, object]]):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", steps)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    review = stage.turn("q1").review
    assert review is not None
    assert review.checks[13].result == "fail"
    assert review.recommendation == "iterate"


def test_an_agent_that_never_ends_is_stopped_by_its_time_out(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - timeout: 0.02\n")
    stage.script("q1", [{"hang": True}])
    stage.start()
    stage.await_mark("q1", Mark.BLOCKED, why="timed out")


def test_an_unknown_agent_parks_the_item_and_names_the_known_ones(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - agent: nonsuch\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    item = stage.await_mark("q1", Mark.BLOCKED)
    assert "rehearsal" in item.value("why")
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("agent: nonsuch", "agent: rehearsal"))
    stage.steer("iterate", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_an_agent_that_is_not_installed_says_so(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - agent: lost\n")
    folder = stage.places.local / "agents"
    folder.mkdir()
    (folder / "lost.toml").write_text('kind = "stream"\ncommand = ["no-such-program-here"]\n')
    stage.start()
    item = stage.await_mark("q1", Mark.BLOCKED)
    assert "no-such-program-here" in item.value("why")


def test_step_dispatches_one_and_holds(stage: Stage):
    stage.spec("- [ ] One ^q1\n- [ ] Two ^q2\n", loop="step", wip=2)
    for id in ("q1", "q2"):
        stage.script(id, edit_and_commit(f"{id}.txt", "x\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert parse(stage.places.spec.read_bytes()).controls.loop == "hold"
    assert stage.item("q2").mark is Mark.OPEN


def test_auto_goes_on_by_itself_up_to_the_fences(stage: Stage):
    stage.spec("- [ ] One ^q1\n- [ ] Two ^q2\n  - after: q1\n- [ ] Three ^q3\n", mode="auto")
    for id in ("q1", "q2"):
        stage.script(id, edit_and_commit(f"{id}.txt", "x\n"))
    stage.script("q3", [{"answer": {"status": "asks", "summary": "?", "question": "why?"}}])
    stage.start()
    for id in ("q1", "q2"):
        stage.await_mark(id, Mark.DONE)
    assert "Cockpit-Decided: engine <" in stage.git("log", "-1", "--format=%B", stage.item("q1").value("merged"))
    stage.await_mark("q3", Mark.NEEDS_YOU, asks="why?")
    assert any("straight into main" in note for note in stage.notes())


def test_two_that_conflict_are_told_before_anyone_merges(stage: Stage):
    stage.spec("- [ ] One ^q1\n- [ ] Two ^q2\n", wip=2)
    stage.script("q1", edit_and_commit("a.txt", "one\n"))
    stage.script("q2", edit_and_commit("a.txt", "two\n"))
    stage.start()
    for id in ("q1", "q2"):
        stage.await_mark(id, Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    until("the stale verdict to be made again", lambda: "conflicts" in stage.item("q2").value("review"))
    review = stage.turn("q2").review
    assert review is not None
    assert "a.txt" in review.checks[12].evidence


def test_a_tick_by_hand_is_an_accept(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("- [?] Write a", "- [x] Write a"))
    merged = until("the merge", lambda: stage.item("q1").value("merged"))
    assert "Cockpit-Decided: by hand, in the document" in stage.git("log", "-1", "--format=%B", merged)
    assert (stage.root / "a.txt").exists()


def test_an_item_typed_by_a_human_gets_its_id_when_it_is_first_touched(stage: Stage):
    stage.spec("- [ ] Write a\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_what_the_agent_left_uncommitted_is_harvested(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"write": "a.txt", "content": "x\n"}, {"answer": {"status": "done", "summary": "did"}}])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert "a.txt" in stage.git("show", "--stat", stage.turn("q1").dispatch.branch)


def test_the_loop_goes_on_after_the_spec_was_broken_and_mended(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    good = stage.places.spec.read_text()
    stage.places.spec.write_text(good.replace("wip: 1", "wip: many"))
    broken = until("the note", lambda: next((note for note in stage.notes() if "wip" in note), ""))
    number = 1 + good.splitlines().index("  wip: 1")
    assert f"line {number}:" in broken
    stage.places.spec.write_text(good.replace("loop: hold", "loop: on"))
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_a_deleted_spec_is_told_and_may_come_back(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.places.spec.unlink()
    until("the note", lambda: any("is gone" in note for note in stage.notes()))
    stage.git("checkout", "--", "SPEC.md")
    until("quiet", lambda: not any("is gone" in note for note in stage.notes()))


def test_a_detached_head_dispatches_nothing_and_says_why(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.git("checkout", "-q", "--detach")
    stage.start()
    until("the fence", lambda: stage.snapshot().fence == "invariant")
    assert "detached" in stage.snapshot().why
    assert stage.item("q1").mark is Mark.OPEN


def test_a_delegate_waits_while_another_branch_is_checked_out(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("the last commit", lambda: stage.git("status", "--porcelain") == "")
    stage.git("checkout", "-qb", "other")
    until("the note", lambda: any("q1 belongs to main" in note for note in stage.notes()))
    stage.git("checkout", "-q", "main")
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert stage.git("log", "--format=%s", "other").count("Merge") == 0


def test_a_worktree_removed_by_hand_is_made_again_from_its_branch(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", verify="grep -q two a.txt")
    stage.script("q1", edit_and_commit("a.txt", "one\n"), edit_and_commit("a.txt", "two\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    subprocess.run(["rm", "-rf", str(stage.places.worktrees / "q1")], check=True)
    stage.steer("iterate", "q1", note="again")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review").endswith("accept"))


def test_a_killed_tmux_server_is_noticed(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", [{"write": "a.txt", "content": "half\n"}, {"hang": True}])
    stage.start()
    until("the first edit", lambda: (stage.places.worktrees / "q1" / "a.txt").exists())
    subprocess.run(["tmux", "-L", stage.places.tmux, "kill-server"], check=True)
    item = stage.await_mark("q1", Mark.BLOCKED)
    assert item.value("why").startswith(("lost", "interrupted", "died"))


def test_a_second_engine_is_refused(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the first engine", stage.alive)
    done = subprocess.run(
        [*stage.program, "run"], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "runs here already" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_engine_whose_folder_was_removed_ends_so_that_there_are_never_two(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    engine = stage.start()
    until("the engine", stage.alive)
    subprocess.run(["rm", "-rf", str(stage.places.local)], check=True)
    assert until("its end", lambda: engine.poll() is not None)
    stage.start()
    until("the next one", stage.alive)


def test_deleting_every_cache_changes_nothing(stage: Stage):
    """R2: spec, git and facts rebuild everything."""
    stage.spec("- [ ] Write a ^q1\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.stop()
    subprocess.run(["rm", "-rf", str(stage.places.local / "journal")], check=True)
    stage.start()
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert persist.timeline(stage.places, limit=5)
    assert facts.load(stage.places.turn("q1", 1)) is not None


def test_the_engine_s_rows_of_live_signals_make_no_commits_of_their_own(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n\n## Live Signals\n| Signal | State | Since | Action |\n|---|---|---:|---|\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("the rows", lambda: b"q1 waits for your verdict" in stage.places.spec.read_bytes())
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert stage.events("edit") == []


def test_the_merge_ticks_the_steps_that_the_answers_say_are_done_and_the_rest_is_shown(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n  - [ ] write it\n  - [ ] say `hello` in it\n  - [ ] the docs\n")
    steps = edit_and_commit("a.txt", "hello\n")
    again = edit_and_commit("a.txt", "hello!\n")
    steps[-1] = {"answer": {"status": "done", "summary": "did", "steps": ["write it"]}}
    again[-1] = {"answer": {"status": "done", "summary": "did", "steps": ["Say hello in it."]}}
    stage.script("q1", steps, again)
    stage.start()
    assert "; 2 of 3 steps not said done" in stage.await_mark("q1", Mark.NEEDS_YOU).value("review")
    brief = (stage.turn("q1").folder / "brief.md").read_text()
    assert '`"steps": ["write it"]`' in brief
    stage.steer("iterate", "q1", note="shout")
    stage.await_mark("q1", Mark.RUNNING)
    assert stage.await_mark("q1", Mark.NEEDS_YOU).value("review").endswith("; 1 of 3 steps not said done")
    stage.steer("accept", "q1")
    item = stage.await_mark("q1", Mark.DONE)
    assert [str(step.mark) for step in item.children] == [str(mark) for mark in (Mark.DONE, Mark.DONE, Mark.OPEN)]
