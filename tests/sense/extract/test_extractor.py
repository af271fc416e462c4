from cockpit.sense.events import Event
from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log


def test_a_structured_event_keeps_time_number_and_run_of_its_line():
    line = log("FAILED tests/test_a.py::test_b - x", run="r-1", number=77, at=12.5)
    (event,) = Extractor().feed(line)
    assert (event.id, event.at, event.run, event.source) == (77, 12.5, "r-1", "ci")


def test_a_line_nobody_knows_stands_for_itself():
    assert Extractor().read(log("Downloading 12 kB")) is None


def test_events_that_are_no_lines_pass_by():
    assert Extractor().read(Event(source="git", what="PASSED a/b.py::c", kind="commit")) is None


def test_streams_do_not_mix():
    extractor = Extractor()
    extractor.feed(log("=== test session starts ===", source="a"))
    (first, second) = extractor.feed(log("1 passed in 0.1s", source="b"))
    assert (first.state, second.state) == ("started", "passed")


def test_dress_of_ci_systems_is_taken_off():
    for text in (
        "2026-11-21T10:00:00.1234567Z tests/a.py::t PASSED [ 10%]",
        "\x1b[32mtests/a.py::t PASSED\x1b[0m [ 10%]",
        "[2026-11-21T10:00:00.123Z] tests/a.py::t PASSED",
        "10:00:01 tests/a.py::t PASSED",
    ):
        assert [event.key for event in Extractor().feed(log(text, run="x"))] == ["tests/a.py::t"], text
