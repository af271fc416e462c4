from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cockpit.spec import Budget, Document, Item, Kind, Mark, SpecError, parse
from tests.spec.specs import odd, sane

SPEC = b"""\
---
cockpit:
  loop: on                # on | step | hold
  mode: auto
  agent: claude
  verify: pytest -q
  wip: 2
  protect: [tests/**]
  budget: {turns: 20, minutes: 90, tokens: 2000000, usd: 10}
---
## Goal
Recover stuck sessions.

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|
| tests | failing \\| red | 2m | inspect |

## Queue
- [ ] Recycle the supervisor ^q2
  - after: q1
  - verify: `pytest tests/test_recycle.py`
  - [/] a part of it
- [?] Reproduce the boundary ^q1
  - branch: delegate/q1

## Muted
- `test_socket` flaky until it changes: known, PER-9 (2026-11-21 10:12) ^m1
- `codex` always: noisy (2026-11-21 10:12) ^m2
- `tests` until 2026-11-22 09:30: off

## Pinned
- `q2`: watch this ^p1
"""


def items(text: str) -> list[tuple[str, str]]:
    return [(item.mark.value, item.text) for item in parse(text.encode()).walk()]


def problems(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.what) for problem in parse(text.encode()).problems]


def test_a_whole_spec_is_read():
    document = parse(SPEC)
    controls = document.controls
    assert (controls.loop, controls.mode, controls.verify, controls.wip) == ("on", "auto", ("pytest -q",), 2)
    assert controls.protect == ("tests/**",)
    assert controls.budget == Budget(20, 90, 2_000_000, 10)
    assert document.goal == "Recover stuck sessions."
    assert [(row.signal, row.state, row.action) for row in document.signals] == [("tests", "failing | red", "inspect")]
    assert [(item.id, item.mark) for item in document.queue] == [("q2", Mark.OPEN), ("q1", Mark.NEEDS_YOU)]
    first = document.queue[0]
    assert (first.value("after"), first.value("verify")) == ("q1", "pytest tests/test_recycle.py")
    assert [child.text for child in first.children] == ["a part of it"]
    assert [(mute.target, mute.until, mute.reason, mute.at) for mute in document.mutes] == [
        ("test_socket", "it changes", "known, PER-9", "2026-11-21 10:12"),
        ("codex", "always", "noisy", "2026-11-21 10:12"),
        ("tests", "2026-11-22 09:30", "off", ""),
    ]
    assert [(pin.id, pin.target, pin.reason) for pin in document.pins] == [("p1", "q2", "watch this")]
    assert document.problems == ()


def test_spans_are_the_bytes_they_speak_of():
    document = parse(SPEC)
    first = document.queue[0]
    assert SPEC[first.text_span.start : first.text_span.end] == b"Recycle the supervisor"
    assert SPEC[first.mark_at : first.mark_at + 1] == b" "
    assert SPEC[first.span.start : first.span.end].endswith(b"a part of it\n")
    verify = first.fields[1]
    assert SPEC[verify.value_span.start : verify.value_span.end] == b"`pytest tests/test_recycle.py`"
    assert SPEC[verify.span.start : verify.span.end] == b"  - verify: `pytest tests/test_recycle.py`\n"
    assert SPEC.split(b"\n")[verify.line - 1] == b"  - verify: `pytest tests/test_recycle.py`"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("# QUEUE", Kind.QUEUE),
        ("#### Acceptance criteria", Kind.ACCEPTANCE),
        ("## 3. Known failures (nightly) ##", Kind.FAILURES),
        ("## **Code map**", Kind.CODE_MAP),
        ("## Queue: {#queue}", Kind.QUEUE),
        ("Queue\n=====", Kind.QUEUE),
        ("## Queueing theory", None),
    ],
)
def test_a_section_is_known_by_its_words(heading: str, kind: Kind | None):
    assert [section.kind for section in parse(heading.encode()).sections] == [kind]


def test_items_below_a_heading_of_no_known_words_belong_to_the_section_around_it():
    document = parse(b"## Queue\n### Phase 1\n- [ ] a\n## Notes\n- [ ] b\n")
    assert [item.section for item in document.items] == [Kind.QUEUE, None]


def test_every_bullet_and_mark_makes_an_item():
    text = "- [ ] a\n* [/] b\n+ [?] c\n1. [x] d\n2) [X] e\n- [-] f\n- [>] g\n- [!] h\n"
    assert [mark for mark, _ in items(text)] == [" ", "/", "?", "x", "x", "-", ">", "!"]


