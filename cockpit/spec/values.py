"""What the nodes of the front matter mean: each control by its reader, told with its line when it means nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

import yaml

from cockpit.spec.gates import GATES
from cockpit.spec.item import Kind, Span
from cockpit.spec.plain import Rest, SpecError
from cockpit.spec.rules import BASE, KEYS, KNOWN, OFF, Rules
from cockpit.spec.words import STEP, Aliases, code, heading_words, kind_of, uncode


@dataclass(frozen=True, slots=True)
class Offsets:
    """From YAML's character positions to lines and bytes of the document."""

    text: str
    begin: int
    first: int
    """Number of the first line of the text."""

    def byte(self, index: int) -> int:
        """Offset in the document of a character of the text."""
        return self.begin + len(self.text[:index].encode())

    def line(self, index: int) -> int:
        """Number of the line it is on."""
        return self.first + self.text.count("\n", 0, index)

    def of(self, node: yaml.Node) -> int:
        """Number of the line a node begins on."""
        return self.line(node.start_mark.index)

    def span(self, node: yaml.Node) -> Span:
        """The bytes of a node."""
        start, end = node.start_mark.index, node.end_mark.index
        while end > start and self.text[end - 1] in " \t\r\n":  # block scalars and mappings end on the next line
            end -= 1
        return Span(self.byte(start), self.byte(end))


def pairs(node: yaml.MappingNode) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    """Keys and values of a mapping; what has no plain key is left out."""
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    return [(key, value) for key, value in pairs if isinstance(key, yaml.ScalarNode)]


def empty(node: yaml.Node) -> bool:
    """Whether nothing is written there."""
    return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in ("", "~", "null")


_REST = re.compile(r"every (?:([1-9]\d{0,3}) )?merges?|at ((?:[01]?\d|2[0-3]):[0-5]\d)")
_Reader = Callable[[yaml.Node, str, Offsets], object]


def _scalar(node: yaml.Node, name: str, offsets: Offsets) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a single value", f"write `{name}: ...` on one line")
    return str(node.value).strip()


def _choice(*choices: str) -> _Reader:
    def read(node: yaml.Node, name: str, offsets: Offsets) -> str:
        word = _scalar(node, name, offsets)
        if word not in choices:
            remedy = f"write one of {', '.join(choices)}"
            raise SpecError(offsets.of(node), f"`{name}` cannot be `{_short(word)}`", remedy)
        return word

    return read


def _number(convert: type[int] | type[float], least: float) -> _Reader:
    sort = "a whole number" if convert is int else "a number"
    bound = f"of at least {least:g}" if least else "above 0" if convert is float else "of at least 0"

    def read(node: yaml.Node, name: str, offsets: Offsets) -> float:
        word = _scalar(node, name, offsets)
        try:
            number = convert(word.replace(",", "_"))
        except ValueError:
            number = -1
        if not least <= number < 1e15 or (convert is float and number == 0):  # nan and inf fail the first comparison
            raise SpecError(offsets.of(node), f"`{name}` cannot be `{_short(word)}`", f"write {sort} {bound}")
        return number

    return read


