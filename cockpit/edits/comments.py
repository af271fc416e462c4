"""The verb that says something about a line of a result; the next iterate hands it to the delegate."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.edits.world import Words, World, item_of, not_done, turn_of
from cockpit.errors import Refused
from cockpit.facts import Turn
from cockpit.spec import Document, edit
from cockpit.spec.comments import KEY, Comment, place
from cockpit.spec.comments import comment as read

QUOTED = 120
"""Characters of the line that stand in the spec; the branch has all of it."""
LONGEST = 2000


def comment(document: Document, target: str, words: Words, world: World) -> bytes:
    """One comment a line: words replace what was said there, no words take it back."""
    item = item_of(document, target)
    not_done(item)
    turn = turn_of(item, world)
    if turn is None or not item.value("branch"):
        raise Refused(f"{item.id} has no result to comment on")
    path, number, gone = place(line(words.get("at", ""), 1000))
    if not path:
        raise Refused("the line is missing", remedy="say PATH:LINE")
    said = line(words.get("note", ""), LONGEST).strip()
    before = [value for value in fresh(item.values(KEY), turn) if _same(value, path, number, gone)]
    data = document.data
    if not said:
        if not before:
            raise Refused(f"nothing is said about {line(words.get('at', ''), 120)}", remedy="say what should change")
        return _without(data, item.id, before)
    quote = world.quote(turn, path, number, gone)
    if quote is None:
        where = f"on {turn.dispatch.branch}" if not gone else "before it"
        raise Refused(f"there is no {line(path, 120)}{f' line {number}' if number else ''} {where}")
    new = Comment(path, number, said, line(quote.strip(), QUOTED), gone).value
    if before:
        data = _without(data, item.id, before[1:])
        return edit.replace_field(data, item.id, KEY, before[0], new)
    return edit.add_field(data, item.id, KEY, new)


def fresh(values: list[str], turn: Turn | None) -> list[str]:
    """The comments that no brief of that turn has told."""
    told = turn.dispatch.comments if turn is not None else []
    return [value for value in values if value not in told]


def only_fresh(data: bytes, id: str, turn: Turn | None) -> bytes:
    """The item without what its delegate was told in the turn before: git remembers it."""
    return _without(data, id, turn.dispatch.comments if turn is not None else [])


def _same(value: str, path: str, number: int, gone: bool) -> bool:
    found = read(value)
    return found is not None and (found.path, found.line, found.gone) == (path, number, gone)


def _without(data: bytes, id: str, gone: list[str]) -> bytes:
    for value in gone:
        data = edit.drop_field(data, id, KEY, value)
    return data
