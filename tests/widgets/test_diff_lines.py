"""Reading a diff: gutter, hunks, files, long lines, and what was said about lines."""

from __future__ import annotations

from tests.widgets.stage import Stage, lines_of
from widgets.diff_lines import DiffLines, Remark
from widgets.unified import parse_diff

DIFF = """\
diff --git a/README.md b/README.md
@@ -1,2 +1,3 @@
 # A project
+more
 end
@@ -40 +41 @@ def f():
-    return fetch(url, 10)
+    return fetch(url, timeout=10)
diff --git a/b.txt b/b.txt
deleted file mode 100644
@@ -1 +0,0 @@
-gone
"""


async def test_numbers_of_both_sides_stand_before_the_lines():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(50, 20)) as pilot:
        pane.show(DIFF)
        await pilot.pause()
        lines = [line[1:].rstrip(" ─") for line in lines_of(pilot.app)]
        assert lines[:10] == [
            "README.md +2 -1",
            "      @@ 1",
            " 1  1  # A project",
            "    2 +more",
            " 2  3  end",
            "      @@ 41 def f():",
            "40    -    return fetch(url, 10)",
            "   41 +    return fetch(url, timeout=10)",
            "b.txt deleted +0 -1",
            "      @@ 0",
        ]


async def test_keys_go_by_hunk_and_by_file():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(50, 20)) as pilot:
        pane.show(DIFF)
        for key, row in (("}", 1), ("J", 5), ("}", 9), ("{", 5), ("K", 1), ("]", 8), ("[", 0), ("[", 0)):
            await pilot.press(key)
            assert pane.cursor == row, key
        assert len(pilot.app.told(DiffLines.Moved)) == 7
        await pilot.press("enter")
        assert len(pilot.app.told(DiffLines.Chosen)) == 1


async def test_only_changed_words_are_marked():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(60, 20)) as pilot:
        pane.show(DIFF)
        await pilot.pause()
        plain = pane.base_style.bgcolor
        marked = [part.text for part in pane.render_line(7) if part.style and part.style.bgcolor != plain]
        assert "".join(marked) == "timeout="


async def test_the_end_of_a_long_line_is_a_key_away():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(30, 5)) as pilot:
        pane.show(f"diff --git a/x b/x\n@@ -0,0 +1 @@\n+{''.join(f'{n:04}' for n in range(40))}\n")
        await pilot.pause()
        assert lines_of(pilot.app)[2].endswith("…")
        await pilot.press("right")
        assert "+0004" in lines_of(pilot.app)[2]
        await pilot.press("left", "left")
        assert "+0000" in lines_of(pilot.app)[2]


async def test_what_is_said_about_a_line_stands_below_it_and_marks_the_margin():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(40, 20)) as pilot:
        pane.show(DIFF)
        pane.remark({3: [Remark("say more than more, for the reader's sake", "warn", "9")], 4: [Remark("fine", "ok")]})
        await pilot.pause()
        lines = lines_of(pilot.app)
        assert lines[3:7] == [
            " 9     2 +more",
            "         │ say more than more, for the",
            "         │ reader's sake",
            "    2  3  end",
        ]
        assert lines[7] == "         │ fine"
        await pilot.press("j", "j", "j")
        assert pane.cursor == 3
        pane.remark({})
        await pilot.pause()
        assert lines_of(pilot.app)[4].strip() == "2  3  end"


async def test_another_diff_of_the_same_files_keeps_the_line_one_stands_on():
    pane = DiffLines()
    async with Stage(pane).run_test(size=(40, 6)) as pilot:
        pane.show(DIFF)
        pane.goto(7)
        await pilot.pause()
        assert pane.here is not None
        assert pane.here.new == 41
        pane.show(parse_diff("diff --git a/A b/A\n@@ -1 +1 @@\n-a\n+b\n" + DIFF), stay=True)
        assert (pane.file.path, pane.here.new) == ("README.md", 41)
        pane.show("")
        assert pane.here is None
        await pilot.press("}", "]", "j", "enter")
