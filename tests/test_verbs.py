"""Every verb: what it writes, and when it is refused with which reason."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest

from cockpit import edits, facts
from cockpit.edits import BESIDE, EDITS, World, until_words
from cockpit.errors import Refused
from cockpit.spec import Mark, parse
from cockpit.verbs import BY_NAME, VERBS, valid
from tests.select.test_steps import DONE, FINISHED, REVIEW, RUNNING, turn

NOW = datetime(2026, 11, 21, 10, 12)
QUEUE = """\
## Queue
- [ ] open ^q1
- [/] running ^q2
  - branch: delegate/q2
- [?] waiting ^q3
  - branch: delegate/q3
- [x] done ^q4
  - merged: abc
- [>] put off ^q5
- [-] struck ^q6
- [!] blocked ^q7
  - branch: delegate/q7
  - why: no access
- [ ] nobody touched me
"""


def world(*turns: facts.Turn, alive: bool = False, stale: str = "") -> World:
    return World(turns={entry.item: entry for entry in turns}, alive=lambda _: alive, stale=lambda _: stale, now=NOW)


REVIEWED = turn("q3", running=RUNNING, sentinel=FINISHED, answer=DONE, review=REVIEW)


def say(verb: str, target: str = "", text: str = QUEUE, known: World | None = None, **words: str) -> str:
    change = BY_NAME[verb].edit
    assert change is not None
    return change(parse(text.encode()), target, words, known or world(REVIEWED)).decode()


def refused(verb: str, target: str = "", text: str = QUEUE, known: World | None = None, **words: str) -> str:
    with pytest.raises(Refused) as caught:
        say(verb, target, text, known, **words)
    return caught.value.what


def test_each_verb_has_one_key_and_one_name():
    keys = [verb.key for verb in VERBS]
    assert len(set(keys)) == len(keys)
    assert all(verb.help and verb.receipt for verb in VERBS)


def test_every_verb_has_its_edit_but_those_of_history():
    assert {verb.name for verb in VERBS if not verb.history} == set(EDITS)
    assert set(BESIDE) <= set(EDITS)


def test_a_command_line_is_read_without_the_spec_or_git():
    there = "import sys; from cockpit.cli import parser; parser(); print(*(m for m in sys.modules if 'cockpit.' in m))"
    done = subprocess.run([sys.executable, "-c", there], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in done.stdout.split()}
    assert rooms <= {"choices", "clean", "cli", "errors", "verbs"}


def test_accept_binds_the_yes_to_the_head_that_was_reviewed():
    assert f"  - verdict: accept {'h' * 12}\n" in say("accept", "q3")


def test_accept_is_refused_with_its_reason():
    assert "no result" in refused("accept", "q1")
    assert "done" in refused("accept", "q4")
    assert "no item" in refused("accept", "q99")
    assert "stale: main has moved" in refused("accept", "q3", known=world(REVIEWED, stale="main has moved"))
    assert "no review yet" in refused("accept", "q3", known=world())
    assert "accepted already" in refused("accept", "q3", say("accept", "q3"))
    asks = QUEUE.replace("- [?] waiting ^q3\n", "- [?] waiting ^q3\n  - asks: which?\n")
    assert "asks a question" in refused("accept", "q3", asks)


def test_reject_closes_the_item_and_names_the_reason():
    text = say("reject", "q3", reason="too big")
    item = parse(text.encode()).item("q3")
    assert item is not None
    assert (item.mark, item.value("verdict"), item.value("why")) == (Mark.STRUCK, "reject", "too big")
    assert "no result" in refused("reject", "q1")


def test_iterate_opens_the_item_again_with_the_note_and_drops_the_old_verdict():
    text = say("iterate", "q7", note="try the other key")
    item = parse(text.encode()).item("q7")
    assert item is not None
    assert (item.mark, item.value("why"), item.values("iterate")) == (Mark.OPEN, "", ["try the other key"])
    assert item.value("branch") == "delegate/q7"
    assert "still running" in refused("iterate", "q2")
    assert "no turn" in refused("iterate", "q1")


def test_iterate_waits_for_the_end_of_an_interrupted_turn():
    dying = turn("q7", running=RUNNING)
    assert "not ended yet" in refused("iterate", "q7", known=world(dying, alive=True))


def test_interrupt_parks_what_runs_and_refuses_what_has_finished():
    text = say("interrupt", "q2", reason="wrong way")
    item = parse(text.encode()).item("q2")
    assert item is not None
    assert (item.mark, item.value("why")) == (Mark.BLOCKED, "interrupted by you: wrong way")
    assert "not running" in refused("interrupt", "q3")
    ended = turn("q2", running=RUNNING, sentinel=FINISHED)
    assert "not running" in refused("interrupt", "q2", known=world(ended))


def test_steer_leaves_the_message_for_the_next_boundary():
    assert "  - steer: use sqlite\n" in say("steer", "q2", message="use\nsqlite")
    assert "not running" in refused("steer", "q3", message="x")
    assert "missing" in refused("steer", "q2")


def test_reframe_changes_the_goal_alone():
    text = "# x\n\n## Goal\nold\n\n" + QUEUE
    changed = say("reframe", text=text, goal="new")
    assert parse(changed.encode()).goal == "new"
    assert changed.endswith(QUEUE)
    assert "same" in refused("reframe", text=text, goal="old")
    assert "empty" in refused("reframe", text=text, goal=" ")


def test_mute_says_what_until_when_and_why():
    text = say("mute", "test_socket", until="30m", reason="known")
    (mute,) = parse(text.encode()).mutes
    assert (mute.target, mute.until, mute.reason, mute.at) == (
        "test_socket",
        "2026-11-21 10:42",
        "known",
        "2026-11-21 10:12",
    )
    assert "muted already" in refused("mute", "test_socket", text)
    assert "reason" in refused("mute", "x", until="always")
    assert parse(say("unmute", "test_socket", text).encode()).mutes == ()
    assert "not muted" in refused("unmute", "other", text)


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("", "it changes"),
        ("changes", "it changes"),
        ("head", "next head"),
        ("2h", "2026-11-21 12:12"),
        ("always", "always"),
    ],
)
def test_until_has_short_forms(given: str, written: str):
    assert until_words(given, NOW) == written


def test_until_refuses_what_it_does_not_know():
    with pytest.raises(Refused, match="none of"):
        until_words("soon", NOW)


def test_pin_and_pin_again():
    text = say("pin", "q3")
    assert [pin.target for pin in parse(text.encode()).pins] == ["q3"]
    assert parse(say("pin", "q3", text).encode()).pins == ()


def test_defer_and_strike_take_back_what_they_did():
    for verb, mark in (("defer", Mark.DEFERRED), ("strike", Mark.STRUCK)):
        text = say(verb, "q1")
        item = parse(text.encode()).item("q1")
        assert item is not None
        assert item.mark is mark
        assert say(verb, "q1", text) == QUEUE
        assert "running" in refused(verb, "q2")


def test_split_keeps_the_id_for_the_first_part():
    text = say("split", "q1", texts="first ; second\nthird")
    assert [item.text for item in parse(text.encode()).queue[:3]] == ["first", "second", "third"]
    assert parse(text.encode()).queue[0].id == "q1"
    assert "two texts" in refused("split", "q1", texts="one")
    assert "branch" in refused("split", "q7", texts="a ; b")


def test_reword_keeps_the_id():
    change = BY_NAME["reword"].edit
    assert change is not None
    changed = change(parse(QUEUE.encode()), "q1", {"text": "better"}, world())
    assert b"- [ ] better ^q1\n" in changed
    with pytest.raises(Refused, match="the same"):
        change(parse(QUEUE.encode()), "q1", {"text": "open"}, world())


def test_add_goes_below_the_target_else_to_the_end():
    change = BY_NAME["add"].edit
    assert change is not None
    below = parse(change(parse(QUEUE.encode()), "q1", {"text": "new"}, world()))
    assert below.queue[1].text == "new"
    end = parse(change(parse(QUEUE.encode()), "", {"text": "new"}, world()))
    assert end.queue[-1].text == "new"
    assert len({item.id for item in end.queue}) == len(end.queue)


def test_an_item_that_nobody_touched_gets_an_id_with_the_first_verb():
    document = parse(QUEUE.encode())
    target = document.queue[-1].id
    assert target.startswith("~")
    changed = parse(say("defer", target).encode())
    assert changed.queue[-1].touched
    assert changed.queue[-1].mark is Mark.DEFERRED


def test_loop_verbs_set_one_word_of_the_front_matter():
    text = "---\ncockpit:\n  loop: hold   # wait\n---\n" + QUEUE
    assert say("loop on", text=text) == text.replace("hold", "on")
    assert "already" in refused("loop hold", text=text)


def test_valid_names_every_verb_with_its_reason():
    answers = {verb.name: why for verb, why in valid(parse(QUEUE.encode()), "q2", world())}
    assert answers["steer"] == ""
    assert answers["interrupt"] == ""
    assert "still running" in answers["iterate"]
    assert len(answers) == len(VERBS)
    nothing = {verb.name: why for verb, why in valid(parse(QUEUE.encode()), "", world())}
    assert nothing["accept"] == "nothing is selected"
    assert nothing["add"] == ""


def test_foreign_words_stay_on_one_line_and_harmless():
    text = say("interrupt", "q2", reason="a\x1b[2Jb\n- [x] fake ^q9")
    assert "\x1b" not in text
    assert parse(text.encode()).item("q9") is None


SECTIONS = QUEUE + "\n## Backlog\n- [ ] later ^b1\n  - [ ] first part ^b2\n  - [ ] second part ^b3\n"


def queue(text: str) -> list[str]:
    return [item.id for item in parse(text.encode()).queue]


def test_move_brings_an_item_up_down_and_to_the_top():
    assert queue(say("move", "q5", to="up"))[3:5] == ["q5", "q4"]
    assert queue(say("move", "q2", to="down"))[1:3] == ["q3", "q2"]
    assert queue(say("move", "q7", to="top"))[0] == "q7"
    assert "first already" in refused("move", "q1", to="up")
    assert "first already" in refused("move", "q1", to="top")
    child = say("move", "b3", SECTIONS, to="up")
    assert child.index("second part") < child.index("first part")
    assert "last already" in refused("move", "b3", SECTIONS, to="down")


def test_move_brings_an_item_to_another_section():
    assert queue(say("move", "b1", SECTIONS, to="queue"))[-1] == "b1"
    assert say("move", "q1", SECTIONS, to="backlog").endswith("second part ^b3\n- [ ] open ^q1\n")
    assert "## Pending\n- [ ] open ^q1\n" in say("move", "q1", to="Pending")
    assert "in the queue already" in refused("move", "q1", to="queue")
    assert "none of" in refused("move", "q1", to="the moon")
    assert "is running" in refused("move", "q2", to="backlog")
    assert "waits for you" in refused("move", "q3", to="backlog")
    assert "missing" in refused("move", "q1")


def put(words: str, to: str, text: str = QUEUE) -> str:
    return edits.add(parse(text.encode()), "q1", {"text": words, "to": to}, world()).decode()


def test_add_puts_an_item_or_a_line_into_the_section_it_names():
    assert "## Known failures\n- [ ] it flaps ^f1\n" in put("it flaps", "failures")
    assert "## Acceptance\n- [ ] it is fast ^a1\n" in put("it is fast", "acceptance criteria")
    assert put("more", "backlog", SECTIONS) == SECTIONS + "- [ ] more ^b4\n"
    mapped = put("src/a.py:12 begin here", "code-map")
    assert "## Code map\n- src/a.py:12 begin here\n" in mapped
    assert "- src/a.py:12 begin here\n- src/b.py\n" in put("src/b.py", "code map", mapped)
    with pytest.raises(Refused, match="none of"):
        put("x", "goal")


def test_tick_says_done_and_takes_it_back():
    pending = "## Pending\n- [ ] ask Ada ^i1\n- [x] met ^a1\n  - proof: abc\n"
    assert "- [x] ask Ada ^i1" in say("tick", "i1", pending)
    assert say("tick", "a1", pending).endswith("- [ ] met ^a1\n")
    assert say("tick", "i1", say("tick", "i1", pending)) == pending


def test_tick_is_refused_where_a_result_waits_for_its_verdict():
    assert "is running" in refused("tick", "q2")
    assert "accept" in refused("tick", "q3")
    assert "merged as abc" in refused("tick", "q4")
    assert "struck" in refused("tick", "q6")


def test_what_waits_for_you_may_still_move_within_the_queue():
    answers = {verb.name: why for verb, why in valid(parse(QUEUE.encode()), "q3", world(REVIEWED))}
    assert (answers["move"], answers["add"]) == ("", "")
