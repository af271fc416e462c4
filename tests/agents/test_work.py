"""An item from dispatch to review, done by each real agent."""

from __future__ import annotations

from pathlib import Path

from cockpit.act import state
from cockpit.spec import Mark
from tests.agents.conftest import Play
from tests.agents.model import Say


def sleeping(seconds: int) -> bool:
    """Whether a `sleep` of that length runs."""
    line = f"sleep\0{seconds}\0".encode()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if entry.read_bytes() == line:
                return True
        except OSError:
            continue
    return False


def test_it_does_an_item_and_hands_it_in(play: Play):
    play.model.scenarios = {"work": play.work()}
    play.dispatch("work", verify="grep -q hello a.txt")
    item = play.ended()
    turn = play.stage.turn("q1")
    assert turn.sentinel is not None
    assert (turn.sentinel.outcome, turn.sentinel.exit) == ("finished", 0)
    assert play.said("Wrote it.")
    assert play.stage.git("show", "--format=", "--name-only", "delegate/q1") == "a.txt"
    assert play.stage.git("status", "--porcelain", cwd=play.worktree) == "", "it leaves nothing behind"
    assert item.value("review").endswith("accept")
    assert play.used().tokens == play.spent()
    assert len(play.steps()) == play.calls(play.work())


def test_a_message_reaches_it_once_at_the_next_boundary(play: Play):
    work, more = play.work(), play.work("b.txt", summary="Both.")
    play.model.scenarios = {"work": work, "more": more}
    play.dispatch("work")
    play.until("its first words", lambda: play.model.served)
    play.stage.steer("steer", "q1", message="SCENARIO=more")
    play.ended(review="")
    play.until("the receipt", lambda: "(delivered " in play.stage.item("q1").value("steer"))
    assert play.said("Both.")
    assert play.stage.git("show", "delegate/q1:b.txt") == "hello"
    served = [served for served in play.model.served if served.scenario == "more" and served.turn >= 0]
    assert [one.turn for one in served] == list(range(len(more)))
    assert {one.before for one in served} == {play.before(work)}
    assert play.used().tokens == play.spent()


def test_an_iterate_goes_on_where_it_was(play: Play):
    work = play.work()
    play.model.scenarios = {"work": work, "more": play.work("b.txt", summary="Both.")}
    play.dispatch("work")
    play.ended(review="")
    first, usd = play.spent(), play.used().usd
    play.stage.steer("iterate", "q1", note="SCENARIO=more")
    play.until("the second turn", lambda: play.stage.turn("q1").number == 2)
    play.ended(review="")
    assert play.said("Both.")
    assert play.begun("more") == {play.before(work)}
    assert play.used().tokens == play.spent() - first
    assert usd is None or abs((play.used().usd or 0) - usd) < 1e-9, "the same work costs the same"


def test_a_conversation_that_is_lost_begins_anew(play: Play):
    play.model.scenarios = {"work": play.work(), "more": play.work("b.txt", summary="Both.")}
    play.dispatch("work")
    play.ended(review="")
    play.forget()
    play.stage.steer("iterate", "q1", note="SCENARIO=more")
    play.until("the second turn", lambda: play.stage.turn("q1").number == 2)
    play.ended(review="")
    assert play.said("Both.")
    assert play.begun("more") == {play.before()}


def test_an_interrupt_stops_it_and_what_it_runs(play: Play):
    hook = play.stage.root / ".git" / "hooks" / "pre-commit"  # some may commit, not sleep
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexec sleep 301\n")
    hook.chmod(0o755)
    runs = bool(play.real.long)
    play.model.scenarios = {"long": [Say("It takes long.", shell=play.real.long, hangs=not runs)]}
    play.dispatch("long")
    play.until("its command, or its model's silence", lambda: sleeping(301) if runs else play.model.served)
    play.stage.steer("interrupt", "q1", reason="wrong way")
    play.ended(Mark.BLOCKED, why="interrupted")
    end = play.until("its end", lambda: play.stage.turn("q1").sentinel)
    assert end.outcome == "interrupted"
    play.until("the end of what it ran", lambda: not sleeping(301))


def test_who_claims_without_doing_is_not_believed(play: Play):
    play.model.scenarios = {"liar": [play.done("Done: fixed, all tests pass, committed, answer written.")]}
    play.dispatch("liar")
    assert play.ended(review="").value("review").endswith("iterate")
    turn = play.stage.turn("q1")
    assert turn.sentinel is not None
    assert turn.sentinel.outcome == "finished"
    assert turn.answer is None or turn.answer.source == "exit status"
    assert state.state(turn).name in ("no answer", "reviewed")


def test_what_it_left_uncommitted_is_committed_for_it(play: Play):
    play.model.scenarios = {"dirty": [play.work()[0], *play.work()[2:]]}
    play.dispatch("dirty")
    play.ended(review="")
    assert play.stage.git("show", "delegate/q1:a.txt") == "hello"
    assert "harvested by cockpit" in play.stage.git("log", "-1", "--format=%b", "delegate/q1")


def test_a_quota_that_is_used_up_is_told_with_its_end(play: Play):
    words = "You exceeded your current quota, usage limit reached. Try again in 3 hours."
    play.model.scenarios = {"quota": [Say(words, error=429, wait=1)] * 20}
    play.dispatch("quota")
    play.told("limited")
    waits = play.ended(Mark.OPEN, waits="the ").value("waits")
    assert waits.startswith(("the quota is used up until", "the rate limit is reached"))
    assert state.state(play.stage.turn("q1")).name == "limited"


def test_a_refused_key_is_told_apart_from_work_that_failed(play: Play):
    play.model.scenarios = {"key": [Say("Invalid API key", error=401)] * 20}
    play.dispatch("key")
    play.ended(Mark.BLOCKED, why="the login is refused")
    end = play.stage.turn("q1").sentinel
    assert end is not None
    assert (end.outcome, end.trouble) == ("failed", "the login is refused")
