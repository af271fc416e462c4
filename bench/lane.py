"""The lane between queue and merge: dispatch, review, accept to merged, interrupt; each beside what git and tmux need.

`python -m bench.lane` measures these alone.
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row, away, git, ratio
from cockpit import persist, spec, verify
from cockpit.act import tmux
from cockpit.paths import Places, places
from cockpit.spec import Mark, parse
from cockpit.steer import steer

STAMP = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(time.monotonic()))"
"""The agent's first instruction: the time, of a clock that all processes share."""
LISTEN = """
import pathlib, signal, sys, time
def heard(*_):
    pathlib.Path(sys.argv[1]).write_text(str(time.monotonic()))
    sys.exit(130)
signal.signal(signal.SIGINT, heard)
pathlib.Path(sys.argv[1] + ".ready").touch()
while True:
    time.sleep(60)
"""
SPEC = """\
---
cockpit:
  loop: {loop}
  gates: [verdict]
  exit: direct
  agent: shell {agent}
  wip: 1
  review: 1000
---
## Goal
Measure.

## Queue
"""


@contextmanager
def lane(agent: str, *, loop: str = "on") -> Iterator[tuple[Places, Path]]:
    """A repository with an engine whose delegates run that command of the shell; gives its places and a free folder."""
    with tempfile.TemporaryDirectory(prefix="ckb-") as name:
        folder = Path(name)
        away(folder)
        root = folder / "repo"
        begin(root)
        found = places(cwd=root)
        persist.exclude(found)
        text = SPEC.format(loop=loop, agent=agent.replace("FOLDER", str(folder)))
        persist.create(found, text.encode(), persist.Act(verb="init", target="spec", by="human"))
        command = [sys.executable, "-m", "cockpit", "-C", str(root), "run"]
        engine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield found, folder
        finally:
            engine.terminate()
            engine.wait(20)
            tmux.stop_server(found)
            persist.close()


def begin(root: Path) -> None:
    """A repository with one commit and a name."""
    root.mkdir(parents=True)
    (root / "README.md").write_text("# A project\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Begin")


