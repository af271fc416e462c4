"""Reading a result of 2,000 lines on the review's screen: bytes and time of a key that moves the cursor down."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import away, git
from bench.terminal import Terminal
from cockpit import facts, persist, start
from cockpit.paths import Places, places

LINES = 2_000
SPEC = """\
---
cockpit:
  loop: hold
  exit: direct
---
## Queue
- [?] Rewrite it ^q1
  - branch: delegate/q1
  - review: 13 pass, 1 fail (debris); iterate
"""


@contextmanager
def result() -> Iterator[Places]:
    """A repository with one reviewed result of many lines, away from everything of the user's."""
    folder = Path(tempfile.mkdtemp(prefix="ckb-"))
    away(folder)
    root = folder / "large"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for key, value in (("user.name", "You"), ("user.email", "you@example.org"), ("commit.gpgsign", "false")):
        git(root, "config", key, value)
    found = places(cwd=root)
    found.make()
    persist.exclude(found)
    (root / "src").mkdir()
    for name in ("a", "b"):
        (root / f"src/{name}.py").write_text("".join(f"value_{n} = compute({n}, 1)\n" for n in range(LINES // 4)))
    (root / "SPEC.md").write_text(SPEC)
    base = _commit(root)
    git(root, "switch", "-qc", "delegate/q1")
    for name in ("a", "b"):
        (root / f"src/{name}.py").write_text("".join(f"value_{n} = compute({n}, 2)\n" for n in range(LINES // 4)))
    head = _commit(root)
    git(root, "switch", "-q", "main")
    turn, now = found.turn("q1", 1), time.time()
    intended = facts.Dispatch(
        item="q1", turn=1, text="Rewrite it", agent="rehearsal", branch="delegate/q1", base=base,
        target="refs/heads/main", worktree=str(folder / "gone"), session="ck-q1-1",
        timeout=60.0, at=now, step="session",
    )  # fmt: skip
    facts.write(turn, intended)
    facts.write(turn, facts.Sentinel(outcome="finished", exit=0, at=now, seconds=1.0))
    spots = [facts.Spot("src/a.py", line, "calls a debugger") for line in (40, 90)]
    checks = [
        facts.Check(number=n, name="debris" if n == 11 else "a check", result="fail" if n == 11 else "pass",
                    evidence="words", spots=spots if n == 11 else [])
        for n in range(1, 15)
    ]  # fmt: skip
    facts.write(turn, facts.Review(base=base, head=head, recommendation="iterate", checks=checks, at=now))
    try:
        yield found
    finally:
        start.stop(found)
        persist.close()
        shutil.rmtree(folder, ignore_errors=True)


def _commit(root: Path) -> str:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "x")
    return git(root, "rev-parse", "HEAD")


def down(at: Places, presses: int = 50) -> tuple[list[float], list[int]]:
    """Seconds to the first byte, and bytes, of each of `presses` moves down the diff from its top."""
    screen = Terminal([sys.executable, "-m", "cockpit", "-C", str(at.root)])
    try:
        screen.await_text(b"Queue")
        screen.quiet(0.5)
        screen.press(b"3")
        screen.quiet()
        screen.press(b"\r")
        screen.await_text(b"value_12")
        screen.press(b"2")
        screen.quiet(0.5)
        taken: list[float] = []
        counts: list[int] = []
        for _ in range(presses):
            before = len(screen.seen)
            seconds = screen.press(b"j")
            screen.quiet(0.03)
            taken += [seconds] if seconds is not None else []
            counts.append(len(screen.seen) - before)
        return taken, counts
    finally:
        screen.close()


if __name__ == "__main__":
    with result() as made:
        seconds, sizes = down(made)
        subprocess.run(["git", "-C", str(made.root), "diff", "--shortstat", "main", "delegate/q1"], check=True)
    sizes.sort()
    print(f"{len(seconds)} of {len(sizes)} keys answered")
    print(f"bytes: median {sizes[len(sizes) // 2]}, p95 {sizes[int(len(sizes) * 0.95)]}, most {sizes[-1]}")
    seconds.sort()
    print(f"ms: p50 {seconds[len(seconds) // 2] * 1000:.1f}, p95 {seconds[int(len(seconds) * 0.95)] * 1000:.1f}")
