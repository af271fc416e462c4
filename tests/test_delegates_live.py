"""What a delegate says while it works reaches the screen while it works."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from cockpit.hooks import AGENTS
from cockpit.paths import Places
from cockpit.sense.journal import replay
from cockpit.spec import Mark
from cockpit.wire import SignalView
from tests.stage import Stage, until

ANSWER = '{"status": "done", "summary": "Done."}'
PLAY = """
import os, sys, time
for line in {lines!r}:
    print(line, flush=True)
while {gate!r} and not os.path.exists({gate!r}):
    time.sleep(0.02)
for line in {after!r}:
    print(line, flush=True)
open(os.environ["COCKPIT_ANSWER"], "w").write({answer!r})
"""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def plays(stage: Stage, lines: list[object], after: list[object] = [], gate: str = "") -> None:  # noqa: B006
    """An agent that prints this stream, the part `after` when the file `gate` is there."""
    folder = stage.places.local / "agents"
    folder.mkdir(exist_ok=True)
    texts = [[json.dumps(line) for line in part] for part in (lines, after)]
    program = PLAY.format(lines=texts[0], after=texts[1], gate=gate, answer=ANSWER)
    (folder / "player.py").write_text(program)
    command = json.dumps([sys.executable, str(folder / "player.py")])
    (folder / "player.toml").write_text(f'kind = "stream"\nevents = "claude"\ncommand = {command}\n')


def signal(stage: Stage, key: str) -> SignalView | None:
    return next((entry for entry in stage.snapshot().signals if entry.key == key), None)


def call(id: str, command: str) -> dict[str, object]:
    part = {"type": "tool_use", "id": id, "name": "Bash", "input": {"command": command}}
    return {"type": "assistant", "message": {"content": [part]}}


def result(id: str, words: str, *, bad: bool) -> dict[str, object]:
    part = {"type": "tool_result", "tool_use_id": id, "is_error": bad, "content": words}
    return {"type": "user", "message": {"content": [part]}}


INIT = {"type": "system", "subtype": "init", "cwd": "/", "session_id": "s1"}


def test_a_limit_is_a_signal_while_it_holds_the_delegate_up(stage: Stage):
    gate = str(stage.root.parent / "gate")
    retry = {"type": "system", "subtype": "api_retry", "attempt": 1, "error_status": 529, "error": "overloaded"}
    done = {"type": "result", "subtype": "success", "is_error": False, "result": "Done.", "usage": {"input_tokens": 9}}
    plays(stage, [INIT, retry], [call("c1", "make"), result("c1", "made", bad=False), done], gate)
    stage.spec("- [ ] Write a ^q1\n  - agent: player\n", verify="true")
    stage.start()
    found = until("the limit", lambda: signal(stage, "session/q1"))
    assert (found.what, found.state) == ("q1: the model is overloaded", "limited")
    open(gate, "w").close()
    until("its end", lambda: signal(stage, "session/q1") is None)
    stage.await_mark("q1", Mark.NEEDS_YOU)

    def steps() -> list[str]:
        return [event.what for event in replay(stage.places.journal, 1e12).events if event.kind == "agent.step"]

    assert until("the step", steps) == ["Bash make"]


def explained(stage: Stage, *more: str) -> str:
    done = subprocess.run([*stage.program, "explain", "q1", *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_explain_prints_the_ladder_of_a_delegate_that_runs_a_tool_and_of_one_that_has_ended(stage: Stage):
    gate = str(stage.root.parent / "gate")
    done = {"type": "result", "subtype": "success", "is_error": False, "result": "Done."}
    plays(stage, [INIT, call("c1", "make all")], [result("c1", "made", bad=False), done], gate)
    stage.spec("- [ ] Write a ^q1\n  - agent: player\n- [ ] Later ^q2\n  - after: q1\n", verify="true")
    stage.start()
    row = until(
        "the tool", lambda: next((row for row in stage.snapshot().delegates if "make all" in row.evidence), None)
    )
    assert (row.state, row.evidence) == ("working", "events.ndjson: runs Bash make all")
    said = explained(stage)
    assert "▸ protocol" in said
    assert "runs Bash make all (" in said
    assert "is alive (" in said
    found = json.loads(explained(stage, "--json"))
    assert [rung["source"] for rung in found["rungs"]] == ["verdict", "sentinel", "exit", "protocol", "tmux", "silence"]
    assert [rung.get("role") for rung in found["rungs"]] == [None, None, None, "decides", None, None]
    later = subprocess.run([*stage.program, "explain", "q2"], capture_output=True, text=True, check=True).stdout
    assert "waits for q1" in later
    open(gate, "w").close()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.stop()
    assert "▸ verdict" in explained(stage), "told without an engine"


def test_the_same_failure_again_and_again_is_a_loop(stage: Stage):
    gate = str(stage.root.parent / "gate")
    rounds = [part for n in range(5) for part in (call(f"c{n}", "make test"), result(f"c{n}", "1 failed", bad=True))]
    plays(stage, [INIT, *rounds], [], gate)
    stage.spec("- [ ] Write a ^q1\n  - agent: player\n", verify="true")
    stage.start()
    found = until("the loop", lambda: signal(stage, "delegate/q1"))
    assert found.state == "loops"
    assert "same error ×5" in found.reasons
    open(gate, "w").close()


HOOKS = """
import json, os, subprocess, time
from pathlib import Path
def tell(name, **more):
    payload = {{"session_id": "s1", "cwd": os.getcwd(), "hook_event_name": name, **more}}
    subprocess.run(["sh", "-c", {line!r}], input=json.dumps(payload).encode(), check=True)
