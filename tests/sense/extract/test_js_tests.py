from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, results, rows, told


def test_jest_names_a_test_by_file_and_own_name():
    text = """
FAIL src/cart.test.js
  cart
    ✓ adds two (2 ms)
    ○ skipped later
    ✎ todo some day
    deep
      ✕ breaks (2 ms)
  ● cart › deep › breaks
    expect(received).toBe(expected) // Object.is equality
    Expected: 4
    Received: 3
      at Object.toBe (src/cart.test.js:2:137)
Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 skipped, 1 todo, 1 passed, 4 total
Snapshots:   0 total
Time:        0.962 s
Ran all test suites matching src.
"""
    assert results(text) == {
        "src/cart.test.js > adds two": "pass",
        "src/cart.test.js > later": "skip",
        "src/cart.test.js > todo some day": "skip",
        "src/cart.test.js > breaks": "fail",
    }
    assert rows(told(text))[-1] == ("ci.run", "jest", "failed")


def test_a_suite_that_cannot_run_fails_jest_though_its_tests_are_green():
    text = "PASS lib/a.test.js\nTest Suites: 1 failed, 1 passed, 2 total\nTests:       3 passed, 3 total"
    assert rows(told(text))[-1] == ("ci.run", "jest", "failed")


def test_vitest_in_both_of_its_reporters():
    for text in (
        " RUN  v4.1.12 /w/shop\n ❯ v.spec.mjs (3 tests | 1 failed | 1 skipped) 29ms\n"
        "     ✓ adds 1ms\n     × breaks 22ms\n     ↓ later",
        " RUN  v4.1.12 /w/shop\n ✓ v.spec.mjs > cart > adds 2ms\n × v.spec.mjs > cart > breaks 4ms\n"
        " ↓ v.spec.mjs > cart > later",
    ):
        whole = (
            text
            + "\n FAIL  v.spec.mjs > cart > breaks\n Test Files  1 failed (1)\n      Tests  1 failed | 1 passed (3)"
        )
        assert results(whole) == {
            "v.spec.mjs > adds": "pass",
            "v.spec.mjs > breaks": "fail",
            "v.spec.mjs > later": "skip",
        }
        assert rows(told(whole))[-1] == ("ci.run", "vitest", "failed")


def test_mocha_passed_or_not_is_known_one_line_later():
    failing = "> mocha test/\n  ✔ adds\n  1) breaks\n  1 passing (4ms)\n  1 pending\n  1 failing\n  1) cart\n"
    assert results(failing) == {"adds": "pass", "breaks": "fail"}
    assert [row for row in rows(told(failing)) if row[0] == "ci.run"][-1] == ("ci.run", "mocha", "failed")
    passing = "> mocha test/\n  ✔ adds\n  1 passing (4ms)\ndeploying"
    assert rows(told(passing))[-1] == ("ci.run", "mocha", "passed")


TAP = """
TAP version 13
# Subtest: adds
ok 1 - adds
  ---
  duration_ms: 33.3
  ...
# Subtest: cart
    # Subtest: totals
    not ok 1 - totals
      ---
      location: '/w/a.test.js:6:44'
      failureType: 'testCodeFailure'
      error: "Cannot read properties of undefined (reading 'foo')"
      stack: |-
        TestContext.<anonymous> (/w/a.test.js:6:84)
      ...
    1..1
not ok 2 - cart
  ---
  type: 'suite'
  failureType: 'subtestsFailed'
  error: '1 subtest failed'
  ...
ok 3 - later # SKIP
ok 4 - some day # TODO x
1..4
# tests 5
# fail 1
# duration_ms 410.02
"""


def test_tap_tells_why_and_a_group_is_no_test():
    assert results(TAP) == {"adds": "pass", "totals": "fail", "later": "skip", "some day": "pass"}
    failed = next(event for event in told(TAP) if event.state == "fail")
    assert failed.attrs["message"] == "Cannot read properties of undefined (reading 'foo')"
    assert rows(told(TAP))[-1] == ("ci.run", "node", "failed")


def test_nothing_of_tap_is_left_over():
    extractor = Extractor()
    assert [line for line in TAP.strip().split("\n") if extractor.read(log(line)) is None] == []


def test_check_marks_of_other_programs_are_no_tests():
    assert told("✓ Built in the cloud\n✔ Logged in as me\n✖ nope\n× y") == []


def test_node_at_length_tells_each_test_once():
    text = """
✔ adds (0.5ms)
▶ cart
  ✖ totals (1.2ms)
✖ cart (2.2ms)
ℹ tests 2
ℹ fail 1
ℹ duration_ms 410
✖ failing tests:
test at a.test.js:3:1
✖ totals (1.2ms)
"""
    assert [row[1:] for row in rows(told(text)) if row[0] == "test.result"] == [("adds", "pass"), ("totals", "fail")]


def test_what_mocha_lists_as_failed_belongs_to_the_run_that_ended_above_it():
    text = """
  1 passing (8ms)
  2 failing

  1) Cart
       sums:

      AssertionError [ERR_ASSERTION]: 3 == 4
      at Context.<anonymous> (test/cart.js:7:14)

  2) Cart
       with tax
         rounds up:
     Error: Timeout of 2000ms exceeded.
"""
    found = [event for event in told(text) if event.kind == "test.result"]
    (end,) = [event for event in told(text) if event.kind == "ci.run" and event.state == "failed"]
    assert [(event.key, event.state, event.run) for event in found] == [
        ("sums", "fail", end.run),
        ("rounds up", "fail", end.run),
    ]
