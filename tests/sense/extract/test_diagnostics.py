# ruff: noqa: E501 (lines of logs are as long as they are)
import pytest

from cockpit.sense.extract import Extractor
from tests.sense.extract.lines import log, told


@pytest.mark.parametrize(
    ("text", "key", "level", "paths"),
    [
        ("src/a.c:1:10: fatal error: missing.h: No such file or directory", "cc missing.h: No such file or directory", "error", ("src/a.c",)),
        ("b.c:1:19: warning: unused variable ‘unused’ [-Wunused-variable]", "cc:-Wunused-variable unused variable ‘unused’", "warning", ("b.c",)),
        ("A.java:3: error: incompatible types: String cannot be converted to int", "javac incompatible types: String cannot be converted to int", "error", ("A.java",)),
        ("A.java:3: warning: [rawtypes] found raw type: List", "javac:rawtypes found raw type: List", "warning", ("A.java",)),
        ("[ERROR] /builds/workspace/shop/src/main/java/Cart.java:[63,29] cannot find symbol", "javac cannot find symbol", "error", ("src/main/java/Cart.java",)),
        ("[WARNING] /src/Dao.java:[7,23] old() in org.acme.Old has been deprecated", "javac old() in org.acme.Old has been deprecated", "warning", ("/src/Dao.java",)),
        ("[ERROR] /src/Hex.java:348: Undefined reference: void java.nio.ByteBuffer.flip()", "javac Undefined reference: void java.nio.ByteBuffer.flip()", "error", ("/src/Hex.java",)),
        ("src/a.ts(1,17): error TS2307: Cannot find module './nope'.", "tsc:TS2307 Cannot find module './nope'.", "error", ("src/a.ts",)),
        ("src/a.ts:1:17 - error TS2307: Cannot find module './nope'.", "tsc:TS2307 Cannot find module './nope'.", "error", ("src/a.ts",)),
        ("Shop/Cart.cs(12,9): error CS0103: The name 'x' does not exist [/w/Shop.csproj]", "csc:CS0103 The name 'x' does not exist [/w/Shop.csproj]", "error", ("Shop/Cart.cs",)),
        ("app/a.py:3: error: Incompatible return value type (got \"int\", expected \"str\")  [return-value]", 'mypy:return-value Incompatible return value type (got "int", expected "str")', "error", ("app/a.py",)),
        ("app/a.py:1:8: F401 [*] `os` imported but unused", "ruff:F401 `os` imported but unused", "warning", ("app/a.py",)),
        ("app/a.py:5:6: E0602: Undefined variable 'x' (undefined-variable)", "pylint:E0602 Undefined variable 'x' (undefined-variable)", "error", ("app/a.py",)),
        ("tests/conftest.py:10: PytestUnknownMarkWarning: Unknown pytest.mark.slow", "python:PytestUnknownMarkWarning Unknown pytest.mark.slow", "warning", ("tests/conftest.py",)),
        ("./main.go:10:2: undefined: cart", "go undefined: cart", "error", ("main.go",)),
        ("vet: ./x.go:3:5: result of fmt.Errorf call not used", "go result of fmt.Errorf call not used", "error", ("x.go",)),
        ("c.c:(.text+0x5): undefined reference to `total'", "ld undefined reference to `total'", "error", ()),
    ],
)  # fmt: skip
def test_a_diagnostic_keeps_its_words_and_loses_its_place(text: str, key: str, level: str, paths: tuple[str, ...]):
    (event,) = told(text)
    assert (event.kind, event.key, event.level, event.paths) == ("finding", key, level, paths)


def test_two_places_of_one_mistake_are_one_key():
    first, second = told("src/a.c:1:19: warning: unused variable ‘x’\nsrc/b.c:77:3: warning: unused variable ‘x’")
    assert first.key == second.key


