"""Which requests a standing rule grants, and what an answer in the document says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import parse, permits
from cockpit.spec.permits import Answer, granted


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("pytest *", "pytest"),
        ("pytest *", "pytest -q tests/a.py 'a b'"),
        ("git commit *", "git commit -m 'Fix it'"),
        ("make lint", "make lint"),
        ("make test && make lint", "make test && make lint"),
        ("npm run test-*", "npm run test-unit"),
    ],
)
def test_a_rule_grants_its_words(rule: str, command: str):
    assert granted([rule], "run", command) == rule


@pytest.mark.parametrize(
    ("rule", "command"),
    [
        ("pytest *", "pytest; rm -rf ~"),
        ("pytest *", "pytest && rm x"),
        ("pytest *", "pytest $(rm x)"),
        ("pytest *", "pytest `rm x`"),
        ("pytest *", "pytest | sh"),
        ("pytest *", "pytest > /etc/passwd"),
        ("pytest *", "pytest\nrm x"),
        ("pytest *", "pytest 'unclosed"),
        ("pytest *", "pytestx"),
        ("pytest *", "LD_PRELOAD=x pytest"),
        ("git commit *", "git -c core.editor=x commit"),
        ("make lint", "make lint FIX=1"),
        ("*", "anything"),
        ("* *", "rm x"),
        ("make *-x", "make a-x b"),
        ("", ""),
    ],
)
def test_a_rule_grants_nothing_else(rule: str, command: str):
    assert granted([rule], "run", command) == ""


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.sampled_from(list(";&|<>$`()\n")), st.text(max_size=20))
def test_no_pattern_grants_what_has_a_sign_of_the_shell(before: str, sign: str, after: str):
    assert granted(["git *", "git commit *"], "run", f"git commit {before}{sign}{after}") == ""


def test_files_are_granted_by_globs_inside_the_worktree_only():
    rules = ["edit src/**", "read **"]
    assert granted(rules, "edit", "src/a.py", ["src/a.py"]) == "edit src/**"
    assert granted(rules, "read", "x", ["x"]) == "read **"
    assert granted(rules, "edit", "", ["src/a.py", "docs/b.md"]) == "", "all of them"
    assert granted(rules, "edit", "", []) == ""
    assert granted(["edit **"], "edit", "", ["/etc/passwd"]) == ""
    assert granted(["edit **"], "edit", "", ["../x"]) == ""
    assert granted(["edit **"], "edit", "", [".git/hooks/pre-commit"]) == ""
    assert granted(["edit **"], "run", "edit x") == "", "no program has that name"


def test_what_is_not_a_command_or_a_file_no_rule_grants():
    assert granted(["WebFetch *", "mcp *"], "fetch", "mcp x") == ""
    assert granted(["Skill x"], "other", "Skill x") == ""


def test_an_answer_names_its_request():
    assert permits.answer("2.1 allow") == Answer("2.1", True)
    assert permits.answer("`2.1 allow turn`") == Answer("2.1", True, "turn")
    assert permits.answer("2.1: deny use make") == Answer("2.1", False, words="use make")
    for unclear in ("allow", "2 allow", "2.1 allow if you must", "2.1 allowed", "2.1", "2.1 yes"):
        assert permits.answer(unclear) is None, unclear


def test_a_receipt_is_no_answer():
    item = parse(
        b"## Queue\n- [/] one ^q1\n  - permit: allowed: run: x (2026-11-21 10:12)\n"
        b"  - permit: 1.7 allow (not delivered: 1.7 does not stand)\n  - permit: 1.8 allow\n"
    ).item("q1")
    assert item is not None
    assert permits.answers(item) == ["1.8 allow"]


def test_the_rules_are_a_list_of_the_front_matter():
    assert parse(b"---\ncockpit:\n  allow: [pytest *, git commit *]\n---\n").controls.allow == (
        "pytest *",
        "git commit *",
    )
    assert parse(b"---\ncockpit:\n  allow: make lint\n---\n").controls.allow == ("make lint",)
