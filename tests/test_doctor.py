"""The doctor judges what a machine says of itself; nothing but what stops Cockpit from working is an error."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.doctor import Finding, colour_depth, findings, healthy
from cockpit.needs import GIT, TMUX, lack, version
from cockpit.probe import Probe, probe

FIT = Probe(
    git="git version 2.39.5",
    identity="Ada <ada@example.org>",
    tmux="tmux 3.3a",
    python=(3, 11, 7),
    system="Linux",
    environment={"TERM": "xterm-256color", "COLORTERM": "truecolor"},
    encoding="UTF-8",
    agents={"claude": True, "codex": False},
    kills_on_logout=False,
    lingers=False,
    folders={"/home/ada/.local/state/cockpit": ""},
    watches=65536,
    instances=128,
)


def judge(name: str, **changes: object) -> Finding:
    """The one finding of that name on a fit machine with these changes."""
    found = [entry for entry in findings(dataclasses.replace(FIT, **changes)) if entry.name == name]
    assert len(found) == 1
    return found[0]


def test_a_fit_machine_has_nothing_to_mend():
    found = findings(FIT)
    assert healthy(found)
    assert {entry.level for entry in found} == {"ok"}
    assert not any(entry.remedy for entry in found)


def test_a_protected_glob_that_names_no_file_is_a_warning(repo: Path):
    found = judge("protect", protects_nothing=("tets/**",))
    assert (found.level, found.what) == ("warning", "tets/** names no file in git")
    (repo / "SPEC.md").write_text("---\ncockpit:\n  protect: [tets/**, README.md]\n---\n")
    assert probe(repo).protects_nothing == ("tets/**",)


@pytest.mark.parametrize("program", ["git", "tmux"])
def test_a_missing_program_is_an_error_that_names_what_to_install(program: str):
    finding = judge(program, **{program: None})
    assert finding.level == "error"
    assert finding.what == f"{program} is not installed"
    assert finding.remedy.startswith(f"install {program} ")


@pytest.mark.parametrize(("program", "words"), [("git", "git version 2.34.1"), ("tmux", "tmux 3.1c")])
def test_a_program_that_is_too_old_is_an_error_that_says_what_it_lacks(program: str, words: str):
    finding = judge(program, **{program: words})
    assert finding.level == "error"
    assert words in finding.what
    assert finding.what.endswith("is missing")


def test_versions_are_read_from_what_programs_really_print():
    assert version("git version 2.39.5 (Apple Git-154)") == (2, 39)
    assert version("tmux next-3.6") == (3, 6)
    assert version("tmux 3.10") == (3, 10)
    assert version("tmux master") is None
    assert lack(TMUX, "tmux master") == ""
    assert lack(GIT, "git version 2.100.0") == ""


def test_commits_without_an_identity_are_an_error_before_the_first_one_fails():
    finding = judge("identity", identity="")
    assert finding.level == "error"
    assert "user.name" in finding.remedy


def test_an_identity_that_git_guesses_is_a_warning():
    assert judge("identity", identity="root <root@box.example>", guessed=True).level == "warning"


def test_an_old_python_and_another_system_are_errors():
    assert judge("python", python=(3, 10, 1)).level == "error"
    assert judge("system", system="Darwin").level == "error"


@pytest.mark.parametrize("term", ["", "dumb"])
def test_a_terminal_that_cannot_move_its_cursor_is_a_warning(term: str):
    assert judge("terminal", environment={"TERM": term}).level == "warning"


@pytest.mark.parametrize(
    ("term", "colorterm", "no_color", "depth"),
    [
        ("xterm-256color", "truecolor", "", "truecolor"),
        ("xterm-256color", "24bit", "", "truecolor"),
        ("xterm-direct", "", "", "truecolor"),
        ("screen-256color", "", "", "256 colours"),
        ("xterm", "", "", "16 colours"),
        ("dumb", "", "", "unknown"),
        ("xterm-256color", "truecolor", "1", "none (NO_COLOR)"),
    ],
)
def test_colours_are_told_by_the_conventions(term: str, colorterm: str, no_color: str, depth: str):
    assert colour_depth(term, colorterm, no_color) == depth


def test_sixteen_colours_and_a_locale_that_is_not_utf8_are_warnings():
    assert judge("colours", environment={"TERM": "xterm"}).level == "warning"
    finding = judge("text", encoding="ANSI_X3.4-1968")
    assert finding.level == "warning"
    assert "UTF-8" in finding.remedy


def test_no_colour_by_choice_is_fine():
    assert judge("colours", environment={"TERM": "xterm", "NO_COLOR": "1"}).level == "ok"


def test_the_users_tmux_is_advised_and_never_changed():
    options = {"set-clipboard": "external", "allow-passthrough": "off", "escape-time": "500"}
    advice = {name: judge(name, tmux_options=options) for name in ("clipboard", "passthrough", "escape")}
    assert {finding.level for finding in advice.values()} == {"warning"}
    assert advice["clipboard"].remedy == "tmux set -s set-clipboard on"
    assert "allow-passthrough on" in advice["passthrough"].remedy
    assert advice["escape"].remedy == "tmux set -s escape-time 20"


def test_a_well_set_tmux_is_fine():
    options = {"set-clipboard": "on", "allow-passthrough": "all", "escape-time": "10"}
    assert {judge(name, tmux_options=options).level for name in ("clipboard", "passthrough", "escape")} == {"ok"}


def test_a_tmux_without_the_passthrough_option_always_passes():
    assert judge("passthrough", tmux_options={"set-clipboard": "on"}).level == "ok"


def test_no_agent_on_the_path_is_a_warning_for_the_demo_and_the_shell_need_none():
    finding = judge("agents", agents={"claude": False, "codex": False})
    assert finding.level == "warning"
    assert "shell" in finding.remedy


def test_an_agent_without_a_key_is_told_with_the_places_for_one():
    found = findings(dataclasses.replace(FIT, strangers={"claude": ("ANTHROPIC_API_KEY", "~/.claude/x.json")}))
    (told,) = (entry for entry in found if "claude has no key" in entry.what)
    assert told.level == "warning"
    assert told.remedy == "log in with it, or set one of ANTHROPIC_API_KEY, ~/.claude/x.json"
    assert healthy(found)


def test_a_broken_agent_file_is_told_with_its_place():
    found = findings(dataclasses.replace(FIT, broken_agents=("/x/mine.toml: command is empty",)))
    assert any(entry.level == "warning" and "/x/mine.toml" in entry.what for entry in found)
    assert healthy(found)


@pytest.mark.parametrize(
    ("kills", "lingers", "level"),
    [(None, None, "ok"), (False, None, "ok"), (True, True, "ok"), (True, False, "warning"), (True, None, "warning")],
)
def test_a_logout_that_kills_delegates_is_told(kills: bool | None, lingers: bool | None, level: str):
    assert judge("logout", kills_on_logout=kills, lingers=lingers).level == level


def test_a_folder_that_cannot_be_written_is_an_error_with_its_name():
    finding = judge("folders", folders={"/nowhere": "Read-only file system"})
    assert finding.level == "error"
    assert finding.what == "/nowhere: Read-only file system"


def test_low_limits_of_inotify_are_a_warning():
    assert judge("inotify", watches=1024).level == "warning"
    assert judge("inotify", instances=16).level == "warning"
    assert judge("inotify", watches=None).level == "warning"


def test_each_finding_is_one_line_and_its_remedy_another():
    words = str(Finding(name="git", level="error", what="git is not installed", remedy="install git"))
    assert words.splitlines()[0] == "✗ git         git is not installed"
    assert words.splitlines()[1].strip() == "→ install git"


def test_the_probe_of_this_machine_finds_what_the_tests_need(repo: Path):
    seen = probe(repo)
    assert seen.git is not None
    assert seen.git.startswith("git version")
    assert seen.tmux is not None
    assert seen.identity == "Ada <ada@example.org>"
    assert seen.python == sys.version_info[:3]
    assert "claude" in seen.agents
    assert "rehearsal" not in seen.agents
    assert set(seen.folders.values()) == {""}


def test_the_probe_tells_a_guessed_identity_from_a_configured_one(repo: Path):
    assert probe(repo).guessed is False
    (Path(os.environ["HOME"]) / ".gitconfig").unlink()
    assert probe(repo).guessed is True


def test_the_probe_reads_the_tmux_around_it_and_leaves_it_as_it_was(repo: Path, monkeypatch: pytest.MonkeyPatch):
    def tmux(*args: str) -> str:
        command = ["tmux", "-L", "users", "-f", "/dev/null", *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    tmux("new-session", "-d", "-s", "mine", "sleep 60")
    tmux("set", "-s", "escape-time", "321")
    before = tmux("show", "-s"), tmux("show", "-gw"), tmux("list-sessions", "-F", "#{session_name}")
    socket = tmux("display-message", "-p", "-t", "mine", "#{socket_path}")
    monkeypatch.setenv("TMUX", f"{socket},1,0")
    assert probe(repo).tmux_options["escape-time"] == "321"
    assert (tmux("show", "-s"), tmux("show", "-gw"), tmux("list-sessions", "-F", "#{session_name}")) == before


def test_without_tmux_around_no_server_is_started(repo: Path):
    probe(repo)
    assert not list(Path(os.environ["TMUX_TMPDIR"]).glob("tmux-*/*"))


def doctor(cwd: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cockpit", "doctor", *args],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_doctor_in_the_shell_gives_json_and_exits_zero_when_healthy(tmp_path: Path):
    done = doctor(tmp_path, "--json", TERM="xterm-256color")
    report = json.loads(done.stdout)
    assert report["healthy"] is True
    assert done.returncode == 0
    assert {"name", "level", "what"} <= set(report["checks"][0])


def test_the_doctor_exits_one_when_git_is_missing_and_still_says_the_rest(tmp_path: Path):
    done = doctor(tmp_path, PATH=str(tmp_path))
    assert done.returncode == 1
    assert "✗ git         git is not installed" in done.stdout
    assert "install tmux 3.2 or newer" in done.stdout
    assert "✓ python" in done.stdout
    assert done.stderr == ""