bash = {{"tool_name": "Bash", "tool_input": {{"command": "make deploy"}}}}
tell("SessionStart")
tell("PermissionRequest", **bash)
while not os.path.exists({gate!r}):
    time.sleep(0.02)
tell("PostToolUse", **bash, tool_response="deployed")
Path(os.environ["COCKPIT_ANSWER"]).write_text({answer!r})
"""


def test_what_a_delegates_hooks_say_is_a_signal_while_it_asks(stage: Stage):
    gate = stage.places.local / "granted"
    program = stage.places.local / "hooked.py"
    program.write_text(HOOKS.format(line=AGENTS["claude"].command, gate=str(gate), answer=ANSWER))
    (stage.places.local / "agents").mkdir(exist_ok=True)
    command = json.dumps([sys.executable, str(program)])
    (stage.places.local / "agents" / "talker.toml").write_text(f'kind = "stream"\ncommand = {command}\n')
    stage.spec("- [ ] Do it ^q1\n  - agent: talker\n", verify="true")
    stage.start()
    found = until("the question", lambda: signal(stage, "session/q1"))
    assert (found.what, found.state) == ("q1 asks: may it use Bash make deploy", "asks")
    row = until("its state", lambda: next((row for row in stage.snapshot().delegates if row.state == "asks"), None))
    assert row.evidence == "doing.json: may it use Bash make deploy"
    gate.touch()
    until("its end", lambda: signal(stage, "session/q1") is None)
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until(
        "the step",
        lambda: any(event.kind == "agent.step" for event in replay(stage.places.journal, time.time()).events),
    )
    assert list(stage.places.hooks.iterdir()) == []


RINGS = """
import os, sys, time
from pathlib import Path
print("may I?", end="\\a", flush=True)
while not os.path.exists({gate!r}):
    time.sleep(0.02)
for _ in range(30):
    print("on it", flush=True)
    time.sleep(0.2)
Path(os.environ["COCKPIT_ANSWER"]).write_text({answer!r})
"""


def test_a_delegate_that_rings_its_bell_and_waits_is_a_signal_until_it_says_something(stage: Stage):
    gate = stage.places.local / "heard"
    program = stage.places.local / "rings.py"
    program.write_text(RINGS.format(gate=str(gate), answer=ANSWER))
    (stage.places.local / "agents").mkdir(exist_ok=True)
    command = json.dumps([sys.executable, str(program)])
    (stage.places.local / "agents" / "ringer.toml").write_text(f'kind = "tty"\ncommand = {command}\n')
    stage.spec("- [ ] Do it ^q1\n  - agent: ringer\n", verify="true")
    stage.start()
    found = until("the bell", lambda: signal(stage, "delegate/q1"))
    assert (found.what, found.state, found.action) == ("q1 rings", "rings", "attach")
    gate.touch()
    until("its end", lambda: signal(stage, "delegate/q1") is None)
