"""`cockpit hooks`: install, list, remove, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.cli import main
from cockpit.paths import Places
from tests.stage import Stage


@pytest.fixture
def root(places: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    Stage(places).spec("- [ ] Write a ^q1\n", loop="hold")
    monkeypatch.chdir(places.root)
    return places.root


def test_install_shows_lists_and_removes(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "claude", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("--- /dev/null\n+++ ")
    assert '+    "SessionStart": [' in shown
    assert not (root / ".claude").exists()
    assert main(["hooks", "install", "claude"]) == 0
    assert "12 hooks of claude installed in" in capsys.readouterr().out
    assert main(["hooks", "install", "claude"]) == 0
    assert "are there already" in capsys.readouterr().out
    assert main(["hooks", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["claude", "project", "12", "of"]
    assert lines[1].split()[:3] == ["claude", "yours", "none"]
    settings = root / ".claude" / "settings.json"
    settings.write_text(settings.read_text().replace("timeout 5", "timeout 9"))
    assert main(["hooks", "list"]) == 0
    assert "older version: install renews them" in capsys.readouterr().out
    assert main(["hooks", "remove", "claude"]) == 0
    assert "held nothing else: removed" in capsys.readouterr().out
    assert not (root / ".claude").exists()
    assert main(["hooks", "remove", "claude"]) == 0
    assert "not there already" in capsys.readouterr().out


def test_the_users_own_settings_are_touched_only_when_asked(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "codex", "--user"]) == 0
    assert (Path.home() / ".codex" / "hooks.json").is_file()
    assert not (root / ".codex").exists()
    said = capsys.readouterr().out
    assert "every repository with a spec" in said
    assert "/hooks in codex" in said
    assert main(["hooks", "list", "--user"]) == 0
    assert "9 of 9 hooks" in capsys.readouterr().out


def test_what_cannot_be_done_is_said(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "emacs"]) == 1
    assert "no hooks for emacs" in capsys.readouterr().err
    assert main(["hooks", "install"]) == 1
    (root / ".claude").mkdir()
    (root / ".claude" / "settings.json").write_text("{broken")
    assert main(["hooks", "install", "claude"]) == 1
    assert "line 1: cannot be read as JSON" in capsys.readouterr().err
    assert (root / ".claude" / "settings.json").read_text() == "{broken"
    assert main(["hooks", "list"]) == 0
    assert "cannot be read as JSON" in capsys.readouterr().out
