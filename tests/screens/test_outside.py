"""Which file of the repository a line of the spec means, and how the human's editor is called for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit import editor
from cockpit.errors import CockpitError
from cockpit.paths import places as find_places
from cockpit.screens import outside
from tests.screens.conftest import Project


def test_a_path_is_seen_from_the_top_else_from_the_specs_folder(project: Project):
    project.write("docs/SPEC.md", "## Goal\n")
    project.write("docs/guide.md", "x\n")
    project.write("guide.md", "x\n")
    places = find_places("docs/SPEC.md", project.root)
    assert outside.inside(places, "docs/guide.md") == project.root / "docs/guide.md"
    assert outside.inside(places, "guide.md") == project.root / "guide.md"
    (project.root / "guide.md").unlink()
    assert outside.inside(places, "guide.md") == project.root / "docs/guide.md"
    assert outside.inside(places, "../src/lantern/fetch.py") == project.root / "src/lantern/fetch.py"


@pytest.mark.parametrize("named", ["/etc/passwd", "../secret", "link", "../lantern-2/x"])
def test_nothing_outside_the_repository_is_opened(project: Project, named: str):
    (project.root.parent / "secret").write_text("x")
    (project.root / "link").symlink_to("/etc/passwd")
    with pytest.raises(CockpitError, match="outside"):
        outside.inside(project.places, named)


@pytest.mark.parametrize("named", ["nowhere.py", "src", "a\0b", "x" * 5000, "round"])
def test_what_is_no_file_is_told(project: Project, named: str):
    (project.root / "round").symlink_to("round")
    with pytest.raises(CockpitError, match="no such file"):
        outside.inside(project.places, named)


@pytest.mark.parametrize(
    ("named", "command"),
    [
        ("vim -f", ["vim", "-f", "+12", "f.py"]),
        ("/usr/bin/vim.tiny", ["/usr/bin/vim.tiny", "+12", "f.py"]),
        ("code --wait", ["code", "--wait", "f.py"]),
        ("  ", ["vi", "+12", "f.py"]),
    ],
)
def test_only_editors_that_know_it_are_told_the_line(monkeypatch, named: str, command: list[str]):
    monkeypatch.setenv("VISUAL", named)
    assert editor.command(Path("f.py"), 12) == command


def test_an_editor_that_is_no_command_is_told(monkeypatch):
    monkeypatch.setenv("VISUAL", "vim 'unclosed")
    with pytest.raises(CockpitError, match="no command"):
        editor.command(Path("f.py"))
