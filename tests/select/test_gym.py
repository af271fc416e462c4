"""What a measured goal does to the loop (R156)."""

from __future__ import annotations

from dataclasses import replace

from cockpit.facts import Measurement
from cockpit.gauges import Gauge
from cockpit.select import Base, Drive, Fence, Measure, World, gym
from cockpit.spec import Document, measures, parse
from tests.test_gauges import gauge, taken

DRAINED = Fence("drained", "the queue is drained")
NOBODY = World(turns={}, alive=lambda _: False, lost=lambda _: "", stale=lambda _: "", delivered=lambda _: frozenset())


def world(*gauges: Gauge) -> World:
    return replace(NOBODY, gauges=gauges)


def spec(loop: str = "on", made: int = 0) -> Document:
    items = "".join(f"- [x] Bring it ^q{number}\n  - from: a1\n" for number in range(made))
    return parse(f"---\ncockpit:\n  loop: {loop}\n---\n## Queue\n{items}".encode())


def test_it_is_measured_when_the_code_has_changed_and_first_when_the_loop_is_on():
    never, old, new = replace(gauge(), fresh=False), replace(gauge(240), fresh=False), gauge(240)
    assert gym.due(spec(), world(never, old, new)) == Measure(("a1", "a1"))
    assert gym.due(spec("hold"), world(never)) is None
    assert gym.due(spec("hold"), world(old)) == Measure(("a1",))
    assert gym.due(spec(), world(new)) is None
    assert gym.due(spec(), world(gauge(target="fast"))) is None, "nothing says what it is to come to"


def test_what_was_left_for_red_base_checks_is_measured_once_they_are_green():
    red = gauge(taken(None, red="`pytest` exit 1"))
    assert gym.due(spec(), world(red)) is None
    assert gym.due(spec(), replace(world(red), base=Base("main", "c" * 40, wanted=1))) == Measure(("a1",))


def test_the_loop_stops_when_all_that_is_open_is_at_its_target():
    assert gym.reached(()) is None
    assert gym.reached((gauge(240),)) is None
    assert gym.reached((gauge(180), gauge(240))) is None
    fence = gym.reached((gauge(180), gauge(240, mark="x")))
    assert fence is not None
    assert (fence.name, fence.item) == ("target", "a1")
    assert fence.words.startswith("target reached: p95 180 ms")
    assert gym.reached((gauge(180, mark="x"),)) is None, "yours by now: the queue flows on"
    assert gym.reached((gauge(180, taken(None, red="pytest")),)) is None, "red base checks: the number is not used"


def test_a_drained_queue_is_driven_on_as_often_as_the_goal_says():
    found = gauge(240, more="  - drive: 2\n")
    assert gym.drive(spec(), world(found), DRAINED) == Drive(found)
    assert gym.drive(spec(made=1), world(found), DRAINED) == Drive(found)
    fence = gym.drive(spec(made=2), world(found), DRAINED)
    assert isinstance(fence, Fence)
    assert (fence.name, "p95 240 ms" in fence.words) == ("drained", True)


def test_nothing_is_driven_without_a_word_a_number_or_a_drained_queue():
    assert gym.drive(spec(), world(gauge(240)), DRAINED) is None
    drive = "  - drive: 5\n"
    red: Measurement = taken(None, red="pytest")
    for found in (
        gauge(180, more=drive),
        gauge(240, red, more=drive),
        gauge(more=drive),
        replace(gauge(240, more=drive), fresh=False),
        gauge(240, mark="x", more=drive),
        gauge(240, more="  - drive: ever\n"),
    ):
        assert gym.drive(spec(), world(found), DRAINED) is None
    found = gauge(240, more=drive)
    assert gym.drive(spec(), world(found), None) is None
    assert gym.drive(spec(), world(found), Fence("usd", "spent")) is None


def test_without_progress_it_stops_under_its_own_name():
    fence = gym.drive(spec(), world(gauge(240, 240, 240, 240, more="  - drive: 9\n")), DRAINED)
    assert isinstance(fence, Fence)
    assert fence.name == "plateau"
    assert measures(spec()) == ()
