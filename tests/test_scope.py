"""Stale claims stop an item before its turn, whatever the mode, until they hold or the human says to go on."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from cockpit import facts
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

ITEM = "- [ ] Fix the crash in `src/flags.py` ^q1\n  - paths: src/**\n"


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    (made.root / "src/app").mkdir(parents=True)
    (made.root / "src/app/flags.py").write_text("def parse_flags():\n    return {}\n")
    made.git("add", ".")
    made.git("commit", "-qm", "Grow")
    yield made
    made.stop()


def git(stage: Stage, *args: str) -> None:
    """As a human would who tries again when the engine's commit came between."""
    until(f"git {args[0]}", lambda: subprocess.run(["git", *args], cwd=stage.root, check=False).returncode == 0)


@pytest.mark.parametrize("mode", ["copilot", "auto"])
def test_a_stale_claim_asks_instead_of_starting_a_delegate(stage: Stage, mode: str):
    stage.spec(ITEM, mode=mode)
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert item.value("asks") == "stale: `src/flags.py` is not there; did you mean `src/app/flags.py`?"
    assert stage.sessions() == []
    assert not list(facts.turns(stage.places.delegates))
    until("its signal", lambda: [s.action for s in stage.snapshot().signals if s.key == "gate/q1"] == ["answer"])


