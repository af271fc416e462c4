"""Sections beside the queue: their items, their lines and where these lead, what is known to fail."""

from __future__ import annotations

import pytest

from cockpit.spec import Kind, failures, open_failures, parse, references

SPEC = b"""\
## Pending
- [ ] ask Ada for the key
## Acceptance criteria
- [x] it starts ^a1
## Known failures
- [ ] `tests/test_a.py::test_b` assert 1 == 2 (push, 2026-11-21 10:12) ^f1
- [-] `build` no space (ci, 2026-11-20 09:00) ^f2
- [ ] the socket test flaps at night ^f3
- [x] was never so ^f4
## Code map
- cockpit/cli.py:12 every command
- `cockpit/spec/` the document
- the reader: [parse](cockpit/spec/parse.py:24), begin here
- just words
## Runbooks
1. [Release](<docs/runbooks/how to release.md>)
- https://example.org/a/b?c the old one
### Old
- [ ] docs/old.md: rotten ^r1
```
- docs/no.md
```
"""


def test_each_section_gives_its_items_in_order():
    document = parse(SPEC)
    assert [item.text for item in document.of(Kind.PENDING)] == ["ask Ada for the key"]
    assert [item.id for item in document.of(Kind.ACCEPTANCE)] == ["a1"]
    assert [item.id for item in document.of(Kind.FAILURES)] == ["f1", "f2", "f3", "f4"]
    assert document.of(Kind.BACKLOG) == ()


def test_a_known_failure_says_what_fails_how_and_who_told_of_it():
    found = failures(parse(SPEC))
    assert [(one.key, one.words, one.source, one.at) for one in found[:3]] == [
        ("tests/test_a.py::test_b", "assert 1 == 2", "push", "2026-11-21 10:12"),
        ("build", "no space", "ci", "2026-11-20 09:00"),
        ("", "the socket test flaps at night", "", ""),
    ]


def test_open_failures_are_those_neither_struck_nor_ticked():
    assert [one.item.id for one in open_failures(parse(SPEC))] == ["f1", "f3"]


def test_lines_of_the_code_map_lead_to_places():
    found = references(parse(SPEC), Kind.CODE_MAP)
    assert [(one.target, one.at, one.words) for one in found] == [
        ("cockpit/cli.py", 12, "every command"),
        ("cockpit/spec/", 0, "the document"),
        ("cockpit/spec/parse.py", 24, "the reader parse begin here"),
        ("", 0, "just words"),
    ]
    assert [one.line for one in found] == [11, 12, 13, 14]


def test_runbooks_are_links_paths_or_addresses():
    found = references(parse(SPEC), Kind.RUNBOOKS)
    assert [(one.target, one.words, one.web) for one in found[:2]] == [
        ("docs/runbooks/how to release.md", "Release", False),
        ("https://example.org/a/b?c", "the old one", True),
    ]


@pytest.mark.parametrize("kind", list(Kind))
def test_an_absent_section_is_empty(kind: Kind):
    assert parse(b"").of(kind) == ()
    assert references(parse(b"words\n- a/b\n"), kind) == ()
