"""Many writers on one spec, every edit accounted for: `python -m bench.writers --seconds 60 --seed 1`.

Cockpit's own writers, the engine, blind editors of every way of saving, `sed -i`, an agent and git itself change one
spec in one real repository, each in a process of its own. Blind editors keep an old buffer, save it again and again,
and undo. The one rule among them: a blind writer does not overwrite another one's save in the milliseconds before
anybody has looked (docs/concurrency.md says why nothing can help there).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.account import losses, told
from bench.roles import work
from bench.typed import FIRST
from bench.writer import Writer, run, word
from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, journal
from cockpit.spec import edit

SPEC = b"""---
cockpit:
  loop: hold
---
# Spec

## Goal
Lose nothing.

## Live Signals

## Queue
%s
## Known failures

## Exchange
Words.

## Theirs
%s
## Done
"""
ALIKE = ("c1x", "c2x", "e1x", "i1x", "r1x", "v1x", "s1x", "a1x")
ALL = (*ALIKE, "g1x")
"""With git's own writing; what is still open there stands in docs/concurrency.md."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    edits: int
    seconds: float
    lost: list[str]
    conflicts: int
    versions: int
    guessed: tuple[int, int]
    """Saves whose base was found by likeness, and how many of them were really made from another version."""
    commits: int
    notice: float
    """Median seconds from a blind save until it was seen."""


def begin(folder: Path) -> Places:
    """A repository with a spec of some items."""
    root = folder / "repo"
    root.mkdir(parents=True)
    (folder / "logs").mkdir()
    run(root, "init", "-qb", "main")
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("gc.auto", "0")):
        run(root, "config", key, value)
    (root / "README.md").write_text("# A project\n")
    run(root, "add", "README.md")
    run(root, "commit", "-qm", "Start")
    places = find_places(cwd=root)
    places.make()
    items = ["".join(f"- [ ] {word(name + str(at))}\n" for at in range(FIRST)).encode() for name in "qt"]
    persist.create(places, SPEC % tuple(items))
    return places


def stress(folder: Path, seed: int, count: int, seconds: float, writers: tuple[str, ...] = ALIKE) -> Result:
    """Let them all write, `count` edits each or for so long, and account for every edit."""
    places = begin(folder)
    began = time.monotonic()
    end = str(began + seconds)
    command = [sys.executable, "-m", "bench.writers", "--root", str(places.root), "--seed", str(seed)]
    options = ["--count", str(count), "--deadline", end]
    watcher = subprocess.Popen([*command, *options, "--work", "w"])
    working = {name: subprocess.Popen([*command, *options, "--work", name]) for name in writers}
    broken = [f"{name} broke" for name, process in working.items() if process.wait() != 0]
    (folder / "end").touch()
    if watcher.wait() != 0:
        broken.append("the watcher broke")
    taken = time.monotonic() - began
    persist.record(places, lambda data: edit.add_item(data, "endword")[0], Act("add", "endword", reason="endword"))
    data = persist.read(places)
    said = told(folder / "logs")
    lost = [*broken, *losses(data, said.edits), *unkept(places, data, said.saves, said.acts)]
    notices = sorted(said.notices) or [0.0]
    commits = int(subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=places.root, capture_output=True).stdout)
    return Result(
        edits=len(said.edits),
        seconds=taken,
        lost=lost,
        conflicts=data.count(b"conflict: "),
        versions=len(journal.ids(places)),
        guessed=guessed(places, said.made),
        commits=commits,
        notice=notices[len(notices) // 2],
    )


def guessed(places: Places, made: dict[str, set[str]]) -> tuple[int, int]:
    """Of the saves whose making is known: how many there were, and how many were taken as made from another version."""
    first = {version.blob: version.base for version in journal.entries(places) if version.by == "save"}
    found = [base in made[blob] for blob, base in first.items() if blob in made]
    return len(found), found.count(False)


def unkept(places: Places, data: bytes, saves: list[str], acts: list[str]) -> Iterator[str]:
    """Versions that are not on the journal, acts that git's history does not tell, and a history that is not whole."""
    kept = set(journal.ids(places))
    yield from (f"not on the journal: {name}" for name in saves if name not in kept)
    if persist.busy(places):
        yield f"git is left with a {persist.busy(places)}"
    history = subprocess.run(["git", "log", "--format=%B"], cwd=places.root, capture_output=True, text=True).stdout
    told_words = set(history.split())
    yield from (f"no commit tells of the act {word}" for word in acts if word not in told_words)
    if subprocess.run(["git", "show", "HEAD:SPEC.md"], cwd=places.root, capture_output=True).stdout != data:
        yield "the file is not what HEAD has"
    check = subprocess.run(["git", "fsck", "--no-dangling"], cwd=places.root, capture_output=True, text=True)
    if check.returncode:
        yield f"git fsck: {check.stderr}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000_000, help="edits of each writer at most")
    parser.add_argument("--writers", default=",".join(ALIKE), help=f"which of {','.join(ALL)}")
    parser.add_argument("--keep", help="a folder to leave repository and logs in")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--deadline", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
        try:
            work(Writer(given.work, given.root, given.seed, given.count, given.deadline))
        except CockpitError as error:
            print(f"{given.work}: {error}", file=sys.stderr)
            return 1
        finally:
            persist.close()
        return 0
    folder = Path(given.keep or tempfile.mkdtemp(prefix="ckw-"))
    result = stress(folder, given.seed, given.count, given.seconds, tuple(given.writers.split(",")))
    persist.close()
    print(f"{result.edits} edits in {result.seconds:.0f} s ({result.edits / result.seconds:.0f}/s), {result.versions}")
    print(f"versions, {result.commits} commits, {result.conflicts} conflicts, seen after {result.notice * 1e3:.0f} ms")
    print(f"{result.guessed[1]} of {result.guessed[0]} saves taken as made from another version than they were")
    print(f"lost: {len(result.lost)}")
    print("\n".join(result.lost[:60]))
    return 1 if result.lost else 0


if __name__ == "__main__":
    sys.exit(main())
