from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.stage import Stage, lines_of
from widgets.markdown_lines import MarkdownLines, _common
from widgets.markdown_style import ROLES, scan, spans

SIZE = (40, 20)
DOC = ["# Title", "", "- [ ] open item ^q1", "- [x] done", "```", "# code", "```", "words " * 20, "end"]


def kinds(lines: list[str]) -> list[str]:
    carry, found = "", []
    for row in range(len(lines)):
        kind, carry = scan(lines, row, carry)
        found.append(kind)
    return found


def roles(line: str) -> dict[str, str]:
    return {role: line[start:end] for start, end, role in spans(line, "text")}


def test_one_scan_tells_fences_front_matter_and_comments():
    lines = ["---", "a: 1", "---", "text", "~~~", "# x", "~~~", "<!-- a", "b", "-->", "text <!-- c --> more", "`` ` ``"]
    assert kinds(lines) == ["front"] * 3 + ["text"] + ["fence"] * 3 + ["comment"] * 3 + ["text"] * 2


def test_a_longer_fence_is_not_closed_by_a_shorter_one():
    assert kinds(["````", "```", "````", "x"]) == ["fence"] * 3 + ["text"]


def test_each_mark_has_its_own_role():
    assert [next(iter(set(roles(f"- [{mark}] x")) - {"bullet", "done-text", "struck-text"})) for mark in " /?x->!"] == [
        "mark-open", "mark-running", "mark-needs", "mark-done", "mark-struck", "mark-deferred", "mark-blocked",
    ]  # fmt: skip


def test_the_parts_of_a_line():
    assert roles("  - verify: `pytest` **now** ^q2") == {
        "bullet": "-", "field": "verify:", "code": "`pytest`", "strong": "**now**", "id": "^q2",
    }  # fmt: skip
    assert roles("## Head ^h") == {"heading": "## Head ^h", "id": "^h"}
    assert roles("see [a](http://b) <!-- no -->") == {"link": "[a](http://b)", "comment": "<!-- no -->"}
    assert roles("a*b*c 2 * 3 * 4 snake_case_name") == {}


@given(st.text(max_size=80))
def test_every_line_has_spans_within_itself(line: str):
    for start, end, role in spans(line, "text"):
        assert 0 <= start <= end <= len(line)
        assert role in ROLES


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_what_two_documents_share_is_found_at_both_ends(old: list[str], new: list[str]):
    head, tail = _common(old, new)
    assert old[:head] == new[:head]
    assert old[len(old) - tail :] == new[len(new) - tail :]
    assert head + tail <= min(len(old), len(new))


async def test_source_lines_are_shown_as_they_are_with_their_margin():
    pane = MarkdownLines()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.show(DOC, marks={3: "●"}, changed={3: "added", 4: "changed"})
        await pilot.pause()
        lines = lines_of(pilot.app)
        assert lines[0] == "▌   # Title"
        assert lines[2] == " +● - [ ] open item ^q1"
        assert lines[3] == " ~  - [x] done"


async def test_long_lines_wrap_under_their_words_and_are_one_row():
    pane = MarkdownLines()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.show(["- [ ] " + "words " * 10, "end"])
        await pilot.pause()
        lines = lines_of(pilot.app)
        assert lines[0].startswith("▌   - [ ] words")
        assert lines[1].startswith("▌         words")
        await pilot.press("j")
        assert pane.cursor_line == 2
        await pilot.resize_terminal(100, 20)
        await pilot.pause()
        assert lines_of(pilot.app)[1] == "▌   end"


class Counting(MarkdownLines):
    def __init__(self) -> None:
        super().__init__()
        self.rendered: list[str] = []

    def render_row(self, index: int, width: int):
        self.rendered.append(self.lines[index])
        return super().render_row(index, width)


async def test_an_edit_renders_only_its_line_even_when_others_move():
    pane = Counting()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.show(DOC)
        await pilot.press("G")
        pane.rendered.clear()
        pane.show([*DOC[:3], "- [/] done", *DOC[4:]])
        await pilot.pause()
        assert pane.rendered == ["- [/] done"]
        pane.rendered.clear()
        pane.show([*DOC[:3], "- new", "- [/] done", *DOC[4:]])
        await pilot.pause()
        assert pane.rendered == ["- new"]
        assert pane.cursor_line == len(DOC) + 1


async def test_the_cursor_stays_on_its_line_and_the_view_on_its_text():
    pane = MarkdownLines()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.show([f"line {i}" for i in range(100)])
        pane.goto(60)
        await pilot.pause()
        shown = lines_of(pilot.app)
        pane.show(["new 1", "new 2", *[f"line {i}" for i in range(100)]])
        await pilot.pause()
        assert lines_of(pilot.app) == shown
        assert pane.cursor_line == 62
        assert pane.copy_text() == "line 59"


async def test_marks_alone_repaint_only_their_lines():
    pane = Counting()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        pane.show(DOC)
        await pilot.pause()
        pane.rendered.clear()
        pane.show(DOC, marks={2: "●"})
        await pilot.pause()
        assert pane.rendered == [""]
        assert lines_of(pilot.app)[1] == "  ●"
        pane.show(DOC)
        await pilot.pause()
        assert lines_of(pilot.app)[1] == ""


async def test_enter_tells_the_line_and_goto_stays_inside():
    pane = MarkdownLines()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        assert pane.cursor_line == 0
        pane.show(DOC)
        pane.goto(4)
        await pilot.press("enter")
        assert [message.line for message in pilot.app.told(MarkdownLines.Selected)] == [4]
        pane.goto(1000)
        assert pane.cursor_line == len(DOC)


LINES = st.lists(
    st.sampled_from(["", "# h", "- [ ] i", "```", "~~~", "---", "<!--", "-->", "x" * 90, "日本 " * 20]), max_size=12
)


@settings(max_examples=25, deadline=None)
@given(st.lists(LINES, min_size=2, max_size=5))
async def test_after_any_edits_the_view_is_that_of_a_fresh_one(documents: list[list[str]]):
    pane, fresh = MarkdownLines(), MarkdownLines()
    async with Stage(pane).run_test(size=SIZE) as pilot:
        for document in documents:
            pane.show(document)
            await pilot.pause()
        edited = pane
        shown = [line.lstrip("▌ ") for line in lines_of(pilot.app)]
        assert edited._kinds == kinds(documents[-1])
        assert (
            edited._heights == [edited._height(line, edited.row_width) for line in documents[-1]] or not documents[-1]
        )
        pane.goto(1)
        pane.scroll_to(y=0, animate=False)
        await pilot.pause()
        shown = lines_of(pilot.app)
    async with Stage(fresh).run_test(size=SIZE) as pilot:
        fresh.show(documents[-1])
        await pilot.pause()
        assert lines_of(pilot.app) == shown
