"""The rank of signals, with its words."""

from __future__ import annotations

import random

import pytest

from cockpit import spec
from cockpit.sense import Event, Signal, delegate_events, fold, git_events, rank, rows
from cockpit.spec import Document

NOW = 1000.0
SPEC = """\
## Queue
- [?] First ^q1
  - after: q0
- [!] Second ^q2
- [/] Third ^q3
- [x] Finished ^q4
- [ ] Open ^q5

## Backlog
- [/] Before all ^q0

## Pinned
- `build`: watch it ^p1
"""


def document(text: str = SPEC) -> Document:
    return spec.parse(text.encode())


def event(kind: str, item: str = "", at: float = 990.0, level: str = "warning", key: str = "") -> Event:
    return Event(
        source="test",
        what=f"{kind} {item}",
        at=at,
        kind=kind,
        key=key or f"{kind}/{item}",
        item=item,
        level=level,  # pyright: ignore[reportArgumentType]
    )


def ranked(*events: Event, text: str = SPEC, now: float = NOW) -> list[Signal]:
    return rank(fold({}, events), document(text), now)


def keys(signals: list[Signal]) -> list[str]:
    return [signal.key for signal in signals]


def test_the_stated_order():
    events = [
        event("commit", level="info"),
        event("edit", level="info"),
        event("silent", "q3"),
        event("correction", "q4"),
        event("checks", "q3"),
        event("review", "q3"),
        event("verification", "q3"),
        event("died", "q2"),
        event("review", "q1"),
        event("", level="info", key="chat"),
        event("", level="info", key="build"),
    ]
    expected = [
        "build",  # pinned
        "review/q1",  # blocks the head
        "died/q2",
        "verification/q3",
        "review/q3",
        "checks/q3",
        "correction/q4",  # though its item is done
        "silent/q3",
        "edit/",
        "commit/",
        "chat",
    ]
    assert keys(ranked(*events)) == expected
    random.Random(7).shuffle(events)
    assert keys(ranked(*events)) == expected


def test_what_the_head_waits_for_blocks_it():
    first, second = ranked(event("died", "q0"), event("asks", "q1"))
    assert first.reasons == ("blocks the head q1", "ended without a result") or second.reasons == (
        "blocks the head q1",
        "ended without a result",
    )
    assert {first.blocks, second.blocks} == {True}
    assert next(s for s in (first, second) if s.item == "q1").reasons == ("is the head", "asks a question")


def test_an_edit_of_the_head_does_not_block_it():
    assert not ranked(event("edit", "q1"))[0].blocks


def test_the_newest_change_goes_first_among_equals():
    assert keys(ranked(event("died", "q2", at=5.0), event("died", "q3", at=6.0))) == ["died/q3", "died/q2"]


def test_settled_items_are_no_signal():
    assert ranked(event("died", "q4"), event("review", "q5")) == []
    assert keys(ranked(event("edit", "q5"))) == ["edit/q5"]


def test_closed_families_are_no_signal():
    closed = Event(source="ci", what="tests", key="tests", state="passing", at=2.0)
    failing = Event(source="ci", what="tests", key="tests", state="failing", at=1.0, level="error")
    assert ranked(failing, closed) == []


def test_information_fades_and_alarms_do_not():
    old = NOW - 3600
    assert keys(ranked(event("commit", level="info", at=old), event("x", level="error", at=old))) == ["x/"]
    assert keys(ranked(event("", level="info", at=old, key="build"))) == ["build"], "a pin does not fade"


def test_every_signal_has_short_reasons():
    found = ranked(
        Event(source="a very long name of a source it is", what="x", key="x", level="error", at=990.0),
        event("silent", "q3"),
        *(event("", key="often", at=float(at)) for at in range(900, 904)),
    )
    for signal in found:
        assert signal.reasons
        assert all(0 < len(reason) <= 40 for reason in signal.reasons)
    assert "told 4 times" in next(signal for signal in found if signal.key == "often").reasons


def test_an_empty_spec_ranks_too():
    assert keys(ranked(event("died", "q9"), text="")) == ["died/q9"]


def test_a_circle_of_after_ends():
    text = "## Queue\n- [?] a ^a\n  - after: b\n- [?] b ^b\n  - after: a, zz\n"
    assert {signal.blocks for signal in ranked(event("asks", "a"), event("asks", "b"), text=text)} == {True}


def test_rows_of_the_spec_hold_a_time_that_does_not_tick():
    signals = ranked(event("died", "q2", at=0.0), *git_events("main", [("a" * 40, "Fix", "Ada")], 990.0))
    assert rows(signals) == [
        ("died q2", "", "01-01 00:00", "inspect"),
        ("a commit on main: Fix", "new", "01-01 00:16", "log"),
    ]
    assert len(rows(signals * 9)) == 5


@pytest.mark.parametrize("state", ["working", "launching", "merged", "interrupted"])
def test_a_delegate_that_goes_on_closes_its_signal(state: str):
    asks = delegate_events([("q1", "asks", "answer.json: which?", 900.0)])
    assert keys(ranked(*asks)) == ["delegate/q1"]
    assert ranked(*asks, *delegate_events([("q1", state, "", 100.0)])) == []
