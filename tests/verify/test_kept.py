"""`keep:` is held to the diff: an identifier, a string or a file that must stay as it is (R250)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import facts, spec
from cockpit.paths import Places
from cockpit.verify import review
from tests.verify.test_review import Git, item, on_branch, on_main, turn

CODE = """\
import time

TIMEOUT = 30


@cached
def fetch(url):
    answer = ask(url)
    if not answer:
        raise ValueError("Not found")
    return answer


class Store:
    def save(self, key):
        return fetch(key)

    def drop(self, key):
        return None


def main():
    print(fetch("a"))
"""
GO = "package a\n\nfunc (s *Store) Save(key string) error {\n\treturn nil\n}\n\nfunc other() {\n}\n"
JS = "class Store {\n  save(key) {\n    return key;\n  }\n\n  drop(key) {\n    return 1;\n  }\n}\n"
CALLS = """\
int grow(int size) {
  return size;
}

run(1, () => {
  grow(2);
});
return grow(3, function () {
  stop();
});
"""
YAML = "server:\n  timeout: 30\n  port: 80\n"
FILES = {
    "app.py": CODE,
    "store.go": GO,
    "store.js": JS,
    "calls.js": CALLS,
    "conf.yaml": YAML,
    "README.md": "Call `fetch()`.\n",
}
Held = Callable[..., facts.Check]


@pytest.fixture
def held(places: Places, repo: Path, git: Git) -> Held:
    """`held(keep, file, old, new)`: check 9 of a branch that replaces `old` by `new` in that file."""
    (repo / "SPEC.md").write_text("## Queue\n- [/] Work ^q1\n")
    with (repo / ".git" / "info" / "exclude").open("a") as exclude:
        exclude.write(".cockpit/\n")
    on_main(repo, git, FILES)

    def run(keep: str, path: str = "app.py", old: str = "", new: str = "", also: str = "", **more: str | None):
        assert old in FILES.get(path, "")
        on_branch(repo, git, "delegate/q1", {path: FILES.get(path, "").replace(old, new) or None, **more})
        fields = f"keep: {keep}" + (f"\n{also}" if also else "")
        found = review(places, turn(places, git), item(fields), spec.Controls(), [], "refs/heads/main")
        return found.checks[8]

    return run


@pytest.mark.parametrize(
    ("keep", "path", "old", "new", "says"),
    [
        ("`fetch()`", "app.py", "def fetch(url)", "def load(url)", "app.py:7 `def fetch(url):` is changed, and keep:"),
        ("`fetch()`", "app.py", "def fetch(url)", "def fetch(url, n=1)", "`def fetch(url):` is changed"),
        ("`fetch()`", "app.py", "answer = ask(url)", "answer = None", "app.py:8 `answer = ask(url)` is changed"),
        ("`fetch()`", "app.py", "rn answer\n", "rn answer\n    print(1)\n", "app.py:12 `print(1)` comes in"),
        ("`fetch()`", "app.py", "@cached\n", "", "`@cached` is changed"),
        ("`fetch()`", "app.py", 'print(fetch("a"))', "print()", "app.py:23 `print(fetch(\"a\"))` is changed"),
        ("TIMEOUT", "app.py", "TIMEOUT = 30", "TIMEOUT = 60", "`TIMEOUT = 30` is changed, and keep: names `TIMEOUT`"),
        ("Store", "app.py", "return None", "return 1", "is changed, and keep: names `Store`"),
        ("Store.save", "app.py", "return fetch(key)", "return key", "app.py:16 `return fetch(key)` is changed"),
        ('"Not found"', "app.py", "Not found", "Missing", "keep: names \"Not found\""),
        ("Save", "store.go", "return nil", "return io.EOF", "store.go:4 `return nil` is changed"),
        ("save", "store.js", "return key;", "return 2;", "store.js:3 `return key;` is changed"),
        ("grow", "calls.js", "return size;", "return 2;", "calls.js:2 `return size;` is changed"),
        ("timeout", "conf.yaml", "timeout: 30", "timeout: 3", "conf.yaml:2 `timeout: 30` is changed"),
        ("app.py", "app.py", "TIMEOUT = 30", "TIMEOUT = 60", "changed app.py, which keep: names (app.py)"),
        ("./*.go", "store.go", "nil", "err", "changed store.go, which keep: names (./*.go)"),
    ],
)  # fmt: skip
def test_it_fails_when_the_diff_touches_it(held: Held, keep: str, path: str, old: str, new: str, says: str):
    check = held(keep, path, old, new)
    assert check.result == "fail", check
    assert says in check.evidence
    assert path in {spot.path for spot in check.spots}


@pytest.mark.parametrize(
    ("keep", "path", "old", "new"),
    [
        ("`fetch()`", "app.py", 'print(fetch("a"))', 'print(fetch("b"), 1)'),  # it is used with other words around it
        ("`fetch()`", "app.py", 'print(fetch("a"))', 'if 1:\n        print(fetch("a"))'),  # another indent
        ("`fetch()`", "app.py", "class Store:", "class Shelf:"),
        ("`fetch()`", "app.py", "    return answer\n", "    return answer\n\n\ndef more():\n    return fetch(1)\n"),
        ("`fetch()`", "README.md", "Call `fetch()`.", "Ask."),  # prose about it
        ("Store.save", "app.py", "return None", "return 1"),  # the method beside it
        ("Save", "store.go", "func other() {\n", "func other() {\n\tSave()\n"),
        ("save", "store.js", "return 1;", "return 2;"),
        ("run", "calls.js", "grow(2)", "grow(4)"),  # what a call is given is no part of it
        ("grow", "calls.js", "stop();", "halt();"),
        ("timeout", "conf.yaml", "port: 80", "port: 81"),
        ('"Not found"', "app.py", "raise ValueError(", "raise KeyError("),
        ("app", "app.py", "TIMEOUT = 30", "TIMEOUT = 60"),
    ],
)
def test_it_passes_beside_it(held: Held, keep: str, path: str, old: str, new: str):
    check = held(keep, path, old, new)
    assert check.result == "pass", check


def test_what_moved_to_another_file_is_as_it_was(held: Held):
    start, end = CODE.index("@cached"), CODE.index("class Store")
    check = held("`fetch()`", "app.py", CODE[start:end], "", **{"net.py": CODE[start:end]})
    assert check.result == "pass", check


def test_what_moved_and_changed_is_told_by_the_line_that_changed(held: Held):
    check = held("`fetch()`", "app.py", CODE, "", **{"net.py": CODE.replace("not answer", "answer is None")})
    assert check.evidence.startswith("app.py:9 `if not answer:` is changed, and keep: names `fetch()`"), check


def test_no_paths_speak_against_keep(held: Held):
    check = held("./app.py", "app.py", "TIMEOUT = 30", "TIMEOUT = 60", also="paths: app.py\nprotect: none")
    assert (check.result, check.spots[0].path) == ("fail", "app.py")


def test_a_file_that_is_kept_is_restored_for_the_verification(held: Held, places: Places, git: Git):
    held("./app.py", "app.py", "TIMEOUT = 30", "TIMEOUT = 60")
    one = item("keep: ./app.py\nverify: grep -q 'TIMEOUT = 30' app.py")
    found = review(places, turn(places, git), one, spec.Controls(), [], "refs/heads/main")
    assert found.checks[1].result == "pass"


def test_without_keep_nothing_is_looked_at(held: Held):
    assert held("", "app.py", "TIMEOUT = 30", "TIMEOUT = 60").result == "n/a"
