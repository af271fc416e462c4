"""Acceptance in the loop: what a merged result meets is ticked with its proof, a regression sends it back."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import Mark, parse
from cockpit.steer import steer
from tests.stage import Stage, edit_and_commit, until

CRITERIA = """\

## Acceptance
- [ ] `test -s a.txt`
- [ ] it says bye ^a7
  - verify: grep -q bye a.txt
- [x] the readme stays ^a8
  - verify: test -s README.md
- [ ] it reads well ^a9
"""


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def run(stage: Stage, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*stage.program, "check", *words], capture_output=True, text=True, check=False)


def test_what_the_merged_result_meets_is_ticked_with_the_merge_as_proof(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n" + CRITERIA)
    stage.script("q1", edit_and_commit("a.txt", "hello\n"))
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    review = stage.turn("q1").review
    assert review is not None
    check = review.checks[0]
    assert check.result == "pass"
    assert "met: “`test -s a.txt`” (new), a8" in check.evidence
    assert "still open: a7" in check.evidence
    assert "yours to judge: a9" in check.evidence
    stage.steer("accept", "q1")
    item = stage.await_mark("q1", Mark.DONE)
    marks = {entry.text: (entry.mark, entry.value("proof")) for entry in parse(stage.places.spec.read_bytes()).items}
    assert marks["`test -s a.txt`"] == (Mark.DONE, item.value("merged"))
    assert marks["it says bye"][0] is Mark.OPEN
    assert marks["it reads well"][0] is Mark.OPEN
    until("the last commit", lambda: stage.git("status", "--porcelain") == "")
    assert len(stage.events("proved")) == 1
    assert run(stage, "a7").returncode == 1


def test_a_regression_fails_the_review(stage: Stage):
    stage.spec("- [ ] Empty the readme ^q1\n" + CRITERIA)
    stage.script("q1", edit_and_commit("README.md", ""))
    stage.start()
    item = stage.await_mark("q1", Mark.NEEDS_YOU)
    assert "1 fail (acceptance grep)" in item.value("review")
    assert item.value("review").endswith("iterate")


def test_check_runs_the_criteria_on_the_last_commit_beside_the_checkout(stage: Stage):
    stage.spec("- [>] later ^q1\n" + CRITERIA.replace("test -s a.txt", "touch made; test -s a.txt"))
    (stage.root / "a.txt").write_text("bye\n")
    done = run(stage)
    assert done.returncode == 1
    assert "FAIL   a7 `grep -q bye a.txt` exit 2: grep: a.txt: No such file or directory" in done.stdout
    assert "pass   a8 `test -s README.md` exit 0" in done.stdout
    assert "you    a9" in done.stdout
    assert "1 of 3 green on" in done.stdout
    assert not (stage.root / "made").exists()
    assert run(stage, "a8").returncode == 0
    assert run(stage, "a9").returncode == 0
    assert "a99: no acceptance criterion of that id" in run(stage, "a99").stderr


def test_a_delegate_may_not_say_what_its_result_must_meet(stage: Stage):
    stage.spec("- [ ] Write a ^q1\n" + CRITERIA)
    for target, words in (("", {"text": "`true`", "to": "acceptance"}), ("a9", {"text": "`true`"})):
        with pytest.raises(Refused, match="the human's to say"):
            steer(stage.places, "add", target, words, by="delegate/q1")
    steer(stage.places, "add", "q1", {"text": "and this"}, by="delegate/q1")
