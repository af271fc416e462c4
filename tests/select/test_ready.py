"""Which queue items could run now, and what the others wait for."""

from __future__ import annotations

import pytest

from cockpit.select import standings
from cockpit.spec import parse


def waits(queue: str) -> dict[str, str]:
    document = parse(("## Queue\n" + queue).encode())
    return {entry.item.id: entry.waits for entry in standings(document)}


def test_an_open_item_is_ready():
    assert waits("- [ ] one ^q1\n") == {"q1": ""}


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("/", "is running"),
        ("?", "needs you"),
        ("x", "is done"),
        ("-", "is struck"),
        (">", "is deferred"),
        ("!", "is blocked"),
    ],
)
def test_every_other_mark_says_why_it_is_not(mark: str, words: str):
    assert waits(f"- [{mark}] one ^q1\n") == {"q1": words}


def test_after_waits_until_the_other_is_merged():
    queue = "- [x] one ^q1\n  - branch: delegate/q1\n{}- [ ] two ^q2\n  - after: q1\n"
    assert waits(queue.format(""))["q2"] == "waits for q1"
    assert waits(queue.format("  - merged: abc123\n"))["q2"] == ""


def test_after_something_struck_or_unknown_says_so():
    assert waits("- [-] one ^q1\n- [ ] two ^q2\n  - after: q1\n")["q2"] == "waits for q1, which was struck"
    assert waits("- [ ] two ^q2\n  - after: q9\n")["q2"] == "waits for q9, which is not in the spec"


def test_after_something_put_off_or_undecided_says_so():
    after = "- [ ] two ^q2\n  - after: {}\n"
    assert waits("- [>] one ^q1\n" + after.format("q1"))["q2"] == "waits for q1, which is deferred"
    assert waits("- [!] one ^q1\n" + after.format("q1"))["q2"] == "waits for q1, which is blocked"
    decided = after.format("d1") + "\n## Decisions\n- [?] Sqlite or files? ^d1\n"
    assert waits(decided)["q2"] == "waits for d1, a decision that is open"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("after: q9", "waits for q9, which is not in the spec"),
        ("after: q1", "waits for q1, which was struck"),
        ("after: q2", "waits for itself in a circle of after:"),
        ("budget: lots", "has a budget: that cannot be read; write budget: 3 turns, 20 minutes, 2 usd"),
    ],
)
def test_what_only_an_edit_lets_run_is_told_apart(field: str, words: str):
    (_, entry, later) = standings(
        parse(f"## Queue\n- [-] one ^q1\n- [ ] two ^q2\n  - {field}\n- [ ] three ^q3\n  - after: q2\n".encode())
    )
    assert (entry.waits, entry.never) == (words, True)
    assert (later.waits, later.never) == ("waits for q2", False)


def test_a_circle_never_runs():
    answers = waits("- [ ] one ^q1\n  - after: q2\n- [ ] two ^q2\n  - after: q1\n- [ ] three ^q3\n  - after: q1\n")
    assert answers["q1"] == answers["q2"] == "waits for itself in a circle of after:"
    assert answers["q3"] == "waits for q1"


def test_two_items_with_one_id_are_both_held():
    document = parse(b"## Queue\n- [ ] one ^q1\n- [ ] two ^q1\n")
    assert [entry.waits for entry in standings(document)] == ["shares its id q1 with another item"] * 2


def test_an_item_without_text_is_held():
    assert list(waits("- [ ]  ^q1\n").values()) == ["has no text"]


def test_an_item_with_a_conflict_is_held_until_it_is_resolved():
    queue = "- [ ] one ^q1\n  - why: x\n{}- [ ] two ^q2\n"
    told = {"q1": "has a conflict: resolve it with =", "q2": ""}
    assert waits(queue.format("  - conflict: why: y\n")) == told
    assert waits(queue.format("")) == {"q1": "", "q2": ""}


def test_a_conflict_in_a_nested_item_holds_the_one_that_would_be_started():
    told = waits("- [ ] one ^q1\n  - [ ] part ^q2\n    - conflict: marked x\n- [ ] two ^q3\n")
    assert told == {"q1": "has a conflict in q2: resolve it with =", "q3": ""}


def test_a_conflict_outside_of_items_holds_none():
    assert waits("Some words.\nconflict: both sides changed “Words”\n\n- [ ] one ^q1\n") == {"q1": ""}
