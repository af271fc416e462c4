"""The scope gate, from the queue to a delegate that gets exactly the brief that a human said yes to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from cockpit import facts
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edges, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def brief(stage: Stage, item: str = "q1") -> str:
    return (stage.places.turn(item, 1) / facts.BRIEF).read_text()


def begun(stage: Stage, queue: str = "- [ ] Write a ^q1\n  - paths: a.txt\n", **controls: str) -> None:
    """A spec with both gates, and an engine that has put the first brief before the human."""
    stage.spec(queue, gates="[scope, verdict]", verify="test -s a.txt", **controls)  # pyright: ignore[reportArgumentType]
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")


def test_nothing_is_dispatched_before_the_human_said_yes_to_the_brief(stage: Stage):
    begun(stage)
    shown = brief(stage)
    assert "# Write a" in shown
    assert not (stage.places.turn("q1", 1) / "dispatch.json").exists()
    assert stage.sessions() == []
    assert stage.events("dispatch") == []
    stage.steer("accept", "q1")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review"))
    item = stage.item("q1")
    digest = facts.digest(shown)
    assert item.value("scope") == f"accepted {digest}"
    assert brief(stage) == shown
    assert (stage.places.worktrees / "q1" / ".cockpit" / "brief.md").read_text() == shown, "sent to the letter"
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert stage.events("dispatch") == ["q1"]


def test_the_brief_that_the_human_edited_is_the_one_that_is_sent(stage: Stage):
    begun(stage)
    file = stage.places.turn("q1", 1) / facts.BRIEF
    file.write_text(file.read_text() + "\nAlso mind the gap. password=hunter2hunter2\n")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    until("the edit is read", lambda: "edited by you" in stage.item("q1").value("scope"))
    assert "hunter2" not in brief(stage), "a secret does not stay in it"
    stage.steer("accept", "q1")
    until("the review", lambda: stage.item("q1").value("review"))
    sent = (stage.places.worktrees / "q1" / ".cockpit" / "brief.md").read_text()
    assert "Also mind the gap." in sent
    assert item.id == "q1"


def test_the_scope_line_says_which_claims_hold_and_what_the_lint_found(stage: Stage):
    stage.spec("- [ ] Fix the first line of `SPEC.md` ^q1\n", gates="[scope, verdict]", verify="''")
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    assert item.value("scope").endswith("1 of 1 claims hold; lint: no verification command")
    file = stage.places.turn("q1", 1) / facts.BRIEF
    file.write_text(f"{brief(stage)}\n## Verification\n\n`cd .. && make` password=hunter2hunter2\n")
    until("the edit is linted", lambda: "edited by you" in stage.item("q1").value("scope"))
    words = stage.item("q1").value("scope")
    assert "lint: a command leaves the worktree: cd .. && make, a secret in line " in words
    assert facts.prepared(stage.places.turn("q1", 1))[0].claims == ["holds: SPEC.md"]  # pyright: ignore[reportOptionalSubscript]


def test_the_command_lints_the_brief_that_waits_and_the_one_that_would_be(stage: Stage):
    begun(stage)

    def lint(*args: str) -> tuple[int, str, str]:
        words = [*stage.program, "brief", "q1", *args]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    count = len(brief(stage).split())
    assert lint("--lint") == (0, f"q1 · brief of {count} words · no findings\n", "")
    assert json.loads(lint("--lint", "--json")[1]) == {"item": "q1", "words": count, "findings": []}
    assert lint("--next", "--lint")[0] == 0
    assert "add --lint" in lint("--json")[2]
    stage.kill()
    file = stage.places.turn("q1", 1) / facts.BRIEF
    file.write_text(file.read_text().replace("test -s a.txt", f"test -s {stage.root}/a.txt").replace("# Write a", "#"))
    code, out, _ = lint("--lint")
    assert code == 1
    assert out.splitlines()[1] == "✗ no task"
    assert f"a command names your own checkout: test -s {stage.root}/"[:70] in out
    told = json.loads(lint("--lint", "--json")[1])["findings"]
    assert told[0] == {"part": "Task", "words": "no task", "line": 0}
    assert [finding["part"] for finding in told[1:]] == ["Execution plan", "Verification"]


def test_without_a_scope_gate_the_engine_s_log_says_what_the_lint_found(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", verify="''", gates="[verdict]")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    until("the turn", lambda: (stage.places.turn("q1", 1) / "dispatch.json").exists())
    log = stage.places.local / "engine.log"
    words = "started with rehearsal; lint: no verification command"
    until("the log", lambda: log.exists() and words in log.read_text())


def test_a_changed_item_makes_the_brief_again_and_asks_again(stage: Stage):
    begun(stage)
    first = brief(stage)
    stage.steer("reword", "q1", text="Write a, in English")
    until("the new brief", lambda: brief(stage) != first)
    assert "# Write a, in English" in brief(stage)
    until(
        "its fact",
        lambda: (there := facts.prepared(stage.places.turn("q1", 1))) and facts.digest(there[1]) == there[0].digest,
    )
    assert stage.item("q1").mark is Mark.NEEDS_YOU
    stage.kill()
    stage.steer("accept", "q1")
    stage.steer("reframe", goal="Another goal altogether.")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    assert "Another goal altogether." in brief(stage)
    assert stage.events("dispatch") == [], "a yes to another brief is no yes to this one"


def test_a_brief_edited_by_hand_is_never_overwritten(stage: Stage):
    begun(stage)
    folder = stage.places.turn("q1", 1)
    (folder / facts.BRIEF).write_text("# My own words\n")
    until("the edit is read", lambda: "edited by you" in stage.item("q1").value("scope"))
    stage.steer("reword", "q1", text="Write a, in English")
    until("both", lambda: "the spec has changed since" in stage.item("q1").value("scope"))
    assert brief(stage) == "# My own words\n"
    assert "# Write a, in English" in (folder / facts.FRESH).read_text()


def test_an_edited_brief_that_is_set_aside_is_made_again_from_the_spec(stage: Stage):
    begun(stage)
    folder = stage.places.turn("q1", 1)
    (folder / facts.BRIEF).write_text("# My own words\n")
    until("the edit is read", lambda: "edited by you" in stage.item("q1").value("scope"))
    kept = facts.set_aside(folder)
    until("the new brief", lambda: (folder / facts.BRIEF).exists() and "# Write a" in brief(stage))
    until("its words", lambda: "edited" not in stage.item("q1").value("scope"))
    assert kept.read_text() == "# My own words\n"
    assert stage.events("dispatch") == []


def test_the_brief_is_edited_from_the_shell(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", gates="[scope, verdict]")

    def edit(editor: str) -> str:
        command = [*stage.program, "brief", "q1", "--edit"]
        environment = {**os.environ, "VISUAL": editor}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        return done.stdout + done.stderr

    assert "no brief of it waits for your word" in edit("true")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    assert "nothing changed" in edit("true")
    assert "the editor ended with 1" in edit("false")
    assert "the engine reads it again" in edit("sed -i s/Write/Paint/")
    until("the edit is read", lambda: "edited by you" in stage.item("q1").value("scope"))
    assert "# Paint a" in brief(stage)


def test_a_note_at_the_gate_goes_into_the_brief(stage: Stage):
    begun(stage)
    with pytest.raises(Refused, match="the note is missing"):
        stage.steer("iterate", "q1")
    stage.steer("iterate", "q1", note="keep the header")
    until("the note", lambda: "> keep the header" in brief(stage))
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    stage.steer("iterate", "q1", note="and the footer")
    until("both notes", lambda: "> keep the header\n> and the footer" in brief(stage))
    stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of")
    assert stage.events("dispatch") == []


def test_a_brief_that_waits_is_a_signal_until_the_human_spoke(stage: Stage):
    def told() -> list[str]:
        return [signal.what for signal in stage.snapshot().signals if signal.key == "gate/q1"]

    begun(stage)
    until("the signal", lambda: told() == ["the brief of q1 waits: a sends it, enter shows it"])
    stage.steer("reject", "q1")
    until("its end", lambda: not told())


def test_a_brief_that_is_rejected_never_runs(stage: Stage):
    begun(stage)
    stage.steer("reject", "q1", reason="not now")
    item = stage.item("q1")
    assert (item.mark, item.value("verdict"), item.value("why")) == (Mark.STRUCK, "reject", "not now")
    assert brief(stage), "it stays in its folder"


def test_briefs_are_prepared_ahead_up_to_wip_and_are_no_results_that_wait(stage: Stage):
    begun(stage, "- [ ] Write a ^q1\n- [ ] Write b ^q2\n- [ ] Write c ^q3\n", wip=2)  # pyright: ignore[reportArgumentType]
    stage.await_mark("q2", Mark.NEEDS_YOU, scope="brief of")
    until("a pass", lambda: stage.snapshot().why == "the brief of q1 waits for you")
    assert stage.item("q3").mark is Mark.OPEN
    assert stage.snapshot().waiting == 0
    assert stage.snapshot().state == "Queue Ready"


def test_one_step_is_one_head_its_brief_and_its_turn(stage: Stage):
    begun(stage, "- [ ] Write a ^q1\n- [ ] Write b ^q2\n", loop="step", wip=2)  # pyright: ignore[reportArgumentType]
    stage.steer("accept", "q1")
    until("the review", lambda: stage.item("q1").value("review"))
    assert "  loop: hold\n" in stage.places.spec.read_text()
    assert stage.item("q2").mark is Mark.OPEN


def test_an_item_may_open_its_gates_and_a_yes_may_be_written_by_hand(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - gates: none\n- [ ] Write b ^q2\n  - scope: accepted\n", gates="[scope]")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script("q2", edit_and_commit("b.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q2", Mark.DONE)


def test_a_later_turn_needs_no_second_yes(stage: Stage):
    begun(stage)
    stage.script("q1", edit_and_commit("a.txt", "hello\n"), edit_and_commit("a.txt", "hi\n"))
    stage.steer("accept", "q1")
    until("the review", lambda: stage.item("q1").value("review"))
    stage.steer("iterate", "q1", note="shorter")
    until("turn two", lambda: stage.turn("q1").number == 2)


@pytest.mark.parametrize("edge", edges(9, 3))
def test_a_kill_at_any_instant_of_preparing_leaves_one_brief_that_waits(stage: Stage, edge: int):
    stage.spec("- [ ] Write a ^q1\n", gates="[scope, verdict]")
    dying = stage.start("-m", "tests.promises.dying_engine", str(stage.root), str(edge))
    waits = "brief of"
    until("the kill, or the brief", lambda: dying.poll() is not None or stage.item("q1").value("scope"))
    assert dying.poll() in (None, -signal.SIGKILL)
    stage.stop()
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, scope=waits)
    found = facts.prepared(stage.places.turn("q1", 1))
    assert found is not None
    assert facts.digest(found[1]) == found[0].digest
    until("its commit", lambda: stage.events("scope") == ["q1"])
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.RUNNING)


def test_stale_claims_are_asked_before_a_brief_is_made(stage: Stage):
    stage.spec("- [ ] Fix the words in `docs/README.md` ^q1\n", gates="[scope, verdict]")
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale: ")
    assert item.value("asks") == "stale: `docs/README.md` is not there"
    assert not item.value("scope")
    stage.steer("iterate", "q1", note="make that file")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, scope="brief of ")
    assert not item.value("asks")
