"""The front matter: YAML with exact spans, read as plain words so that `loop: on` stays "on" (design, section 4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

import yaml

from cockpit.spec.item import Span
from cockpit.spec.plain import Budget, Controls, Problem, SpecError
from cockpit.spec.scan import BOM

KEYS = ("loop", "mode", "agent", "model", "verify", "wip", "review", "timeout", "protect", "budget", "hooks", "sign")
BUDGET_KEYS = ("turns", "minutes", "tokens", "usd")

_FENCE = re.compile(rb"---[ \t]*\r?(?:\n|$)")
_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_KEYLIKE = re.compile(rb"[ \t]*(?:[\w.\"'-]+[ \t]*:(?:[ \t\r]|$)|[{?])")


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter of a spec; all spans are byte ranges of the document."""

    controls: Controls
    problems: tuple[Problem, ...] = ()
    span: Span | None = None
    """From the opening line through the closing one; None without front matter."""
    yaml: Span | None = None
    """What lies between these two lines."""
    values: tuple[tuple[str, Span], ...] = ()
    """Controls that are written down, by name (`loop`, `budget.turns`), with the span of their value."""
    blocks: tuple[tuple[str, Span, bool], ...] = ()
    """The mappings `cockpit` and `budget`: name, span of the mapping, whether it's in braces."""


def front(data: bytes) -> Front:
    """Controls and spans of the front matter of `data`, which is UTF-8.

    Raises SpecError when it is broken or a control has a value that means nothing.
    """
    begin = len(BOM) if data.startswith(BOM) else 0
    opening = _FENCE.match(data, begin)
    if opening is None:
        return Front(Controls())
    closing = _END.search(data, opening.end())
    inside = data[opening.end() : closing.start() if closing else len(data)]
    if not _looks_like_yaml(inside, closed=closing is not None):
        return Front(Controls())  # a rule at the top of the page
    if closing is None:
        raise SpecError(1, "the front matter never ends", "close it with a line `---`")
    return _read(data[: closing.end()], opening.end(), closing.start())


def _looks_like_yaml(inside: bytes, *, closed: bool) -> bool:
    for line in inside.split(b"\n"):
        if line.strip(b" \t\r") and not line.startswith(b"#"):
            return _KEYLIKE.match(line) is not None
    return closed and not inside.strip(b" \t\r\n")


@lru_cache(maxsize=32)
def _read(head: bytes, begin: int, end: int) -> Front:
    """The front matter in `head`; cached, for pure-Python YAML is slower than the rest of the document."""
    text = head[begin:end].decode()
    offsets = _Offsets(text, begin, head.count(b"\n", 0, begin) + 1)
    start = len(BOM) if head.startswith(BOM) else 0
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = offsets.line(int(cast("Any", error).position))
        raise SpecError(line, "a character that YAML doesn't allow in the front matter", "take it out") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = offsets.line(mark.index) if mark else offsets.first
        raise SpecError(line, f"broken front matter: {error.problem or 'not YAML'}", "mend the YAML") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SpecError(offsets.first, "broken front matter", "mend the YAML") from None
    found = Front(Controls(), span=Span(start, len(head)), yaml=Span(begin, end))
    if root is None:
        return found
    if not isinstance(root, yaml.MappingNode):
        raise SpecError(offsets.first, "the front matter is no list of `key: value`", "mend the YAML")
    for key, value in _pairs(root):
        if key.value == "cockpit":
            return _controls(found, value, offsets)
    return found


