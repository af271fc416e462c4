"""Checks run when an agent stops, by the harness, and the repository says so (R181, R182)."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.cli import main
from cockpit.hooks import AGENTS, STOPS, has_section, install, installed, remove, with_section, without_section
from cockpit.paths import Places
from tests.stage import Stage


@pytest.fixture
def root(places: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    Stage(places).spec("- [ ] Write a ^q1\n", loop="hold", verify="test -f a.txt")
    monkeypatch.chdir(places.root)
    return places.root


def stops(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *agent: str, **asked: object
) -> dict[str, str]:
    """What the hook answers."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps(asked).encode())))
    capsys.readouterr()
    assert main(["hooks", "stop", *agent]) == 0
    said = capsys.readouterr().out
    return json.loads(said) if said else {}


def test_an_agent_is_sent_back_once_with_what_failed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    answer = stops(monkeypatch, capsys, stop_hook_active=False)
    assert answer["decision"] == "block"
    assert answer["reason"].startswith("`test -f a.txt` does not pass (exit 1)")
    assert stops(monkeypatch, capsys, stop_hook_active=True) == {}
    (root / "a.txt").write_text("there\n")
    assert stops(monkeypatch, capsys, stop_hook_active=False) == {}


def test_it_is_sent_back_for_the_first_command_that_is_red(
    root: Path, places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    text = places.spec.read_text()
    places.spec.write_text(
        text.replace("^q1\n", "^q1\n  - verify: true\n  - verify: unit: `false`\n  - verify: true\n")
    )
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    assert stops(monkeypatch, capsys)["reason"].startswith("unit `false` does not pass (exit 1)")


def test_an_agent_that_does_not_say_whether_it_was_sent_back_is_sent_back_once_too(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    answers = [stops(monkeypatch, capsys, "qwen", stop_hook_active=True, session_id="s") for _ in range(3)]
    assert [bool(answer) for answer in answers] == [True, False, True]  # once a stop
    assert stops(monkeypatch, capsys, "qwen", stop_hook_active=True, session_id="another")["decision"] == "block"
    (root / "a.txt").write_text("there\n")
    assert [stops(monkeypatch, capsys, "qwen", session_id="s") for _ in range(2)] == [{}, {}]


def test_checks_that_take_longer_than_the_agent_waits_hold_it_no_longer(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    monkeypatch.setitem(STOPS, "qwen", replace(STOPS["qwen"], waits=1.0))
    spec = root / "SPEC.md"
    spec.write_text(spec.read_text().replace("test -f a.txt", "sleep 60"))
    assert stops(monkeypatch, capsys, "qwen", session_id="s") == {}


def test_who_says_that_it_is_blocked_may_stop(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    answer = tmp_path / "answer.json"
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    monkeypatch.setenv("COCKPIT_ANSWER", str(answer))
    answer.write_text('{"status": "done", "summary": "did it"}')
    assert stops(monkeypatch, capsys)["decision"] == "block"
    answer.write_text('{"status": "blocked", "summary": "no network"}')
    assert stops(monkeypatch, capsys) == {}


def test_a_session_of_your_own_that_changed_nothing_stops_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("COCKPIT_ITEM", raising=False)
    assert stops(monkeypatch, capsys) == {}
    (root / "b.txt").write_text("work\n")
    assert stops(monkeypatch, capsys)["decision"] == "block"


def test_trouble_of_ours_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    assert stops(monkeypatch, capsys) == {}


@pytest.mark.parametrize("name", list(STOPS))
@pytest.mark.parametrize("before", [None, b"{}", b'{\n  "model": "x"\n}\n'])
def test_the_hook_goes_beside_the_others_and_is_taken_out_exactly(name: str, before: bytes | None):
    tells, stop = AGENTS[name], STOPS[name]
    both = install(install(before, tells), stop)
    assert installed(both, stop) == ["Stop"]
    assert installed(both, tells) == list(tells.events)
    assert install(both, stop) == both
    assert remove(both, stop) == install(before, tells)
    hooks = json.loads(install(before, stop))["hooks"]["Stop"][0]["hooks"][0]
    assert hooks.get("timeout") == stop.seconds
    assert remove(install(before, stop), stop) == before


def test_the_hook_is_installed_on_wish(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["hooks", "install", "claude", "--stop"]) == 0
    assert "1 hooks of claude" in capsys.readouterr().out
    assert "cockpit hooks stop" in (root / ".claude" / "settings.json").read_text()
    assert main(["hooks", "install", "claude"]) == 0
    capsys.readouterr()
    assert main(["hooks", "list"]) == 0
    assert "checks when it stops" in capsys.readouterr().out
    assert main(["hooks", "install", "gemini", "--stop"]) == 1
    assert main(["hooks", "remove", "claude"]) == 0
    assert main(["hooks", "remove", "claude", "--stop"]) == 0
    assert not (root / ".claude").exists()


@pytest.mark.parametrize("before", [None, b"# Agents\n", b"no end of line", b"\xff\r\nodd\r\n", b"# A\n\n"])
def test_the_section_is_put_at_the_end_and_taken_out_exactly(before: bytes | None):
    there = with_section(before)
    assert has_section(there)
    assert not has_section(before)
    assert with_section(there) == there
    assert without_section(there) == before
    assert there.startswith(before or b"")


def test_what_stands_behind_the_section_stays():
    there = with_section(b"# Agents\n") + b"\n## More\n"
    assert with_section(there) == there
    assert without_section(there) == b"# Agents\n\n## More\n"


def test_the_documents_of_the_repository_say_so(root: Path, capsys: pytest.CaptureFixture[str]):
    (root / "CLAUDE.md").write_text("# Claude\n")
    assert main(["hooks", "install", "docs"]) == 0
    assert "Checks run when you stop" in (root / "AGENTS.md").read_text()
    assert "Checks run when you stop" in (root / "CLAUDE.md").read_text()
    capsys.readouterr()
    assert main(["hooks", "list"]) == 0
    assert "tells of checks" in capsys.readouterr().out
    assert main(["hooks", "remove", "docs"]) == 0
    assert not (root / "AGENTS.md").exists()
    assert (root / "CLAUDE.md").read_text() == "# Claude\n"
