"""The lint of a brief: what a whole one has, and that each of its rules can fail."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.act.contract import CONTRACT, GUARDRAILS, INVENTORY, PLAN, VERIFICATION
from cockpit.act.lint import LIMIT, Finding, leaves, lint, listed

ROOT = "/home/me/project"
WHOLE = f"""\
# Mend the lexer

Item `q1`, turn 1, branch `delegate/q1`.

## The task in full

- it drops the last token; is that so since 1.2?
- `???` stands for an unknown token, <name> for a name

## {INVENTORY}

- `src/lexer.py`: 120 lines

## {PLAN}

1. Read what the confirmed inventory names: `git grep -n lex`.
2. Run `cd src && pytest ../tests`.

## {VERIFICATION}

```
pytest -q tests/test_lexer.py
```

## {CONTRACT}

1. Write `.cockpit/answer.json`.

## {GUARDRAILS}

- Change only `src/**`, `tests/test_lexer.py`. All else is out of scope.
- Protected, never to be changed: `Makefile`.
"""


def without(part: str) -> str:
    """WHOLE without that part."""
    before, _, rest = WHOLE.partition(f"## {part}\n")
    return before + "".join(rest.partition("\n## ")[1:])[1:]


def emptied(part: str) -> str:
    """WHOLE with nothing but the title of that part."""
    before, title, rest = WHOLE.partition(f"## {part}\n")
    return before + title + "".join(rest.partition("\n## ")[1:])


def test_a_whole_brief_has_no_findings():
    assert lint(WHOLE, ROOT) == []


@pytest.mark.parametrize("broken", [without, emptied])
@pytest.mark.parametrize(
    ("part", "words"),
    [
        (INVENTORY, "no confirmed inventory"),
        (PLAN, "no execution plan"),
        (VERIFICATION, "no verification command"),
        (CONTRACT, "no output contract"),
        (GUARDRAILS, "no guardrails"),
    ],
)
def test_each_part_must_be_there_and_say_something(broken: object, part: str, words: str):
    assert callable(broken)
    assert lint(str(broken(part)), ROOT) == [Finding(part, words)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# Mend the lexer", "#", "no task"),
        ("`git grep -n lex`", "grep", ""),
        ("pytest -q tests", "cd .. && pytest -q tests", "a command leaves the worktree: cd .. && pytest -q tests/"),
        ("pytest -q tests", "pytest -q ../tests", "a command leaves the worktree: pytest -q ../tests/"),
        ("pytest -q tests", f"cd {ROOT} && pytest tests", "a command names your own checkout: cd /home/me/project && "),
        (
            "pytest -q tests",
            f"pytest {ROOT}/tests",
            "a command names your own checkout: pytest /home/me/project/tests/",
        ),
        ("pytest -q tests", f"pytest {ROOT}-two/tests", ""),
        ("pytest -q tests", "/usr/bin/env pytest -q tests", ""),
        ("git grep -n lex", f"ls {ROOT}", "a command names your own checkout: ls /home/me/project"),
        ("it drops", "in /home/me/project it drops", ""),
        (".cockpit/answer.json", "out.json", "the output contract does not name .cockpit/answer.json"),
        ("`Makefile`", "`Makefile`, `tests/**`", "tests/test_lexer.py is both to be changed and protected"),
        ("`Makefile`", "`src/**`", "src/** is both to be changed and protected"),
        ("it drops", "password=hunter2hunter2 drops", "a secret in line "),
        ("it drops", "it ??? drops", "not filled in: - it ??? drops"),
        ("it drops", "it <which one?> drops", "not filled in: "),
        ("it drops", "TBD: it drops", "not filled in: "),
        ("- it drops the last token; is that so since 1.2?", "- name: ?", "not filled in: - name: ?"),
        ("- it drops", "- [?] it drops", "not filled in: - [?] it drops"),
        ("- it drops", "> ??? it drops", ""),
        ("it drops", "word " * LIMIT, f"words, more than {LIMIT}"),
    ],
)
def test_each_rule_can_fail_and_is_silent_beside_it(old: str, new: str, words: str):
    assert old in WHOLE
    found = lint(WHOLE.replace(old, new, 1), ROOT)
    assert [words in finding.words for finding in found] == ([True] if words else []), found


def test_an_open_decision_that_a_brief_cites_is_no_hole():
    cited = "## Decisions\n\n- [?] Sqlite or files? ^d1\n\n## The task in full\n"
    assert lint(WHOLE.replace("## The task in full\n", cited), ROOT) == []


def test_a_plan_without_a_command_is_no_exact_plan():
    text = WHOLE.replace("`git grep -n lex`", "look").replace("`cd src && pytest ../tests`", "the tests")
    assert [finding.words for finding in lint(text)] == ["no exact command in the execution plan"]


def test_a_title_in_a_fence_is_no_part():
    text = without(GUARDRAILS) + f"\n```\n## {GUARDRAILS}\n- none\n```\n"
    assert Finding(GUARDRAILS, "no guardrails") in lint(text)


def test_a_finding_says_where():
    (found,) = lint(WHOLE.replace("pytest -q tests", "cd .. && ls tests"), ROOT)
    assert (found.part, WHOLE.split("\n")[found.line - 1]) == (VERIFICATION, "pytest -q tests/test_lexer.py")


@pytest.mark.parametrize(
    ("command", "out"),
    [
        ("cd web && npm test && cd ..", False),
        ("cd web && cd ../..", True),
        ("cd web; cat ../../x", True),
        ("cd web; cat ../x", False),
        ("git diff main..HEAD", False),
        ("cd ~/project", True),
        ("cd $HOME/x", True),
        ("cd '..'", True),
        ("(cd ..; ls)", True),
        ("cd -", False),
        ("cd", False),
        ("", False),
    ],
)
def test_a_command_is_followed_through_its_cds(command: str, out: bool):
    assert leaves(command) is out


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*WHOLE.split("\n"), "```", "`", "~~~", "cd ..", "`` a ` b ``", "[?]", "\x00"])))
def test_any_text_can_be_linted_and_each_finding_names_a_line_of_it(lines: list[str]):
    for finding in lint("\n".join(lines), ROOT):
        assert finding.words
        assert 0 <= finding.line <= max(len(lines), 1)


def test_findings_are_told_in_one_line():
    assert listed([]) == ""
    assert listed(["no plan"]) == "lint: no plan"
    assert listed(["a", "b", "c", "d", "e"]) == "lint: a, b, c and 2 more"
