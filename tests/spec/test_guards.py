"""What `keep:` names."""

from __future__ import annotations

import pytest

from cockpit import spec
from cockpit.spec.guards import Guard, guards


def of(value: str) -> list[tuple[str, str]]:
    found = spec.parse(f"## Queue\n- [ ] Work ^q1\n  - keep: {value}\n".encode()).item("q1")
    assert found is not None
    return [(guard.kind, guard.what) for guard in guards(found)]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("`fetch()`, Store.save", [("name", "fetch()"), ("name", "Store.save")]),
        ("`TIMEOUT`", [("name", "TIMEOUT")]),
        ('src/a.py src/core/** "Not found"', [("file", "src/a.py"), ("file", "src/core/**"), ("string", "Not found")]),
        ('"Not found"', [("string", "Not found")]),
        ("`exit status: %d`, --dry-run", [("string", "exit status: %d"), ("string", "--dry-run")]),
        ("[fetch, `save`]", [("name", "fetch"), ("name", "save")]),
        ("`fetch(url, n)`", [("name", "fetch(url, n)")]),
        ("store-2.py", [("file", "store-2.py")]),
        ("", []),
    ],
)  # fmt: skip
def test_what_keep_names(value: str, read: list[tuple[str, str]]):
    assert of(value) == read


def test_a_name_may_be_a_files_too():
    assert Guard("name", "Makefile").covers("sub/Makefile")
    assert Guard("name", "setup.py").covers("setup.py")
    assert not Guard("name", "parser").covers("src/parser/a.py")
