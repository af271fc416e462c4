"""What is read after an edit is what is read from the bytes alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import Document, Kind, SpecError, parse
from cockpit.spec.blocks import same_ends
from cockpit.spec.parse import nearest, understand
from tests.spec.specs import ODD_LINES, odd, sane


def all_of(document: Document) -> list[object]:
    """Everything a document says, spans and lines too."""
    items = [
        (item.id, item.mark, item.text, item.section, item.line, item.depth, item.span, item.head, item.below,
         item.mark_at, item.text_span, item.fields, [child.id for child in item.children])
        for item in document.walk()
    ]  # fmt: skip
    return [
        items,
        document.controls,
        document.sections,
        [document.section(kind) for kind in Kind],
        [item.id for item in document.queue],
        [document.item(item.id) for item in document.walk()],
        document.signals,
        document.mutes,
        document.pins,
        document.problems,
        document.goal,
        document.unclosed,
    ]


def told(read: Callable[[], Document]) -> list[object]:
    """All of it, or the error in its stead."""
    try:
        return all_of(read())
    except SpecError as error:
        return [error.line, error.what, error.remedy]


LONG = "".join(f"- [ ] item {n} ^q{n}\n  - note: n{n}\n" for n in range(20)).encode()
WIDE = "".join(f"- [ ] item {n} ^q{n}\n  - note: n{n}\n" for n in range(1000)).encode()
BREAKING = rb"""
```\n|```|~~~\n|<!--\n|-->\n|<!-- |---\n|===\n|- |-\n|# Queue\n|## Goal\n|#| |    |\t|\n|\r\n|\r|> |lazy\n|\xef\xbb\xbf
---\ncockpit: {wip: 2}\n---\n|- [ ] item 1 ^q1\n|- [ ] twin\n|  - after: q3\n|\xff|\x00|\xc3|1. [ ] n\n|- `t` until x\n
"""
PIECES = [
    piece.decode("unicode_escape").encode("latin-1") for piece in BREAKING.strip(b"\n").replace(b"\n", b"|").split(b"|")
]
"""What changes the meaning of the lines around it."""


@st.composite
def edits(draw: st.DrawFn) -> list[bytes]:
    """A document of several blocks, and versions of it, each an edit of the one before."""
    parts = draw(st.lists(st.one_of(sane(), odd, st.just(LONG), st.sampled_from(ODD_LINES)), min_size=1, max_size=5))
    versions = [b"".join(parts)]
    for _ in range(draw(st.integers(1, 4))):
        data = versions[-1]
        start = draw(st.integers(0, len(data)))
        if draw(st.booleans()):
            start = data.rfind(b"\n", 0, start) + 1
        end = min(len(data), start + draw(st.sampled_from([0, 0, 1, 3, 40, 800])))
        new = b"".join(draw(st.lists(st.sampled_from([*PIECES, *ODD_LINES, LONG]), max_size=3)))
        versions.append(data[:start] + new + data[end:])
    return versions


@given(edits())
@settings(max_examples=200, deadline=None)
def test_a_version_reads_the_same_whatever_was_read_before(versions: list[bytes]):
    known: list[Document] = []
    for data in versions:
        alone = told(partial(understand, data))
        assert told(partial(understand, data, nearest(data, known))) == alone
        assert told(partial(parse, data)) == alone
        with contextlib.suppress(SpecError):
            known.insert(0, understand(data, nearest(data, known)))


@given(edits())
@settings(max_examples=100, deadline=None)
def test_the_blocks_of_a_document_are_its_bytes(versions: list[bytes]):
    for data in versions:
        try:
            document = parse(data)
        except SpecError:
            continue
        at = document.blocks[0].place.offset if document.blocks else len(data)
        for placed in document.blocks:
            assert (placed.place.offset, placed.place.line) == (at, data.count(b"\n", 0, at) + 1)
            at = placed.end
            assert data[placed.place.offset : at] == placed.reading.block.data
        assert at == len(data)


def test_an_edit_leaves_all_blocks_alone_but_those_it_touches():
    before, after = WIDE, put_in(WIDE, 700, b"new\n- [ ] words\n")
    assert apart(before, after) == (1, 1)


def test_edits_far_apart_leave_the_blocks_between_them_alone():
    assert apart(WIDE, put_in(put_in(WIDE, 5, b"words\n"), 900, b"words\n")) == (2, 2)


def test_blocks_that_change_places_are_not_read_again():
    begin, middle, end = (WIDE.index(b"- [ ] item %d " % number) for number in (160, 480, 800))
    turned = WIDE[:begin] + WIDE[middle:end] + WIDE[begin:middle] + WIDE[end:]
    was, now = apart(WIDE, turned)
    assert was <= 3
    assert now <= 6


def put_in(data: bytes, number: int, words: bytes) -> bytes:
    at = data.index(b"item %d " % number)
    return data[:at] + words + data[at:]


def apart(before: bytes, after: bytes) -> tuple[int, int]:
    """How many blocks of each of two versions the other one doesn't share."""
    old = understand(before)
    near = nearest(after, [old])
    was, now = ({placed.reading for placed in document.blocks} for document in (old, understand(after, near)))
    return len(was - now), len(now - was)


def test_what_was_read_never_changes_when_a_version_shares_it():
    before = parse(LONG)
    first = all_of(before)
    parse(b"## Queue\n\n" + LONG.replace(b"item 3", b"thing"))
    assert all_of(before) == first


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=8))
def test_same_ends_never_meet(old: bytes, new: bytes, both: bytes):
    for a, b in ((old, new), (both + old, both + new), (old + both, new + both), (both, both)):
        front, back = same_ends(a, b)
        assert front + back <= min(len(a), len(b))
        assert a[:front] == b[:front]
        assert a[len(a) - back :] == b[len(b) - back :]
        longest = front + back == min(len(a), len(b))
        assert longest or (a[front] != b[front] and a[-back - 1] != b[-back - 1])
