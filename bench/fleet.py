"""What the engine costs while N delegates work: CPU and memory, quiet and each writing 200 lines a second: of a log,
or of an agent's JSON stream.

`python -m bench.fleet [SECONDS]`. The delegates are their facts on disk and a live process; what they print is written
by one program, which isn't counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.lane import begin, when
from bench.rows import Row, away, git
from cockpit import facts, persist, wire
from cockpit.engine import streams
from cockpit.paths import Places, places

COUNTS = (0, 10, 50, 200)
LINES = 200
"""Lines a second that each noisy delegate writes."""
WRITER = f"""
import itertools, sys, time
said = sys.argv[1].encode().split(b"\\n")
logs = [open(name, "ab", buffering=0) for name in sys.argv[2:]]
number = 0
while True:
    begun = time.monotonic()
    rows = b""
    for at in range(number, number + {LINES} // 10):
        rows += said[at % len(said)].replace(b"NUMBER", b"%d" % (at // len(said))) + b"\\n"
    for log in logs:
        log.write(rows)
    number += {LINES} // 10
    time.sleep(max(0.0, 0.1 - (time.monotonic() - begun)))
"""
"""Writes the same lines over and over into every log, with a number that grows."""


def _claude(role: str, **content: object) -> str:
    message = {"id": "msg_NUMBER", "type": "message", "role": role, "model": "scripted-1", "content": [content]}
    return json.dumps({"type": role, "message": message, "session_id": "47b3c707-3bc0-48a2-8177-57f4d2e1ca30"})


PLAIN = "NUMBER: reading src/module.py, nothing to tell"
JSON = "\n".join(
    (
        _claude("assistant", type="text", text="Step NUMBER: look at what the module says before it is changed."),
        _claude("assistant", type="tool_use", id="NUMBER", name="Bash", input={"command": "sed -n NUMBERp src/a.py"}),
        _claude("user", tool_use_id="NUMBER", type="tool_result", content="    return number\n" * 40, is_error=False),
    )
)
KINDS = {
    "quiet": ("", ""),
    f"of {LINES} lines/s": ("pane.log", PLAIN),
    f"of {LINES} lines/s, JSON": (streams.NAME, JSON),
}
"""What each delegate does: the file of its turn that it writes, and its lines."""
SPEC = (
    "---\ncockpit:\n  loop: on\n  wip: 1000\n  agent: rehearsal\n  exit: direct\n---\n## Goal\nMeasure.\n\n## Queue\n"
)


def dispatched(at: Places, number: int, agent: str, base: str) -> facts.Dispatch:
    """The fact of a delegate's only turn, its session started."""
    id = f"q{number}"
    return facts.Dispatch(
        item=id,
        turn=1,
        text=f"Task {number}",
        agent=agent,
        branch=f"delegate/{id}",
        base=base,
        target="refs/heads/main",
        worktree=str(at.worktrees / id),
        session=f"ck-{id}-1",
        timeout=7200,
        at=time.time(),
        step="session",
    )


def fleet(root: Path, count: int) -> tuple[Places, subprocess.Popen[bytes]]:
    """A repository with that many delegates at work."""
    begin(root)
    at = places(cwd=root)
    at.make()
    persist.exclude(at)
    rows = "".join(f"- [/] Task {number} ^q{number}\n  - branch: delegate/q{number}\n" for number in range(count))
    persist.create(at, (SPEC + rows).encode(), persist.Act(verb="init", target="spec", by="human"))
    base = git(root, "rev-parse", "HEAD")
    sleeper = subprocess.Popen(["sleep", "3600"])
    started = facts.started(sleeper.pid) or ""
    now = time.time()
    for number in range(count):
        id = f"q{number}"
        folder = at.turn(id, 1)
        facts.write(folder, dispatched(at, number, "claude", base))
        facts.write(folder, facts.Running(pid=sleeper.pid, started=started, at=now))
        (folder / "pane.log").touch()
        (folder / streams.NAME).touch()
        git(root, "update-ref", f"refs/heads/delegate/{id}", base)
    return at, sleeper


def cost(count: int, kind: str, seconds: float) -> tuple[float, float]:
    """Seconds of CPU a minute and MiB (proportional) of an engine that watches them."""
    with tempfile.TemporaryDirectory(prefix="ckb-") as name:
        folder = Path(name)
        away(folder)
        at, sleeper = fleet(folder / "repo", count)
        file, lines = KINDS[kind]
        logs = [str(at.turn(f"q{number}", 1) / file) for number in range(count)]
        command = [sys.executable, "-m", "cockpit", "-C", str(at.root), "run"]
        engine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        writer = subprocess.Popen([sys.executable, "-c", WRITER, lines, *logs]) if file and count else None
        try:
            when(lambda: (seen := wire.latest(at.socket)) is not None and seen.running == count)
            time.sleep(3)  # the first passes read everything
            before = spent(engine.pid)
            time.sleep(seconds)
            return (spent(engine.pid) - before) * 60 / seconds, memory(engine.pid)
        finally:
            for process in (writer, engine, sleeper):
                if process is not None:
                    process.terminate()
                    process.wait(20)
            persist.close()


def spent(pid: int) -> float:
    """Seconds of CPU of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """Proportional set size, MiB."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024


def rows(seconds: float) -> list[Row]:
    """A row a number of delegates, quiet and noisy, each beside an engine with none."""
    found: list[Row] = []
    none, empty = cost(0, "quiet", seconds)
    for kind in KINDS:
        for count in COUNTS[1:]:
            cpu, size = cost(count, kind, seconds)
            what = f"engine, {count} delegates" + (f", {kind}" if kind == "quiet" else f" {kind}")
            limit = 1.2 if (count, kind) == (50, "quiet") else None
            times = cpu / max(none, 0.05)
            found.append(
                Row(
                    what,
                    f"{cpu:.2f} s CPU/min, {size:.0f} MiB",
                    f"{none:.2f} s, {empty:.0f} MiB (none)",
                    times,
                    f"<= {limit}x" if limit else "",
                    times <= limit if limit else None,
                )
            )
    return found


if __name__ == "__main__":
    for row in rows(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0):
        print(row, flush=True)
