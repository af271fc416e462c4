"""Real agents that ask for permission: the human answers from the cockpit."""

from __future__ import annotations

import pytest

from cockpit.act import permits
from cockpit.spec import Mark
from tests.agents.cast import ASKING
from tests.agents.conftest import Play
from tests.agents.model import Say

pytestmark = pytest.mark.parametrize("real", list(ASKING), indirect=True)

NEVER = 'python3 -c \'open("never", "w")\''
"""No agent runs it unasked; some take `touch` for an edit."""


def asked(play: Play, words: str) -> None:
    """The spec shows the request; what stands before it is granted."""

    def look() -> bool:
        shown = play.stage.item("q1").value("permission")
        if shown and words not in shown:
            number = shown.partition(" ")[0]
            if not any(known.id == number for known in permits.sent(play.stage.turn("q1").folder)):
                play.stage.steer("allow", "q1", request=number)
        return words in shown

    play.until(f"permission {words}", look)


def finished(play: Play) -> None:
    """The item is done; what is asked until then is granted."""

    def look() -> bool:
        item = play.stage.item("q1")
        number = item.value("permission").partition(" ")[0]
        if number and not any(value.startswith(number) for value in item.values("permit")):
            play.stage.steer("allow", "q1")
        return item.mark is not Mark.RUNNING

    play.until("its end", look)


def test_a_permission_is_asked_and_given_from_the_cockpit(play: Play):
    play.model.scenarios = {"asks": [Say("I look.", shell="python3 -c 'print(6*7)'"), *play.work()]}
    play.dispatch("asks")
    asked(play, "run: python3 -c 'print(6*7)'")
    play.stage.steer("allow", "q1")
    finished(play)
    assert play.ended(review="").value("review").endswith("accept")
    done = permits.settled(play.stage.turn("q1").folder)
    assert ("allowed", "run: python3 -c 'print(6*7)'") in [(one.outcome, one.what) for one in done]


def test_a_permission_that_is_refused_stops_that_command_only(play: Play):
    play.model.scenarios = {"asks": [Say("I try.", shell=NEVER), *play.work()], "other": play.work()}
    play.dispatch("asks")
    asked(play, "run: python3 -c")
    play.stage.steer("deny", "q1", words="Leave that. SCENARIO=other")
    finished(play)
    play.ended(review="")
    assert not (play.worktree / "never").exists()
    assert play.stage.git("log", "-1", "--format=%s", "delegate/q1") == "Write a.txt"


def test_an_interrupt_ends_it_while_it_asks(play: Play):
    play.model.scenarios = {"asks": [Say("I try.", shell=NEVER), Say("Done.")]}
    play.dispatch("asks")
    asked(play, "run: python3 -c")
    play.stage.steer("interrupt", "q1")
    end = play.until("its end", lambda: play.stage.turn("q1").sentinel)
    assert end.outcome == "interrupted"
    play.until("the request to go", lambda: not play.stage.item("q1").value("permission"))
    assert not (play.worktree / "never").exists()
