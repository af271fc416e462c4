"""The driver and the display on a real pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pyte

APP = """
from textual.app import App
from widgets.line_log import LineLog
from widgets.terminal import DiffDisplay, quiet_driver

class Small(DiffDisplay, App):
    BINDINGS = [("x", "exit", "Exit")]
    def compose(self):
        yield LineLog()
    def on_mount(self):
        log = self.query_one(LineLog)
        log.append(["hello \\x1b]0;owned\\x07 pty", "\\x1b[2Jsecond", "\\x9b31mthird"])
        log.focus()
    def action_exit(self):
        self.exit()

Small(driver_class=quiet_driver()).run()
"""


def run(keys_when_seen: dict[str, str]) -> str:
    """Run the app on a pty of 60x12; when a text is seen, press a key. All that the terminal got."""
    master, slave = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "LINES": "12", "COLUMNS": "60"}
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", APP], stdin=slave, stdout=slave, stderr=slave, cwd=root, env=environ, close_fds=True
    )
    os.close(slave)
    data, waiting, deadline = b"", dict(keys_when_seen), time.monotonic() + 30
    try:
        while time.monotonic() < deadline:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    data += os.read(master, 65536)
                except OSError:
                    break
            elif process.poll() is not None:
                break
            for text in [text for text in waiting if text.encode() in data]:
                os.write(master, waiting.pop(text).encode())
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return data.decode()


def test_the_driver_asks_for_clicks_and_wheel_only_and_leaves_the_terminal_clean():
    data = run({"third": "x"})
    before = re.sub(r"\x1b\[[<>]\d*u", "", data.split("\x1b[?1049l")[0])  # kitty's keys, which pyte does not know
    modes = re.findall(r"\x1b\[\?(\d+)h", data)
    assert {"1000", "1006"} <= set(modes)
    assert not {"1002", "1003", "1015"} & set(modes)
    for mode in ("1000", "1003", "1006", "1049", "2004", "1004"):
        assert f"\x1b[?{mode}l" in data
    assert "owned" in before
    assert "\x1b]0;owned" not in data
    screen = pyte.Screen(60, 12)
    pyte.Stream(screen).feed(before)
    assert screen.display[0].strip() == "hello ·]0;owned· pty"
    assert screen.display[1].strip() == "·[2Jsecond"
    assert screen.display[2].strip() == "·31mthird"
