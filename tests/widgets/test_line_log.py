from __future__ import annotations

from tests.widgets.stage import Stage, lines_of
from tests.widgets.wire import on_wire
from widgets.line_log import LineLog, sgr_segments

SIZE = (30, 10)


async def test_a_log_follows_its_end():
    log = LineLog()
    async with Stage(log).run_test(size=SIZE) as pilot:
        log.append(f"line {i}" for i in range(50))
        await pilot.pause()
        assert lines_of(pilot.app)[-1] == " line 49"
        log.append(["line 50"])
        await pilot.pause()
        assert lines_of(pilot.app)[-1] == " line 50"


async def test_scrolling_up_stops_following_and_the_end_follows_again():
    log = LineLog()
    async with Stage(log).run_test(size=SIZE) as pilot:
        log.append(f"line {i}" for i in range(50))
        await pilot.pause()
        await pilot.press("k")
        assert not log.follow
        shown = lines_of(pilot.app)
        log.append(["more"])
        await pilot.pause()
        assert lines_of(pilot.app) == shown
        await pilot.press("G")
        assert log.follow
        await pilot.pause()
        assert lines_of(pilot.app)[-1] == " more"
        log.scroll_to(y=3, animate=False)
        assert not log.follow


async def test_a_full_ring_drops_the_oldest_and_the_reader_s_lines_stay_put():
    log = LineLog(maxlen=40)
    async with Stage(log).run_test(size=SIZE) as pilot:
        log.append(f"line {i}" for i in range(40))
        await pilot.pause()
        await pilot.press("k", "k", "k", "ctrl+u")
        await pilot.pause()
        here = log.copy_text()
        shown = lines_of(pilot.app)
        log.append(f"fresh {i}" for i in range(5))
        await pilot.pause()
        assert log.row_count == 40
        assert log.lines[0] == "line 5"
        assert log.copy_text() == here
        assert lines_of(pilot.app) == shown


async def test_a_filter_looks_at_the_words_not_at_their_colours():
    log = LineLog()
    async with Stage(log).run_test(size=SIZE) as pilot:
        log.append(["\x1b[31mfail\x1b[0mure 1", "fine", "failure 31m"])
        log.set_filter("failure")
        await pilot.pause()
        assert lines_of(pilot.app)[:3] == [" failure 1", " failure 31m", ""]
        log.append(["fine", "failure 4"])
        await pilot.pause()
        assert lines_of(pilot.app)[2] == " failure 4"


async def test_another_log_is_shown_from_its_end():
    log = LineLog()
    async with Stage(log).run_test(size=SIZE) as pilot:
        log.append(f"a {i}" for i in range(30))
        await pilot.press("k")
        log.show([f"b {i}" for i in range(30)])
        await pilot.pause()
        assert lines_of(pilot.app)[-1] == " b 29"
        log.clear()
        await pilot.pause()
        assert set(lines_of(pilot.app)) == {""}
        log.append(["c"])
        await pilot.pause()
        assert lines_of(pilot.app)[0] == " c"


def test_colours_are_read_and_nothing_else():
    plain, red, bold, rest = sgr_segments("a\x1b[31mb\x1b[1;38;5;200mc\x1b[0m\x1b[2Jd")
    assert (plain.text, red.text, bold.text) == ("a", "b", "c")
    assert red.style is not None
    assert red.style.color is not None
    assert red.style.color.name == "red"
    assert bold.style is not None
    assert bold.style.bold
    assert rest.text == "\x1b[2Jd"  # what is left of an escape is made harmless when it is painted


def test_any_parameters_of_a_colour_are_survived():
    for codes in ("38", "38;5", "38;2;1;2", "38;2;999;0;0", ";;", "38:2::1:2:3", "1" * 50, "107;3;4;9"):
        assert sgr_segments(f"\x1b[{codes}mx")[-1].text == "x"


async def test_one_paint_per_batch_and_none_for_what_is_not_seen():
    log = LineLog()

    async def session(pilot, wire):
        log.append(f"line {i}" for i in range(50))
        await pilot.press("g")
        await pilot.pause()
        wire.take()
        log.append(f"more {i}" for i in range(100_000 // 1000))
        await pilot.pause()
        assert len(wire.take()) < 40  # the scrollbar at most

    await on_wire(Stage(log), session, size=SIZE)
