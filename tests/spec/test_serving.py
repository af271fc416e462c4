"""What was added on the way and serves no part of the goal is adrift (R124); what a human wrote never is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import parse
from cockpit.spec.serving import about, adrift

SPEC = """\
## Goal
Recover stuck agent sessions without losing user edits.

## Queue
- [x] Recycle the supervisor at the next idle point ^q1
- [{mark}] {text} ^q2
{fields}
## Acceptance
- [ ] a killed session comes back ^a1
"""
GREW = "  - from: q1 turn 2 #1\n"


def found(text: str, fields: str = GREW, mark: str = " ", spec: str = SPEC) -> dict[str, str]:
    return adrift(parse(spec.format(text=text, fields=fields, mark=mark).encode()))


def test_what_grew_and_has_nothing_of_goal_criteria_and_your_items_is_adrift():
    assert found("Colour the help page like a rainbow") == {
        "q2": "serves no part of the goal: it came of q1 turn 2, and has nothing of what you wrote"
    }


@pytest.mark.parametrize(
    "text",
    [
        "Recovery of torn files",  # the goal's word in another form
        "Print what was killed",  # of a criterion
        "Name the Supervisors in the log",  # of an item that you wrote
        "Mend `stuckSession()`",  # a part of an identifier
        "Tidy up",  # too few words to tell
        "整理帮助页面的颜色",  # words do not stand apart
    ],
)
def test_one_word_in_common_serves(text: str):
    assert found(text) == {}


def test_what_you_wrote_is_never_adrift():
    assert found("Colour the help page like a rainbow", "") == {}
    assert found("Colour the help page like a rainbow", "  - from: a1\n") == {}, "a criterion drives it"


def test_naming_a_criterion_serves():
    assert found("Colour the help page like a rainbow", GREW + "  - accept: a1\n") == {}


def test_what_something_that_serves_waits_for_serves_through_others_too():
    chain = (
        GREW
        + "- [ ] Buy rainbow paint ^q3\n  - from: q2 turn 1 #1\n  - after: q2\n"
        + "- [ ] Check the edits ^q4\n  - after: q3\n"
    )
    assert found("Colour the help page", chain) == {}
    assert set(found("Colour the help page", chain.replace("  - after: q3\n", ""))) == {"q2", "q3"}


def test_without_a_goal_nothing_is_judged():
    bare = SPEC.replace("Recover stuck agent sessions without losing user edits.\n", "")
    assert found("Colour the help page like a rainbow", spec=bare) == {}


def test_struck_items_of_yours_hold_nothing_up():
    more = GREW + "- [-] Colour everything ^q3\n"
    assert "q2" in found("Colour the help page like a rainbow", more)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_about_something_or_nothing(text: str):
    assert about(text) == about(text.strip()), "and what stands around it does not count"
