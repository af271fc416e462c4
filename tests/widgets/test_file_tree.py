"""The tree of files: folders told on one line, a cursor that stands on files."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.widgets.stage import Stage, lines_of
from widgets.file_tree import FileTree, Leaf, tree

LEAVES = [
    Leaf("src/lantern/fetch.py", "M", (("+12", "ok"), ("-3", "alert")), (("✗9", "alert"),)),
    Leaf("src/lantern/io/read.py", "A", (("+2", "ok"),)),
    Leaf("README.md", "D", (("-9", "alert"),)),
    Leaf("tests/deep/down/test_fetch.py", "R", (), (("out", "warn"),)),
]


def test_a_folder_that_holds_but_another_is_told_with_it():
    assert [(branch.name, branch.depth) for branch in tree(LEAVES)] == [
        ("src/lantern/", 0),
        ("io/", 1),
        ("read.py", 2),
        ("fetch.py", 1),
        ("tests/deep/down/", 0),
        ("test_fetch.py", 1),
        ("README.md", 0),
    ]


async def test_the_cursor_stands_on_files_and_says_which():
    files = FileTree()
    async with Stage(files).run_test(size=(30, 10)) as pilot:
        files.set_files(LEAVES)
        await pilot.pause()
        assert lines_of(pilot.app)[:7] == [
            "   src/lantern/",
            "    io/",
            "▌  A read.py               +2",
            "  M fetch.py ✗9        +12 -3",
            "   tests/deep/down/",
            "  R test_fetch.py out",
            " D README.md               -9",
        ]
        await pilot.press("j", "j", "enter")
        assert [message.path for message in pilot.app.told(FileTree.Highlighted)] == [LEAVES[0].path, LEAVES[3].path]
        assert [message.path for message in pilot.app.told(FileTree.Chosen)] == [LEAVES[3].path]
        files.select("README.md")
        assert files.selected == "README.md"
        files.set_files(LEAVES[:3])
        assert files.selected == "README.md"
        assert len(pilot.app.told(FileTree.Highlighted)) == 2


async def test_a_name_goes_before_its_counts():
    files = FileTree()
    async with Stage(files).run_test(size=(20, 4)) as pilot:
        files.set_files([Leaf("a_long_name_of_a_file.py", "M", (("+12", "ok"),), (("✗9", "alert"),))])
        await pilot.pause()
        assert lines_of(pilot.app)[0] == "▌M a_long…ile.py ✗9"


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map("/".join), unique=True, max_size=20))
@settings(deadline=None, max_examples=200)
def test_every_file_is_in_the_tree_once_below_its_folders(paths: list[str]):
    found = tree([Leaf(path) for path in paths])
    assert sorted(branch.leaf.path for branch in found if branch.leaf) == sorted(paths)
    folders: list[str] = []
    for branch in found:
        del folders[branch.depth :]
        folders.append(branch.name)
        if branch.leaf:
            assert "".join(folders) == branch.leaf.path
