"""What lies between two commits as a human reads it, and the lines of either side."""

from __future__ import annotations

import subprocess

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import close, sides


def git(places: Places, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=places.root, check=True, capture_output=True, text=True).stdout.strip()


def commit(places: Places, name: str, text: str) -> str:
    path = places.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    git(places, "add", "-A")
    git(places, "commit", "-qm", "x")
    return git(places, "rev-parse", "HEAD")


def test_a_diff_says_renames_whatever_the_human_s_configuration(places: Places):
    git(places, "config", "diff.noprefix", "true")
    git(places, "config", "diff.renames", "false")
    git(places, "config", "color.diff", "always")
    one = commit(places, "src/ä.py", "a\nb\nc\n")
    git(places, "mv", "src/ä.py", "b.py")
    two = commit(places, "c.py", "")
    data, cut = sides.between(places, one, two)
    assert "diff --git a/src/ä.py b/b.py" in data.decode()
    assert not cut
    close()


def test_what_is_too_large_is_cut_at_a_line(places: Places, monkeypatch: pytest.MonkeyPatch):
    one = commit(places, "a", "")
    two = commit(places, "a", "line\n" * 1000)
    monkeypatch.setattr(sides, "MOST", 500)
    data, cut = sides.between(places, one, two)
    assert cut
    assert data.endswith(b"+line\n")
    close()


def test_the_lines_of_a_file_in_a_commit(places: Places):
    one = commit(places, "src/a.py", "x\n\ny")
    git(places, "switch", "-qc", "other")
    two = commit(places, "b", "z\n")
    git(places, "switch", "-q", "-")
    three = commit(places, "c", "")
    assert sides.lines(places, one, "src/a.py") == ["x", "", "y"]
    assert sides.lines(places, three, "c") == []
    assert sides.lines(places, one, "src") is None
    assert sides.lines(places, one, "b") is None
    assert sides.lines(places, "--help", "b") is None
    assert sides.fork(places, two, three) == one
    with pytest.raises(CockpitError):
        sides.fork(places, two, "nobody")
    close()


def test_a_commit_shows_what_it_changed_against_its_first_parent_the_spec_aside(places: Places):
    first = commit(places, "a.py", "a = 1\n")
    git(places, "switch", "-qc", "side")
    commit(places, "b.py", "b = 1\n")
    commit(places, places.spec_name, "## Goal\nNone of it.\n")
    git(places, "switch", "-q", "-")
    git(places, "merge", "-q", "--no-ff", "-m", "Join\n\nBecause.", "side")
    shown = sides.shown(places, git(places, "rev-parse", "--short=12", "HEAD"))
    assert (shown.subject, shown.message, shown.files) == ("Join", "Join\n\nBecause.", ("b.py",))
    assert "+b = 1" in shown.diff
    assert places.spec_name not in shown.diff
    root = git(places, "rev-list", "--max-parents=0", "HEAD")
    assert sides.shown(places, root).id == root
    assert "+a = 1" in sides.shown(places, "HEAD", base=f"{first}~1").diff
    close()
