from tests.sense.extract.lines import results, rows, told

VERBOSE = """
============================= test session starts ==============================
platform linux -- Python 3.11.9, pytest-8.4.1, pluggy-1.6.0 -- /usr/bin/python
cachedir: .pytest_cache
rootdir: /home/me/shop
collecting ... collected 6 items

tests/test_a.py::test_good PASSED                                        [ 16%]
tests/test_a.py::test_bad FAILED                                         [ 33%]
tests/test_a.py::TestX::test_par[one two - 3] PASSED                     [ 50%]
tests/test_a.py::test_skipped SKIPPED (no database here)                 [ 66%]
tests/test_a.py::test_known XFAIL (ticket 9)                             [ 83%]
tests/test_b.py::test_setup ERROR                                        [100%]
=========================== short test summary info ============================
SKIPPED [1] tests/test_a.py:20: no database here
FAILED tests/test_a.py::test_bad - AssertionError: assert 1 == 2
ERROR tests/test_b.py::test_setup - RuntimeError: no port
==== 1 failed, 2 passed, 1 skipped, 1 xfailed, 1 error in 0.08s ====
"""


def test_a_verbose_run_of_pytest_is_told_whole():
    events = told(VERBOSE)
    assert rows(events) == [
        ("ci.run", "pytest", "started"),
        ("test.result", "tests/test_a.py::test_good", "pass"),
        ("test.result", "tests/test_a.py::test_bad", "fail"),
        ("test.result", "tests/test_a.py::TestX::test_par[one two - 3]", "pass"),
        ("test.result", "tests/test_a.py::test_skipped", "skip"),
        ("test.result", "tests/test_a.py::test_known", "pass"),
        ("test.result", "tests/test_b.py::test_setup", "fail"),
        ("test.result", "tests/test_a.py::test_bad", "fail"),
        ("test.result", "tests/test_b.py::test_setup", "fail"),
        ("ci.run", "pytest", "failed"),
    ]
    assert {event.run for event in events} == {"pytest-text-1"}
    assert events[-3].attrs["message"] == "AssertionError: assert 1 == 2"
    assert events[-3].paths == ("tests/test_a.py",)
    assert events[-1].attrs["counts"] == "1 failed, 2 passed, 1 skipped, 1 xfailed, 1 error"


def test_where_the_sender_names_the_run_no_line_ends_it():
    assert {row[0] for row in rows(told(VERBOSE, key="unit", run="unit-7"))} == {"test.result"}


def test_a_quiet_run_tells_its_failures_and_its_end():
    text = """
..F.                                                                     [100%]
FAILED test_q.py::test_x - ValueError: a [b] - c
1 failed, 3 passed in 0.02s
"""
    assert rows(told(text)) == [
        ("ci.run", "pytest", "started"),
        ("test.result", "test_q.py::test_x", "fail"),
        ("ci.run", "pytest", "failed"),
    ]


def test_green_runs_are_counted_one_by_one():
    events = told("3 passed in 0.01s\n3 passed, 1 warning in 61.20s (0:01:01)")
    assert [(event.state, event.run) for event in events if event.state != "started"] == [
        ("passed", "pytest-text-1"),
        ("passed", "pytest-text-2"),
    ]


def test_workers_and_reruns_name_the_test_last():
    text = """
[gw0] [ 33%] PASSED tests/test_a.py::test_good
[gw1] [100%] FAILED tests/test_a.py::test_bad[x-y]
PASSED tests/test_a.py::test_late (rerun)
"""
    assert results(text) == {
        "tests/test_a.py::test_good": "pass",
        "tests/test_a.py::test_bad[x-y]": "fail",
        "tests/test_a.py::test_late": "pass",
    }


def test_a_log_level_is_no_test_result():
    assert (
        told("ERROR com.acme.shop.Cart - connection refused\nFAILED to start\nPASSED all gates\nERROR app.db: gone")
        == []
    )


def test_unittest_is_told_in_both_spellings_of_its_names():
    text = """
test_add (tests.test_sum.SumTest.test_add) ... ok
test_old (tests.test_sum.SumTest) ... FAIL
test_skip (tests.test_sum.SumTest.test_skip) ... skipped 'later'
FAIL: test_old (tests.test_sum.SumTest)
Ran 3 tests in 0.001s
FAILED (failures=1, skipped=1)
"""
    assert rows(told(text)) == [
        ("ci.run", "unittest", "started"),
        ("test.result", "tests.test_sum.SumTest.test_add", "pass"),
        ("test.result", "tests.test_sum.SumTest.test_old", "fail"),
        ("test.result", "tests.test_sum.SumTest.test_skip", "skip"),
        ("test.result", "tests.test_sum.SumTest.test_old", "fail"),
        ("ci.run", "unittest", "failed"),
    ]
