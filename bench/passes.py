"""What one pass costs with fifty finished delegates against none, and what reading their costs does of it.

`python -m bench.passes`. The least of some rounds; nothing else is measured at the same time.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.fleet import dispatched
from bench.lane import begin
from bench.rows import git
from cockpit import facts, persist
from cockpit.engine.look import look
from cockpit.engine.spending import note, spending
from cockpit.paths import Places, places

SPEC = "---\ncockpit:\n  loop: hold\n  agent: opencode\n  budget: {turns: 500, tokens: 100000000}\n---\n## Queue\n"
COUNT = 50
STEPS = 400
"""Steps that each delegate told of, with what they used."""


def finished(root: Path, count: int) -> Places:
    """A repository with that many delegates that have ended, and a queue that says so."""
    begin(root)
    at = places(cwd=root)
    at.make()
    persist.exclude(at)
    rows = "".join(f"- [x] Task {number} ^q{number}\n  - merged: {number:07x}\n" for number in range(count))
    persist.create(at, (SPEC + rows).encode(), persist.Act(verb="init", target="spec", by="human"))
    base, now = git(root, "rev-parse", "HEAD"), time.time()
    step = json.dumps({"type": "step_finish", "part": {"tokens": {"total": 900}, "cost": 0.01}}) + "\n"
    for number in range(count):
        folder = at.turn(f"q{number}", 1)
        facts.write(folder, dispatched(at, number, "opencode", base))
        facts.write(folder, facts.Sentinel(outcome="finished", exit=0, at=now, seconds=9.0))
        (folder / "events.ndjson").write_text(step * STEPS)
    return at


def least(what: Callable[[], object], rounds: int = 9) -> float:
    """Milliseconds of the quickest round."""
    found: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        what()
        found.append(time.perf_counter() - begun)
    return 1000 * min(found)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory(prefix="ckb-") as name:
        os.environ["XDG_STATE_HOME"] = f"{name}/state"
        for count in (0, COUNT):
            at = finished(Path(name) / f"r{count}", count)
            note(at, "hold")
            first = least(lambda at=at: spending(at, time.time()), rounds=1)
            again = least(lambda at=at: spending(at, time.time()))
            whole = least(lambda at=at: look(at, None, time.time()))
            print(f"{count:3} finished: costs read first {first:.1f} ms, again {again:.1f} ms; a pass {whole:.1f} ms")


if __name__ == "__main__":
    main()