@pytest.mark.parametrize(
    "text",
    [
        "```\n- [ ] in a fence\n# no heading\n```\n",
        "~~~~ md\n```\n- [ ] in a fence\n~~~\n~~~~\n",
        "<!--\n- [ ] in a comment\n# no heading\n-->\n",
        "> - [ ] quoted\n> # quoted\n",
        "    - [ ] indented code\n",
        "words\n    - [ ] a wrapped line\n",
        "- text\n\n      - [ ] code in a list item\n",
        "- [link](to) text\n- [1] a footnote\n",
        "<details>\n- [ ] raw\n# raw\n</details>\n",
        "<script>\n\n- [ ] raw\n\n# raw\n</script>\n",
        "<?php\n\n- [ ] raw\n?>\n",
        "<my-widget a='b'>\n- [ ] raw\n",
        "> words\nthat go on\n===\n",
        "> ```\n> - [ ] in a fence in a quote\n",
    ],
)
def test_what_markdown_shows_as_text_is_never_structure(text: str):
    document = parse(text.encode())
    assert document.walk() == []
    assert document.sections == ()


def test_items_in_details_are_items_after_a_blank_line():
    text = "<details>\n<summary>More</summary>\n\n- [ ] a\n\n</details>\n\n- [ ] b\n"
    assert items(text) == [(" ", "a"), (" ", "b")]


def test_raw_html_in_an_item_ends_with_the_item():
    assert items("- [ ] a\n  <details>\n  - [ ] no\n- [ ] b\n") == [(" ", "a"), (" ", "b")]


def test_a_tag_alone_on_its_line_does_not_interrupt_a_paragraph():
    assert items("words\n<b>\n- [ ] a\n") == [(" ", "a")]
    assert items("<b>\n- [ ] a\n") == []


def test_a_fence_inside_an_item_ends_with_the_item():
    assert items("- [ ] a\n  ```\n  - [ ] no\n- [ ] b\n") == [(" ", "a"), (" ", "b")]


def test_a_lone_carriage_return_and_odd_line_separators_are_content():
    document = parse("- [ ] a\rb\u2028c\x0bd ^q1\r\n- [ ] e\n".encode())
    assert [(item.text, item.line) for item in document.items] == [("a\rb\u2028c\x0bd", 1), ("e", 2)]


def test_a_byte_order_mark_hides_neither_heading_nor_front_matter():
    assert parse(b"\xef\xbb\xbf# Queue\n- [ ] a").queue[0].text == "a"
    assert parse(b"\xef\xbb\xbf---\ncockpit:\n  loop: on\n---\n").controls.loop == "on"


def test_only_a_trailing_word_after_a_blank_is_an_id():
    found = parse(b"- [ ] a ^x b\n- [ ] a^b\n- [ ] c ^k-9 \r\n- [ ] 2 ^ 3\n").items
    assert [(item.text, item.touched) for item in found] == [
        ("a ^x b", False),
        ("a^b", False),
        ("c", True),
        ("2 ^ 3", False),
    ]
    assert found[2].id == "k-9"


def test_a_derived_key_follows_the_text_and_not_the_place():
    one = parse(b"- [ ] a\n- [ ] b\n- [ ] a\n").items
    two = parse(b"# Queue\n\n- [x] b\n- [ ] a\n  - after: x\n").items
    assert one[0].id == two[1].id
    assert one[1].id == two[0].id
    assert len({item.id for item in one}) == 3
    assert all(len(item.id) == 6 for item in one)


def test_bullets_that_are_no_fields_stay_text_and_slips_are_told():
    document = parse(b"- [ ] a\n  - reason: it matters\n  - afer: q1\n  - Verify: make test\n")
    assert [(entry.key, entry.value) for entry in document.items[0].fields] == [("verify", "make test")]
    assert [(problem.line, problem.what, problem.remedy) for problem in document.problems] == [
        (3, "unknown field `afer`", "did you mean `after`?")
    ]


def test_a_field_may_wrap_or_hold_a_list():
    item = parse(b"- [ ] a\n  - note: one\n    two\n  - paths:\n    - src/**\n    - docs/**\n").items[0]
    assert item.value("note") == "one two"
    assert item.value("paths") == "src/**, docs/**"


def test_unindented_prose_below_a_field_is_not_taken_with_it():
    data = b"- [ ] a\n  - note: one\nprose\n"
    field = parse(data).items[0].fields[0]
    assert field.value == "one"
    assert data[field.span.start : field.span.end] == b"  - note: one\n"


