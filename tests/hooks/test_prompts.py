"""`cockpit hooks install AGENT --commands`: `/cockpit-goal` and `/cockpit-loop` in the form of each harness (R64)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import yaml

from cockpit.cli import main
from cockpit.hooks.prompts import PROMPTED
from cockpit.paths import Places
from tests.stage import Stage

NAMES = ("cockpit-goal", "cockpit-loop")


@pytest.fixture
def root(places: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    Stage(places).spec("- [ ] Write a ^q1\n", loop="hold")
    monkeypatch.chdir(places.root)
    return places.root


def test_they_have_the_form_of_their_harness(root: Path):
    """markdown with a front matter: claude, qwen, opencode; a table of TOML: gemini."""
    where = {"claude": ".claude", "qwen": ".qwen", "opencode": ".opencode", "gemini": ".gemini"}
    assert set(where) == set(PROMPTED)
    for name, folder in where.items():
        assert main(["hooks", "install", name, "--commands"]) == 0
        ending, words = ("toml", "{{args}}") if name == "gemini" else ("md", "")
        for command in NAMES:
            text = (root / folder / "commands" / f"{command}.{ending}").read_text()
            if name == "gemini":
                table = tomllib.loads(text)
                assert set(table) == {"description", "prompt"}
                prompt = table["prompt"]
            else:
                _, front, prompt = text.split("---\n", 2)
                told = yaml.safe_load(front)
                assert set(told) - {"disable-model-invocation"} == {"description"}
                assert told.get("disable-model-invocation", name != "claude") is True
                words = "{{args}}" if name == "qwen" else "$ARGUMENTS"
            assert words in prompt
            assert "`cockpit goal`" in prompt
            assert "!{" not in prompt
            assert "!`" not in prompt, "nothing is run before it is read"


def test_they_come_and_go_and_leave_nothing(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "claude", "--commands", "--dry-run"]) == 0
    assert "+description: Work on the head of the cockpit's queue, once" in capsys.readouterr().out
    assert not (root / ".claude").exists()
    assert main(["hooks", "install", "claude", "--commands"]) == 0
    assert main(["hooks", "install", "claude", "--commands"]) == 0
    assert "nothing to change" in capsys.readouterr().out
    assert main(["hooks", "list"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert "/cockpit-goal /cockpit-loop" in rows[0]
    assert [row for row in rows[1:] if "/cockpit-" in row] == []
    assert main(["hooks", "remove", "claude", "--commands"]) == 0
    assert not (root / ".claude").exists()


def test_what_a_human_wrote_or_changed_stays(root: Path, capsys: pytest.CaptureFixture[str]):
    folder = root / ".claude" / "commands"
    folder.mkdir(parents=True)
    (folder / "cockpit-loop.md").write_text("mine\n")
    assert main(["hooks", "install", "claude", "--commands"]) == 1
    assert "yours, or was changed" in capsys.readouterr().err
    assert not (folder / "cockpit-goal.md").exists(), "all or nothing"
    (folder / "cockpit-loop.md").unlink()
    assert main(["hooks", "install", "claude", "--commands"]) == 0
    changed = (folder / "cockpit-goal.md").read_text().replace("few lines", "one line")
    (folder / "cockpit-goal.md").write_text(changed)
    assert main(["hooks", "remove", "claude", "--commands"]) == 0
    assert [path.name for path in folder.iterdir()] == ["cockpit-goal.md"]
    assert (folder / "cockpit-goal.md").read_text() == changed


def test_they_go_into_the_repository_only(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "claude", "--commands", "--user"]) == 1
    assert "repository only" in capsys.readouterr().err
    assert main(["hooks", "install", "codex", "--commands"]) == 1
    assert "one of claude, gemini, qwen, opencode" in capsys.readouterr().err


def test_a_link_does_not_lead_them_out(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "outside").mkdir()
    (root / ".claude").symlink_to(tmp_path / "outside")
    assert main(["hooks", "install", "claude", "--commands"]) == 1
    assert "leads out of the repository" in capsys.readouterr().err
    assert list((tmp_path / "outside").iterdir()) == []
