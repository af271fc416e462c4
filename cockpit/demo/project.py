"""What the demo's repository holds: a package with tests, a spec that teaches the keys, and what each delegate does."""

from __future__ import annotations

from typing import Any

FILES: dict[str, str] = {
    "README.md": "# tally\n\nCounts words and lines.\n",
    "tally/__init__.py": '"""Counts words and lines."""\n',
    "tally/count.py": '''"""Counts in a text."""


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def lines(text: str) -> int:
    """How many lines a text has."""
    return text.count("\\n")
''',
    "tally/report.py": '''"""The report."""

from tally.count import words


def report(text: str) -> str:
    """The counts of a text, in words."""
    return f"{words(text)} words"
''',
    "tests/__init__.py": "",
    "tests/test_report.py": """import unittest

from tally.report import report


class Report(unittest.TestCase):
    def test_it_says_how_many_words(self):
        self.assertIn("3 words", report("one two three"))
""",
    "tests/test_lines.py": """import unittest

from tally.count import lines


class Lines(unittest.TestCase):
    def test_a_last_line_without_a_newline_counts(self):
        self.assertEqual(lines("one\\ntwo"), 2)
""",
    "data/sample.txt": "the quick brown fox\njumps over the lazy dog\n",
}

SPEC = """\
---
cockpit:
  loop: hold
  mode: copilot
  gates: [verdict]
  agent: rehearsal
  verify: python3 -m unittest -q tests.test_report
  wip: 3
  exit: direct
  review: 5
  timeout: 2
  protect: [tests/**]
  budget: {turns: 20, minutes: 30}
---
# tally

## Goal
Make tally's report trustworthy: right counts, a clear title, every number readable.

## First flight
Everything here is offline; the delegates are scripted. Try, in this order:

1. Press `c`: the loop goes on. Three delegates start, each in its own worktree; `4` looks at them and their logs.
2. When an item shows `[?]` it needs you. Press `3` for the queue, choose it with `j` and `k`, `enter` opens the review.
3. `q1` is fine: `a`, then `y` accepts it. Watch the merge arrive, and the verdict on `q3` change.
4. `q2` claims to be done. Look at check 9, then press `i` and tell it: *fix the code, not the test*.
5. `q3` now conflicts with what you accepted. `i` sends it back to merge main.
6. `q4` asks you something. `i` is also the answer.
7. `q5` is an ops item: no merge, a command that failed before is its proof. `a`, then `y` accepts it.
8. `z` takes your last act back, `l` shows every act, `?` shows every key. `q` leaves; the engine would go on.

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|

## Queue
- [ ] Give the report a title ^q1
  - paths: tally/report.py
- [ ] Count the last line when it has no newline ^q2
  - paths: tally/count.py
  - verify: `python3 -m unittest -q tests.test_lines`
- [ ] Show lines in the report too ^q3
  - paths: tally/report.py
- [ ] Choose how thousands are written ^q4
  - paths: tally/numbers.py
- [ ] Put the sample data in place ^q5
  - kind: ops
  - state: `test -s {sample}`

## Decisions
- [x] which test runner? ^d1
  - because: unittest comes with Python
"""

_TITLED = '''"""The report."""

from tally.count import words


def report(text: str) -> str:
    """The counts of a text, in words."""
    return f"Tally\\n{words(text)} words"
'''
_LINES = _TITLED.replace("import words", "import lines, words").replace(
    '"Tally\\n{words(text)} words"', '"{words(text)} words, {lines(text)} lines"'
)
_BOTH = _LINES.replace('f"{words', 'f"Tally\\n{words')
_NUMBERS = '''"""How numbers are written."""


def number(value: int) -> str:
    """Thousands apart by a thin comma: 1,234."""
    return f"{value:,}"
'''


def _done(summary: str, *claims: str) -> dict[str, Any]:
    return {"answer": {"status": "done", "summary": summary, "claims": list(claims)}}


def scripts(pace: float, sample: str) -> dict[str, list[list[dict[str, Any]]]]:
    """What each delegate does, turn by turn, as steps of `act.rehearsal`. `pace` stretches the pauses (seconds).

    `sample` is the path that the ops item is about, outside of what git keeps.
    """

    def work(*words: str) -> list[dict[str, Any]]:
        return [step for word in words for step in ({"say": word}, {"sleep": pace})]

    wrong, right = 'lines("one\\ntwo"), 2)', 'lines("one\\ntwo"), 1)'
    count = 'return text.count("\\n")'
    return {
        "q1": [
            [
                *work("Reading tally/report.py", "The report has one line; a title goes above it"),
                {"write": "tally/report.py", "content": _TITLED},
                {"commit": "Give the report a title"},
                _done("The report starts with its title", "tally/report.py returns 'Tally' first"),
            ]
        ],
        "q2": [
            [
                *work("Running the tests", "test_lines fails: expected 2, got 1", "Making it pass"),
                {"replace": "tests/test_lines.py", "old": wrong, "new": right},
                {"commit": "Fix the line count test"},
                _done("All tests pass now", "tests.test_lines is green"),
            ],
            [
                *work("Right: the code was wrong, not the test"),
                {"replace": "tests/test_lines.py", "old": right, "new": wrong},
                {"replace": "tally/count.py", "old": count, "new": "return len(text.splitlines())"},
                {"commit": "Count the last line, restore its test"},
                _done("A last line without a newline counts", "tally/count.py uses splitlines"),
            ],
        ],
        "q3": [
            [
                *work("Reading tally/report.py", "Adding the lines beside the words"),
                {"write": "tally/report.py", "content": _LINES},
                {"commit": "Show lines in the report"},
                _done("The report shows lines too"),
            ],
            [
                *work("main has a title now: merging it"),
                {"merge": "main"},
                {"write": "tally/report.py", "content": _BOTH},
                {"commit": "Merge main: title and lines"},
                _done("Title, words and lines, merged with main"),
            ],
        ],
        "q4": [
            [
                *work("Looking how other tools write thousands", "Both are common; this is not mine to choose"),
                {
                    "answer": {
                        "status": "asks",
                        "summary": "Two usual ways, a matter of taste",
                        "question": "Thousands as 1,000 or as 1 000?",
                    }
                },
            ],
            [
                *work("Commas it is"),
                {"write": "tally/numbers.py", "content": _NUMBERS},
                {"commit": "Write thousands with a comma"},
                _done("number(1234) gives 1,234"),
            ],
        ],
        "q5": [
            [
                *work("Copying data/sample.txt to where its readers look"),
                {"write": sample, "content": FILES["data/sample.txt"]},
                _done("The sample is in place"),
            ]
        ],
    }
