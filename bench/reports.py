"""What reading a report costs: 50,000 testcases of JUnit into events, against expat walking over the same XML."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from xml.parsers import expat

from bench.rows import Row, ratio
from cockpit.sense import reports

TESTS = 50_000
FAIL = 50
"""One of so many fails, with a text."""


def junit(tests: int = TESTS) -> bytes:
    """A report as pytest writes it."""
    out = ['<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest">']
    for number in range(tests):
        file, name = f"test_{number % 400}", f"test_case_{number}[param-{number % 7}]"
        text = f"def test():\n&gt;   assert {number} == 2\n\ntests/pkg/{file}.py:{number % 90}: AssertionError"
        fails = f'<failure message="assert {number} == 2">{text}</failure>' if number % FAIL == 0 else ""
        owner = f"tests.pkg.{file}.TestGroup"
        out.append(f'<testcase classname="{owner}" name="{name}" time="0.0{number % 90}">{fails}</testcase>')
    out.append("</testsuite></testsuites>")
    return "".join(out).encode()


def walk(data: bytes) -> None:
    """The floor: every element is told and nothing is done with it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda _name, _attributes: None
    parser.EndElementHandler = lambda _name: None
    parser.CharacterDataHandler = lambda _text: None
    parser.Parse(data, True)


def parsing(rounds: int = 7) -> Row:
    """Bytes to events, against that floor; interleaved, medians."""
    data = junit()
    about = reports.About("junit.xml", 1.0)

    def timed(work: Callable[[], object]) -> float:
        gc.collect()
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    ours: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        floor.append(timed(lambda: walk(data)))
        ours.append(timed(lambda: reports.read(data, about)))
    value, base = statistics.median(ours), statistics.median(floor)
    return ratio(f"{TESTS:,} testcases of JUnit to events", value, base, 12.0, "expat, nothing done")


if __name__ == "__main__":
    print(parsing())
