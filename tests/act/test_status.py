"""The status block is true: its commands work as they are."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from cockpit import facts
from cockpit.act import tmux
from cockpit.explain import block
from cockpit.facts import Dispatch
from cockpit.paths import Places

NAMES = "Model OpenSpec Repo Branch Worktree tmux Answer Sentinel Tmux_log Prompt Attach Detach Kill"


def test_it_has_all_rows_and_kill_ends_the_session(places: Places, intend: Callable[..., Dispatch]):
    dispatch = intend()
    folder = places.turn(dispatch.item, dispatch.turn)
    facts.write(folder, dispatch)
    turn = facts.load(folder)
    assert turn is not None
    rows = dict(block(places, turn, "add-search"))
    assert list(rows) == [name.replace("_", " ") for name in NAMES.split()]
    assert rows["OpenSpec"] == "add-search"
    assert Path(rows["Prompt"]).parent == folder
    assert tmux.start(places, dispatch.session, ["sleep", "60"], folder)
    asked = rows["Attach"].replace("attach-session", "has-session")
    assert subprocess.run(["sh", "-c", asked], check=False).returncode == 0
    assert subprocess.run(["sh", "-c", rows["Kill"]], check=False).returncode == 0
    assert not tmux.exists(places, dispatch.session)
