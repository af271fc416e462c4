"""The log of a pane has an end: what is too long is cut while tmux goes on writing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cockpit.act import pane
from tests.act.conftest import until


def test_a_log_that_is_too_long_keeps_its_end_and_its_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pane, "LOG_CAP", 10_000)
    monkeypatch.setattr(pane, "KEPT", 1_000)
    log = tmp_path / "pane.log"
    with subprocess.Popen(["sh", "-c", f"exec cat >> {log}"], stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        writer.stdin.write(b"".join(b"line %d\n" % number for number in range(2000)))
        writer.stdin.flush()
        until(lambda: log.exists() and log.read_bytes().endswith(b"line 1999\n"), "the lines")
        assert pane.trim(log)
        assert not pane.trim(log)
        writer.stdin.write(b"after\n")
    lines = log.read_text().splitlines()
    assert lines[0].startswith("[what stood here")
    assert lines[1].startswith("line ")
    assert lines[-2:] == ["line 1999", "after"]
    assert log.stat().st_size < 1_200


def test_a_log_that_is_not_there_is_not_too_long(tmp_path: Path):
    assert not pane.trim(tmp_path / "none")
