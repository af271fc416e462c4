"""Which lines of a spec are limits, and what they name."""

from __future__ import annotations

import pytest

from cockpit import spec
from cockpit.spec.limits import Limit, limits, limits_of

SPEC = b"""\
## Goal
The exporter SHALL NOT retry `upload()`.

## Queue
- [?] Export it ^q1
  - accepted limit: `TODO` in `src/old/**` stays
  - asks: it SHALL NOT have `x`
  - review: 1 fail
- [ ] Other, it MUST NOT use `y` ^q2

## Decisions
- [x] The known limitation: `print` in "cli.py" ^d1
- [-] It SHALL NOT have `gone` ^d2

## Exchange
### q1 turn 1: done
It SHALL NOT have `z`.
"""


def test_only_the_humans_words_for_the_item_count():
    document = spec.parse(SPEC)
    item = document.item("q1")
    assert item is not None
    found = limits_of(document, item)
    assert [(limit.line, limit.names, limit.accepted) for limit in found] == [
        (2, ("upload()",), False),
        (6, ("TODO", "src/old/**"), True),
        (12, ("print", "cli.py"), True),
    ]
    assert found[2].words == 'The known limitation: `print` in "cli.py"'


@pytest.mark.parametrize(
    ("line", "path", "what", "covers"),
    [
        ("accepted limit: `TODO` in `src/old/**`", "src/old/a.py", "left for later `# TODO: x`", True),
        ("accepted limit: `TODO` in `src/old/**`", "src/new/a.py", "left for later `# TODO: x`", False),
        ("accepted limit: `TODO` in `src/old/**`", "src/old/a.py", "debugger `breakpoint()`", False),
        ("It SHALL NOT retry `upload()`", "a.py", "left for later `# upload again`", True),
        ("It SHALL NOT retry `upload()`", "a.py", "left for later `# uploads again`", False),
        ("accepted limit: src/old/a.py", "src/old/a.py", "anything", True),
        ("accepted limit: it is slow", "src/old/a.py", "it is slow", False),
    ],
)
def test_what_a_limit_covers(line: str, path: str, what: str, covers: bool):
    (limit,) = limits(line)
    assert limit.covers(path, what) is covers


def test_code_and_small_letters_are_no_limits():
    assert limits("```\nit SHALL NOT `x`\n```\nit shall not `x`\n") == []
    assert limits("") == []
    assert isinstance(limits("## It MUST NOT `x`")[0], Limit)
