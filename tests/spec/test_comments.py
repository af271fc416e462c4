"""What a human says about a line of a result, as the spec holds it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import edit, parse
from cockpit.spec.comments import Comment, comment, comments, place


def test_a_comment_says_where_what_stands_there_and_the_words():
    found = comment("`src/a.py:12` on `time.sleep(2)`: add jitter")
    assert found == Comment("src/a.py", 12, "add jitter", "time.sleep(2)")
    assert found.value == "`src/a.py:12` on `time.sleep(2)`: add jitter"
    assert comment("`src/a.py:-12` on `x`: why?") == Comment("src/a.py", 12, "why?", "x", gone=True)


def test_by_hand_the_place_and_the_words_are_enough():
    assert comment("src/a.py:12 add jitter") == Comment("src/a.py", 12, "add jitter")
    assert comment("`docs/my notes.md`: too long") == Comment("docs/my notes.md", 0, "too long")
    assert comment("please: fewer files") == Comment("", 0, "please: fewer files")
    assert comment("src/a.py:12") is None
    assert comment("") is None


def test_a_place_is_read_as_it_is_written():
    assert place("a:b.py:3") == ("a:b.py", 3, False)
    assert place("a.py:-3") == ("a.py", 3, True)
    assert place("a.py:0") == ("a.py:0", 0, False)
    assert place("a.py") == ("a.py", 0, False)


WORDS = st.text(alphabet="ab`: on12^-*[]", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(WORDS, st.integers(0, 99), WORDS, st.sampled_from(["", "x = 1", "`a` on `b`: c", "``", "a `"]), st.booleans())
@settings(deadline=None, max_examples=200)
def test_a_comment_comes_back_from_the_spec_as_it_was(path: str, line: int, words: str, quote: str, gone: bool):
    flat = " ".join(words.split())
    name = " ".join(path.replace(":", "").split()) or "a"
    meant = Comment(name, line, flat.lstrip(":").strip() or "x", quote, gone and line > 0)
    data = edit.add_field(b"## Queue\n- [ ] Do ^q1\n", "q1", "comment", meant.value)
    item = parse(data).item("q1")
    assert item is not None
    assert comments(item) == [meant]
