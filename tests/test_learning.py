"""What the engine offers to learn: told once, ended when it is taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from cockpit.wire import SignalView
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def signal(stage: Stage, key: str) -> SignalView | None:
    return next((entry for entry in stage.snapshot().signals if entry.key == key), None)


def test_a_long_document_is_offered_to_be_compacted(stage: Stage):
    stage.spec("".join(f"- [x] item {n} ^q{n}\n" for n in range(1, 2050)) + "- [ ] last ^q3000\n", loop="hold")
    stage.start()
    found = until("the offer", lambda: signal(stage, "learn/compact"))
    assert found.action == "compact"
    assert found.reasons == ["an offer: take it or mute it"]
    stage.steer("compact")
    until("its end", lambda: signal(stage, "learn/compact") is None)
    assert len((stage.root / "SPEC.archive.md").read_text().splitlines()) > 2000


def test_what_is_said_three_times_is_offered_as_a_runbook_until_it_is_one(stage: Stage):
    stage.spec("- [/] a ^q1\n- [/] b ^q2\n- [/] c ^q3\n- [/] d ^q4\n", loop="hold")
    for item in ("q1", "q2", "q3"):
        stage.steer("steer", item, message="run make lint first")
    stage.start()

    def offer() -> SignalView | None:
        return next((entry for entry in stage.snapshot().signals if entry.key.startswith("runbook/")), None)

    found = until("the offer", offer)
    assert found.what == "you said this 3 times: “run make lint first”"
    assert found.action == "runbook"
    stage.steer("steer", "q4", message="Run make lint first!")
    until("the engine saw it", lambda: any("q4" in said for said in (offer() or found).evidence))
    again = until("the offer", offer)
    assert (again.key, again.what, again.since) == (found.key, found.what, found.since)
    stage.steer("mute", found.key, until="changes")
    until("it is on the shelf", lambda: any(entry.key == found.key for entry in stage.snapshot().muted))
    stage.steer("runbook", found.key, name="Lint first")
    until("its end", lambda: not any(entry.key == found.key for entry in stage.snapshot().muted))


def test_follow_ups_of_an_accepted_item_are_offered_until_they_are_promoted(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    steps = edit_and_commit("a.txt", "hello\n")
    steps[-1] = {"answer": {"status": "done", "summary": "Did it.", "follow_ups": ["Split the parser", "Drop old()"]}}
    stage.script("q1", steps)
    stage.start()
    assert stage.await_mark("q1", Mark.NEEDS_YOU).value("review").endswith("accept; 2 follow-ups (P)")
    assert signal(stage, "follow-ups/q1") is None, "the verdict comes first, and its line says it"
    stage.steer("accept", "q1")
    found = until("the offer", lambda: signal(stage, "follow-ups/q1"))
    assert (found.what, found.action) == ("q1 left 2 follow-ups: Split the parser; Drop old()", "promote")
    stage.steer("promote", "q1", which="1")
    until("one left", lambda: (now := signal(stage, "follow-ups/q1")) and now.what == "q1 left 1 follow-up: Drop old()")
    stage.steer("mute", "follow-ups/q1", until="changes")
    until("it is on the shelf", lambda: any(entry.key == "follow-ups/q1" for entry in stage.snapshot().muted))
