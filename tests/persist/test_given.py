"""An id is given once: what was deleted leaves its number behind, so that an old buffer meets no stranger."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, git
from cockpit.spec import edit, parse

SPEC = b"## Queue\n- [ ] first of all ^q1\n- [ ] the last one here ^q10\n"


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


def add(places: Places, text: str) -> str:
    given: list[str] = []

    def op(data: bytes) -> bytes:
        data, id = edit.add_item(data, text)
        given.append(id)
        return data

    persist.record(places, op, Act("add", reason=text))
    return given[-1]


def without(id: str) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(line for line in data.splitlines(True) if not line.endswith(f" ^{id}\n".encode()))


def test_the_number_of_a_deleted_item_is_not_given_again(begun: Places):
    begun.spec.write_bytes(without("q10")(SPEC))
    assert add(begun, "another") == "q11"
    persist.exchange(begun, without("q11"))
    assert add(begun, "a third") == "q12"


def test_what_was_there_only_between_two_looks_of_ours_counts_too(begun: Places):
    begun.spec.write_bytes(SPEC + b"- [ ] by hand ^q40\n")
    persist.read(begun)
    begun.spec.write_bytes(SPEC)
    assert add(begun, "another") == "q41"


def test_an_old_buffer_never_meets_a_stranger_with_its_id(begun: Places):
    buffer = SPEC
    persist.exchange(begun, without("q10"))
    new = add(begun, "quite different words")
    begun.spec.write_bytes(buffer.replace(b"[ ] the last one", b"[x] the last one"))
    document = parse(persist.read(begun))
    assert (item := document.item(new)) is not None
    assert (item.text, item.mark.value) == ("quite different words", " ")


def test_undo_brings_an_item_back_under_its_own_id(begun: Places):
    id = add(begun, "another")
    gone = persist.record(begun, without(id), Act("delete", id)).commit
    persist.undo(begun, gone)
    assert parse(persist.read(begun)).item(id) is not None


def test_mutes_count_on(begun: Places):
    persist.exchange(begun, lambda data: edit.add_mute(data, "tests", "always", "", "2026-11-21 10:12")[0])
    persist.exchange(begun, lambda data: edit.drop_mute(data, "m1"))
    persist.exchange(begun, lambda data: edit.add_mute(data, "tests", "always", "", "2026-11-21 10:12")[0])
    assert b" ^m2\n" in persist.read(begun)


@pytest.mark.parametrize("kept", ["journal", "history", "delegates"])
def test_a_clone_or_a_deleted_cache_is_asked_what_it_has_had(begun: Places, tmp_path: Path, kept: str):
    add(begun, "another")
    persist.record(begun, without("q11"), Act("delete", "q11"))
    persist.close()
    places = begun
    if kept == "history":
        git.run(tmp_path, "clone", "-q", str(begun.root), "clone")
        places = find_places(cwd=tmp_path / "clone")
        git.run(places, "config", "user.name", "Ada")
        git.run(places, "config", "user.email", "ada@example.org")
    else:
        shutil.rmtree(begun.local)
    if kept == "delegates":
        git.run(begun, "update-ref", "-d", "refs/cockpit/journal")
        (begun.delegates / "q20").mkdir(parents=True)
    assert add(places, "a third") == ("q21" if kept == "delegates" else "q12")
