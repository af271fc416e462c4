"""A diff as data: files, numbers on both sides, pairs, and lines around that did not change."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.unified import LONGEST, parse_diff, widen
from widgets.words import changed_words


def git(repo: Path, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=repo, check=True, capture_output=True, text=True).stdout


def committed(repo: Path, files: dict[str, str | bytes]) -> str:
    for name, text in files.items():
        path = repo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "x")
    return git(repo, "rev-parse", "HEAD").strip()


def test_every_kind_of_change_has_its_letter_and_counts(repo: Path):
    before = committed(
        repo,
        {
            "gone.txt": "a\nb\n",
            "old name.txt": "one\ntwo\nthree\nfour\n",
            "kept.txt": "x\n",
            "b.bin": b"\0\1",
            "run": "#",
        },
    )
    (repo / "gone.txt").unlink()
    (repo / "old name.txt").rename(repo / "new name.txt")
    (repo / "run").chmod(0o755)
    after = committed(
        repo,
        {
            "new name.txt": "one\ntwo\nthree\n4\n",
            "kept.txt": "x\ny\n",
            "b.bin": b"\0\2",
            "src/ünd.py": "x = 1\n",
            'odd"\\.txt': "",
        },
    )
    diff = parse_diff(git(repo, "-c", "core.quotePath=false", "diff", "-M", before, after))
    told = {file.path: (file.status, file.added, file.removed) for file in diff.files}
    assert told == {
        "b.bin": ("M", 0, 0),
        "gone.txt": ("D", 0, 2),
        "kept.txt": ("M", 1, 0),
        "new name.txt": ("R", 1, 1),
        'odd"\\.txt': ("A", 0, 0),
        "run": ("M", 0, 0),
        "src/ünd.py": ("A", 1, 0),
    }
    assert diff.file("old name.txt") == diff.file("new name.txt")
    assert [file.path for file in diff.files if file.binary] == ["b.bin"]


def test_lines_are_found_by_their_number_on_either_side():
    diff = parse_diff("diff --git a/x b/x\n@@ -3,3 +3,3 @@ def f():\n a\n--- b\n+++ c\n d\n")
    assert [(row.kind, row.old, row.new) for row in diff.rows] == [
        ("file", None, None),
        ("hunk", 3, 3),
        ("same", 3, 3),
        ("removed", 4, None),
        ("added", None, 4),
        ("same", 5, 5),
    ]
    assert (diff.find("x", 4), diff.find("x", 4, old=True)) == (4, 3)
    assert (diff.find("x", 0), diff.find("x", 9), diff.find("y", 1)) == (0, None, None)
    assert diff.pairs == {3: 4, 4: 3}


def test_a_diff_without_git_s_header_and_one_with_names_beyond_ascii():
    diff = parse_diff("--- a/x\t2026\n+++ b/x\t2026\n@@ -1 +1 @@\n-a\n+b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n")
    assert [file.path for file in diff.files] == ["x", "y"]
    assert [row.kind for row in diff.rows] == ["file", "hunk", "removed", "added"] * 2
    diff = parse_diff(
        "diff --git a/old name b/new name\nsimilarity index 100%\nrename from old name\nrename to new name\n"
    )
    assert (diff.files[0].path, diff.files[0].before) == ("new name", "old name")


def test_lines_that_did_not_change_are_put_in_where_they_stand():
    diff = parse_diff("diff --git a/x b/x\n@@ -1 +1,3 @@\n a\n+b\n+c\n@@ -50 +52 @@\n-y\n+z\n")
    wider = widen(diff, "x", 20, ["t", "u"], "named by check 9")
    assert [row.text for row in wider.rows] == [
        "x", "@@ 1", " a", "+b", "+c", "@@ 20 named by check 9", " t", " u", "@@ 52", "-y", "+z",
    ]  # fmt: skip
    assert wider.rows[6][2:] == (18, 20)
    assert wider.pairs == {9: 10, 10: 9}
    other = widen(diff, "src/other.py", 7, ["n"], "")
    assert (other.files[-1].path, other.files[-1].status, other.find("src/other.py", 7)) == ("src/other.py", " ", 10)
    first = widen(wider, "x", 30, ["q"], "")
    assert first.find("x", 30) == 9
    assert parse_diff("").files == []


def test_a_line_without_end_is_cut():
    diff = parse_diff(f"diff --git a/x b/x\n@@ -0,0 +1 @@\n+{'a' * 10_000}\n")
    assert len(diff.rows[-1].text) == LONGEST


def test_changed_words_are_marked_where_the_lines_are_alike():
    old, new = "time.sleep(2 ** attempt)", "time.sleep(2 ** attempt + jitter)"
    assert changed_words(old, new) == ((), ((23, 32),))
    assert changed_words("return a", "total = 12345") == ((), ())
    assert changed_words("a" * 500, "a" * 499 + "b") == ((), ())


@given(st.text(alphabet="+-@ ,1\nab\\dif", max_size=200))
@settings(deadline=None, max_examples=200)
def test_no_text_is_too_odd_for_a_diff(text: str):
    diff = parse_diff(text)
    assert all(diff.rows[file.row].kind == "file" for file in diff.files)
    assert all(diff.pairs[other] == row for row, other in diff.pairs.items())


@given(st.text(alphabet="ab (,\t", max_size=60), st.text(alphabet="ab (,\t", max_size=60))
@settings(deadline=None, max_examples=200)
def test_what_is_left_of_both_lines_is_the_same(old: str, new: str):
    gone, come = changed_words(old, new)

    def left(text: str, spans: tuple[tuple[int, int], ...]) -> str:
        return "".join(char for at, char in enumerate(text) if not any(first <= at < end for first, end in spans))

    assert not (gone or come) or left(old, gone) == left(new, come)
