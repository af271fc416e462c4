"""A harness without a loop of its own goes on all the same: Stop hook, queue and document send it back (R65)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator

import pytest

from cockpit.cli import main
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, until

HARNESS = """
import json, os, subprocess, sys
item = os.environ["COCKPIT_ITEM"]
hooks = json.load(open(".codex/hooks.json"))["hooks"]["Stop"][0]["hooks"]

def stop(back):
    asked = json.dumps({"hook_event_name": "Stop", "stop_hook_active": back}).encode()
    said = subprocess.run(["sh", "-c", hooks[0]["command"]], input=asked, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(said)["reason"] if said else ""

def work(name, words):
    open(name, "w").write(words)
    subprocess.run(["git", "add", "-A"], check=True)
    subprocess.run(["git", "commit", "-qm", item], check=True)

work(f"{item}.md", "done, I think")
open(os.environ["COCKPIT_ANSWER"], "w").write('{"status": "done", "summary": "Done."}')
if reason := stop(False):
    work("a.txt", reason)
    assert not stop(True)
"""


@pytest.fixture
def stage(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    ours = places.root.parent / "bin" / "cockpit"
    ours.parent.mkdir()
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m cockpit "$@"\n')
    ours.chmod(0o755)
    monkeypatch.setenv("PATH", f"{ours.parent}{os.pathsep}{os.environ['PATH']}")
    made = Stage(places)
    yield made
    made.stop()


def test_it_is_sent_back_by_the_hook_to_the_next_head_by_the_queue_and_after_a_crash_by_the_document(stage: Stage):
    stage.spec(
        "- [ ] One ^q1\n  - agent: plain\n- [ ] Two ^q2\n  - agent: plain\n", mode="auto", verify="test -f a.txt"
    )
    assert main(["-C", str(stage.root), "hooks", "install", "codex", "--stop"]) == 0
    stage.git("add", ".codex")
    stage.git("commit", "-qm", "Check when it stops")
    folder = stage.places.local / "agents"
    folder.mkdir(exist_ok=True)
    (folder / "plain.py").write_text(HARNESS)
    command = json.dumps([sys.executable, str(folder / "plain.py")])
    (folder / "plain.toml").write_text(f'kind = "stream"\nevents = "plain"\ncommand = {command}\n')
    stage.start()
    until("the first is begun", lambda: stage.events("dispatch") == ["q1"])
    stage.kill()
    stage.start()
    for id in ("q1", "q2"):
        assert stage.await_mark(id, Mark.DONE).value("merged")
        assert stage.turn(id).number == 1, "sent back by its hook, without a turn of ours"
    assert "`test -f a.txt` does not pass (exit 1)" in (stage.root / "a.txt").read_text()
    assert stage.events("dispatch") == ["q1", "q2"]
