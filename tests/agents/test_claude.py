"""What only claude has: rights that the preset gives and denials that it tells."""

from __future__ import annotations

import pytest

from cockpit.sense.journal import replay
from tests.agents.conftest import Play
from tests.agents.model import Say

pytestmark = pytest.mark.parametrize("real", ["claude"], indirect=True)


def test_what_it_may_not_do_is_told(play: Play):
    play.model.scenarios = {"denied": [Say("I try.", shell="python3 -c 'print(1)'"), Say("I may not.")]}
    play.dispatch("denied")
    assert "Bash python3 -c 'print(1)'" in play.told("denied").what
    assert play.ended(review="").value("review").endswith("iterate")


def test_the_command_that_proves_its_work_it_may_run(play: Play):
    play.model.scenarios = {"proves": [Say("I prove it.", shell="python3 -m compileall -q ."), Say("It is proved.")]}
    play.dispatch("proves", verify="python3 -m compileall -q .")
    play.ended(review="")
    steps = [event for event in replay(play.stage.places.journal, 1e12).events if event.kind == "agent.step"]
    # Once a turn: it leaves without an answer, and is sent on.
    assert {(step.what, step.state) for step in steps} == {("Bash python3 -m compileall -q .", "ok")}
