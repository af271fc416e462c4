"""`make bench`: every figure as a ratio to a floor measured in the same run. `--write` puts the table into the docs."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import claims, document, fleet, flood, history, lane, reports, reviewing
from bench.rows import Row, away, git, ratio
from bench.terminal import Terminal
from cockpit import persist
from cockpit.demo.play import close, prepare
from cockpit.paths import Places
from cockpit.steer import steer
from cockpit.wire import latest

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BLANK = [sys.executable, "-m", "bench.blank"]


@contextmanager
def flight() -> Iterator[Places]:
    """The demo's repository with an engine that holds, away from everything of the user's."""
    folder = Path(tempfile.mkdtemp(prefix="ckb-"))
    away(folder)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled, as Textual is
    places = prepare(folder / "tally", pace=0.0)
    engine = subprocess.Popen(
        [sys.executable, "-m", "cockpit", "-C", str(places.root), "run"], stdin=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 20
        while latest(places.socket) is None:
            if time.monotonic() > deadline:
                raise TimeoutError("the engine did not answer")
            time.sleep(0.05)
        yield places
    finally:
        close(places)
        engine.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def cockpit(places: Places) -> list[str]:
    """The command that opens the screen there."""
    return [sys.executable, "-m", "cockpit", "-C", str(places.root)]


def start(places: Places, rounds: int) -> Row:
    """Start to first paint with all panes, against a blank Textual app; interleaved, medians."""
    ours: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        for command, text, into in ((BLANK, b"READY row 3", floor), (cockpit(places), b"Queue", ours)):
            screen = Terminal(command)
            into.append(screen.await_text(text))
            screen.quiet()
            screen.close()
    value, base = statistics.median(ours), statistics.median(floor)
    return ratio("start to first paint", value, base, 1.6, "a blank Textual app")


def latency(command: list[str], text: bytes, presses: int) -> tuple[list[float], int]:
    """Seconds from key to first byte for `presses` moves of a cursor, and bytes per key."""
    screen = Terminal(command)
    screen.await_text(text)
    screen.quiet(0.5)
    if text == b"Queue":
        screen.press(b"3")
        screen.quiet()
    taken: list[float] = []
    count = 0
    for number in range(presses):
        before = len(screen.seen)
        seconds = screen.press(b"j" if number % 4 < 2 else b"k")
        if seconds is not None:
            taken.append(seconds)
        screen.quiet(0.03)
        count += len(screen.seen) - before
    screen.close()
    return taken, count // presses


def keys(places: Places, presses: int) -> list[Row]:
    """Latency and bytes of a cursor move at rest."""
    floor, stock = latency(BLANK, b"READY row 3", presses)
    ours, count = latency(cockpit(places), b"Queue", presses)
    rows = [
        ratio(f"key to bytes at rest, {name}", of(ours), of(floor), limit, "a blank Textual app")
        for name, of, limit in (("p50", statistics.median, 1.6), ("p95", p95, 2.0))
    ]
    rows.append(
        Row(
            "bytes per cursor move",
            f"{count} B",
            f"{stock} B (stock list)",
            count / max(stock, 1),
            "<= 600 B",
            count <= 600,
        )
    )
    return rows


def reading(presses: int) -> list[Row]:
    """A move down the diff of a result of 2,000 lines, on the review's screen."""
    floor, stock = latency(BLANK, b"READY row 3", presses)
    with reviewing.result() as places:
        taken, counts = reviewing.down(places)
    count = int(statistics.median(counts))
    of = "stock list"
    return [
        ratio("review, 2,000 lines: a line down, p95", p95(taken), p95(floor), 3.0, "a blank Textual app"),
        Row(
            "review: bytes a line down",
            f"{count} B",
            f"{stock} B ({of})",
            count / max(stock, 1),
            "<= 600 B",
            count <= 600,
        ),
    ]


def flooded(places: Places, presses: int, rest: list[float]) -> Row:
    """Latency of a cursor move while another program sends 5,000 events a second into the socket."""
    with flood.Flood(places):
        taken, _ = latency(cockpit(places), b"Queue", presses)
    what = f"key to bytes with {flood.FLOOD:,} events/s, p95"
    return ratio(what, p95(taken), p95(rest), 2.0, "our own p95 at rest")


