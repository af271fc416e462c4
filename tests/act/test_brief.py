"""The brief says all six things a delegate needs, and none of what it must not know."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from cockpit import spec
from cockpit.act.brief import brief
from cockpit.facts import Check, Dispatch, Review
from cockpit.paths import Places
from cockpit.spec.fields import commands, paths

SPEC = b"""---
cockpit:
  verify: pytest -q
  protect: [tests/**]
---
## Goal
Recover stuck sessions.

## Queue
- [ ] Recycle the supervisor ^q1
  - after: q0
  - verify: `pytest tests/test_recycle.py`
  - paths: src/supervisor/**, docs/*.md
  - protect: Makefile
  - branch: delegate/q1
  - steer: hurry up
  - only at an idle point, never in the middle of a turn
- [ ] Another ^q2

## Acceptance
- no session is recycled twice

## Decisions
- [x] which signal? ^d1
  - chosen: TERM
"""

Write = Callable[..., str]


@pytest.fixture
def write(places: Places, intend: Callable[..., Dispatch]) -> Write:
    """The brief of item q1 of SPEC, or of the item given."""

    def make(data: bytes = SPEC, id: str = "q1", *, note: str = "", turn: int = 1, **more: object) -> str:
        document = spec.parse(data)
        item = document.item(id)
        assert item is not None
        dispatch = msgspec.structs.replace(intend(turn=turn), note=note)
        return brief(item, document, places, dispatch, **more)  # pyright: ignore[reportArgumentType]

    return make


def test_a_first_brief_has_all_its_parts(write: Write):
    text = write()
    for words in (
        "# Recycle the supervisor",
        "Recover stuck sessions.",
        "only at an idle point, never in the middle of a turn",
        "no session is recycled twice",
        "chosen: TERM",
        "Change only `src/supervisor/**`, `docs/*.md`.",
        "Protected, never to be changed: `tests/**`, `Makefile`.",
        "```\npytest tests/test_recycle.py\n```",
        "`delegate/q1`",
        "`.cockpit/answer.json`",
        "respected outcome",
        "Do not edit the spec `SPEC.md`",
        "Do not push",
        "--no-verify",
    ):
        assert words in text
    for words in ("hurry up", "New in this turn", "Another", "after: q0"):
        assert words not in text


def test_the_specs_own_verification_stands_in(write: Write):
    document = spec.parse(SPEC)
    other = document.item("q2")
    assert other is not None
    assert commands(other, document.controls) == ["pytest -q"]
    assert paths(other) == ()


def test_an_item_with_nothing_else_makes_a_brief(write: Write):
    text = write(b"## Queue\n- [ ] Do it ^q1\n")
    assert "# Do it" in text
    assert "## Verification" not in text
    assert "## Scope" not in text
    assert "## The task in full" not in text


def test_a_later_turn_begins_with_what_is_new(write: Write):
    review = Review(
        base="a",
        head="b",
        recommendation="iterate",
        checks=[
            Check(number=2, name="verification", result="fail", evidence="1 failed"),
            Check(number=3, name="scope", result="pass", evidence="inside"),
        ],
        output="E assert 1 == 2\n```\n",
        at=1,
    )
    text = write(turn=2, note="keep the old name\nplease", steers=["and the docs"], review=review)
    new = text.partition("## Goal")[0]
    assert "This is turn 2." in new
    assert "> keep the old name\n> please" in new
    assert "> and the docs" in new
    assert "- 2 verification: fail. 1 failed" in new
    assert "````\nE assert 1 == 2\n```\n````" in new, "the fence is longer than any inside"
    assert "scope: pass" not in new


def test_secrets_and_escapes_do_not_reach_a_brief(write: Write):
    key = "ghp_" + "a1B2" * 9
    text = write(b"## Queue\n- [ ] Use \x1b[31m" + key.encode() + b" to log in ^q1\n")
    assert key not in text
    assert "\x1b" not in text


def test_decisions_that_stand_come_first_and_what_no_longer_holds_says_why(write: Write):
    data = SPEC + (
        b"- [-] poll the process ^d2\n  - because: simple\n  - superseded: d3\n- [x] watch it ^d3\n"
        b"  - because: polling wakes the machine\n  - supersedes: d2\n\nAsk Ada for more.\n"
    )
    text = write(data)
    part = text[text.index("## Decisions") : text.index("## Scope")]
    assert part.index("which signal?") < part.index("watch it") < part.index("Ask Ada") < part.index("No longer")
    assert "- No longer: poll the process (d2, now d3), because polling wakes the machine\n" in part
    assert "because: simple" not in part
