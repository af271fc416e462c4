"""What fails stands in the spec, with source and time, and is struck when it is green again: told by a real engine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.engine.known import Known
from cockpit.paths import Places
from cockpit.sense import Event, fold
from cockpit.spec import Failure, Mark, failures, open_failures, parse
from cockpit.wire import SignalView
from tests.stage import Stage, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    made.spec("- [>] later ^q1\n", loop="hold")
    yield made
    made.stop()


def push(stage: Stage, *words: str) -> None:
    subprocess.run([*stage.program, "push", *words], check=True, capture_output=True)


def known(stage: Stage) -> list[Failure]:
    return list(failures(parse(stage.places.spec.read_bytes())))


def await_open(stage: Stage, *keys: str) -> None:
    def same() -> bool:
        return [one.key for one in open_failures(parse(stage.places.spec.read_bytes()))] == list(keys)

    until(f"open failures {keys}", same)


def test_a_failing_push_becomes_a_line_and_a_commit_and_a_passing_one_strikes_it(stage: Stage):
    stage.start()
    push(stage, "--state", "failing", "--key", "tests/x", "--evidence", "assert 1 == 2", "x is red")
    await_open(stage, "tests/x")
    (found,) = known(stage)
    assert (found.words, found.source) == ("x is red: assert 1 == 2", "push")
    until("the commit", lambda: stage.events("failure") == ["tests/x"])
    assert stage.git("log", "-1", "--format=%s") == "Known failure: tests/x"
    assert stage.git("show", "--name-only", "--format=", "HEAD") == "SPEC.md"
    push(stage, "--state", "failing", "--key", "tests/x", "x is still red")
    push(stage, "--state", "passing", "--key", "tests/x", "--source", "ci", "x is green")
    await_open(stage)
    (found,) = known(stage)
    assert found.item.mark is Mark.STRUCK
    assert found.item.value("why").startswith("green again 20")
    assert found.item.value("why").endswith("(ci)")
    until("the commit", lambda: stage.events("green") == ["tests/x"])
    assert stage.events("failure") == ["tests/x"]
    assert stage.events("edit") == []


def test_what_plain_text_says_fails_is_known_until_the_text_of_a_green_run(stage: Stage):
    """As a report of the same run would have it."""

    def follow(*lines: str) -> None:
        text = "\n".join(["===== test session starts =====", *lines, ""])
        command = [*stage.program, "push", "--source", "ci", "--key", "unit", "--follow", "-"]
        subprocess.run(command, input=text, text=True, check=True, capture_output=True)

    stage.start()
    until("the engine", stage.alive)
    follow("FAILED tests/test_a.py::test_b - assert 1 == 2", "===== 1 failed, 4 passed in 0.41s =====")
    await_open(stage, "tests/test_a.py::test_b")
    follow("===== 5 passed in 0.40s =====")
    await_open(stage)


def test_several_that_fail_at_once_are_one_commit(stage: Stage):
    for name in ("a", "b", "c"):
        push(stage, "--state", "failing", "--key", f"tests/{name}", "red")
    stage.start()
    await_open(stage, "tests/a", "tests/b", "tests/c")
    until("the commit", lambda: stage.events("failure") == ["tests/a"])
    assert stage.git("log", "-1", "--format=%s") == "Known failure: tests/a and 2 more"


def test_a_failure_survives_a_kill_and_is_struck_by_a_push_while_the_engine_is_down(stage: Stage):
    stage.start()
    push(stage, "--state", "failing", "--key", "tests/x", "red")
    await_open(stage, "tests/x")
    stage.kill()
    push(stage, "--state", "passing", "--key", "tests/x", "green")
    stage.start()
    await_open(stage)
    assert len(known(stage)) == 1


def test_what_the_human_takes_away_stays_away_while_it_fails(stage: Stage):
    stage.start()
    push(stage, "--state", "failing", "--key", "tests/x", "red")
    await_open(stage, "tests/x")
    until("the commit", lambda: stage.events("failure") == ["tests/x"])
    data = stage.places.spec.read_bytes()
    (found,) = known(stage)
    stage.places.spec.write_bytes(data[: found.item.span.start] + data[found.item.span.end :])
    push(stage, "--state", "failing", "--key", "tests/x", "red as ever")
    push(stage, "--state", "failing", "--key", "tests/y", "red too")
    await_open(stage, "tests/y")
    push(stage, "--state", "passing", "--key", "tests/x", "green")
    until("the engine to see it", lambda: "tests/x" not in [signal.key for signal in stage.snapshot().signals])
    push(stage, "--state", "failing", "--key", "tests/x", "red again")
    await_open(stage, "tests/y", "tests/x")


def test_a_line_that_a_watcher_appends_to_the_section_becomes_a_signal_with_its_words(stage: Stage):
    with stage.places.spec.open("a") as spec:
        spec.write("\n## Known failures\n")
    stage.start()
    until("the engine", stage.alive)
    subprocess.run(["sh", "-c", f"echo '- [ ] socket test red since noon' >> {stage.places.spec}"], check=True)

    def seen() -> list[SignalView]:
        return [one for one in stage.snapshot().signals if "socket test" in one.what]

    (signal,) = until("the signal", seen)
    assert (signal.what, signal.level) == ("known failure: socket test red since noon", "warning")
    assert signal.evidence[0] == "edited by external"
    assert known(stage)[0].key == "", "told, and not written a second time"
    assert len(known(stage)) == 1
    stage.steer("strike", signal.item, reason="no longer")
    until("the end of the signal", lambda: not seen())


def test_a_spec_that_cannot_be_written_is_told_and_tried_again(places: Places):
    document = parse(b"## Queue\n")
    families = fold({}, [Event(source="ci", what="red", key="t", state="failing", at=1e9)])
    keeper = Known(places)
    assert keeper.keep(families, document, (), 2e9) is document
    assert keeper.trouble
    assert "known failures: " in keeper.trouble[0]
    places.spec.write_bytes(document.data)
    after = keeper.keep(families, document, (), 2e9)
    assert keeper.trouble == []
    assert [one.key for one in open_failures(after)] == ["t"]
    assert Known(places).times.keys() == {"t"}
