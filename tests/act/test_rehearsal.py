"""The scripted agent does what its script says, and says so when the script is at fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.act.rehearsal import load
from cockpit.act.rehearsal import script as script_of
from cockpit.errors import CockpitError

SCRIPT = """
[[turn]]
steps = [
  {say = "first"},
  {write = "src/a.py", content = "x = 1\\n"},
  {append = "src/a.py", content = "y = 2\\n"},
  {replace = "src/a.py", old = "x = 1", new = "x = 3"},
  {remove = "README.md"},
  {commit = "Set x"},
  {answer = {status = "done", summary = "set"}},
]
message = [{say = "message heard"}]

[[turn]]
steps = [{say = "second"}, {exit = 5}]
"""


def play(cwd: Path, script: Path, turn: int = 1, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COCKPIT_ITEM": "q1", "COCKPIT_TURN": str(turn), "COCKPIT_REHEARSAL": str(script)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "cockpit.act.rehearsal", *args],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "q1.toml"
    file.write_text(SCRIPT)
    return file


def test_it_really_edits_and_commits(repo: Path, script: Path):
    done = play(repo, script)
    assert done.returncode == 0, done.stderr
    show = subprocess.run(
        ["git", "show", "--stat", "--format=%s"], cwd=repo, capture_output=True, text=True, check=True
    )
    assert show.stdout.startswith("Set x\n")
    assert (repo / "src" / "a.py").read_text() == "x = 3\ny = 2\n"
    assert not (repo / "README.md").exists()
    assert json.loads((repo / ".cockpit" / "answer.json").read_text())["summary"] == "set"


def test_each_turn_has_its_steps_and_the_last_repeats(repo: Path, script: Path):
    for turn in (2, 3):
        done = play(repo, script, turn)
        assert (done.stdout, done.returncode) == ("second\n", 5)


def test_a_message_has_steps_of_its_own(repo: Path, script: Path):
    assert play(repo, script, 1, "--message").stdout == "message heard\n"


def test_the_script_may_be_json(repo: Path, tmp_path: Path):
    (tmp_path / "q1.json").write_text(json.dumps({"turn": [{"steps": [{"say": "hi"}]}]}))
    assert play(repo, tmp_path / "q1.json").stdout == "hi\n"


@pytest.mark.parametrize(
    "text",
    ["turn = ", "x = 1", "[[turn]]\n", "[[turn]]\nsteps = [{dance = true}]", "[[turn]]\nsteps = [{}]", "turn = []"],
)
def test_a_bad_script_is_named(tmp_path: Path, text: str):
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(CockpitError, match=r"rehearsal script|unknown step"):
        load(tmp_path / "bad.toml", 1)


def test_what_cannot_be_done_fails_with_words(repo: Path, tmp_path: Path):
    (tmp_path / "s.toml").write_text('[[turn]]\nsteps = [{replace = "README.md", old = "nope", new = ""}]')
    done = play(repo, tmp_path / "s.toml")
    assert done.returncode == 2
    assert "'nope' does not occur" in done.stderr


def test_it_can_merge_through_a_conflict(repo: Path, tmp_path: Path):
    def git(*args: str) -> None:
        subprocess.run(["git", *args], cwd=repo, check=True, capture_output=True)

    git("checkout", "-q", "-b", "other")
    (repo / "README.md").write_text("theirs\n")
    git("commit", "-qam", "Theirs")
    git("checkout", "-q", "main")
    (repo / "README.md").write_text("ours\n")
    git("commit", "-qam", "Ours")
    steps = '[{merge = "other"}, {write = "README.md", content = "both\\n"}, {commit = "Merge other"}]'
    (tmp_path / "s.toml").write_text(f"[[turn]]\nsteps = {steps}\n")
    done = play(repo, tmp_path / "s.toml")
    assert done.returncode == 0, done.stderr
    git("merge-base", "--is-ancestor", "other", "HEAD")
    assert (repo / "README.md").read_text() == "both\n"


def test_the_script_of_an_item_lies_in_the_repository_as_toml_or_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COCKPIT_ROOT", str(tmp_path))
    folder = tmp_path / ".cockpit" / "rehearsal"
    folder.mkdir(parents=True)
    assert script_of("q1").name == "q1.toml"
    (folder / "q1.json").touch()
    assert script_of("q1").name == "q1.json"
    (folder / "q1.toml").touch()
    assert script_of("q1").name == "q1.toml"
