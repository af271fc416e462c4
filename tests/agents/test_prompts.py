"""Our commands in the prompt of the real programs: each reads the file that we write, in its own form (R64)."""

from __future__ import annotations

import os
import subprocess

import pytest

from cockpit.cli import main
from tests.agents.conftest import PATIENCE, Play

ASKS = {
    "claude": ["claude", "-p", "/cockpit-goal {words}"],
    "gemini": ["gemini", "--approval-mode", "yolo", "--skip-trust", "-m", "{model}", "-p", "/cockpit-goal {words}"],
    "qwen": ["qwen", "--approval-mode", "yolo", "-m", "{model}", "-p", "/cockpit-goal {words}"],
}


@pytest.mark.parametrize("real", list(ASKS), indirect=True)
def test_our_command_in_its_prompt_reaches_the_model_with_the_words_behind_it(play: Play):
    play.stage.spec("- [ ] Write a ^q1\n", loop="hold")
    assert main(["-C", str(play.stage.root), "hooks", "install", play.real.name, "--commands"]) == 0
    play.model.scenarios = {"goal": [play.done("Nothing is open.")]}
    words = {"words": "SCENARIO=goal be fast", "model": play.real.model}
    command = [word.format(**words) for word in ASKS[play.real.name]]
    env = os.environ | play.real.env(play.model.url)
    with (play.stage.root.parent / "said").open("wb") as said:
        subprocess.run(
            command, cwd=play.stage.root, env=env, check=True, timeout=PATIENCE,
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        )  # fmt: skip
    heard = ["\n".join(said) for said in play.model.asked]
    assert any("Run `cockpit goal` in a shell" in words for words in heard)
    assert any("they are another goal: SCENARIO=goal be fast\n" in words for words in heard)
