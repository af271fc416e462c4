"""Edits of the `cockpit:` block: the value's bytes are replaced, comments and order stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import yaml

from cockpit.spec.front import BUDGET_KEYS, KEYS, Front, front
from cockpit.spec.lines import flat, insert_lines
from cockpit.spec.model import Span
from cockpit.spec.plain import Controls, SpecError
from cockpit.spec.scan import BOM


def set_control(data: bytes, key: str, value: str | Sequence[str]) -> bytes:
    """Write one control (`loop`, `protect`, `budget.turns`); block and front matter are made when missing.

    Raises SpecError for a value that means nothing, ValueError for a key we don't know or YAML we can't edit safely.
    """
    group, _, limit = key.rpartition(".")
    if (key not in KEYS and not (group in ("budget", "budget.day") and limit in BUDGET_KEYS)) or key == "budget":
        raise ValueError(f"{key} is no control; known are {', '.join(KEYS)}")
    head = front(data)
    text = _scalar(value) if isinstance(value, str) else "[" + ", ".join(map(_scalar, value)) + "]"
    changed = _placed(data, head, key, text)
    if _value(front(changed), key) != _value(front(_placed(b"", Front(front(b"").controls), key, text)), key):
        raise ValueError(f"{key} cannot be edited in this front matter")
    return changed


def drop_control(data: bytes, key: str) -> bytes:
    """Take one control of the `cockpit:` block away with its line; where YAML makes that unsafe it is emptied.

    Without it nothing changes. Raises as `set_control`.
    """
    head = front(data)
    span = dict(head.values).get(key)
    if span is None:
        return data
    group = key.rpartition(".")[0] or "cockpit"
    braces = next((braces for block, _, braces in head.blocks if block == group), False)
    changed = _out_of_braces(data, key, span) if braces else _line_gone(data, span)
    wanted = _without(head.controls, key)
    try:
        after = front(changed)
    except SpecError:
        return set_control(data, key, "")
    gone = len(after.values) == len(head.values) - 1 and after.controls == wanted
    return changed if gone else set_control(data, key, "")


def _without(controls: Controls, key: str) -> Controls:
    """The controls with the default of that one."""
    match key.split("."):
        case ["budget", name]:
            return replace(controls, budget=replace(controls.budget, **{name: None}))
        case ["budget", "day", name]:
            day = replace(controls.budget.day, **{name: None})
            return replace(controls, budget=replace(controls.budget, day=day))
        case _:
            return replace(controls, **{key: getattr(Controls(), key)})


def _line_gone(data: bytes, span: Span) -> bytes:
    return data[: data.rfind(b"\n", 0, span.start) + 1] + data[data.index(b"\n", span.end) + 1 :]


def _out_of_braces(data: bytes, key: str, span: Span) -> bytes:
    """The pair with the comma behind it, or before it when it is the last."""
    start = data.rindex(key.rpartition(".")[2].encode(), 0, span.start)
    behind = re.compile(rb"[ \t]*,[ \t]*").match(data, span.end)
    if behind:
        return data[:start] + data[behind.end() :]
    return data[:start].rstrip(b" \t").removesuffix(b",") + data[span.end :]


def _value(head: Front, key: str) -> object:
    found: object = head.controls
    for name in key.split("."):
        found = cast("object", getattr(found, name))
    return found


def _placed(data: bytes, head: Front, key: str, text: str) -> bytes:
    group, _, name = key.rpartition(".")
    written = dict(head.values)
    if key in written:
        span = written[key]
        gap = "" if span.end > span.start or data[span.start - 1 : span.start] in (b" ", b"\t") else " "
        return data[: span.start] + f"{gap}{text}".encode() + data[span.end :]
    blocks = {block: (span, braces) for block, span, braces in head.blocks}
    block = group or "cockpit"
    if block in blocks and written.get(group) != Span(0, 0):
        return _added(data, *blocks[block], f"{name}: {text}")
    if group:
        return _placed(data, head, group, f"{{{name}: {text}}}")
    lines = ["cockpit:", f"  {name}: {text}"]
    if head.yaml is not None:
        return insert_lines(data, head.yaml.end, lines)
    return insert_lines(data, len(BOM) if data.startswith(BOM) else 0, ["---", *lines, "---"])


def _added(data: bytes, span: Span, braces: bool, pair: str) -> bytes:
    """A mapping with one more pair: before its closing brace, or as a line of its own."""
    if braces:
        inside = data[span.start + 1 : span.end - 1].strip()
        at = span.start + 1 + len(data[span.start + 1 : span.end - 1].rstrip())
        comma = ", " if inside and not inside.endswith(b",") else " " if inside else ""
        return data[:at] + f"{comma}{pair}".encode() + data[at:]
    newline = data.index(b"\n", span.end)
    if span.start == span.end:  # nothing but `cockpit:`
        return insert_lines(data, newline + 1, [f"  {pair}"])
    indent = data[data.rfind(b"\n", 0, span.start) + 1 : span.start].decode()
    return insert_lines(data, newline + 1, [f"{indent}{pair}"])


def _scalar(value: str) -> str:
    """A YAML scalar that reads back as this value: plain if that is safe, else in double quotes."""
    words = flat(value)
    odd = words.startswith(("'", '"', "&", "*", "!", "|", ">")) or words in ("", "~", "null")
    if not odd and _reads_back("{k: " + words + "}", words) and _reads_back("k: " + words, words):
        return words
    return yaml.safe_dump(words, default_style='"', width=1 << 30, allow_unicode=True).strip()


def _reads_back(text: str, words: str) -> bool:
    """Whether this YAML is a mapping of one key whose value is just these words (in braces and in a block alike)."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        return False
    if not isinstance(node, yaml.MappingNode):
        return False
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    return len(pairs) == 1 and isinstance(pairs[0][1], yaml.ScalarNode) and pairs[0][1].value == words
