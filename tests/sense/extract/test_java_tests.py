# ruff: noqa: E501 (lines of logs are as long as they are)
from tests.sense.extract.lines import results, rows, told

SUREFIRE = """
[INFO] Running org.acme.CartTest
[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.596 s <<< FAILURE! - in org.acme.CartTest
[ERROR] sums(org.acme.CartTest)  Time elapsed: 0.01 s  <<< FAILURE!
java.lang.AssertionError: expected:<3> but was:<4>
	at org.acme.CartTest.sums(CartTest.java:12)
[ERROR] org.acme.CartTest.prices[2: EUR] -- Time elapsed: 0.01 s <<< ERROR!
java.lang.NoClassDefFoundError: org/slf4j/Logger
[ERROR] Failures:
[ERROR]   CartTest.sums:12 expected:<3> but was:<4>
[ERROR]   CartTest.prices » NoClassDefFound org/slf4j/Logger
[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0
"""


def test_surefire_in_its_old_and_new_spelling_with_what_was_thrown():
    failed = [event for event in told(SUREFIRE, key="build", run="build-1") if event.kind == "test.result"]
    assert [(event.key, event.state) for event in failed] == [
        ("org.acme.CartTest.sums", "fail"),
        ("org.acme.CartTest.prices[2: EUR]", "fail"),
    ]
    assert failed[0].what == "FAILED org.acme.CartTest.sums - AssertionError: expected:<3> but was:<4>"
    assert failed[1].attrs["error"] == "NoClassDefFoundError"


def test_a_class_that_passes_heals_its_tests_that_had_failed():
    text = f"{SUREFIRE}[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.5 s -- in org.acme.CartTest"
    assert results(text) == {"org.acme.CartTest.sums": "pass", "org.acme.CartTest.prices[2: EUR]": "pass"}


def test_a_failure_is_told_by_the_list_at_the_end_where_nothing_was_said_before():
    assert results("[ERROR]   CartTest.prices:16 » NoClassDefFound org/slf4j/Logger") == {"CartTest.prices": "fail"}


def test_gradle():
    text = """
org.acme.CartTest > sums() FAILED
    java.lang.AssertionError at CartTest.java:12
org.acme.CartTest > prices PASSED
org.acme.CartTest > later() SKIPPED
3 tests completed, 1 failed, 1 skipped
> Task :test FAILED
"""
    assert results(text) == {
        "org.acme.CartTest.sums": "fail", "org.acme.CartTest.prices": "pass", "org.acme.CartTest.later": "skip",
    }  # fmt: skip


def test_the_names_of_failed_tests_say_that_passes_have_no_lines():
    (event,) = [each for each in told(SUREFIRE) if each.key.endswith(".sums")]
    assert event.attrs["named"] == "failures"
    assert rows(told(SUREFIRE, key="b", run="b-1"))[0][0] == "test.result"
