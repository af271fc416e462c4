"""Settings on disk: links followed where that is safe, everything else refused, one swap."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.hooks import AGENTS, Hooked, apply, install, plan, remove

CLAUDE: Hooked = AGENTS["claude"]


def put(path: Path, root: Path | None) -> None:
    apply(plan(path, root, lambda data: install(data, CLAUDE)), root)


def take(path: Path, root: Path | None) -> None:
    apply(plan(path, root, lambda data: None if data is None else remove(data, CLAUDE)), root)


def test_a_folder_that_we_made_goes_with_the_file(repo: Path):
    path = CLAUDE.file(repo)
    put(path, repo)
    assert path.is_file()
    take(path, repo)
    assert not path.parent.exists()


def test_the_mode_stays(repo: Path):
    path = CLAUDE.file(repo)
    path.parent.mkdir()
    path.write_text("{}")
    path.chmod(0o640)
    put(path, repo)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_the_users_own_link_stays_a_link(repo: Path, tmp_path: Path):
    real = tmp_path / "dotfiles.json"
    real.write_text('{"model": "x"}')
    path = CLAUDE.file(None)
    path.parent.mkdir()
    path.symlink_to(real)
    put(path, None)
    assert path.is_symlink()
    assert b"hooks" in real.read_bytes()
    take(path, None)
    assert real.read_text() == '{"model": "x"}'


def test_a_link_out_of_the_repository_is_refused(repo: Path, tmp_path: Path):
    (tmp_path / "mine.json").write_text("{}")
    path = CLAUDE.file(repo)
    path.parent.mkdir()
    path.symlink_to(tmp_path / "mine.json")
    with pytest.raises(CockpitError, match="leads out of the repository"):
        put(path, repo)
    assert (tmp_path / "mine.json").read_text() == "{}"


@pytest.mark.parametrize("sort", ["pipe", "folder", "circle", "nowhere", "text"])
def test_what_is_no_settings_file_is_refused(repo: Path, sort: str):
    path = CLAUDE.file(repo)
    path.parent.mkdir()
    match sort:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "circle":
            path.symlink_to(path)
        case "nowhere":
            path.symlink_to(repo / "gone.json")
        case _:
            path.write_text("model: x\n")
    with pytest.raises(CockpitError) as refusal:
        put(path, repo)
    assert str(path) in str(refusal.value)


def test_a_file_that_changes_meanwhile_is_left_alone(repo: Path):
    path = CLAUDE.file(repo)
    path.parent.mkdir()
    path.write_text("{}")
    change = plan(path, repo, lambda data: install(data, CLAUDE))
    path.write_text('{"model": "x"}')
    with pytest.raises(CockpitError, match="changed in this moment"):
        apply(change, repo)
    assert path.read_text() == '{"model": "x"}'
