from __future__ import annotations

from rich.text import Text

from tests.widgets.stage import Stage, lines_of
from widgets.ranked_list import Column, RankedList, Row

COLUMNS = (Column("rank", 4, "right"), Column("what"), Column("age", 3))


def row(name: str, what: str = "") -> Row:
    return Row(name, ("12", what or f"the {name}", "2m"))


def rows(names: str) -> list[Row]:
    return [row(name) for name in names]


def order(app: Stage) -> str:
    return "".join(line.split()[2] for line in (line.strip("▌ ") for line in lines_of(app)) if line)


async def test_columns_are_aligned_and_cropped():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(25, 5)) as pilot:
        ranked.set_rows([Row("a", ("1", "日本語 and more words", "2m")), Row("b", (Text("12345"), Text("x"), "now!"))])
        await pilot.pause()
        assert lines_of(pilot.app)[:2] == ["▌   1 日本語 and mo… 2m", " 123… x              no…"]


async def test_a_column_that_fits_leaves_what_it_does_not_need_to_the_others():
    ranked = RankedList(Column("what"), Column("why", share=2, fits=True))
    async with Stage(ranked).run_test(size=(31, 5)) as pilot:
        ranked.set_rows([Row("a", ("all of these many words", "why")), Row("b", ("few", "words"))])
        await pilot.pause()
        assert lines_of(pilot.app)[0].startswith("▌all of these many words")
        assert lines_of(pilot.app)[0].rstrip().endswith("why")
        ranked.set_rows([Row("a", ("all of these many words", "now it says why at length"))])
        await pilot.pause()
        assert lines_of(pilot.app)[0].startswith("▌all of t… now it")


async def test_the_selection_follows_the_id():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows(rows("abcd"))
        await pilot.press("j")
        assert ranked.selected == "b"
        ranked.set_rows(rows("dcab"))
        await pilot.pause()
        assert ranked.selected == "b"
        assert ranked.cursor == 3
        assert order(pilot.app) == "dcab"
        ranked.set_rows(rows("dca"))
        assert ranked.selected == "a"
        await pilot.pause()
        assert [message.id for message in pilot.app.told(RankedList.Highlighted)][-2:] == ["b", "a"]


async def test_a_re_rank_renders_no_row_again():
    rendered: list[str] = []

    class Counting(RankedList):
        def render_row(self, index: int, width: int):
            rendered.append(self.rows[index].id)
            return super().render_row(index, width)

    ranked = Counting(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows(rows("abcd"))
        await pilot.pause()
        rendered.clear()
        ranked.set_rows(rows("adbc"))
        await pilot.pause()
        assert rendered == []
        assert order(pilot.app) == "adbc"
        ranked.set_rows([*rows("ad"), row("b", "changed thing"), row("c")])
        await pilot.pause()
        assert rendered == ["b"]


async def test_while_frozen_the_order_stands_and_new_rows_wait():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows(rows("abc"))
        ranked.frozen = True
        ranked.set_rows([row("x"), row("c", "news c"), row("y"), row("a")])
        await pilot.pause()
        assert [kept.id for kept in ranked.rows] == ["a", "b", "c"]
        assert ranked.rows[1].tone == "dim"
        assert "news c" in lines_of(pilot.app)[2]
        assert ranked.pending == "+2 new, 1 gone"
        ranked.set_rows([row("x"), *rows("abc")])
        assert ranked.rows[1] == row("b")
        assert ranked.pending == "+1 new"
        ranked.thaw()
        await pilot.pause()
        assert order(pilot.app) == "xabc"
        assert ranked.pending == ""
        assert ranked.selected == "a"
        assert not ranked.frozen


async def test_choosing_tells_the_id():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows(rows("abc"))
        await pilot.press("j", "enter")
        assert [message.id for message in pilot.app.told(RankedList.Chosen)] == ["b"]
        assert ranked.select("c")
        assert not ranked.select("nobody")
        assert ranked.selected == "c"


async def test_a_filter_survives_a_re_rank():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows([row("a", "tests fail"), row("b", "lint"), row("c", "tests slow")])
        ranked.set_filter("tests")
        ranked.set_rows([row("c", "tests slow"), row("b", "lint"), row("a", "tests fail")])
        await pilot.pause()
        assert [line.split("tests ")[1].split()[0] for line in lines_of(pilot.app)[:2]] == ["slow", "fail"]


def titled(*names: str) -> list[Row]:
    """Rows; those in capitals are headings."""
    return [Row(name, ("12", f"the {name}", "2m"), heading=name.isupper()) for name in names]


async def test_the_cursor_passes_over_headings_and_never_rests_on_one():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 4)) as pilot:
        ranked.set_rows(titled("A", "b", "C", "D", "e", "f", "G"))
        assert ranked.selected == "b"
        seen: list[str | None] = []
        for key in ("j", "k", "k", "G", "k", "g", "pagedown", "pageup"):
            await pilot.press(key)
            seen.append(ranked.selected)
        assert seen == ["e", "b", "b", "f", "e", "b", "e", "b"]
        assert not ranked.select("C")
        ranked.set_rows(titled("b", "C", "e"))
        ranked.set_rows(titled("C", "e"))
        assert ranked.selected == "e", "its row is gone: the next one that can be selected"
        ranked.set_rows(titled("A", "B"))
        assert ranked.selected is None


async def test_a_heading_is_seen_again_when_the_cursor_comes_back_below_it():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 3)) as pilot:
        ranked.set_rows(titled("A", *"bcdef"))
        await pilot.press("G", "g")
        await pilot.pause()
        assert "the A" in lines_of(pilot.app)[0]


async def test_a_filter_leaves_headings_out():
    ranked = RankedList(*COLUMNS)
    async with Stage(ranked).run_test(size=(30, 8)) as pilot:
        ranked.set_rows(titled("A", "b", "C", "e"))
        ranked.set_filter("the")
        await pilot.pause()
        assert order(pilot.app) == "be"