def test_the_item_goes_on_by_itself_once_its_words_are_right(stage: Stage):
    stage.spec(ITEM)
    stage.script("q1", edit_and_commit("src/app/flags.py", "def parse_flags(): return 1\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale")
    stage.places.spec.write_text(stage.places.spec.read_text().replace("in `src/flags.py`", "in `src/app/flags.py:1`"))
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    until("the review", lambda: stage.item("q1").value("review"))
    assert item.value("asks") == "" or stage.item("q1").value("asks") == ""
    brief = (stage.turn("q1").folder / "brief.md").read_text()
    assert "## Confirmed inventory" in brief
    assert "- `src/app/flags.py:1`: def parse_flags():" in brief
    assert "- `src/**` in `paths:`: 1 file: `src/app/flags.py`" in brief
    known = facts.read(stage.turn("q1").folder, facts.Claims)
    assert known is not None
    assert {claim.state for claim in known.claims} == {"holds"}


def test_the_item_goes_on_by_itself_once_the_file_is_there(stage: Stage):
    stage.spec(ITEM)
    stage.script("q1", edit_and_commit("src/flags.py", "x = 1\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale")
    (stage.root / "src/flags.py").write_text("x = 0\n")
    git(stage, "add", "src/flags.py")
    git(stage, "commit", "-qm", "Put it back")
    until("the review", lambda: stage.item("q1").value("review"))
    assert stage.item("q1").value("asks") == ""


def test_the_human_may_say_to_go_on_as_it_is(stage: Stage):
    stage.spec(ITEM)
    stage.script("q1", edit_and_commit("src/flags.py", "x = 1\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale")
    stage.steer("iterate", "q1", note="make that file, it is right")
    until("the review", lambda: stage.item("q1").value("review"))
    brief = (stage.turn("q1").folder / "brief.md").read_text()
    assert "make that file, it is right" in brief
    assert "did you mean" not in brief


def test_a_kill_while_it_asks_leaves_one_question(stage: Stage):
    stage.spec(ITEM)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, asks="stale")
    stage.kill()
    stage.start()
    until("the engine", stage.alive)
    assert stage.item("q1").value("asks").startswith("stale: ")
    assert stage.events("ask") == ["q1"]


def test_the_command_tells_all_claims_and_ends_with_one_when_one_is_stale(stage: Stage):
    stage.spec("- [ ] Fix `parse_flag()` in `src/app/flags.py:1`; add `src/new.py` ^q1\n", loop="hold")
    done = subprocess.run([*stage.program, "scope", "q1"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "✗ stale      parse_flag(): is not in `src/app/flags.py`" in done.stdout
    assert "did you mean parse_flags?" in done.stdout
    told = subprocess.run([*stage.program, "scope", "q1", "--json"], capture_output=True, text=True, check=False)
    states = {claim["what"]: claim["state"] for claim in json.loads(told.stdout)["claims"]}
    assert states == {"parse_flag()": "stale", "src/app/flags.py:1": "holds", "src/new.py": "to be made"}
    gone = subprocess.run([*stage.program, "scope", "q9"], capture_output=True, text=True, check=False)
    assert gone.returncode == 1
    assert "no such item" in gone.stderr


def test_a_merge_that_takes_the_ground_from_an_open_item_is_a_signal(stage: Stage):
    stage.spec("- [ ] Shorten `src/app/flags.py` ^q1\n- [ ] Shorten `README.md` ^q2\n", loop="hold")
    stage.start()
    until("the engine", stage.alive)

    def told() -> list[str]:
        return [signal.what for signal in stage.snapshot().signals if signal.key.startswith("claims/")]

    until("the first look", lambda: (stage.places.local / "ground.json").exists())
    assert told() == []
    git(stage, "mv", "src/app/flags.py", "src/app/options.py")
    git(stage, "commit", "-qm", "Call them options")
    what = until("the signal", told)
    assert len(what) == 1
    assert what[0].startswith("q1 says what no longer holds: `src/app/flags.py` moved in ")
    stage.steer("reword", "q1", text="Shorten `src/app/options.py`")
    until("its end", lambda: not told())


def test_a_review_tells_what_a_merge_meanwhile_made_untrue(stage: Stage):
    stage.spec("- [ ] Explain `parse_flags()` in `src/app/flags.py` ^q1\n")
    stage.script("q1", edit_and_commit("docs.md", "It parses.\n"))
    stage.start()
    until("the review", lambda: stage.item("q1").value("review"))
    assert "stale" not in stage.item("q1").value("review")
    git(stage, "mv", "src/app/flags.py", "src/app/options.py")
    git(stage, "commit", "-qm", "Call them options")
    until("the second review", lambda: "1 claim stale on the target" in stage.item("q1").value("review"))
    review = stage.turn("q1").review
    assert review is not None
    assert review.notes[0].endswith("(Call them options); did you mean `src/app/options.py`?")
    assert len(review.checks) == 14


def test_a_turn_that_made_a_claim_untrue_is_not_asked_about_it(stage: Stage):
    stage.spec("- [ ] Rename `parse_flags()` in `src/app/flags.py` to `read_flags()` ^q1\n")
    renamed = edit_and_commit("src/app/flags.py", "def read_flags():\n    return {}\n")
    stage.script("q1", [*renamed[:2], {"exit": 3}], [{"answer": {"status": "done", "summary": "It was done."}}])
    stage.start()
    stage.await_mark("q1", Mark.BLOCKED, why="failed")
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("- [!] Rename", "- [ ] Rename"))
    until("the second turn", lambda: stage.turn("q1").number == 2)
    until("the review", lambda: stage.item("q1").value("review"))
    assert stage.events("ask") == []


PHASED = """\
- [ ] Move `parse_flags()` of `src/app/flags.py` into `src/cli.py` ^q1
  - phased: on
  - [ ] write `src/cli.py` ^q2
  - [ ] shorten `parse_flags()` in `src/app/flags.py` ^q3
  - [ ] tell of it in `README.md` ^q4
"""


def test_a_phase_is_held_to_the_tree_that_the_one_before_it_left(stage: Stage):
    stage.spec(PHASED, mode="auto", exit="feature")
    written = edit_and_commit("src/cli.py", "import sys\n\n\ndef main():\n    print(sys.argv)\n")
    stage.script("q2", [{"remove": "src/app/flags.py"}, *written])
    stage.script("q4", edit_and_commit("README.md", "It parses.\n"))
    stage.start()
    asked = stage.await_mark("q3", Mark.NEEDS_YOU, asks="stale: `parse_flags()` is gone since ").value("asks")
    assert "of q1" not in asked, "what the item says of its phases' work may be over"
    stage.steer("strike", "q3")
    stage.await_mark("q4", Mark.DONE)
    assert stage.events("ask") == ["q3"]


def test_what_the_item_says_asks_before_its_first_phase(stage: Stage):
    stage.spec(PHASED.replace("src/app/flags.py", "src/flags.py"), mode="auto", exit="feature")
    stage.start()
    asked = stage.await_mark("q2", Mark.NEEDS_YOU, asks="stale").value("asks")
    assert asked == "stale: `src/flags.py` (of q1) is not there; did you mean `src/app/flags.py`?"
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("of `src/flags.py` into", "of `src/app/flags.py` into"))
    until("its delegate", lambda: stage.item("q2").mark is not Mark.NEEDS_YOU)


def test_a_review_tells_which_items_its_merge_makes_stale(stage: Stage):
    open_ones = "- [ ] Fix the leak in `parse_flags()` ^q2\n  - after: q1\n- [ ] Fix `README.md` ^q3\n  - after: q2\n"
    stage.spec(f"- [ ] Rename `parse_flags()` in `src/app/flags.py` to `read_flags()` ^q1\n{open_ones}")
    stage.script("q1", edit_and_commit("src/app/flags.py", "def read_flags():\n    return {}\n"))
    stage.start()
    review = stage.await_mark("q1", Mark.NEEDS_YOU, review="").value("review")
    review = until("the review", lambda: stage.item("q1").value("review"))
    assert review.endswith("makes q2 stale; accept")
    told = stage.turn("q1").review
    assert told is not None
    assert told.notes == []
    assert [note.partition(" is gone since ")[0] for note in told.unsettles] == ["q2: `parse_flags()`"]
    stage.steer("accept", "q1")
    stage.await_mark("q2", Mark.NEEDS_YOU, asks="stale: `parse_flags()` ")


def test_auto_merges_nothing_whose_ground_was_taken_meanwhile(stage: Stage):
    stage.spec("- [ ] Explain `parse_flags()` in `src/app/flags.py` ^q1\n", mode="auto")
    go = stage.root.parent / "go"
    stage.script("q1", [{"wait": str(go)}, *edit_and_commit("docs.md", "It parses.\n")])
    stage.start()
    stage.await_mark("q1", Mark.RUNNING)
    until("its delegate", lambda: stage.turn("q1").running is not None)
    git(stage, "mv", "src/app/flags.py", "src/app/options.py")
    git(stage, "commit", "-qm", "Call them options")
    go.touch()
    item = stage.await_mark("q1", Mark.NEEDS_YOU, why="stale: `src/app/flags.py` moved in ")
    assert "1 claim stale on the target; accept" in item.value("review")
    assert "(accept it as it is, or iterate)" in item.value("why")
    assert stage.events("merge") == []
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE, merged="")