def test_the_goal_is_read_without_comments():
    assert parse(b"## Goal\n<!-- say it\nshort -->\n\nOne.\n\nTwo.\n\n## Queue\n").goal == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- [ ] a ^q1\n- [ ] b ^q1\n", (2, "id ^q1 is already on line 1")),
        ("- [ ] a ^q1\n  - after: q9\n", (2, "after: no item has the id `q9`")),
        ("- [ ] ^q1\n", (1, "an item without text")),
        ("- [~] a\n", (1, "unknown mark `[~]`")),
        ("- [] a\n", (1, "a checkbox holds exactly one character")),
        ("---\ncockpit:\n  lop: on\n---\n", (3, "unknown control `lop`")),
        ("---\ncockpit:\n  wip: 1\n  wip: 2\n---\n", (4, "control `wip` is given twice")),
        ("text\n```\n- [ ] a\n", (2, "a fence that never ends")),
        ("text\n<!--\n- [ ] a\n", (2, "a comment that never ends")),
        ("text\n<script>\n- [ ] a\n", (2, "a tag that never ends")),
    ],
)
def test_what_is_odd_is_told_with_its_line(text: str, expected: tuple[int, str]):
    assert problems(text) == [expected]


def test_each_circle_of_afters_is_told_once():
    text = (
        "- [ ] a ^a\n  - after: b\n- [ ] b ^b\n  - after: c\n- [ ] c ^c\n  - after: ^b, a\n- [ ] d ^d\n  - after: a\n"
    )
    assert problems(text) == [
        (2, "after: goes in a circle: a after b after c after a"),
        (4, "after: goes in a circle: b after c after b"),
    ]
    assert problems("- [ ] a ^a\n  - after: a\n") == [(2, "after: goes in a circle: a after a")]


