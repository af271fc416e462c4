"""One cause, one row: what another row explains is counted there (salience, A7 inhibition)."""

from __future__ import annotations

from tests.sense.ranker.stream import Stream


def _suite(stream: Stream, number: int, fails: dict[str, str], names: list[str]) -> None:
    run = f"suite-{number}"
    stream.say("ci.run", "suite", "started", run=run, after=120)
    for name in names:
        if name in fails:
            stream.say(
                "test.result", name, "fail", what=f"FAILED {name} - {fails[name]}", run=run, level="error", after=1
            )
        else:
            stream.say("test.result", name, "pass", run=run, after=1)
    stream.say("ci.run", "suite", "failed" if fails else "passed", run=run, after=1)


NAMES = [f"cart/test_{word}.py::test_it" for word in ("add", "drop", "sum", "tax", "ship", "mail")]
ERRORS = [
    "KeyError: 'sku'",
    "TypeError: unhashable type: 'Price'",
    "ValueError: negative amount",
    "OSError: no route map",
]


def test_what_turned_red_with_one_upgrade_is_one_row():
    stream = Stream()
    _suite(stream, 1, {}, NAMES)
    _suite(stream, 2, {}, NAMES)
    stream.say("commit", "", what="Bump money from 2.1 to 3.0", commit="aa11bb2", paths=("requirements.txt",))
    _suite(stream, 3, {name: f"{error} in money" for name, error in zip(NAMES[:3], ERRORS, strict=False)}, NAMES)
    rows = stream.rank(after=10)
    assert [row.kind for row in rows] == ["test.result", "change", "ci.run"]
    assert rows[0].folded == 2


def test_one_red_run_has_two_rows_for_its_tests_and_counts_the_others():
    stream = Stream()
    _suite(stream, 1, {}, NAMES)
    _suite(stream, 2, {}, NAMES)
    _suite(stream, 3, dict(zip(NAMES[:3], ERRORS, strict=False)), NAMES)
    rows = stream.rank(after=10)
    assert [row.kind for row in rows] == ["test.result", "test.result", "ci.run"]
    assert sum(row.folded for row in rows) == 1


def test_a_line_that_says_what_a_check_would_say_is_no_second_row():
    stream = Stream()
    stream.say("log.line", "", what="all is calm", after=1)
    stream.say("log.line", "", what="preflight clock: 40 s ahead of the server", level="error", after=900)
    assert [row.kind for row in stream.rank()] == ["preflight"]


def test_a_check_that_tells_of_a_full_disk_stands_below_the_full_disk():
    stream = Stream()
    stream.say("ci.run", "site", "started", run="site-1")
    stream.say("log.line", "site", what="error: write failed: No space left on device", run="site-1", level="error")
    stream.say("ci.run", "site", "failed", run="site-1")
    stream.say("preflight", "disk", "fail", what="disk: 100% used, 0 bytes free")
    assert [row.kind for row in stream.rank()] == ["environment", "ci.run"]


def test_the_error_of_a_red_test_in_a_log_is_that_test():
    stream = Stream()
    error = "StateError: cart closed"
    for number in (1, 2):
        _suite(stream, number, {}, NAMES)
    for number in (3, 4):
        _suite(stream, number, {NAMES[0]: error}, NAMES)
    stream.say("ci.run", "suite", "started", run="suite-5", after=120)
    stream.say("log.line", "suite", what=error, run="suite-5", level="error")
    stream.say("ci.run", "suite", "failed", run="suite-5")
    assert [row.kind for row in stream.rank(after=10)] == ["test.result", "ci.run"]


def test_a_test_that_is_flaky_for_long_stands_below_what_is_newly_broken():
    stream = Stream()
    for number in range(1, 13):
        _suite(stream, number, {NAMES[0]: "TimeoutError: no reply"} if number % 2 else {}, NAMES)
    for number in (13, 14):
        _suite(stream, number, {NAMES[0]: "TimeoutError: no reply", NAMES[1]: "KeyError: 'sku'"}, NAMES)
    assert stream.keys(after=10)[0] == NAMES[1]


def test_a_job_that_is_red_for_another_reason_cites_the_run_that_says_so():
    stream = Stream()
    _suite(stream, 1, {}, NAMES)
    _suite(stream, 2, {NAMES[0]: "KeyError: 'sku'"}, NAMES)
    _suite(stream, 3, {NAMES[1]: "KeyError: 'tax'"}, NAMES)
    last = stream.id
    job = next(row for row in stream.rank(after=10) if row.kind == "ci.run")
    assert job.events == (last,)


def test_a_summary_without_failures_is_no_cause():
    stream = Stream()
    for number, end in ((1, "passed"), (2, "failed")):
        run = f"site-{number}"
        stream.say("ci.run", "site", "started", run=run)
        stream.say("log.line", "site", what=f"checks done in shop.cart{'x' * number}: errors: 0, failures: 0", run=run)
        if end == "failed":
            stream.say("log.line", "site", what="cannot read the price list", run=run)
        stream.say("ci.run", "site", end, run=run)
    assert stream.rank(after=10)[0].what == "cannot read the price list"


def test_a_test_that_failed_twice_with_passes_between_is_perhaps_flaky():
    stream = Stream()
    for number in range(1, 7):
        _suite(stream, number, {NAMES[0]: "TimeoutError: no reply"} if number in (3, 6) else {}, NAMES)
    assert stream.rank(after=10)[0].reasons == ("fails in 2 of 6 runs, perhaps flaky",)
