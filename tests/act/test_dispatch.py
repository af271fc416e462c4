"""From a dispatch to a sentinel, with real worktrees, a real tmux server and the rehearsal agent."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from cockpit import facts
from cockpit.act import agents, tmux
from cockpit.act.dispatch import delivered, dispatch, interrupt, steer, undelivered
from cockpit.act.state import state
from cockpit.errors import CockpitError
from cockpit.facts import Dispatch, Turn
from cockpit.paths import Places
from tests.act.conftest import DONE, ended, running, until

Git = Callable[..., str]
Script = Callable[..., None]
Go = Callable[..., Turn]


@pytest.fixture(autouse=True)
def server(places: Places) -> Iterator[None]:
    yield
    tmux.stop_server(places)


@pytest.fixture
def go(places: Places, intend: Callable[..., Dispatch]) -> Go:
    """Dispatch item q1 and give its turn once the runner has begun."""

    def start(**changes: object) -> Turn:
        meant = intend(**changes)
        done = dispatch(places, meant, agents.load(meant.agent, places.root), "the brief\n")
        assert done.step == "session"
        return running(places.turn(meant.item, meant.turn))

    return start


WORK = f'{{say = "on it"}}, {{write = "a.py", content = "x = 1\\n"}}, {{commit = "Add a"}}, {DONE}'


def test_a_delegate_works_on_its_own_branch_and_answers(places: Places, go: Go, script: Script, git: Git):
    script(f"{{brief = true}}, {WORK}")
    turn = ended(go().folder)
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "finished", turn.log.read_text()
    assert turn.answer is not None
    assert turn.answer.summary == "made it"
    assert state(turn).name == "finished"
    assert git("show", "delegate/q1:a.py") == "x = 1"
    assert git("log", "--format=%s", "main..delegate/q1") == "Add a"
    assert git("branch", "--show-current") == "main", "the human's checkout stays as it is"
    assert not (places.root / "a.py").exists()
    log = turn.log.read_text()
    assert "the brief" in log
    assert "on it" in log
    assert (turn.folder / "brief.md").read_text() == "the brief\n"


def test_the_delegates_desk_is_invisible_to_git(go: Go, script: Script, git: Git):
    script(WORK)
    turn = ended(go().folder)
    worktree = Path(turn.dispatch.worktree)
    assert (worktree / ".cockpit" / "answer.json").exists()
    assert git("status", "--porcelain", cwd=worktree) == ""
    assert git("ls-tree", "-r", "--name-only", "delegate/q1") == "README.md\na.py"


def test_dispatching_twice_starts_one_session(places: Places, go: Go, script: Script, intend: Callable[..., Dispatch]):
    script("{hang = true}")
    first = go()
    before = tmux.sessions(places)
    again = go()
    assert again.running == first.running
    assert tmux.sessions(places) == before


@pytest.mark.parametrize("step", ["intended", "worktree"])
def test_a_dispatch_that_was_cut_short_goes_on_where_it_stopped(
    places: Places, go: Go, script: Script, step: facts.Step
):
    script("{hang = true}")
    first = go()
    facts.write(first.folder, msgspec.structs.replace(first.dispatch, step=step))  # killed before the fact
    again = go()
    assert again.dispatch.step == "session"
    assert again.running == first.running


def test_a_turn_that_has_run_is_never_started_again(places: Places, go: Go, script: Script):
    script(WORK)
    first = ended(go().folder)
    tmux.stop_server(places)
    facts.write(first.folder, msgspec.structs.replace(first.dispatch, step="worktree"))
    again = go()
    assert again.sentinel == first.sentinel
    assert tmux.sessions(places) == {}


def test_a_second_turn_goes_on_in_the_same_worktree(go: Go, script: Script, git: Git):
    script(WORK, f'{{append = "a.py", content = "y = 2\\n"}}, {{commit = "Add y"}}, {DONE}')
    ended(go().folder)
    turn = ended(go(turn=2).folder)
    assert turn.answer is not None
    assert git("log", "--format=%s", "main..delegate/q1") == "Add y\nAdd a"
    assert (Path(turn.dispatch.worktree) / ".cockpit" / "answer.before-turn-2.json").exists()


def test_an_interrupt_stops_the_agent_and_says_so(places: Places, go: Go, script: Script):
    script('{say = "thinking"}, {hang = true}')
    turn = go()
    until(lambda: "thinking" in turn.log.read_text(), "the agent")
    assert interrupt(places, turn) == "asked the runner to stop the agent"
    turn = ended(turn.folder)
    assert state(turn).name == "interrupted"
    assert interrupt(places, turn) == "already ended: interrupted"


def test_time_runs_out(go: Go, script: Script):
    script("{hang = true}")
    turn = ended(go(timeout=0.5).folder)
    assert state(turn).name == "timeout"


def test_a_crash_is_told_with_its_signal(go: Go, script: Script):
    script('{crash = "KILL"}')
    turn = ended(go().folder)
    assert turn.sentinel is not None
    assert (state(turn).name, turn.sentinel.signal) == ("dead", signal.SIGKILL)


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        ('{say = "all done, trust me"}', "no answer"),
        ('{malformed_answer = "{oops"}', "malformed answer"),
        ('{answer = {status = "asks", summary = "", question = "a or b?"}}', "asks"),
        ('{answer = {status = "blocked", summary = "no network"}}', "blocked"),
        ('{fail = "cannot"}', "failed"),
        ("{exit = 7}", "failed"),
        (f"{DONE}", "finished"),
    ],
)
def test_a_liar_and_a_failure_are_told_apart(go: Go, script: Script, steps: str, name: str):
    script(steps)
    assert state(ended(go().folder)).name == name


def test_a_missing_script_fails_with_words_in_the_pane(go: Go):
    turn = ended(go().folder)
    assert state(turn).name == "failed"
    assert "no rehearsal script" in turn.log.read_text()


def test_a_runner_killed_outright_is_dead_by_tmux_s_word_and_takes_its_agent_along(
    places: Places, go: Go, script: Script
):
    script('{say = "here"}, {hang = true}')
    turn = go()
    until(lambda: "here" in turn.log.read_text(), "the agent")
    assert turn.running is not None
    os.kill(turn.running.pid, signal.SIGKILL)
    until(lambda: state(turn).name == "dead", "the death to be seen")
    assert state(turn).evidence.endswith("is gone, no sentinel (killed by SIGKILL)")
    assert interrupt(places, turn).startswith("the runner is gone")
    assert not steer(places, turn, "hello?")


def test_the_end_of_the_tmux_server_leaves_a_sentinel(places: Places, go: Go, script: Script):
    script('{say = "here"}, {hang = true}')
    turn = go()
    until(lambda: "here" in turn.log.read_text(), "the agent")
    tmux.stop_server(places)
    turn = ended(turn.folder)
    assert turn.sentinel is not None
    assert (state(turn).name, turn.sentinel.signal) == ("dead", signal.SIGHUP)


def test_a_command_that_does_not_exist_is_not_started(places: Places, go: Go):
    folder = places.local / "agents"
    folder.mkdir()
    (folder / "mine.toml").write_text('kind = "stream"\ncommand = ["no-such-program"]\n')
    turn = ended(go(agent="mine").folder)
    assert state(turn).name == "not started"
    assert "no-such-program" in state(turn).evidence


def test_the_shell_agent_runs_the_humans_command_with_the_brief_on_stdin(go: Go):
    turn = ended(go(agent="shell cat > got && echo $COCKPIT_ITEM-$COCKPIT_TURN >> got").folder)
    assert turn.answer == facts.Answer(status="done", summary="exit status 0", source="exit status")
    assert (Path(turn.dispatch.worktree) / "got").read_text() == "the brief\nq1-1\n"


def test_a_delegate_inherits_neither_our_git_nor_the_users_tmux(go: Go, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_WORK_TREE", "/elsewhere")
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("SERVICE_TOKEN", "hunter2hunter2")
    turn = ended(go(agent="shell env > got").folder)
    got = (Path(turn.dispatch.worktree) / "got").read_text()
    assert "GIT_WORK_TREE" not in got
    assert "TMUX=" not in got
    assert "SERVICE_TOKEN=hunter2hunter2" in got, "keys for its own work it gets"
    assert "COLORTERM=truecolor" in got


def test_a_message_is_delivered_at_the_boundary(places: Places, go: Go, script: Script):
    script('{wait = "go"}', DONE)
    turn = go(agent="shell touch ready; while [ ! -e go ]; do sleep 0.02; done; cat >> heard")
    until((Path(turn.dispatch.worktree) / "ready").exists, "the agent")
    assert steer(places, turn, "mind the docs")
    assert steer(places, turn, "mind the docs"), "asked again, sent once"
    assert delivered(turn) == []
    (Path(turn.dispatch.worktree) / "go").touch()
    turn = ended(turn.folder)
    assert [text for text, _ in delivered(turn)] == ["mind the docs"]
    assert "mind the docs" in (Path(turn.dispatch.worktree) / "heard").read_text()
    assert not steer(places, turn, "too late")


def test_the_rehearsal_agent_answers_again_after_a_message(places: Places, go: Go, script: Script):
    script(f'{{wait = "go"}}, {{write = "a.py", content = "x"}}, {{commit = "Add a"}}, {DONE}')
    turn = go()
    assert steer(places, turn, "mind the docs")
    (Path(turn.dispatch.worktree) / "go").touch()
    turn = ended(turn.folder)
    assert state(turn).name == "finished", turn.log.read_text()
    assert "mind the docs" in turn.log.read_text()
    assert undelivered(turn) == []


def test_a_message_that_came_too_late_waits_for_the_next_brief(places: Places, go: Go, script: Script):
    script("{hang = true}")
    turn = go()
    assert steer(places, turn, "mind the docs")
    interrupt(places, turn)
    assert undelivered(ended(turn.folder)) == ["mind the docs"]


def test_hostile_output_reaches_no_shell_and_no_option_of_tmux(places: Places, go: Go, script: Script, tmp_path: Path):
    escape, bell, end = r"\u001b", r"\u0007", r"\u001b\\"
    evil = (
        f"{escape}Ptmux;{escape}{escape}]52;c;aGk={bell}{end} {escape}]52;c;aGk={bell}"
        f"{escape}]2;#(touch pwned){bell} {escape}k#(touch pwned){end}"
    )
    script(f'{{say = "{evil}"}}, {{say = "END"}}, {DONE}')
    turn = ended(go().folder)
    until(lambda: b"END" in turn.log.read_bytes(), "the output")
    assert state(turn).name == "finished", turn.log.read_text()
    assert tmux.run(places, "show-buffer").returncode != 0, "nothing was put on the clipboard"
    assert not list(tmp_path.rglob("pwned"))
    assert list(tmux.sessions(places)) == ["ck-q1-1"]


def test_an_interactive_agent_is_done_when_its_answer_stands_and_stays_open(places: Places, go: Go):
    folder = places.local / "agents"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        'kind = "tty"\nstdin = "none"\nready = "(?m)^READY>$"\ncommand = ["sh", "-c", """\n'
        'printf "\\\\033[?2004hREADY>\\\\n"; while read -r line; do echo "$line" >> heard; '
        'case $line in *answer*) echo \'{"status":"done","summary":"ok"}\' > .cockpit/answer.json; esac; '
        'done"""]\n'
    )
    turn = go(agent="mine")
    until(lambda: "READY>" in tmux.screen(places, turn.dispatch.session), "its prompt")
    assert steer(places, turn, "please answer")
    until(lambda: [text for text, _ in delivered(turn)] == ["please answer"], "its delivery")
    turn = ended(turn.folder)
    assert state(turn).name == "finished", turn.log.read_text()
    assert not tmux.sessions(places)[turn.dispatch.session].dead
    assert turn.running is not None
    assert facts.alive(turn.running)


