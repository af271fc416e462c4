"""Which finding a decision, a note or a field of an item is about: what it names, never what it is like (R290)."""

from __future__ import annotations

import pytest

from cockpit.spec import parse
from cockpit.spec.rulings import Ruling, rulings

SPEC = b"""\
---
cockpit:
  protect: [tests/**]
---
## Queue
- [ ] Write it ^q1
  - iterate: leave `retry_all()` alone
  - keep: `fetch()`, "no such user"
  - paths: src/**
- [ ] Other ^q2
  - keep: `other`

## Decisions
- [x] sessions go through `TokenStore` in `src/auth/**` ^d1
  - because: `pickle` broke in July
- [x] which clock? ^d2
  - recommended: `time.monotonic()`, never `now()`
- [x] the contract in `api/v1.yaml` is frozen ^d3
- [x] be careful with errors ^d4
- [-] `old_name` stays ^d5
  - superseded: d1
- [?] use `maybe`? ^d6
- [x] `x` is the loop variable ^d7
"""


def found() -> dict[str, Ruling]:
    document = parse(SPEC)
    return {ruling.source: ruling for ruling in rulings(document, document.item("q1"))}


def test_what_stood_when_the_turn_began_and_the_items_own_lines():
    assert list(found()) == [
        *("d1", "d2", "d3", "d4", "d7"), "your word on q1", "q1 keep:", "q1 paths:", "protect:",
    ]  # fmt: skip
    assert found()["d1"].names == ("TokenStore", "src/auth/**"), "its reason says what was"
    assert found()["d2"].names == ("time.monotonic()", "now()"), "a question that was answered by yes"


@pytest.mark.parametrize(
    ("source", "check", "path", "what"),
    [
        ("d1", 11, "src/auth/login.py", "left for later `# TODO: TokenStore`"),
        ("d2", 11, "src/a.py", "has `time.monotonic(3)`"),
        ("d2", 4, "src/a.py", "`now` became `later` as `a` became `b`"),
        ("d3", 9, "api/v1.yaml", "protected"),
        ("d4", 0, "", "it claims errors are told (^d4): contradicted"),
        ("your word on q1", 9, "src/a.py", "`retry_all(3)` is changed"),
        ("q1 keep:", 9, "src/a.py", "`def fetch(a):` is changed, and keep: names `fetch()`"),
        ("q1 keep:", 9, "src/a.py", '`raise Gone` is changed, and keep: names "no such user"'),
        ("q1 paths:", 3, "docs/a.md", "out of scope"),
        ("protect:", 9, "tests/test_a.py", "test a is removed"),
    ],
)
def test_a_finding_that_names_what_was_decided(source: str, check: int, path: str, what: str):
    assert [name for name, ruling in found().items() if ruling.rules(check, path, what)] == [source]


@pytest.mark.parametrize(
    ("check", "path", "what"),
    [
        (11, "src/other.py", "left for later `# TODO: TokenStore`"),  # the file is another
        (11, "src/auth/login.py", "left for later `# TODO: sessions`"),  # so is the name
        (11, "src/auth/login.py", "has `TokenStores`"),  # a part of another name
        (4, "src/a.py", "`time.monotonic_ns` became `clock`"),
        (10, "api/v1.yaml", "a token"),  # a secret in that file is no change of the contract
        (11, "src/a.py", "has `x`"),  # too short to be no chance
        (11, "src/a.py", "has `pickle`"),  # named by the reason alone
        (11, "src/a.py", "has `old_name`"),  # superseded
        (11, "src/a.py", "has `maybe`"),  # never decided
        (11, "src/a.py", "the error of d4 is swallowed"),  # no citation: d4 may be anything
        (9, "src/a.py", "`def other()` is changed"),  # of another item
        (11, "docs/a.md", "conflict markers"),  # outside of paths: is for check 3 to say
    ],
)
def test_likeness_and_chance_link_nothing(check: int, path: str, what: str):
    assert [name for name, ruling in found().items() if ruling.rules(check, path, what)] == []
