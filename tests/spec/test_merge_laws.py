"""Laws of the merge, over made-up documents and pairs of runs of edits as people and programs mean them.

The examples are the same in each run; to hunt for more, take `derandomize` away and raise `max_examples`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.spec import Document, Item, Kind, Mark, contested, edit, merge, numbers, parse
from cockpit.spec.lines import insert_lines, prefix_of
from tests.spec.specs import sane

KEYS = ("why", "note", "verify")
AFAR: dict[str, dict[str, int]] = {"L": {}, "R": dict.fromkeys("qbafdipm", 5000)}
"""Numbers up to which a side must not give ids, so that the two never give one id to two things."""


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A spec in which every item has an id of its own and is known by it."""
    data = draw(sane())
    for number, item in reversed(list(enumerate(parse(data).walk()))):
        if not item.touched:
            data = data[: item.text_span.end] + f" ^i{number}".encode() + data[item.text_span.end :]
    return data


# -- edits: each takes the document, an item of it, another one, and a word of its own -----------------------

Edit = Callable[[bytes, Item, Item, str], bytes]


def add(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return insert_lines(data, item.span.end, [prefix_of(data, item.head.start) + f"[ ] {word} is new"])


def add_named(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    with numbers.given(AFAR[word[0]]):
        return edit.add_item(data, word, below=item.id)[0]


def nest(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    """An item of a new id in this one, below all that is nested there."""
    prefix = prefix_of(data, item.children[-1].head.start) if item.children else _below(data, item)
    return insert_lines(data, item.span.end, [prefix + f"[ ] {word} is nested ^n{word[1:]}{word[0]}"])


def _below(data: bytes, item: Item) -> str:
    own = prefix_of(data, item.head.start)
    blanks = own[: len(own) - len(own.lstrip())]
    return blanks + " " * (len(own) - len(blanks)) + "- "


def remove(data: bytes, item: Item, _other: Item, _word: str) -> bytes:
    return data[: item.span.start] + data[item.span.end :]


def reword(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.set_text(data, item.id, f"{item.text} {word}")


def say_anew(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.set_text(data, item.id, word)


def mark(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.set_mark(data, item.id, list(Mark)[int(word[1:]) % len(Mark)])


def field(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.set_field(data, item.id, KEYS[int(word[1:]) % len(KEYS)], word)


def steer(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.add_field(data, item.id, "steer", word)


def drop(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    return edit.drop_field(data, item.id, KEYS[int(word[1:]) % len(KEYS)])


def move(data: bytes, item: Item, other: Item, _word: str) -> bytes:
    try:
        return edit.move_item(data, item.id, after=other.id)
    except ValueError:
        return data


def send(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    try:
        return edit.move_item(data, item.id, section=(Kind.QUEUE, Kind.BACKLOG)[int(word[1:]) % 2])
    except ValueError:
        return data


def split(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    with numbers.given(AFAR[word[0]]):
        return edit.split(data, item.id, [item.text or word, f"{word} split off"])


def prose(data: bytes, item: Item, _other: Item, word: str) -> bytes:
    """A paragraph above an outermost item, or one more word in the paragraph that stands there."""
    top = next(top for top in parse(data).items if top.span.start <= item.span.start < top.span.end)
    above = data.rfind(b"Some words", 0, top.span.start)
    if above >= 0 and int(word[1:]) % 2:
        return data[: above + 10] + b" " + word.encode() + data[above + 10 :]
    return insert_lines(data, top.span.start, ["", f"Words of {word}.", ""])


MARKING: tuple[Edit, ...] = (mark, reword, say_anew, field, steer, drop)
EDITS: tuple[Edit, ...] = (*MARKING, add, add_named, nest, remove, move, send, split, prose)


@st.composite
def runs(draw: st.DrawFn, base: bytes, side: str, edits: tuple[Edit, ...] = EDITS) -> bytes:
    """The document after some edits in a row by one side; every word that it adds is its own."""
    data = base
    for _ in range(draw(st.integers(1, 4))):
        items = parse(data).walk()
        if not items:
            break
        item, other = draw(st.sampled_from(items)), draw(st.sampled_from(items))
        if not item.touched or not other.touched:
            continue
        data = draw(st.sampled_from(edits))(data, item, other, f"{side}{draw(st.integers(1, 99))}")
    return data


# -- what a version says ----------------------------------------------------------------------------------------------


def words(data: bytes) -> set[bytes]:
    return set(re.findall(rb"\b[LR]\d+\b", data))


Aspects = dict[str, object]


def aspects(document: Document) -> dict[str, Aspects]:
    """What each item says, part by part, by its id."""
    found: dict[str, Aspects] = {}
    for item in document.walk():
        if item.touched:
            found[item.id] = {"mark": item.mark, "text": item.text, "section": item.section} | {
                key: tuple(item.values(key)) for key in KEYS
            }
    return found


def told(data: bytes) -> set[str]:
    """Ids of the items that a conflict may concern: their own, of what is nested in them, or of what they are in."""
    document = parse(data)
    there = contested(document)
    return {item.id for top in document.items if top.line in there for item in top.walk()}


TWO = st.data()


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_one_side_did_alone_is_what_stands(data: st.DataObject, base: bytes):
    new = data.draw(runs(base, "L"))
    assert merge(base, new, base).data == merge(base, base, new).data == merge(base, new, new).data == new


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_nothing_that_either_side_said_is_lost(data: st.DataObject, base: bytes):
    ours, theirs = data.draw(runs(base, "L")), data.draw(runs(base, "R"))
    merged = merge(base, ours, theirs)
    assert words(merged.data) >= words(ours) | words(theirs)
    document = parse(merged.data)
    now, held = aspects(document), told(merged.data)
    was, mine, other = (aspects(parse(side)) for side in (base, ours, theirs))
    for id in mine.keys() | other.keys():
        if id not in was:
            assert id in now
        elif id in mine and id in other:
            for key, value in was[id].items():
                sides = {mine[id][key], other[id][key]} - {value}
                assert now[id][key] in (sides or {value}) or (key == "section" and id not in now), (id, key)
                assert len(sides) < 2 or key == "section" or id in held, (id, key)
        elif (mine.get(id) or other.get(id)) != was[id]:
            assert id in now
    for id in was:
        if id not in mine and id not in other:
            assert id not in now


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_merge_taken_in_again_changes_nothing(data: st.DataObject, base: bytes):
    ours, theirs = data.draw(runs(base, "L")), data.draw(runs(base, "R"))
    merged = merge(base, ours, theirs).data
    for side in (ours, theirs):
        assert merge(side, merged, side).data == merge(side, side, merged).data == merged


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_both_ways_come_to_the_same_items(data: st.DataObject, base: bytes):
    ours, theirs = data.draw(runs(base, "L")), data.draw(runs(base, "R"))
    one, other = merge(base, ours, theirs), merge(base, theirs, ours)
    assert len(one.conflicts) == len(other.conflicts)
    assert told(one.data) == told(other.data)
    held = told(one.data)
    a, b = aspects(parse(one.data)), aspects(parse(other.data))
    assert a.keys() == b.keys()
    for id in a:
        if id not in held:
            assert a[id] == b[id]


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_one_side_nests_follows_what_the_other_side_moves(data: st.DataObject, base: bytes):
    items = [item for item in parse(base).walk() if item.touched]
    if not items:
        return
    item, other = data.draw(st.sampled_from(items)), data.draw(st.sampled_from(items))
    nested = nest(base, item, item, "L1")
    moved = data.draw(st.sampled_from((move, send)))(base, item, other, "R1")
    if parse(nested).item("n1L") is None:
        return  # no item there, as below a field
    for sides in ((nested, moved), (moved, nested)):
        merged = merge(base, *sides)
        assert merged.conflicts == ()
        there = parse(merged.data).item(item.id)
        assert there is not None
        assert "n1L" in [child.id for child in there.children]


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_edits_of_different_items_never_conflict(data: st.DataObject, base: bytes):
    items = [item for item in parse(base).walk() if item.touched]
    cut = data.draw(st.integers(0, len(items)))
    sides: list[bytes] = []
    for side, own in (("L", items[:cut]), ("R", items[cut:])):
        new = base
        for item in data.draw(st.lists(st.sampled_from(own), max_size=4)) if own else ():
            here = parse(new).item(item.id)
            assert here is not None
            word = f"{side}{data.draw(st.integers(1, 99))}"
            new = data.draw(st.sampled_from((*MARKING, add, add_named)))(new, here, here, word)
        sides.append(new)
    merged = merge(base, *sides)
    assert merged.conflicts == ()
    assert not told(merged.data)


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_edits_of_different_parts_of_one_item_never_conflict(data: st.DataObject, base: bytes):
    items = [item for item in parse(base).walk() if item.touched]
    if not items:
        return
    item = data.draw(st.sampled_from(items))
    parts: list[Edit] = [mark, reword, steer, lambda data, item, _o, word: edit.set_field(data, item.id, "why", word)]
    ours, theirs = base, base
    for number, part in enumerate(data.draw(st.permutations(parts))):
        here = parse(theirs if number % 2 else ours).item(item.id)
        assert here is not None
        if number % 2:
            theirs = part(theirs, here, here, f"R{number}")
        else:
            ours = part(ours, here, here, f"L{number}")
    merged = merge(base, ours, theirs)
    assert merged.conflicts == ()
    now = parse(merged.data).item(item.id)
    assert now is not None
    assert words(merged.data) == words(ours) | words(theirs)


@given(TWO, documents())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_result_is_as_sound_as_its_sides_and_other_lines_keep_their_bytes(data: st.DataObject, base: bytes):
    ours, theirs = data.draw(runs(base, "L")), data.draw(runs(base, "R"))
    merged = merge(base, ours, theirs).data
    wrong = {problem.what for side in (base, ours, theirs) for problem in parse(side).problems}
    assert {problem.what for problem in parse(merged).problems} <= wrong
    sides = [Counter(side.split(b"\n")[:-1]) for side in (base, ours, theirs)]
    left = sides[0] & sides[1] & sides[2]
    assert not left - Counter(merged.split(b"\n")), "a line that nobody touched"
    assert merged.startswith(b"\xef\xbb\xbf") == base.startswith(b"\xef\xbb\xbf")