def test_a_long_chain_of_afters_is_no_circle():
    text = "".join(f"- [ ] t ^n{n}\n  - after: n{n + 1}\n" for n in range(3000)) + "- [ ] t ^n3000\n"
    assert problems(text) == []


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (b"# a\n- \xff\n", 2, "not UTF-8: byte 0xff"),
        (b"# a\n\n\0", 3, "a NUL byte, so this is no text"),
        (b"---\ncockpit:\n  loop: on\n", 1, "the front matter never ends"),
        (b"---\ncockpit:\n  loop: onn\n---\n", 3, "`loop` cannot be `onn`"),
        (b"---\na: 1\ncockpit:\n  wip: 0\n---\n", 4, "`wip` cannot be `0`"),
        (b"---\ncockpit:\n  timeout: nan\n---\n", 3, "`timeout` cannot be `nan`"),
        (b"---\ncockpit:\n  budget: 3\n---\n", 3, "`budget` is not a mapping"),
        (b"---\ncockpit: x\n---\n", 2, "`cockpit:` holds no `key: value` lines"),
        (b"---\nkey: [a\n---\n", 3, None),
        (b"---\nkey: \x07\n---\n", 2, "a character that YAML doesn't allow in the front matter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_a_remedy(data: bytes, line: int, what: str | None):
    with pytest.raises(SpecError) as caught:
        parse(data)
    assert caught.value.line == line
    assert what is None or caught.value.what == what
    assert caught.value.remedy


def test_a_rule_at_the_top_is_no_front_matter():
    assert parse(b"---\nJust words\n---\n## Queue\n- [ ] a\n").queue[0].text == "a"


@given(st.one_of(st.binary(max_size=200), odd, st.text(max_size=120).map(str.encode)))
@settings(max_examples=200, deadline=None)
def test_reading_never_fails_but_with_a_spec_error(data: bytes):
    try:
        document = parse(data)
    except SpecError as caught:
        error, document = caught, None
    if document is None:
        assert 1 <= error.line <= data.count(b"\n") + 1
        return
    assert document.data == data
    for item in document.walk():
        assert item.span.start == item.head.start < item.head.end <= item.below <= item.span.end <= len(data)
        for entry in item.fields:
            assert item.span.start < entry.span.start <= entry.value_span.start
            assert entry.value_span.start <= entry.value_span.end <= entry.span.end <= item.span.end


def by_markdown_it(data: bytes) -> tuple[list[tuple[int, int]], list[tuple[int, int, str]]]:
    """Headings (line, level) and items (line, nesting among items, text) as another parser sees them."""
    text = data.decode().replace("\r\n", "\n").replace("\r", " ").replace("\0", "?")
    headings: list[tuple[int, int]] = []
    found: list[tuple[int, int, str]] = []
    depth = 0
    tokens = MarkdownIt("commonmark").parse(text)
    opened: list[bool] = []
    quoted = 0
    for index, token in enumerate(tokens):
        if token.type == "blockquote_open":
            quoted += 1
        elif token.type == "blockquote_close":
            quoted -= 1
        elif token.type == "heading_open" and token.level == 0 and token.map:
            headings.append((token.map[0] + 1, int(token.tag[1])))
        elif token.type == "list_item_open":
            inline = tokens[index + 2] if tokens[index + 1].type == "paragraph_open" else None
            first = inline.content.split("\n")[0] if inline else ""
            is_item = (
                len(first) > 4 and first[0] == "[" and first[1] in " /?xX->!" and first[2:4] == "] " and not quoted
            )
            if is_item and token.map:
                found.append((token.map[0] + 1, depth, first[4:].split(" ^")[0].strip()))
            opened.append(is_item)
            depth += is_item
        elif token.type == "list_item_close":
            depth -= opened.pop()
    return headings, found


@given(sane())
@settings(max_examples=200, deadline=None)
def test_another_parser_sees_the_same_headings_and_items(data: bytes):
    document = parse(data)
    body = data.removeprefix(b"\xef\xbb\xbf")
    if body.startswith(b"---"):
        head, _, rest = body[3:].partition(b"\n---")
        body = b"\n" * (head.count(b"\n") + 1) + rest.lstrip(b"\r")
    headings, found = by_markdown_it(body)
    assert [(section.line, section.level) for section in document.sections] == headings
    assert in_the_same_words(document) == found


def in_the_same_words(document: Document) -> list[tuple[int, int, str]]:
    """The items as `by_markdown_it` tells them."""

    def told(items: tuple[Item, ...], depth: int) -> Iterator[tuple[int, int, str]]:
        for item in items:
            yield item.line, depth, item.text.split(" ^")[0].strip()
            yield from told(item.children, depth + 1)

    return list(told(document.items, 0))


STRUCTURE = r"""
# Queue|## a|- [ ] a|- [x] b ^q1|  - [ ] in|  - words|```|~~~|  ```|<!--|-->|<!-- x -->|> - [ ] q|> words|> ```
lazy words|    - [ ] code|\t- [/] tab|1. [ ] one|2. [ ] two|===|---|***|--|<details>|</details>|<summary>x</summary>
<b>|<b>bold</b> word|<script>|</script>|<?x|?>|<!DOCTYPE x>|<pre>|text <b>|  text|   # h|- |-|* * *|  <div>|- <div>
- ```|  <!--|+ [ ] plus|10. [ ] ten|      - [ ] six|> # h|>|  > q|- > q|[ ] no bullet|<a href='x'>|<a href=>
<![CDATA[|]]>||
"""
LINES = STRUCTURE.strip("\n").replace("\n", "|").replace("\\t", "\t").split("|")
"""Lines that mean something else after each other one. No field: what stands below one is its value, a box too."""


@given(st.lists(st.sampled_from(LINES), max_size=7).map("\n".join))
@settings(max_examples=200, deadline=None)
def test_another_parser_agrees_whatever_lines_follow_each_other(text: str):
    data = f"words\n{text}\n".encode()
    document = parse(data)
    headings = [(section.line, section.level) for section in document.sections]
    assert (headings, in_the_same_words(document)) == by_markdown_it(data)


BELOW_FIELDS = b"""## Queue
- [ ] a ^q1
  - why: x
    goes on
    - [ ] b ^q2
      - note: deeper
        - [x] c
  - paths:
    - src/**
    - [ ] d ^q3
    - docs/**
- [ ] e ^q4
"""


def test_a_checkbox_below_a_field_is_an_item_of_the_one_that_has_the_field():
    document = parse(BELOW_FIELDS)
    assert [(item.text, item.line) for item in document.walk()] == [("a", 2), ("b", 5), ("c", 7), ("d", 10), ("e", 12)]
    assert [item.text for item in document.queue] == ["a", "e"]
    assert [child.text for child in document.queue[0].children] == ["b", "d"]
    assert document.problems == ()


def test_an_item_below_a_field_is_no_part_of_its_value():
    why, paths = parse(BELOW_FIELDS).queue[0].fields
    assert (why.key, why.value, paths.key, paths.value) == ("why", "x goes on", "paths", "src/**, docs/**")
    assert BELOW_FIELDS[why.span.start : why.span.end] == b"  - why: x\n    goes on\n"
    assert BELOW_FIELDS[paths.span.start : paths.span.end] == b"  - paths:\n    - src/**\n"
    assert BELOW_FIELDS[paths.span.end : paths.end] == b"    - [ ] d ^q3\n    - docs/**\n"


@pytest.mark.parametrize("glob", ["/etc/*.xml", "../out.xml", "a/../../b", "~/x"])
def test_reports_are_globs_below_the_top_of_the_repository(glob: str):
    text = "---\ncockpit:\n  reports: [{}]\n---\n"
    assert parse(text.format("build/**/*.xml, report.json").encode()).controls.reports == (
        "build/**/*.xml",
        "report.json",
    )
    with pytest.raises(SpecError, match="`reports` leads out of the repository"):
        parse(text.format(glob).encode())
