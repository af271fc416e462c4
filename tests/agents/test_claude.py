"""What only claude has: rights that the preset gives and denials that it tells."""

from __future__ import annotations

import pytest

from tests.agents.conftest import Play
from tests.agents.model import Say

pytestmark = pytest.mark.parametrize("real", ["claude"], indirect=True)


def test_what_it_may_not_do_is_told(play: Play):
    play.model.scenarios = {"denied": [Say("I try.", shell="python3 -c 'print(1)'"), Say("I may not.")]}
    play.dispatch("denied")
    assert "Bash python3 -c 'print(1)'" in play.told("denied").what
    assert play.ended(review="").value("review").endswith("iterate")
