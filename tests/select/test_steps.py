"""What an item goes through: the table of docs/architecture.md, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cockpit import facts, select
from cockpit.select import plan
from cockpit.spec import Mark, parse


def turn(item: str = "q1", number: int = 1, goal: str = "", **known: Any) -> facts.Turn:
    dispatch = facts.Dispatch(
        item=item,
        turn=number,
        text="one",
        agent="rehearsal",
        branch=f"delegate/{item}",
        base="b" * 40,
        target="refs/heads/main",
        worktree="/w",
        session=f"ck-{item}-{number}",
        timeout=60.0,
        goal=goal,
        at=1.0,
    )
    given = {"running": None, "sentinel": None, "answer": None, "review": None, "merge": None, "broken": {}} | known
    return facts.Turn(folder=Path("/f"), dispatch=dispatch, **given)


RUNNING = facts.Running(pid=1, started="1", at=1.0)
FINISHED = facts.Sentinel(outcome="finished", exit=0, at=2.0, seconds=1.0)
DONE = facts.Answer(status="done", summary="did it")
REVIEW = facts.Review(base="b" * 40, head="h" * 40, recommendation="accept", checks=[], at=3.0)


def steps(
    queue: str,
    *turns: facts.Turn,
    front: str = "loop: on",
    gates: str = "[verdict]",
    alive: bool = False,
    stale: str = "",
    delivered: frozenset[str] = frozenset(),
    invariant: str = "",
    home: str = "refs/heads/main",
    before: str = "## Queue\n",
    account: select.Account | None = None,
    rounds: list[facts.Turn] | None = None,
    restated: bool = False,
) -> list[select.Step]:
    gated = f"  gates: {gates}\n" if gates and "mode: auto" not in front else ""
    document = parse(f"---\ncockpit:\n  {front}\n{gated}---\n{before}{queue}".encode())
    world = select.World(
        turns={entry.item: entry for entry in turns},
        alive=lambda _: alive,
        lost=lambda turn: "lost: its runner is gone" if turn.running is not None and not alive else "",
        stale=lambda _: stale,
        delivered=lambda _: delivered,
        invariant=invariant,
        account=account or select.Account(),
        home=home,
        rounds=lambda turn: rounds or (turn,),
        goal="new",
        restated=lambda _item, _turn: restated,
    )
    return list(plan(document, world).steps)


def test_a_checkbox_in_the_goal_is_no_work_of_the_queue():
    goal = "## Goal\nShip.\n- [ ] a way to see it ^q1\n- [/] so far ^q2\n\n### Not yet\n- [ ] more ^q3\n\n## Queue\n"
    assert kinds(steps("", before=goal)) == []
    assert kinds(steps("- [ ] one ^q4\n", before=goal)) == ["Dispatch"]


def kinds(found: list[select.Step]) -> list[str]:
    return [type(step).__name__ for step in found]


def test_the_first_ready_item_is_dispatched():
    (step,) = steps("- [ ] one ^q1\n- [ ] two ^q2\n")
    assert isinstance(step, select.Dispatch)
    assert (step.item.id, step.turn) == ("q1", 1)


def test_an_item_without_an_id_gets_one_first():
    assert kinds(steps("- [ ] one\n")) == ["Name"]


def test_an_item_with_a_conflict_is_passed_over():
    (step,) = steps("- [ ] one ^q1\n  - conflict: marked x\n- [ ] two ^q2\n")
    assert isinstance(step, select.Dispatch)
    assert step.item.id == "q2"


def test_a_holding_loop_dispatches_nothing():
    assert steps("- [ ] one ^q1\n", front="loop: hold") == []


def test_wip_is_respected():
    queue = "- [/] one ^q1\n- [ ] two ^q2\n"
    assert steps(queue, turn(running=RUNNING), alive=True) == []
    assert kinds(steps(queue, turn(running=RUNNING), alive=True, front="loop: on\n  wip: 2")) == ["Dispatch"]


def test_a_start_that_was_cut_short_is_taken_up_with_the_same_turn():
    for mark in " /":
        (step,) = steps(f"- [{mark}] one ^q1\n", turn())
        assert isinstance(step, select.Dispatch)
        assert step.turn == 1


def test_an_item_sent_back_starts_the_next_turn_with_the_note():
    ended = turn(running=RUNNING, sentinel=FINISHED)
    (step,) = steps("- [ ] one ^q1\n  - branch: delegate/q1\n  - iterate: keep the API\n", ended)
    assert isinstance(step, select.Dispatch)
    assert (step.turn, step.note) == (2, "keep the API")


def test_a_running_delegate_is_left_alone():
    assert steps("- [/] one ^q1\n", turn(running=RUNNING), alive=True) == []


def test_a_delegate_that_vanished_without_a_sentinel_is_lost():
    (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING), alive=False)
    assert isinstance(step, select.Park)
    assert step.mark is Mark.BLOCKED
    assert step.words.startswith("lost")


def test_an_end_says_its_exit_status_once():
    def why(detail: str) -> str:
        end = facts.Sentinel(outcome="failed", exit=3, at=2.0, seconds=1.0, detail=detail)
        (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING, sentinel=end))
        assert isinstance(step, select.Park)
        return step.words

    assert why("exit status 3") == why("") == "failed: exit status 3"
    assert why("no such model") == "failed: exit status 3: no such model"


def test_a_running_item_whose_facts_were_deleted_is_parked():
    assert kinds(steps("- [/] one ^q1\n  - branch: delegate/q1\n")) == ["Park"]
    assert steps("- [/] mine, by hand ^q1\n") == []


def test_a_finished_turn_is_reviewed_whatever_the_answer_file_is_worth():
    for answer in (DONE, None):
        ended = turn(running=RUNNING, sentinel=FINISHED, answer=answer)
        assert kinds(steps("- [/] one ^q1\n", ended, front="loop: on\n  reentries: 0")) == ["Review"]


def test_a_question_goes_to_the_human():
    answer = facts.Answer(status="asks", summary="", question="tabs or spaces?")
    (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING, sentinel=FINISHED, answer=answer))
    assert isinstance(step, select.Park)
    assert (step.mark, step.key, step.words) == (Mark.NEEDS_YOU, "asks", "tabs or spaces?")


def test_blocked_is_an_honoured_outcome():
    answer = facts.Answer(status="blocked", summary="no access")
    (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING, sentinel=FINISHED, answer=answer))
    assert isinstance(step, select.Park)
    assert (step.mark, step.words) == (Mark.BLOCKED, "blocked: no access")


def test_every_bad_end_is_told_apart():
    ends = {
        "failed": facts.Sentinel(outcome="failed", exit=3, at=2.0, seconds=1.0),
        "died": facts.Sentinel(outcome="crashed", signal=11, at=2.0, seconds=1.0),
        "timed out": facts.Sentinel(outcome="timeout", at=2.0, seconds=60.0),
        "interrupted": facts.Sentinel(outcome="interrupted", at=2.0, seconds=1.0),
        "the agent did not start": facts.Sentinel(outcome="not-started", at=2.0, seconds=0.0),
    }
    for words, end in ends.items():
        (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING, sentinel=end))
        assert isinstance(step, select.Park)
        assert step.words.startswith(words)


def test_a_parked_struck_or_deferred_item_stops_its_delegate():
    for mark in "!->":
        assert kinds(steps(f"- [{mark}] one ^q1\n", turn(running=RUNNING), alive=True, front="loop: hold")) == [
            "Interrupt"
        ]


def test_trouble_of_the_models_service_is_told_apart_from_work_that_failed():
    trouble = {"trouble": "the quota is used up", "detail": "429 usage limit"}
    end = facts.Sentinel(outcome="failed", exit=1, at=2.0, seconds=1.0, **trouble)
    (step,) = steps("- [/] one ^q1\n", turn(running=RUNNING, sentinel=end))
    assert isinstance(step, select.Park)
    assert step.words.startswith("the quota is used up: log in")
    assert step.words.endswith("(429 usage limit)")


def test_a_steer_message_with_its_receipt_is_not_delivered_again():
    queue = "- [/] one ^q1\n  - steer: use sqlite (delivered 2026-11-21 16:08)\n"
    assert steps(queue, turn(running=RUNNING), alive=True, delivered=frozenset({"use sqlite"})) == []


def test_a_steer_message_is_delivered_once():
    queue = "- [/] one ^q1\n  - steer: use sqlite\n"
    (step,) = steps(queue, turn(running=RUNNING), alive=True)
    assert isinstance(step, select.Deliver)
    assert step.text == "use sqlite"
    assert steps(queue, turn(running=RUNNING), alive=True, delivered=frozenset({"use sqlite"})) == []


def test_a_verdict_waits_for_the_human_in_copilot():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert steps("- [?] one ^q1\n", ended) == []


def test_an_accepted_result_is_merged():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert kinds(steps(f"- [?] one ^q1\n  - verdict: accept {'h' * 12}\n", ended)) == ["Merge"]


def test_a_yes_to_another_head_merges_nothing():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert steps("- [?] one ^q1\n  - verdict: accept 123456789abc\n", ended) == []


def test_a_stale_verdict_is_made_again():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    queue = f"- [?] one ^q1\n  - verdict: accept {'h' * 12}\n"
    assert kinds(steps(queue, ended, stale="main has moved")) == ["Review"]


def test_a_tick_by_hand_under_review_is_an_accept():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert kinds(steps("- [x] one ^q1\n", ended)) == ["Merge"]
    assert steps("- [x] one ^q1\n  - merged: abc\n", ended) == []


FAILING = facts.Review(base="b" * 40, head="h" * 40, recommendation="iterate", checks=[], at=3.0)


def test_what_did_not_pass_is_merged_only_by_a_yes_that_names_its_commit():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=FAILING)
    assert kinds(steps(f"- [?] one ^q1\n  - verdict: accept {'h' * 12}\n", ended)) == ["Merge"]
    for queue in ("- [x] one ^q1\n", "- [?] one ^q1\n  - verdict: accept\n"):
        (step,) = steps(queue, ended)
        assert isinstance(step, select.Halt)
        assert "accept says yes to it all the same" in step.words
    (step,) = steps("- [?] one ^q1\n  - verdict: accept\n", turn(sentinel=FINISHED, review=REVIEW))
    assert isinstance(step, select.Merge)
    assert steps("- [?] one ^q1\n  - verdict: accept hh\n", ended) == [], "too short to name anything"


def test_auto_accepts_what_passes_and_iterates_what_does_not_up_to_a_cap():
    auto = "loop: on\n  mode: auto"
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    (step,) = steps("- [?] one ^q1\n", ended, front=auto)
    assert isinstance(step, select.Verdict)
    assert step.verb == "accept"
    failing = facts.Review(base="b", head="h", recommendation="iterate", checks=[], at=3.0)
    ended = [turn(number=at, running=RUNNING, sentinel=FINISHED, answer=DONE, review=failing) for at in (1, 2, 3)]
    (step,) = steps("- [?] one ^q1\n", ended[0], front=auto)
    assert isinstance(step, select.Verdict)
    assert step.verb == "iterate"
    (step,) = steps("- [?] one ^q1\n", ended[2], front=auto, rounds=ended)
    assert isinstance(step, select.Halt)
    assert step.words.startswith("not converging: 1 -> 1 -> 1 findings; 3 of 3 rounds, 1 finding left")
    assert steps(f"- [?] one ^q1\n  - why: {step.words}\n", ended[2], front=auto, rounds=ended) == []


def test_a_line_that_converges_again_says_so_and_other_reasons_stay():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    (step,) = steps("- [?] one ^q1\n  - why: not converging: 4 -> 4 -> 4 findings\n", ended)
    assert isinstance(step, select.Halt)
    assert step.words == ""
    assert steps("- [?] one ^q1\n  - why: I look at it on Monday\n", ended) == []


def test_an_item_may_have_more_rounds_than_the_spec():
    failing = facts.Review(base="b", head="h", recommendation="iterate", checks=[], at=3.0)
    ended = [turn(number=at, running=RUNNING, sentinel=FINISHED, answer=DONE, review=failing) for at in (1, 2)]
    front = "loop: on\n  mode: auto\n  rounds: 2"
    assert kinds(steps("- [?] one ^q1\n", ended[1], front=front, rounds=ended)) == ["Halt"]
    assert kinds(steps("- [?] one ^q1\n  - rounds: 3\n", ended[1], front=front, rounds=ended)) == ["Verdict"]


def test_auto_says_nothing_for_work_on_a_goal_that_has_changed():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW, goal="old")
    (step,) = steps("- [?] one ^q1\n", ended, front="loop: on\n  mode: auto")
    assert isinstance(step, select.Halt)
    assert step.words.startswith("the goal has changed")


def test_a_broken_invariant_starts_nothing_but_still_collects():
    queue = "- [ ] two ^q2\n- [/] one ^q1\n"
    assert kinds(steps(queue, turn(running=RUNNING, sentinel=FINISHED), invariant="merge in progress")) == ["Review"]


def test_a_broken_invariant_merges_nothing():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert steps("- [?] one ^q1\n  - verdict: accept\n", ended, invariant="merge in progress") == []


def test_a_delegate_of_another_branch_waits_until_it_is_back():
    ended = turn(running=RUNNING, sentinel=FINISHED, answer=DONE)
    for mark in "/? ":
        assert steps(f"- [{mark}] one ^q1\n", ended, home="refs/heads/other") == []


def test_an_item_that_used_its_budget_up_waits_and_the_next_goes_first():
    queue = "- [ ] one ^q1\n  - budget: 1 turn\n- [ ] two ^q2\n"
    account = select.Account(items={"q1": select.Spent(turns=1)})
    (step,) = steps(queue, account=account)
    assert isinstance(step, select.Dispatch)
    assert step.item.id == "q2"


def test_a_delegate_beyond_its_budget_is_stopped_and_says_so():
    queue = "- [/] one ^q1\n  - budget: 1000 tokens\n"
    running = turn(running=RUNNING)
    (step,) = steps(queue, running, alive=True, account=select.Account(items={"q1": select.Spent(tokens=1200)}))
    assert isinstance(step, select.Park)
    assert step.mark is Mark.BLOCKED
    assert step.words == "has reached its budget: 1,200 of 1,000 tokens; raise its budget: to go on"


def test_a_verdict_that_is_said_is_no_review_that_waits():
    front = "loop: on\n  review: 1"
    queue = "- [?] one ^q1\n  - verdict: accept hhhhhhh\n- [ ] two ^q2\n"
    reviewed = turn(sentinel=FINISHED, answer=DONE, review=REVIEW)
    assert kinds(steps(queue, reviewed, front=front)) == ["Merge", "Dispatch"]


def test_an_item_that_asks_about_its_claims_is_looked_at_again_once_they_changed():
    asks = "- [?] one ^q1\n  - asks: stale: `a.py` is not there\n"
    assert steps(asks) == []
    (again,) = steps(asks, restated=True)
    assert isinstance(again, select.Recheck)
    assert (again.item.id, again.turn) == ("q1", 1)
    assert steps("- [?] one ^q1\n  - asks: which one?\n", restated=True) == []
    assert kinds(steps("- [ ] one ^q1\n  - asks: stale: no\n", restated=True)) == ["Dispatch"]
