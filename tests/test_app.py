"""The app on a real pseudo-terminal: what reaches the terminal, what leaves it quiet, what gives it back."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import Project, project
from tests.screens.test_main import HOSTILE

__all__ = ["project"]

PROGRAM = """
import sys
from pathlib import Path
from cockpit.app import CockpitApp
from cockpit.paths import places
app = CockpitApp(places(cwd=Path(sys.argv[1])), connect=False)
app.run()
"""


class Terminal:
    """The app in a pseudo-terminal of 160x45."""

    def __init__(self, root: Path, **environment: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
        known = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | environment
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(root)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=known,
            start_new_session=True,
        )
        os.close(slave)
        self.seen = b""

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, seconds: float) -> bytes:
        """What arrives until nothing has for `seconds`."""
        found = b""
        while select.select([self.master], [], [], seconds)[0]:
            try:
                part = os.read(self.master, 65536)
            except OSError:
                break
            if not part:
                break
            found += part
        self.seen += found
        return found

    def wait(self, words: bytes, since: int = 0) -> None:
        """Until these bytes have come; fails after twenty seconds."""
        end = time.monotonic() + 20
        while words not in self.seen[since:]:
            assert time.monotonic() < end, (words, self.seen[since:][-2000:])
            self.read(0.05)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(project: Project) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def start(**environment: str) -> Terminal:
        opened.append(Terminal(project.root, **environment))
        opened[-1].wait(b"Queue")
        opened[-1].read(0.7)
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    "keys", ["", "i", ":", "?", "R", "\r"], ids=["main", "prompt", "palette", "help", "goal", "review"]
)
def test_nothing_happens_nothing_is_sent(terminal, keys: str):
    """Design, law 7: not one byte in two seconds, whatever is open."""
    screen = terminal()
    if keys:
        screen.press(keys)
        screen.read(1.0)
    assert screen.read(2.0) == b""


def test_hostile_bytes_in_log_and_spec_do_not_reach_the_terminal(project: Project, terminal):
    project.places.spec.write_text(project.spec.replace("Import OPML", f"Import {HOSTILE[:-1]}"))
    (project.places.turn("q3", 1) / "pane.log").write_text(HOSTILE[:-1] + "\n")
    screen = terminal()
    screen.press("4w")
    screen.read(0.7)
    for bad in (b"\x1b]0;owned", b"\x1b[2J\x1b[31m", b"]52;c;cm0gLXJm", b"\xe2\x80\xae", b"\xc2\x9b", b"AKIAIOSFODNN7"):
        assert bad not in screen.seen


def test_quitting_gives_the_terminal_back(terminal):
    screen = terminal()
    screen.press("j")
    screen.press("q")  # at once: what the last key started must not complain
    screen.wait(b"`cockpit stop` ends the engine.")
    assert screen.process.wait(10) == 0
    assert b"Warning" not in screen.seen


def test_no_color_sends_no_colour(terminal):
    screen = terminal(NO_COLOR="1")
    import re

    colours = re.findall(rb".{0,40}\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7])(?:;[0-9;]*)?m.{0,30}", screen.seen)
    assert colours == []


def test_the_editor_opens_the_spec_and_the_screen_comes_back(project: Project, terminal, tmp_path: Path):
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nfor file; do :; done\nprintf '\\n- [ ] From the editor ^q99\\n' >> \"$file\"\n")
    editor.chmod(0o755)
    spec = project.places.spec
    spec.write_text(project.spec[: project.spec.index("## Acceptance")].rstrip() + "\n")
    screen = terminal(EDITOR=str(editor))
    since = len(screen.seen)
    screen.press("E")
    screen.wait(b"From the editor", since)
    screen.press("q")
    assert screen.process.wait(10) == 0


def test_the_screen_comes_back_from_an_editor_that_is_not_there(terminal):
    screen = terminal(EDITOR="/nowhere/editor")
    since = len(screen.seen)
    screen.press("E")
    screen.wait(b"the editor did not start", since)
    screen.press("q")
    assert screen.process.wait(10) == 0


def test_attach_goes_to_the_delegate_and_back(project: Project, terminal):
    tmux = ["tmux", "-L", project.places.tmux, "-f", "/dev/null"]
    subprocess.run([*tmux, "new-session", "-d", "-s", "ck-q2-1", "sh -c 'echo THE-DELEGATE; cat'"], check=True)
    screen = terminal()
    since = len(screen.seen)
    screen.press("t")
    screen.wait(b"THE-DELEGATE", since)
    since = len(screen.seen)
    subprocess.run([*tmux, "detach-client", "-s", "ck-q2-1"], check=True)
    screen.wait(b"Delegates", since)
    assert subprocess.run([*tmux, "has-session", "-t", "=ck-q2-1"], check=False).returncode == 0
    screen.press("q")
    until(screen, lambda: screen.process.poll() is not None)
    assert screen.process.returncode == 0


LEADS = """
## Code map
- src/lantern/fetch.py:3 where feeds come from
- gone.py nothing is here
- ../../etc/passwd:1 not ours
## Runbooks
- [Release it](<docs/$(touch owned);.md>)
"""


def test_enter_on_a_line_that_leads_somewhere_opens_that_file(project: Project, terminal, tmp_path: Path):
    """Nothing of the line is ever a word of a shell; what isn't there or lies outside is told."""
    (tmp_path / "bin").mkdir()
    editor = tmp_path / "bin" / "vim"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" >> {tmp_path}/opened\n')
    editor.chmod(0o755)
    project.write("docs/$(touch owned);.md", "Tag it.\n")
    project.places.spec.write_text(project.spec + LEADS)
    screen = terminal(EDITOR=f"{editor} -n", VISUAL="")
    for keys in "1G\r":
        screen.press(keys)
        screen.read(0.5)
    until(screen, lambda: (tmp_path / "opened").exists())
    screen.press("kk\r")
    screen.wait(b"that lies outside the repository")
    screen.press("k\r")
    screen.wait(b"no such file in the repository")
    screen.press("k\r")
    opened = tmp_path / "opened"
    until(screen, lambda: opened.read_text().count("\n") == 7)
    release, fetch = project.root / "docs/$(touch owned);.md", project.root / "src/lantern/fetch.py"
    assert opened.read_text().splitlines() == ["2", "-n", str(release), "3", "-n", "+3", str(fetch)]
    assert not list(project.root.glob("**/owned"))


def until(screen: Terminal, condition: Callable[[], bool]) -> None:
    """Until it is so; what the screen writes meanwhile is read."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, screen.seen[-2000:]
        screen.read(0.05)