def test_an_interrupted_interactive_agent_keeps_its_session(places: Places, go: Go):
    folder = places.local / "agents"
    folder.mkdir()
    (folder / "mine.toml").write_text(
        'kind = "tty"\nstdin = "none"\n'
        'command = ["sh", "-c", "stty -icanon; echo UP; dd bs=1 count=1 of=key; sleep 60"]\n'
    )
    turn = go(agent="mine")
    until(lambda: "UP" in tmux.screen(places, turn.dispatch.session), "the agent")
    assert not steer(places, turn, "typed blindly"), "without a ready pattern nothing is typed"
    assert "Escape" in interrupt(places, turn)
    turn = ended(turn.folder)
    assert state(turn).name == "interrupted"
    key = Path(turn.dispatch.worktree) / "key"
    until(lambda: key.exists() and key.read_bytes() == b"\x1b", "the key")
    assert not tmux.sessions(places)[turn.dispatch.session].dead


def test_a_worktree_that_cannot_be_made_is_an_error_with_the_step_kept(places: Places, intend: Callable[..., Dispatch]):
    meant = msgspec.structs.replace(intend(), base="0" * 40)
    with pytest.raises(CockpitError):
        dispatch(places, meant, agents.load("rehearsal", places.root), "brief")
    kept = facts.read(places.turn("q1", 1), Dispatch)
    assert kept is not None
    assert kept.step == "intended"
    assert tmux.sessions(places) == {}
