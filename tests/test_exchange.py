"""Answers land in the exchange of the document, corrections come back in the next brief: with a real engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import corrections, facts, persist
from cockpit.engine.telling import compose
from cockpit.errors import Refused
from cockpit.facts import Answer, Dispatch, Sentinel
from cockpit.paths import Places
from cockpit.spec import Mark, exchange, parse, through
from cockpit.spec.corrections import Written
from cockpit.spec.corrections import corrections as find
from tests.stage import Stage, edit_and_commit, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def text(stage: Stage) -> str:
    return stage.places.spec.read_text()


def turn(**more: object) -> facts.Turn:
    dispatch = Dispatch(
        item="q1", turn=2, text="Do it", agent="claude", branch="delegate/q1", base="b", target="refs/heads/main",
        worktree="/w", session="s", timeout=60, at=1, spec="blob",
    )  # fmt: skip
    rest = dict.fromkeys(("running", "answer", "review", "merge")) | {"sentinel": None, "broken": {}} | more
    return facts.Turn(Path("/f"), dispatch, **rest)  # pyright: ignore[reportArgumentType]


FINISHED = Sentinel(outcome="finished", exit=0, at=0, seconds=1)


def test_an_answer_reads_as_a_short_piece_of_markdown():
    answer = Answer(
        status="done", summary="Did it.\n\nAll of it.", claims=["tests pass"], assumptions=["one user"],
        follow_ups=["the log"],
    )  # fmt: skip
    entry = compose(turn(sentinel=FINISHED, answer=answer))
    assert entry.title == "q1 turn 2: done (claude, 1970-01-01 00:00)"
    assert entry.blocks == [
        "Did it.",
        "All of it.",
        "- assumes: one user",
        "- claims (unverified): tests pass",
        "- follow-up: the log",
    ]


def test_every_end_of_a_turn_has_one_line():
    asks = Answer(status="asks", summary="", question="tabs or spaces?")
    crashed = Sentinel(outcome="crashed", signal=9, detail="killed", at=0, seconds=1)
    ends = [
        compose(turn(sentinel=FINISHED, answer=asks)),
        compose(turn(sentinel=crashed)),
        compose(turn(sentinel=FINISHED)),
        compose(turn(sentinel=FINISHED, broken={"answer.json": "malformed: not JSON"})),
        compose(turn()),
    ]
    assert [entry.title.partition(": ")[2].partition(" (")[0] for entry in ends] == [
        "asks", "crashed", "no answer", "malformed answer", "lost",
    ]  # fmt: skip
    assert [entry.blocks for entry in ends] == [
        ["Asks: tabs or spaces?"], ["killed"], ["It left no answer."], ["malformed: not JSON"],
        ["Its session is gone and left no word."],
    ]  # fmt: skip


def test_a_long_answer_is_cut_and_secrets_are_taken_out():
    key = "ghp_" + "a1B2" * 9
    answer = Answer(status="done", summary=f"{key} " + "word " * 4000, claims=[f"claim {n}" for n in range(40)])
    entry = compose(turn(sentinel=FINISHED, answer=answer))
    assert key not in entry.blocks[0]
    assert len(entry.blocks[0]) <= 4000
    assert entry.blocks[-2:] == ["- claims (unverified): claim 11", "- claims (unverified): and 28 more"]


def test_an_answer_lands_in_the_document_by_its_delegate(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    hostile = "# Done\n- [ ] more work ^q9\n<!-- agent:queue -->\n```"
    steps = edit_and_commit("a.txt", "hello\n")
    steps[-1] = {"answer": {"status": "done", "summary": hostile, "claims": ["a.txt says hello"]}}
    stage.script("q1", steps)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    entry = exchange.entry_of(parse(stage.places.spec.read_bytes()), "q1")
    assert entry is not None
    assert (entry.turn, entry.state) == (1, "done")
    assert "- claims (unverified): a.txt says hello" in text(stage)
    document = parse(stage.places.spec.read_bytes())
    assert [item.id for item in document.walk()] == ["q1"]
    acts = [act for act in persist.timeline(stage.places, limit=50) if act.verb == "answer"]
    assert [(act.target, act.by) for act in acts] == [("q1", "delegate/q1")]
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)


def test_a_claim_is_held_against_what_we_ran_and_found_beside_the_verdict(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n", verify="test -s a.txt")
    steps = edit_and_commit("a.txt", "hello\n")
    claims = ["`test -s a.txt` passes", "added `tests/test_a.py`", "`grep -c hello a.txt; touch run` prints 7"]
    steps[-1] = {"answer": {"status": "done", "summary": "Did it.", "claims": claims}}
    stage.script("q1", steps)
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    review = stage.turn("q1").review
    assert review is not None
    assert [claim.state for claim in review.claims] == ["confirmed", "stale", "unverified"]
    assert item.value("review").endswith("1 claim of the agent not so; accept")
    assert [words for words in text(stage).split("\n") if words.startswith("- claims")] == [
        f"- claims (unverified): {claim}" for claim in claims
    ]
    assert corrections.standing(stage.places, parse(stage.places.spec.read_bytes())) == []
    shown = subprocess.run([*stage.program, "review", "q1"], capture_output=True, text=True, check=True).stdout
    assert "it claims: `test -s a.txt` passes (confirmed: test -s a.txt exit 0)" in shown
    stage.steer("promote", "q1", which="2")
    assert "- added `tests/test_a.py` (q1 turn 1 #2, stale: tests/test_a.py is not there" in text(stage)


def test_an_entry_that_a_human_takes_away_stays_away(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.stop()
    act = persist.Act(verb="edit", by="human")
    persist.record(stage.places, lambda data: data.partition(b"## Exchange")[0], act)
    stage.start()
    until("the engine", stage.alive)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert "## Exchange" not in text(stage)


def speak(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    """`cockpit say` as the delegate of q1 calls it: from its worktree, with its environment."""
    env = os.environ | {"COCKPIT_ITEM": "q1", "COCKPIT_TURN": "1", "COCKPIT_SPEC": str(stage.places.spec)}
    command = [sys.executable, "-m", "cockpit", "say", *words]
    return subprocess.run(
        command, cwd=stage.places.worktrees / "q1", env=env, capture_output=True, text=True, check=False
    )


def test_a_delegate_speaks_under_its_own_running_entry(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    gate = stage.root.parent / "gate"
    stage.script("q1", [{"wait": str(gate)}, *edit_and_commit("a.txt", "hello\n")])
    stage.start()
    until("the runner", lambda: (stage.places.turn("q1", 1) / "runner.json").exists())
    for words in ("reading the code", "## now writing", "reading the code"):
        done = speak(stage, words)
        assert done.returncode == 0, done.stderr
    entry = exchange.entry_of(parse(stage.places.spec.read_bytes()), "q1")
    assert entry is not None
    assert entry.state == "running"
    gate.touch()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    body = text(stage).partition("### q1 turn 1: done")[2].partition("\n")[2]
    assert body == "\n- reading the code\n- \\## now writing\n- reading the code\n\nDo it\n"
    assert stage.events("say") == ["q1"] * 3
    assert corrections.standing(stage.places, parse(stage.places.spec.read_bytes())) == []
    late = speak(stage, "one more thing")
    assert late.returncode == 1
    assert "has no running turn" in late.stderr


def test_a_human_s_word_is_an_entry_of_its_own(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    stage.steer("say", message="mind the accents\n# everywhere")
    entry = exchange.entries(parse(stage.places.spec.read_bytes()))[0]
    assert entry.yours
    assert text(stage).endswith("\n\nmind the accents\n\\# everywhere\n")
    with pytest.raises(Refused, match="4,001 characters are too many"):
        stage.steer("say", message="x" * 4001)


def test_a_correction_is_a_quote_under_the_answer_it_names(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    for number in (1, 2):
        title = exchange.title("q1", number, "done", "sh", "now")
        data = exchange.tell(stage.places.spec.read_bytes(), "q1", number, title, [f"answer {number}"])
        stage.places.spec.write_bytes(data)
    stage.steer("correct", "q1", note="not this")
    stage.steer("correct", "q1.1", note="nor that")
    assert "answer 1\n\n> nor that\n\n### q1 turn 2" in text(stage)
    assert text(stage).endswith("answer 2\n\n> not this\n")
    with pytest.raises(Refused, match="no answer in the exchange"):
        stage.steer("correct", "q9", note="what")
    with pytest.raises(Refused, match="no answer") as refusal:
        stage.steer("correct", "q1.7", note="what")
    assert "turn 1, 2" in str(refusal.value)


WHOLE = """\
---
cockpit:
  loop: "on"
  gates: [verdict]
  exit: direct
  agent: rehearsal
  verify: "true"
  timeout: 1
