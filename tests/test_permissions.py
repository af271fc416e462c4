"""A delegate asks permission, the human answers with an edit of the spec: the agent gets it once.

The spec shows the request, the answer, and its receipt.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit import facts
from cockpit.act import permits
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import exchange
from cockpit.spec import Mark, edit
from tests.stage import Stage, edit_and_commit, until

DONE: list[dict[str, Any]] = [
    {"write": "a.txt", "content": "hello\n"},
    {"commit": "Write a.txt"},
    {"answer": {"status": "done", "summary": "Wrote it."}},
]


class Talks(Stage):
    """A stage whose delegate is the talker."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.home = places.root.parent / "talker"
        self.home.mkdir()

    def plays(self, *rounds: list[dict[str, Any]], front: str = "", fields: str = "") -> None:
        """What it does at its first words, at the next ones ...; an engine begins."""
        (self.home / "script.json").write_text(json.dumps(rounds))
        talker = Path(__file__).with_name("talker.py")
        agents = self.places.local / "agents"
        agents.mkdir(parents=True, exist_ok=True)
        (agents / "talker.toml").write_text(
            f'kind = "stream"\nevents = "claude"\nstdin = "open"\ncommand = ["{sys.executable}", "-P", "{talker}"]\n'
            f'resume = ["{sys.executable}", "-P", "{talker}", "{{session_id}}"]\n'
            f'[env]\nTALKER = "{self.home}/script.json"\n'
        )
        self.spec(f"- [ ] Write a file ^q1\n  - agent: talker\n{fields}")
        if front:
            exchange(self.places, lambda data: data.replace(b"  review: 3\n", f"  review: 3\n  {front}\n".encode()))
            self.git("commit", "-qam", "Rules")
        self.start()

    def heard(self) -> list[str]:
        """What reached it."""
        file = self.home / "heard.txt"
        return file.read_text().splitlines() if file.exists() else []

    def asks(self, words: str) -> str:
        """The number of the request that the spec shows with these words."""

        def look() -> str:
            shown = self.item("q1").value("permission")
            return shown.partition(" ")[0] if words in shown else ""

        return until(f"permission {words}", look)

    def receipt(self, words: str) -> None:
        until(words, lambda: any(value.startswith(words) for value in self.item("q1").values("permit")))


@pytest.fixture
def stage(places: Places) -> Iterator[Talks]:
    made = Talks(places)
    yield made
    made.stop()


def test_a_request_is_shown_and_a_yes_reaches_the_agent_once(stage: Talks):
    stage.plays([{"ask": "rm -rf build"}, *DONE])
    assert stage.asks("run: rm -rf build") == "1.1"
    row = until("the row", lambda: next((r for r in stage.snapshot().delegates if r.state == "permission"), None))
    assert (row.asks, row.evidence) == ("1.1 run: rm -rf build", "permission.json: run: rm -rf build")
    told = "q1 asks permission: run: rm -rf build"
    until("the signal", lambda: [signal for signal in stage.snapshot().signals if signal.what == told])
    assert str(stage.steer("allow", "q1")).startswith("allowed q1")
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.receipt("allowed: run: rm -rf build (20")
    assert item.value("permission") == ""
    assert [words for words in stage.heard() if " allow " in words] == ["r0 allow {'command': 'rm -rf build'}"]
    assert not (stage.turn("q1").folder / "permission.json").exists()


def test_a_no_and_its_words_reach_the_agent(stage: Talks):
    stage.plays([{"ask": "rm -rf /"}, *DONE])
    stage.asks("rm -rf /")
    stage.steer("deny", "q1", words="use make clean")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.receipt("denied: run: rm -rf /; told: use make clean (20")
    assert "r0 deny use make clean" in stage.heard()


def test_an_answer_typed_into_the_spec_counts_like_a_key(stage: Talks):
    stage.plays([{"ask": "make deploy"}, *DONE])
    number = stage.asks("make deploy")
    exchange(stage.places, lambda data: edit.add_field(data, "q1", "permit", f"{number} allow"))
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.receipt("allowed: run: make deploy (20")


def test_a_yes_to_nothing_that_stands_is_told_and_grants_nothing(stage: Talks):
    stage.plays([{"ask": "make deploy"}, *DONE])
    stage.asks("make deploy")
    exchange(stage.places, lambda data: edit.add_field(data, "q1", "permit", "1.7 allow"))
    stage.receipt("1.7 allow (not delivered: 1.7 does not stand)")
    exchange(stage.places, lambda data: edit.add_field(data, "q1", "permit", "allow"))
    stage.receipt("allow (not delivered: ")
    with pytest.raises(Refused, match=r"1[.]7 of q1 is over"):
        stage.steer("allow", "q1", request="1.7")
    assert stage.item("q1").mark is Mark.RUNNING
    stage.steer("allow", "q1", request="1.1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")


