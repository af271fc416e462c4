"""A decision that was made before a turn, and what the review of that turn found of it, from facts alone (R290)."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import borne, facts
from cockpit.cli import main
from cockpit.facts import Check, Checked, Dispatch, Review, Spot
from cockpit.paths import Places
from cockpit.persist import journal
from cockpit.verify import NAMES
from tests.stage import Stage

QUEUE = "- [?] Write a ^q1\n  - keep: `fetch()`\n\n## Decisions\n- [x] no `TODO` in `src/**` ^d1\n"
LATER = Spot("src/a.py", 3, "left for later `# TODO: x`")


@pytest.fixture
def root(places: Places, monkeypatch: pytest.MonkeyPatch) -> Path:
    Stage(places).spec(QUEUE, loop="hold")
    monkeypatch.chdir(places.root)
    return places.root


def turn(places: Places, number: int, spots: list[Spot], claims: list[Checked] | None = None, spec: str = "") -> None:
    blob = spec or journal.keep(places, places.spec.read_bytes())
    dispatch = Dispatch(
        item="q1", turn=number, text="Write a", agent="rehearsal", branch="delegate/q1", base="b" * 40, spec=blob,
        target="refs/heads/main", worktree="", session="", timeout=60, at=number,
    )  # fmt: skip
    checks = [Check(number=at, name=name, result="pass", evidence="") for at, name in enumerate(NAMES, 1)]
    checks[10] = Check(number=11, name=NAMES[10], result="fail" if spots else "pass", evidence="debris", spots=spots)
    review = Review(
        base="b" * 40, head="c" * 40, recommendation="iterate", checks=checks, at=number, claims=claims or []
    )
    for fact in (dispatch, review):
        facts.write(places.turn("q1", number), fact)


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    capsys.readouterr()
    main(list(argv))
    return capsys.readouterr().out


def test_the_verdict_says_which_decision_a_finding_bears_out(
    root: Path, places: Places, capsys: pytest.CaptureFixture[str]
):
    turn(places, 1, [LATER, Spot("src/b.py", 1, "left for later `TODO`"), Spot("docs/a.md", 1, "has `TODO`")])
    words = told(capsys, "review", "q1")
    assert "✗ 11 " in words
    assert "debris\n" + " " * 29 + "d1 decided this: “no `TODO` in `src/**`” (2 places)\n" in words


def test_a_wrong_claim_of_the_answer_is_a_finding_too(root: Path, places: Places, capsys: pytest.CaptureFixture[str]):
    wrong = Checked(words="as decision d1 says, nothing is left", state="contradicted", evidence="grep exit 0")
    turn(places, 1, [], [wrong])
    assert "d1 decided this: “no `TODO` in `src/**`” (it claims as decision d1 says" in told(capsys, "review", "q1")


def test_a_decision_made_after_the_brief_earns_nothing(root: Path, places: Places):
    before = journal.keep(places, places.spec.read_bytes().replace(b"- [x] no `TODO`", b"- [?] no `TODO`"))
    turn(places, 1, [LATER], spec=before)
    turn(places, 2, [LATER])
    assert [(one.number, each.ruling.id) for one, each in borne.of_all(places)] == [(2, "d1")]


def test_what_was_only_worth_a_look_is_one_where_words_name_it(root: Path, places: Places):
    kept = Spot("src/a.py", 2, "`fetch()` looks odd")
    turn(places, 1, [LATER])
    found = facts.load(places.turn("q1", 1))
    assert found is not None
    assert found.review is not None
    found.review.checks[10] = Check(number=11, name=NAMES[10], result="pass", evidence="", spots=[LATER, kept])
    assert [(each.ruling.id, each.spots) for each in borne.of_turn(places, found)] == [("d1", (LATER,))]


def test_a_document_that_git_has_forgotten_tells_nothing(root: Path, places: Places):
    turn(places, 1, [LATER], spec="0" * 40)
    assert list(borne.of_all(places)) == []


def test_each_decision_says_what_it_caught_so_far(root: Path, places: Places, capsys: pytest.CaptureFixture[str]):
    assert "caught      nothing yet\n" in told(capsys, "explain", "d1")
    turn(places, 1, [LATER])
    turn(places, 2, [LATER, LATER])
    caught = "q1 turn 1: check 11, src/a.py:3: left for later `# TODO: x`\n"
    assert f"SPEC.md:22\n       caught: {caught}" in told(capsys, "learn")
    words = told(capsys, "explain", "d1")
    assert words.startswith("decision    d1: no `TODO` in `src/**`\nstate       standing\n")
    assert f"caught      {caught}" in words
    assert "q1 turn 2: check 11, src/a.py:3 and 1 more: left" in words
    assert "decided     turn 1: d1 decided this: “no `TODO` in `src/**`” → check 11, src/a.py:3" in told(
        capsys, "explain", "q1"
    )
