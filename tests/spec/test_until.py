"""When an item that was put off is put off no longer."""

from __future__ import annotations

from datetime import datetime

import pytest

from cockpit.spec import parse, until

NOW = datetime(2026, 11, 21, 12, 0)
SPEC = """\
## Queue
- [>] one ^q1
  - until: {}
- [x] over ^q2
- [x] accepted, not merged yet ^q3
  - branch: delegate/q3
- [x] merged ^q4
  - branch: delegate/q4
  - merged: 4f1c2aa
- [ ] open ^q5
"""


def over(words: str) -> str:
    document = parse(SPEC.format(words).encode())
    return until.over(document.queue[0], document.item, NOW.timestamp())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("q2", "q2 is done"),
        ("^q4 is done", "q4 is done"),
        ("q3", ""),
        ("q5", ""),
        ("q9", ""),
        ("q1", ""),
        ("2026-11-21", "it is 2026-11-21"),
        ("2026-11-21 12:00", "it is 2026-11-21 12:00"),
        ("2026-11-21 12:01", ""),
        ("2026-13-45", ""),
        ("after 1.0", ""),
        ("", ""),
    ],
)
def test_it_ends_with_an_item_that_is_done_or_a_time(words: str, why: str):
    assert over(words) == why


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("30m", "2026-11-21 12:30"),
        ("2h", "2026-11-21 14:00"),
        ("in 3 days", "2026-11-24 12:00"),
        ("45", "2026-11-21 12:45"),
        ("q2", "q2"),
        ("after 1.0", "after 1.0"),
    ],
)
def test_a_span_is_written_as_the_time_it_means(said: str, written: str):
    assert until.moment(said, NOW) == written
