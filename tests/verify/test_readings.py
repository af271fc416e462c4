"""The number that a command prints, in the target's unit (R156)."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.verify.readings import Unread, reading

BENCH = "warmup 3 s\np50 100 ms\np95 212 ms (n=400)\ndone, 17 runs\n"


@pytest.mark.parametrize(
    ("output", "metric", "unit", "value"),
    [
        ("42\n", "", "", 42.0),
        ("1\n2 three 3.5\n\n", "", "", 3.5),
        (BENCH, "p95", "ms", 212.0),
        (BENCH, "", "ms", 212.0),
        (BENCH, "p50", "s", 0.1),
        ("took 0.15 s", "", "ms", 150.0),
        ("size: 2 MiB", "", "KiB", 2048.0),
        ("BenchmarkX-8  1000  212,345 ns/op", "", "ns/op", 212345.0),
        ("coverage 91.5%", "", "%", 91.5),
        ("latency=212", "", "ms", 212.0),
        ("x -1.5e-3", "", "", -0.0015),
        ("p95: 3\np95: 4\n", "P95", "ms", 4.0),
    ],
)
def test_the_last_number_or_the_named_one_in_the_targets_unit(output: str, metric: str, unit: str, value: float):
    assert reading(output, metric, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("output", "metric", "unit", "why"),
    [
        ("all good", "", "", "it prints no number"),
        ("", "", "ms", "it prints no number in ms"),
        ("3 MB", "", "ms", "it prints no number in ms"),
        (BENCH, "p99", "ms", "nothing it prints names p99"),
        ("p95 unknown", "p95", "ms", "no number behind p95"),
        ("p95 3 MB", "p95", "ms", "p95 is told in MB, the target in ms"),
        ("version v1.2", "", "", "it prints no number"),
    ],
)
def test_what_is_no_such_number_says_why(output: str, metric: str, unit: str, why: str):
    with pytest.raises(Unread, match=why):
        reading(output, metric, unit)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200), st.text(max_size=8), st.sampled_from(["", "ms", "%", "KiB"]))
def test_any_output_is_read_or_refused(output: str, metric: str, unit: str):
    with contextlib.suppress(Unread):
        assert reading(output, metric, unit) == reading(output, metric, unit)
