"""The exchange: answers land as text and never as structure, and what a human writes into one is bound to it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import Kind, Span, parse
from cockpit.spec import exchange as rooms
from cockpit.spec.corrections import Correction, Written, corrections, unanswered

SPEC = b"""\
## Goal
Go.

## Queue
- [ ] Do it ^q1

## Muted
- `a` always: loud
"""
TITLE = "q1 turn 1: done (sh, 2026-11-21 10:12)"
ANSWER = ["Moved the check before the recycle.\nIt was too late.", "- claims: pytest passes", "- follow-up: the log"]


def told(data: bytes = SPEC, texts: list[str] | None = None) -> bytes:
    return rooms.tell(data, "q1", 1, TITLE, ANSWER if texts is None else texts)


def found(data: bytes, said: tuple[str, ...] = ()) -> list[Correction]:
    return corrections(parse(data), {("q1", 1): Written(ANSWER, said)})


def test_an_answer_is_an_entry_in_its_customary_place():
    assert told().decode() == (
        "## Goal\nGo.\n\n## Queue\n- [ ] Do it ^q1\n\n"
        "## Exchange\n\n"
        f"### {TITLE}\n\n"
        "Moved the check before the recycle.\nIt was too late.\n\n"
        "- claims: pytest passes\n- follow-up: the log\n\n"
        "## Muted\n- `a` always: loud\n"
    )


def test_telling_it_again_changes_nothing():
    assert told(told()) == told()


def test_a_running_entry_is_completed_and_keeps_what_was_said_in_it():
    data = rooms.tell(SPEC, "q1", 1, "q1 turn 1: running (sh, 2026-11-21 10:02)", ["- reading the code"])
    entry = rooms.entry_of(parse(data), "q1")
    assert entry is not None
    assert entry.state == "running"
    data = told(data)
    entry = rooms.entry_of(parse(data), "q1", 1)
    assert entry is not None
    assert entry.state == "done"
    assert [block.text for block in rooms.blocks(parse(data), entry)] == ["- reading the code", *ANSWER]
    assert data.count(b"turn 1") == 1


def test_entries_stand_newest_last_and_belong_to_who_wrote_them():
    data = rooms.say(told(), "What about the log?\n\nIt rotates.", "2026-11-21 10:20")
    data = rooms.tell(data, "q1", 2, "q1 turn 2: asks (sh, 2026-11-21 10:30)", ["Which log?"])
    there = rooms.entries(parse(data))
    assert [(entry.item, entry.turn, entry.state, entry.yours) for entry in there] == [
        ("q1", 1, "done", False),
        ("", 0, "", True),
        ("q1", 2, "asks", False),
    ]
    latest = rooms.entry_of(parse(data), "q1")
    assert latest is not None
    assert latest.turn == 2


def test_only_its_own_lines_are_new():
    before = b"# A\r\n\r\n## Exchange\r\n\r\n### you (now)\r\nhm  \r\n\r\n\r\n## Done\r\n"
    after = rooms.say(before, "so", "later")
    at = after.index(b"\r\n\r\n### you (later)\r\n\r\nso")
    assert after[:at] + after[at + len(b"\r\n\r\n### you (later)\r\n\r\nso") :] == before


PIECES = [
    "# ", "- ", "* ", "1. ", "[ ]", "[x] ", "```", "~~~", "<!--", "-->", "<", ">", "---", "===", "|", "^q1", "words",
    "é", "\n", "\n\n", "  ", "\t", "\r", "\0",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_an_agents_words_never_become_structure(words: str):
    data = told(SPEC, rooms.harmless(words))
    before, after = parse(SPEC), parse(data)
    assert [section.title for section in after.sections] == ["Goal", "Queue", "Exchange", TITLE, "Muted"]
    assert [item.id for item in after.walk()] == ["q1"]
    assert after.goal == before.goal
    assert [mute.target for mute in after.mutes] == ["a"]
    assert not after.comments(Span(0, len(data)))
    assert after.unclosed is None
    assert not after.problems
    entry = rooms.entry_of(after, "q1")
    assert entry is not None
    assert not any(block.text.startswith(">") for block in rooms.blocks(after, entry)), "a human's quote is forged"
    assert not corrections(after, {("q1", 1): Written(rooms.harmless(words))}), "an answer corrects itself"


def test_an_untouched_answer_has_no_correction_however_it_is_wrapped():
    assert found(told()) == []
    assert found(told().replace(b"recycle.\nIt", b"recycle. It")) == []


def test_text_next_to_an_answer_is_bound_to_it():
    data = told().replace(b"too late.\n", b"too late.\n\nThis is not the real issue.\n")
    assert found(data) == [
        Correction("q1", 1, TITLE, "This is not the real issue.", "", "This is not the real issue.", 14)
    ]


def test_a_line_right_below_a_paragraph_is_told_alone():
    data = told().replace(b"too late.\n", b"too late.\nThis is not the real issue.\n")
    assert [(one.words, one.before) for one in found(data)] == [("This is not the real issue.", ANSWER[0])]


def test_a_changed_and_a_deleted_block_are_told_with_what_they_were():
    data = told().replace(b"pytest passes", b"pytest fails").replace(b"- follow-up: the log\n", b"")
    assert [(one.words, one.before, one.after) for one in found(data)] == [
        ("- claims: pytest fails", "- claims: pytest passes", "- claims: pytest fails"),
        ("deleted: - follow-up: the log", "- follow-up: the log", ""),
    ]


def test_the_verb_writes_a_quote_below_the_answer():
    data = rooms.say(told(), "other", "now")
    entry = rooms.entry_of(parse(data), "q1")
    assert entry is not None
    data = rooms.correct(parse(data), entry, "no:\n## look again")
    assert b"- follow-up: the log\n\n> no:\n> \\## look again\n\n### you" in data
    assert [one.words for one in found(data)] == ["no: \\## look again"]


def test_a_human_may_use_headings_and_fences_of_their_own_inside_an_entry():
    data = told().replace(b"too late.\n", b"too late.\n\n#### No\n\n```\n# not a heading\n```\n")
    assert [one.words for one in found(data)] == ["#### No", "``` # not a heading ```"]
    assert parse(data).section(Kind.MUTED) is not None


def test_a_line_the_delegate_said_may_be_deleted_and_not_be_changed_unseen():
    said = ("- reading the code", "- found the boundary")
    data = told(SPEC, [*said, *ANSWER])
    assert found(data, said) == []
    assert found(data.replace(b"- reading the code\n", b""), said) == []
    changed = found(data.replace(b"found the boundary", b"found a wrong boundary"), said)
    assert [one.words for one in changed] == ["- found a wrong boundary"]


def test_an_entry_that_is_gone_corrects_nothing():
    assert found(SPEC) == []


def test_a_correction_is_unanswered_until_its_key_was_told():
    one = found(told().replace(b"too late.\n", b"too late.\n\nNo.\n"))
    assert unanswered(one, ()) == one
    assert unanswered(one, [one[0].key]) == []
    other = found(told().replace(b"too late.\n", b"too late.\n\nNo, never.\n"))
    assert unanswered(other, [one[0].key]) == other
