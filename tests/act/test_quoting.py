"""What a brief quotes of the system opens no structure, and never grows without bound (R112, R116)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.act.quoting import DIFF, LONGEST, Pattern, Quoted, fence, parts, pattern


def test_a_part_says_where_it_is_from_and_keeps_its_indent():
    told = parts([Quoted("src/a.py:2-3 at 3f9c", "    return 1\n\n", "it stands at line 9 now")])
    assert told == "`src/a.py:2-3 at 3f9c` (it stands at line 9 now):\n\n```\n    return 1\n```"


def test_a_part_that_is_gone_says_only_that():
    assert parts([Quoted("commit 3f9c", "", "git has no such commit any more")]) == (
        "`commit 3f9c` (git has no such commit any more)."
    )


def test_a_pattern_without_a_merged_result_says_so():
    told = "`q1` (Cap it) has no merged result: it was named as the pattern, go on without it."
    assert pattern(Pattern("q1", "Cap it")) == told


def test_a_pattern_shows_merge_summary_files_and_diff():
    told = pattern(Pattern("q1", "Cap it", "3f9c (Merge)", "Capped.\n# not a heading", ["a.py"], "+x = 1\n"))
    assert "merged as 3f9c (Merge)" in told
    assert "> Capped.\n> # not a heading" in told
    assert "- `a.py`" in told
    assert told.endswith("```diff\n+x = 1\n```")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("`~#-\n\r a[]"), max_size=300))
def test_nothing_inside_closes_the_fence(text: str):
    rows = fence(text, LONGEST).split("\n")
    ticks = rows[0]
    assert rows[-1] == ticks
    assert not any(row.strip().startswith(ticks) for row in rows[1:-1])


def test_what_is_long_is_cut_and_says_how_much_is_left_out():
    told = fence("\n".join(f"line {number}" for number in range(9000)), DIFF)
    assert len(told) < DIFF + 100
    assert "lines more" in told
    assert len(fence("x" * 100_000, LONGEST)) < 1000
