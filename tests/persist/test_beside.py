"""One file beside the spec: committed alone and the checkout along, or swapped on disk; nothing dirty is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import Act, beside

Git = Callable[..., str]
ACT = Act("tick", "q1", "engine", subject="Tick tasks.md#1.1")


def ticked(data: bytes) -> bytes:
    return data.replace(b"[ ]", b"[x]", 1)


@pytest.fixture
def begun(places: Places, git: Git) -> Places:
    persist.create(places, b"## Queue\n- [x] a ^q1\n")
    (places.root / "docs").mkdir()
    (places.root / "docs/tasks.md").write_bytes(b"- [ ] 1.1 a\r\n")
    git("add", "docs")
    git("commit", "-qm", "Add tasks")
    return places


def test_a_tracked_file_is_committed_alone_and_the_checkout_follows(begun: Places, git: Git):
    (begun.root / "README.md").write_text("dirty\n")
    assert beside.amend(begun, persist.target(begun), "docs/tasks.md", ticked, ACT) == ""
    assert (begun.root / "docs/tasks.md").read_bytes() == b"- [x] 1.1 a\r\n"
    assert git("show", "--format=%s", "--name-only", "HEAD").split("\n") == ["Tick tasks.md#1.1", "", "docs/tasks.md"]
    assert git("log", "-1", "--format=%(trailers:key=Cockpit-By,valueonly)") == "engine"
    assert git("status", "--porcelain") == "M README.md"


def test_a_dirty_file_waits_for_its_human(begun: Places, git: Git):
    (begun.root / "docs/tasks.md").write_bytes(b"- [ ] 1.1 a\r\nmine\r\n")
    before = git("rev-parse", "HEAD")
    assert "commit or stash" in beside.amend(begun, persist.target(begun), "docs/tasks.md", ticked, ACT)
    assert (begun.root / "docs/tasks.md").read_bytes() == b"- [ ] 1.1 a\r\nmine\r\n"
    assert git("rev-parse", "HEAD") == before


def test_what_changes_nothing_commits_nothing(begun: Places, git: Git):
    before = git("rev-parse", "HEAD")
    assert beside.amend(begun, persist.target(begun), "docs/tasks.md", lambda data: data, ACT) == ""
    assert git("rev-parse", "HEAD") == before


def test_a_file_that_git_does_not_have_is_swapped_and_keeps_its_mode(begun: Places, tmp_path: Path):
    file = tmp_path / "tasks.md"
    file.write_bytes(b"- [ ] a\n")
    file.chmod(0o640)
    beside.swap(begun, str(file), ticked)
    assert file.read_bytes() == b"- [x] a\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.glob(".*tasks*")] == []


def test_a_save_in_the_very_moment_of_the_swap_is_kept(begun: Places, tmp_path: Path):
    file = tmp_path / "tasks.md"
    file.write_bytes(b"- [ ] a\n")
    saves = iter([b"- [ ] a\n- [ ] b\n"])

    def op(data: bytes) -> bytes:
        for save in saves:
            file.write_bytes(save)
        return ticked(data)

    beside.swap(begun, str(file), op)
    assert file.read_bytes() == b"- [x] a\n- [ ] b\n"


@pytest.mark.parametrize("name", ["nothing.md", ".", "pipe"])
def test_what_is_no_file_is_told(begun: Places, name: str):
    import os

    os.mkfifo(begun.root / "pipe")
    with pytest.raises(CockpitError):
        beside.on_disk(begun, name)


def test_a_file_in_the_repository_is_named_from_its_root(begun: Places, tmp_path: Path):
    assert beside.relative(begun, begun.root / "docs/../docs/tasks.md") == "docs/tasks.md"
    assert beside.relative(begun, tmp_path / "x.md") == str(tmp_path / "x.md")
    with pytest.raises(CockpitError):
        beside.relative(begun, tmp_path / "a\nb.md")
