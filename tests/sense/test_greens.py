"""A green run speaks for the tests it does not name."""

from __future__ import annotations

from cockpit.sense import Event
from cockpit.sense.greens import RUNS, Greens


def run(job: str, name: str, state: str) -> Event:
    return Event(source="ci", kind="ci.run", key=job, run=name, state=state, what=f"{job} {state}", at=1.0)


def fails(test: str, run: str, **attrs: object) -> Event:
    told = {"named": "failures", **attrs}
    return Event(
        source="ci", kind="test.result", key=test, run=run, state="fail", what=f"{test} fails", at=1.0, attrs=told
    )


def proved(greens: Greens, *events: Event) -> list[str]:
    return [each.key for event in events for each in greens.feed(event)]


def test_a_green_run_of_the_job_proves_what_failed_in_its_earlier_runs():
    greens = Greens()
    assert proved(greens, run("unit", "1", "started"), fails("t::a", "1"), run("unit", "1", "failed")) == []
    assert proved(greens, run("unit", "2", "passed")) == ["t::a"]
    assert proved(greens, run("unit", "3", "passed")) == []


def test_a_run_of_another_job_proves_nothing():
    greens = Greens()
    proved(greens, fails("t::a", "1"), run("unit", "1", "failed"))
    assert proved(greens, run("lint", "2", "passed")) == []


def test_a_test_whose_passes_have_lines_speaks_for_itself():
    greens = Greens()
    proved(greens, run("unit", "1", "started"), fails("t::a", "1", named=""), run("unit", "1", "failed"))
    assert proved(greens, run("unit", "2", "passed")) == []


def test_what_is_remembered_is_bounded():
    greens = Greens()
    for number in range(3 * RUNS):
        proved(greens, run("unit", str(number), "started"), fails("t::a", str(number)))
    assert len(greens.red) <= RUNS
    assert len(greens.jobs) <= RUNS
