"""The reader of plain text: what of the structure it gives back, and what a line costs.

python -m bench.extract DIR         structured streams in DIR/practice, the same as text in DIR/practice-text
python -m bench.extract --lines N   a log of N lines through the extractor, against splitting it and masking each line
"""

from __future__ import annotations

import collections
import gzip
import json
import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from cockpit.sense.events import Event
from cockpit.sense.extract import Extractor

KINDS = ("test.result", "preflight", "session.check", "ci.run")


def event_of(row: dict) -> Event:
    """A line of the practice set as our event."""
    return Event(
        source=row["source"], what=row["message"], at=row["ts"], id=row["id"], kind=row["kind"], key=row.get("key", ""),
        state=row.get("status", ""), run=row.get("run_id", ""), commit=row.get("commit", ""),
        item=row.get("queue_item", ""), delegate=row.get("delegate", ""),
    )  # fmt: skip


def recovered(folder: Path) -> None:
    """What came back of the events that the text set has as lines only: with state, with key; and false ones.

    The two sets were drawn apart, so a line is matched by its words: exactly, else with digits and test names masked.
    """
    exact: dict[str, tuple[str, str, str]] = {}
    shape: dict[str, tuple[str, str]] = {}
    for row in rows(folder / "practice"):
        if row["kind"] in KINDS[:3]:
            exact[row["message"]] = (row["kind"], row["key"], row["status"])
            shape[masked(row["message"])] = (row["kind"], row["status"])
    want, state, key, false = (collections.Counter[str]() for _ in range(4))
    extractor, stream = Extractor(), ""
    for row in rows(folder / "practice-text"):
        if row["stream"] != stream:
            extractor, stream = Extractor(), row["stream"]
        told = [each for each in extractor.feed(event_of(row)) if each.kind in KINDS]
        kind, meant = shape.get(masked(row["message"]), ("", "")) if row["kind"] == "log.line" else ("", "")
        false.update(each.kind for each in told if each.kind != kind)
        if kind:
            same = [each for each in told if (each.kind, each.state) == (kind, meant)]
            _, name, _ = exact.get(row["message"], ("", "", ""))
            want[kind] += 1
            state[kind] += bool(same)
            key[kind] += any(each.key == name or (not name and each.key in row["message"]) for each in same)
    for kind in KINDS:
        print(f"{kind:14} lines {want[kind]:6}  state {state[kind]:6}  and key {key[kind]:6}  false {false[kind]:5}")


def rows(folder: Path) -> Iterator[dict]:
    """The lines of all streams, each with the name of its stream."""
    for path in sorted((folder / "streams").glob("*.gz")):
        with gzip.open(path, "rt") as lines:
            yield from (json.loads(line) | {"stream": path.name} for line in lines)


def masked(text: str) -> str:
    """Its words without digits and without what is named."""
    return re.sub(r"\S*[\d/.]\S*", "*", text)


SAMPLES = (
    "[INFO] Downloaded from central: https://repo.example/org/acme/thing/1.{n}/thing-1.{n}.pom (12 kB at 34 kB/s)",
    "Progress (1): {n}/345 kB", "compiling module {n}", "\tat org.acme.shop.Cart.total(Cart.java:{n})",
    "otel exporter: failed to export {n} spans to localhost:4317: connection refused (attempt 17)",
    "[WARNING] /home/runner/work/shop/shop/src/A{n}.java:[{n},3] oldApi() in com.acme.Old has been deprecated",
    "tests/test_a.py::test_{n} PASSED  [ 10%]",
    "npm http fetch GET 200 https://registry.example/thing-{n} 12ms (cache hit)",
    "remote: Counting objects:  {n}% (1/3)",
    "2026-11-21T10:00:00.1234567Z watch: inotify event mask=0x913 path=/tmp/o/{n}.o",
)  # fmt: skip


def cost(lines: int) -> None:
    """Lines a second, as multiples of splitting the text and of one mask a line; what it keeps; one line of 1 MB."""
    digits = re.compile(r"\S*\d\S*")
    text = "\n".join(SAMPLES[n % len(SAMPLES)].format(n=n) for n in range(lines))
    start = time.perf_counter()
    whats = text.split("\n")
    split = time.perf_counter() - start
    log = [Event(source="ci", kind="log.line", key="b", what=what) for what in whats]
    start = time.perf_counter()
    for event in log:
        digits.sub("*", event.what)
    floor = time.perf_counter() - start
    extractor = Extractor()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = sum(len(extractor.feed(event)) for event in log)
    spent = time.perf_counter() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{lines} lines, {found} events: {lines / spent:.0f} lines/s, {grown:.1f} MB grown")
    print(f"  {spent / split:.0f} x splitting the text, {spent / floor:.2f} x one mask a line")
    long = Event(source="ci", kind="log.line", key="b", what="error: " + "a1 /" * 262_144)
    start = time.perf_counter()
    extractor.feed(long)
    print(f"  a line of 1 MB: {(time.perf_counter() - start) * 1000:.1f} ms")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--lines"]:
        cost(int(sys.argv[2]) if len(sys.argv) > 2 else 200_000)
    elif len(sys.argv) == 2:
        recovered(Path(sys.argv[1]))
    else:
        raise SystemExit(__doc__)
