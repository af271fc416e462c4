import msgspec

from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, results, told


def errors(text: str, **names: str):
    return [(event.key, event.attrs.get("frame", ""), event.paths) for event in told(text, **names)]


def test_pythons_traceback_is_one_error_with_its_nearest_frame_of_ours():
    text = """
Traceback (most recent call last):
  File "/home/runner/work/shop/shop/src/cart.py", line 5, in total
    return price(item)
           ^^^^^^^^^^^
  File "/usr/lib/python3.11/json/__init__.py", line 293, in load
    return loads(fp.read())
ValueError: no price for order 1742
"""
    assert errors(text) == [("ValueError: no price for order *", "src/cart.py:total", ("src/cart.py",))]


def test_a_message_that_tells_little_is_told_apart_by_its_frame():
    text = """
Traceback (most recent call last):
  File "src/cart.py", line 5, in total
    return prices["x"]
KeyError: 'x'
"""
    assert errors(text)[0][0] == "KeyError: 'x' in src/cart.py:total"


def test_a_chain_of_exceptions_is_one_failure():
    text = """
Traceback (most recent call last):
  File "src/a.py", line 5, in outer
    inner({})
KeyError: 'customer number'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "src/a.py", line 8, in <module>
    outer()
ValueError: bad order 17
"""
    events = told(text)
    assert len({event.key for event in events}) == 1
    assert events[1].attrs["cause"] == "KeyError"


def test_lines_of_others_in_between_stay_theirs():
    extractor = Extractor()
    lines = [
        "Traceback (most recent call last):",
        '  File "a.py", line 1, in f',
        "    g()",
        "GET /favicon.ico 404 in 3 ms",
    ]
    assert [extractor.read(log(line)) for line in lines] == [[], [], [], None]
    (event,) = extractor.feed(log("RuntimeError: it is far too late"))
    assert event.key == "RuntimeError: it is far too late"


def test_java_names_the_cause_under_the_same_key():
    text = """
Exception in thread "main" java.lang.IllegalStateException: no cart 17
	at org.acme.shop.Cart.total(Cart.java:12)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.io.IOException: stream closed early
	at org.acme.shop.Store.read(Store.java:9)
	... 12 more
"""
    events = told(text)
    assert {event.key for event in events} == {"IllegalStateException: no cart *"}
    assert events[-1].attrs["cause"] == "java.io.IOException: stream closed early"


def test_node_tells_where_in_the_first_frame_of_ours():
    text = """
TypeError: Cannot read properties of null (reading 'port')
    at load (/home/runner/work/shop/shop/lib/config.js:1:47)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at node:internal/main/run_main_module:28:49 {
  code: 'ERR_X'
}
Node.js v20.20.2
"""
    assert errors(text)[-1] == (
        "TypeError: Cannot read properties of null (reading 'port')", "lib/config.js", ("lib/config.js",),
    )  # fmt: skip
    extractor = Extractor()
    assert all(extractor.read(log(line)) is not None for line in text.strip().split("\n"))


def test_a_panic_of_go_and_one_of_rust():
    go = """
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.load(...)
	/home/me/shop/main.go:10 +0x1d
"""
    assert errors(go)[0][0] == "panic: runtime error: index out of range * with length *"
    rust = """
thread 'main' panicked at src/lib.rs:8:88:
index out of bounds: the len is 0 but the index is 3
stack backtrace:
   0: rust_begin_unwind
             at /rustc/59807616e1fa/library/std/src/panicking.rs:689:5
   4: shop::load
             at ./src/lib.rs:8:88
"""
    assert errors(rust)[0] == ("panic: index out of bounds: the len is * but the index is *", "", ("src/lib.rs",))
    old = "thread 'main' panicked at 'no cart', src/main.rs:2:5"
    assert errors(old) == [("panic: no cart", "", ("src/main.rs",))]


def test_frames_alone_mean_nothing():
    extractor = Extractor()
    for frame in (
        "\tat org.acme.A.b(A.java:1)",
        '  File "a.py", line 3, in f',
        "    at f (/x/a.js:1:2)",
        "\t... 9 more",
    ):
        assert extractor.read(log(frame)) == []


def test_an_exception_in_a_run_of_tests_says_which_test_it_belongs_to():
    text = """
============================= test session starts ==============================
tests/test_a.py::test_b FAILED [100%]
=================================== FAILURES ===================================
E   ValueError: bad order 17
"""
    (event,) = [event for event in told(text) if event.kind == "error"]
    assert (event.attrs["test"], event.attrs["role"]) == ("tests/test_a.py::test_b", "detail")


def test_the_same_lines_give_the_same_events():
    text = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nKeyError: 1'
    assert msgspec.json.encode(told(text)) == msgspec.json.encode(told(text))


def test_a_test_below_a_frame_whose_exception_was_lost_is_a_test():
    text = """
Traceback (most recent call last):
  File "tests/test_pool.py", line 209, in test_reuse
FAILED tests/test_pool.py::test_reuse - TimeoutError: nothing idle
"""
    assert results(text) == {"tests/test_pool.py::test_reuse": "fail"}
