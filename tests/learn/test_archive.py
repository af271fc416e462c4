"""Compaction on a real repository: one commit of both files, taken back whole, nothing lost to a save meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
import pytest

from cockpit import facts, persist
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.spec import parse
from cockpit.steer import steer
from tests.select.test_steps import turn

SPEC = b"""\
# Spec

## Queue
- [x] first ^q1
- [-] second ^q2
  - branch: delegate/q2
- [ ] third ^q3

## Exchange

### q1 turn 1: done (claude, 2026-11-20 10:00)

It is done.
"""
Git = Callable[..., str]


@pytest.fixture
def spec(places: Places) -> Iterator[Places]:
    persist.create(places, SPEC)
    yield places
    persist.close()


def archive(places: Places) -> str:
    place = places.root / "SPEC.archive.md"
    return place.read_text() if place.exists() else ""


def lines(*texts: str) -> Counter[str]:
    return Counter(line for text in texts for line in text.split("\n") if line)


def test_compact_moves_what_is_old_in_one_commit(spec: Places, git: Git):
    tip = git("rev-parse", "HEAD")
    said = steer(spec, "compact", "", {"keep": "0"})
    assert said.commit
    assert git("show", "--name-only", "--format=%s").split() == ["Compact", "SPEC.archive.md", "SPEC.md"]
    assert git("status", "--porcelain") == ""
    assert f" from SPEC.md at {tip[:12]}\n" in archive(spec)
    assert lines(SPEC.decode()) <= lines(archive(spec), spec.spec.read_text())
    assert [item.id for item in parse(spec.spec.read_bytes()).queue] == ["q3"]


def test_it_stays_when_there_is_nothing_old(spec: Places):
    with pytest.raises(Refused, match="nothing is old enough"):
        steer(spec, "compact")
    with pytest.raises(Refused, match="no number"):
        steer(spec, "compact", "", {"keep": "all"})
    assert archive(spec) == ""


def test_the_newest_stand_at_the_end_of_the_archive(spec: Places):
    steer(spec, "compact", "", {"keep": "0"})
    steer(spec, "strike", "q3")
    steer(spec, "compact", "", {"keep": "0"})
    assert archive(spec).count("## 2") == 2
    assert archive(spec).index("^q1") < archive(spec).index("^q3")


def test_undo_brings_all_back_and_takes_it_out_of_the_archive(spec: Places, git: Git):
    steer(spec, "compact", "", {"keep": "0"})
    steer(spec, "undo")
    assert spec.spec.read_bytes() == SPEC
    assert archive(spec) == ""
    steer(spec, "redo")
    assert "^q1" in archive(spec)
    assert git("status", "--porcelain") == ""


def test_what_is_not_merged_stays(spec: Places, git: Git):
    git("branch", "delegate/q2")
    git("checkout", "-q", "delegate/q2")
    git("commit", "-q", "--allow-empty", "-m", "work")
    git("checkout", "-q", "main")
    steer(spec, "compact", "", {"keep": "0"})
    assert parse(spec.spec.read_bytes()).item("q2") is not None
    git("merge", "-q", "delegate/q2")
    steer(spec, "compact", "", {"keep": "0"})
    assert parse(spec.spec.read_bytes()).item("q2") is None


def test_an_item_whose_worktree_is_there_stays(spec: Places):
    facts.write(spec.turn("q1", 1), msgspec.structs.replace(turn("q1").dispatch, worktree=str(spec.root)))
    steer(spec, "compact", "", {"keep": "0"})
    assert parse(spec.spec.read_bytes()).item("q1") is not None


def test_an_answer_with_a_correction_that_nobody_was_told_stays(spec: Places):
    folder = spec.turn("q1", 1)
    facts.write(folder, turn("q1").dispatch)
    facts.write(folder, facts.Entry(title="q1 turn 1", blocks=["It is done."], told=True))
    spec.spec.write_bytes(SPEC + b"\n> this is not the real issue\n")
    steer(spec, "compact", "", {"keep": "0"})
    assert "this is not the real issue" in spec.spec.read_text()


def test_an_edit_of_what_goes_at_the_same_time_is_not_lost(spec: Places):
    steer(spec, "compact", "", {"keep": "0"})
    spec.spec.write_bytes(SPEC.replace(b"first ^q1", b"first, but better ^q1"))  # an editor that had the old version
    now = persist.read(spec)
    assert b"first, but better ^q1" in now
    assert b"^q3" in now
    assert "- [x] first ^q1" in archive(spec)


def test_an_id_in_the_archive_is_not_given_again(spec: Places):
    steer(spec, "strike", "q3")
    steer(spec, "compact", "", {"keep": "0"})
    steer(spec, "add", "", {"text": "new"})
    assert parse(spec.spec.read_bytes()).queue[-1].id == "q4"
