"""What wakes the engine when nothing writes: a runner's death; and facts that are read again only when they changed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.engine.waking import Deaths
from cockpit.facts import Answer, Dispatch, Running, turn


def record(pid: int) -> Running:
    return Running(pid=pid, started=facts.started(pid) or "", at=0.0)


def test_a_death_rings_once_and_nobody_asks():
    async def watch() -> None:
        rung = asyncio.Event()
        deaths = Deaths(rung.set)
        process = subprocess.Popen(["sleep", "60"])
        other = subprocess.Popen(["sleep", "60"])
        try:
            deaths.watch([record(process.pid), record(other.pid), Running(pid=2**22 + 1, started="1", at=0.0)])
            assert len(deaths.watched) == 2
            process.kill()
            await asyncio.wait_for(rung.wait(), 10)
            assert [running.pid for running in deaths.watched] == [other.pid]
        finally:
            deaths.close()
            for each in (process, other):
                each.kill()
                each.wait()
        assert deaths.watched == {}

    asyncio.run(watch())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "1"
    dispatch = Dispatch(
        item="q1", turn=1, text="t", agent="a", branch="b", base="b", target="t", worktree="/w", session="s",
        timeout=1.0, at=1.0,
    )  # fmt: skip
    facts.write(place, dispatch)
    return place


def aged(folder: Path) -> None:
    """Wait until its files are too old to be taken for new ones."""
    deadline = time.monotonic() + 10
    while time.time_ns() - max(path.stat().st_ctime_ns for path in folder.iterdir()) < turn.FRESH:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_facts_are_read_again_when_and_only_when_a_file_is_another_one(folder: Path):
    aged(folder)
    first = facts.load(folder)
    assert facts.load(folder) is first, "nothing has changed: nothing is read"
    facts.write(folder, Answer(status="done", summary="one"))
    second = facts.load(folder)
    assert second is not None
    assert second.answer == Answer(status="done", summary="one")
    aged(folder)
    kept = facts.load(folder)
    stamp = (folder / "answer.json").stat()
    (folder / "answer.json").write_bytes((folder / "answer.json").read_bytes().replace(b'"one"', b'"two"'))
    os.utime(folder / "answer.json", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    aged(folder)
    again = facts.load(folder)
    assert kept is not None
    assert again is not None
    assert again.answer == Answer(status="done", summary="two"), "the same size, time and inode, edited in place"
    (folder / "answer.json").unlink()
    gone = facts.load(folder)
    assert gone is not None
    assert gone.answer is None
