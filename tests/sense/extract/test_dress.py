"""What stands around the words of a line changes nothing of what they say."""

from __future__ import annotations

import pytest

from tests.sense.extract.lines import results, rows, told

LINES = ("FAILED tests/test_a.py::test_b - assert 1 == 2", "1 failed, 3 passed in 0.12s")
DRESSES = {
    "time": "2026-05-01T10:00:00.1234567Z {}",
    "time in brackets": "[2026-05-01 10:00:00] {}",
    "clock": "10:00:00.123 {}",
    "sender in brackets": "[ci] {}",
    "sender with a bar": "web-1    | {}",
    "task with a bar": "@shop/cart:test | {}",
    "docker": "#12 4.123 {}",
    "sender, then time": "[ci] 2026-05-01T10:00:00Z {}",
    "time, then sender": "2026-05-01T10:00:00Z web-1 | {}",
    "time, sender, level": "10:00:00 [ci] [ERROR] {}",
    "colour": "\x1b[31m{}\x1b[0m",
    "return": "{}\r",
    "colour around time and sender": "\x1b[2m2026-05-01T10:00:00Z\x1b[0m \x1b[36mweb-1 |\x1b[0m {}",
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_a_dressed_line_says_what_the_bare_line_says(dress: str):
    bare = [(event.kind, event.key, event.state, event.what) for event in told("\n".join(LINES))]
    text = "\n".join(dress.format(line) for line in LINES)
    dressed = [(event.kind, event.key, event.state, event.what) for event in told(text)]
    assert [row[:3] for row in dressed] == [row[:3] for row in bare]
    assert dressed[1] == bare[1]


def test_the_worker_of_xdist_and_an_excerpt_of_source_are_no_senders():
    assert results("[gw1] [ 50%] PASSED tests/test_a.py::test_a ") == {"tests/test_a.py::test_a": "pass"}
    text = """
error[E0425]: cannot find value `stock` in this scope
  --> src/main.rs:4:5
   |
4  | stock | other
   | ^^^^^ not found in this scope
"""
    assert rows(told(text)) == [("finding", "rustc:E0425 cannot find value `stock` in this scope", "")]


def test_lines_of_one_run_are_one_stream_whoever_sends_them():
    from cockpit.sense.events import Event
    from cockpit.sense.extract import Extractor

    extractor = Extractor()
    said = [("build", "ci", "--- FAIL: TestCart (0.01s)"), ("", "socket", "FAIL\texample.org/cart\t0.02s")]
    found = [
        event.key
        for number, (key, source, what) in enumerate(said, 1)
        for event in extractor.feed(Event(source=source, what=what, kind="log.line", key=key, run="build-7", id=number))
    ]
    assert found == ["TestCart"]
