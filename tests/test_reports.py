"""Reports from outside: `cockpit push --junit / --report`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.cli import main
from cockpit.paths import Places
from cockpit.sense import Event, spool
from cockpit.sense.spool import Offset
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

FAILED = '<testcase classname="tests.test_a" name="test_b"><failure message="no"/></testcase>'
RED = f'<testsuite name="pytest">{FAILED}</testsuite>'
GREEN = '<testsuite name="pytest"><testcase classname="tests.test_a" name="test_c"/></testsuite>'


def events(places: Places) -> list[Event]:
    return spool.read(places.spool, Offset(), 2e9).events


def push(
    places: Places, *words: str, input: str = "", env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cockpit", "push", *words],
        cwd=cwd or places.root,
        input=input,
        env=os.environ | (env or {}),
        capture_output=True,
        text=True,
        check=False,
    )


def rows(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.key, event.state) for event in events]


def test_a_report_is_pushed_with_the_engine_down_and_said_in_one_line(places: Places):
    (places.root / "junit.xml").write_text(RED)
    done = push(places, "--junit", "junit.xml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "pytest: 1 of 1 test failed (junit.xml)\n", "")
    assert rows(events(places)) == [
        ("pytest junit.xml", "started"),
        ("tests/test_a.py::test_b", "fail"),
        ("pytest junit.xml", "failed"),
    ]


def test_the_next_green_one_closes_what_it_had_opened(places: Places):
    for text in (RED, GREEN):
        (places.root / "junit.xml").write_text(text)
        push(places, "--report", "junit.xml")
    assert rows(events(places))[3:] == [
        ("pytest junit.xml", "started"),
        ("tests/test_a.py::test_c", "pass"),
        ("tests/test_a.py::test_b", "closed"),
        ("pytest junit.xml", "passed"),
    ]


def test_any_report_comes_from_stdin_under_the_job_it_is_given(places: Places):
    done = push(places, "--report", "-", "--key", "perl tests", input="ok 1 - a\nnot ok 2 - b\n1..2\n")
    assert done.stdout == "tap: 1 of 2 tests failed\n"
    assert rows(events(places))[-1] == ("perl tests", "failed")


def test_what_a_delegate_pushes_from_its_worktree_is_its_own(places: Places, tmp_path: Path):
    there = tmp_path / "worktree"
    subprocess.run(["git", "worktree", "add", "-q", str(there)], cwd=places.root, check=True)
    (there / "junit.xml").write_text(RED)
    env = {"COCKPIT_SPOOL": str(places.spool), "COCKPIT_ITEM": "q1"}
    assert push(places, "--junit", "junit.xml", env=env, cwd=there).returncode == 0
    failed = events(places)[1]
    assert (failed.key, failed.item, failed.delegate) == ("q1:tests/test_a.py::test_b", "q1", "q1")
    assert failed.paths == ("tests/test_a.py",)


@pytest.mark.parametrize(
    ("words", "text", "complaint"),
    [
        (["--junit", "r"], "<testsuites>", "cockpit: r:1:13: the XML ends too early (wait until it is written)"),
        (["--report", "r"], "hello", "cockpit: r: no report that is read here (write one of junit, report-log, tap,"),
        (["--junit", "r"], "<!DOCTYPE a []><a/>", "cockpit: r:1: a document type: entities are not read"),
        (["--junit", "nowhere"], "", "cockpit: nowhere: cannot read: No such file or directory"),
        (["--junit", "."], "", "cockpit: .: cannot read: Is a directory"),
        (["--junit", "r", "words"], "", "cockpit: words and a report (push one of them)"),
        (["--junit", "r", "--report", "r"], "", "cockpit: argument --report: not allowed with argument --junit"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(places: Places, words: list[str], text: str, complaint: str):
    (places.root / "r").write_text(text)
    done = push(places, *words)
    assert done.returncode in (1, 2)
    assert done.stderr.startswith(complaint)
    assert done.stderr.count("\n") == 1
    assert not places.spool.exists()


def test_a_pipe_that_nobody_writes_does_not_hold_it(places: Places):
    os.mkfifo(places.root / "pipe")
    assert push(places, "--report", "pipe").stderr.startswith("cockpit: pipe: no file (a pipe is read with -)")


def test_a_file_of_200_mb_is_refused_without_being_read(places: Places):
    with (places.root / "huge.xml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    assert "a report over 64 MiB" in push(places, "--junit", "huge.xml").stderr


def test_a_large_report_goes_onto_the_spool_in_whole_lines(places: Places, capsys: pytest.CaptureFixture[str]):
    lines = "\n".join(f"not ok {number} - test {number} {'x' * 300}" for number in range(1, 3001))
    (places.root / "big.tap").write_text(lines)
    assert main(["-C", str(places.root), "push", "--report", "big.tap"]) == 0
    assert capsys.readouterr().out == "tap: 3000 of 3000 tests failed (big.tap)\n"
    rows = places.spool.read_bytes().splitlines()
    assert len(rows) == 3002
    assert all(json.loads(row)["source"] == "tap" for row in rows)


# Live


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    stage = Stage(places)
    yield stage
    stage.kill()


def keys(stage: Stage) -> list[str]:
    return [signal.key for signal in stage.snapshot().signals]


def test_a_report_in_the_drop_folder_becomes_a_signal_and_a_known_failure_and_goes_with_the_next(stage: Stage):
    stage.spec("- [ ] Work ^q1\n", loop="hold")
    stage.start()
    until("an engine", stage.alive)
    drop = stage.places.local / "reports"
    drop.mkdir()
    (drop / "junit.xml").write_text(RED)
    until("the signal", lambda: "tests/test_a.py::test_b" in keys(stage))
    until(
        "the known failure", lambda: b"- [ ] `tests/test_a.py::test_b` no (pytest, " in stage.places.spec.read_bytes()
    )
    (drop / "junit.xml").write_text(GREEN)
    until("its end", lambda: "tests/test_a.py::test_b" not in keys(stage))
    until("green again", lambda: b"green again" in stage.places.spec.read_bytes())


def test_a_report_that_the_spec_names_is_seen_wherever_it_is_written(stage: Stage):
    stage.spec("- [ ] Work ^q1\n", loop="hold")
    stage.places.spec.write_text(
        stage.places.spec.read_text().replace("  wip: 1\n", "  wip: 1\n  reports: [out/*.xml]\n")
    )
    stage.start()
    until("an engine", stage.alive)
    (stage.root / "out").mkdir()
    (stage.root / "out" / "half.xml").write_text(RED[:50])
    until("what is wrong with it", lambda: any("out/half.xml" in note for note in stage.notes()))
    (stage.root / "out" / "half.xml").write_text(RED)
    until("the signal", lambda: "tests/test_a.py::test_b" in keys(stage))
    assert not any("half.xml" in note for note in stage.notes())


def test_what_a_verification_wrote_is_told_as_the_delegates_own(stage: Stage):
    verify = f"printf '%s' '{RED}' > junit.xml; false"
    stage.spec("- [ ] Work ^q1\n", verify="sh check.sh")
    (stage.root / "check.sh").write_text(verify)
    stage.git("add", "check.sh")
    stage.git("commit", "-qm", "Check")
    stage.places.spec.write_text(
        stage.places.spec.read_text().replace("  wip: 1\n", "  wip: 1\n  reports: ['*.xml']\n")
    )
    stage.script("q1", edit_and_commit("a.txt", "a"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("the signal", lambda: "q1:tests/test_a.py::test_b" in keys(stage))
    assert b"Known failures" not in stage.places.spec.read_bytes()
