"""Files written along with the spec: one commit of both, taken back together, never over anything of the user's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from cockpit import persist
from cockpit.errors import Refused
from cockpit.paths import Places
from cockpit.persist import along

SPEC = b"# Spec\n\n## Queue\n- [x] one ^q1\n- [ ] two ^q2\n"
Git = Callable[..., str]


@pytest.fixture
def spec(places: Places):
    persist.create(places, SPEC)
    yield places
    persist.close()


def archive(places: Places, name: str = "SPEC.archive.md", line: bytes = b"- [x] one ^q1\n") -> persist.Receipt:
    def op(data: bytes) -> bytes:
        return data.replace(line, b"")

    def beside(_before: bytes, _after: bytes) -> dict[str, along.Change]:
        return {name: lambda now: (now or b"") + line}

    return persist.record(places, op, persist.Act("compact"), beside)


def changed(git: Git, commit: str = "HEAD") -> list[str]:
    return git("show", "--name-status", "--format=", commit).split("\n")


def test_both_are_in_one_commit_and_the_checkout_is_clean(spec: Places, git: Git):
    receipt = archive(spec)
    assert receipt.commit
    assert changed(git) == ["A\tSPEC.archive.md", "M\tSPEC.md"]
    assert (spec.root / "SPEC.archive.md").read_bytes() == b"- [x] one ^q1\n"
    assert git("status", "--porcelain") == ""
    archive(spec, line=b"- [ ] two ^q2\n")
    assert (spec.root / "SPEC.archive.md").read_bytes() == b"- [x] one ^q1\n- [ ] two ^q2\n"
    assert git("status", "--porcelain") == ""


def test_undo_takes_the_file_back_too_and_redo_brings_it_again(spec: Places, git: Git):
    archive(spec, "notes/old.md")
    persist.undo(spec)
    assert spec.spec.read_bytes() == SPEC
    assert not (spec.root / "notes/old.md").exists()
    assert git("status", "--porcelain") == ""
    assert changed(git) == ["M\tSPEC.md", "D\tnotes/old.md"]
    persist.redo(spec)
    assert (spec.root / "notes/old.md").read_bytes() == b"- [x] one ^q1\n"
    assert git("status", "--porcelain") == ""


def test_undo_of_an_older_act_leaves_what_came_later(spec: Places, git: Git):
    first = archive(spec)
    archive(spec, line=b"- [ ] two ^q2\n")
    persist.undo(spec, first.commit)
    assert (spec.root / "SPEC.archive.md").read_bytes() == b"- [ ] two ^q2\n"
    assert b"one ^q1" in spec.spec.read_bytes()
    assert git("status", "--porcelain") == ""


def test_undo_refuses_when_the_file_was_edited_since(spec: Places, git: Git):
    act = archive(spec)
    (spec.root / "SPEC.archive.md").write_bytes(b"mine\n")
    git("commit", "-qam", "Mine")
    with pytest.raises(Refused, match="was edited since"):
        persist.undo(spec, act.commit)
    assert (spec.root / "SPEC.archive.md").read_bytes() == b"mine\n"


@pytest.mark.parametrize("how", ["untracked", "dirty", "staged", "ignored", "link", "folder"])
def test_nothing_is_written_over_what_is_the_users(spec: Places, git: Git, how: str):
    place = spec.root / "SPEC.archive.md"
    if how in ("dirty", "staged"):
        place.write_text("old\n")
        git("add", place.name)
        git("commit", "-qm", "Old")
    if how == "ignored":
        (spec.root / ".gitignore").write_text("*.archive.md\n")
    elif how == "link":
        place.symlink_to(spec.root / "README.md")
    elif how == "folder":
        place.mkdir()
    else:
        place.write_text("mine\n")
    if how == "staged":
        git("add", place.name)
        place.write_text("old\n")
    before = git("status", "--porcelain")
    with pytest.raises(Refused):
        archive(spec)
    assert spec.spec.read_bytes() == SPEC
    assert git("status", "--porcelain") == before
    assert (spec.root / "README.md").read_text() == "# A project\n"


def test_it_is_refused_while_its_commit_would_wait(spec: Places, git: Git):
    (spec.git_dir / "MERGE_HEAD").write_text(git("rev-parse", "HEAD") + "\n")
    with pytest.raises(Refused, match="merge in progress"):
        archive(spec)
    assert spec.spec.read_bytes() == SPEC
    (spec.git_dir / "MERGE_HEAD").unlink()


def test_a_path_out_of_the_repository_is_refused(spec: Places, tmp_path: Path):
    (spec.root / "out").symlink_to(tmp_path)
    for name in ("out/a.md", "../a.md"):
        with pytest.raises(Refused, match="outside"):
            archive(spec, name)


def test_a_kill_between_the_file_and_the_spec_leaves_neither(spec: Places):
    """As a kill leaves it: the intention and the file are there, the spec is as it was."""
    (spec.root / "SPEC.archive.md").write_bytes(b"- [x] one ^q1\n")
    blob = along.blobs(spec, [along.File("SPEC.archive.md", None, b"- [x] one ^q1\n")])
    known = (spec.local / "SPEC.md.lock").read_text().split()[0]
    entry = {"verb": "compact", "target": "", "by": "human", "reason": "", "subject": "", "undoes": ""}
    entry |= {"before": known, "after": "", "along": blob, "replaced": {"SPEC.archive.md": ""}}
    (spec.local / "act.json").write_bytes(msgspec.json.encode(entry))
    persist.settle(spec)
    assert not (spec.root / "SPEC.archive.md").exists()
    assert spec.spec.read_bytes() == SPEC


def test_a_kill_after_the_spec_commits_both(spec: Places, git: Git):
    (spec.root / "SPEC.archive.md").write_bytes(b"- [x] one ^q1\n")
    blob = along.blobs(spec, [along.File("SPEC.archive.md", None, b"- [x] one ^q1\n")])
    known = (spec.local / "SPEC.md.lock").read_text().split()[0]
    persist.exchange(spec, lambda data: data.replace(b"- [x] one ^q1\n", b""))
    entry = {"verb": "compact", "target": "", "by": "human", "reason": "", "subject": "", "undoes": ""}
    entry |= {"before": known, "after": "", "along": blob, "replaced": {"SPEC.archive.md": ""}}
    (spec.local / "act.json").write_bytes(msgspec.json.encode(entry))
    persist.settle(spec)
    assert changed(git) == ["A\tSPEC.archive.md", "M\tSPEC.md"]
    assert git("status", "--porcelain") == ""
