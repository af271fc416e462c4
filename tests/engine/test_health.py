"""What the engine finds of the machine and of its own session."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

import pytest

from cockpit import facts
from cockpit.act import tmux
from cockpit.engine import health
from cockpit.engine.health import Health
from cockpit.engine.look import look
from cockpit.facts import Running
from cockpit.paths import Places
from tests.engine.test_streams import NOW, turn
from tests.stage import Stage, until


def states(places: Places, checker: Health | None = None) -> dict[str, str]:
    events = (checker or Health(places)).events(look(places, None, NOW), NOW)
    return {event.key: event.state for event in events}


def told(places: Places, name: str) -> str:
    return next(event.what for event in Health(places).events(look(places, None, NOW), NOW) if event.key == name)


@pytest.fixture
def spec(places: Places) -> Callable[..., None]:
    def write(agent: str = "rehearsal") -> None:
        Stage(places).spec(f"- [ ] Write a ^q1\n  - agent: {agent}\n", loop="hold")

    return write


def test_a_fit_machine_is_all_right(places: Places, spec: Callable[..., None]):
    spec()
    checker = Health(places)
    assert checker.look()
    assert not checker.look(), "nothing has changed"
    found = states(places, checker)
    assert {found[name] for name in ("git", "identity", "tmux", "python", "spool", "disk", "agent", "tmux server")} == {
        "ok"
    }


def test_an_agent_that_is_not_there_is_told_before_anything_is_started(
    places: Places, spec: Callable[..., None], monkeypatch: pytest.MonkeyPatch
):
    spec("codex")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert told(places, "agent") == "agent: codex is not on PATH"
    places.spec.write_text(places.spec.read_text().replace("agent: codex", "agent: nobody"))
    assert told(places, "agent") == "agent: no agent called 'nobody'"


def test_a_living_runner_without_its_server_is_told(places: Places, spec: Callable[..., None]):
    spec()
    made = turn(places)
    facts.write(made.folder, Running(pid=os.getpid(), started=facts.started(os.getpid()) or "", at=NOW))
    assert states(places)["tmux server"] == "fail"
    assert tmux.start(places, "ck-q1-1", ["sleep", "60"], made.folder)
    assert states(places)["tmux server"] == "ok"
    tmux.stop_server(places)
    until("the end of the server", lambda: states(places)["tmux server"] == "fail")


def test_little_room_is_told(places: Places, spec: Callable[..., None], monkeypatch: pytest.MonkeyPatch):
    spec()
    monkeypatch.setattr(health, "LITTLE", 10**12)
    assert states(places)["disk"] == "warn"
    monkeypatch.setattr(health, "NONE", 10**12)
    assert states(places)["disk"] == "fail"


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everything")
def test_a_spool_that_cannot_be_written_is_told(places: Places, spec: Callable[..., None]):
    spec()
    places.spool.touch()
    places.spool.chmod(stat.S_IRUSR)
    assert states(places)["spool"] == "fail"
