"""All that was learned is text with a place, so that it can be read, edited and reverted."""

from __future__ import annotations

from cockpit.learn import Offer, lessons
from cockpit.report import lessons as told
from cockpit.spec import parse
from cockpit.spec.corrections import Correction

DOCUMENT = parse(b"""\
## Known failures
- [ ] `test_b` times out (verify, 2026-11-20) ^f2
- [x] `test_a` (verify, 2026-11-20) ^f1

## Decisions
- [x] three-way merge ^d2
  - because: enough here
- [-] maybe a CRDT ^d1
  - superseded: d2
- [?] names in upper case? ^d3
  - recommended: lower

## Runbooks
- [Lint first](runbooks/lint.md) when: any change
""")
OFFER = Offer("runbook/1", "you said this 3 times", "x", ("x",), False, ("q1 on 2026-11-20: x", "q2: x", "q3: x"))
WORD = Correction("q1", 2, "q1 turn 2", "not the real issue", "", "not the real issue", 30)


def test_each_lesson_says_where_it_stands():
    found = lessons(DOCUMENT, "SPEC.md", [OFFER], {"runbooks/lint.md": 4}, [WORD])
    assert [(entry.sort, entry.id, entry.where) for entry in found] == [
        ("decision", "d2", "SPEC.md:6"),
        ("question", "d3", "SPEC.md:10"),
        ("offer", "runbook/1", ""),
        ("runbook", "runbooks/lint.md", "SPEC.md:14"),
        ("failure", "f2", "SPEC.md:2"),
        ("correction", "q1 turn 2", "SPEC.md:30"),
    ]
    assert [entry.seen for entry in found] == [None, None, 3, 4, None, None]


def test_the_shell_tells_them_by_sort_with_their_reasons():
    text = "\n".join(told(lessons(DOCUMENT, "SPEC.md", [OFFER])))
    assert text.startswith(
        "decisions that stand\n  d2   three-way merge (enough here) · SPEC.md:6\n\nquestions for you\n"
    )
    assert "(q1 on 2026-11-20; q2; q3) · seen 3 times" in text
    assert list(told([])) == ["nothing was learned yet"]
