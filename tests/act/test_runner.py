"""The runner by itself, without tmux: whatever the agent does, the turn ends with a sentinel that tells it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cockpit import facts
from cockpit.act import inbox, launch
from cockpit.act.launch import Launch
from cockpit.act.state import state
from cockpit.facts import Turn
from tests.act.conftest import ended, running, until

Begin = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The facts folder of the turn."""
    return tmp_path / "delegates" / "q1" / "1"


@pytest.fixture
def begin(tmp_path: Path, folder: Path, intend: Callable[..., facts.Dispatch]) -> Begin:
    """Start the runner on a shell command as the agent; its output is a pipe."""

    def start(command: str | list[str], **changes: object) -> subprocess.Popen[bytes]:
        desk = tmp_path / "work" / ".cockpit"
        desk.mkdir(parents=True, exist_ok=True)
        facts.write(folder, intend())
        (folder / "brief.md").write_text("the brief\n")
        told = Launch(
            item="q1",
            turn=1,
            kind="stream",
            events="plain",
            command=["sh", "-c", command] if isinstance(command, str) else command,
            resume=[],
            stdin="brief",
            answer="file",
            interrupt="INT",
            values={
                "worktree": str(desk.parent),
                "brief": str(desk / "brief.md"),
                "answer": str(desk / "answer.json"),
                "session_id": "",
            },
            env={"PATH": os.environ["PATH"], "A": str(desk / "answer.json")},
            timeout=30.0,
            grace=0.3,
        )
        launch.write(folder, msgspec.structs.replace(told, **changes))
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cockpit.act.runner", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    return start


def finish(runner: subprocess.Popen[bytes], folder: Path) -> tuple[Turn, str]:
    """The turn after the runner has exited, and what it printed."""
    said, _ = runner.communicate(timeout=30)
    turn = facts.load(folder)
    assert turn is not None
    assert turn.sentinel is not None, said
    return turn, said.decode()


ANSWER = """printf '{"status": "done", "summary": "ok"}' > "$A" """


def test_an_agent_that_answers_and_exits_has_finished(begin: Begin, folder: Path):
    turn, said = finish(begin(f"cat; {ANSWER}"), folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.exit) == ("finished", 0)
    assert turn.answer == facts.Answer(status="done", summary="ok")
    assert "the brief" in said
    assert "[finished" in said


def test_the_launch_file_is_private_and_gone_once_read(begin: Begin, folder: Path):
    runner = begin("true")
    finish(runner, folder)
    assert not (folder / "launch.json").exists()


@pytest.mark.parametrize(
    ("command", "outcome", "exit", "number"),
    [("exit 3", "failed", 3, None), ("kill -SEGV $$", "crashed", None, signal.SIGSEGV)],
)
def test_how_an_agent_ended_is_told(
    begin: Begin, folder: Path, command: str, outcome: str, exit: int | None, number: int | None
):
    turn, _ = finish(begin(command), folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.exit, turn.sentinel.signal) == (outcome, exit, number)


def test_a_command_that_does_not_exist_was_not_started(begin: Begin, folder: Path):
    turn, _ = finish(begin(["no-such-agent", "--go"]), folder)
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "not-started"
    assert turn.sentinel.detail == "command not found: no-such-agent"


def test_a_malformed_answer_is_kept_as_it_is(begin: Begin, folder: Path):
    turn, _ = finish(begin("""printf '{"status": "perfect"' > "$A" """), folder)
    assert turn.answer is None
    assert "malformed" in turn.broken["answer.json"]
    assert (folder / "answer.json").read_text() == '{"status": "perfect"'


def test_a_pipe_or_a_link_is_no_answer(begin: Begin, folder: Path):
    turn, _ = finish(begin('mkfifo "$A"'), folder)
    assert turn.answer is None
    assert not turn.broken


def test_an_answer_of_an_earlier_turn_does_not_count(begin: Begin, folder: Path, tmp_path: Path):
    desk = tmp_path / "work" / ".cockpit"
    desk.mkdir(parents=True)
    (desk / "answer.json").write_text('{"status": "done", "summary": "old"}')
    turn, _ = finish(begin("true"), folder)
    assert turn.answer is None
    assert (desk / "answer.before-turn-1.json").exists()


def test_the_exit_status_stands_for_an_answer_where_the_agent_says_so(begin: Begin, folder: Path):
    turn, _ = finish(begin("exit 4", answer="exit status"), folder)
    assert turn.answer == facts.Answer(status="blocked", summary="exit status 4", source="exit status")


def test_time_runs_out_for_an_agent_that_ignores_it(begin: Begin, folder: Path):
    turn, _ = finish(begin("trap '' TERM INT; while :; do sleep 0.1; done", timeout=0.5), folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.signal) == ("timeout", signal.SIGKILL)


