"""Real editors, whose buffer is older than what Cockpit wrote meanwhile: both edits are in the file and in git."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.paths import Places
from cockpit.persist import Act
from cockpit.spec import edit

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^q1\n- [ ] two ^q2\n- [ ] three ^q3\n"
VIM = ["--clean", "-n", "--cmd", "set backupskip= shortmess+=I"]
EMACS = ["emacs", "-nw", "-Q", "--eval", "(setq use-short-answers t vc-make-backup-files t)"]
EDITORS: dict[str, tuple[list[str], list[str], list[str]]] = {
    # the command; the keys that change `two`; the keys that save, answering the editor's question
    "vim": (["vim", *VIM], ["/two", "Enter", "A", " by hand", "Escape"], [":w", "Enter", "y", "Enter"]),
    "vim with a backup": (
        ["vim", *VIM, "-c", "set backup backupcopy=no"],
        ["/two", "Enter", "A", " by hand", "Escape"],
        [":w", "Enter", "y", "Enter"],
    ),
    "nvim": (["nvim", *VIM], ["/two", "Enter", "A", " by hand", "Escape"], [":w", "Enter", "y", "Enter"]),
    "nano": (["nano", "-I"], ["C-w", "two", "Enter", "End", " by hand"], ["C-o", "Enter", "y"]),
    "emacs": (EMACS, ["C-s", "two", "Enter", "C-e", " by hand"], ["C-x", "C-s", "y"]),
    "emacs with a backup by copying": (
        [*EMACS, "--eval", "(setq backup-by-copying t)"],
        ["C-s", "two", "Enter", "C-e", " by hand"],
        ["C-x", "C-s", "y"],
    ),
}
UNDO = {"vim": ["Escape", "u"], "nvim": ["Escape", "u"], "nano": ["M-u"], "emacs": ["C-_", "y"]}


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    def run(*args: str) -> str:
        command = ["tmux", "-L", f"ed-{tmp_path.name[-20:]}", "-f", "/dev/null", *args]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    yield run
    run("kill-server")
    persist.close()


def until(what: str, condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def opened(editor: str, places: Places, tmux: Callable[..., str]) -> tuple[list[str], list[str]]:
    """The editor with the spec on its screen: the keys that change it, and those that save."""
    command, change, save = EDITORS[editor]
    for program in (command[0], "tmux"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    persist.create(places, SPEC)
    tmux("new-session", "-d", "-x", "100", "-y", "30", "-s", "e", "-c", str(places.root), *command, "SPEC.md")
    until("the editor shows the spec", lambda: "three" in tmux("capture-pane", "-p", "-t", "e"))
    return change, save


def press(row: list[str], tmux: Callable[..., str]) -> None:
    for keys in row:
        if keys == "y":
            until("the editor asks", lambda: "changed" in tmux("capture-pane", "-p", "-t", "e"))
        tmux("send-keys", "-t", "e", keys)


@pytest.mark.parametrize("editor", EDITORS)
def test_a_human_who_saves_over_what_cockpit_wrote_loses_nothing(
    editor: str, places: Places, tmux: Callable[..., str], git: Callable[..., str]
):
    change, save = opened(editor, places, tmux)
    press(change, tmux)
    until("the edit is in the buffer", lambda: "by hand" in tmux("capture-pane", "-p", "-t", "e"))
    persist.record(places, lambda data: edit.add_item(data, "four")[0], Act("add", "q4"))
    persist.record(places, lambda data: edit.set_mark(data, "q1", edit.Mark.DONE), Act("tick", "q1"))
    press(save, tmux)
    until("the save is on the disk", lambda: places.spec.exists() and b"by hand" in places.spec.read_bytes())
    data = persist.read(places)
    assert b"- [x] one ^q1\n" in data
    assert b"two ^q2 by hand\n" in data
    assert b"four ^q4\n" in data
    assert places.spec.read_bytes() == data
    persist.record(places, lambda data: edit.add_item(data, "five")[0], Act("add", "q5"))
    assert "two ^q2 by hand" in git("show", "HEAD:SPEC.md")


@pytest.mark.parametrize("editor", UNDO)
def test_what_a_human_undoes_in_an_editor_is_undone_and_the_acts_since_stay(
    editor: str, places: Places, tmux: Callable[..., str]
):
    change, save = opened(editor, places, tmux)
    press([*change, *(key for key in save if key != "y")], tmux)
    until("the save is seen", lambda: places.spec.exists() and b"by hand" in persist.read(places))
    persist.record(places, lambda data: edit.add_item(data, "four")[0], Act("add", "q4"))
    press(UNDO[editor], tmux)
    until("it is undone in the buffer", lambda: "by hand" not in tmux("capture-pane", "-p", "-t", "e"))
    press(save, tmux)
    until("the undo is seen", lambda: places.spec.exists() and b"by hand" not in persist.read(places))
    assert b"four ^q4\n" in persist.read(places)
