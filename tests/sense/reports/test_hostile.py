"""Reports that mean harm: refused in bounded time and memory, and nothing of them reaches a terminal or a file."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.errors import CockpitError
from cockpit.sense.reports import FORMATS, LARGEST, About, read
from cockpit.sense.reports.places import inside
from tests.sense.reports.shared import about, rows

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><testsuites><testcase name="&lol3;"/></testsuites>"""
OUTSIDE = b"""<!DOCTYPE testsuites [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<testsuites><testcase name="&x;"/></testsuites>"""
PARAMETER = b"""<!DOCTYPE t [<!ENTITY % p SYSTEM "http://127.0.0.1:1/evil.dtd"> %p;]><testsuites/>"""
PLAIN = b"""<!DOCTYPE testsuites><testsuites><testcase name="a"/></testsuites>"""


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, PARAMETER, PLAIN])
def test_a_document_type_is_refused_whatever_is_in_it(data: bytes):
    with pytest.raises(CockpitError, match="document type"):
        read(data, about())


def test_an_entity_without_a_document_type_is_no_xml():
    with pytest.raises(CockpitError, match="undefined entity"):
        read(b'<testsuites><testcase name="&x;"/></testsuites>', about())


def test_a_report_over_the_limit_is_refused_unread():
    with pytest.raises(CockpitError, match="a report over 64 MiB"):
        read(bytes(LARGEST + 1), about())


@pytest.mark.parametrize("form", ["junit", "sarif", "ruff", "eslint", "mypy", "report-log"])
@pytest.mark.parametrize(
    "opening", [b"<testsuite>", b"[", b'{"runs":', b'{"a":', b'{"$report_type":"TestReport","longrepr":{"a":']
)
def test_deep_nesting_is_refused(form: str, opening: bytes):
    with pytest.raises(CockpitError):
        read(opening * 50_000, about(), form)


def test_deep_subtests_are_absorbed():
    data = b"".join(b" " * depth + b"ok 1 - n\n" for depth in range(20_000, 0, -20)) + b"1..1\nok 1 - top\n"
    assert rows(read(data, about(), "tap"))
    braces = b"".join(b"ok 1 - n {\n" for _ in range(50_000))
    assert read(b"1..1\n" + braces, about(), "tap")


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "a\nb", "a\u200bb", "`rm`"])
def test_names_lose_what_a_terminal_obeys_and_what_deceives_the_eye(name: str):
    (key, _), *_ = rows(read(f"not ok 1 - {name}\n".encode(), about(), "tap"))
    assert not any(bad in key for bad in "\x1b\u202e\n\u200b`")


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "a/../../b", "C:\\Windows\\x", "http://x/y",
     "/home/ada/sumsx/a", "file:///home/ada/sums/%2e%2e/%2e%2e/etc/passwd", "//home/ada/other",
     "a\0b", "", ".", "x" * 2000],
)  # fmt: skip
def test_paths_outside_of_the_repository_are_left_out(path: str):
    assert inside(path, "/home/ada/sums") == ""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/ada/sums/a/b.py", "a/b.py"),
        ("file:///home/ada/sums/a%20b.py", "a b.py"),
        ("./a//b.py", "a/b.py"),
        ("a/../b.py", "b.py"),
        ("a\\b.py", "a/b.py"),
    ],
)
def test_paths_inside_are_relative(path: str, found: str):
    assert inside(path, "/home/ada/sums") == found


def test_a_secret_in_a_message_is_taken_out():
    secret = "ghp_" + "a1B2" * 10
    data = f'<testsuite><testcase name="a"><failure message="token {secret}">{secret}</failure></testcase></testsuite>'
    assert all(secret not in repr(event) for event in read(data.encode(), about()))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(FORMATS)), st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(form: str, data: bytes):
    with contextlib.suppress(CockpitError):
        read(data, About("x", 1.0), form)


PIECES = st.sampled_from(
    ['<testsuites>', '</testsuites>', '<testsuite name="s">', '</testsuite>', '<testcase name="a" time="x">',
     '</testcase>',
     '<failure>', '</failure>', '<skipped/>', '<property name="p"/>', "text", "&#x1b;", "]]>", "<!-- c -->",
     "<![CDATA[", "ok 1\n",
     "not ok", "  ---\n", "  ...\n", "1..3\n", "{\n", "}\n", "    ", "Bail out!", "# TODO", "\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["junit", "tap"]), st.lists(PIECES, max_size=30))
def test_any_pieces_are_read_or_refused(form: str, pieces: list[str]):
    with contextlib.suppress(CockpitError):
        read("".join(pieces).encode(), About("x", 1.0), form)
