"""The house holds: who imports whom, what the wheel carries, what is written down about what we build on."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def python(*args: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], cwd=cwd, capture_output=True, text=True, check=False)


def canonical(requirement: str) -> str:
    """Name of a requirement as indexes write it: `PyYAML>=6` is `pyyaml`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement)[0]).lower()


def declared() -> list[str]:
    groups = PROJECT["dependency-groups"]["dev"]
    return [
        canonical(entry)
        for entry in [*PROJECT["build-system"]["requires"], *PROJECT["project"]["dependencies"], *groups]
    ]


def test_every_room_imports_only_what_the_arrows_allow():
    done = python("-c", "from importlinter.cli import lint_imports_command as run; run(['--no-logo', '--no-cache'])")
    assert done.returncode == 0, done.stdout


def test_the_pages_made_from_the_code_are_up_to_date():
    done = python("docs/generate.py", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in a freshly built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    done = python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = folder.glob("agent_cockpit-*.whl")
    with zipfile.ZipFile(file) as archive:
        return set(archive.namelist())


def test_the_wheel_carries_every_file_of_our_packages(wheel: set[str]):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "cockpit", "widgets", "themes"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    here = {name for name in listed if name and (ROOT / name).is_file()}
    assert here <= wheel
    assert {Path(name).suffix for name in here} >= {".py", ".toml", ".tcss", ".conf"}


def test_the_wheel_carries_nothing_else(wheel: set[str]):
    tops = {name.split("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cockpit", "widgets", "themes"}
    assert not any("__pycache__" in name for name in wheel)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_every_dependency_has_its_line():
    rows = re.findall(r"^\| ([A-Za-z0-9._-]+) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    assert sorted(canonical(row) for row in rows if row != "package") == sorted(set(declared()))


def test_every_dependency_has_one_exact_version():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {canonical(entry.split("==")[0]) for entry in lines}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", entry) for entry in lines)
    assert set(declared()) <= pinned
    assert lines == sorted(lines, key=str.lower)


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml", "Makefile", ".ci/run"])
def test_no_host_is_named_where_packages_are_installed(name: str):
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text


def test_the_version_is_told_once_and_the_same():
    from cockpit import __version__

    assert PROJECT["project"]["version"] == __version__


def test_the_change_log_knows_this_version_or_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text()
    assert f"## [{PROJECT['project']['version']}]" in text or "## [Unreleased]" in text


def test_the_readme_shows_two_commands_and_pictures_that_exist():
    text = (ROOT / "README.md").read_text()
    assert re.findall(r"^make \w+", text, re.MULTILINE) == ["make demo", "make test"]
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)|src(?:set)?=\"(screenshots/[^\"]+)\"", text)
    assert pictures
    assert all((ROOT / (one or other)).is_file() for one, other in pictures)
