"""How a screen takes part in interruptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import config
from cockpit.screens.attention import GIVE_TITLE, KEEP_TITLE, SAY, Attention, Presence, sequence, title
from cockpit.wire import Notice, SignalView, Snapshot


def test_the_engine_is_told_of_keys_now_and_then():
    presence = Presence()
    assert [presence.key(now) for now in (0.0, 1.0, SAY)] == [True, False, True]


def test_a_blur_is_forgotten_at_the_next_key():
    presence = Presence()
    presence.key(0.0)
    presence.blur()
    assert not presence.focused
    assert presence.key(1.0)
    assert presence.focused


@pytest.mark.parametrize(
    ("how", "written"),
    [("bell", "\a"), ("osc9", "\x1b]9;q1 asks\x07"), ("osc777", "\x1b]777;notify;Cockpit;q1 asks\x07"), ("off", "")],
)
def test_the_terminal_is_told_as_it_understands(how: str, written: str):
    assert sequence("q1 asks", how, {}) == written


def test_hostile_words_end_no_sequence():
    assert sequence("a\x07\x1b]0;evil\x07;b", "osc777", {}).count("\x07") == 1
    assert title("x\x1b]2;evil\x07", 2) == "\x1b]2;(2) x cockpit\x07"


def signal(notify: bool) -> SignalView:
    return SignalView(key="k", what="w", state="open", since=1.0, action="inspect", notify=notify)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    monkeypatch.setattr(config, "path", lambda: tmp_path / "config.toml")
    return []


def test_a_new_notice_rings_once_and_the_title_counts(written: list[str]):
    attention = Attention(written.append)
    calm, loud = Snapshot(), Snapshot(signals=[signal(True)], notice=Notice(number=1, words="w", key="k"))
    attention.tell(calm, calm, "demo")
    assert written == [KEEP_TITLE + title("demo", 0)]
    attention.tell(calm, loud, "demo")
    attention.tell(loud, loud, "demo")
    assert written[1:] == [title("demo", 1), "\a"]


def test_at_the_end_the_terminal_has_its_title_back(written: list[str]):
    attention = Attention(written.append)
    attention.tell(Snapshot(), Snapshot(), "demo")
    attention.close()
    attention.close()
    assert written[1:] == [GIVE_TITLE]
