"""What an act costs against bare plumbing, small and among 20,000 files, and how a history of 10,000 acts is read."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from bench.rows import Row, git, ratio
from bench.terminal import Terminal
from cockpit import persist, start
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act

FEW, MANY = 20, 20_000
"""Files beside the spec."""
ACTS = 10_000
PAGE = 30


@contextmanager
def repository(files: int) -> Generator[Places]:
    """A repository of that many files with a spec of 200 items."""
    root = Path(tempfile.mkdtemp(prefix="ckh-"))
    try:
        git(root, "init", "-q", "-b", "main")
        git(root, "config", "user.name", "Bench")
        git(root, "config", "user.email", "bench@example.org")
        for number in range(files):
            folder = root / f"part-{number // 100}"
            folder.mkdir(exist_ok=True)
            (folder / f"file-{number}").write_text(str(number))
        git(root, "add", ".")
        git(root, "commit", "-qm", "Files", "--allow-empty")
        places = find_places(cwd=root)
        places.make()
        items = "".join(f"- [ ] an item of the queue ^q{number}\n" for number in range(200))
        persist.create(places, f"# Spec\n\n## Queue\n{items}".encode())
        yield places
    finally:
        persist.close()
        shutil.rmtree(root, ignore_errors=True)


def times(rounds: int, *works: Callable[[int], object]) -> list[float]:
    """Seconds of each, interleaved; the least, for other programs only ever add."""
    taken: list[list[float]] = [[] for _ in works]
    for number in range(rounds):
        for work, into in zip(works, taken, strict=True):
            begun = time.perf_counter()
            work(number)
            into.append(time.perf_counter() - begun)
    return [min(each) for each in taken]


def committing(rounds: int) -> list[Row]:
    """From the edit to its commit, against the five plumbing commands that commit one file, index and all."""
    rows: list[Row] = []
    for files in (FEW, MANY):
        with repository(files) as places:
            root = places.root
            others = [row for row in git(root, "ls-tree", "HEAD").split("\n") if not row.endswith("\tSPEC.md")]

            def plumbing(number: int, root: Path = root, others: list[str] = others) -> None:
                blob = git(root, "hash-object", "-w", "--stdin", input=f"{number}\n" * 400)
                tree = git(root, "mktree", input="\n".join([*others, f"100644 blob {blob}\tSPEC.md"]) + "\n")
                git(root, "update-index", "--add", "--cacheinfo", f"100644,{blob},OTHER.md")
                commit = git(root, "commit-tree", tree, "-p", "HEAD", "-m", "An act")
                git(root, "update-ref", "refs/bench/floor", commit)

            def two(number: int, root: Path = root) -> None:
                commit = git(root, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", f"Act {number}")
                git(root, "update-ref", "refs/bench/floor", commit)

            def act(number: int, places: Places = places) -> None:
                old, new = (f"- [{mark}] an item of the queue ^q{number}\n".encode() for mark in " x")
                persist.record(places, lambda data: data.replace(old, new), Act("accept", f"q{number}"))

            ours, floor, least = times(rounds, act, plumbing, two)
            of = "hash-object, mktree, update-index, commit-tree, update-ref"
            rows.append(ratio(f"act to commit, {files:,} files", ours, floor, 1.5, of))
            rows.append(ratio("the same", ours, least, None, "commit-tree, update-ref alone"))
    return rows


def deep(rounds: int) -> list[Row]:
    """The first page of a long history: `cockpit log` without and with Python's start, filters, and the screen."""
    with repository(FEW) as places:
        root = places.root
        _acts(places, ACTS)
        page = ["git", "log", f"-{PAGE}"]
        log = [sys.executable, "-m", "cockpit", "-C", str(root), "log", "-n", str(PAGE)]

        def run(*command: str) -> Callable[[int], object]:
            return lambda _: subprocess.run(command, cwd=root, check=True, capture_output=True)

        ours, floor, whole, bare, narrow, grep = times(
            rounds,
            lambda _: persist.timeline(places, PAGE),
            run(*page),
            run(*log),
            run(sys.executable, "-c", "pass"),
            lambda _: persist.timeline(places, PAGE, verb="mute", by="human", target="q8"),
            run(*page, "--grep=^Cockpit-Target: q8$"),
        )
        rows = [
            ratio(f"first page of {ACTS:,} acts", ours, floor, 2.0, f"git log -{PAGE}"),
            ratio("cockpit log, with Python's start", whole, bare + floor, None, f"python -c pass, git log -{PAGE}"),
            ratio("a page by verb, actor and item", narrow, grep, 2.0, f"git log -{PAGE} --grep"),
        ]
        screen = Terminal([sys.executable, "-m", "cockpit", "-C", str(root)])
        try:
            screen.await_text(b"Queue")
            screen.quiet(1.0)
            begun = time.perf_counter()
            screen.press(b"l")
            screen.await_text(b"acts, more below")
            opened = time.perf_counter() - begun
        finally:
            screen.close()
            start.stop(places)
        (most,) = times(5, run("git", "log", "-300"))
        return [*rows, ratio("timeline screen, key to its first 300 acts", opened, most, None, "git log -300")]


def _acts(places: Places, count: int) -> None:
    """That many acts, as `persist` words them, through `git fast-import`."""
    lines: list[str] = []
    base = persist.read(places).decode()
    for number in range(count):
        target, by = f"q{number % 200}", ("human", "engine")[number % 3 == 0]
        verb = ("mute", "defer", "accept", "dispatch")[number % 4]
        text = base + f"\n<!-- {number} -->\n"
        said = f"{verb} {target}\n\nCockpit-Verb: {verb}\nCockpit-Target: {target}\nCockpit-By: {by}\n"
        lines.append(f"commit refs/heads/main\ncommitter Bench <bench@example.org> {1_700_000_000 + number} +0000\n")
        lines.append(f"data {len(said)}\n{said}\n")
        lines.append("from refs/heads/main^0\n" if number == 0 else "")
        lines.append(f"M 100644 inline SPEC.md\ndata {len(text)}\n{text}\n")
    git(places.root, "fast-import", "--quiet", input="".join(lines))
    git(places.root, "reset", "-q", "--hard")
