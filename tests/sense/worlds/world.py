"""A project under way, in four forms: structured sources, the same with losses, lines of a run, lines of no run."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from cockpit.sense.events import Event

Form = Literal["clean", "lossy", "text", "file"]
FORMS: tuple[Form, ...] = ("clean", "lossy", "text")
BEGIN = 1_795_000_000.0


@dataclass(frozen=True)
class Moment:
    """What a reader expects at one time."""

    at: float
    first: str
    """A pattern: the first row is about it. Empty: nothing deserves a row at all."""
    words: str = ""
    """A pattern that one of the row's reasons has."""
    never: str = ""
    """A pattern of what must not be among the first three."""


@dataclass
class Said:
    """One event, and the lines that a log would have in its place."""

    event: Event | None
    lines: tuple[str, ...] = ()
    source: str = ""
    run: str = ""
    at: float = 0.0
    keep: bool = False
    """It carries the story: the lossy form never loses it (what is lost for good, nobody can tell)."""


@dataclass
class World:
    """Collects what happens; time goes on with `wait`."""

    seed: int = 1
    now: float = BEGIN
    said: list[Said] = field(default_factory=list[Said])
    moments: list[Moment] = field(default_factory=list[Moment])
    runs: int = 0

    def wait(self, seconds: float) -> None:
        """Time passes, with the noise of every day."""
        rng = random.Random(f"{self.seed}{self.now}")
        end = self.now + seconds
        while self.now + 7 < end:
            self.now += 7
            what = rng.choice(NOISE).format(rng.randrange(10, 9999), rng.randrange(10, 9999))
            self.event("log.line", what=what, source="syslog", level=rng.choice(("info", "info", "warning", "error")))
            if rng.random() < 0.3:
                self.event("agent.step", what=rng.choice(STEPS), state="ok", delegate=rng.choice(("mia", "eve")))
            if rng.random() < 0.1:
                self.event("session.check", "worker", "ok", what="worker alive, pid 4711", source="watchdog",
                           lines=("worker alive, pid 4711",))  # fmt: skip
        self.now = end

    def event(
        self, kind: str, key: str = "", state: str = "", *, lines: Sequence[str] = (), keep: bool = False, **rest: Any
    ) -> None:
        """One event; `lines` stand for it in the forms that are text."""
        rest.setdefault("source", kind.partition(".")[0])
        rest.setdefault("what", f"{key} {state}".strip())
        event = Event(kind=kind, key=key, state=state, at=self.now, **rest)
        self.said.append(Said(event, tuple(lines), event.source, event.run, self.now, keep))
        self.now += 0.2

    def lines(self, *lines: str, source: str, run: str, key: str = "") -> None:
        """Lines of a log, in every form."""
        for line in lines:
            event = Event(source=source, kind="log.line", what=line, key=key, at=self.now, run=run)
            keep = line.startswith(("warning", "error"))
            self.said.append(Said(event, (line,), source, run, self.now, keep))
            self.now += 0.1

    def job(
        self,
        name: str,
        results: Sequence[tuple[str, str, tuple[str, ...]]],
        *,
        passed: bool,
        head: Sequence[str] = (),
        tail: Sequence[str] = (),
        commit: str = "",
        delegate: str = "",
    ) -> None:
        """One run: (test, error or empty, its lines in the tool's own words), and the log around them."""
        self.runs += 1
        run = f"{name}-{self.runs}"
        who: dict[str, Any] = {"run": run, "commit": commit, "delegate": delegate, "source": "ci"}
        self.event("ci.run", name, "started", what=f"{name} started", **who)
        self.lines(*head, source="ci", run=run, key=name)
        for test, error, lines in results:
            state = "fail" if error else "pass"
            what = f"FAILED {test} - {error}" if error else f"PASSED {test}"
            level = "error" if error else "info"
            self.event("test.result", test, state, what=what, level=level, lines=lines, keep=bool(error), **who)
        self.lines(*tail, source="ci", run=run, key=name)
        state, level = ("passed", "info") if passed else ("failed", "error")
        self.event("ci.run", name, state, what=f"{name} {state}", level=level, keep=True, **who)

    def expect(self, first: str, *, words: str = "", never: str = "", after: float = 15.0) -> None:
        """A moment, some seconds from now."""
        self.now += after
        self.moments.append(Moment(self.now, first, words, never))
        self.now += 1

    def events(self, form: Form) -> list[Event]:
        """All that happens, in one form, numbered in the order in which it arrives."""
        told = [each for said in self.said for each in _told(said, form)]
        if form == "lossy":
            told = self._lossy()
        return [msgspec.structs.replace(event, id=number) for number, event in enumerate(told, 1)]

    def _lossy(self) -> list[Event]:
        """Some lost, some twice, some late, a quarter without a level."""
        rng = random.Random(self.seed)
        found: list[tuple[float, Event]] = []
        for said in self.said:
            if said.event is None or (rng.random() < 0.05 and not said.keep):
                continue
            event = said.event
            if rng.random() < 0.25:
                event = msgspec.structs.replace(event, level="info")
            late = rng.uniform(0, 4) if rng.random() < 0.1 else 0.0
            found.append((event.at + late, event))
            if rng.random() < 0.05:
                found.append((event.at + late + rng.uniform(0, 4), event))
        return [event for _, event in sorted(found, key=lambda row: row[0])]


def _told(said: Said, form: Form) -> list[Event]:
    event = said.event
    if event is None or form in ("clean", "lossy") or not (said.lines or event.kind == "ci.run"):
        return [event] if event is not None else []
    if event.kind == "ci.run":
        return [event] if form == "text" else []
    plain = form == "file"
    key = event.key if event.kind == "log.line" and not plain else ""
    run, delegate = ("", "") if plain else (event.run, event.delegate)
    return [
        Event(source=event.source, kind="log.line", what=line, key=key, at=event.at, run=run, delegate=delegate)
        for line in said.lines
    ]


def about(pattern: str, *texts: str) -> bool:
    """Whether any of the texts has the pattern."""
    return any(re.search(pattern, text) for text in texts)


NOISE = (
    "GET /healthz 200 in {} ms", "cache evicted {} of {} entries", "connection reset by peer {}:{}, retrying",
    "queue depth {} for shard {}", "slow query {} ms on replica {}", "token refreshed for user {}",
    "failed to send {} metrics to collector:{}: deadline exceeded",
)  # fmt: skip
STEPS = ("read internal/api/server.go", "rg -n handler", "sed -n 1,40p README.md", "git diff --stat", "ls pkg")
