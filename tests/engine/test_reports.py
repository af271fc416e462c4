"""Reports that the engine reads when they change: the drop folder, the spec's globs, what verifications wrote."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit import facts
from cockpit.engine.reports import Reports
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.sense import Event
from cockpit.spec import Document, parse

DOCUMENT = parse(b"---\ncockpit:\n  reports: [build/**/*.xml, report.jsonl]\n---\n## Queue\n- [ ] Work ^q1\n")
RED = '<testsuite name="s"><testcase name="a"><failure message="no"/></testcase><testcase name="b"/></testsuite>'
GREEN = '<testsuite name="s"><testcase name="b"/></testsuite>'
START = '{"$report_type":"SessionStart"}\n'
END = '{"$report_type":"SessionFinish","exitstatus":0}\n'


class Desk:
    """The reports of one repository as the engine reads them; time goes on by itself."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.reports = Reports(places)
        self.clock = 2_000_000_000

    def write(self, name: str, text: str) -> Path:
        path = self.places.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        self.clock += 1
        os.utime(path, (self.clock, self.clock))
        return path

    def told(self, document: Document = DOCUMENT, **turns: Turn) -> list[Event]:
        """The events of one look, kept."""
        found = self.reports.events(document, turns, self.clock + 0.5)
        self.reports.keep()
        return found

    def rows(self, document: Document = DOCUMENT, **turns: Turn) -> list[tuple[str, str]]:
        return [(event.key, event.state) for event in self.told(document, **turns) if event.state != "started"]


@pytest.fixture
def desk(places: Places) -> Desk:
    return Desk(places)


def ended(name: str, outcome: str) -> str:
    return f'{{"$report_type":"TestReport","nodeid":"{name}","when":"call","outcome":"{outcome}"}}\n'


def test_what_is_put_into_the_drop_folder_and_what_the_spec_names_is_read_once(desk: Desk):
    desk.write(".cockpit/reports/run.tap", "not ok 1 - x\n1..1\n")
    desk.write("build/deep/TEST-s.xml", RED)
    desk.write("elsewhere/TEST-s.xml", RED)
    assert desk.rows() == [
        ("x", "fail"),
        ("tap .cockpit/reports/run.tap", "failed"),
        ("s::a", "fail"),
        ("s::b", "pass"),
        ("junit build/deep/TEST-s.xml", "failed"),
    ]
    assert desk.rows() == []


def test_the_same_bytes_are_not_read_twice_not_even_by_the_next_engine(desk: Desk):
    desk.write("build/a.xml", RED)
    desk.told()
    desk.write("build/a.xml", RED)
    assert desk.rows() == []
    assert Desk(desk.places).rows() == []


def test_what_was_read_and_not_kept_is_read_again_after_a_kill_as_the_same_run(desk: Desk):
    desk.write("build/a.xml", RED)
    first = desk.reports.events(DOCUMENT, {}, 3e9)
    assert Reports(desk.places).events(DOCUMENT, {}, 3e9) == first


def test_the_next_report_closes_what_the_last_had_opened_also_over_a_restart(desk: Desk):
    desk.write("build/a.xml", RED)
    desk.told()
    desk.write("build/a.xml", GREEN)
    again = Desk(desk.places)
    assert again.rows() == [("s::b", "pass"), ("s::a", "closed"), ("junit build/a.xml", "passed")]


def test_a_half_written_report_is_tried_again_and_told_only_when_it_stays_so(desk: Desk):
    desk.write("build/a.xml", RED[:60])
    assert desk.rows() == []
    assert desk.reports.errors == []
    desk.write("build/a.xml", RED)
    assert ("s::a", "fail") in desk.rows()
    desk.write("build/a.xml", RED[:60])
    desk.told()
    desk.told()
    assert desk.reports.errors == ["report build/a.xml:1:40: the XML ends too early (wait until it is written)"]
    (desk.places.root / "build/a.xml").unlink()
    desk.told()
    assert desk.reports.errors == []


