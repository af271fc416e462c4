# ruff: noqa: E501 (lines of logs are as long as they are)
"""Lines that somebody wrote to hurt: each is answered at once, and nothing is remembered without bound."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense.extract import Extractor
from cockpit.sense.extract.extractor import DIGITS, STREAMS, TABLE
from tests.sense.extract.lines import log

SEEDS = (
    "a", ".", "/", " ", ":", "::", "a.", "a/", "a-", "[", "(", "a(", "1", "1,", "1:", "_", "-", "=", "x.py:", "x.py:1:", "é",
    "a::", " > ", "a b", "\\", "'", '"', "at ", "E ", "Error", "Error: ", "a.Error", "PASSED ", "not ok ", "npm ERR! ", "->",
    "\t", "http://", "a@b", "<<< ", "[gw0] ", "1 passed, ", "Tests run: 1, ", "bump ", " from 1",
)  # fmt: skip
STARTS = sorted({start for each in TABLE for start in [*each.starts.split("|"), *each.marks] if start} | set(DIGITS))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_pattern_goes_back_and_forth_over_a_line(seed: str):
    extractor = Extractor()  # a pattern that does would take minutes here
    for start in ("", *STARTS):
        for end in (": error", " FAILED", "!"):
            extractor.read(log((start + seed * (1000 // len(seed)))[: 1000 - len(end)] + end))


def test_a_megabyte_on_one_line_is_read_at_its_beginning():
    (event,) = Extractor().feed(log("tests/a.py::t FAILED" + " " * 1_000_000, run="r"))
    assert len(event.what) < 2_000_100
    assert Extractor().read(log("x" * 1_000_000)) is None


WORDS = st.sampled_from(
    [
        "Traceback (most recent call last):", 'File "a.py", line 1, in f', "KeyError: 1", "a.c:1:2: error: x", "FAILED a/b.py::c - d",
        "=== FAILURES ===", "=== 1 failed in 0.1s ===", "not ok 1 - x", "---", "...", "error[E1]: x", "--> a.rs:1:2", "1 passing (3ms)",
        "1 failing", "thread 'm' panicked at a.rs:1:2:", "stack backtrace:", "at f (a.js:1:2) {", "}", "npm ERR! code E1",
        "x(a.B)  Time elapsed: 1 s  <<< ERROR!", "-a==1", "+a==2", "No space left on device", "CONFLICT (content): Merge conflict in a",
        "Job succeeded", "plain words",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(WORDS, st.text(max_size=80)), max_size=40), st.sampled_from(["", "r-1"]))
def test_any_lines_in_any_order_are_read_and_keep_the_number_of_a_line(lines: list[str], run: str):
    extractor = Extractor()
    for number, line in enumerate(lines, 1):
        for event in extractor.feed(log(line, run=run, number=number)):
            assert 1 <= event.id <= number
            assert event.key
            assert event.what
            if event.kind == "ci.run":
                assert not run


def test_streams_and_jobs_are_bounded():
    extractor = Extractor()
    for number in range(STREAMS * 3):
        extractor.feed(log("No space left on device: failed", source="s", key=f"job {number}", run=f"r-{number}"))
    assert len(extractor._streams) <= STREAMS  # pyright: ignore[reportPrivateUsage]
    assert len(extractor._jobs) <= STREAMS + 1  # pyright: ignore[reportPrivateUsage]
