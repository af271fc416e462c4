"""What the delegates have used, told by the folders of their turns (R157, R168)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import msgspec
import pytest

from cockpit import facts
from cockpit.engine import spending
from cockpit.paths import Places
from tests.select.test_steps import turn

NOON = time.mktime((2026, 11, 21, 12, 0, 0, 0, 0, -1))


def dispatched(item: str, number: int, at: float) -> facts.Dispatch:
    return msgspec.structs.replace(turn(item, number).dispatch, agent="opencode", at=at)


def ended(places: Places, item: str, number: int, at: float, seconds: float = 60.0, **used: object) -> Path:
    """The folder of a turn that has ended."""
    folder = places.turn(item, number)
    facts.write(folder, dispatched(item, number, at))
    facts.write(folder, facts.Running(pid=1, started="0", at=at))
    facts.write(folder, facts.Sentinel(outcome="finished", exit=0, at=at + seconds, seconds=seconds))
    if used:
        told = {"type": "step_finish", "part": {"tokens": {"total": used["tokens"]}, "cost": used.get("cost", 0)}}
        (folder / "events.ndjson").write_text(json.dumps(told) + "\n")
    return folder


def test_turns_minutes_tokens_and_money_are_summed_by_item_loop_and_day(places: Places):
    ended(places, "q1", 1, NOON - 86400, tokens=100, cost=0.5)
    ended(places, "q1", 2, NOON, tokens=10, cost=0.25)
    ended(places, "q2", 1, NOON + 60)
    account = spending.spending(places, NOON + 3600).account
    assert (account.day.turns, account.day.tokens, account.day.usd) == (2, 10, 0.25)
    assert (account.day.no_tokens, account.day.no_usd) == (1, 1), "q2 told nothing"
    assert (account.items["q1"].tokens, account.items["q1"].usd, account.items["q1"].minutes) == (110, 0.75, 2.0)
    assert account.items["q2"].usd is None
    assert account.loop.turns == 3, "nobody ever set the loop on: all of it counts"


def test_the_budget_of_the_loop_counts_from_when_it_was_set_on(places: Places):
    assert not spending.note(places, "hold")
    ended(places, "q1", 1, time.time() - 60)
    assert spending.spending(places, time.time()).account.loop.turns == 1
    assert spending.note(places, "on")
    assert not spending.note(places, "on"), "it goes on"
    assert spending.spending(places, time.time()).account.loop.turns == 0
    ended(places, "q1", 2, time.time() + 1)
    for control in ("hold", "step"):
        assert not spending.note(places, control), "a step goes on with the same account"
    assert spending.spending(places, time.time()).account.loop.turns == 1


def test_a_turn_that_has_ended_is_read_once(places: Places, monkeypatch: pytest.MonkeyPatch):
    ended(places, "q7", 1, NOON, tokens=5)
    assert spending.spending(places, NOON).account.items["q7"].tokens == 5
    read: list[str] = []
    monkeypatch.setattr(spending, "of_turn", lambda *args: read.append(str(args)))
    assert spending.spending(places, NOON).account.items["q7"].tokens == 5
    assert read == []


def test_a_delegate_that_died_without_a_word_costs_no_more_time(places: Places):
    folder = places.turn("q1", 1)
    facts.write(folder, dispatched("q1", 1, NOON))
    facts.write(folder, facts.Running(pid=2**22, started="0", at=NOON))
    assert spending.spending(places, NOON + 36000).account.items["q1"].minutes == 0


def test_prices_that_cannot_be_read_are_told_and_nothing_is_guessed(places: Places):
    ended(places, "q1", 1, NOON, tokens=5)
    (places.local / "prices.toml").write_text("[x\n")
    found = spending.spending(places, NOON)
    assert "prices cannot be read" in found.trouble
    assert found.account.items["q1"].usd is None


def test_who_pays_is_what_the_stream_tells_else_what_the_agents_file_says_else_unknown(places: Places):
    ended(places, "q1", 1, NOON, tokens=5, cost=0.5)
    assert spending.spending(places, NOON).turns[0].billing == ""
    own = places.local / "agents"
    own.mkdir()
    (own / "opencode.toml").write_text('like = "opencode"\nbilling = "subscription"\n')
    found = spending.spending(places, NOON)
    assert found.turns[0].billing == "subscription", "though that turn was read before"
    assert found.account.day.on_plan == 0.5


def test_each_turn_tells_its_agent_its_model_and_what_its_price_is_from(places: Places):
    folder = ended(places, "q1", 1, NOON)
    facts.write(folder, msgspec.structs.replace(dispatched("q1", 1, NOON), agent="codex", model="gpt-5.2"))
    told = {"type": "turn.completed", "usage": {"input_tokens": 1_000_000, "cached_input_tokens": 0}}
    (folder / "events.ndjson").write_text('{"type": "thread.started", "thread_id": "t"}\n' + json.dumps(told) + "\n")
    (one,) = spending.spending(places, NOON).turns
    assert (one.agent, one.models, one.listed) == ("codex", ("gpt-5.2",), (("gpt-5.2", "2026-02"),))
    assert one.spent.usd == 1.75
