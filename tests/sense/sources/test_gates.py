"""What waits before a turn, as events."""

from __future__ import annotations

from cockpit.sense import Event, gate_events
from cockpit.spec import parse

SPEC = b"""## Queue
- [?] brief ^q1
  - scope: brief of 640 words for claude
- [?] sent ^q2
  - scope: accepted 0123456789ab
  - review: 5 pass
- [?] stale ^q3
  - asks: stale: src/a.py is gone
- [?] asks itself ^q4
  - asks: which one?
- [ ] open ^q5
"""


def told(begun: set[str], known: tuple[str, ...] = (), data: bytes = SPEC) -> dict[str, Event]:
    return {event.key: event for event in gate_events(parse(data), begun, known, 5.0)}


def test_a_brief_that_waits_is_told_with_the_keys_that_answer_it():
    event = told({"q2"})["gate/q1"]
    assert event.what == "the brief of q1 waits: a sends it, enter shows it"
    assert (event.state, event.level, event.item, event.action) == ("brief", "warning", "q1", "brief")
    assert event.evidence == "brief of 640 words for claude"


def test_a_question_about_stale_claims_is_told_whether_or_not_a_delegate_was_there():
    for begun in (set[str](), {"q3"}):
        event = told(begun)["gate/q3"]
        assert (event.state, event.what, event.action) == ("asks", "q3 asks: stale: src/a.py is gone", "answer")


def test_what_a_delegate_asks_is_told_by_the_delegate():
    assert "gate/q4" in told(set())
    assert set(told({"q2", "q4"})) == {"gate/q1", "gate/q3"}


def test_what_waits_no_more_is_closed():
    assert told(set(), ("gate/q5",))["gate/q5"].closes


def test_the_loop_s_own_questions_suggest_what_answers_them_best():
    data = b"## Queue\n- [?] ??? ^q1\n  - asks: unclear: it says no task\n- [?] all ^q2\n  - asks: size: too large\n"
    assert {key: event.action for key, event in told(set(), (), data).items()} == {
        "gate/q1": "reword",
        "gate/q2": "split",
    }