def _patterns(node: yaml.Node, name: str, offsets: Offsets) -> tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode):
        return tuple(str(node.value).replace(",", " ").split())
    if not isinstance(node, yaml.SequenceNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a list", f"write `{name}: [tests/**]`")
    return tuple(_scalar(entry, name, offsets) for entry in cast("list[yaml.Node]", node.value))


def _list(node: yaml.Node, name: str, offsets: Offsets) -> tuple[str, ...]:
    """A list of lines, or a single one."""
    entries = cast("list[yaml.Node]", node.value) if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(_scalar(entry, name, offsets) for entry in entries)


def _commands(node: yaml.Node, name: str, offsets: Offsets) -> tuple[str, ...]:
    """A command, a list of them, or a map that names each: `{build: make, unit: pytest -q}` (R155)."""
    if isinstance(node, yaml.SequenceNode):
        return tuple(
            command
            for entry in cast("list[yaml.Node]", node.value)
            if not empty(entry)
            for command in _commands(entry, name, offsets)
        )
    if not isinstance(node, yaml.MappingNode):
        command = _scalar(node, name, offsets)
        return (command,) if command else ()
    found: list[str] = []
    for key, value in pairs(node):
        step, command = str(key.value).strip(), _scalar(value, name, offsets)
        if not STEP.fullmatch(step):
            raise SpecError(offsets.of(key), f"`{name}` cannot name a step `{_short(step)}`", "write `{build: make}`")
        if empty(value) or not command:
            raise SpecError(offsets.of(key), f"`{name}.{step}` has no command", f"write `{step}: make {step}`")
        found.append(f"{step}: {code(uncode(command))}")
    return tuple(found)


def _inside(node: yaml.Node, name: str, offsets: Offsets) -> tuple[str, ...]:
    """Globs below the top of the repository."""
    patterns = _patterns(node, name, offsets)
    for pattern in patterns:
        if pattern.startswith(("/", "~")) or ".." in pattern.split("/"):
            what = f"`{name}` leads out of the repository: `{_short(pattern)}`"
            raise SpecError(offsets.of(node), what, f"write `{name}: [build/reports/*.xml]`")
    return patterns


def _gates(node: yaml.Node, name: str, offsets: Offsets) -> tuple[str, ...]:
    """`[scope, verdict]`, one of them, or `none`."""
    words = _patterns(node, name, offsets)
    if words == ("none",):
        return ()
    for word in words:
        if word not in GATES:
            raise SpecError(
                offsets.of(node), f"`{name}` cannot be `{_short(word)}`", "write `[scope, verdict]` or none"
            )
    return words


def _span(node: yaml.Node, name: str, offsets: Offsets) -> float:
    """`10m`, `90s`, `1h`, or a number of minutes; 0 is none."""
    word = _scalar(node, name, offsets)
    match = re.fullmatch(r"(\d{1,5}(?:\.\d{1,3})?)\s*(s|m|min|h)?", word)
    if match is None:
        raise SpecError(offsets.of(node), f"`{name}` cannot be `{_short(word)}`", f"write `{name}: 10m`, 90s or 1h")
    return float(match[1]) * {"s": 1 / 60, "h": 60.0}.get(match[2] or "m", 1.0)


def _rests(node: yaml.Node, name: str, offsets: Offsets) -> tuple[Rest, ...]:
    """`every 5 merges`, `at 18:00`, several of them parted by commas or as a list; `none`."""
    words = [part.strip() for entry in _list(node, name, offsets) for part in entry.split(",") if part.strip()]
    return tuple(_rest(word, name, node, offsets) for word in words if word != "none")


def _rest(word: str, name: str, node: yaml.Node, offsets: Offsets) -> Rest:
    match = _REST.fullmatch(word)
    if match is None:
        raise SpecError(
            offsets.of(node), f"`{name}` cannot be `{_short(word)}`", "write `rests: every 5 merges, at 18:00`"
        )
    return Rest(at=match[2]) if match[2] else Rest(merges=int(match[1] or 1))


def _short(word: str) -> str:
    word = " ".join(word.split())
    return word if len(word) <= 40 else word[:39] + "…"


READERS: dict[str, _Reader] = {
    "loop": _choice("on", "step", "hold"),
    "mode": _choice("copilot", "auto"),
    "gates": _gates,
    "agent": _scalar,
    "model": _scalar,
    "opinion": _scalar,
    "verify": _commands,
    "wip": _number(int, 1),
    "review": _number(int, 1),
    "reentries": _number(int, 0),
    "timeout": _number(float, 0),
    "protect": _patterns,
    "allow": _list,
    "reports": _inside,
    "exit": _choice("feature", "direct"),
    "feature": _scalar,
    "land": _scalar,
    "size": _number(int, 1),
    "rounds": _number(int, 1),
    "pace": _span,
    "layers": _number(int, 1),
    "drift": _number(int, 1),
    "rests": _rests,
    "precommit": _choice("on", "off"),
    "hooks": _choice("on", "off"),
    "sign": _choice("on", "off"),
    "budget.turns": _number(int, 0),
    "budget.minutes": _number(float, 0),
    "budget.tokens": _number(int, 0),
    "budget.usd": _number(float, 0),
}


def rules_of(node: yaml.Node, check: str, key: str, offsets: Offsets) -> Rules:
    """The values of one key of a check, a list or a single one. Raises SpecError for anything else."""
    name = f"checks.{check}.{key}"
    if isinstance(node, yaml.ScalarNode):
        return Rules(check, key, (str(node.value).strip(),))
    if not isinstance(node, yaml.SequenceNode):
        raise SpecError(offsets.of(node), f"`{name}` is not a list", f"write `{key}: [one, two]`")
    return Rules(check, key, tuple(_scalar(entry, name, offsets) for entry in cast("list[yaml.Node]", node.value)))


def off_of(node: yaml.Node, offsets: Offsets) -> Rules:
    """The checks that are switched off. Raises SpecError for one that there is not or that is always on."""
    found = rules_of(node, "checks", OFF, offsets)
    words = [*KEYS, BASE, KNOWN]
    for word in found.values:
        if word not in words:
            near = get_close_matches(word.casefold(), words, n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"these can be: {', '.join(words)}"
            raise SpecError(offsets.of(node), f"the check `{_short(word)}` cannot be switched off", remedy)
    return found


def aliases_of(node: yaml.Node, offsets: Offsets) -> Aliases:
    """`{queue: [Work, To do], goal: Mission}`: which headings mean what, in this document.

    Raises SpecError for a kind there is not, for a heading without words and for one that is given twice.
    """
    if not isinstance(node, yaml.MappingNode):
        raise SpecError(offsets.of(node), "`sections` is not a mapping", "write `sections: {queue: [Work, To do]}`")
    found: dict[str, tuple[str, Kind]] = {}
    for key, value in pairs(node):
        kind = kind_of(str(key.value))
        if kind is None:
            near = get_close_matches(str(key.value).casefold(), list(Kind), n=1)
            remedy = f"did you mean `{near[0]}`?" if near else f"known are {', '.join(Kind)}"
            raise SpecError(offsets.of(key), f"`sections` cannot name `{_short(str(key.value))}`", remedy)
        entries = cast("list[yaml.Node]", value.value) if isinstance(value, yaml.SequenceNode) else [value]
        for entry in entries:
            title = _scalar(entry, "sections", offsets)
            words = heading_words(title)
            if not words:
                raise SpecError(offsets.of(entry), "`sections` holds a heading without words", "write `[Work, To do]`")
            if words in found and found[words][1] is not kind:
                what = f"`sections` gives `{_short(title)}` to {found[words][1]} and to {kind}"
                raise SpecError(offsets.of(entry), what, "take one away")
            found.setdefault(words, (title, kind))
    return tuple(found.values())
