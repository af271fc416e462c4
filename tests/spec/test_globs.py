"""Globs of paths: and protect:."""

from pathlib import Path

import pytest

from cockpit.spec.fields import globs
from cockpit.spec.globs import files, matches, names_something


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("src/supervisor/**", ["src/supervisor/a.py", "src/supervisor/x/b.py"], ["src/a.py", "asrc/supervisor/a.py"]),
        ("src/supervisor", ["src/supervisor/x/b.py", "src/supervisor"], ["src/supervisors/a.py"]),
        ("src/*.py", ["src/a.py"], ["src/x/a.py", "src/a.pyc", "lib/src/a.py"]),
        ("*.py", ["a.py", "src/x/a.py"], ["a.txt"]),
        ("tests/", ["tests/a.py", "pkg/tests/a.py"], ["tests2/a.py"]),
        ("/setup.cfg", ["setup.cfg"], []),
        ("./src/a.py", ["src/a.py"], ["src/b.py"]),
        ("**/test_*.py", ["test_a.py", "x/y/test_a.py"], ["x/atest_a.py"]),
        ("a/**/z.py", ["a/z.py", "a/b/c/z.py"], ["z.py"]),
        ("src/{a,b*}.py", ["src/a.py", "src/bcd.py"], ["src/c.py"]),
        ("file?.txt", ["file1.txt"], ["file10.txt"]),
        ("app/[id].tsx", ["app/[id].tsx"], ["app/i.tsx"]),
        ("a.py", ["a.py", "x/a.py"], ["axpy"]),
        ("**", ["anything", "at/all"], []),
    ],
)
def test_a_glob_covers_what_gitignore_would(pattern: str, inside: list[str], outside: list[str]):
    assert [path for path in inside if not matches(path, [pattern])] == []
    assert [path for path in outside if matches(path, [pattern])] == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("src/**, tests/a.py", ("src/**", "tests/a.py")),
        ("src/** docs/", ("src/**", "docs/")),
        ("`src/{a,b}.py`, `c.py`", ("src/{a,b}.py", "c.py")),
        ("[tests/**, 'x.py']", ("tests/**", "x.py")),
        ("app/[id].tsx", ("app/[id].tsx",)),
        ("  ", ()),
    ],
)
def test_a_field_holds_several_globs(text: str, parts: tuple[str, ...]):
    assert globs(text) == parts


def test_a_glob_of_wildcards_alone_names_nothing():
    assert [pattern for pattern in ("**", "*", "**/*", "*.py", "tests/**") if names_something(pattern)] == [
        "*.py",
        "tests/**",
    ]


def test_files_are_named_whole_from_the_top_and_found_within_bounds(tmp_path: Path):
    for name in ("report.json", "deep/report.json", "build/a/TEST-1.xml", "build/TEST-2.xml",
                 "node_modules/x/TEST-3.xml", "build/TEST-2.txt", ".cockpit/reports/TEST-4.xml"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "build" / "TEST-5.xml").symlink_to("/etc/passwd")
    (tmp_path / "build" / "loop").symlink_to(tmp_path)

    def found(*patterns: str, most: int = 100) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in files(tmp_path, patterns, most)]

    assert found("report.json") == ["report.json"]
    assert found("build/**/TEST-*.xml") == ["build/TEST-2.xml", "build/a/TEST-1.xml"]
    assert found("build/*.xml") == ["build/TEST-2.xml"]
    assert found("**/*.xml") == ["build/TEST-2.xml", "build/a/TEST-1.xml"]
    assert found("./build/{TEST-2,nothing}.*", "nowhere/*") == ["build/TEST-2.txt", "build/TEST-2.xml"]
    assert len(found("**/*", most=2)) == 2
