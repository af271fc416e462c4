"""The small ones: key bar, status line, checklist, diff."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.widgets.stage import Stage, lines_of
from widgets.checklist import Check, Checklist
from widgets.diff_lines import DiffLines, parse_diff
from widgets.key_bar import KeyBar
from widgets.status_line import Segment, StatusLine

KEYS = [("j", "down", True), ("a", "accept", False), ("m", "mute", True), ("?", "help", True)]


async def test_a_key_bar_leaves_out_from_the_right_but_never_help():
    bar = KeyBar()
    async with Stage(bar).run_test(size=(60, 3)) as pilot:
        bar.set_keys(KEYS)
        for width, shown in (
            (60, " j down  a accept  m mute  ? help"),
            (30, " j down  a accept  ? help"),
            (20, " j down  ? help"),
            (8, " ? help"),
        ):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            assert lines_of(pilot.app)[0] == shown


async def test_help_and_the_way_out_are_never_left_out():
    bar = KeyBar()
    async with Stage(bar).run_test(size=(30, 3)) as pilot:
        bar.set_keys([*KEYS, ("q", "quit", True)])
        await pilot.pause()
        assert lines_of(pilot.app)[0] == " j down  ? help  q quit"


async def test_clicking_presses_an_enabled_key():
    bar = KeyBar()
    async with Stage(bar).run_test(size=(60, 3)) as pilot:
        bar.set_keys(KEYS)
        await pilot.pause()
        for x in (2, 10, 20, 28, 50):
            await pilot.click(bar, offset=(x, 0))
        assert [message.key for message in pilot.app.told(KeyBar.Pressed)] == ["j", "m", "?"]


async def test_a_narrow_status_line_drops_what_matters_least():
    line = StatusLine()
    async with Stage(line).run_test(size=(40, 3)) as pilot:
        line.set_segments(
            [Segment("loop on", "ok", 2), Segment("main")], [Segment("2 wait", "warn", 3), Segment("old")]
        )
        for width, shown in (
            (40, " loop on  main" + " " * 14 + "2 wait  old"),
            (24, " loop on  main   2 wait"),
            (18, " loop on   2 wait"),
            (10, "   2 wait"),
        ):
            await pilot.resize_terminal(width, 3)
            await pilot.pause()
            assert lines_of(pilot.app)[0] == shown


async def test_the_first_check_that_did_not_pass_is_open():
    checks = Checklist()
    async with Stage(checks).run_test(size=(40, 10)) as pilot:
        checks.set_checks(
            [
                Check(1, "merges", "pass", "clean"),
                Check(2, "lockfile", "fail", "uv.lock changed\nwithout pyproject.toml, which is odd enough"),
                Check(3, "data", "n/a"),
                Check(4, "tests", "broken", "no command"),
            ]
        )
        await pilot.pause()
        assert lines_of(pilot.app)[:7] == [
            "  1 ✓ merges                    clean",
            "▌ 2 ✗ lockfile",
            "▌     uv.lock changed",
            "▌     without pyproject.toml, which is",
            "▌     odd enough",
            "  3 · data",
            "  4 ! tests                     no com…",
        ]
        await pilot.press("j", "enter")
        await pilot.pause()
        assert lines_of(pilot.app)[2] == "▌ 3 · data"
        assert [message.number for message in pilot.app.told(Checklist.Chosen)] == [3]


async def test_a_diff_is_read_file_by_file(repo: Path):
    (repo / "b.txt").write_text("one\n-- two\n++ three\n")
    subprocess.run(["git", "add", "b.txt"], cwd=repo, check=True)
    subprocess.run(["git", "commit", "-qm", "x"], cwd=repo, check=True)
    (repo / "b.txt").write_text("one\nthree\n++ three\n")
    (repo / "README.md").write_text("# A project\nmore\n")
    diff = subprocess.run(["git", "diff"], cwd=repo, check=True, capture_output=True, text=True).stdout
    pane = DiffLines()
    async with Stage(pane).run_test(size=(50, 20)) as pilot:
        pane.show(diff)
        await pilot.pause()
        assert [(file.path, file.added, file.removed) for file in pane.files] == [("README.md", 1, 0), ("b.txt", 1, 1)]
        lines = [line.strip("▌ ─") for line in lines_of(pilot.app)]
        assert lines[:4] == ["README.md +1 -0", "@@ 1", "1  # A project", "2 +more"]
        assert "--- two" in lines
        await pilot.press("n")
        assert pane.file is not None
        assert pane.file.path == "b.txt"
        await pilot.press("p")
        assert pane.cursor == 0


def test_a_diff_without_git_s_header_and_one_with_names_beyond_ascii():
    rows, files = parse_diff(
        "--- a/x\t2026\n+++ b/x\t2026\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"
    )
    assert [file.path for file in files] == ["x", "y"]
    assert [row.kind for row in rows] == ["file", "hunk", "removed", "added"] * 2
    _, files = parse_diff(
        "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n"
    )
    assert files[0].path == "new name"


@given(st.text(alphabet="+-@ ,1\nab\\dif", max_size=200))
def test_no_text_is_too_odd_for_a_diff(text: str):
    rows, files = parse_diff(text)
    assert all(rows[file.row].kind == "file" for file in files)
