"""Edits of the stress: as a human types them in a buffer, knowing nothing of ids, and as a verb of ours makes them."""

from __future__ import annotations

from bench.account import Edit, things
from bench.writer import SAID, Writer
from cockpit.spec import Kind, Mark, edit, parse

FIRST = 30
"""Items that there are at first."""
MOST = 120
"""Items from which writers rather delete than insert."""


def human(writer: Writer, data: bytes, sections: tuple[Kind | None, ...] = (Kind.QUEUE,)) -> tuple[bytes, list[Edit]]:
    """One edit of what the buffer shows; None is the section `Theirs`, in which git merges without a conflict."""
    known = things(data)
    names = [name for name in known if known[name].item.section in sections]
    what = writer.chance.choice(["insert", "text", "text", "mark", "why", "delete", "move", "line", "settle"])
    if len(names) > MOST and what == "insert":
        what = "delete"
    if None in sections and what in ("line", "settle", "move"):
        what = "text"
    if not names or (what == "delete" and len(names) < FIRST // 2):
        what = "insert"
    word, by = writer.word(), writer.name
    said = word[:SAID]
    if what == "line":
        at = data.index(b"## Done")
        return data[:at] + f"Said {word}.\n".encode() + data[at:], [Edit(by, "line", value=word)]
    if what == "insert":
        below = known[writer.chance.choice(names)].item if names else None
        at = below.span.end if below and not below.depth else data.index(b"## Known")
        return data[:at] + f"- [ ] {word}\n".encode() + data[at:], [Edit(by, "insert", word)]
    name = writer.chance.choice(names)
    thing = known[name]
    item, saw = thing.item, thing.aspects
    if what == "settle":
        return settled(writer, data)
    if what == "text":
        text = f"{name} {said}".encode()
        fresh = data[: item.text_span.start] + text + data[item.text_span.end :]
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]})]
    if what == "mark":
        mark = writer.chance.choice([mark.value for mark in Mark if mark.value != saw["mark"]])
        fresh = data[: item.mark_at] + mark.encode() + data[item.mark_at + 1 :]
        return fresh, [Edit(by, "set", name, "mark", mark, {"mark": saw["mark"]})]
    if what == "why":
        return edit_why(data, name, said), [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
    taken, rest = data[item.span.start : item.span.end], data[: item.span.start] + data[item.span.end :]
    if what == "delete":
        gone = [
            Edit(by, "delete", entry.text.partition(" ")[0], saw=known[entry.text.partition(" ")[0]].aspects)
            for entry in [item, *item.children]
        ]
        return rest, gone
    others = [entry for entry in parse(rest).items if entry.section in sections]
    place = writer.chance.choice(others).span.start if others else rest.index(b"## Known")
    return rest[:place] + taken + rest[place:], [Edit(by, "move", name)]


def edit_why(data: bytes, name: str, word: str) -> bytes:
    """The field typed in, or typed over."""
    item = things(data)[name].item
    entry = next((entry for entry in reversed(item.fields) if entry.key == "why"), None)
    if entry is None:
        return data[: item.head.end] + f"  - why: {word}\n".encode() + data[item.head.end :]
    return data[: entry.value_span.start] + word.encode() + data[entry.value_span.end :]


def settled(writer: Writer, data: bytes) -> tuple[bytes, list[Edit]]:
    """A conflict that the human has read and takes out."""
    lines = data.split(b"\n")
    found = [index for index, line in enumerate(lines) if b"- conflict: " in line]
    if not found:
        return data, []
    at = writer.chance.choice(found)
    about = max((item for item in parse(data).walk() if item.line <= at), key=lambda item: item.line)
    line = lines.pop(at).decode().partition("conflict: ")[2]
    return b"\n".join(lines), [Edit(writer.name, "settle", about.text.partition(" ")[0], value=line)]


def undone(writer: Writer, meant: list[Edit]) -> list[Edit] | None:
    """What `u` means for these edits; None for those that the accounting cannot follow back."""
    back: list[Edit] = []
    for entry in reversed(meant):
        if entry.kind == "set":
            back.append(Edit(writer.name, "undo", entry.name, entry.aspect, saw={entry.aspect: entry.value}))
        elif entry.kind == "insert":
            back.append(Edit(writer.name, "undo", entry.name, saw={"text": "", "mark": " ", "why": ""}))
        else:
            return None
    return back or None


def act(writer: Writer, data: bytes, what: str, word: str) -> tuple[bytes, list[Edit]]:
    """One verb on some item."""
    known = things(data)
    names = [name for name, thing in known.items() if thing.item.section is Kind.QUEUE]
    by, said = writer.name, word[:SAID]
    if what == "add" or not names or (what == "delete" and len(names) < FIRST // 2):
        if len(names) < MOST:
            return edit.add_item(data, word)[0], [Edit(by, "insert", word)]
        what = "delete"
    if what == "mute":
        return edit.add_mute(data, word, "always", "", "2026-11-21 10:12")[0], [Edit(by, "line", value=word)]
    name = writer.chance.choice(names)
    item, saw = known[name].item, known[name].aspects
    data, id = edit.ensure_id(data, item.id)
    if what == "tick":
        mark = Mark.OPEN if item.mark is Mark.DONE else Mark.DONE
        return edit.set_mark(data, id, mark), [Edit(by, "set", name, "mark", mark.value, {"mark": saw["mark"]})]
    if what == "reword":
        fresh = edit.set_text(data, id, f"{name} {said}")
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]})]
    if what == "field":
        return edit.set_field(data, id, "why", said), [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
    if what == "strike":
        fresh = edit.set_field(edit.set_mark(data, id, Mark.STRUCK), id, "why", said)
        edits = [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
        if item.mark is not Mark.STRUCK:
            edits.append(Edit(by, "set", name, "mark", "-", {"mark": saw["mark"]}))
        return fresh, edits
    if what == "split":
        fresh = edit.split(data, id, [f"{name} {said}", f"{word}b"])
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]}), Edit(by, "insert", f"{word}b")]
    item = things(data)[name].item
    taken, rest = data[item.span.start : item.span.end], data[: item.span.start] + data[item.span.end :]
    if what == "delete":
        names = [entry.text.partition(" ")[0] for entry in [item, *item.children]]
        return rest, [Edit(by, "delete", entry, saw=known[entry].aspects) for entry in names]
    first = next((entry for entry in parse(rest).queue if not entry.depth), None)
    place = first.span.start if first else rest.index(b"## Known")
    return rest[:place] + taken + rest[place:], [Edit(by, "move", name)]
