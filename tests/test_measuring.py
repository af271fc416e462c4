"""A measured goal in the loop: measured after each merge, it stops the loop at its target, it drives it (R156)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from cockpit import facts, wire
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from tests.stage import Stage, edit_and_commit, until

GOAL = """\

## Acceptance
- [ ] p95 of the search ^a1
  - measure: `cat ms.txt`
  - target: < 200 ms
"""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    (places.root / "ms.txt").write_text("p95 240 ms\n")
    made = Stage(places)
    made.git("add", "ms.txt")
    made.git("commit", "-qm", "Measure")
    yield made
    made.stop()


def snapshot(stage: Stage) -> wire.Snapshot:
    return until("an engine", lambda: wire.latest(stage.places.socket))


def await_fence(stage: Stage, name: str) -> wire.Snapshot:
    def there() -> wire.Snapshot | None:
        seen = wire.latest(stage.places.socket)
        return seen if seen is not None and seen.fence == name else None

    return until(f"the fence {name}", there)


def history(stage: Stage) -> list[facts.Measurement]:
    return facts.lines(facts.measurements(stage.places.local, "a1"), facts.Measurement)


def run(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*stage.program, "measure", *words], capture_output=True, text=True, check=False)


def test_it_is_measured_before_and_after_each_merge_and_stops_the_loop_at_its_target(stage: Stage):
    heads = "- [ ] Make it fast ^q1\n- [ ] Meanwhile ^q2\n  - after: q1\n- [ ] Something else ^q3\n  - after: q2\n"
    stage.spec(heads + GOAL, mode="auto")
    stage.script("q1", edit_and_commit("ms.txt", "p95 180 ms\n"))
    stage.script("q2", edit_and_commit("b.txt", "b\n"))
    stage.script("q3", edit_and_commit("c.txt", "c\n"))
    stage.start()
    seen = await_fence(stage, "target")
    assert [one.value for one in history(stage)][:2] == [240.0, 180.0]
    assert "a1 to go on with the queue" in seen.why
    words = "p95 of the search 180 ms, target < 200 ms (reached), 2 measurements, better by 25%"
    assert seen.measured[0].words.startswith(words)
    signal = until(
        "the signal", lambda: next((row for row in snapshot(stage).signals if row.key == "measure/a1"), None)
    )
    assert (signal.state, signal.action) == ("reached", "tick")
    stage.await_mark("q2", Mark.DONE)
    until("it is measured again", lambda: len(history(stage)) == 3)
    assert await_fence(stage, "target").measured[0].words.startswith("p95 of the search 180 ms")
    assert stage.item("q3").mark is Mark.OPEN, "what ran went on, nothing new was begun"
    stage.steer("tick", "a1")
    stage.await_mark("q3", Mark.DONE)
    until("it is watched on", lambda: len(history(stage)) == 4)


def test_while_the_base_checks_are_red_nothing_is_measured_and_it_says_why(stage: Stage):
    stage.spec("" + GOAL, verify="test -e green")
    stage.start()
    seen = until(
        "the words", lambda: next((s for s in [snapshot(stage)] if s.measured and "red:" in s.measured[0].words), None)
    )
    assert seen.measured[0].words == (
        "p95 of the search not used while the base checks are red: `test -e green` exit 1, target < 200 ms"
    )
    (one,) = history(stage)
    assert one.value is None
    assert seen.fence == "drained"


def test_a_commit_of_the_spec_alone_is_not_measured_again(stage: Stage):
    stage.spec("" + GOAL)
    stage.start()
    until("the first", lambda: len(history(stage)) == 1)
    stage.steer("add", text="later", to="backlog")
    stage.git("commit", "-q", "--allow-empty", "-m", "Nothing")
    (stage.root / "other.txt").write_text("x\n")
    stage.git("add", "other.txt")
    stage.git("commit", "-qm", "Other")
    until("the second", lambda: len(history(stage)) == 2)
    assert history(stage)[1].commit == stage.git("rev-parse", "HEAD")


def test_it_got_worse_is_a_signal_and_noise_is_none(stage: Stage):
    stage.spec("" + GOAL)
    stage.start()
    until("the first", lambda: len(history(stage)) == 1)
    for count, (value, words) in enumerate((("241", "as before"), ("300", "worse by 24%")), 2):
        (stage.root / "ms.txt").write_text(f"p95 {value} ms\n")
        stage.git("commit", "-qam", value)
        until("another", lambda count=count: len(history(stage)) == count)
        until("its words", lambda words=words: words in snapshot(stage).measured[0].words)
        worse = [row for row in snapshot(stage).signals if row.key == "measure/a1"]
        if value == "241":
            assert not worse
    worse = until("the signal", lambda: [row for row in snapshot(stage).signals if row.key == "measure/a1"])
    assert worse[0].state == "worse"
    assert "300 ms" in worse[0].what


def test_a_goal_that_drives_makes_items_until_it_is_there_and_tells_them_the_number(stage: Stage):
    stage.spec("" + GOAL + "  - drive: 3\n", mode="auto")
    stage.script("q1", edit_and_commit("ms.txt", "p95 220 ms\n"))
    stage.script("q2", edit_and_commit("ms.txt", "p95 150 ms\n"))
    stage.start()
    await_fence(stage, "target")
    document = parse(stage.places.spec.read_bytes())
    assert [(item.id, item.text, item.mark) for item in document.queue] == [
        ("q1", "Bring p95 of the search from 240 ms to < 200 ms", Mark.DONE),
        ("q2", "Bring p95 of the search from 220 ms to < 200 ms", Mark.DONE),
    ]
    assert [item.value("from") for item in document.queue] == ["a1", "a1"]
    brief = (stage.places.turn("q2", 1) / facts.BRIEF).read_text()
    assert "(a1): 220 ms at " in brief
    assert "before that 240 ms at " in brief
    assert "better by 8%; the target is < 200 ms. `cat ms.txt` measures it." in brief


def test_a_goal_without_progress_is_not_driven_on(stage: Stage):
    stage.spec("" + GOAL + "  - drive: 9\n", mode="auto")
    for number in range(1, 5):
        stage.script(f"q{number}", edit_and_commit(f"{number}.txt", "x\n"))
    stage.start()
    seen = await_fence(stage, "plateau")
    assert "no progress in 3 measurements" in seen.why
    assert len(parse(stage.places.spec.read_bytes()).queue) == 3


def test_the_shell_measures_now_and_tells_the_history(stage: Stage):
    stage.spec("" + GOAL, loop="hold")
    assert run(stage, "a9").returncode == 1
    done = run(stage)
    assert done.returncode == 1, done.stderr
    assert "p95 of the search 240 ms, target < 200 ms, 1 measurement" in done.stdout
    (stage.root / "ms.txt").write_text("p95 0.15 s\n")
    stage.git("commit", "-qam", "Faster")
    assert run(stage, "a1").returncode == 0
    told = json.loads(run(stage, "--history", "--json").stdout)
    assert [one["value"] for one in told[0]["history"]] == [240.0, 150.0]
    assert "150 ms (3 runs, within 0 ms)" in run(stage, "--history").stdout
    assert stage.git("status", "--porcelain") == ""


def test_the_check_of_the_criteria_leaves_numbers_to_measure(stage: Stage):
    stage.spec("" + GOAL, loop="hold")
    done = subprocess.run([*stage.program, "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "(cockpit measure tells it)" in done.stdout
