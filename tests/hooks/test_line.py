"""The line of sh that agents run: what they say lies in a file of its own, whatever the shell, whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cockpit.hooks import AGENTS
from cockpit.paths import Places

LINE = AGENTS["claude"].command
SAID = json.dumps({"hook_event_name": "Stop", "words": "one\ntwo"}).encode()


def run(where: Path, shell: str = "sh", data: bytes = SAID, **env: str) -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COCKPIT_")} | env
    return subprocess.run([shell, "-c", LINE], cwd=where, input=data, env=kept, capture_output=True, timeout=30)


def said(places: Places) -> list[bytes]:
    return [path.read_bytes() for path in places.hooks.iterdir()]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_it_says_nothing_and_writes_what_it_was_told(places: Places, shell: str):
    done = run(places.root, shell)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert said(places) == [b"\n" + SAID]


def test_a_delegate_says_whose_it_is_and_writes_beside_the_spool(places: Places, tmp_path: Path):
    run(tmp_path, COCKPIT_SPOOL=str(places.spool), COCKPIT_ITEM="q1")
    assert said(places) == [b"q1\n" + SAID]


def test_a_folder_below_and_a_linked_worktree_find_the_repository(places: Places, tmp_path: Path, git):
    deep = places.root / "a b" / "c"
    deep.mkdir(parents=True)
    git("worktree", "add", "-q", str(tmp_path / "linked"))
    run(deep)
    run(tmp_path / "linked")
    assert said(places) == [b"\n" + SAID] * 2


def test_where_nobody_listens_nothing_is_written(places: Places, tmp_path: Path):
    places.hooks.rmdir()
    assert run(places.root).returncode == 0
    assert run(tmp_path).returncode == 0
    assert not places.hooks.exists()


def test_a_folder_that_cannot_be_written_stops_no_agent(places: Places):
    for number in range(4096):
        (places.hooks / f"claude-{number}").mkdir()
    done = run(places.root, data=b"x" * 1_000_000)
    assert (done.returncode, done.stdout) == (0, b"")


def test_many_at_once_never_mix(places: Places):
    many = [json.dumps({"n": number, "fill": str(number) * 30_000}).encode() for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: run(places.root, data=data), many))
    assert sorted(said(places)) == sorted(b"\n" + data for data in many)


def test_the_command_does_the_same_and_never_fails(places: Places, tmp_path: Path):
    import sys

    def hook(where: Path, *words: str, **env: str) -> int:
        command = [sys.executable, "-m", "cockpit", "hook", *words]
        return subprocess.run(command, cwd=where, input=SAID, env=os.environ | env, timeout=30).returncode

    assert hook(places.root, "kimi", "Stop") == 0
    assert hook(tmp_path, "kimi", COCKPIT_SPOOL=str(places.spool), COCKPIT_ITEM="q1") == 0
    assert hook(tmp_path, "kimi") == 0
    assert hook(places.root, "../evil") == 0
    assert sorted(said(places)) == [b" Stop\n" + SAID, b"q1\n" + SAID]
