"""Acceptance criteria with a command are run on the merged tree: what was met stays met, what is new is noted."""

from __future__ import annotations

from pathlib import Path

from cockpit import spec
from cockpit.paths import Places
from cockpit.verify import findings, try_on
from tests.verify.test_review import MINUS, Git, Look, check, look, on_branch, project

__all__ = ["look", "project"]

HAS_MINUS = "grep -q minus calc.py"


def test_an_open_criterion_that_is_green_is_noted_for_the_merge(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(acceptance=f"- [ ] it subtracts ^a1\n  - verify: `{HAS_MINUS}`\n- [ ] `test -s calc.py`\n")
    result, evidence = check(found, 1)
    assert result == "pass"
    assert evidence == "met: a1 (new), “`test -s calc.py`” (new)"
    assert list(found.green.values()) == [HAS_MINUS, "test -s calc.py"]
    assert found.recommendation == "accept"


def test_an_open_criterion_that_is_red_is_told_and_fails_nothing(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(acceptance="- [ ] it divides ^a1\n  - verify: echo no div; false\n")
    assert check(found, 1) == ("pass", "still open: a1 `echo no div; false` exit 1: no div")
    assert found.recommendation == "accept"
    assert found.green == {}
    assert found.acceptance == "$ echo no div; false\nno div\n"


def test_a_ticked_criterion_that_is_red_is_a_regression(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": "def minus(a, b):\n    return a - b\n"})
    found = look(acceptance="- [x] it adds ^a1\n  - verify: grep plus calc.py || { echo plus is gone; false; }\n")
    result, evidence = check(found, 1)
    assert result == "fail"
    assert evidence.startswith("regression: a1 `grep plus calc.py")
    assert evidence.endswith("exit 1: plus is gone")
    assert found.recommendation == "iterate"
    assert any("plus is gone" in words for words in findings(found))


def test_all_commands_of_a_criterion_have_to_pass(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    wanted = "- [x] both ^a1\n  - verify: false\n  - verify: `true`\n"
    assert check(look(acceptance=wanted), 1) == ("fail", "regression: a1 `false; true` exit 1")


def test_a_criterion_that_the_item_names_must_be_met(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    wanted = "- [ ] it divides ^a1\n  - verify: grep div calc.py\n- [ ] pretty ^a2\n"
    assert check(look("accept: a1, ^a2", acceptance=wanted), 1)[0] == "fail"
    assert check(look("accept: a2", acceptance=wanted), 1)[0] == "pass"
    assert check(look("accept: a9", acceptance=wanted), 1)[1].startswith("no such criterion: a9")


def test_criteria_without_a_command_are_the_human_s(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(acceptance="- [ ] it feels quick ^a1\n- [-] `false` ^a2\n- [>] `false` ^a3\n- [x] pretty ^a4\n")
    assert check(found, 1) == ("n/a", "yours to judge: a1, a4")


def test_criteria_run_in_the_scratch_of_the_verification_after_it(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look("verify: pwd > built", acceptance="- [ ] `test -s built && ! test -e ../../SPEC.md` ^a1\n")
    assert check(found, 1)[1] == "met: a1 (new)"
    assert not (repo / "built").exists()


def test_a_test_that_was_edited_to_pass_does_not_pass(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": "", "test_calc.py": ""})
    protect = spec.Controls(protect=("test_*.py",))
    found = look(controls=protect, acceptance="- [x] `python -c 'import calc, test_calc'` ^a1\n")
    assert check(found, 1)[0] == "fail"


def test_a_command_that_takes_too_long_is_red(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(acceptance="- [x] quick ^a1\n  - verify: sleep 60\n  - timeout: 0.005\n")
    assert "time-out" in check(found, 1)[1]


def test_a_conflict_leaves_no_tree_to_run_on(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": "a\n"})
    (repo / "calc.py").write_text("b\n")
    git("commit", "-qam", "Meanwhile")
    assert check(look(acceptance="- [ ] `true` ^a1\n"), 1) == (
        "broken",
        "it conflicts with the target: there is no merged tree to run on",
    )
    assert check(look(acceptance="- [ ] by eye ^a1\n"), 1)[0] == "n/a"


def test_what_a_command_prints_is_harmless(look: Look, repo: Path, git: Git):
    on_branch(repo, git, "delegate/q1", {"calc.py": MINUS})
    found = look(acceptance="- [x] `printf '\\033[2J\\033]0;x\\007bad'; false` ^a1\n")
    assert "\x1b" not in found.acceptance + check(found, 1)[1]


def test_criteria_are_tried_on_a_commit_and_leave_the_checkout_alone(repo: Path, git: Git, places: Places):
    document = spec.parse(b"## Acceptance\n- [ ] `test -e dirty` ^a1\n- [ ] `touch made && test -e calc.py` ^a2\n")
    (repo / "dirty").write_text("x")
    tried = try_on(places, git("rev-parse", "HEAD"), spec.criteria(document), spec.Controls())
    assert [entry.green for entry in tried] == [False, True]
    assert not (repo / "made").exists()
    assert list(places.worktrees.glob("verify-*")) == []
