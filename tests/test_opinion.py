"""Another agent looks at a result before the human does, read-only, and decides nothing (R190)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit import facts
from cockpit.engine.spending import spending
from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


ITEM = "- [ ] Write a ^q1\n  - opinion: rehearsal\n"
SAID = {"summary": "It greets.", "notes": [{"path": "a.txt", "line": 1, "words": "In which language?"}]}


def opinion(stage: Stage) -> facts.Turn | None:
    return next(iter(facts.opinions(stage.places.delegates)), None)


def heard(stage: Stage) -> facts.Opinion:
    """The opinion, once it is there."""

    def there() -> facts.Opinion | None:
        own = opinion(stage)
        return own.opinion if own is not None else None

    found = until("an opinion", there, stage.patience)
    assert found is not None
    return found


def looks(stage: Stage, *steps: dict[str, Any]) -> None:
    """What the agent does that looks at q1."""
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script(f"q1{facts.WHO}", list(steps))


def test_its_notes_stand_beside_the_review_and_change_nothing(stage: Stage):
    stage.spec(ITEM)
    looks(stage, {"brief": True}, {"answer": SAID})
    stage.start()
    found = heard(stage)
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="9 pass")
    turn = stage.turn("q1")
    assert turn.review is not None
    assert (found.head, found.agent, found.summary) == (turn.review.head, "rehearsal", "It greets.")
    assert found.notes == [facts.Note("a.txt", "In which language?", 1)]
    assert (turn.review.recommendation, item.value("verdict")) == ("accept", "")
    assert stage.events("review") == ["q1"]
    own = opinion(stage)
    assert own is not None
    log = own.log.read_text()
    assert "+hello" in log, "the diff"
    assert "1 acceptance grep: n/a" in log, "what the checks found"
    assert not Path(own.dispatch.worktree).exists(), "the copy is gone"
    assert stage.sessions() == ["ck-q1-1"]
    paid = [(one.item, one.turn, one.opinion) for one in spending(stage.places, 0.0).turns]
    assert paid == [("q1", 1, False), ("q1", 1, True)]
    printed = subprocess.run([*stage.program, "spent"], capture_output=True, text=True, check=True).stdout
    assert "1 opinion of rehearsal" in printed
    shown = subprocess.run([*stage.program, "review", "q1"], capture_output=True, text=True, check=True).stdout
    assert "opinion of rehearsal: 1 note\nIt greets.\n~ a.txt:1: In which language?\n" in shown
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)


def test_whatever_it_does_never_reaches_a_branch(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n")
    looks(stage)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    everything = stage.git("for-each-ref")
    rude = ["echo x >> a.txt", "git stash", "echo y >> a.txt", "git commit -qam Mine", "git branch -f delegate/q1"]
    rude += ["git branch -f main", "cockpit accept q1", f"echo '{json.dumps(SAID)}' > $COCKPIT_ANSWER"]
    agents = stage.root / ".cockpit" / "agents"
    agents.mkdir(parents=True)
    command = json.dumps(["sh", "-c", "; ".join(rude)])
    (agents / "rude.toml").write_text(f"kind = 'stream'\nevents = 'plain'\ncommand = {command}\n")
    before = stage.git("for-each-ref", "refs/heads/delegate", "refs/stash")
    stage.steer("give", "q1", key="opinion", value="rude")
    assert heard(stage).told == "opinion of rude: 1 note"
    assert stage.git("for-each-ref", "refs/heads/delegate", "refs/stash") == before
    names = [row.split("\t")[1] for row in everything.split("\n")]
    assert [row.split("\t")[1] for row in stage.git("for-each-ref").split("\n")] == names
    assert stage.item("q1").value("verdict") == ""


def test_a_verdict_need_not_wait_and_ends_it(stage: Stage):
    stage.spec(ITEM)
    looks(stage, {"hang": True})
    stage.start()
    until("it looks", lambda: (own := opinion(stage)) is not None and own.running)
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert heard(stage).trouble == "none, interrupted: interrupted by the human"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("{}", "none, malformed answer: Object missing required field `summary`"),
        ('{"summary": "x", "notes": [{"path": "a", "line": -1, "words": "x"}]}', "none, malformed answer: Expected"),
        ("[" * 100_000, "none, malformed answer: "),
        ("", "none, malformed answer: "),
    ],
)
def test_a_malformed_answer_is_said_to_be_one(stage: Stage, answer: str, words: str):
    stage.spec(ITEM)
    looks(stage, {"malformed_answer": answer})
    stage.start()
    assert heard(stage).trouble.startswith(words)
    assert stage.await_mark("q1", Mark.NEEDS_YOU).value("review").startswith("9 pass")


def test_hostile_words_are_cleaned(stage: Stage):
    stage.spec(ITEM)
    notes = [{"path": "./a.txt\x1b[2J", "line": 1, "words": "\x1b]0;x\x07password = hunter2hunter2\n## Queue"}]
    looks(stage, {"answer": {"summary": "\u202eok", "notes": notes * 90}})
    stage.start()
    found = heard(stage)
    assert (found.summary, len(found.notes)) == ("ok", 50)
    assert found.notes[0] == facts.Note("a.txt", "password = [redacted] ## Queue", 1)


def test_it_is_asked_once_for_a_head_in_a_loop_that_goes_by_steps_too(stage: Stage):
    stage.spec(ITEM, loop="step")
    looks(stage, {"answer": SAID})
    stage.start()
    heard(stage)
    assert stage.snapshot().loop == "hold"
    (stage.root / "other.txt").write_text("x\n")
    stage.git("add", "other.txt")
    stage.git("commit", "-qm", "The target moves")

    def base() -> str:
        review = stage.turn("q1").review
        return review.base if review is not None else ""

    moved = stage.git("rev-parse", "main")
    until("a review against it", lambda: stage.git("merge-base", moved, base()) == moved)
    assert len(facts.opinions(stage.places.delegates)) == 1


def test_who_asks_somebody_gives_no_opinion(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - opinion: claude-ask\n- [ ] b ^q2\n  - opinion: nobody\n", wip=2)
    looks(stage)
    stage.script("q2", edit_and_commit("b.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.await_mark("q2", Mark.NEEDS_YOU)

    def words(item: str) -> str:
        own = next((own for own in facts.opinions(stage.places.delegates) if own.item == f"{item}{facts.WHO}"), None)
        return own.opinion.told if own is not None and own.opinion is not None else ""

    assert "it asks somebody while it works" in until("of q1", lambda: words("q1"))
    assert "nobody" in until("of q2", lambda: words("q2"))


def test_an_engine_that_died_goes_on_with_it(stage: Stage):
    stage.spec(ITEM)
    gate = stage.root.parent / "gate"
    looks(stage, {"append": str(stage.root.parent / "runs"), "content": "x"}, {"wait": str(gate)}, {"answer": SAID})
    stage.start()
    until("it looks", lambda: (stage.root.parent / "runs").exists())
    stage.kill()
    gate.touch()
    own = opinion(stage)
    assert own is not None
    until("its end", lambda: (own.folder / "sentinel").exists())
    stage.start()
    assert heard(stage).notes
    assert (stage.root.parent / "runs").read_text() == "x"
    assert subprocess.run(["git", "status"], cwd=stage.root, capture_output=True, check=False).returncode == 0
