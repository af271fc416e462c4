"""`cockpit push --follow` and `--job`: files that grow, pipes, commands; with and without an engine."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.commands import sending
from cockpit.paths import Places
from cockpit.sense import Event, spool
from cockpit.sense.journal import replay
from tests.stage import Stage, until


def pushing(places: Places, *args: str, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cockpit", "-C", str(places.root), "push", *args]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, **more)  # pyright: ignore[reportArgumentType, reportCallIssue]


def pushed(places: Places, *args: str, input: bytes = b"") -> tuple[int, bytes, str]:
    with pushing(places, *args) as process:
        out, words = process.communicate(input, 30)
    return process.returncode, out, words.decode()


def events(places: Places) -> list[Event]:
    return spool.read(places.spool, spool.Offset(), 1e10).events


def whats(places: Places) -> list[str]:
    return [event.what for event in events(places)]


@contextlib.contextmanager
def following(places: Places, log: Path, *args: str) -> Iterator[subprocess.Popen[bytes]]:
    """A follower that has begun: it has told a line that was written after its start."""
    with pushing(places, "--follow", str(log), *args) as process:
        try:

            def begun() -> bool:
                with log.open("a") as file:
                    file.write("begun\n")
                return "begun" in whats(places)

            until("the follower", begun)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
    assert process.returncode == 130


def test_a_pipe_is_passed_on_unchanged_and_told_line_by_line(places: Places):
    data = b"compiling\r\n\x1b[31merror:\x1b[0m bad \xff thing\n\nlast without newline"
    status, out, words = pushed(places, "--follow", "-", "--source", "make", "--key", "build", input=data)
    assert (status, out, words) == (0, data, "")
    found = events(places)
    assert [event.what for event in found] == ["compiling", "error: bad \ufffd thing", "last without newline"]
    assert {(event.source, event.kind, event.key) for event in found} == {("make", "log.line", "build")}


def test_a_secret_in_a_log_is_not_told(places: Places):
    pushed(places, "--follow", "-", input=b"login with password=hunter22\n")
    assert whats(places) == ["login with password=[redacted]"]


def test_a_binary_pipe_is_passed_on_and_said_to_be_none(places: Places):
    data = b"text\n" + os.urandom(1 << 20) + b"\0\n"
    status, out, words = pushed(places, "--follow", "-", input=data)
    assert (status, out) == (0, data)
    assert words == "cockpit: pipe: binary, not text: nothing more of it is read\n"


def test_a_file_is_followed_from_its_end(places: Places, tmp_path: Path):
    log = tmp_path / "app.log"
    log.write_text("long ago\n")
    with following(places, log), log.open("a") as file:
        file.write("half a ")
        file.flush()
        file.write("line\n")
        file.flush()
        until("the line", lambda: "half a line" in whats(places))
    assert "long ago" not in whats(places)


def test_or_from_its_start_and_through_rotation_and_truncation(places: Places, tmp_path: Path):
    log = tmp_path / "app.log"
    log.write_text("long ago\n")
    with following(places, log, "--from-start"):
        assert "long ago" in whats(places)
        log.rename(tmp_path / "app.log.1")
        with (tmp_path / "app.log.1").open("a") as file:
            file.write("last words\n")
        log.write_text("after the rotation\n")
        until("both", lambda: {"last words", "after the rotation"} <= set(whats(places)))
        log.write_text("emptied\n")
        until("the line after truncation", lambda: "emptied" in whats(places))
        log.unlink()
        log.write_text("made anew\n")
        until("the new file", lambda: "made anew" in whats(places))
    assert whats(places).count("after the rotation") == 1


@pytest.mark.parametrize("name", ["binary", "none", "folder", "pipe"])
def test_what_is_no_log_is_refused_in_one_line(places: Places, tmp_path: Path, name: str):
    (tmp_path / "binary").write_bytes(os.urandom(100_000) + b"\0")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    status, _, words = pushed(places, "--follow", str(tmp_path / name), "--from-start")
    assert status == 1
    assert len(words.splitlines()) == 1
    assert words.startswith("cockpit: ")


def test_without_an_engine_a_log_does_not_fill_the_disk(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(sending, "FULL", 1000)
    way = sending.Way(tmp_path / "none.sock", places.spool)
    line = Event(source="s", kind="log.line", what="x" * 100, at=1.0)
    for _ in range(100):
        way.send([line])
    assert places.spool.stat().st_size < 2000
    assert way.lost > 80
    way.send([Event(source="s", what="no line", at=1.0)])
    assert whats(places)[-1] == "no line"


def test_a_job_is_a_run_with_its_lines_and_its_exit_status(places: Places):
    script = "import sys; print('on stdout'); print('on stderr', file=sys.stderr); sys.exit(3)"
    status, out, words = pushed(places, "--job", "unit", "--", sys.executable, "-c", script)
    assert (status, out, words) == (3, b"on stdout\n", "on stderr\n")
    first, *lines, last = events(places)
    assert (first.kind, first.key, first.state) == ("ci.run", "unit", "started")
    assert sorted(event.what for event in lines) == ["on stderr", "on stdout"]
    assert (last.state, last.attrs["exit"], last.level) == ("failed", 3, "error")
    assert len({event.run for event in (first, *lines, last)}) == 1
    assert len(first.commit) == 40


def test_a_green_job_passes_and_another_run_is_another(places: Places):
    for _ in range(2):
        assert pushed(places, "--job", "unit", "--", "true")[0] == 0
    assert [event.state for event in events(places)] == ["started", "passed"] * 2
    assert len({event.run for event in events(places)}) == 2


def test_a_job_takes_its_words_as_they_are(places: Places):
    said = "$HOME; 'quoted' -q --follow"
    _, out, _ = pushed(places, "--job", "x", "--", "printf", "%s|", said, "--job", "--")
    assert out.decode() == f"{said}|--job|--|"


def test_a_job_that_cannot_start_says_so(places: Places):
    status, _, words = pushed(places, "--job", "x", "--", "no-such-program")
    assert status == 1
    assert words == "cockpit: no-such-program: cannot start: No such file or directory\n"
    assert pushed(places, "--job", "x")[2].startswith("cockpit: a job without its command")


def test_an_interrupted_job_is_told_as_ended(places: Places):
    with pushing(places, "--job", "x", "--", "sleep", "60", start_new_session=True) as process:
        until("its start", lambda: whats(places))
        os.killpg(process.pid, signal.SIGINT)  # as the terminal does
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert events(places)[-1].what == "sleep 60: ended by SIGINT"


def test_a_child_that_lives_on_with_the_pipe_does_not_hold_the_job(places: Places):
    status, out, _ = pushed(places, "--job", "x", "--", "sh", "-c", "sleep 5 & echo done")
    assert (status, out) == (0, b"done\n")
    assert events(places)[-1].state == "passed"


def test_with_an_engine_the_lines_go_to_it_and_become_a_signal(places: Places):
    stage = Stage(places)
    stage.spec("- [ ] Do it ^q1\n", loop="hold")
    stage.start()
    try:
        until("the engine", stage.alive)
        script = "print('FAILED tests/test_a.py::test_b - assert 1 == 2'); raise SystemExit(1)"
        assert pushed(places, "--job", "unit", "--", sys.executable, "-c", script)[0] == 1
        until("the failing test", lambda: any("test_b" in row.what for row in stage.snapshot().signals))
        assert not places.spool.exists()
    finally:
        stage.stop()
        stage.kill()


def test_a_killed_engine_costs_no_line(places: Places):
    stage = Stage(places)
    stage.spec("- [ ] Do it ^q1\n", loop="hold")
    stage.start()
    words = [f"step {name} of the build" for name in itertools.product("abcdefgh", repeat=2)]
    try:
        until("the engine", stage.alive)
        with pushing(places, "--follow", "-", "--key", "build") as process:
            assert process.stdin is not None
            for number, word in enumerate(words):
                process.stdin.write(word.encode() + b"\n")
                process.stdin.flush()
                if number == 20:
                    until("the first lines", lambda: list(places.journal.glob("*.ndjson")))
                    stage.kill()
                if number == 40:
                    stage.start()
                    until("the next engine", stage.alive)
            process.communicate(timeout=30)
        until("all lines", lambda: set(words) <= {event.what for event in replay(places.journal, 1e10).events})
    finally:
        stage.stop()
        stage.kill()
