"""ruff, mypy and eslint."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.sense.reports import About, read
from cockpit.sense.reports.runs import APART
from tests.sense.reports.shared import about, one, rows, run, sample


def ruff(folder: Path, form: str = "json") -> bytes:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select=E4,F",
        "--output-format",
        form,
    ]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).stdout


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_ruffs_own_json_and_sarif_tell_the_same(tmp_path: Path, form: str):
    (tmp_path / "a.py").write_text("import os, sys\nundefined\n")
    events = read(ruff(tmp_path, form), About("ruff", 1.0, root=str(tmp_path)))
    assert rows(events) == [("ruff:E401:a.py", "open"), ("ruff:F401:a.py", "open"), ("ruff:F821:a.py", "open")]
    found = one(events, "ruff:F401:a.py")
    assert found.what == "a.py:1 F401 `os` imported but unused (and 1 more)"
    assert found.attrs == {"tool": "ruff", "rule": "F401", "line": 1, "count": 2}
    assert (found.level, found.paths) == ("error", ("a.py",))
    assert (run(events).state, run(events).attrs) == ("failed", {"findings": 4})
    (tmp_path / "a.py").write_text("")
    assert run(read(ruff(tmp_path, form), about())).state == "passed"


def test_syntax_errors_are_findings(tmp_path: Path):
    (tmp_path / "a.py").write_text("def (:\n")
    events = read(ruff(tmp_path), About("ruff.json", 1.0, root=str(tmp_path)))
    assert all(event.kind == "finding" for event in events[1:-1])
    assert run(events).state == "failed"


def test_mypy_a_line_a_finding_notes_left_out():
    events = sample("mypy.jsonl")
    assert rows(events) == [
        ("mypy:return-value:a.py", "open"),
        ("mypy:arg-type:a.py", "open"),
        ("mypy:name-defined:a.py", "open"),
    ]
    assert run(read(b"\n", about("mypy.txt"))).state == "passed"


def test_eslint_with_its_fatal_ones():
    events = sample("eslint.json")
    assert rows(events) == [
        ("eslint:no-var:es/a.js", "open"),
        ("eslint:no-unused-vars:es/a.js", "open"),
        ("eslint:syntax:es/bad.js", "open"),
    ]
    assert [event.level for event in events[1:-1]] == ["warning", "error", "error"]
    assert run(sample("eslint.clean.json")).state == "passed"


def test_of_very_many_each_rule_is_told_once(tmp_path: Path):
    lines = "\n".join(f'{{"file":"f{number}.py","line":1,"message":"m","code":"misc"}}' for number in range(APART + 1))
    events = read(lines.encode(), about())
    assert rows(events) == [("mypy:misc", "open")]
    assert events[1].attrs["count"] == APART + 1


@pytest.mark.parametrize(
    ("form", "data", "words"),
    [
        ("ruff", b'[{"filename": 3}]', r"report: no report of ruff: .*`\$\[0\].filename`"),
        ("mypy", b'{"file":"a","message":"m"}\n{"file":1}', r"report:2: no report of mypy: .*`\$.file`"),
        ("eslint", b'[{"filePath":"a"}]', r"no report of eslint: .*messages"),
        ("ruff", b'[{"filename"', "truncated"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(form: str, data: bytes, words: str):
    with pytest.raises(CockpitError, match=words):
        read(data, about(), form)
