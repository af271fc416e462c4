"""Whether the process that a fact names still lives."""

from __future__ import annotations

from pathlib import Path

from cockpit.facts.kinds import Running


def alive(running: Running) -> bool:
    """Whether the runner of that record still lives, told by pid and start time."""
    return started(running.pid) == running.started


def started(pid: int) -> str | None:
    """Start time of a process in clock ticks since boot, as /proc tells it; None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat.rpartition(b")")[2].split()
    return None if fields[0] == b"Z" else fields[19].decode()
