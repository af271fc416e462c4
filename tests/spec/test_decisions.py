"""Decisions: what stands, what was replaced and by what; one line typed by hand is enough."""

from __future__ import annotations

from cockpit.spec import decisions, parse


def states(text: str) -> dict[str, tuple[str, str, str]]:
    return {entry.id: (entry.state, entry.by, entry.gone) for entry in decisions(parse(text.encode()))}


def test_a_ticked_decision_stands_and_any_other_open_mark_is_a_question():
    text = "## Decisions\n- [x] a ^d1\n- [ ] b ^d2\n- [?] c ^d3\n- [-] d ^d4\n  - why: never mind\n"
    assert [state for state, _, _ in states(text).values()] == ["standing", "open", "open", "dropped"]
    assert states(text)["d4"][2] == "never mind"


def test_a_superseded_decision_keeps_its_own_reason_and_names_its_successor():
    (old, new) = decisions(
        parse(
            b"## Decisions\n- [-] maybe a CRDT ^d1\n  - because: edits collide\n  - superseded: d2\n"
            b"- [x] three-way merge ^d2\n  - because: enough for this boundary\n  - supersedes: d1\n"
        )
    )
    assert (old.state, old.by, old.because, old.gone) == (
        "superseded",
        "d2",
        "edits collide",
        "enough for this boundary",
    )
    assert (new.state, new.because) == ("standing", "enough for this boundary")


def test_a_line_typed_by_hand_on_either_side_counts_the_same():
    for line, at in (("supersedes: ^d1", 2), ("superseded: d2", 1)):
        rows = ["## Decisions", "- [x] a ^d1", "- [x] b ^d2"]
        rows.insert(at + 1, f"  - {line}")
        assert states("\n".join(rows))["d1"][:2] == ("superseded", "d2")


def test_a_dropped_decision_replaces_nothing_but_a_replaced_one_still_does():
    dropped = "## Decisions\n- [x] a ^d1\n- [-] b ^d2\n  - supersedes: d1\n"
    assert states(dropped)["d1"][0] == "standing"
    chain = "## Decisions\n- [x] a ^d1\n- [-] b ^d2\n  - supersedes: d1\n- [x] c ^d3\n  - supersedes: d2\n"
    assert [state for state, _, _ in states(chain).values()] == ["superseded", "superseded", "standing"]


def test_decisions_that_replace_each_other_end_nothing():
    circle = "## Decisions\n- [x] a ^d1\n  - supersedes: d2\n- [x] b ^d2\n  - supersedes: d1\n  - supersedes: d2\n"
    assert [state for state, _, _ in states(circle).values()] == ["superseded", "superseded"]