def test_source_lines_marks_and_notes_belong_to_the_diagnostic():
    extractor = Extractor()
    lines = [
        "b.c:2:26: warning: passing argument 1 of ‘f’ makes integer from pointer without a cast [-Wint-conversion]",
        '    2 | int main(void){ return f("s"); }',
        "      |                          ^~~",
        "      |                          |",
        "b.c:1:11: note: expected ‘int’ but argument is of type ‘char *’",
        "    1 | int f(int a){ return a; }",
        "b.c: In function ‘main’:",
    ]
    assert [len(extractor.read(log(line)) or ()) for line in lines] == [1, 0, 0, 0, 0, 0, 0]
    assert extractor.read(log("linking shop")) is None


def test_javac_shows_the_source_line_as_it_is():
    extractor = Extractor()
    lines = [
        "A.java:3: error: cannot find symbol",
        "class A { Foo y; }",
        "          ^",
        "  symbol:   class Foo",
        "  location: class A",
    ]
    assert [len(extractor.read(log(line)) or ()) for line in lines] == [1, 0, 0, 0, 0]


def test_rustc_names_the_place_in_the_next_line():
    text = """
error[E0425]: cannot find value `c` in this scope
 --> src/lib.rs:1:57
  |
1 | pub fn add(a: i32) -> i32 { a + c }
  |                                 ^
help: a local variable with a similar name exists
error: could not compile `shop` (lib) due to 1 previous error
"""
    (event,) = told(text)
    assert (event.key, event.paths, event.id) == ("rustc:E0425 cannot find value `c` in this scope", ("src/lib.rs",), 1)


def test_a_finding_of_rustc_without_a_place_is_told_all_the_same():
    events = told("   Compiling shop v0.1.0 (/w/shop)\nerror[E0601]: `main` function not found\nlinking shop")
    assert [event.key for event in events] == ["rustc:E0601 `main` function not found"]


def test_eslint_rows_stand_below_their_file():
    text = """
/home/runner/work/shop/shop/lib/a.js
  1:18  error    Expected '===' and instead saw '=='  eqeqeq
  1:24  warning  Unexpected console statement         no-console

✖ 2 problems (1 error, 1 warning)
"""
    assert [(event.key, event.level, event.paths) for event in told(text)] == [
        ("eslint:eqeqeq Expected '===' and instead saw '=='", "error", ("lib/a.js",)),
        ("eslint:no-console Unexpected console statement", "warning", ("lib/a.js",)),
    ]


def test_ruff_at_length_names_the_place_below_the_rule():
    (event,) = told(
        "F401 [*] `os` imported but unused\n --> app/a.py:1:8\n  |\n1 | import os\n  |        ^^\nFound 1 error."
    )
    assert (event.key, event.paths) == ("ruff:F401 `os` imported but unused", ("app/a.py",))


def test_what_a_linter_no_longer_finds_is_closed():
    text = """
a.py:3: error: Name "x" is not defined  [name-defined]
a.py:4: error: Name "y" is not defined  [name-defined]
Found 2 errors in 1 file (checked 3 source files)
a.py:3: error: Name "x" is not defined  [name-defined]
Found 1 error in 1 file (checked 3 source files)
Success: no issues found in 3 source files
"""
    closed = [event.key for event in told(text) if event.state == "closed"]
    assert closed == ['mypy:name-defined Name "y" is not defined', 'mypy:name-defined Name "x" is not defined']


@pytest.mark.parametrize(
    "text",
    [
        "12:30:45: starting up", "localhost:4317: connection refused", "see docs/guide.md:12 for more",
        "tests/test_a.py:12: in test_b", "commit 5f1c2aa: fix", "ratio 3:2: fine",
    ],
)  # fmt: skip
def test_places_without_a_complaint_are_no_findings(text: str):
    assert told(text) == []


def test_eslint_says_the_same_in_each_of_its_formats():
    lines = (
        "/repo/src/a.js:1:7: 'x' is never used. [Error/no-unused-vars]",
        "/repo/src/a.js: line 1, col 7, Error - 'x' is never used. (no-unused-vars)",
    )
    for line in lines:
        (event,) = told(line)
        assert (event.key, event.level) == ("eslint:no-unused-vars 'x' is never used.", "error")