def test_a_report_is_as_old_as_its_file(desk: Desk):
    path = desk.write("build/a.xml", RED)
    os.utime(path, (1_000_000, 1_000_000))
    assert {event.at for event in desk.told()} == {1_000_000.0}


def test_a_report_log_is_read_while_it_grows(desk: Desk):
    desk.write("report.jsonl", START + ended("a.py::t", "failed"))
    assert desk.rows() == [("a.py::t", "fail")]
    with (desk.places.root / "report.jsonl").open("a") as file:
        file.write(ended("a.py::u", "passed") + '{"$report_type":"Session')
    assert desk.rows() == [("a.py::u", "pass")]
    with (desk.places.root / "report.jsonl").open("a") as file:
        file.write('Finish","exitstatus":1}\n')
    (end,) = desk.told()
    assert (end.key, end.state, end.attrs) == ("pytest report.jsonl", "failed", {"tests": 2, "failed": 1})


def test_the_next_engine_reads_a_log_on_in_the_same_run_and_counts_all_of_it(desk: Desk):
    desk.write("report.jsonl", START + ended("a.py::t", "passed"))
    run = desk.told()[0].run
    with (desk.places.root / "report.jsonl").open("a") as file:
        file.write(ended("a.py::u", "passed") + END)
    test, end = Desk(desk.places).told()
    assert (test.key, test.run, end.attrs) == ("a.py::u", run, {"tests": 2})


def test_a_log_that_is_written_anew_is_another_run_whose_green_closes_what_was_open(desk: Desk):
    desk.write("report.jsonl", START + ended("a.py::t", "failed") + END.replace("0", "1"))
    run = desk.told()[0].run
    desk.write("report.jsonl", START + ended("a.py::other_test_of_them", "passed") * 3 + END)
    events = desk.told()
    assert events[0].run != run
    assert [(event.key, event.state) for event in events[-2:]] == [
        ("a.py::t", "closed"),
        ("pytest report.jsonl", "passed"),
    ]


def turn(places: Places, item: str, *names: str) -> Turn:
    """A turn whose verification wrote these reports."""
    folder = places.turn(item, 1)
    review = facts.Review(
        base="b", head="h" * 40, recommendation="iterate", checks=[], at=1.0, reports=list(names), scratch="/scratch/x"
    )
    facts.write(folder, review)
    dispatch = facts.Dispatch(
        item=item, turn=1, text="", agent="", branch="", base="", target="", worktree="", session="", timeout=1, at=1
    )
    facts.write(folder, dispatch)
    found = facts.load(folder)
    assert found is not None
    return found


def test_what_a_verification_wrote_is_the_delegates_own_and_ends_with_its_work(desk: Desk):
    desk.write(
        ".cockpit/delegates/q1/1/reports/out/junit.xml", RED.replace('name="a"', 'name="a" file="/scratch/x/t.py"')
    )
    q1 = turn(desk.places, "q1", "out/junit.xml")
    failed = desk.told(q1=q1)[1]
    assert (failed.key, failed.item, failed.delegate) == ("q1:t.py::a", "q1", "q1")
    assert (failed.commit, failed.paths) == ("h" * 40, ("t.py",))
    over = parse(DOCUMENT.data.replace(b"- [ ] Work", b"- [x] Work"))
    assert desk.rows(over, q1=q1) == [("q1:t.py::a", "closed")]
    assert desk.rows(over, q1=q1) == []


def test_pipes_links_and_what_is_no_report_harm_nobody(desk: Desk):
    folder = desk.places.local / "reports"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    desk.write(".cockpit/reports/picture.png", "\x89PNG\0")
    with (folder / "huge.xml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    desk.write(".cockpit/reports/ok.tap", "ok 1 - fine\n")
    assert desk.rows()[0] == ("fine", "pass")
    desk.told()
    assert len(desk.reports.errors) == 2


def test_the_sweep_sees_a_report_change_outside_of_our_folder(desk: Desk):
    before = desk.reports.stamps(DOCUMENT)
    desk.write("build/a.xml", RED)
    assert desk.reports.stamps(DOCUMENT) != before
    assert desk.reports.stamps(None) == ()
