"""Every test lives in a world of its own: home, state, tmux sockets, git identity and clock zone."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.paths import Places
from cockpit.paths import places as find_places

LEAKS = ("NO_COLOR", "TEXTUAL_THEME", "TMUX", "TMUX_PANE", "EDITOR", "VISUAL", "XDG_CONFIG_HOME", "COCKPIT_AGENTS")

os.environ["TZ"] = "UTC"  # before the first test module is read: some name a time of day
time.tzset()


@pytest.fixture(autouse=True)
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the developer's own machine is read or written; tmux servers die with the test."""
    import shutil
    import tempfile

    home = tmp_path / "home"
    home.mkdir()
    sockets = Path(tempfile.mkdtemp(prefix="ck"))  # short: a socket path holds 107 bytes
    for name in LEAKS:
        monkeypatch.delenv(name, raising=False)
    for name in [key for key in os.environ if key.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(sockets))
    monkeypatch.setenv("TMUX_TMPDIR", str(sockets))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n"
    )
    yield
    for socket in sockets.glob("tmux-*/*"):
        subprocess.run(["tmux", "-S", str(socket), "kill-server"], capture_output=True, check=False)
    shutil.rmtree(sockets, ignore_errors=True)


@pytest.fixture
def midday(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is about noon here: what tells days apart may be asked about an hour ago at any hour of the machine."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", f"MID{time.gmtime().tm_hour - 12:+d}")  # POSIX: hours west of Greenwich
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def git(repo: Path) -> Callable[..., str]:
    """Run git in the repository: `git("log", "-1")` gives what it printed, stripped."""

    def run(*args: str, cwd: Path = repo) -> str:
        return subprocess.run(["git", *args], cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A fresh repository on branch main with one commit of `README.md`."""
    root = tmp_path / "repo"
    root.mkdir()
    (root / "README.md").write_text("# A project\n")
    for args in (["init", "-q"], ["add", "README.md"], ["commit", "-qm", "Start"]):
        subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)
    return root


@pytest.fixture
def places(repo: Path) -> Places:
    """Where everything of `repo` lies; the folders are made."""
    found = find_places(cwd=repo)
    found.make()
    return found
