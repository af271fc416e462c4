"""claude and codex on screens of their own: typed into when the prompt waits, never when a dialog is up."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.act.dispatch import delivered
from cockpit.spec import Mark
from tests.agents.cast import DISTRUSTS, SCREENS
from tests.agents.conftest import Play
from tests.agents.model import Say

pytestmark = pytest.mark.parametrize("real", list(SCREENS), indirect=True)


def distrust(play: Play) -> None:
    """The human never told it that this repository is theirs."""
    home = Path(os.environ["HOME"])
    for name in (".claude.json", ".codex/config.toml"):
        file = home / name
        if file.exists():
            text = file.read_text()
            text = re.sub(r'"hasTrustDialogAccepted": true', '"hasTrustDialogAccepted": false', text)
            file.write_text(re.sub(r"\[projects.*\]\ntrust_level.*\n", "", text))


def test_on_its_own_screen_it_does_an_item_and_stays_open(play: Play):
    play.model.scenarios = {"work": play.work()}
    play.dispatch("work", verify="grep -q hello a.txt")
    item = play.ended(review="")
    assert play.said("Wrote it.")
    assert item.value("review").endswith("accept")
    turn = play.stage.turn("q1")
    assert turn.running is not None
    assert facts.alive(turn.running), "the conversation stays open for the human"


def test_words_are_typed_into_its_prompt_when_it_waits(play: Play):
    play.model.scenarios = {"work": play.work(), "more": play.work("b.txt", summary="Both.")}
    play.dispatch("work")
    play.until("its first words", lambda: play.model.served)
    play.stage.steer("steer", "q1", message="SCENARIO=more")
    play.ended(review="")
    play.until("the receipt", lambda: "(delivered " in play.stage.item("q1").value("steer"))
    assert play.said("Both.")
    assert play.stage.git("show", "delegate/q1:b.txt") == "hello"


def test_a_dialog_is_told_and_nothing_is_typed_into_it(play: Play):
    asks, keys = DISTRUSTS[play.real.name]
    distrust(play)
    play.model.scenarios = {"work": play.work(), "more": play.work("b.txt", summary="Both.")}
    play.dispatch("work")
    assert play.told("asks").what == f"q1 asks: its screen shows a dialog: {asks}"
    play.stage.steer("steer", "q1", message="SCENARIO=more")
    play.until("the message to wait", lambda: (play.stage.turn("q1").folder / "inbox.ndjson").exists())
    shown = play.screen()
    assert asks in " ".join(shown.split())
    assert not play.model.served
    assert delivered(play.stage.turn("q1")) == []
    play.press(*keys)
    play.ended(review="")
    assert play.said("Both.")


def test_escape_interrupts_it_and_leaves_it_open(play: Play):
    play.model.scenarios = {"long": [Say("I think.", hangs=True)]}
    play.dispatch("long")
    play.until("its model's silence", lambda: any(served.scenario == "long" for served in play.model.served))
    play.stage.steer("interrupt", "q1", reason="wrong way")
    play.ended(Mark.BLOCKED, why="interrupted")
    play.until("its prompt", lambda: "nterrupted" in play.screen())
    turn = play.stage.turn("q1")
    assert turn.running is not None
    assert facts.alive(turn.running)
