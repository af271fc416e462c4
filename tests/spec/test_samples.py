"""What `from:` names, read from its words and written back (R116)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import parse
from cockpit.spec.samples import Sample, sample, samples


def test_lines_a_file_a_commit_and_a_signal_are_told_apart():
    assert sample("src/a.py:12-20@3f9c2a1b7d04") == Sample("file", "src/a.py", "3f9c2a1b7d04", 12, 20)
    assert sample("`src/a b.py:12@3f9c2a1`") == Sample("file", "src/a b.py", "3f9c2a1", 12, 12)
    assert sample("src/a.py@3f9c2a1b7d04") == Sample("file", "src/a.py", "3f9c2a1b7d04")
    assert sample("commit 3f9c2a1b7d04") == Sample("commit", commit="3f9c2a1b7d04")
    assert sample("signal tests/a.py::test_b") == Sample("signal", "tests/a.py::test_b")


def test_where_else_an_item_may_come_from_is_no_part():
    item = parse(b"## Queue\n- [ ] a ^q1\n  - from: q1 turn 2 #1\n  - from: a1\n  - from: commit 3f9c2a1b7d04\n").item(
        "q1"
    )
    assert item is not None
    assert [part.place for part in samples(item)] == ["commit 3f9c2a1b7d04"]


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(r"[a-zA-Z0-9_./-]{1,30}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    st.integers(1, 9_999),
    st.integers(0, 500),
)
def test_what_is_written_is_read_back(path: str, commit: str, first: int, more: int):
    part = Sample("file", path, commit, first, first + more)
    assert sample(part.value) == part
