"""Whether a yes to a result outlives a review that was made again."""

from __future__ import annotations

import msgspec
import pytest

from cockpit.engine.carry.judge import no_worse
from cockpit.facts import Check, Result, Review


def review(result: Result = "pass", **more: object) -> Review:
    made = Review(
        base="b",
        head="h",
        recommendation="accept",
        checks=[Check(number=2, name="verification", result=result, evidence="")],
        at=0,
    )
    return msgspec.structs.replace(made, **more)


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        (review(), review(base="c"), True),
        (None, review(), False),
        (review(), review("fail"), False),
        (review("fail"), review("fail"), True),
        (review(), review(head="i"), False),
        (review(), review(notes=["`a.py` is gone"]), False),
        (review(notes=["`a.py` is gone"]), review(notes=["`a.py` is gone"]), True),
        (review(), review(unsettles=["q7: `a.py` is gone"]), True),
    ],
)
def test_a_yes_holds_while_nothing_more_is_found(before: Review | None, now: Review, holds: bool):
    assert no_worse(before, now) is holds
