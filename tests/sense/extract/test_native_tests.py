from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, results, rows, told

GO = """
=== RUN   TestSum
--- PASS: TestSum (0.00s)
=== RUN   TestPrice/eur
    cart_test.go:12: got 3, want 4
--- FAIL: TestPrice/eur (0.02s)
--- SKIP: TestLater (0.00s)
FAIL
FAIL	example.org/shop/cart	0.012s
ok  	example.org/shop/store	(cached)
?   	example.org/shop/cmd	[no test files]
FAIL	example.org/shop/broken [build failed]
exit status 1
"""


def test_go_tells_tests_and_the_packages_without_a_named_failure():
    assert results(GO) == {
        "TestSum": "pass",
        "TestPrice/eur": "fail",
        "TestLater": "skip",
        "example.org/shop/store": "pass",
        "example.org/shop/broken": "fail",
    }
    extractor = Extractor()
    assert [line for line in GO.strip().split("\n") if extractor.read(log(line)) is None] == []


CARGO = """
   Compiling shop v0.1.0 (/w/shop)
     Running unittests src/lib.rs (target/debug/deps/shop-507999230d6984fa)
running 3 tests
test tests::bad ... FAILED
test tests::good ... ok
test tests::later ... ignored
failures:
---- tests::bad stdout ----
thread 'tests::bad' (9190) panicked at src/lib.rs:6:24:
assertion `left == right` failed: sum is off
  left: 3
 right: 4
failures:
    tests::bad
test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.11s
error: test failed, to rerun pass `--lib`
"""


def test_cargo_tells_its_tests_and_why():
    events = told(CARGO)
    assert rows(events) == [
        ("ci.run", "cargo", "started"),
        ("test.result", "tests::bad", "fail"),
        ("test.result", "tests::good", "pass"),
        ("test.result", "tests::later", "skip"),
        ("error", "panic: assertion `left == right` failed: sum is off", ""),
        ("ci.run", "cargo", "failed"),
    ]
    assert events[4].attrs["test"] == "tests::bad"
    extractor = Extractor()
    assert [line for line in CARGO.strip().split("\n") if extractor.read(log(line)) is None] == []


def test_nextest():
    text = "        PASS [   0.005s] shop tests::good\n        FAIL [   0.103s] (1/4) shop tests::bad"
    assert results(text) == {"shop tests::good": "pass", "shop tests::bad": "fail"}
