"""Two items with one id, and two sides of one item: the act asks which."""

from __future__ import annotations

import time

import pytest

from cockpit import report
from cockpit.edits import on_one, strike
from cockpit.engine.look import look
from cockpit.engine.senses import Senses
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import create
from cockpit.select import standings
from cockpit.spec import NoSuchItem, conflicts, edit, merge, parse
from cockpit.steer import steer
from cockpit.wire import Snapshot

TWICE = (
    b"---\ncockpit: {loop: on, gates: [verdict]}\n---\n\n## Queue\n- [ ] one ^q1\n- [ ] the copy ^q1\n- [ ] two ^q2\n"
)
BOTH = b"""## Queue
- [ ] mine ^q3
  - why: a
  - conflict: theirs: with a colon
- [ ] other ^q4
"""


def test_an_act_on_an_id_that_two_items_have_asks_which(places: Places):
    create(places, TWICE)
    with pytest.raises(Refused, match="q1 is on line 6 and line 7") as refused:
        steer(places, "strike", "q1")
    assert refused.value.remedy == "say q1@6 or q1@7, or give one another id"
    assert places.spec.read_bytes() == TWICE
    assert "q1@7" in str(steer(places, "strike", "q1@7"))
    assert places.spec.read_bytes() == TWICE.replace(b"[ ] the copy", b"[-] the copy")
    with pytest.raises(Refused, match="no item q1 on line 9"):
        steer(places, "strike", "q1@9")


def test_an_item_named_by_its_line_that_shares_its_id_no_more_is_that_item(places: Places):
    create(places, TWICE.replace(b"the copy ^q1", b"the copy ^q9"))
    steer(places, "strike", "q1@6")
    assert b"[-] one ^q1\n" in places.spec.read_bytes()


def test_an_edit_of_the_document_never_picks_one_of_two():
    with pytest.raises(NoSuchItem, match="line 6 and line 7"):
        edit.set_text(TWICE, "q1", "words")


def test_a_row_that_shares_its_id_is_named_with_its_line():
    document = parse(TWICE)
    assert [document.name(item) for item in document.queue] == ["q1@6", "q1@7", "q2"]


def test_the_engine_dispatches_neither_of_two_with_one_id(places: Places):
    create(places, TWICE)
    waits = {entry.item.line: entry.waits for entry in standings(parse(TWICE))}
    assert waits == {6: "shares its id q1 with another item", 7: "shares its id q1 with another item", 8: ""}
    seen = look(places, None, time.time())
    assert seen.plan.head is not None
    assert seen.plan.head.id == "q2"
    assert any("id ^q1 is already on line 6" in note for note in seen.notes)


def test_what_a_merge_left_is_a_signal_until_it_is_chosen(places: Places):
    create(places, BOTH)
    senses = Senses(places)
    senses.feed(look(places, None, 1.0), 1.0)
    (signal,) = (row for row in senses.ranker.rank(1.0) if row.key == "conflict/q3")
    assert (signal.key, signal.what, signal.action) == (
        "conflict/q3",
        "q3 was changed on both sides: choose",
        "resolve",
    )
    assert signal.evidence[0] == "line 4: theirs: with a colon"
    steer(places, "resolve", "q3", {"take": "theirs"})
    assert places.spec.read_bytes() == b"## Queue\n- [ ] theirs: with a colon ^q3\n  - why: a\n- [ ] other ^q4\n"
    senses.feed(look(places, None, 2.0), 2.0)
    assert "conflict/q3" not in [entry.key for entry in senses.ranker.rank(2.0)]


def test_the_engine_starts_nothing_that_holds_a_conflict_until_it_is_resolved(places: Places):
    create(places, BOTH)
    first = look(places, None, time.time())
    assert first.plan.head is not None
    assert first.plan.head.id == "q4"
    steer(places, "resolve", "q3")
    again = look(places, None, time.time())
    assert again.plan.head is not None
    assert again.plan.head.id == "q3"


def test_a_conflict_is_told_by_status_though_no_engine_runs():
    told = list(report.status(parse(BOTH), Snapshot(), 0.0))
    assert "conflict: q3, line 4: theirs: with a colon (cockpit resolve q3 --take ours or theirs)" in told


BASE = b"## Queue\n- [ ] a ^a\n  - why: x\n- [ ] b ^b\n"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (edit.set_text(BASE, "a", "mine"), edit.set_text(BASE, "a", "yours")),
        (edit.set_mark(BASE, "a", edit.Mark.DONE), edit.set_mark(BASE, "a", edit.Mark.STRUCK)),
        (edit.set_field(BASE, "a", "why", "mine"), edit.set_field(BASE, "a", "why", "yours")),
        (edit.set_field(BASE, "a", "why", "mine"), edit.drop_field(BASE, "a", "why")),
        (edit.set_text(BASE, "a", "mine"), b"## Queue\n- [ ] b ^b\n"),
    ],
    ids=["text", "mark", "field", "field removed", "removed"],
)
def test_either_side_of_a_conflict_can_be_taken(places: Places, ours: bytes, theirs: bytes):
    create(places, merge(BASE, ours, theirs).data)
    assert len(conflicts(parse(places.spec.read_bytes()))) == 1
    steer(places, "resolve", "a", {"take": "theirs"})
    assert places.spec.read_bytes() == theirs
    steer(places, "undo")
    steer(places, "resolve", "a")
    assert places.spec.read_bytes() == ours


def test_what_has_no_conflict_is_not_resolved():
    from cockpit.edits import resolve
    from tests.test_verbs import world

    with pytest.raises(Refused, match="no conflict"):
        on_one(resolve, True, parse(BASE), "a", {}, world())
    assert on_one(strike, True, parse(BASE), "a", {}, world())
