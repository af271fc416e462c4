"""TAP 13 and 14: subtests, directives, plans, bail out; also vitest's dialect, subtests in braces (contracts, 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event
from cockpit.sense.reports.runs import Run
from cockpit.sense.reports.told import MOST, About, State, Tested

DEEP = 100
"""Subtests inside each other."""
BLOCK = 200
"""Lines of a YAML block that are kept."""

_POINT = re.compile(r"(not )?ok\b(?:[ \t]+(\d{1,9})\b)?[ \t]*(.*)")
_PLAN = re.compile(r"1\.\.(\d{1,9})[ \t]*(?:#.*)?\Z")
_DIRECTIVE = re.compile(r"(?:^|\s)(?<!\\)#\s*(skip|todo)\S*\s*(.*)\Z", re.IGNORECASE)
_TIME = re.compile(r"\s#\s*time=([0-9.]{1,20})ms\s*\Z")
_BAIL = re.compile(r"Bail out!\s*(.*)")
_FIELD = re.compile(r"\s*['\"]?(message|error|duration_ms|name|type)['\"]?:\s*(\S.*?)\s*\Z")
_LOOKS = re.compile(r"\s*(?:TAP version \d|(?:not )?ok\b|1\.\.\d+[ \t]*(?:#.*)?$|# Subtest: )", re.MULTILINE)


def looks(text: str) -> bool:
    """Whether `text`, the beginning of a file, reads as TAP."""
    return _LOOKS.match(text) is not None


@dataclass(slots=True)
class _Point:
    """A test point with all that belongs to it."""

    depth: int
    name: str
    passed: bool
    directive: str
    words: str
    seconds: float
    below: list[_Point] = field(default_factory=list["_Point"])
    block: list[str] = field(default_factory=list[str])


def read(data: bytes, about: About) -> list[Event]:
    """The events of a TAP stream. Test points with subtests are told only when none of these failed and they did.

    Raises CockpitError when there is neither a plan nor a test point in it.
    """
    reader = _Reader(about)
    for text in data.decode("utf-8-sig", "replace").splitlines():
        reader.line(text)
        if reader.bailed is not None:
            break
    points = reader.end()
    if not reader.seen:
        raise CockpitError("no TAP: it has neither a plan nor a test", where=line(about.name, 120))
    tests: dict[str, Tested] = {}
    for names, point in _leaves(points, ()):
        test = _tested(names, point)
        if test.key not in tests or tests[test.key].state != "fail":
            tests[test.key] = test
    return Run(reader.tool, about, about.run(data)).tests(list(tests.values()), reader.trouble)


class _Reader:
    """The stream line by line. Points that are whole wait until the point they are subtests of comes, or a brace."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.whole: list[_Point] = []
        self.braces: list[tuple[_Point, int]] = []
        self.plans: dict[int, int] = {}
        self.last: _Point | None = None
        self.block: int | None = None
        """Indent of the YAML block we are in."""
        self.seen = 0
        self.tool = "tap"
        self.bailed: str | None = None
        self.trouble = ""

    def line(self, text: str) -> None:
        """Take one line."""
        bare = text.strip()
        depth = len(text) - len(text.lstrip())
        if self.block is not None and bare and depth >= self.block:
            if bare == "..." and depth == self.block:
                self.block = None
            elif self.last is not None and len(self.last.block) < BLOCK:
                self.last.block.append(text)
            return
        if not bare:
            return
        self.block = None
        if bare == "---":
            self.block = depth
        elif bare == "}" and self.braces:
            point, count = self.braces.pop()
            self.adopt(point, count)
        elif bail := _BAIL.match(bare):
            self.seen += 1
            self.bailed = line(bail[1])
            self.trouble = f"bail out: {self.bailed}".rstrip(": ")
        elif plan := _PLAN.match(bare):
            self.seen += 1
            self.plans[depth] = int(plan[1])
        elif found := _POINT.match(bare):
            self.point(min(depth, 4 * DEEP), found)
        elif bare.startswith("# duration_ms "):
            self.tool = "node"

    def point(self, depth: int, found: re.Match[str]) -> None:
        """Take one test point."""
        self.seen += 1
        if self.seen > MOST:
            raise CockpitError(f"more than {MOST} tests in one report", where=line(self.about.name, 120))
        words, seconds = found[3], 0.0
        opens = words.endswith("{")
        words = words.removesuffix("{").rstrip()
        if time := _TIME.search(words):
            words = words[: time.start()]
            seconds = _number(time[1]) / 1000
        directive = _DIRECTIVE.search(words)
        if directive:
            words = words[: directive.start()]
        name = words.removeprefix("-").strip().replace("\\#", "#").replace("\\\\", "\\")
        point = _Point(
            depth,
            name or f"#{found[2] or self.seen}",
            not found[1],
            directive[1].lower() if directive else "",
            directive[2].strip() if directive else "",
            seconds,
        )
        self.last = point
        if opens and len(self.braces) < DEEP:
            self.braces.append((point, len(self.whole)))
        else:
            count = len(self.whole)
            while count > (self.braces[-1][1] if self.braces else 0) and self.whole[count - 1].depth > depth:
                count -= 1
            self.adopt(point, count)

    def adopt(self, point: _Point, count: int) -> None:
        """The point takes all whole ones after the first `count` as its subtests, and is whole."""
        point.below = self.whole[count:]
        del self.whole[count:]
        self.whole.append(point)
        self.check(point.depth, point.below)

    def check(self, depth: int, points: list[_Point]) -> None:
        """Compare what was planned deeper than `depth` with what ran."""
        for deeper in [known for known in self.plans if known > depth]:
            planned = self.plans.pop(deeper)
            if len(points) < planned and not self.trouble:
                self.trouble = f"{planned} tests were planned, {len(points)} ran"

    def end(self) -> list[_Point]:
        """The stream is over: the outermost points."""
        while self.braces:
            self.adopt(*self.braces.pop())
        self.check(-1, self.whole)
        return self.whole


def _leaves(points: list[_Point], above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], _Point]]:
    """The innermost points with the names above them and their own, and parents that failed by themselves."""
    waiting = [(above, point) for point in reversed(points)]
    while waiting:
        names, point = waiting.pop()
        own = (*names, point.name)
        if not point.below or (_failed(point) and not any(_failed(under) for under in point.below)):
            yield own, point
        waiting.extend((own, under) for under in reversed(point.below))


def _failed(point: _Point) -> bool:
    return not point.passed and not point.directive


def _tested(names: tuple[str, ...], point: _Point) -> Tested:
    state: State = "fail" if _failed(point) else "pass"
    if point.directive == "skip" or (point.directive and not point.passed):
        state = "skip"
    said = {found[1]: found[2].strip("'\"") for text in point.block if (found := _FIELD.match(text))}
    message = said.get("message") or said.get("error") or ""
    return Tested(
        key=" > ".join(names),
        state=state,
        words=point.words or ("" if message in ("|-", "|", ">-", ">") else message),
        text="\n".join(point.block) if state == "fail" else "",
        seconds=point.seconds or _number(said.get("duration_ms", "")) / 1000,
        error=said.get("name", "") if said.get("name", "").isidentifier() else "",
    )


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 <= number < 1e12 else 0.0