def test_rules_of_the_spec_grant_without_asking(stage: Talks):
    stage.plays(
        [{"ask": "pytest -q"}, {"edit": "src/a.py"}, {"ask": "pytest -q; rm x"}, *DONE],
        front='allow: [pytest *, "edit src/**"]',
    )
    assert stage.asks("pytest -q; rm x") == "1.3"
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    done = permits.settled(stage.turn("q1").folder)
    assert [(one.outcome, one.rule) for one in done] == [
        ("allowed", "pytest *"),
        ("allowed", "edit src/**"),
        ("allowed", ""),
    ]
    assert stage.item("q1").values("permit")[0].startswith("allowed: run: pytest -q; rm x")


def test_a_rule_that_is_added_grants_what_stands(stage: Talks):
    stage.plays([{"ask": "make lint"}, *DONE])
    stage.asks("make lint")
    exchange(stage.places, lambda data: data.replace(b"  review: 3\n", b"  review: 3\n  allow: [make *]\n"))
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert permits.settled(stage.turn("q1").folder)[0].rule == "make *"
    assert stage.item("q1").value("permission") == ""


def test_a_yes_for_the_turn_grants_the_same_again_and_nothing_else(stage: Talks):
    stage.plays([{"ask": "make lint"}, {"ask": "make lint"}, {"ask": "make lint FIX=1"}, *DONE])
    stage.asks("make lint")
    stage.steer("allow", "q1", scope="turn")
    stage.asks("make lint FIX=1")
    stage.steer("deny", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert [done.outcome for done in permits.settled(stage.turn("q1").folder)] == ["allowed", "allowed", "denied"]


def test_several_requests_stand_one_after_the_other(stage: Talks):
    stage.plays([{"both": ["one", "two"]}, *DONE])
    stage.asks("run: one")
    stage.steer("allow", "q1")
    stage.asks("run: two")
    stage.steer("deny", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert [words.split(" ")[1] for words in stage.heard() if words.startswith("r")] == ["allow", "deny"]


def test_a_request_that_the_agent_withdraws_vanishes(stage: Talks, tmp_path: Path):
    gone = tmp_path / "gone"
    stage.plays([{"withdraw": "make deploy", "until": str(gone)}, {"ask": "make other"}, *DONE])
    stage.asks("make deploy")
    gone.touch()
    stage.asks("make other")
    with pytest.raises(Refused, match="is over"):
        stage.steer("allow", "q1", request="1.1")
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert [done.outcome for done in permits.settled(stage.turn("q1").folder)] == ["over", "allowed"]


def test_an_agent_that_is_gone_asks_no_more(stage: Talks):
    stage.plays([{"ask": "make deploy"}, *DONE])
    stage.asks("make deploy")
    stage.steer("interrupt", "q1")
    stage.await_mark("q1", Mark.BLOCKED, why="interrupted")
    until("the end", lambda: stage.turn("q1").sentinel)
    until("the line to go", lambda: not stage.item("q1").value("permission"))
    assert "interrupted" in stage.heard(), "asked in words, before any signal"
    with pytest.raises(Refused, match="asks no permission"):
        stage.steer("allow", "q1")


def test_an_engine_killed_between_answer_and_agent_delivers_it_once(stage: Talks):
    stage.plays([{"ask": "make deploy"}, *DONE])
    stage.asks("make deploy")
    stage.kill()
    stage.steer("allow", "q1")
    assert stage.turn("q1").permission is not None
    for _ in range(3):
        stage.start()
        until("an engine", stage.alive)
        stage.kill()
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    stage.receipt("allowed: run: make deploy (20")
    assert sum(" allow " in words for words in stage.heard()) == 1
    assert len(permits.sent(stage.turn("q1").folder)) == 1


def test_an_answer_sent_by_an_engine_that_died_before_it_woke_the_runner_arrives(stage: Talks):
    stage.plays([{"ask": "make deploy"}, *DONE])
    number = stage.asks("make deploy")
    stage.kill()
    permits.send(stage.turn("q1").folder, permits.Permit(id=number, allow=True, at=1.0))  # and no signal
    stage.steer("allow", "q1")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")


def test_a_message_is_heard_at_the_boundary_in_the_same_process(stage: Talks):
    stage.plays([{"ask": "first"}, *DONE], edit_and_commit("b.txt", "more\n"))
    stage.asks("first")
    stage.steer("steer", "q1", message="And b.txt.")
    until("the message", lambda: (stage.turn("q1").folder / "inbox.ndjson").exists())
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the receipt", lambda: "(delivered " in stage.item("q1").value("steer"))
    told = [words for words in stage.heard() if words.startswith("told ")]
    assert len(told) == 2
    assert stage.git("show", "delegate/q1:b.txt") == "more"


def test_an_unknown_request_of_the_protocol_is_answered_as_an_error(stage: Talks):
    stage.plays([{"odd": "mcp_message"}, *DONE])
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert "not supported by this client" in stage.heard()


def test_the_time_of_the_human_is_not_the_agents(stage: Talks):
    stage.plays([{"ask": "slow"}, *DONE], fields="  - timeout: 0.05\n")
    stage.asks("slow")
    turn = stage.turn("q1")
    assert turn.running is not None
    over = turn.running.at + turn.dispatch.timeout + 1.0
    until("more than its time", lambda: time.time() > over)
    stage.steer("allow", "q1")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    end = stage.turn("q1").sentinel
    assert isinstance(end, facts.Sentinel)
    assert end.outcome == "finished"
