"""From what was said to the line it is about, and what became of that line since."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.facts import Check, Spot
from cockpit.paths import Places
from cockpit.persist import close
from cockpit.screens.changes import around, tidy, unshown
from cockpit.screens.evidence import Told, anchor, fate, known, places_in, remarks, spots
from cockpit.spec.comments import Comment
from widgets.unified import parse_diff

DIFF = parse_diff("""\
diff --git a/src/a.py b/src/a.py
@@ -10,4 +10,5 @@
 one
-two
+2
+2.5
 three
 four
diff --git a/b.py b/c.py
rename from b.py
rename to c.py
@@ -1 +1 @@
-x
+y
diff --git a/gone.py b/gone.py
deleted file mode 100644
@@ -1 +0,0 @@
-z
""")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("tests/test_a.py:12: AssertionError", ("tests/test_a.py", 12)),
        ('  File "/tmp/x/src/a.py", line 7, in f', ("/tmp/x/src/a.py", 7)),
        (" --> src/main.rs:12:5", ("src/main.rs", 12)),
        ("src/a.ts(12,5): error TS2304", ("src/a.ts", 12)),
        ("FAILED tests/test_a.py::test_x - boom", ("tests/test_a.py", 0)),
        ("Makefile:3: *** missing separator", None),
        ("12 passed in 1.2s", None),
    ],
)
def test_what_programs_print_names_a_line(text: str, place: tuple[str, int] | None):
    assert (places_in(text) or [None])[0] == place


def test_a_path_is_known_by_its_end():
    assert known("/tmp/scratch/src/a.py", DIFF) == "src/a.py"
    assert known("./src/b.py", DIFF) == "src/b.py"
    assert known("b.py", DIFF) == "b.py"


def test_a_check_points_to_its_spots_else_to_what_its_evidence_names():
    told = Check(number=9, name="x", result="fail", evidence="src/a.py:10", spots=[Spot("c.py", 1), Spot("", 0, "all")])
    assert spots(told, DIFF) == [Spot("c.py", 1)]
    assert spots(Check(number=9, name="x", result="fail", evidence="see src/a.py:10, d.py:3"), DIFF) == [
        Spot("src/a.py", 10)
    ]


def test_a_line_that_is_gone_is_marked_where_it_stood():
    taken, files = Spot("src/a.py", 11, "taken out", gone=True), [Spot("gone.py", 1, "x"), Spot("gone.py", 0, "y")]
    checks = [
        Check(number=9, name="tests", result="fail", evidence="e", spots=[taken]),
        Check(number=3, name="scope", result="fail", evidence="e", spots=files),
    ]
    said = remarks(DIFF, checks, [Told(Comment("src/a.py", 11, "why?"))])
    texts = {DIFF.rows[row].text: [remark.text for remark in found] for row, found in said.items()}
    assert texts == {
        "-two": ["9 tests: taken out"],
        "+2": ["you: why?"],
        "-z": ["3 scope: x"],
        "gone.py": ["3 scope: y"],
    }


def test_a_comment_finds_its_line_when_the_numbers_have_moved():
    assert anchor(DIFF, Comment("src/a.py", 11, "w", "three")) == anchor(DIFF, Comment("src/a.py", 13, "w", "three"))
    lost = anchor(DIFF, Comment("src/a.py", 90, "w", "nowhere"))
    assert lost is not None
    assert DIFF.rows[lost].kind == "file"
    assert anchor(DIFF, Comment("other.py", 1, "w")) is None
    gone = anchor(DIFF, Comment("b.py", 1, "w", "x", gone=True))
    assert gone is not None
    assert DIFF.rows[gone].text == "-x"


def test_what_became_of_a_line_since_the_last_round():
    def told(line: int, path: str = "src/a.py") -> tuple[str, int, str]:
        comment, words = fate(DIFF, Comment(path, line, "w", "q"))
        return comment.path, comment.line, words

    assert told(3) == ("src/a.py", 3, "untouched")
    assert told(11) == ("src/a.py", 11, "the line changed")
    assert told(12) == ("src/a.py", 13, "untouched")
    assert told(40) == ("src/a.py", 41, "untouched")
    assert told(1, "b.py") == ("c.py", 1, "the line changed")
    assert told(0, "b.py") == ("c.py", 0, "the file changed")
    assert told(5, "z.py") == ("z.py", 5, "untouched")
    assert fate(None, Comment("z.py", 5, "w"))[1] == "told"


LINES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=8)


@given(LINES, LINES)
@settings(deadline=None, max_examples=100)
def test_an_untouched_line_reads_the_same_where_it_stands_now(old: list[str], new: list[str]):
    import difflib

    text = "".join(difflib.unified_diff([f"{x}\n" for x in old], [f"{x}\n" for x in new], "a/f", "b/f", n=1))
    diff = parse_diff(f"diff --git a/f b/f\n{text}" if text else "")
    for number, words in enumerate(old, 1):
        comment, became = fate(diff, Comment("f", number, "w"))
        if became == "untouched":
            assert new[comment.line - 1] == words


def test_every_line_of_a_diff_stays_a_line_whatever_is_in_it():
    key = "-----BEGIN RSA PRIVATE KEY-----"
    text = tidy(f"@@ -0,0 +1,4 @@\n+a\rb\r\n+\x1b[2Jc\u2028d\n+{key}\n+{'MIIEow' * 10}\n".encode())
    assert text.split("\n") == ["@@ -0,0 +1,4 @@", "+a b", "+c d", f"+{key}", "+[redacted]", ""]
    assert [row.kind for row in parse_diff(text).rows][-4:] == ["added"] * 4


def test_the_lines_around_one_leave_out_what_is_shown(places: Places):
    def git(*args: str) -> str:
        return subprocess.run(["git", *args], cwd=places.root, check=True, capture_output=True, text=True).stdout

    Path(places.root / "src").mkdir()
    (places.root / "src/a.py").write_text("".join(f"line {n}\n" for n in range(1, 31)))
    git("add", "-A")
    git("commit", "-qm", "x")
    head = git("rev-parse", "HEAD").strip()
    found = around(places, head, "src/a.py", 17)
    assert found is not None
    assert (found[0], len(found[1])) == (11, 13)
    first, lines = unshown(DIFF, "src/a.py", 17, *found)
    assert (first, lines[0], lines[-1]) == (15, "line 15", "line 23")
    assert around(places, head, "src/a.py", 99) is None
    assert around(places, head, "src/b.py", 1) is None
    close()
