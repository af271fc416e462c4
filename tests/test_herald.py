"""The engine interrupts the human: the screens by a notice, and their own command."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from cockpit import config
from cockpit.engine.herald import Herald
from cockpit.wire import SignalView

NOW = 1_790_000_000.0


def signal(what: str, *, notify: bool = True, blocks: bool = False) -> SignalView:
    return SignalView(key=what, what=what, state="open", since=1.0, action="inspect", notify=notify, blocks=blocks)


@pytest.fixture
def herald(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Herald:
    """One whose command writes its last argument and the signal's key into a file."""
    program = tmp_path / "tell.py"
    program.write_text(
        "import os, sys, pathlib\n"
        f"file = pathlib.Path({str(tmp_path / 'told')!r})\n"
        "file.with_suffix('.tmp').write_text(sys.argv[-1] + '|' + os.environ['COCKPIT_SIGNAL'])\n"
        "file.with_suffix('.tmp').replace(file)\n"
    )
    file = tmp_path / "config.toml"
    file.write_text(f"[notify]\ncommand = [{sys.executable!r}, {str(program)!r}]\n")
    monkeypatch.setattr(config, "path", lambda: file)
    return Herald()


def told(tmp_path: Path) -> str:
    deadline = time.monotonic() + 20
    while not (tmp_path / "told").exists():
        assert time.monotonic() < deadline, "the command never ran"
        time.sleep(0.02)
    return (tmp_path / "told").read_text()


def test_the_users_command_gets_the_words_as_one_argument(herald: Herald, tmp_path: Path):
    notice = herald.tell([signal("q1 asks; rm -rf $HOME `x`")], NOW)
    assert notice.number == 1
    assert told(tmp_path) == "q1 asks; rm -rf $HOME `x`|q1 asks; rm -rf $HOME `x`"


def test_who_looks_is_not_interrupted(herald: Herald):
    herald.here()
    assert herald.tell([signal("q1 asks")], NOW).number == 0
    herald.away()
    assert herald.tell([signal("q1 asks"), signal("q2 asks")], NOW + 1).number == 1


def test_what_does_not_want_to_interrupts_nobody(herald: Herald):
    assert herald.tell([signal("new commit", notify=False)], NOW).number == 0
    assert herald.due() is None


def test_what_waits_says_when_it_is_due(herald: Herald):
    herald.tell([signal("q1 asks")], NOW)
    herald.tell([signal("q1 asks"), signal("q2 asks", blocks=True)], NOW + 1)
    assert herald.due() == NOW + 60


def test_a_bad_config_is_told_and_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    file.write_text("[notify]\nquiet = 'x'\n")
    monkeypatch.setattr(config, "path", lambda: file)
    herald = Herald()
    assert "quiet hours 'x' are none" in herald.trouble
    assert herald.tell([signal("q1 asks")], NOW).number == 1


def test_a_command_that_is_not_there_disturbs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    file.write_text("[notify]\ncommand = ['/nonexistent/ntfy']\n")
    monkeypatch.setattr(config, "path", lambda: file)
    assert Herald().tell([signal("q1 asks")], NOW).number == 1
