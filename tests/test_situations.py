"""The situations that must be noticed (R79 to R83) and the stale loops (R121 to R124), each in the live product."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from cockpit.wire import SignalView
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def push(stage: Stage, *args: str, words: str = "") -> None:
    subprocess.run([*stage.program, "push", *args], input=words, text=True, check=True, capture_output=True)


def row(stage: Stage, wanted: Callable[[SignalView], object]) -> SignalView:
    """The first row like that, once it is there."""

    def there() -> SignalView | None:
        return next((each for each in stage.snapshot().signals if wanted(each)), None)

    try:
        return until("the signal", there)
    except AssertionError as error:
        rows = "\n".join(f"{each.key} [{each.state}] {each.what} {each.reasons}" for each in stage.snapshot().signals)
        raise AssertionError(f"{error}\n{rows}") from None


def suite(outcome: str) -> str:
    """A JUnit report of two tests, one of which has that outcome."""
    inside = '<failure message="timed out"/>' if outcome == "fail" else ""
    return (
        f'<testsuite name="api" tests="2"><testcase classname="tests.test_api" name="test_login">{inside}</testcase>'
        '<testcase classname="tests.test_api" name="test_home"/></testsuite>'
    )


def test_a_flaky_test_that_repeats_across_three_runs(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    for outcome in ("fail", "pass", "fail", "pass", "fail", "pass"):
        push(stage, "--junit", "-", words=suite(outcome))
    found = row(stage, lambda each: "test_login" in each.what)
    assert "flaky" in found.state + " ".join(found.reasons)


def test_a_small_todo_that_blocks_the_queue_head(stage: Stage):
    stage.spec(
        "- [ ] Ship the login ^q1\n  - after: t1\n- [ ] Write docs ^q2\n\n## Pending\n- [ ] TODO: rename the flag ^t1\n"
    )
    stage.start()
    found = row(stage, lambda each: "rename the flag" in each.what or each.item == "t1")
    assert any("head" in reason for reason in found.reasons), found.reasons


def test_a_warning_that_first_appears_after_an_upgrade_names_the_upgrade(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    (stage.root / "requirements.txt").write_text("httpx==0.27.0\n")
    stage.git("add", "requirements.txt")
    stage.git("commit", "-qm", "Require httpx")
    stage.start()
    until("the engine", stage.alive)

    def run(number: int, at: float, *lines: str) -> None:
        told = ("===== test session starts =====", "collected 2 items", *lines, f"===== 2 passed in 0.4{number}s =====")
        events = [{"source": "ci", "kind": "log.line", "key": "test", "at": at, "what": text} for text in told]
        push(stage, "--ndjson", words="".join(json.dumps(event) + "\n" for event in events))

    run(1, time.time() - 300)
    run(2, time.time() - 200)
    (stage.root / "requirements.txt").write_text("httpx==0.28.0\n")
    stage.git("commit", "-qam", "Bump httpx to 0.28")
    until("the bump is seen", lambda: any("httpx" in each.what for each in stage.snapshot().signals))
    for number in (3, 4):
        run(number, time.time(), "tests/test_api.py:4: DeprecationWarning: the 'app' shortcut of httpx is deprecated")
    found = row(stage, lambda each: "DeprecationWarning" in each.what)
    assert "httpx" in " ".join((*found.suspects, *found.reasons)), (found.suspects, found.reasons)


def test_two_delegates_that_assume_incompatible_things(stage: Stage):
    stage.spec("- [ ] Serve the list ^q1\n- [ ] Show the list ^q2\n", wip=2)
    for item, size in (("q1", 20), ("q2", 50)):
        answer = {"status": "done", "summary": "done", "assumptions": [f"the default page size is {size}"]}
        steps = [*edit_and_commit(f"{item}.txt", "x\n")[:-1], {"answer": answer}]
        stage.script(item, steps)
    stage.start()
    found = row(stage, lambda each: "page" in each.what and "size" in each.what)
    assert "20" in found.what + " ".join(found.evidence)
    assert "50" in found.what + " ".join(found.evidence)


def test_a_supervisor_whose_clean_closeouts_do_not_move_the_head(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    lane = {"source": "supervisor", "key": "billing"}
    for number in range(4):
        at = time.time() - 240 + 60 * number
        events = [
            {**lane, "kind": "queue.state", "state": "running", "what": "head is B-1", "item": "B-1", "at": at},
            {**lane, "kind": "closeout", "state": "ok", "what": f"closeout {number} is clean", "at": at + 30},
        ]
        push(stage, "--ndjson", words="".join(json.dumps(event) + "\n" for event in events))
    found = row(stage, lambda each: "billing" in each.key or "billing" in each.what)
    assert "closeout" in " ".join((found.what, found.state, *found.reasons))


def rounds(stage: Stage, *turns: tuple[str, int]) -> None:
    """An item that is answered again and again, its verification red each time: what it says, and lines it adds."""
    stage.spec("- [ ] Make the login work ^q1\n  - rounds: 9\n", verify="false")
    scripts: list[list[dict[str, object]]] = []
    for number, (summary, lines) in enumerate(turns):
        scripts.append(
            [
                {"append": "login.py", "content": f"# round {number}\n" * lines},
                {"commit": f"Round {number}"},
                {"answer": {"status": "done", "summary": summary}},
            ]
        )
    stage.script("q1", *scripts)
    stage.start()
    for _ in turns[1:]:
        number = stage.await_mark("q1", Mark.NEEDS_YOU) and stage.turn("q1").number
        stage.steer("iterate", "q1", note="still red")
        until("the next turn", lambda before=number: stage.turn("q1").number > before)
    stage.await_mark("q1", Mark.NEEDS_YOU)


def test_the_same_head_answered_again_and_again_is_named_and_pauses(stage: Stage):
    rounds(stage, ("session kept", 1), ("cookie set", 1), ("redirect mended", 1))
    found = row(stage, lambda each: each.key == "loop/answered/q1")
    assert "answered 3 times" in found.what
    until("the pause", lambda: "stale loop" in stage.snapshot().why)
    stage.steer("mute", "loop/answered/q1")
    until("the remedy that its words name", lambda: stage.snapshot().fence != "signal")


def test_the_same_wrong_words_with_rising_confidence_are_named(stage: Stage):
    rounds(
        stage,
        ("The login cookie should work", 1),
        ("The login cookie definitely works", 1),
        ("The login cookie is verified and definitely works", 1),
    )
    found = row(stage, lambda each: each.key == "loop/sure/q1")
    assert "login cookie" in found.what


def test_layers_that_grow_and_get_nothing_green_are_named(stage: Stage):
    rounds(stage, ("a first try", 10), ("a second layer", 40), ("a third layer", 90))
    assert "nothing got green" in row(stage, lambda each: each.key == "loop/layers/q1").what
