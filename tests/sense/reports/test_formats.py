"""Which format a report is, by what is in it."""

from __future__ import annotations

import pytest

from cockpit.errors import CockpitError
from cockpit.sense.reports import detect
from tests.sense.reports.shared import SAMPLES


@pytest.mark.parametrize(
    ("file", "format"),
    [
        ("jest.xml", "junit"),
        ("vitest.xml", "junit"),
        ("node.xml", "junit"),
        ("mocha.xml", "junit"),
        ("gotest.xml", "junit"),
        ("TEST-org.sums.SumsTest.xml", "junit"),
        ("node.tap", "tap"),
        ("vitest.tap", "tap"),
        ("perl.tap", "tap"),
        ("pytest.jsonl", "report-log"),
        ("mypy.jsonl", "mypy"),
        ("eslint.json", "eslint"),
        ("eslint.clean.json", "eslint"),
        ("ruff.sarif", "sarif"),
    ],
)
def test_the_tools_own_reports_are_told_by_their_content(file: str, format: str):
    assert detect("anything", (SAMPLES / file).read_bytes()) == format


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("x", b"[]", "ruff"),
        ("eslint.json", b"[]\n", "eslint"),
        ("mypy.txt", b"\n", "mypy"),
        ("x", b"Success: no issues found in 2 source files\n", "mypy"),
        ("x", b"\xef\xbb\xbf<?xml version='1.0'?><!-- a <b> --><testsuite/>", "junit"),
        ("x", "<testsuites/>".encode("utf-16"), "junit"),
        ("x", b"# Subtest: a\n    ok 1\n", "tap"),
        ("x", b"some noise\nTAP version 14\nok 1\n", "tap"),
        ("x", b"1..0 # SKIP no net\n", "tap"),
    ],
)
def test_what_is_short(name: str, data: bytes, format: str):
    assert detect(name, data) == format


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"{}", b"[1]", b'{"a": 1}', b"\x00\xff\x89PNG", b"<svg/>", b"okay then"]
)
def test_anything_else_is_refused_with_what_can_be_read(data: bytes):
    with pytest.raises(CockpitError):
        detect("file.x", data)
