"""Signals from end to end: what happens elsewhere reaches the snapshot with its reasons, and mutes shelve it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.sense.journal import replay
from cockpit.spec import Mark, parse
from cockpit.steer import heed
from cockpit.wire import SignalView
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def signal(stage: Stage, key: str) -> SignalView | None:
    return next((entry for entry in stage.snapshot().signals if entry.key == key), None)


def keys(stage: Stage) -> list[str]:
    return [entry.key for entry in stage.snapshot().signals]


def test_a_pushed_event_is_a_signal_until_it_is_closed(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    push = [*stage.program, "push", "--key", "build", "--source", "ci"]
    subprocess.run([*push, "--state", "failing", "--level", "error", "the build fails"], check=True)
    stage.start()
    found = until("the signal, pushed while the engine was down", lambda: signal(stage, "build"))
    assert (found.what, found.state) == ("the build fails", "failing")
    assert found.reasons == ["failing, says ci"]
    subprocess.run([*push, "--state", "failing", "--level", "error", "the build fails"], check=True)
    until("its count", lambda: (signal(stage, "build") or found).count == 2)
    subprocess.run([*push, "--state", "passing", "the build passes"], check=True)
    until("its end", lambda: signal(stage, "build") is None)


def test_a_fresh_repository_has_no_trouble(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    assert stage.notes() == []


def test_an_engine_with_nothing_to_do_comes_to_rest(stage: Stage):
    """What a pass writes itself wakes no other pass."""
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    kept = stage.places.local / "signals.json"
    seen = [0, 0.0]

    def rests() -> bool:
        written = kept.stat().st_mtime_ns
        if written != seen[0]:
            seen[:] = [written, time.monotonic()]
        return time.monotonic() - seen[1] > 3

    until("three seconds without a pass", rests)


def test_the_one_line_sh_form_reaches_the_engine(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    sh = subprocess.run([*stage.program, "push", "--sh"], capture_output=True, text=True, check=True).stdout
    subprocess.run(["sh", "-c", sh], check=True)
    until("the signal", lambda: signal(stage, "build"))


def test_a_malformed_line_is_told_and_costs_nothing_else(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    with stage.places.spool.open("ab") as spool:
        spool.write(b'not json\n{"source": "x", "what": "still here", "key": "k", "level": "warning"}\n')
    until("the signal after it", lambda: signal(stage, "k"))
    assert any("spool" in note for note in stage.notes())


def test_a_question_ranks_above_a_result_that_waits(stage: Stage):
    stage.spec("- [ ] Fine ^q1\n- [ ] Choose ^q2\n", wip=2)
    stage.script("q1", edit_and_commit("a.txt", "x\n"))
    stage.script("q2", [{"answer": {"status": "asks", "summary": "taste", "question": "tabs?"}}])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.await_mark("q2", Mark.NEEDS_YOU)
    found = until("the signal", lambda: signal(stage, "delegate/q2"))
    assert found.action == "answer"
    assert "asks a question" in found.reasons
    assert "tabs?" in found.evidence[0]


def test_an_edit_by_another_hand_and_a_foreign_commit_are_signals_but_our_own_acts_are_not(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    stage.steer("pin", "q1")
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("Write a", "Write a and b"))
    found = until("the edit", lambda: signal(stage, "edit/q1"))
    assert "Write a and b" in found.what
    (stage.root / "b.txt").write_text("b\n")
    stage.git("add", "b.txt")
    stage.git("commit", "-qm", "Add b by hand", "--", "b.txt")
    found = until("the commit", lambda: signal(stage, "commits/main"))
    assert "Add b by hand" in found.what


def test_an_edit_by_hand_is_told_as_it_was_meant(stage: Stage):
    stage.spec(
        "- [ ] Write a ^q1\n- [ ] Recycle stuck sessions\n- [ ] Ask Maria\n\n## Notes\nThe lock is old.\n", loop="hold"
    )
    stage.start()
    until("the engine", stage.alive)
    until("its first look", lambda: stage.snapshot().why)
    text = stage.places.spec.read_text()
    first = "- [ ] Recycle stuck sessions\n"
    text = text.replace(first, "").replace("- [ ] Write a", "- [ ] Recycle all stuck sessions\n- [ ] Write a")
    stage.places.spec.write_text(text.replace("The lock is old.\n", ""))
    journal = stage.places.local / "journal"
    found = until("the edits", lambda: [event for event in replay(journal, 1e12).events if event.kind == "edit"])
    told = {(event.state, event.what) for event in found}
    assert told >= {
        ("reworded", "“Recycle stuck sessions” became “Recycle all stuck sessions”"),
        ("text", "Notes: deleted “The lock is old.”"),
    }
    assert {state for state, _ in told} == {"reworded", "moved", "text"}


def test_acts_in_a_row_are_never_taken_for_edits_by_another_hand(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    for number in range(12):
        stage.steer("reword", "q1", text=f"Write a{number}")
    stage.places.spec.write_bytes(stage.places.spec.read_bytes().replace(b"Write b", b"Write b and c"))
    journal = stage.places.local / "journal"
    until("the edit", lambda: [event for event in replay(journal, 1e12).events if event.kind == "edit"])
    told = [event.what for event in replay(journal, 1e12).events if event.kind == "edit"]
    assert told == ["q2: “Write b” became “Write b and c”"]


def test_a_row_of_another_program_is_told_and_our_own_are_not(stage: Stage):
    stage.spec(
        "- [ ] Write a ^q1\n\n## Live Signals\n| Signal | State | Since | Action |\n|---|---|---:|---|\n", loop="hold"
    )
    stage.start()
    until("the engine", stage.alive)
    subprocess.run([*stage.program, "push", "--key", "noise", "--level", "warning", "it hums"], check=True)
    until("its row", lambda: "| it hums |" in stage.places.spec.read_text())
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("| it hums |", "| ci | red | | look |\n| it hums |"))
    journal = stage.places.local / "journal"
    until("the row", lambda: [event.what for event in replay(journal, 1e12).events if event.kind == "edit"])
    subprocess.run([*stage.program, "push", "--key", "more", "--level", "warning", "it rattles"], check=True)
    until("its row", lambda: "| it rattles |" in stage.places.spec.read_text())
    found = [event.what for event in replay(journal, 1e12).events if event.kind == "edit"]
    assert found == ["signal ci is new: red"]
    assert stage.places.spec.read_text().count("| ci | red | | look |\n") == 1, "it stays as it was written"


def test_a_reframe_names_the_delegates_that_work_on_the_old_goal(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    gate = stage.root.parent / "gate"
    stage.script("q1", [{"wait": str(gate)}, *edit_and_commit("a.txt", "x\n")])
    stage.start()
    until("the runner", lambda: (stage.places.turn("q1", 1) / "runner.json").exists())
    stage.steer("reframe", goal="Something else")
    found = until("the signal", lambda: signal(stage, "loop/goal/q1"))
    assert (found.level, found.action) == ("error", "steer")
    gate.touch()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    until("its end with the turn", lambda: signal(stage, "loop/goal/q1") is None)


@pytest.mark.parametrize("way", ["steer", "interrupt", "mute"])
def test_nothing_more_is_dispatched_on_a_goal_that_a_delegate_does_not_know_of_until_the_human_acts(
    stage: Stage, way: str
):
    stage.spec("- [ ] Write a ^q1\n- [ ] Write b ^q2\n  - after: d1\n\n## Decisions\n- [?] go? ^d1\n", wip=2)
    stage.script("q1", [{"hang": True}])
    stage.script("q2", [{"hang": True}])
    stage.start()
    until("the runner", lambda: (stage.places.turn("q1", 1) / "runner.json").exists())
    stage.steer("reframe", goal="Something else")
    until("the pause", lambda: "loop/goal/q1" in stage.snapshot().why and stage.snapshot().fence == "signal")
    stage.steer("accept", "d1")
    stage.await_mark("d1", Mark.DONE)
    assert stage.item("q2").mark is Mark.OPEN
    if way == "mute":
        stage.steer("mute", "loop/goal/q1", until="changes")
    else:
        stage.steer(way, "q1", **({"message": "the goal is another one"} if way == "steer" else {}))
    stage.await_mark("q2", Mark.RUNNING)


def test_a_mute_shelves_a_signal_until_it_is_ended(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    subprocess.run([*stage.program, "push", "--key", "noise", "--level", "warning", "it hums"], check=True)
    until("the signal", lambda: signal(stage, "noise"))
    stage.steer("mute", "noise", until="always", reason="known hum")
    until("the shelf", lambda: [entry.key for entry in stage.snapshot().muted] == ["noise"])
    assert "noise" not in keys(stage)
    stage.steer("unmute", "noise")
    until("the signal again", lambda: signal(stage, "noise"))


def test_hostile_words_are_harmless_in_every_signal(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)
    words = "\x1b]52;c;aGk=\x07evil\u202e \x9b2J"
    subprocess.run([*stage.program, "push", "--key", "k", "--level", "warning", words], check=True)
    found = until("the signal", lambda: signal(stage, "k"))
    assert all(mark not in found.what for mark in "\x1b\x07\u202e\x9b")


def test_the_engine_s_own_rows_and_acts_are_nobody_s_edit(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the engine", lambda: stage.snapshot().pid)
    stage.places.spec.write_bytes(
        stage.places.spec.read_bytes().replace(b"## Queue", b"## Live Signals\n\n## Queue\n- [ ] By hand ^q9")
    )
    stage.steer("add", text="By key")
    stage.steer("mute", "somebody", until="always", reason="tired")
    subprocess.run([*stage.program, "push", "--key", "build", "--state", "failing", "it fails"], check=True)
    until("the row", lambda: b"| it fails" in stage.places.spec.read_bytes())
    subprocess.run([*stage.program, "push", "--key", "build", "--state", "passing", "it passes"], check=True)
    until("no row", lambda: b"| it fails" not in stage.places.spec.read_bytes())
    stage.steer("pin", "somebody")
    until("the edit by hand", lambda: [key for key in keys(stage) if "q9" in key])
    told = [event.what for event in replay(stage.places.local / "journal", 1e12).events if event.kind == "edit"]
    assert all("By hand" in what or "Live Signals" in what for what in told), told
    assert any("By hand" in what for what in told)


def test_a_mute_of_a_source_shelves_its_rows_and_one_that_is_over_leaves_the_spec_with_the_reason(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    push = [*stage.program, "push", "--source", "ci", "--state", "failing", "--level", "error"]
    for key in ("build", "docs"):
        subprocess.run([*push, "--key", key, f"{key} fails"], check=True)
    until("the signals", lambda: {"build", "docs"} <= set(keys(stage)))
    stage.steer("mute", "source:ci", until="always", reason="moving house")
    until("the shelf", lambda: {muted.key for muted in stage.snapshot().muted} == {"build", "docs"})
    assert {(muted.target, muted.until) for muted in stage.snapshot().muted} == {("source:ci", "always")}
    stage.steer("unmute", "source:ci")
    stage.steer("mute", "build", until="changes")
    until("it is muted", lambda: [muted.key for muted in stage.snapshot().muted] == ["build"])
    subprocess.run([*push, "--key", "build", "build fails otherwise"], check=True)
    woken = until("it woke", lambda: signal(stage, "build"))
    assert woken.reasons[0] == "unmuted: error changed"
    until("its line is gone", lambda: not parse(stage.places.spec.read_bytes()).mutes)
    act = until("its commit", lambda: stage.git("log", "-1", "--grep=Cockpit-Reason: error changed", "--format=%B"))
    assert "Cockpit-By: engine" in act
    assert "Cockpit-Verb: unmute" in act


def test_what_a_human_acts_on_is_learned_told_and_forgotten(stage: Stage):
    def taste(*words: str) -> str:
        return subprocess.run([*stage.program, "taste", *words], capture_output=True, text=True, check=True).stdout

    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    assert taste() == "nothing learned yet\n"
    stage.start()
    push = [*stage.program, "push", "--source", "ci", "--state", "failing", "--level", "error"]
    subprocess.run([*push, "--key", "build", "build fails"], check=True)
    found = until("the signal", lambda: signal(stage, "build"))
    for _ in range(2):
        heed(stage.places, found.family, "iterate")
    until("it is learned", lambda: "you usually act on source ci  (2 acts" in taste())
    until("its chip", lambda: any(term.name == "taste" for term in (signal(stage, "build") or found).terms))
    assert taste("--reset", "source ci") == "forgot source ci\n"
    assert "source ci" not in taste()
    assert taste("--reset") == "forgot all\n"
    until("the engine forgot", lambda: not any(t.name == "taste" for t in (signal(stage, "build") or found).terms))


def test_what_is_not_the_real_issue_is_silent_and_the_next_brief_of_its_item_hears_it(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    push = [*stage.program, "push", "--source", "ci", "--state", "failing", "--level", "error", "--item", "q1"]
    subprocess.run([*push, "--key", "build", "build fails"], check=True)
    until("the signal", lambda: signal(stage, "build"))
    subprocess.run([*stage.program, "dismiss", "build", "the", "clock", "is", "off"], check=True)
    until("the shelf", lambda: [muted.key for muted in stage.snapshot().muted] == ["build"])
    told = "- not the real issue: the clock is off, says the human: build fails [`build`]"
    brief = [*stage.program, "brief", "q1", "--next"]
    until("the brief", lambda: told in subprocess.run(brief, capture_output=True, text=True, check=True).stdout)
    kinds = {event.kind for event in replay(stage.places.journal, 1e12).events if event.key.startswith("mute/")}
    assert kinds == {"user.correction"}


def test_a_mute_of_what_nothing_is_called_says_so_and_stands(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.start()
    until("the first look", lambda: stage.snapshot().why)

    def mute(target: str) -> str:
        return subprocess.run([*stage.program, "mute", target], check=True, capture_output=True, text=True).stdout

    assert "nothing is called so now" in mute("zzz")
    assert [entry.target for entry in parse(stage.places.spec.read_bytes()).mutes] == ["zzz"]
    assert "nothing" not in mute("delegate/q1")