def idle(places: Places, seconds: float) -> Row:
    """Bytes to the terminal while nothing happens."""
    screen = Terminal(cockpit(places))
    screen.await_text(b"Queue")
    screen.quiet(1.5)
    before = len(screen.seen)
    deadline = time.perf_counter() + seconds
    while time.perf_counter() < deadline:
        screen.read(deadline - time.perf_counter())
    count = len(screen.seen) - before
    screen.close()
    return Row(f"bytes in {seconds:.0f} s of nothing", f"{count} B", "0 B", None, "0 B", count == 0)


def steering(places: Places, rounds: int) -> Row:
    """A verb, from the call to the commit on the branch, against bare `git commit-tree` and `git update-ref`."""
    ours: list[float] = []
    floor: list[float] = []
    steer(places, "pin", "warm")
    tree = git(places.root, "rev-parse", "HEAD^{tree}")
    for number in range(rounds):
        begun = time.perf_counter()
        git(
            places.root,
            "update-ref",
            "refs/bench/floor",
            git(places.root, "commit-tree", tree, "-m", f"bench {number}"),
        )
        floor.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        steer(places, "pin", f"row-{number % 7}")
        ours.append(time.perf_counter() - begun)
    of = "git commit-tree + update-ref"
    return ratio("steering verb to commit", statistics.median(ours), statistics.median(floor), 3.0, of)


def p95(values: list[float]) -> float:
    """The value that 95 of 100 stay below."""
    return sorted(values)[int(len(values) * 0.95)] if values else float("nan")


def table(rows: list[Row]) -> str:
    """The rows as markdown."""
    lines = ["| what | measured | floor | ratio | target | met |", "|---|---:|---:|---:|---:|---|"]
    for row in rows:
        times = "" if row.ratio is None else f"{row.ratio:.2f}x"
        met = "" if row.met is None else "yes" if row.met else "**no**"
        lines.append(f"| {row.what} | {row.value} | {row.floor} | {times} | {row.target} | {met} |")
    return "\n".join(lines)


def against(what: str, value: float, floor: float, of: str, limit: float | None) -> Row:
    """A figure of `bench.document` as a row; without a limit it only informs."""
    times = value / floor
    target, met = ("", None) if limit is None else (f"<= {limit:g}x", times <= limit)
    return Row(what, f"{value * 1000:.2f} ms", f"{floor * 1000:.2f} ms ({of})", times, target, met)


def write(mark: str, rows: list[Row]) -> None:
    """Put the table between these marks of docs/performance.md."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->\n", f"<!-- /{mark} -->"
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    made = f"Measured {datetime.date.today()} on {machine}.\n"
    head, _, rest_of = text.partition(begin)
    PAGE.write_text(head + begin + made + "\n" + table(rows) + "\n" + end + rest_of.partition(end)[2], encoding="utf-8")


def main() -> int:
    """Measure, print, and with `--write` keep the table between the marks of docs/performance.md."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, 5 s of idling")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    parser.add_argument("--document", action="store_true", help="only what reading the spec costs")
    given = parser.parse_args()
    many, presses, still = (3, 20, 5.0) if given.quick else (9, 60, 20.0)
    rows: list[Row] = []

    def measure(work: Callable[[], Row | list[Row]]) -> None:
        found = work()
        rows.extend(found if isinstance(found, list) else [found])
        print(table(rows).splitlines()[-1], flush=True)

    if given.document:
        for figure in document.figures():
            measure(lambda figure=figure: against(*figure))
        if given.write:
            write("document", rows)
        return 0 if all(row.met is not False for row in rows) else 1
    with flight() as places:
        measure(lambda: start(places, many))
        measure(lambda: keys(places, presses))
        measure(lambda: idle(places, still))
        measure(lambda: steering(places, many * 5))
        rest = latency(cockpit(places), b"Queue", presses)[0]
        measure(lambda: flooded(places, presses, rest))
        for figure in flood.figures(places, many, 100_000 if given.quick else 1_000_000):
            measure(figure)
        persist.close()
    measure(lambda: reading(presses))
    measure(lambda: history.committing(many * 5))
    measure(lambda: history.deep(many * 3))
    measure(lambda: reports.parsing(many))
    measure(lambda: claims.rows(many))
    for work in lane.ALL:
        measure(lambda work=work: work(many))
    measure(lambda: fleet.rows(still))
    print("\n" + table(rows))
    if given.write:
        write("bench", rows)
    return 0 if all(row.met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
