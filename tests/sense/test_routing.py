"""Where a signal goes: the next brief, a pause of the loop, the screen (R94, R95)."""

from __future__ import annotations

from dataclasses import replace

from cockpit.sense import Event, Ranker, Signal, cited, pause, route
from cockpit.sense.events import Level
from cockpit.spec import Item, parse

SPEC = b"""## Queue
- [/] Mend the reader ^q1
  - paths: src/reader/**
- [ ] Write the docs ^q2
  - after: q1
"""
NOW = 10_000.0


def items() -> list[Item]:
    return list(parse(SPEC).queue)


def signals(*events: Event) -> list[Signal]:
    ranker = Ranker()
    for event in events:
        ranker.feed(event)
    return ranker.rank(NOW)


def event(kind: str, key: str, *, level: Level = "error", item: str = "", path: str = "") -> Event:
    return Event(
        source="t", what=f"{key} is wrong", kind=kind, key=key, state="failing", level=level, item=item, at=NOW - 1,
        paths=(path,) if path else (), evidence=f"proof of {key}",
    )  # fmt: skip


def test_what_touches_an_items_files_goes_into_its_next_brief():
    (routed,) = route(signals(event("finding", "E1", path="src/reader/lex.py")), items())
    assert (routed.way, routed.item, routed.rule) == ("brief", "q1", "touches its files")


def test_what_is_about_an_item_or_what_it_waits_for_does_too():
    assert {r.key: (r.way, r.item) for r in route(signals(event("x", "a", item="q1")), items())} == {
        "a": ("brief", "q1")
    }
    (later,) = items()[1:]
    assert route(signals(event("x", "a", item="q1")), [later])[0].rule == "the item waits for it"


def test_what_concerns_nobody_stays_on_the_screen():
    (routed,) = route(signals(event("finding", "E1", path="web/app.js")), items())
    assert (routed.way, routed.item) == ("screen", "")


def test_what_the_brief_tells_anyway_is_not_told_twice():
    (routed,) = route(signals(event("verification", "verification/q1", item="q1")), items())
    assert routed.way == "screen"


def test_a_stale_loop_and_work_outside_pause_the_loop_and_say_how_to_go_on():
    for kind in ("loop", "outside"):
        found = signals(event(kind, f"{kind}/q1", item="q1"))
        assert route(found, items())[0].way == "pause"
        assert f"mute {kind}/q1 to go on" in pause(found)


def test_a_warning_pauses_nothing():
    assert pause(signals(event("loop", "loop/goal/q1", level="warning"))) == ""
    assert pause([]) == ""


def test_the_brief_cites_each_signal_with_its_proof_and_its_key():
    (said,) = cited(signals(event("finding", "E1", path="src/reader/lex.py")), items()[0])
    assert "E1 is wrong" in said
    assert "[`E1`]" in said
    assert "proof of E1" in said


def test_the_lines_stay_within_their_budget_however_much_there_is():
    many = signals(*(event("finding", f"E{at}", path="src/reader/lex.py") for at in range(10)))
    said = cited(many, items()[0], budget=100)
    assert sum(len(text) for text in said) <= 400
    assert said[-1].startswith("- and ")


def test_a_brief_tells_what_is_not_the_real_issue_in_the_humans_words():
    shown = signals(event("x", "a", item="q1"))
    (line,) = cited([replace(shown[0], muted="not the real issue: the clock is off", mute="mute/m1")], items()[0])
    assert line == "- not the real issue: the clock is off, says the human: a is wrong [`a`]"
