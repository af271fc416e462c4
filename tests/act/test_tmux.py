"""Sessions on a private, real tmux server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cockpit.act import tmux
from cockpit.errors import CockpitError
from cockpit.paths import Places
from tests.act.conftest import until


@pytest.fixture
def server(places: Places) -> Iterator[Places]:
    yield places
    tmux.stop_server(places)


def test_names_are_made_of_harmless_letters():
    assert tmux.name("q1", 2) == "ck-q1-2"
    assert tmux.name("Q1#(touch /tmp/x):.;'", 1) == "ck-Q1touchtmpx-1"


def test_the_installed_tmux_is_new_enough():
    assert tmux.version() >= (3, 2)


def test_a_session_runs_its_words_without_a_shell_and_is_tapped_from_the_first_byte(server: Places, tmp_path: Path):
    folder = tmp_path / "it's a #(touch pwned) turn"
    folder.mkdir()
    log = folder / "pane.log"
    assert tmux.start(server, "ck-a-1", ["printf", "%s|", "a b", "#(touch pwned)", "$HOME", ";"], folder)
    until(lambda: log.read_bytes().startswith(b"a b|#(touch pwned)|$HOME|;|"), "the tap")
    assert not list(tmp_path.rglob("pwned"))
    assert log.stat().st_mode & 0o077 == 0
    shown = until(lambda: tmux.sessions(server).get("ck-a-1"), "the session")
    until(lambda: tmux.sessions(server)["ck-a-1"].dead, "the end of the command")
    assert shown.name == "ck-a-1"
    until(lambda: "Pane is dead" in tmux.screen(server, "ck-a-1"), "the session that stays to be looked at")


def test_a_session_is_started_once(server: Places, tmp_path: Path):
    assert tmux.start(server, "ck-a-1", ["sleep", "60"], tmp_path)
    before = tmux.sessions(server)
    assert not tmux.start(server, "ck-a-1", ["sleep", "60"], tmp_path)
    assert tmux.sessions(server) == before


def test_targets_are_exact(server: Places, tmp_path: Path):
    tmux.start(server, "ck-a-10", ["sleep", "60"], tmp_path)
    assert not tmux.exists(server, "ck-a-1")
    assert tmux.screen(server, "ck-a-1") == ""
    assert not tmux.key(server, "ck-a-1", "Escape")


def test_the_server_knows_no_keys_of_ours(server: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVICE_TOKEN", "hunter2hunter2")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    log = tmp_path / "pane.log"
    tmux.start(server, "ck-a-1", ["sh", "-c", "env; echo END"], tmp_path)
    until(lambda: b"END" in log.read_bytes(), "the environment")
    assert b"hunter2" not in log.read_bytes()
    assert b"GIT_DIR" not in log.read_bytes()
    assert b"TERM=tmux-256color" in log.read_bytes()
    assert "hunter2" not in tmux.run(server, "show-environment", "-g").stdout.decode()


def test_a_tap_path_with_odd_characters_is_refused(server: Places, tmp_path: Path):
    odd = replace(server, runtime=tmp_path / "#(touch pwned)")
    with pytest.raises(CockpitError, match="odd characters"):
        tmux.start(odd, "ck-a-1", ["true"], tmp_path)


def test_no_server_no_sessions(server: Places):
    assert tmux.sessions(server) == {}
    assert not tmux.exists(server, "ck-a-1")


def test_pasted_text_cannot_end_the_paste_early(server: Places, tmp_path: Path):
    heard = tmp_path / "heard"
    reader = r"stty -echo -icanon min 1; printf '\033[?2004h'; echo READY; exec dd bs=1 of="
    tmux.start(server, "ck-a-1", ["sh", "-c", f"{reader}{heard}"], tmp_path)
    until(lambda: "READY" in tmux.screen(server, "ck-a-1"), "the reader")
    assert tmux.paste(server, "ck-a-1", "one\ntwo\x1b[201~\x03rm -rf\n")
    until(lambda: heard.exists() and heard.read_bytes().endswith((b"\r", b"~\n")), "what was typed")
    said = heard.read_bytes().replace(b"\r", b"\n")
    assert said == b"\x1b[200~one\ntwo[201~rm -rf\x1b[201~\n"


def test_how_to_get_there_depends_on_where_you_are(places: Places):
    ours = ["tmux", "-L", places.tmux]
    assert tmux.attach_command(places, "ck-a-1", {}) == [*ours, "attach-session", "-t", "=ck-a-1"]
    inside = {"TMUX": f"/tmp/tmux-0/{places.tmux},123,0"}
    assert tmux.attach_command(places, "ck-a-1", inside) == [*ours, "switch-client", "-t", "=ck-a-1"]
    elsewhere = tmux.attach_command(places, "ck-a-1", {"TMUX": "/tmp/tmux-0/default,123,0"})
    assert elsewhere[:2] == ["tmux", "new-window"]
    assert elsewhere[-4:] == [places.tmux, "attach-session", "-t", "=ck-a-1"]


def test_from_the_users_own_tmux_a_window_opens_on_the_session(server: Places, tmp_path: Path):
    tmux.start(server, "ck-a-1", ["sleep", "60"], tmp_path)
    mine = ["tmux", "-L", "mine", "-f", "/dev/null"]
    subprocess.run([*mine, "new-session", "-d", "-s", "me", "sleep", "60"], check=True)
    try:
        socket = subprocess.run(
            [*mine, "display-message", "-p", "#{socket_path}"], check=True, capture_output=True, text=True
        ).stdout.strip()

        command = tmux.attach_command(server, "ck-a-1", {"TMUX": f"{socket},1,0"})
        subprocess.run(command, env={**os.environ, "TMUX": f"{socket},1,0"}, check=True)
        attached = lambda: tmux.run(server, "list-clients", "-t", "=ck-a-1").stdout  # noqa: E731
        until(attached, "a client on the session")
    finally:
        subprocess.run([*mine, "kill-server"], check=True)


def test_how_a_command_died_is_a_fact(server: Places, tmp_path: Path):
    died = tmp_path / "died"
    tmux.start(server, "ck-a-1", ["sh", "-c", "exit 3"], tmp_path)
    until(lambda: died.exists() and died.read_text() == "status=3 signal=\n", "its exit status")
    tmux.start(server, "ck-a-2", ["sh", "-c", "kill -9 $$"], tmp_path)
    until(lambda: died.read_text() == "status= signal=9\n", "its signal")


def test_every_bell_is_a_fact(server: Places, tmp_path: Path):
    bell, again = tmp_path / "bell", tmp_path / "again"
    script = f"printf '\\a'; while [ ! -e {again} ]; do sleep 0.02; done; printf '\\a'; sleep 60"
    tmux.start(server, "ck-a-1", ["sh", "-c", script], tmp_path)
    until(bell.exists, "the first bell")
    bell.unlink()
    again.touch()
    until(bell.exists, "the second bell")
