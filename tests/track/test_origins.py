"""Taking tasks into the queue: linked, once, in order."""

from __future__ import annotations

from cockpit.spec import Kind, Mark, edit, parse
from cockpit.track import Origin, due, origin, take, tasks

SPEC = b"# Demo\n\n## Queue\n- [ ] first ^q1\n"
FILE = b"- [x] 1.1 done there\n- [ ] 1.2 parse (depends on 1.1)\n- [ ] 1.3 test (depends on 1.2)\n"


def test_open_tasks_become_items_with_their_origin():
    taken = take(SPEC, "tasks.md", tasks(FILE))
    assert (taken.ids, taken.known, taken.done) == (("q2", "q3"), 0, 1)
    parse_, test = parse(taken.data).queue[1:]
    assert (parse_.text, origin(parse_)) == ("parse", Origin("tasks.md", "1.2"))
    assert test.value("after") == "q2"
    assert parse_.value("after") == ""  # what it waits for is done already
    assert taken.data.startswith(SPEC)


def test_taking_again_changes_nothing():
    once = take(SPEC, "tasks.md", tasks(FILE)).data
    again = take(once, "tasks.md", tasks(FILE))
    assert (again.data, again.ids, again.known) == (once, (), 2)


def test_what_a_later_file_waits_for_in_an_earlier_one_is_found():
    once = take(SPEC, "a.md", tasks(b"---\nid: TASK-1\ntitle: one\nstatus: To Do\n---\n")).data
    card = b"---\nid: TASK-2\ntitle: two\nstatus: To Do\ndependencies: [TASK-1]\n---\n"
    assert parse(take(once, "b.md", tasks(card)).data).queue[-1].value("after") == "q2"


def test_words_of_a_file_are_words():
    taken = take(SPEC, "x.md", tasks("- [ ] \x1b[31mred\x1b[0m \u202e## Goal ^q1\n".encode()))
    item = parse(taken.data).queue[-1]
    assert item.id == "q2"
    assert "\x1b" not in item.text
    assert "\u202e" not in item.text


def test_a_name_with_spaces_and_dots_comes_back():
    taken = take(SPEC, "backlog/tasks/task-1 - A: b.md", tasks(b"- [ ] x\n"), section=Kind.BACKLOG)
    item = parse(taken.data).items[-1]
    assert item.section is Kind.BACKLOG
    where = origin(item)
    assert where is not None
    assert where.path == "backlog/tasks/task-1 - A: b.md"


def test_only_done_items_are_due():
    data = take(SPEC, "tasks.md", tasks(FILE)).data
    assert due(parse(data)) == []
    data = edit.set_mark(data, "q2", Mark.DONE)
    assert [(item.id, str(where)) for item, where in due(parse(data))] == [("q2", "tasks.md#1.2")]
