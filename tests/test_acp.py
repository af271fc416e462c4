"""An agent that speaks ACP is a delegate like any other: steps, permissions, messages, interrupts, iterates, errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.act import permits, usage
from cockpit.paths import Places
from cockpit.sense.journal import replay
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

pytest.importorskip("acp", reason="the ACP library is not installed: pip install 'agent-cockpit[acp]'")

WORK: list[dict[str, Any]] = edit_and_commit("a.txt", "hello\n")


class Speaks(Stage):
    """A stage whose delegate speaks ACP."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.home = places.root.parent / "acp"
        self.home.mkdir()

    def plays(self, *rounds: list[dict[str, Any]], loads: bool = True) -> None:
        """What it does at its first prompt, at the next ones ...; an engine begins."""
        self.next(*rounds, loads=loads)
        agents = self.places.local / "agents"
        agents.mkdir(parents=True, exist_ok=True)
        program = Path(__file__).with_name("acp_agent.py")
        (agents / "speaker.toml").write_text(
            f'kind = "acp"\ncommand = ["{sys.executable}", "-P", "{program}"]\nallow = ["edit **"]\n'
            f'[env]\nACP_SCRIPT = "{self.home}/script.json"\n'
        )
        self.spec("- [ ] Write a file ^q1\n  - agent: speaker\n")
        self.start()

    def next(self, *rounds: list[dict[str, Any]], loads: bool = True) -> None:
        """What it does when it is started again."""
        (self.home / "script.json").write_text(json.dumps({"rounds": rounds, "loads": loads}))

    def heard(self) -> list[str]:
        """What reached it."""
        file = self.home / "heard.txt"
        return file.read_text().splitlines() if file.exists() else []

    def asks(self, words: str) -> None:
        until(f"permission {words}", lambda: words in self.item("q1").value("permission"))


@pytest.fixture
def stage(places: Places) -> Iterator[Speaks]:
    made = Speaks(places)
    yield made
    made.stop()


def test_it_does_an_item_and_its_steps_are_seen(stage: Speaks):
    stage.plays([{"say": "I write "}, {"say": "it."}, *WORK])
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert stage.heard()[:2] == ["fs False terminal False", "new in q1"]
    turn = stage.turn("q1")
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.session) == ("finished", "s-1")
    events = replay(stage.places.journal, 1e12).events
    assert [event.what for event in events if event.kind == "agent.step"] == ["Write a.txt"]
    assert usage.of_turn("claude", turn.folder).tokens == 130
    assert "I write it." in turn.log.read_text()


def test_its_permissions_are_asked_and_answered_once_each(stage: Speaks):
    stage.plays([{"edit": "src/a.py"}, {"ask": "rm -rf build"}, {"vague": "git add x"}, *WORK], [{"say": "I do."}])
    stage.asks("run: rm -rf build")
    stage.steer("allow", "q1")
    stage.asks("run: git add x")
    stage.steer("deny", "q1", words="use make clean")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert "Do it {'path': 'src/a.py'}: allow_once" in stage.heard(), "granted by the rule"
    assert "Do it {'command': 'rm -rf build'}: allow_once" in stage.heard()
    assert "git add x None: reject_once" in stage.heard()
    assert "told use make clean" in stage.heard(), "the protocol has no words for a no: they follow"
    told = [(done.outcome, done.rule) for done in permits.settled(stage.turn("q1").folder)]
    assert told[:3] == [("allowed", "edit **"), ("allowed", ""), ("denied", "")]


def test_a_yes_is_never_one_for_always(stage: Speaks):
    stage.plays([{"always": "make deploy"}, *WORK])
    stage.asks("make deploy")
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert "Do it {'command': 'make deploy'}: cancelled" in stage.heard()


def test_an_interrupt_cancels_its_turn(stage: Speaks):
    stage.plays([{"say": "It takes long."}, {"sleep": True}, *WORK])
    until("its words", lambda: "told " in " ".join(stage.heard()))
    stage.steer("interrupt", "q1")
    stage.await_mark("q1", Mark.BLOCKED, why="interrupted")
    end = until("its end", lambda: stage.turn("q1").sentinel)
    assert end.outcome == "interrupted"
    assert "cancelled" in stage.heard()


def test_a_message_is_the_next_prompt_of_the_same_conversation(stage: Speaks):
    stage.plays([{"ask": "first"}, *WORK], edit_and_commit("b.txt", "more\n"))
    stage.asks("first")
    stage.steer("steer", "q1", message="And b.txt.")
    until("the message", lambda: (stage.turn("q1").folder / "inbox.ndjson").exists())
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert stage.git("show", "delegate/q1:b.txt") == "more"
    assert sum(words.startswith("new in") for words in stage.heard()) == 1


@pytest.mark.parametrize("loads", [True, False])
def test_an_iterate_goes_on_where_it_can_and_begins_anew_where_not(stage: Speaks, loads: bool):
    stage.plays(WORK, loads=loads)
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.next(edit_and_commit("b.txt", "more\n"), loads=loads)
    stage.steer("iterate", "q1", note="And b.txt.")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert stage.git("show", "delegate/q1:b.txt") == "more"
    assert ("load s-1" in stage.heard()) == loads
    assert sum(words.startswith("new in") for words in stage.heard()) == (1 if loads else 2)
    assert "old words" not in stage.turn("q1").log.read_text(), "what was said before is not said again"


def test_an_error_of_the_agent_is_told_apart_from_work(stage: Speaks):
    stage.plays([{"refuse": True}])
    item = stage.await_mark("q1", Mark.BLOCKED, why="")
    assert "Authentication required" in item.value("why")


def test_an_agent_that_goes_away_is_told(stage: Speaks):
    stage.plays([{"exit": 3}])
    item = stage.await_mark("q1", Mark.BLOCKED, why="")
    assert "the agent has gone" in item.value("why")
