"""`cockpit spent`: what was used, by turn, item, day and loop, and who pays for it (R157)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import msgspec
import pytest

from cockpit import facts
from cockpit.cli import main
from cockpit.engine.show import offline
from cockpit.explain import of_spent
from cockpit.paths import Places
from tests.engine.test_spending import dispatched, ended

NOW = time.time()


@pytest.fixture(autouse=True)
def spec(places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, midday: None):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    places.spec.write_text("## Queue\n- [ ] Make it work ^q1\n")


def claude(places: Places, item: str, number: int, *, key: str, usd: float) -> None:
    """A turn of claude that has told all."""
    folder = ended(places, item, number, NOW - 60)
    facts.write(
        folder, msgspec.structs.replace(dispatched(item, number, NOW - 60), agent="claude", text="Make it work")
    )
    counts = {"input_tokens": 2000, "cache_read_input_tokens": 30_000, "output_tokens": 500}
    lines = (
        {"type": "system", "subtype": "init", "model": "claude-opus-4-6", "apiKeySource": key},
        {"type": "result", "session_id": f"s{number}", "total_cost_usd": usd, "usage": counts},
    )
    (folder / "events.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines))


def told(places: Places, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["-C", str(places.root), "spent", *words]) == 0
    return capsys.readouterr().out


def test_the_table_has_items_turns_days_and_the_loop(places: Places, capsys: pytest.CaptureFixture[str]):
    claude(places, "q1", 1, key="none", usd=0.5)
    claude(places, "q1", 2, key="ANTHROPIC_API_KEY", usd=0.25)
    rows = [row.split() for row in told(places, capsys).splitlines()]
    assert rows[0] == ["turns", "min", "tokens", "in", "cached", "out", "USD", "paid", "by"]
    assert rows[1] == ["q1", "Make", "it", "work", "2", "2.0", "65k", "4k", "60k", "1k", "0.75"]
    assert rows[2] == ["1", "1.0", "32k", "2k", "30k", "500", "0.25", "api"]
    assert rows[3] == ["1", "1.0", "32k", "2k", "30k", "500", "0.50", "subscription"]
    assert rows[4][:3] == ["1", "claude", "claude-opus-4-6"]
    assert [row[0] for row in rows if row and row[0].startswith("20")] == [time.strftime("%Y-%m-%d")]
    assert any(row[:1] == ["loop"] for row in rows)


def test_what_no_agent_told_is_unknown_and_said_why(places: Places, capsys: pytest.CaptureFixture[str]):
    ended(places, "q1", 1, NOW)
    ended(places, "q2", 1, NOW, tokens=7)
    claude(places, "q3", 1, key="", usd=0.0)
    out = told(places, capsys)
    assert " 0.00" not in out
    assert "no tokens told: opencode" in out
    assert "who pays is not told: opencode" in out
    assert "who pays is not told: claude" in out
    seen = json.loads(told(places, capsys, "--json"))
    items = {each["item"]: each for each in seen["items"]}
    assert items["q1"]["all"]["tokens"] is None
    assert items["q1"]["turns"][0]["paid by"] is None
    assert seen["today"]["all"]["turns without tokens"] == 1


def test_an_old_price_and_a_missing_one_are_named(places: Places, capsys: pytest.CaptureFixture[str]):
    for number, model in enumerate(("old-1", "new-1", "none-1"), 1):
        folder = ended(places, "q1", number, NOW)
        facts.write(folder, msgspec.structs.replace(dispatched("q1", number, NOW), agent="codex", model=model))
        said = (
            {"type": "thread.started", "thread_id": str(number)},
            {"type": "turn.completed", "usage": {"input_tokens": 9000}},
        )
        (folder / "events.ndjson").write_text("".join(json.dumps(line) + "\n" for line in said))
    (places.local / "prices.toml").write_text(
        f'["old-*"]\nin=1\nout=1\ndate="2020-01"\n["new-*"]\nin=1\nout=1\ndate="{time.strftime("%Y-%m")}"\n'
    )
    out = told(places, capsys, "q1")
    assert "priced by list: old-1 as of 2020-01, " in out
    assert "months old: check it" in out
    assert f"priced by list: new-1 as of {time.strftime('%Y-%m')}\n" in out
    assert "no price known: none-1" in out


def test_a_delegate_tells_what_all_turns_of_its_item_used_on_the_screen_too(places: Places):
    claude(places, "q1", 1, key="none", usd=0.5)
    claude(places, "q1", 2, key="ANTHROPIC_API_KEY", usd=0.25)
    seen = offline(places, NOW)
    (row,) = seen.delegates
    assert (row.tokens, row.usd) == (32_500, 0.25)
    assert [words for _, words in of_spent(row)] == [
        "2 turns, 2 min, 65k tokens (4k in, 60k cached, 1k out), 0.25 USD by a key, 0.50 USD on a subscription",
        "turn 2, claude claude-opus-4-6: 1 min, 32k tokens (2k in, 30k cached, 500 out), 0.25 USD by a key",
        "turn 1, claude claude-opus-4-6: 1 min, 32k tokens (2k in, 30k cached, 500 out), 0.50 USD on a subscription",
    ]
    assert seen.day_spent.startswith("2 turns, ")
    assert seen.loop_spent == seen.day_spent


def test_an_item_nobody_worked_on_is_refused_and_nothing_is_nothing(places: Places, capsys: pytest.CaptureFixture[str]):
    assert told(places, capsys) == "no delegate has worked yet\n"
    assert main(["-C", str(places.root), "spent", "q9"]) == 1
    assert "no delegate has worked on it" in capsys.readouterr().err
