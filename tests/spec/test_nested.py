"""An item's own steps, and which of them an answer says are done (R186)."""

from __future__ import annotations

from cockpit.spec import nested, parse

TEXT = """## Queue
- [ ] Do it ^q1
  - [x] read the lexer
  - [ ] change `lex()`, then its callers
  - [ ] the docs ^q2
  - [>] the rest
  - [-] no
- [ ] In phases ^q3
  - phased: on
  - [ ] one ^q4
"""


def done(*said: str, id: str = "q1") -> list[str]:
    item = parse(TEXT.encode()).item(id)
    assert item is not None
    return [step.text for step in nested.said_done(item, said)]


def test_the_steps_are_the_boxes_that_are_open_and_phases_are_none():
    document = parse(TEXT.encode())
    assert [[step.text for step in nested.own(item)] for item in document.queue] == [
        ["change `lex()`, then its callers", "the docs"],
        [],
    ]


def test_a_step_is_named_by_its_words_however_they_are_set_or_by_its_id():
    assert done("2. Change lex(), then its callers.") == ["change `lex()`, then its callers"]
    assert done("- [x] the docs ^q2") == done("q2") == ["the docs"]


def test_what_names_no_step_says_nothing():
    assert done() == done("") == done("docs") == done("all of them", "read the lexer", "the rest") == []
    assert done("one", "q4", id="q3") == []