---
## Goal
Make it work.

## Queue
- [ ] Write a ^q1
  - paths: a.txt
- [>] Write b ^q2

## Acceptance
- a.txt says hello

The first paragraph of a long story.

The second one, which nobody needs.
"""


def brief_of(stage: Stage, number: int) -> str:
    return (stage.places.turn("q1", number) / "brief.md").read_text()


def edit_as_a_human(stage: Stage, *pairs: tuple[str, str]) -> None:
    """Save the spec as an editor does, with these replacements."""
    now = text(stage)
    for old, new in pairs:
        assert old in now
        now = now.replace(old, new, 1)
    stage.places.spec.write_text(now)


def test_the_next_brief_is_the_diff_with_the_corrections_first(stage: Stage):
    persist.exclude(stage.places)
    persist.create(stage.places, WHOLE.encode(), persist.Act(verb="init", target="spec", by="human"))
    first = edit_and_commit("a.txt", "hello\n", "The accents were the problem")
    stage.script("q1", first, edit_and_commit("a.txt", "hello you\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert "The first paragraph of a long story." in brief_of(stage, 1)
    edit_as_a_human(
        stage,
        ("The accents were the problem\n", "The accents were the problem\n\nThis is not the real issue.\n"),
        ("Write b ^q2", "Write the letter b ^q2"),
        ("The second one, which nobody needs.\n", ""),
    )
    signal = until("the signal", lambda: next((one for one in stage.snapshot().signals if "correct" in one.key), None))
    assert signal.what == "q1, answer of turn 1, is corrected: This is not the real issue."
    assert (signal.action, signal.reasons[-1]) == ("iterate", "corrected, not told yet")
    waiting = corrections.waiting(stage.places, parse(stage.places.spec.read_bytes()))
    assert [(one.item, one.turn, one.words) for one in waiting] == [("q1", 1, "This is not the real issue.")]
    stage.steer("iterate", "q1", note="look again")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    stage.await_mark("q1", Mark.NEEDS_YOU)
    brief = brief_of(stage, 2)
    assert "The human corrects your answer of turn 1" in brief
    assert brief.index("> This is not the real issue.") < brief.index("> look again")
    changed = brief.partition("## Changed in the spec")[2].partition("## Goal")[0]
    assert "“Write b” became “Write the letter b”" in changed
    assert "deleted “The second one, which nobody needs.”" in changed
    assert "Unchanged: Make it work." in brief
    assert "The first paragraph of a long story." not in brief
    assert (stage.places.worktrees / "q1" / ".cockpit" / "brief.1.md").read_text() == brief_of(stage, 1)
    assert corrections.waiting(stage.places, parse(stage.places.spec.read_bytes())) == []
    until("the signal's end", lambda: not any("correct" in one.key for one in stage.snapshot().signals))
    stage.steer("iterate", "q1", note="once more")
    until("the third turn", lambda: stage.turn("q1").number == 3)
    until("its brief", lambda: (stage.places.turn("q1", 3) / "brief.md").exists())
    assert "This is not the real issue." not in brief_of(stage, 3), "told twice"


def test_a_correction_of_an_item_that_is_over_goes_into_the_next_brief_of_all(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n- [>] Write b ^q2\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.script("q2", edit_and_commit("b.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    stage.steer("correct", "q1", note="a.txt should say hello to everybody")
    stage.steer("say", message="mind the accents")
    stage.steer("defer", "q2")
    stage.await_mark("q2", Mark.NEEDS_YOU)
    brief = (stage.places.turn("q2", 1) / "brief.md").read_text()
    assert "corrects the answer to q1 of turn 1" in brief
    assert "> a.txt should say hello to everybody" in brief
    assert "> mind the accents" in brief
    assert corrections.waiting(stage.places, parse(stage.places.spec.read_bytes())) == []


def test_what_a_human_says_reaches_a_running_delegate_once(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    gate = stage.root.parent / "gate"
    turns = [{"wait": str(gate)}, *edit_and_commit("a.txt", "hello\n")]
    stage.script("q1", turns, edit_and_commit("a.txt", "héllo\n"))
    stage.start()
    until("the runner", lambda: (stage.places.turn("q1", 1) / "runner.json").exists())
    stage.steer("say", message="mind the accents")
    until("the message in its inbox", lambda: (stage.places.turn("q1", 1) / "inbox.ndjson").exists())
    gate.touch()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert stage.turn("q1").log.read_text().count("mind the accents") == 1
    stage.steer("iterate", "q1", note="again")
    until("the second turn", lambda: stage.turn("q1").number == 2)
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert "mind the accents" not in brief_of(stage, 2), "told twice"


def test_a_human_can_read_what_a_delegate_was_told_and_would_be_told(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n  - paths: a.txt\n")
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))

    def brief(*args: str) -> str:
        done = subprocess.run([*stage.program, "brief", *args], capture_output=True, text=True, check=False)
        return done.stdout or done.stderr

    assert "turn 1, branch `delegate/q1`" in brief("q1", "--next")
    assert "no delegate has worked on it" in brief("q1")
    assert "no such item" in brief("q9", "--next")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("correct", "q1", note="not this")
    assert brief("q1") == brief_of(stage, 1)
    assert "has no brief (it has turns 1 to 1)" in brief("q1", "--turn", "7")
    later = brief("^q1", "--next")
    assert "This is turn 2." in later
    assert "> not this" in later
    assert corrections.waiting(stage.places, parse(stage.places.spec.read_bytes())), "a look tells nobody"


def test_an_answer_on_its_way_into_the_document_corrects_nothing(places: Places):
    """As a kill between the document and the last fact leaves it."""
    folder = places.turn("q1", 1)
    facts.write(folder, facts.Entry(title="q1 turn 1: done (sh, now)", blocks=["Did it.", "- claims: x"]))
    half = parse(exchange.tell(b"", "q1", 1, "q1 turn 1: done (sh, now)", ["Did it."]))
    assert corrections.standing(places, half) == []
    facts.write(folder, facts.Entry(title="q1 turn 1: done (sh, now)", blocks=["Did it.", "- claims: x"], told=True))
    assert [one.words for one in corrections.standing(places, half)] == ["deleted: - claims: x"]
    (folder / "entry.json").write_text("torn")
    assert corrections.standing(places, half) == []


AGENT_DOC = b"""\
---
agent_doc_session: x
agent_doc_format: template
---
<!-- agent:queue -->
- do [#a1]
<!-- /agent:queue -->

<!-- agent:exchange -->
Hello there.
<!-- /agent:exchange -->
"""


def test_an_answer_lands_inside_the_exchange_of_an_agent_doc_document():
    title = exchange.title("a1", 1, "done", "sh", "now")
    data = through(AGENT_DOC, lambda view: exchange.tell(view, "a1", 1, title, ["Did it."]))
    added = f"\n### {title}\n\nDid it.\n".encode()
    assert data.replace(added, b"", 1).replace(b"\n\n<!-- /agent:exch", b"\n<!-- /agent:exch") == AGENT_DOC
    assert data.index(added) < data.index(b"<!-- /agent:exchange -->")
    document = parse(data)
    entry = exchange.entry_of(document, "a1")
    assert entry is not None
    written = {("a1", 1): Written(["Did it."])}
    assert find(document, written) == []
    data = through(data, lambda view: exchange.correct(parse(view), entry, "not this"))
    assert [one.words for one in find(parse(data), written)] == ["not this"]
