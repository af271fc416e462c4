"""The small ones: key bar, status line, checklist."""

from __future__ import annotations

from tests.widgets.stage import Stage, lines_of
from widgets.checklist import Check, Checklist
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
