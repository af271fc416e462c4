"""agent-doc's documents: read, edited in their own form, everything else left as it is.

The files in `agentdoc/` were written by agent-doc 0.35.342 itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import Document, Item, Kind, Mark, edit, exchange, merge, parse, through
from cockpit.spec.agentdoc import LISTS, components
from cockpit.spec.lens import ours

CAPTURED = {path.stem: path.read_bytes() for path in (Path(__file__).parent / "agentdoc").glob("*.md")}
RUNNING = CAPTURED["running"]
LOOKS = """\
---
agent_doc_session: 8ad80d4a-7f26-4a41-81bd-f3add5a80778
agent_doc_format: template
cockpit:
  loop: step
---
# Session

## Goal
Recover sessions.

<!-- agent:exchange -->
### Re: do [#a1] — opus
## Queue
- [ ] no item, an answer's list
Under
---
<!-- /agent:exchange -->

<!-- agent:run auto -->
- 📌 do [#a1]
- 🚧 do [#a2]
- ⏳ do [#a3]
- ⚠️ do [#a4]
- ⏭️ do [#a5]
- ☑️ do [#a6]
- do [#a7], then push
- [#a8] words of its own
- ~~gone~~
- ~~given up — struck~~
- ~~answered~~ — auto-struck: answered this cycle
- do [#gone]
<!-- /agent:run -->

<!-- agent:pending -->
1. [ ] [#a1] First [recommended]
2. [ ] [#a2] Second
3. [ ] [#a3] Third
4. [ ] [#a4] Fourth
5. [ ] [#a5] Fifth
6. [ ] [#a6] Sixth
7. [ ] [#a7] Seventh
8. [/release] [#b1] Ship it
9. [x] [#b2] Done here
10. [ ] [#b3] Open
    - [ ] [#b3-c1] A child
    - after: a1
<!-- /agent:pending -->
""".encode()


def item(data: bytes, id: str) -> Item:
    found = parse(data).item(id)
    assert found is not None
    return found


def marks(data: bytes, kind: Kind) -> dict[str, Mark]:
    return {
        entry.id if entry.touched else entry.text: entry.mark for entry in parse(data).items if entry.section is kind
    }


# -- reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [*CAPTURED.values(), LOOKS], ids=[*CAPTURED, "looks"])
def test_a_document_looks_the_same_line_for_line(data: bytes):
    view = ours(data)
    assert view.count(b"\n") == data.count(b"\n")
    assert ours(view) == view, "what was translated is not translated again"
    assert parse(data).problems == ()


def test_a_document_of_ours_is_not_looked_at():
    data = b"## Queue\n- [ ] agent: say `<!-- agent:queue -->`\n"
    assert ours(data) is data


def test_the_queue_shows_the_words_of_the_works_it_names():
    queue = [(entry.id, entry.text, entry.mark) for entry in parse(RUNNING).queue if entry.touched]
    assert queue == [
        ("a3f2", "Recycle the supervisor at the next idle point", Mark.RUNNING),
        ("c0de", "Write the parser test [recommended]", Mark.OPEN),
        ("d0d0", "Set up the project", Mark.DONE),
    ]
    assert parse(RUNNING).queue[1].text == "Say why the parser drops the last line?"


def test_one_work_is_one_item():
    ids = [entry.id for entry in parse(RUNNING).walk()]
    assert len(ids) == len(set(ids))
    assert {"ga7e", "re1e", "9m20"} == set(marks(RUNNING, Kind.BACKLOG)) - {"ice1", "a3f2-k1k1"}
    assert "unknown thing" not in [entry.text for entry in parse(RUNNING).walk()]


def test_gates_wait_for_the_operator_and_the_icebox_is_put_off():
    assert marks(RUNNING, Kind.BACKLOG)["ga7e"] is Mark.BLOCKED
    assert marks(RUNNING, Kind.BACKLOG)["re1e"] is Mark.BLOCKED
    assert marks(RUNNING, Kind.PENDING) == {"re01": Mark.BLOCKED}
    assert marks(RUNNING, Kind.BACKLOG)["ice1"] is Mark.DEFERRED


def test_every_marker_of_a_queue_is_a_mark():
    assert {entry.id: entry.mark for entry in parse(LOOKS).queue if entry.touched} == {
        "a1": Mark.OPEN,
        "a2": Mark.RUNNING,
        "a3": Mark.NEEDS_YOU,
        "a4": Mark.BLOCKED,
        "a5": Mark.DEFERRED,
        "a6": Mark.NEEDS_YOU,
        "a7": Mark.OPEN,
        "a8": Mark.OPEN,
        "gone": Mark.OPEN,
    }
    assert [(entry.text, entry.mark) for entry in parse(LOOKS).queue if not entry.touched] == [
        ("gone", Mark.DONE),
        ("given up", Mark.STRUCK),
        ("answered", Mark.DONE),
    ]
    assert item(LOOKS, "a7").text == "do [#a7], then push"
    assert item(LOOKS, "gone").text == "do [#gone]"


def test_children_and_fields_belong_to_their_item():
    assert item(LOOKS, "b3").value("after") == "a1"
    assert [child.id for child in item(LOOKS, "b3").children] == ["b3-c1"]


def test_answers_open_no_section_and_no_item():
    document = parse(LOOKS)
    assert "no item, an answer's list" not in [entry.text for entry in document.walk()]
    assert [entry.title for entry in exchange.entries(document)] == ["Re: do [#a1] — opus", "Queue of agent-doc"]
    assert document.goal == "Recover sessions."
    assert document.controls.loop == "step"


def test_a_session_in_turns_is_an_exchange():
    text = b"---\nsession: x\n---\n# S\n\n## User\nHello\n\n## Assistant\n## Queue\n- [ ] mine\n\n## User\n\n"
    document = parse(text)
    assert [entry.title for entry in exchange.entries(document)] == ["Assistant", "Queue of agent-doc", "User"]
    assert document.items == ()


def test_a_component_that_never_ends_and_one_in_a_fence_are_text():
    data = b"<!-- agent:queue -->\n- do it\n\n```\n<!-- agent:backlog -->\n- x\n<!-- /agent:backlog -->\n```\n"
    assert components(data.split(b"\n")) == ()
    assert parse(data).items == ()


def test_a_comment_of_several_lines_is_the_humans_scratch_pad():
    data = b"<!-- agent:queue -->\n<!--\n- do [#a1]\n-->\n- [#a1] First\n<!-- /agent:queue -->\n"
    assert [(entry.id, entry.line) for entry in parse(data).items] == [("a1", 5)]


# -- editing ----------------------------------------------------------------------------------------------------------


def lines(data: bytes) -> list[str]:
    return data.decode().split("\n")


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    old, new = lines(before), lines(after)
    return [line for line in old if line not in new], [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("mark", "row"),
    [
        (Mark.OPEN, "- do [#c0de]"),
        (Mark.RUNNING, "- 🚧 do [#c0de]"),
        (Mark.NEEDS_YOU, "- ⏳ do [#c0de]"),
        (Mark.BLOCKED, "- ⚠️ do [#c0de]"),
        (Mark.DEFERRED, "- ⏸️ do [#c0de]"),
        (Mark.STRUCK, "- ~~do [#c0de] — struck~~"),
    ],
)
def test_a_mark_in_the_queue_is_a_marker_or_a_strike(mark: Mark, row: str):
    after = through(RUNNING, lambda data: edit.set_mark(data, "c0de", mark))
    assert changed(RUNNING, after) == (([], []) if mark is Mark.OPEN else (["- do [#c0de]"], [row]))
    assert item(after, "c0de").mark is mark
    assert through(after, lambda data: edit.set_mark(data, "c0de", Mark.OPEN)) == RUNNING


def test_what_is_done_is_struck_in_the_queue_and_ticked_where_it_stands():
    after = through(RUNNING, lambda data: edit.set_mark(data, "a3f2", Mark.DONE))
    assert changed(RUNNING, after) == (
        ["- 🚧 do [#a3f2]", "- [ ] 🚧 [#a3f2] Recycle the supervisor at the next idle point"],
        ["- ~~do [#a3f2]~~", "- [x] [#a3f2] Recycle the supervisor at the next idle point"],
    )


@pytest.mark.parametrize(
    ("mark", "row"),
    [
        (Mark.RUNNING, "- [ ] 🚧 [#9m20] a bare one without id"),
        (Mark.NEEDS_YOU, "- [/needs-you] [#9m20] a bare one without id"),
        (Mark.BLOCKED, "- [/] [#9m20] a bare one without id"),
        (Mark.DEFERRED, "- [/deferred] [#9m20] a bare one without id"),
        (Mark.STRUCK, "- [/struck] [#9m20] a bare one without id"),
        (Mark.DONE, "- [x] [#9m20] a bare one without id"),
    ],
)
def test_a_mark_in_the_backlog_is_a_box_or_a_gate(mark: Mark, row: str):
    after = through(RUNNING, lambda data: edit.set_mark(data, "9m20", mark))
    assert changed(RUNNING, after)[1] == [row]
    assert item(after, "9m20").mark is mark


def test_a_reworded_work_is_reworded_where_its_words_stand():
    after = through(RUNNING, lambda data: edit.set_text(data, "c0de", "Test the parser"))
    assert changed(RUNNING, after) == (
        ["- [ ] [#c0de] Write the parser test [recommended]"],
        ["- [ ] [#c0de] Test the parser"],
    )
    after = through(RUNNING, lambda data: edit.set_text(data, "re1e", "Ship it today"))
    assert changed(RUNNING, after)[1] == ["- [/release] [#re1e] Ship it today"], "its gate stays what it was"


def test_fields_are_starred_bullets_that_agent_doc_takes_for_no_prompt():
    after = through(RUNNING, lambda data: edit.set_field(data, "c0de", "branch", "delegate/c0de"))
    assert changed(RUNNING, after) == ([], ["  * branch: delegate/c0de"])
    assert item(after, "c0de").value("branch") == "delegate/c0de"
    again = through(after, lambda data: edit.set_field(data, "c0de", "review", "14 pass"))
    assert b"- do [#c0de]\n  * branch: delegate/c0de\n  * review: 14 pass\n" in again
    assert through(again, lambda data: edit.drop_field(data, "c0de", "review")) == after


def test_a_free_prompt_gets_an_id_in_front():
    named = parse(RUNNING).queue[1].id
    after = through(RUNNING, lambda data: edit.ensure_id(data, named)[0])
    assert changed(RUNNING, after)[1] == ["- [#q1] Say why the parser drops the last line?"]
    assert item(after, "q1").text == "Say why the parser drops the last line?"


def test_new_items_stand_in_their_component():
    after = through(RUNNING, lambda data: edit.add_item(data, "Look again")[0])
    assert b"- ~~do [#d0d0]~~\n- [#q1] Look again\n<!-- /agent:queue -->" in after
    after = through(RUNNING, lambda data: edit.add_item(data, "Later", section=Kind.BACKLOG)[0])
    assert b"- [ ] [#9m20] a bare one without id\n- [ ] [#b1] Later\n<!-- /agent:backlog -->" in after, "not the icebox"
    after = through(RUNNING, lambda data: edit.split(data, "c0de", ["One half", "The other"]))
    assert b"- do [#c0de]\n- [#q1] The other\n" in after
    assert b"- [ ] [#c0de] One half\n" in after


def test_an_empty_queue_takes_its_first_item():
    data = b"# S\n\n<!-- agent:queue -->\n<!-- /agent:queue -->\n\n<!-- agent:done -->\n<!-- /agent:done -->\n"
    after = through(data, lambda view: edit.add_item(view, "First")[0])
    assert b"<!-- agent:queue -->\n- [#q1] First\n" in after
    assert item(after, "q1").section is Kind.QUEUE
    assert after.endswith(b"<!-- agent:done -->\n<!-- /agent:done -->\n")


def test_sections_of_ours_stand_outside_of_components():
    after = through(RUNNING, lambda data: edit.add_mute(data, "tests", "always", "known", "2026-11-21 10:00")[0])
    assert [entry.target for entry in parse(after).mutes] == ["tests"]
    assert b"## Muted\n- `tests` always: known (2026-11-21 10:00) ^m1\n\n## Done\n\n<!-- agent:done -->" in after


def test_a_work_that_leaves_the_queue_stays_where_its_words_are():
    data = through(RUNNING, lambda view: edit.set_field(view, "c0de", "why", "not now"))
    after = through(data, lambda view: edit.move_item(view, "c0de", section=Kind.BACKLOG))
    assert b"do [#c0de]" not in after
    assert b"- [ ] [#c0de] Write the parser test [recommended]\n  * why: not now\n" in after
    assert item(after, "c0de").section is Kind.BACKLOG


def test_answers_are_told_inside_the_exchange():
    after = through(RUNNING, lambda data: exchange.tell(data, "c0de", 1, "c0de turn 1: done", ["It is written."]))
    assert b"### c0de turn 1: done\n\nIt is written.\n" in after
    assert after.index(b"It is written.") < after.index(b"<!-- /agent:exchange -->")


def test_the_loops_controls_stand_beside_agent_docs_own():
    after = through(RUNNING, lambda data: edit.set_control(data, "loop", "on"))
    assert after == RUNNING.replace(b"queue: start\n", b"queue: start\ncockpit:\n  loop: on\n")


# -- laws -------------------------------------------------------------------------------------------------------------

Edit = Callable[[bytes, str], bytes]
EDITS: dict[str, Edit] = {
    **{f"mark {mark.name}": lambda data, id, mark=mark: edit.set_mark(data, id, mark) for mark in Mark},
    "text": lambda data, id: edit.set_text(data, id, "other words"),
    "field": lambda data, id: edit.set_field(data, id, "why", "because"),
    "steer": lambda data, id: edit.add_field(data, id, "steer", "more"),
    "id": lambda data, id: edit.ensure_id(data, id)[0],
    "below": lambda data, id: edit.add_item(data, "new work", below=id)[0],
    "split": lambda data, id: edit.split(data, id, ["one", "two"]),
}


def stretches(data: bytes) -> list[tuple[str, bytes]]:
    """What stands in each component and between them, by its name and place."""
    rows = data.split(b"\n")
    found = [entry for entry in components(rows) if entry.outer < 0]
    at, parts = 0, list[tuple[str, bytes]]()
    for entry in found:
        parts.append(("", b"\n".join(rows[at : entry.open + 1])))
        parts.append((entry.name.decode(), b"\n".join(rows[entry.open + 1 : entry.close])))
        at = entry.close
    return [*parts, ("", b"\n".join(rows[at:]))]


def of(document: Document) -> dict[str, tuple[Mark, str, tuple[str, ...]]]:
    return {
        entry.id if entry.touched else entry.text: (
            entry.mark,
            entry.text,
            tuple(field.value for field in entry.fields),
        )
        for entry in document.walk()
    }


@given(
    st.sampled_from([*sorted(CAPTURED), "looks"]),
    st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 40)), min_size=1, max_size=4),
)
@settings(max_examples=150, deadline=None)
def test_an_edit_changes_lists_alone_and_no_item_but_its_own(name: str, steps: list[tuple[str, int]]):
    data = CAPTURED.get(name, LOOKS)
    for step, number in steps:
        items = parse(data).walk()
        if not items:
            return
        target = items[number % len(items)]
        after = through(data, lambda view, step=step, id=target.id: EDITS[step](view, id))
        old, new = stretches(data), stretches(after)
        assert [name for name, _ in old] == [name for name, _ in new]
        touched = {name for (name, was), (_, now) in zip(old, new, strict=True) if was != now}
        lists = {entry.name.decode() for entry in components(data.split(b"\n")) if entry.kind in LISTS}
        assert touched <= lists
        assert len(touched) <= 2
        was, now = of(parse(data)), of(parse(after))
        name_of = target.id if target.touched else target.text
        assert {key: entry for key, entry in was.items() if key != name_of}.items() <= now.items()
        assert ours(after).count(b"\n") == after.count(b"\n")
        data = after


@given(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 40)), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_what_an_edit_says_is_what_is_read_then(steps: list[tuple[str, int]]):
    data = LOOKS
    for step, number in steps:
        items = [entry for entry in parse(data).walk() if entry.section is not Kind.DONE]
        id = items[number % len(items)].id
        said = EDITS[step](parse(data).data, id)
        after = through(data, lambda view, step=step, id=id: EDITS[step](view, id))
        assert of(parse(after)) == of(parse(said))
        data = after


def test_two_sides_merge_by_items_and_keep_the_form_of_both():
    mine = through(RUNNING, lambda data: edit.set_mark(data, "c0de", Mark.RUNNING))
    theirs = RUNNING.replace(
        b"- [/release] [#re1e] Ship it\n", b"- [/release] [#re1e] Ship it\n- [/legal] [#1awy] Ask them\n"
    )
    merged = merge(RUNNING, mine, theirs)
    assert merged.conflicts == ()
    assert merged.data == mine.replace(b"[#re1e] Ship it\n", b"[#re1e] Ship it\n- [/legal] [#1awy] Ask them\n")


LINES = (
    "<!-- agent:queue auto -->",
    "<!-- /agent:queue -->",
    "<!-- agent:backlog -->",
    "<!-- /agent:backlog -->",
    "<!-- agent:exchange -->",
    "<!-- /agent:exchange -->",
    "<!-- agent:done -->",
    "<!-- /agent:done -->",
    "<!-- agent:other x=1 -->",
    "<!-- /agent:other -->",
    "<!-- agent:boundary:12 -->",
    "## Queue",
    "# Backlog",
    "### Re: it",
    "Words",
    "---",
    "```",
    "",
    "- do [#a1]",
    "- ~~do [#a1]~~",
    "- 🚧 do [#b2]",
    "- 📌 ⚠️ do [#a1]",
    "- [ ] [#a1] one",
    "- [x] [#b2] two",
    "1. [/gate] [#c3] three",
    "- 2026-11-21 [#a1] one",
    "- [ ] ours ^q1",
    "- free ~~words~~ here",
    "-",
    "- [ ]",
    "- ~~x~~",
    "  * why: because",
    "  - [ ] [#a1-k] child",
    "  - note: hm",
    "\t- [x] tab",
    "| a | b |",
    "<!--",
    "-->",
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Any heap of agent-doc's lines."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    front = draw(st.sampled_from(["", "---\nagent_doc_session: x\n---\n"]))
    return (front + end.join(draw(st.lists(st.sampled_from(LINES), max_size=30)))).encode()


@given(documents())
@settings(max_examples=200, deadline=None)
def test_any_heap_of_lines_has_a_view_of_as_many_lines(data: bytes):
    view = ours(data)
    assert view.count(b"\n") == data.count(b"\n")
    assert ours(view) == view
    assert through(data, lambda same: same) == data
    marks = [line for line in data.split(b"\n") if b"agent:" in line]
    kept = through(data, lambda view: view + b"\nMore")
    assert kept == data + b"\nMore"
    assert [line for line in kept.split(b"\n") if b"agent:" in line] == marks


@given(documents(), st.sampled_from(sorted(EDITS)), st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_any_edit_of_any_heap_leaves_the_other_stretches(data: bytes, step: str, number: int):
    document = parse(data)
    items = document.walk()
    if not items:
        return
    id = document.name(items[number % len(items)])
    after = through(data, lambda view: EDITS[step](view, id))
    old, new = stretches(data), stretches(after)
    if any(name == "" and was != now for (name, was), (_, now) in zip(old, new, strict=True)):
        return  # an item of ours between the components
    assert sum(was != now for (_, was), (_, now) in zip(old, new, strict=True)) <= 2


@given(st.sampled_from([*sorted(CAPTURED), "looks"]), st.sampled_from(sorted(EDITS)), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_an_edit_taken_back_says_what_was_said_before(name: str, step: str, number: int):
    data = CAPTURED.get(name, LOOKS)
    items = parse(data).walk()
    if not items:
        return
    id = items[number % len(items)].id
    then = through(data, lambda view: EDITS[step](view, id))
    now = through(then, lambda view: edit.set_control(view, "loop", "on"))
    back = through(now, lambda view: merge(then, view, data).data)
    assert of(parse(back)) == of(parse(data))
    assert [line for line in back.split(b"\n") if b"agent" in line] == [
        line for line in data.split(b"\n") if b"agent" in line
    ]


def test_an_older_version_in_agent_docs_form_may_stand_in_for_the_document():
    older = RUNNING.replace(b"- do [#c0de]\n", b"")
    assert through(RUNNING, lambda _: older) == older


def test_line_ends_stay_as_they_are():
    data = RUNNING.replace(b"\n", b"\r\n")
    after = through(
        data, lambda view: edit.set_field(edit.set_mark(view, "c0de", Mark.RUNNING), "c0de", "branch", "d/c")
    )
    assert after == data.replace(b"- do [#c0de]\r\n", "- 🚧 do [#c0de]\r\n  * branch: d/c\r\n".encode())


def test_the_live_signals_stand_in_their_component():
    data = b"# S\n\n<!-- agent:signals -->\n<!-- /agent:signals -->\n"
    after = through(data, lambda view: edit.set_signals(view, [["tests", "failing", "10:00", "inspect"]]))
    assert after.startswith(b"# S\n\n<!-- agent:signals -->\n| Signal | State |")
    assert after.rstrip().endswith(b"<!-- /agent:signals -->")
    assert [row.signal for row in parse(after).signals] == ["tests"]


def test_a_save_that_rewords_a_queued_work_merges_in_its_form():
    mine = through(RUNNING, lambda data: edit.set_mark(data, "c0de", Mark.RUNNING))
    theirs = RUNNING.replace(b"[#c0de] Write the parser test", b"[#c0de] Test the parser")
    merged = merge(RUNNING, mine, theirs)
    assert item(merged.data, "c0de").text == "Test the parser [recommended]"
    assert b"- [ ] [#c0de] Test the parser [recommended]\n" in merged.data
    assert "- 🚧 do [#c0de]\n".encode() in merged.data
