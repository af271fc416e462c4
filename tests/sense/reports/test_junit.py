"""JUnit XML: the real tools' own, and what tools may write."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.sense import Event
from cockpit.sense.reports import read
from tests.sense.reports.shared import about, one, rows, run, sample

PYTEST = """
import pytest

def test_adds():
    pass

def test_fails():
    assert 1 + 2 == 4, "\\x1b[31msums\\x1b[0m"

@pytest.mark.skip(reason="not today")
def test_later(): ...

@pytest.mark.xfail(reason="known")
def test_expected():
    assert False

@pytest.fixture
def broken():
    raise RuntimeError("no database")

def test_set_up(broken): ...

class TestGroup:
    @pytest.mark.parametrize("n", [1, 2])
    def test_many(self, n):
        assert n == 1
"""


def xml(body: str, name: str = "suite") -> list[Event]:
    return read(f'<testsuites><testsuite name="{name}">{body}</testsuite></testsuites>'.encode(), about())


def pytest_report(folder: Path, *options: str) -> list[Event]:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "test_sums.py").write_text(PYTEST)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=out.xml", *options]
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    from cockpit.sense.reports import About

    return read((folder / "out.xml").read_bytes(), About(name="out.xml", at=1.0, root=str(folder)))


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_pytests_own_report_gives_the_ids_that_pytest_prints(tmp_path: Path, family: str):
    events = pytest_report(tmp_path, "-o", f"junit_family={family}")
    assert rows(events) == [
        ("tests/test_sums.py::test_adds", "pass"),
        ("tests/test_sums.py::test_fails", "fail"),
        ("tests/test_sums.py::test_later", "skip"),
        ("tests/test_sums.py::test_expected", "skip"),
        ("tests/test_sums.py::test_set_up", "fail"),
        ("tests/test_sums.py::TestGroup::test_many[1]", "pass"),
        ("tests/test_sums.py::TestGroup::test_many[2]", "fail"),
    ]
    failed = one(events, "tests/test_sums.py::test_fails")
    assert failed.what.startswith("FAILED tests/test_sums.py::test_fails - AssertionError: sums assert (1 + 2) == 4")
    assert (failed.level, failed.source, failed.paths) == ("error", "pytest", ("tests/test_sums.py",))
    assert failed.attrs["error"] == "AssertionError"
    assert failed.attrs["frame"] == "tests/test_sums.py:8"
    assert one(events, "tests/test_sums.py::test_set_up").attrs["type"] == "error"
    assert run(events).what == "pytest: 3 of 7 tests failed, 2 skipped (out.xml)"
    assert run(events).key == "pytest out.xml"


def test_a_module_that_cannot_be_collected_is_known_by_its_file(tmp_path: Path):
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_broken.py").write_text("import nothing_there\n")
    events = pytest_report(tmp_path)
    assert ("tests/test_broken.py", "fail") in rows(events)


def test_a_green_run_passed_and_one_without_tests_proves_nothing(tmp_path: Path):
    assert run(pytest_report(tmp_path, "-k", "adds")).state == "passed"
    empty = run(pytest_report(tmp_path, "-k", "nothing_of_that_name"))
    assert (empty.state, empty.what) == ("empty", "pytest: no test ran (out.xml)")
    assert not empty.closes


def test_jest():
    events = sample("jest.xml")
    assert rows(events) == [
        ("sums adds", "pass"),
        ("sums deep fails", "fail"),
        ("sums later", "skip"),
        ("sums some day", "pass"),
    ]
    assert events[0].source == "jest"


def test_vitest_tells_files_that_do_not_load_and_keeps_the_names_it_prints():
    events = sample("vitest.xml")
    assert rows(events) == [
        ("vt/broken.test.js", "fail"),
        ("vt/sums.test.js > sums > adds", "pass"),
        ("vt/sums.test.js > sums > deep > fails", "fail"),
        ("vt/sums.test.js > sums > later", "skip"),
        ("vt/sums.test.js > sums > some day", "skip"),
    ]
    assert one(events, "vt/sums.test.js > sums > deep > fails").attrs["frame"] == "vt/sums.test.js:4"


def test_nodes_testcases_outside_of_any_suite_are_told_and_a_failed_todo_is_none():
    events = sample("node.xml")
    assert rows(events) == [
        ("sums > adds", "pass"),
        ("sums > fails", "fail"),
        ("sums > later", "skip"),
        ("sums > some", "skip"),
        ("alone fails # hard", "fail"),
    ]
    assert events[0].source == "node"
    assert one(events, "sums > fails").paths == ("nt/sums.test.mjs",)


def test_mocha():
    assert rows(sample("mocha.xml")) == [
        ("mo.js::grp::ok", "pass"),
        ("mo.js::grp::bad", "fail"),
        ("mo.js::grp::pend", "skip"),
    ]


def test_surefire_with_reruns_its_totals_are_wrong_and_not_believed():
    events = sample("TEST-org.sums.SumsTest.xml")
    assert rows(events) == [
        ("org.sums.SumsTest.breaks", "fail"),
        ("org.sums.SumsTest.adds", "pass"),
        ("org.sums.SumsTest.fails", "fail"),
        ("org.sums.SumsTest.flaky", "pass"),
        ("org.sums.SumsTest.later", "skip"),
    ]
    flaky = one(events, "org.sums.SumsTest.flaky")
    assert (flaky.attrs["tries"], flaky.what) == (1, "PASSED org.sums.SumsTest.flaky - at try 2")
    assert one(events, "org.sums.SumsTest.breaks").attrs["error"] == "IllegalStateException"
    assert one(events, "org.sums.SumsTest.fails").attrs["frame"] == "SumsTest.java:7"
    assert run(events).attrs["tests"] == 5


def test_gos_second_telling_of_a_test_is_its_second_try():
    events = sample("gotest.xml")
    assert rows(events) == [
        ("example.org/sums::TestAdds", "pass"),
        ("example.org/sums::TestFails/deep", "fail"),
        ("example.org/sums::TestFlaky", "pass"),
    ]
    assert one(events, "example.org/sums::TestFlaky").attrs["tries"] == 1
    assert one(events, "example.org/sums::TestFails/deep").attrs["message"] == "sums_test.go:12: got 3, want 4"


def test_elsewhere_a_test_told_twice_failed_if_it_failed_once():
    case = '<testcase classname="a" name="b"/><testcase classname="a" name="b"><failure/></testcase>'
    again = f'{case}<testcase classname="a" name="b"/>'
    assert rows(xml(again)) == [("suite::a::b", "fail")]


def test_testcases_stand_anywhere_and_suites_nest():
    inner = '<testsuite name="inner"><properties/><testcase name="deep"/></testsuite><testcase name="after"/>'
    assert rows(xml(inner, "outer")) == [("inner::deep", "pass"), ("outer::after", "pass")]
    assert rows(read(b'<testcase name="alone"/>', about())) == [("alone", "pass")]
    assert rows(read(b'<testsuites><testcase name="bare"/></testsuites>', about())) == [("bare", "pass")]


def test_a_suite_that_could_not_run_is_a_failure():
    events = xml('<error message="no such class" type="java.lang.NoClassDefFoundError"/>', "org.Sums")
    assert rows(events) == [("org.Sums", "fail")]
    assert run(events).state == "failed"


def test_properties_of_a_test_go_along_bounded():
    many = "".join(f'<property name="p{number}" value="v"/>' for number in range(50))
    (test,) = xml(f'<testcase name="a"><properties>{many}</properties><skipped/></testcase>')[1:-1]
    assert len(test.attrs["properties"]) == 8


def test_long_texts_keep_their_two_ends():
    text = "begin " + "x" * 3_000_000 + " the end"
    (test,) = xml(f'<testcase name="a"><failure message="m">{text}</failure></testcase>')[1:-1]
    assert test.evidence.startswith("begin")
    assert test.evidence.endswith("the end")
    assert len(test.evidence) <= 2000


def test_long_ids_stay_apart():
    events = xml(f'<testcase name="{"x" * 300}1"/><testcase name="{"x" * 300}2"/>')
    keys = [key for key, _ in rows(events)]
    assert len(set(keys)) == 2
    assert all(len(key) <= 120 for key in keys)


def test_control_characters_that_xml_forbids_are_mended_and_do_not_reach_anybody():
    case = b'<testcase name="a\x1b[31m&#27;]0;evil&#7;"><failure message="\xff&#xB;"/></testcase>'
    events = read(b'<testsuite name="s">' + case + b"</testsuite>", about())
    assert all("\x1b" not in text for event in events for text in (event.key, event.what, event.evidence))
    assert rows(events)[0][1] == "fail"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings(encoding: str):
    data = f'<?xml version="1.0" encoding="{encoding}"?><testsuite name="s"><testcase name="für"/></testsuite>'
    assert rows(read(data.encode(encoding), about())) == [("s::für", "pass")]


def test_a_report_that_is_still_being_written_says_so():
    with pytest.raises(CockpitError, match=r"report:1:\d+: the XML ends too early"):
        read(b'<testsuites><testsuite name="s"><testcase name="a"/>', about())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html><body/></html>", "no report of JUnit: it begins with <html>"),
        (b"<testsuite></testcase>", "mismatched tag"),
        (b"<testsuites/><testsuites/>", "junk after document element"),
        (b'<?xml version="1.0" encoding="nonsense"?><testsuites>', "ends too early"),
    ],
)
def test_what_is_no_report_is_told_with_its_place(data: bytes, words: str):
    with pytest.raises(CockpitError, match=words):
        read(data, about())
