"""A stage for end-to-end tests: a repository with a spec, scripted delegates, and a real engine in its own process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cockpit import facts, persist, wire
from cockpit.paths import Places
from cockpit.spec import Item, Mark, parse
from cockpit.steer import Said, steer

Seen = TypeVar("Seen")
DEADLINE = 40.0
SPEC = """\
---
cockpit:
  loop: {loop}
  mode: {mode}
  gates: {gates}
  agent: rehearsal
  verify: {verify}
  wip: {wip}
  review: 3
  timeout: 1
  exit: {exit}
  protect: [tests/**]
{checks}---
## Goal
Make it work.

## Queue
{queue}"""


def edges(last: int, stride: int, shift: int = 0) -> range:
    """The edges up to `last` at which a test kills the engine: in strides, all of them in `make test-kill`.

    A `shift` lets tests that kill at the same edges meet others of them.
    """
    step = 1 if os.environ.get("COCKPIT_EDGES") == "all" else stride
    return range(1 + shift % step, last + 1, step)


def until(what: str, condition: Callable[[], Seen], seconds: float = DEADLINE) -> Seen:
    """The condition's first true answer; fails with words after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
    return found


class Stage:
    """One repository, its spec, its engine."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.root = places.root
        self.engine: subprocess.Popen[bytes] | None = None
        self.patience = DEADLINE

    def git(self, *args: str, cwd: Path | None = None) -> str:
        """What git printed, stripped. Where it met a commit of the engine it says so, and a human tries again."""

        def done() -> subprocess.CompletedProcess[str] | None:
            ran = subprocess.run(["git", *args], cwd=cwd or self.root, check=False, capture_output=True, text=True)
            met = "index.lock" in ran.stderr or "cannot lock ref" in ran.stderr
            return None if ran.returncode and met else ran

        ran = until(f"git {args[0]}", done)
        ran.check_returncode()
        return ran.stdout.strip()

    def spec(
        self,
        queue: str,
        *,
        loop: str = "on",
        mode: str = "copilot",
        gates: str = "",
        verify: str = "true",
        wip: int = 1,
        exit: str = "direct",
        base: bool | None = None,
    ) -> None:
        """Write and commit the first spec. Without other words what is ready is dispatched at once, and results go
        straight to main. Most scenes verify what the delegate is to make, so that their base is red: `base` tells
        whether it must be green; else it must where `verify` is always so.
        """
        checks = "" if base or (base is None and verify == "true") else "  checks: {off: [base]}\n"
        gates = gates or ("[verdict]" if mode == "copilot" else "none")
        words = {"loop": loop, "mode": mode, "gates": gates, "verify": verify, "wip": wip, "exit": exit}
        text = SPEC.format(**words, checks=checks, queue=queue)
        persist.exclude(self.places)
        persist.create(self.places, text.encode(), persist.Act(verb="init", target="spec", by="human"))

    def script(self, item: str, *turns: list[dict[str, Any]]) -> None:
        """What the rehearsal agent does for this item, turn by turn."""
        folder = self.places.local / "rehearsal"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{item}.json").write_text(json.dumps({"turn": [{"steps": steps} for steps in turns]}))

    def start(self, *program: str, env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start the engine (or another program that is one), its words to a file beside the repository."""
        words = (self.root.parent / "engine.out").open("ab")
        command = program or ("-m", "cockpit", "-C", str(self.root), "run")
        self.engine = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env=os.environ | (env or {}),
        )
        words.close()
        return self.engine

    def kill(self) -> None:
        """SIGKILL, as the machine would."""
        if self.engine is not None and self.engine.poll() is None:
            self.engine.send_signal(signal.SIGKILL)
            self.engine.wait()

    def stop(self) -> None:
        """SIGTERM, as `cockpit stop`."""
        if self.engine is not None and self.engine.poll() is None:
            self.engine.terminate()
            self.engine.wait(20)

    def steer(self, verb: str, target: str = "", **words: str) -> Said:
        """A human's verb."""
        return steer(self.places, verb, target, words)

    def item(self, id: str) -> Item:
        """The item as the spec has it now."""
        found = parse(self.places.spec.read_bytes()).item(id)
        assert found is not None, f"no item {id}"
        return found

    def await_mark(self, id: str, mark: Mark, **fields: str) -> Item:
        """Wait until the item has that mark (and fields that start so)."""

        def there() -> Item | None:
            item = parse(self.places.spec.read_bytes()).item(id)
            fits = item is not None and all(item.value(key).startswith(value) for key, value in fields.items())
            return item if item is not None and item.mark is mark and fits else None

        try:
            return until(f"{id} [{mark}] {fields}", there, self.patience)
        except AssertionError as error:
            log = self.places.local / "engine.log"
            words = log.read_text()[-3000:] if log.exists() else ""
            raise AssertionError(f"{error}\n{self.places.spec.read_text()}\n{words}") from None

    def turn(self, id: str) -> facts.Turn:
        """The latest turn of that item's delegate."""
        return next(turn for turn in facts.turns(self.places.delegates) if turn.item == id)

    @property
    def program(self) -> list[str]:
        """The shell command, as a user of this repository calls it."""
        return [sys.executable, "-m", "cockpit", "-C", str(self.root)]

    def alive(self) -> bool:
        """Whether the engine answers."""
        return wire.latest(self.places.socket) is not None

    def snapshot(self) -> wire.Snapshot:
        """What the engine says to the screens now."""
        return wire.latest(self.places.socket) or wire.Snapshot()

    def notes(self) -> list[str]:
        """What the engine says the human must know now."""
        return self.snapshot().notes

    def sessions(self) -> list[str]:
        """Names of the sessions on the private tmux server."""
        command = ["tmux", "-L", self.places.tmux, "list-sessions", "-F", "#{session_name}"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()

    def events(self, verb: str) -> list[str]:
        """Targets of all steering commits of that verb, oldest first."""
        return [entry.target for entry in reversed(persist.timeline(self.places, limit=1000)) if entry.verb == verb]


def edit_and_commit(file: str, content: str, message: str = "Do it") -> list[dict[str, Any]]:
    """Steps of a delegate that does its work honestly."""
    return [
        {"write": file, "content": content},
        {"commit": message},
        {"answer": {"status": "done", "summary": message}},
    ]
