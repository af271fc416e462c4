"""`cockpit review BRANCH`: the fourteen checks on any branch, without the loop, as a gate."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.verify import NAMES

Git = Callable[..., str]
ROOT = Path(__file__).parent.parent


@pytest.fixture
def feature(repo: Path, git: Git) -> Path:
    """A branch `feature` with one commit, checked out."""
    (repo / "calc.py").write_text("def plus(a, b):\n    return a + b\n")
    git("add", "-A")
    git("commit", "-qm", "A program")
    git("switch", "-qc", "feature")
    (repo / "calc.py").write_text("def plus(a, b):\n    return b + a\n")
    git("commit", "-qam", "Turn it round")
    return repo


def cockpit(repo: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "cockpit", "-C", str(repo), "review", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_branch_is_reviewed_without_a_spec_and_nothing_is_touched(feature: Path, git: Git):
    before = git("for-each-ref"), git("status", "--porcelain"), git("worktree", "list")
    done = cockpit(feature, "HEAD", "--verify", "python3 -c 'import calc'")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "recommendation: accept" in done.stdout
    assert all(name in done.stdout for name in NAMES)
    assert (git("for-each-ref"), git("status", "--porcelain"), git("worktree", "list")) == before
    assert not (feature / ".cockpit").exists()


def test_what_fails_ends_with_one_and_says_what_it_printed(feature: Path):
    done = cockpit(feature, "feature", "--base", "main", "--verify", "echo too slow; exit 3")
    assert done.returncode == 1
    assert "recommendation: iterate" in done.stdout
    assert "    too slow" in done.stdout


def test_the_specs_command_and_rules_hold(feature: Path, git: Git):
    (feature / "SPEC.md").write_text(
        "---\ncockpit:\n  verify: 'true'\n  checks: {branding: {forbid: [acme]}}\n---\n## Goal\nx\n"
    )
    (feature / "new.py").write_text("ACME = 1\n")
    git("add", "-A")
    git("commit", "-qm", "Add")
    done = cockpit(feature, "HEAD", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["head"] == git("rev-parse", "HEAD")
    assert found["base"] == git("rev-parse", "main")
    assert {check["name"]: check["result"] for check in found["checks"]}["verification"] == "pass"
    branding = found["checks"][4]
    assert branding["spots"] == [{"path": "new.py", "line": 1, "what": "says acme"}]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("nowhere",), "no branch or commit is called so"),
        (("HEAD", "--base", "nowhere"), "no such base"),
        (("main", "--base", "--upload-pack=x"), ""),
        (("main",), ""),
    ],
)
def test_what_cannot_be_judged_ends_with_two(feature: Path, git: Git, args: tuple[str, ...], words: str):
    if args == ("main",):
        git("switch", "-q", "main")
        git("branch", "-qD", "feature")
    done = cockpit(feature, *args)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_check_that_breaks_and_none_that_fails_is_not_judged(feature: Path, git: Git):
    (feature / "SPEC.md").write_text("---\ncockpit:\n  checks: {lockfile: {pairs: [odd]}}\n---\n")
    (feature / "package.json").write_text("{}")
    git("add", "-A")
    git("commit", "-qm", "Add")
    done = cockpit(feature, "HEAD")
    assert done.returncode == 2, done.stdout
    assert "is no pair" in done.stdout


def test_a_detached_head_is_held_against_the_trunk(feature: Path, git: Git):
    git("checkout", "-q", "--detach")
    done = cockpit(feature, "HEAD", "--json")
    assert json.loads(done.stdout)["base"] == git("rev-parse", "main")


def test_it_is_told_as_sarif(feature: Path, git: Git):
    (feature / "a b.py").write_text("x = 1\nbreakpoint()\n# TODO: more\n")
    (feature / "deploy.py").write_text("password = 'hunter2hunter2'\n")
    git("add", "-A")
    git("commit", "-qm", "Add")
    done = cockpit(feature, "HEAD", "--sarif")
    assert done.returncode == 1
    log = json.loads(done.stdout)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert (log["version"], len(rules), rules[10]) == ("2.1.0", 14, "11-debris")
    found = {(rules[one["ruleIndex"]], one["ruleId"], one["level"]): one for one in run["results"]}
    assert set(found) == {("11-debris", "11-debris", "error"), ("10-secrets", "10-secrets", "note")}
    place = found["11-debris", "11-debris", "error"]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a%20b.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 2}}
    assert run["invocations"] == [{"executionSuccessful": True}]
    assert "hunter2" not in done.stdout


def test_a_delegates_item_still_shows_the_engines_verdict(feature: Path):
    assert "no delegate has worked on it" in cockpit(feature, "q1").stderr
