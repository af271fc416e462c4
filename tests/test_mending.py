"""What a delegate could not mend within its guardrails is opened for it; the review takes the result (R192, R269)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

GITHUB = "gh" + "p_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
DONE = {"answer": {"status": "done", "summary": "did"}}


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def judged(stage: Stage, id: str, turn: int) -> dict[str, str]:
    """What that turn's review says, by check."""

    def there() -> dict[str, str]:
        now = stage.turn(id)
        return {check.name: check.result for check in now.review.checks} if now.review and now.number == turn else {}

    return until(f"the review of turn {turn} of {id}", there)


def brief(stage: Stage, id: str) -> str:
    return (stage.turn(id).folder / "brief.md").read_text()


def test_a_conflict_is_mended_by_merging_the_target_and_the_review_takes_it(stage: Stage):
    stage.spec("- [ ] One ^q1\n  - paths: a.txt\n- [ ] Two ^q2\n  - paths: a.txt\n", wip=2, verify="test -s a.txt")
    stage.script("q1", edit_and_commit("a.txt", "one\n"))
    mended = [{"merge": "main"}, {"write": "a.txt", "content": "one\ntwo\n"}, {"commit": "Bring main in"}, DONE]
    stage.script("q2", edit_and_commit("a.txt", "two\n"), mended)
    stage.start()
    for id in ("q1", "q2"):
        stage.await_mark(id, Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    until("the stale verdict to be made again", lambda: "conflicts" in stage.item("q2").value("review"))
    stage.steer("iterate", "q2", note="both lines, please")
    found = judged(stage, "q2", 2)
    text = brief(stage, "q2")
    assert "`git merge --no-edit main`" in text
    assert "git merge --no-edit main" in stage.turn("q2").dispatch.verify
    assert "merge nothing but `main`, as the plan says" in text
    assert "do not merge," not in text
    assert "no merged tree to run on" not in text
    assert set(found.values()) <= {"pass", "n/a"}, found
    assert stage.await_mark("q2", Mark.NEEDS_YOU, review="").value("review").endswith("accept")
    stage.steer("accept", "q2")
    stage.await_mark("q2", Mark.DONE)
    assert (stage.root / "a.txt").read_text() == "one\ntwo\n"


def test_a_secret_in_the_history_is_taken_out_by_making_the_commits_anew(stage: Stage):
    stage.spec("- [ ] One ^q1\n  - paths: a.txt\n")
    leaked = [
        *edit_and_commit("a.txt", f"token = {GITHUB}\n")[:2],
        {"write": "a.txt", "content": "token = env\n"},
        {"commit": "Take it out"},
        DONE,
    ]
    stage.script("q1", leaked, [{"anew": "main"}, {"commit": "Read the token"}, DONE])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    assert judged(stage, "q1", 1)["secrets"] == "fail"
    stage.steer("iterate", "q1", note="see the findings")
    found = judged(stage, "q1", 2)
    text = brief(stage, "q1")
    fork = stage.git("merge-base", "main", stage.turn("q1").review.head)[:12]  # pyright: ignore[reportOptionalMemberAccess]
    assert f"`git reset --soft {fork}`" in text
    assert stage.turn("q1").dispatch.verify == ["true", f"git reset --soft {fork}"]
    assert "rewrite nothing but your own commits on this one, as the plan says" in text
    assert "do not merge" in text
    assert set(found.values()) <= {"pass", "n/a"}, found
    item = stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert item.value("review").endswith("accept")
    assert [row.what for row in stage.snapshot().signals if "lost" in row.what] == []
    stage.steer("accept", "q1")
    stage.await_mark("q1", Mark.DONE)
    assert GITHUB not in stage.git("log", "-p", "main")
