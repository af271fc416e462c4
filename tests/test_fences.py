"""What stops the loop, with a real engine and scripted delegates."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def edit(stage: Stage, old: str, new: str) -> None:
    """As a human does in an editor."""
    text = stage.places.spec.read_text()
    assert old in text
    stage.places.spec.write_text(text.replace(old, new))


def test_an_item_s_budget_holds_the_iterate_until_it_is_raised(stage: Stage):
    stage.script("q1", edit_and_commit("a.txt", "1\n"), edit_and_commit("a.txt", "2\n"))
    stage.spec("- [ ] one ^q1\n  - budget: 1 turn\n")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("iterate", "q1", note="more")
    held = "q1 has reached its budget: 1 of 1 turns; raise its budget: to go on"
    until("the item to wait", lambda: stage.snapshot().why == held)
    edit(stage, "budget: 1 turn", "budget: 2 turns")
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert stage.turn("q1").number == 2


def test_a_delegate_is_stopped_when_its_item_s_minutes_are_over(stage: Stage):
    stage.script("q1", [{"sleep": 60}])
    stage.spec("- [ ] one ^q1\n  - budget: 0.02 minutes\n")
    stage.start()
    item = stage.await_mark("q1", Mark.BLOCKED)
    assert item.value("why").startswith("has reached its budget: 0.0")


def test_the_loop_set_on_again_has_its_budget_anew(stage: Stage):
    for name in ("q1", "q2"):
        stage.script(name, edit_and_commit(f"{name}.txt", "1\n"))
    stage.spec("- [ ] one ^q1\n- [ ] two ^q2\n")
    edit(stage, "review: 3", "review: 3\n  budget: {turns: 1}")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("the fence", lambda: stage.snapshot().fence == "turns")
    assert stage.snapshot().why == "budget reached: 1 of 1 turns since the loop was set on"
    stage.steer("loop hold")
    until("the hold", lambda: stage.snapshot().fence == "hold")
    stage.steer("loop on")
    stage.await_mark("q2", Mark.NEEDS_YOU)


def test_a_line_that_does_not_converge_stops_and_the_human_may_go_on(stage: Stage):
    stage.script("q1", *(edit_and_commit("a.txt", f"{number}\n") for number in range(1, 6)))
    stage.spec("- [ ] one ^q1\n", mode="auto", verify="false")
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="not converging: ")
    assert item.value("why").startswith("not converging: 1 -> 1 -> 1 findings; 3 of 3 rounds, 1 finding left")
    assert stage.turn("q1").number == 3
    stage.steer("iterate", "q1", note="once more")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="not converging: ")
    until("the fourth round", lambda: stage.turn("q1").number == 4 and stage.turn("q1").review)
    stage.await_mark("q1", Mark.NEEDS_YOU, why="not converging: 1 -> 1 -> 1 -> 1 findings")
    until("both stops in the history", lambda: stage.events("halt") == ["q1", "q1"])


def test_a_round_that_takes_the_last_one_back_stops_the_line(stage: Stage):
    lines = "".join(f"line {number}\n" for number in range(8))
    stage.script(
        "q1",
        edit_and_commit("a.txt", "start\n"),
        edit_and_commit("a.txt", "start\n" + lines),
        edit_and_commit("a.txt", "start\n"),
    )
    stage.spec("- [ ] one ^q1\n  - rounds: 9\n", mode="auto", verify="false")
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="not converging: ")
    assert "round 3 put back all that round 2 changed" in item.value("why")


def test_what_the_human_interrupted_stops_the_loop_by_that_name(stage: Stage):
    stage.script("q1", [{"sleep": 60}], edit_and_commit("a.txt", "1\n"))
    stage.spec("- [ ] one ^q1\n")
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    until("the runner", lambda: stage.turn("q1").running)
    stage.steer("interrupt", "q1", reason="lunch")
    until("the fence", lambda: stage.snapshot().fence == "interrupt")
    assert stage.snapshot().why == "q1: interrupted by you: lunch; iterate lets it go on, strike drops it"
    until("the state", lambda: stage.snapshot().state == "Stop")
    until("its end", lambda: stage.turn("q1").sentinel)
    stage.steer("iterate", "q1", note="go on")
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_a_queue_that_can_never_go_on_says_so_everywhere_until_it_is_mended(stage: Stage):
    stage.spec("- [-] one ^q1\n- [ ] two ^q2\n  - after: q1\n")
    stage.script("q2", edit_and_commit("a.txt", "1\n"))
    stage.start()
    why = "q2 waits for q1, which was struck"
    until("the fence", lambda: (stage.snapshot().fence, stage.snapshot().why) == ("waiting", why))
    assert stage.snapshot().state == "Stop"
    until("the signal", lambda: "stuck/q2" in [signal.key for signal in stage.snapshot().signals])
    said = subprocess.run([*stage.program, "status"], check=True, capture_output=True, text=True).stdout
    assert f"fence: waiting: {why}" in said
    assert "two · waits for q1, which was struck" in said
    edit(stage, "  - after: q1\n", "")
    stage.await_mark("q2", Mark.NEEDS_YOU)
    until("its end", lambda: "stuck/q2" not in [signal.key for signal in stage.snapshot().signals])


def test_the_tempo_holds_the_next_dispatch_and_the_engine_wakes_by_itself(stage: Stage):
    stage.spec("- [ ] one ^q1\n- [ ] two ^q2\n", mode="auto", verify="true\n  pace: 4s", base=True)
    stage.script("q1", edit_and_commit("a.txt", "a\n"))
    stage.script("q2", edit_and_commit("b.txt", "b\n"))
    stage.start()
    stage.await_mark("q1", Mark.DONE)
    stage.await_mark("q2", Mark.DONE)
    assert stage.turn("q2").dispatch.at - stage.turn("q1").dispatch.at >= 4


def test_work_that_serves_no_part_of_the_goal_any_more_pauses_the_loop_until_the_human_says_go_on(stage: Stage):
    """The next head may have begun while the last result was reviewed: what runs goes on, and nothing begins after."""
    grown = "  - from: q9 turn 1 #1\n"
    drifts = [
        f"- [ ] {text} ^q{nth}\n{grown}" for nth, text in enumerate(("Paint logos", "Pick fonts", "Bend corners"), 1)
    ]
    stage.spec("".join(drifts) + "- [ ] Recycle supervisors ^q4\n", mode="auto", verify="true\n  drift: 2", base=True)
    for item in ("q1", "q2", "q3", "q4"):
        stage.script(item, edit_and_commit(f"{item}.txt", "a\n"))
    stage.start()
    stage.await_mark("q3", Mark.DONE)
    words = "the last 2 merged items serve no part of it: q2 (of q9 turn 1), q3 (of q9 turn 1)"
    until("the fence", lambda: stage.snapshot().fence == "drift" and words in stage.snapshot().why)
    until("the signal", lambda: [one for one in stage.snapshot().signals if one.key == "fence/drift"])
    assert stage.item("q4").mark is Mark.OPEN
    stage.steer("loop hold")
    until("the hold", lambda: stage.snapshot().fence == "hold")
    stage.steer("loop on")
    stage.await_mark("q4", Mark.DONE)


def test_the_loop_rests_after_so_many_merges_and_a_step_passes_that(stage: Stage):
    queue = "- [ ] one ^q1\n- [ ] two ^q2\n- [ ] three ^q3\n"
    stage.spec(queue, mode="auto", verify="true\n  rests: every merge", base=True)
    for item in ("q1", "q2", "q3"):
        stage.script(item, edit_and_commit(f"{item}.txt", "a\n"))
    stage.start()
    until("the rest", lambda: stage.snapshot().fence == "rest" and stage.snapshot().running == 0)
    assert "since the loop was set on (rests: every merge); h, c lets it go on, n takes one" in stage.snapshot().why
    assert stage.item("q3").mark is Mark.OPEN
    stage.steer("loop step")
    last = "q3" if stage.item("q2").mark is Mark.DONE else "q2"
    stage.await_mark(last, Mark.DONE)
    until("the hold after it", lambda: stage.snapshot().fence == "hold")


def test_the_last_of_the_queue_is_announced_calmly_and_over_by_itself(stage: Stage):
    stage.spec("- [ ] one ^q1\n")
    go = stage.root.parent / "go"
    stage.script("q1", [{"wait": str(go)}, *edit_and_commit("a.txt", "a\n")])
    stage.start()

    def told() -> list[str]:
        return [one.what for one in stage.snapshot().signals if one.key.endswith("ahead/drained")]

    words = until("the announcement", told)
    assert words == ["q1 is the last of the queue: nothing waits behind it"]
    go.touch()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("its end", lambda: not told())
