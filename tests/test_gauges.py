"""What measured criteria say now, and what is noise (R156)."""

from __future__ import annotations

from cockpit import gauges
from cockpit.facts import Measurement
from cockpit.gauges import Gauge
from cockpit.spec import measures, parse


def taken(value: float | None, *, spread: float = 0.0, runs: int = 3, red: str = "", trouble: str = "") -> Measurement:
    return Measurement(
        commit="c" * 40, digest="d", at=0.0, value=value, spread=spread, runs=runs, red=red, trouble=trouble
    )


def gauge(*values: float | Measurement, target: str = "< 200 ms", mark: str = " ", more: str = "") -> Gauge:
    text = f"## Acceptance\n- [{mark}] p95 ^a1\n  - measure: make bench\n  - target: {target}\n{more}"
    history = tuple(one if isinstance(one, Measurement) else taken(float(one)) for one in values)
    return Gauge(measures(parse(text.encode()))[0], history, fresh=True)


def test_the_words_of_each_state():
    assert gauges.words(gauge()) == "p95 not measured yet, target < 200 ms"
    assert gauges.words(gauge(240)) == "p95 240 ms, target < 200 ms, 1 measurement"
    found = gauges.words(gauge(260, 250, 241, 212))
    assert found == "p95 212 ms, target < 200 ms, 4 measurements, better by 12%"
    assert gauges.words(gauge(240, 180)) == "p95 180 ms, target < 200 ms (reached), 2 measurements, better by 25%"
    red = taken(None, red="`pytest` exit 1")
    assert gauges.words(gauge(240, red)) == (
        "p95 not used while the base checks are red: `pytest` exit 1, target < 200 ms"
    )
    broken = taken(None, trouble="it prints no number in ms")
    assert gauges.words(gauge(240, broken)) == "p95 no number: it prints no number in ms, target < 200 ms"
    assert (
        gauges.words(gauge(0, 5)) == "p95 5 ms, target < 200 ms (reached), 2 measurements, worse by more than nothing"
    )


def test_more_is_better_where_the_target_is_above():
    assert gauges.change(gauge(80, 90, target="> 95 %")) == "better by 12%"
    assert gauges.change(gauge(90, 80, target="> 95 %")) == "worse by 11%"


def test_small_changes_wide_runs_and_single_runs_are_noise():
    assert gauges.change(gauge(200, 203)) == "as before"
    assert gauges.change(gauge(200, 210)) == "worse by 5%"
    assert gauges.change(gauge(taken(200, spread=30), taken(210))) == "as before"
    assert gauges.change(gauge(taken(200, runs=1), taken(215, runs=1))) == "as before"
    assert gauges.change(gauge(taken(200, runs=1), taken(225, runs=1))) == "worse by 12%"


def test_red_measurements_do_not_part_the_values_around_them():
    assert gauges.change(gauge(240, taken(None, red="x"), 120)) == "better by 50%"


def test_a_regression_is_worse_than_noise_or_a_ticked_goal_that_is_missed():
    assert gauges.regressed(gauge(200, 203)) == ""
    assert gauges.regressed(gauge(200, 240)).startswith("p95 240 ms")
    assert gauges.regressed(gauge(180, 190, mark="x")).startswith("p95 190 ms"), "worse, though still there"
    assert gauges.regressed(gauge(199, 201, mark="x")).endswith("it was reached once")
    assert gauges.regressed(gauge(200, taken(None, red="x"))) == ""


def test_three_measurements_no_better_than_the_best_before_are_no_progress():
    assert not gauges.stuck(gauge(240, 240, 240))
    assert gauges.stuck(gauge(240, 240, 241, 239))
    assert not gauges.stuck(gauge(240, 240, 241, 220))
    assert gauges.stuck(gauge(300, 210, 240, 230, 211)), "up and down, never below what was had"


def test_a_brief_is_told_now_before_target_and_command():
    assert gauges.told(gauge()) == ""
    assert gauges.told(gauge(240, 212)) == (
        "- p95 (a1): 212 ms at ccccccccc; before that 240 ms at ccccccccc, better by 12%; the target is < 200 ms."
        " `make bench` measures it."
    )
