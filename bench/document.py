"""What reading the spec costs: against another parser, against splitting it into lines, and after an edit."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt

from cockpit.spec import Document, Kind, Mark, changes, edit
from cockpit.spec.parse import nearest, parse, understand

SECTIONS = ("Queue", "Backlog", "Decisions", "Notes", "Exchange", "Code map", "Done")
SIZES = (200, 2_000, 20_000)
Figures = tuple[str, float, float, str, float | None]
"""What, seconds, the floor's seconds, what the floor is, the limit of the ratio (None only informs)."""


def document(lines: int) -> bytes:
    """A spec of so many lines: sections of items with fields, prose and code in between."""
    out = ["---", "cockpit:", "  loop: hold", "---", "# Spec", "", "## Goal", "Recover stuck sessions.", ""]
    number = section = 0
    while len(out) < lines:
        name = SECTIONS[section % len(SECTIONS)]
        out += [f"## {name}" + (f" {section}" if section >= len(SECTIONS) else ""), ""]
        section += 1
        for _ in range(60):
            number += 1
            out += [f"- [ ] Recycle the supervisor at the next idle point, number {number} ^q{number}"]
            out += [f"  - after: q{max(number - 1, 1)}", "  - paths: src/supervisor/**", "  words that wrap"]
            if number % 5 == 0:
                out += ["", "Some prose that says why the thing is so and not otherwise.", "A second line.", ""]
                out += ["```python", "x = 1", "```", ""]
    return "\n".join(out[:lines]).encode() + b"\n"


def best(work: Callable[[int], object], rounds: int = 7) -> float:
    """Seconds of the middle one of several runs, each with its number."""
    taken: list[float] = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def answers(read: Document) -> None:
    """Ask what the engine and the screen ask of each version."""
    read.item("q2000")
    _ = read.queue
    read.section(Kind.GOAL)


def figures() -> Iterator[Figures]:
    """The rows of the table, one by one."""
    rules = MarkdownIt("commonmark").disable("inline")
    full = MarkdownIt("commonmark")
    for lines in SIZES:
        data = document(lines)
        text = data.decode()
        ours = best(lambda _, data=data: answers(understand(data)))
        name = f"parse of {lines:,} lines"
        yield name, ours, best(lambda _, text=text: rules.parse(text), 3), "markdown-it-py, block rules", 1.0
        yield name, ours, best(lambda _, text=text: full.parse(text), 3), "markdown-it-py", 1.0
        yield name, ours, best(lambda _, data=data: data.splitlines()), "splitlines", None
    data = document(SIZES[-1])
    at = data.index(b"number 2000 ")
    versions = [data[:at] + f"and so on {number} ".encode() + data[at:] for number in range(7)]
    known = understand(data)
    ours = best(lambda _: answers(understand(data)))

    def edited(number: int) -> None:
        version = versions[number]
        answers(understand(version, nearest(version, [known])))

    yield "edit to understood, 20,000 lines", best(edited), ours, "parse of all of it", 1 / 20
    parse(data)
    told = best(lambda number: changes(data, versions[number]))
    yield "edit to its meant changes, 20,000 lines", told, ours, "parse of all of it", 1 / 20
    marked = best(lambda number: edit.set_mark(versions[number], "q2000", Mark.DONE))
    yield "a mark set, 20,000 lines", marked, ours, "parse of all of it", 1 / 20