def when(condition: Callable[[], bool]) -> float:
    """The monotonic time at which it became true, to a millisecond."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it never came")
        time.sleep(0.001)
    return time.monotonic()


def stamp(path: Path) -> float:
    """What an agent wrote, when it has."""
    when(lambda: path.exists() and bool(path.read_text()))
    return float(path.read_text())


def marks(at: Places, id: str, mark: Mark) -> bool:
    """Whether the item has that mark now."""
    item = parse(at.spec.read_bytes()).item(id)
    return item is not None and item.mark is mark


def dispatching(rounds: int) -> Row:
    """From the item's line in the spec to its agent's first instruction, beside worktree, session and that agent."""
    ours: list[float] = []
    floor: list[float] = []
    with lane(f"{sys.executable} -c '{STAMP}' FOLDER/$COCKPIT_ITEM") as (at, folder):
        for number in range(rounds):
            begun = time.monotonic()
            steer(at, "add", words={"text": f"Round {number}"})
            id = parse(at.spec.read_bytes()).queue[-1].id
            ours.append(stamp(folder / id) - begun)
            when(lambda id=id: marks(at, id, Mark.NEEDS_YOU))
            steer(at, "strike", id)
            out, work = folder / f"floor{number}", folder / f"work{number}"
            begun = time.monotonic()
            git(at.root, "worktree", "add", "-q", "-b", f"floor{number}", str(work))
            command = [sys.executable, "-c", STAMP, str(out)]
            bare = ["tmux", "-L", "bench", "-f", "/dev/null", "new-session", "-d", "-s", f"f{number}", "-c", str(work)]
            subprocess.run([*bare, "--", *command], check=True)
            floor.append(stamp(out) - begun)
        subprocess.run(["tmux", "-L", "bench", "kill-server"], check=False, capture_output=True)
    of = "git worktree add + tmux new-session + the same agent"
    return ratio(
        "item in the queue to its agent's first instruction",
        statistics.median(ours),
        statistics.median(floor),
        None,
        of,
    )


def reviewing(rounds: int) -> Row:
    """The fourteen checks on 30 files and 2,000 lines, no command, against the forecast and the diff by git alone."""
    with tempfile.TemporaryDirectory(prefix="ckb-") as name:
        root = Path(name) / "repo"
        begin(root)
        rows = [f"def f{number}(value):\n    return value + {number}\n" for number in range(80)]
        for number in range(30):
            (root / f"module{number}.py").write_text("\n".join(rows))
        git(root, "add", ".")
        git(root, "commit", "-qm", "Write 30 modules")
        git(root, "switch", "-qc", "change")
        for number in range(30):
            changed = [row.replace("value +", "value -") if at % 5 < 2 else row for at, row in enumerate(rows)]
            (root / f"module{number}.py").write_text("\n".join([*changed, *(f"# {at}" for at in range(3))]))
        git(root, "commit", "-qam", "Change them")
        git(root, "switch", "-q", "main")
        ours: list[float] = []
        floor: list[float] = []
        at = places(cwd=root)
        for _ in range(rounds):
            begun = time.monotonic()
            git(root, "merge-tree", "--write-tree", "main", "change")
            git(root, "diff", "main...change")
            git(root, "log", "-p", "main..change")
            floor.append(time.monotonic() - begun)
            begun = time.monotonic()
            found = verify.review_branch(at, "change", spec.Controls(), "main")
            ours.append(time.monotonic() - begun)
            if len(found.checks) != 14:
                raise AssertionError(found)
        stat = git(root, "diff", "--shortstat", "main...change")
        persist.close()
    of = "git merge-tree, diff and log -p"
    return ratio(f"review, no command: {stat}", statistics.median(ours), statistics.median(floor), None, of)


def merging(rounds: int) -> Row:
    """From `accept` to the moved branch and its checkout, against `git merge --no-ff` of the same change."""
    ours: list[float] = []
    floor: list[float] = []
    work = "echo $COCKPIT_ITEM > $COCKPIT_ITEM.txt && git add . && git commit -qm Write"
    with lane(work) as (at, folder):
        bare = folder / "bare"
        begin(bare)
        for number in range(rounds):
            steer(at, "add", words={"text": f"Round {number}"})
            id = parse(at.spec.read_bytes()).queue[-1].id
            when(lambda id=id: marks(at, id, Mark.NEEDS_YOU))
            begun = time.monotonic()
            steer(at, "accept", id)
            ours.append(when(lambda id=id: (at.root / f"{id}.txt").exists()) - begun)
            when(lambda id=id: marks(at, id, Mark.DONE))
            git(bare, "switch", "-qc", f"b{number}")
            (bare / f"{number}.txt").write_text(f"{number}\n")
            git(bare, "add", ".")
            git(bare, "commit", "-qm", "Write")
            git(bare, "switch", "-q", "main")
            begun = time.monotonic()
            git(bare, "merge", "-q", "--no-ff", "--no-edit", f"b{number}")
            floor.append(time.monotonic() - begun)
    of = "git merge --no-ff"
    return ratio("accept to merged", statistics.median(ours), statistics.median(floor), None, of)


def interrupting(rounds: int) -> Row:
    """From the verb to the agent's handler of SIGINT, against `kill -INT` of the same program."""
    ours: list[float] = []
    floor: list[float] = []
    with tempfile.TemporaryDirectory(prefix="ckb-") as name:
        program = Path(name) / "listen.py"
        program.write_text(LISTEN)
        with lane(f"{sys.executable} {program} FOLDER/$COCKPIT_ITEM") as (at, folder):
            for number in range(rounds):
                steer(at, "add", words={"text": f"Round {number}"})
                id = parse(at.spec.read_bytes()).queue[-1].id
                when(lambda id=id: (folder / f"{id}.ready").exists() and marks(at, id, Mark.RUNNING))
                begun = time.monotonic()
                steer(at, "interrupt", id)
                ours.append(stamp(folder / id) - begun)
                when(lambda id=id: marks(at, id, Mark.BLOCKED))
                steer(at, "strike", id)
                out = folder / f"floor{number}"
                with subprocess.Popen([sys.executable, program, str(out)]) as bare:
                    when(lambda out=out: out.with_name(f"{out.name}.ready").exists())
                    begun = time.monotonic()
                    bare.send_signal(signal.SIGINT)
                    floor.append(stamp(out) - begun)
    return ratio(
        "interrupt to the agent's signal", statistics.median(ours), statistics.median(floor), None, "a bare SIGINT"
    )


ALL = (dispatching, reviewing, merging, interrupting)

if __name__ == "__main__":
    for work in ALL:
        print(work(5), flush=True)
