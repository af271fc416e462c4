"""What an answer found out is offered once, by numbers that stay."""

from __future__ import annotations

from cockpit.facts import Answer
from cockpit.learn import discoveries
from cockpit.spec import Document, Kind, parse

ANSWER = Answer(
    status="done",
    summary="did it",
    follow_ups=["Split the parser", "Split  the PARSER", "Name the modules"],
    assumptions=["Names are ASCII"],
    claims=["src/a.py holds the lock"],
)


def empty(text: str = "## Queue\n") -> Document:
    return parse(text.encode())


def test_each_sort_has_its_place_and_words_that_come_twice_count_once():
    found = [(entry.number, entry.sort, entry.place) for entry in discoveries(ANSWER, "q1", 2, empty())]
    assert found == [
        (1, "follow-up", Kind.BACKLOG),
        (3, "follow-up", Kind.BACKLOG),
        (4, "assumption", Kind.DECISIONS),
        (5, "claim", Kind.CODE_MAP),
    ]


def test_what_the_spec_names_as_its_source_is_promoted_however_it_is_reworded():
    document = empty("## Backlog\n- [ ] said better ^b1\n  - from: q1 turn 2 #3\n")
    assert [entry.promoted for entry in discoveries(ANSWER, "q1", 2, document)] == [False, True, False, False]
    assert not any(entry.promoted for entry in discoveries(ANSWER, "q1", 1, document))
    assert not any(entry.promoted for entry in discoveries(ANSWER, "aq1", 2, document))


def test_what_an_item_says_already_is_not_offered_again():
    document = empty("## Backlog\n- [ ] split the parser ^b1\n")
    assert [entry.promoted for entry in discoveries(ANSWER, "q1", 2, document)] == [True, False, False, False]


def test_foreign_words_are_one_clean_line():
    answer = Answer(status="done", summary="s", follow_ups=["a\x1b[2J\n- [x] b ^q9", " "])
    (only,) = discoveries(answer, "q1", 1, empty())
    assert "\x1b" not in only.words
    assert "\n" not in only.words


EXCHANGE = """\
## Exchange

### q1 turn 2: done (claude, 2026-11-21 10:12)

The lock is held by
the supervisor alone.

- follow-up: Split the parser
- assumes: Names are ASCII

> this is not the real issue: the pipe is never closed
"""


def test_a_paragraph_of_its_entry_and_a_correction_of_the_human_are_offered_too():
    found = discoveries(ANSWER, "q1", 2, empty(EXCHANGE))[-2:]
    assert [(entry.sort, entry.words, entry.place) for entry in found] == [
        ("paragraph", "The lock is held by the supervisor alone.", Kind.CODE_MAP),
        ("correction", "this is not the real issue: the pipe is never closed", Kind.DECISIONS),
    ]
    after = empty(EXCHANGE + f"\n## Code map\n- {found[0].words} ({found[0].source})\n")
    assert [entry.promoted for entry in discoveries(ANSWER, "q1", 2, after)[-2:]] == [True, False]
