"""Our entries in the JSON settings of an agent: `{"hooks": {EVENT: [{"hooks": [{"type": "command", ...}]}]}}`.

What is not ours stays byte for byte. An entry goes after the last one, so that taking it out leaves what was there;
into something empty it goes right behind the bracket: by that it is seen on leaving that the container was there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import cast

from cockpit.errors import CockpitError
from cockpit.hooks.agents import Hooked
from cockpit.hooks.spans import Part, parse

_SPACES = re.compile(r"[ \t\r\n]*")


def install(data: bytes | None, agent: Hooked) -> bytes:
    """The settings with our hooks; the same bytes when they are there. None is a file that does not exist.

    Raises CockpitError for what is no JSON object, or has something else where hooks belong.
    """
    if data is None:
        form = {} if agent.version is None else {"$version": agent.version}
        return (_json({"hooks": {name: [_entry(agent)] for name in agent.events}} | form, "\n", "  ") + "\n").encode()
    text = _renewed(_text(data), agent)
    for name in agent.events:
        text = _with(text, name, agent)
    return _bytes(text, data)


def remove(data: bytes, agent: Hooked) -> bytes | None:
    """The settings without our hooks, of this version or an older one; None when nothing else was ever in the file.

    Raises what `install` raises.
    """
    text = _text(data)
    if _renewed(text, agent).encode() == install(None, agent):
        return None
    while ours := _ours(text, agent.end):
        text = _without(text, ours)
    return _bytes(text, data)


def installed(data: bytes | None, agent: Hooked) -> list[str]:
    """The events that our hooks hang on, in this version or an older one. Raises what `install` raises."""
    hooks = _hooks(_text(data)) if data is not None else None
    if hooks is None:
        return []
    return [
        name
        for name in agent.events
        if any(command.value.endswith(agent.end) for command in _commands(hooks.member(name)))
    ]


def _text(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise CockpitError("cannot be read: it is not UTF-8") from error
    _hooks(text)
    return text


def _bytes(text: str, before: bytes) -> bytes:
    """The edited text; it must still be read, and differ, or it is what was there."""
    after = text.encode()
    if after != before:
        parse(text)
    return after


def _hooks(text: str) -> Part | None:
    root = parse(text)
    if root.kind != "object":
        raise CockpitError("the settings are no JSON object", remedy="mend the file first")
    hooks = root.member("hooks")
    if hooks is None:
        return None
    lists = hooks.parts if hooks.kind == "object" else ()
    if hooks.kind != "object" or any(part.kind != "array" for part in lists if part.key[:1].isupper()):
        raise CockpitError("its hooks are not what they should be", where='"hooks"', remedy="mend the file first")
    return hooks


def _entry(agent: Hooked) -> dict[str, object]:
    patience = {} if agent.seconds is None else {"timeout": agent.seconds}
    return {"hooks": [{"type": "command", "command": agent.command, **patience}]}


def _with(text: str, name: str, agent: Hooked) -> str:
    """The text with our entry on that event."""
    root, hooks = parse(text), _hooks(text)
    entry = _entry(agent)
    if hooks is None:
        return _added(text, root, {"hooks": {name: [entry]}})
    entries = hooks.member(name)
    if entries is None:
        return _added(text, hooks, {name: [entry]})
    return text if _has(entries, agent.command) else _added(text, entries, entry)


def _renewed(text: str, agent: Hooked) -> str:
    """The text with the commands of older versions of ours as they are now."""
    hooks = _hooks(text)
    found = [part for entries in hooks.parts for part in _commands(entries)] if hooks is not None else []
    for part in reversed([part for part in found if part.value.endswith(agent.end)]):
        text = text[: part.at] + json.dumps(agent.command) + text[part.end :]
    return text


def _added(text: str, into: Part, value: dict[str, object]) -> str:
    """The text with one more part at the end of that container: a value in an array, a member in an object."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if not into.parts:
        return text[: into.at + 1] + _written(value, into, "", newline) + text[into.at + 1 :]
    last = into.parts[-1]
    before = into.parts[-2].end if len(into.parts) > 1 else into.at
    gap = text[before : last.start].lstrip(",[{")
    gap = gap if _SPACES.fullmatch(gap) else " "
    return text[: last.end] + "," + gap + _written(value, into, gap, newline) + text[last.end :]


def _written(value: dict[str, object], into: Part, gap: str, newline: str) -> str:
    """The value in the style of what stands before it: over lines with its indentation, else on one line."""
    lines = "\n" in gap or not into.parts
    indent = gap.rpartition("\n")[2] if lines else ""
    step = "\t" if "\t" in indent else "  "
    words = _json(value, newline + indent if lines else None, step)
    if into.kind == "array":
        return words
    inner = words[1:-1].strip()
    return inner.replace(newline + indent + step, newline + indent) if lines else inner


def _json(value: object, line: str | None, step: str) -> str:
    """JSON over lines that begin with `line`, or on one; space behind each bracket, by which ours are known."""
    if not isinstance(value, dict | list):
        return json.dumps(value)
    deeper = line + step if line is not None else None
    if isinstance(value, dict):
        members = cast("dict[str, object]", value).items()
        parts = [f"{json.dumps(key)}: {_json(inner, deeper, step)}" for key, inner in members]
    else:
        parts = [_json(inner, deeper, step) for inner in cast("list[object]", value)]
    first, between, last = (" ", ", ", " ") if line is None else (f"{deeper}", f",{deeper}", line)
    open_, close = "{}" if isinstance(value, dict) else "[]"
    return f"{open_}{first}{between.join(parts)}{last}{close}"


def _commands(entries: Part | None) -> Sequence[Part]:
    """The commands of all entries of one event."""
    if entries is None:
        return ()
    lists = [inner for entry in entries.parts if (inner := entry.member("hooks")) is not None]
    return [found for inner in lists for hook in inner.parts if (found := hook.member("command")) is not None]


def _has(entries: Part | None, command: str) -> bool:
    return any(part.value == command for part in _commands(entries))


def _ours(text: str, end: str) -> list[Part]:
    """The way from the root to one entry, or one hook of an entry, that is ours; empty when there is none."""
    root, hooks = parse(text), _hooks(text)
    for entries in hooks.parts if hooks is not None else ():
        for entry in entries.parts:
            inner = entry.member("hooks")
            for hook in inner.parts if inner is not None else ():
                command = hook.member("command")
                if hooks is not None and inner is not None and command is not None and command.value.endswith(end):
                    return [root, hooks, entries, entry, inner, hook]
    return []


def _without(text: str, way: list[Part]) -> str:
    """The text without the last part of the way, and without each container that we made for it."""
    for holder, part in zip(reversed(way[:-1]), reversed(way[1:]), strict=True):
        index = holder.parts.index(part)
        if index > 0:
            before = holder.parts[index - 1].end
            return text[:before] + _remarks(text[before : part.start]) + text[part.end :]
        if len(holder.parts) > 1:
            after = holder.parts[1].start
            return text[: part.start] + _remarks(text[part.end : after]) + text[after:]
        if part.start == holder.at + 1:  # it was there before, empty
            return text[: part.start] + text[part.end :]
    return text[: way[0].at + 1] + text[way[0].end - 1 :]


def _remarks(between: str) -> str:
    """What stands between two parts but the comma: nothing, unless somebody put a comment there."""
    return between.replace(",", "", 1) if _SPACES.sub("", between) != "," else ""