def test_an_interrupt_goes_on_to_the_agent(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("trap 'exit 0' INT; touch ready; while :; do sleep 0.05; done")
    until((tmp_path / "work" / "ready").exists, "the agent")
    for _ in range(3):  # the engine may ask again: it is level-triggered
        runner.send_signal(signal.SIGINT)
    turn, _ = finish(runner, folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.exit) == ("interrupted", 0)


def test_a_hangup_ends_the_agent_and_leaves_a_sentinel(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("touch ready; sleep 60")
    until((tmp_path / "work" / "ready").exists, "the agent")
    runner.send_signal(signal.SIGHUP)
    turn, _ = finish(runner, folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.signal) == ("crashed", signal.SIGHUP)


def test_what_an_agent_leaves_running_is_swept(begin: Begin, folder: Path, tmp_path: Path):
    finish(begin("setsid sleep 300 >/dev/null 2>&1 & echo $! > pid; sleep 0.2"), folder)
    pid = int((tmp_path / "work" / "pid").read_text())
    assert facts.started(pid) is None


def test_the_agent_dies_with_a_runner_that_is_killed(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("echo $$ > pid; touch ready; exec sleep 60")
    until((tmp_path / "work" / "ready").exists, "the agent")
    runner.kill()
    runner.communicate()
    pid = int((tmp_path / "work" / "pid").read_text())
    until(lambda: facts.started(pid) is None, "the agent's death")
    turn = facts.load(folder)
    assert turn is not None
    assert turn.sentinel is None
    assert turn.running is not None
    assert not facts.alive(turn.running)


def test_a_second_runner_of_a_turn_does_nothing(begin: Begin, folder: Path, tmp_path: Path):
    first = begin("touch ready; sleep 60")
    until((tmp_path / "work" / "ready").exists, "the agent")
    second = subprocess.run(
        [sys.executable, "-P", "-m", "cockpit.act.runner", str(folder)], capture_output=True, text=True, check=False
    )
    assert second.returncode == 1
    assert "Another runner" in second.stdout
    first.send_signal(signal.SIGINT)
    assert finish(first, folder)[0].sentinel is not None
    third = subprocess.run(
        [sys.executable, "-P", "-m", "cockpit.act.runner", str(folder)], capture_output=True, text=True, check=False
    )
    assert "has run already" in third.stdout


def test_a_missing_launch_file_is_told_by_the_sentinel(
    begin: Begin, folder: Path, intend: Callable[..., facts.Dispatch]
):
    facts.write(folder, intend())
    subprocess.run([sys.executable, "-P", "-m", "cockpit.act.runner", str(folder)], capture_output=True, check=True)
    turn = ended(folder)
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "not-started"


def test_a_message_reaches_an_agent_at_its_boundary(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin(
        "touch ready; while [ ! -e go ]; do sleep 0.02; done",
        resume=["sh", "-c", f"cat > heard; {ANSWER}"],
    )
    until((tmp_path / "work" / "ready").exists, "the agent")
    inbox.send(folder, "also the docs")
    inbox.send(folder, "and the tests")
    assert not inbox.delivered(folder)
    (tmp_path / "work" / "go").touch()
    turn, _ = finish(runner, folder)
    assert turn.answer is not None
    assert "also the docs\n\nand the tests" in (tmp_path / "work" / "heard").read_text()
    assert [message.text for message in inbox.delivered(folder)] == ["also the docs", "and the tests"]


def test_an_agent_that_cannot_go_on_begins_again_with_the_message(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("cat >> heard; touch ready; while [ ! -e go ]; do sleep 0.02; done")
    until((tmp_path / "work" / "ready").exists, "the agent")
    inbox.send(folder, "also the docs")
    (tmp_path / "work" / "go").touch()
    finish(runner, folder)
    heard = (tmp_path / "work" / "heard").read_text()
    assert heard.count("the brief") == 2
    assert "also the docs" in heard


def test_events_are_recorded_clean_and_shown_as_words(begin: Begin, folder: Path, tmp_path: Path):
    lines = [
        {"type": "thread.started", "thread_id": "t1"},
        {
            "type": "item.completed",
            "item": {"type": "agent_message", "text": "Hi \x1b]52;c;aGk=\x07\x1b[31mthere\u202e"},
        },
        {"type": "item.completed", "item": {"type": "command_execution", "command": "ls", "exit_code": 1}},
        {"type": "item.completed", "item": {"type": "agent_message", "text": "key is hunter2hunter2"}},
        {"type": "turn.failed", "error": {"message": "no quota"}},
    ]
    (tmp_path / "lines").write_text("".join(json.dumps(line) + "\n" for line in lines) + "not json\x1bc\n")
    turn, said = finish(
        begin(
            ["cat", str(tmp_path / "lines")],
            events="codex",
            env={"PATH": os.environ["PATH"], "SERVICE_TOKEN": "hunter2hunter2"},
        ),
        folder,
    )
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.detail) == ("failed", "no quota")
    assert "Hi there" in said
    assert "> ls [exit 1]" in said
    assert "\x1b" not in said
    assert "hunter2" not in said
    record = (folder / "events.ndjson").read_text()
    assert len(record.splitlines()) == 5
    assert "u001b" not in record
    assert "hunter2" not in record


def test_a_conversation_goes_on_by_the_name_the_agent_gave_it(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin(
        """echo '{"type": "thread.started", "thread_id": "t-77"}'; touch ready; """
        "while [ ! -e go ]; do sleep 0.02; done",
        events="codex",
        resume=["sh", "-c", 'echo "$0" > thread', "{session_id}"],
    )
    until((tmp_path / "work" / "ready").exists, "the agent")
    inbox.send(folder, "go on")
    (tmp_path / "work" / "go").touch()
    finish(runner, folder)
    assert (tmp_path / "work" / "thread").read_text() == "t-77\n"


def test_trouble_of_the_models_service_is_told_with_its_end(begin: Begin, folder: Path):
    error = {"message": "429 usage limit reached, try again in 3 hours"}
    failed = f"echo '{json.dumps({'type': 'turn.failed', 'error': error})}'; exit 1"
    turn, _ = finish(begin(failed, events="codex"), folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.trouble) == ("failed", "the quota is used up")
    assert 10700 < turn.sentinel.until - turn.sentinel.at < 10900
    assert state(turn).name == "limited"


def test_an_agent_that_believes_pwd_works_in_its_worktree(begin: Begin, folder: Path, tmp_path: Path):
    finish(begin("echo $PWD > there", env={"PATH": os.environ["PATH"], "PWD": "/"}), folder)
    assert (tmp_path / "work" / "there").read_text() == f"{tmp_path / 'work'}\n"


@pytest.mark.parametrize("there", [True, False])
def test_an_earlier_turns_conversation_goes_on_or_begins_anew(there: bool, begin: Begin, folder: Path, tmp_path: Path):
    opens = """echo '{"type": "thread.started", "thread_id": "t-78"}'; cat > """
    known = f"{opens} again" if there else "echo no rollout found >&2; exit 1"
    runner = begin(f"{opens} anew", events="codex", resume=["sh", "-c", known], goes_on=True)
    turn, said = finish(runner, folder)
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.session) == ("finished", "t-78")
    assert (tmp_path / "work" / ("again" if there else "anew")).read_text() == "the brief\n"
    assert not (tmp_path / "work" / ("anew" if there else "again")).exists()
    assert ("a new one" in said) is not there


def test_the_runner_is_known_to_be_alive(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("sleep 60")
    turn = running(folder)
    assert turn.running is not None
    assert facts.alive(turn.running)
    runner.send_signal(signal.SIGINT)
    finish(runner, folder)
    assert not facts.alive(turn.running)


def test_a_brief_that_is_gone_is_told_for_what_it_is(begin: Begin, folder: Path):
    runner = begin("true")
    (folder / "brief.md").unlink()
    turn, _ = finish(runner, folder)
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "not-started"
    assert "brief.md" in turn.sentinel.detail


def test_the_record_comes_even_when_the_runner_itself_fails(begin: Begin, folder: Path, tmp_path: Path):
    runner = begin("touch ready; while [ ! -e go ]; do sleep 0.02; done", resume=["sh", "-c", "sleep 60"])
    until((tmp_path / "work" / "ready").exists, "the agent")
    inbox.send(folder, "hello")
    (folder / "delivered.ndjson").mkdir()  # nothing can be recorded there
    (tmp_path / "work" / "go").touch()
    turn, _ = finish(runner, folder)
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "crashed"
    assert "the runner failed" in turn.sentinel.detail


def test_a_worktree_removed_by_hand_is_named(begin: Begin, folder: Path, tmp_path: Path):
    turn, _ = finish(begin("true", values={"worktree": str(tmp_path / "gone"), "answer": str(tmp_path / "a")}), folder)
    assert turn.sentinel is not None
    assert turn.sentinel.detail == f"the worktree is gone: {tmp_path / 'gone'}"


def test_the_runner_keeps_the_log_of_its_pane_short(begin: Begin, folder: Path):
    folder.mkdir(parents=True)
    with (folder / "pane.log").open("wb") as log:
        log.truncate(20 * 1024 * 1024)
        log.seek(0, os.SEEK_END)
        log.write(b"\nlast\n")
    finish(begin(ANSWER), folder)
    assert (folder / "pane.log").stat().st_size < 5 * 1024 * 1024
    assert (folder / "pane.log").read_bytes().endswith(b"last\n")
