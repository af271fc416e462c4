"""The front matter: YAML with exact spans, read as plain words so that `loop: on` stays "on" (design, section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, cast

import yaml

from cockpit.spec import rules
from cockpit.spec.item import Span
from cockpit.spec.plain import Budget, Controls, Limits, Problem, SpecError
from cockpit.spec.rules import Rules
from cockpit.spec.scan import BOM
from cockpit.spec.values import READERS, Offsets, aliases_of, empty, off_of, pairs, rules_of
from cockpit.spec.words import Aliases

KEYS = (
    "loop",
    "mode",
    "gates",
    "agent",
    "model",
    "opinion",
    "verify",
    "wip",
    "review",
    "reentries",
    "timeout",
    "protect",
    "allow",
    "reports",
    "budget",
    "exit",
    "feature",
    "land",
    "size",
    "rounds",
    "pace",
    "layers",
    "drift",
    "rests",
    "precommit",
    "hooks",
    "sign",
)
SECTIONS = "sections"
"""The control that says what other headings mean; it is written by hand only."""
CHECKS = "checks"
"""The control that adds rules to the fourteen checks; by hand only too."""
BUDGET_KEYS = ("turns", "minutes", "tokens", "usd")
DAY = "day"
"""Below `budget`: the same limits, for what is spent in a day."""

_FENCE = re.compile(rb"---[ \t]*\r?(?:\n|$)")
_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_KEYLIKE = re.compile(rb"[ \t]*(?:[\w.\"'-]+[ \t]*:(?:[ \t\r]|$)|[{?])")


@dataclass(frozen=True, slots=True)
class Front:
    """The front matter of a spec; all spans are byte ranges of the document."""

    controls: Controls
    aliases: Aliases = ()
    """Headings that this document gives a meaning, with `sections: {queue: [Work, To do]}`."""
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
    offsets = Offsets(text, begin, head.count(b"\n", 0, begin) + 1)
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
    for key, value in pairs(root):
        if key.value == "cockpit":
            return _controls(found, value, offsets)
    return found


def _controls(found: Front, block: yaml.Node, offsets: Offsets) -> Front:
    if empty(block):
        return replace(found, blocks=(("cockpit", offsets.span(block), False),))
    if not isinstance(block, yaml.MappingNode):
        raise SpecError(offsets.of(block), "`cockpit:` holds no `key: value` lines", "write `loop: hold` below it")
    problems: list[Problem] = []
    values: dict[str, Span] = {}
    blocks = [("cockpit", offsets.span(block), bool(block.flow_style))]
    read: dict[str, object] = {}
    aliases: Aliases = ()
    for name, node in _known(block, (*KEYS, SECTIONS, CHECKS), "", offsets, problems):
        values[name] = offsets.span(node)
        if empty(node):
            continue
        if name == SECTIONS:
            aliases = aliases_of(node, offsets)
            continue
        if name == CHECKS:
            read[name] = _checks(node, offsets, problems)
            continue
        if name != "budget":
            read[name] = READERS[name](node, name, offsets)
            continue
        limits = _limits(node, "budget", offsets, problems, values, blocks)
        day = limits.pop(DAY, Limits())
        read["budget"] = Budget(**cast("dict[str, Any]", limits), day=cast("Limits", day))
    controls = Controls(**cast("dict[str, Any]", read))
    return replace(
        found,
        controls=controls,
        aliases=aliases,
        problems=tuple(problems),
        values=tuple(values.items()),
        blocks=tuple(blocks),
    )


def _limits(
    node: yaml.Node,
    name: str,
    offsets: Offsets,
    problems: list[Problem],
    values: dict[str, Span],
    blocks: list[tuple[str, Span, bool]],
) -> dict[str, object]:
    """`{turns: 20, minutes: 90, day: {usd: 5}}`, with where each stands."""
    if not isinstance(node, yaml.MappingNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a mapping", f"write `{name}: {{turns: 20, minutes: 90}}`")
    blocks.append((name, offsets.span(node), bool(node.flow_style)))
    found: dict[str, object] = {}
    keys = (*BUDGET_KEYS, DAY) if name == "budget" else BUDGET_KEYS
    for limit, amount in _known(node, keys, f"{name}.", offsets, problems):
        values[f"{name}.{limit}"] = offsets.span(amount)
        if empty(amount):
            continue
        if limit == DAY:
            inside = _limits(amount, f"{name}.{DAY}", offsets, problems, values, blocks)
            found[DAY] = Limits(**cast("dict[str, Any]", inside))
        else:
            found[limit] = READERS[f"budget.{limit}"](amount, f"{name}.{limit}", offsets)
    return found


def _checks(block: yaml.Node, offsets: Offsets, problems: list[Problem]) -> tuple[Rules, ...]:
    """`{branding: {forbid: [Acme]}, off: [collision]}`: every key with its values."""
    if not isinstance(block, yaml.MappingNode):
        raise SpecError(offsets.of(block), "`checks` is not a mapping", "write `checks: {secrets: {allow: [demo/**]}}`")
    found: list[Rules] = []
    for name, node in _known(block, (*rules.KEYS, rules.OFF), "checks.", offsets, problems):
        if empty(node):
            continue
        if name == rules.OFF:
            found.append(off_of(node, offsets))
            continue
        if not isinstance(node, yaml.MappingNode):
            keys = " or ".join(rules.KEYS[name])
            raise SpecError(offsets.of(node), f"`checks.{name}` is not a mapping", f"it has {keys} below it")
        inside = _known(node, rules.KEYS[name], f"checks.{name}.", offsets, problems)
        found += [rules_of(value, name, key, offsets) for key, value in inside if not empty(value)]
    return tuple(found)


def _known(
    node: yaml.MappingNode, keys: tuple[str, ...], prefix: str, offsets: Offsets, problems: list[Problem]
) -> list[tuple[str, yaml.Node]]:
    """The pairs whose key we know; the others become problems. Of a key given twice the last counts."""
    known: dict[str, yaml.Node] = {}
    for key, value in pairs(node):
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
