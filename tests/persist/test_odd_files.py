"""What may lie where the spec should: each is told with a remedy, nothing waits, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import LIMIT, SpecError, edit, parse


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)


ODD: list[tuple[Callable[[Path], None], str]] = [
    (folder, "a folder, not a file"),
    (pipe, "a pipe or device, not a file"),
    (huge, "47.7 MB, above the limit of 16 MB"),
]


@pytest.mark.parametrize(("make", "what"), ODD)
def test_what_cannot_be_a_spec_is_told_with_a_remedy(places: Places, make: Callable[[Path], None], what: str):
    places.spec.unlink(missing_ok=True)
    make(places.spec)
    for act in (lambda: persist.read(places), lambda: persist.exchange(places, lambda data: data + b"more\n")):
        with pytest.raises(CockpitError) as caught:
            act()
        assert caught.value.what == what
        assert caught.value.where == str(places.spec)
        assert caught.value.remedy
    assert places.spec.is_dir() or places.spec.is_fifo() or places.spec.stat().st_size == 50_000_000


def test_a_document_above_the_limit_is_refused_before_it_is_read():
    with pytest.raises(SpecError) as caught:
        parse(b"\xff" * (LIMIT + 1))
    assert caught.value.what == "16.0 MB, above the limit of 16 MB"
    assert caught.value.remedy


def test_an_empty_spec_can_be_written(places: Places):
    places.spec.write_bytes(b"")
    assert persist.read(places) == b""
    written = persist.exchange(places, lambda data: edit.add_item(data, "begin")[0])
    assert written.after == b"## Queue\n- [ ] begin ^q1\n"


def test_a_line_of_a_megabyte_is_a_line_like_others(places: Places):
    long = b"- [ ] " + b"long " * 200_000 + b"^q1\n"
    places.spec.write_bytes(b"## Queue\n" + long + b"- [ ] two ^q2\n")
    written = persist.exchange(places, lambda data: edit.set_field(data, "q1", "why", "it is long"))
    assert written.after == b"## Queue\n" + long + b"  - why: it is long\n- [ ] two ^q2\n"