@dataclass(frozen=True, slots=True)
class _Offsets:
    """From YAML's character positions to lines and bytes of the document."""

    text: str
    begin: int
    first: int
    """Number of the first line of the text."""

    def byte(self, index: int) -> int:
        return self.begin + len(self.text[:index].encode())

    def line(self, index: int) -> int:
        return self.first + self.text.count("\n", 0, index)

    def of(self, node: yaml.Node) -> int:
        return self.line(node.start_mark.index)

    def span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark.index, node.end_mark.index
        while end > start and self.text[end - 1] in " \t\r\n":  # block scalars and mappings end on the next line
            end -= 1
        return Span(self.byte(start), self.byte(end))


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    return [(key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)]


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _controls(found: Front, block: yaml.Node, offsets: _Offsets) -> Front:
    if _empty(block):
        return replace(found, blocks=(("cockpit", offsets.span(block), False),))
    if not isinstance(block, yaml.MappingNode):
        raise SpecError(offsets.of(block), "`cockpit:` holds no `key: value` lines", "write `loop: hold` below it")
    problems: list[Problem] = []
    values: dict[str, Span] = {}
    blocks = [("cockpit", offsets.span(block), bool(block.flow_style))]
    read: dict[str, object] = {}
    for name, node in _known(block, KEYS, "", offsets, problems):
        values[name] = offsets.span(node)
        if _empty(node):
            continue
        if name != "budget":
            read[name] = _READERS[name](node, name, offsets)
            continue
        if not isinstance(node, yaml.MappingNode):
            raise SpecError(offsets.of(node), "`budget` is not a mapping", "write `budget: {turns: 20, minutes: 90}`")
        blocks.append(("budget", offsets.span(node), bool(node.flow_style)))
        limits: dict[str, object] = {}
        for limit, amount in _known(node, BUDGET_KEYS, "budget.", offsets, problems):
            values[f"budget.{limit}"] = offsets.span(amount)
            if not _empty(amount):
                limits[limit] = _READERS[f"budget.{limit}"](amount, f"budget.{limit}", offsets)
        read["budget"] = Budget(**cast("dict[str, Any]", limits))
    controls = Controls(**cast("dict[str, Any]", read))
    return replace(
        found, controls=controls, problems=tuple(problems), values=tuple(values.items()), blocks=tuple(blocks)
    )


def _known(
    node: yaml.MappingNode, keys: tuple[str, ...], prefix: str, offsets: _Offsets, problems: list[Problem]
) -> list[tuple[str, yaml.Node]]:
    """The pairs whose key we know; the others become problems. Of a key given twice the last counts."""
    known: dict[str, yaml.Node] = {}
    for key, value in _pairs(node):
        name, line = str(key.value), offsets.of(key)
        if name not in keys:
            near = get_close_matches(name.casefold(), keys, n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(keys)}"
            problems.append(Problem(line, f"unknown control `{prefix}{name}`", remedy))
            continue
        if name in known:
            problems.append(Problem(line, f"control `{prefix}{name}` is given twice", "the last one counts; drop one"))
        known[name] = value
    return list(known.items())


_Reader = Callable[[yaml.Node, str, _Offsets], object]


def _word(node: yaml.Node, name: str, offsets: _Offsets) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a single value", f"write `{name}: ...` on one line")
    return str(node.value).strip()


def _choice(*choices: str) -> _Reader:
    def read(node: yaml.Node, name: str, offsets: _Offsets) -> str:
        word = _word(node, name, offsets)
        if word not in choices:
            remedy = f"write one of {', '.join(choices)}"
            raise SpecError(offsets.of(node), f"`{name}` cannot be `{_short(word)}`", remedy)
        return word

    return read


def _number(convert: type[int] | type[float], least: float) -> _Reader:
    sort = "a whole number" if convert is int else "a number"
    bound = f"of at least {least:g}" if least else "above 0" if convert is float else "of at least 0"

    def read(node: yaml.Node, name: str, offsets: _Offsets) -> float:
        word = _word(node, name, offsets)
        try:
            number = convert(word.replace(",", "_"))
        except ValueError:
            number = -1
        if not least <= number < 1e15 or (convert is float and number == 0):  # nan and inf fail the first comparison
            raise SpecError(offsets.of(node), f"`{name}` cannot be `{_short(word)}`", f"write {sort} {bound}")
        return number

    return read


def _patterns(node: yaml.Node, name: str, offsets: _Offsets) -> tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode):
        return tuple(str(node.value).replace(",", " ").split())
    if not isinstance(node, yaml.SequenceNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a list", f"write `{name}: [tests/**]`")
    return tuple(_word(entry, name, offsets) for entry in cast("list[yaml.Node]", node.value))


def _short(word: str) -> str:
    word = " ".join(word.split())
    return word if len(word) <= 40 else word[:39] + "…"


_READERS: dict[str, _Reader] = {
    "loop": _choice("on", "step", "hold"),
    "mode": _choice("copilot", "auto"),
    "agent": _word,
    "model": _word,
    "verify": _word,
    "wip": _number(int, 1),
    "review": _number(int, 1),
    "timeout": _number(float, 0),
    "protect": _patterns,
    "hooks": _choice("on", "off"),
    "sign": _choice("on", "off"),
    "budget.turns": _number(int, 0),
    "budget.minutes": _number(float, 0),
    "budget.tokens": _number(int, 0),
    "budget.usd": _number(float, 0),
}
