"""The command of a verification: bounded in time and output, alone in its group."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.verify import command
from cockpit.verify.command import TAIL, run


def gone(pid: int) -> bool:
    """Whether that process has ended within five seconds (a zombie of a foreign parent counts as ended)."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_it_gives_exit_status_and_both_outputs_in_order(tmp_path: Path):
    ran = run("pwd; echo out; echo err >&2; echo again; exit 3", tmp_path, 60)
    assert (ran.code, ran.words) == (3, "exit 3")
    assert ran.output == f"{tmp_path}\nout\nerr\nagain\n"


def test_pipes_and_quotes_are_the_shells(tmp_path: Path):
    assert run("printf 'a b\\nc\\n' | grep -c .", tmp_path, 60).output == "2\n"


def test_a_command_that_is_not_there_says_so(tmp_path: Path):
    assert run("no-such-command-at-all", tmp_path, 60).words == "exit 127 (command not found)"


def test_death_by_a_signal_is_named(tmp_path: Path):
    assert run("kill -SEGV $$", tmp_path, 60).words == "killed by SIGSEGV"


def test_standard_input_is_closed_and_gits_variables_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    assert run('cat; echo "[$GIT_DIR]"', tmp_path, 60).output == "[]\n"


def test_time_up_ends_the_whole_group(tmp_path: Path):
    ran = run("sleep 600 & echo $! > child; echo started; trap '' TERM; wait; wait", tmp_path, 0.5)
    assert (ran.code, ran.words, ran.output) == (None, "time-out", "started\n")
    assert gone(int((tmp_path / "child").read_text()))


def test_a_child_left_behind_neither_holds_us_nor_lives_on(tmp_path: Path):
    ran = run("sleep 600 & echo $! > child; echo done", tmp_path, 60)
    assert (ran.code, ran.output) == (0, "done\n")
    assert ran.seconds < 30
    assert gone(int((tmp_path / "child").read_text()))


def test_of_much_output_the_end_is_kept(tmp_path: Path):
    ran = run("yes 'a line of output' | head -c 3000000; echo; echo the end", tmp_path, 60)
    assert ran.output.startswith("... the beginning is cut off ...\na line of output\n")
    assert ran.output.endswith("the end\n")
    assert len(ran.output) <= TAIL + 100


def test_output_without_end_is_stopped_by_the_time(tmp_path: Path):
    assert run("yes", tmp_path, 0.3).code is None


def test_output_is_cleaned(tmp_path: Path):
    ran = run("printf '\\033]0;owned\\007\\033[31mFAILED\\033[0m\\npassword: hunter22\\n'", tmp_path, 60)
    assert ran.output == "FAILED\npassword: [redacted]\n"


def test_a_cut_ends_what_runs_in_another_thread_and_gives_no_result(tmp_path: Path):
    with ThreadPoolExecutor() as pool:
        under_way = pool.submit(run, "trap '' TERM; echo $$ > child; sleep 600; sleep 600", tmp_path, 600)
        deadline = time.monotonic() + 10
        while not (tmp_path / "child").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        command.cut()
        with pytest.raises(command.Cut, match="cut short"):
            under_way.result(timeout=30)
    command.cut()
    assert run("true", tmp_path, 60).code == 0


def test_a_missing_folder_is_told(tmp_path: Path):
    with pytest.raises(CockpitError, match="cannot run the verification"):
        run("true", tmp_path / "gone", 60)


def test_no_file_stays_open(tmp_path: Path):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        run("echo x; sleep 600 &", tmp_path, 60)
        run("sleep 600", tmp_path, 0.05)
    assert len(os.listdir("/proc/self/fd")) == before
    assert command.GRACE > 0
