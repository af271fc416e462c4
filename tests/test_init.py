"""`cockpit init` writes a first spec, commits it alone, and never overwrites."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.init import Begun, guess_verify, init, usual_agent
from cockpit.paths import Places, places
from cockpit.spec import parse

Git = Callable[..., str]


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def begin(where: Path, **options: str) -> Begun:
    return init(places(cwd=where), **options)


def test_the_spec_is_committed_alone(repo: Path, git: Git):
    put(repo / "staged.txt", "mine\n")
    git("add", "staged.txt")
    put(repo / "README.md", "# changed\n")
    begun = begin(repo)
    assert git("show", "--format=", "--name-only", "HEAD") == "SPEC.md"
    assert git("rev-parse", "HEAD") == begun.commit
    assert git("diff", "--cached", "--name-only") == "staged.txt"
    assert git("diff", "--name-only") == "README.md"


def test_the_spec_says_who_works_and_what_proves_a_result(repo: Path):
    begin(repo, agent="codex", verify="make prove")
    document = parse((repo / "SPEC.md").read_bytes())
    assert document.controls.agent == "codex"
    assert document.controls.verify == ("make prove",)
    assert document.controls.loop == "hold"
    assert document.problems == ()


def test_the_local_folder_is_ignored_without_touching_the_users_ignore_file(repo: Path, git: Git):
    put(repo / ".gitignore", "build/\n")
    begin(repo)
    assert (repo / ".gitignore").read_text() == "build/\n"
    assert git("check-ignore", ".cockpit") == ".cockpit"
    assert ".cockpit/" in (repo / ".git/info/exclude").read_text().splitlines()


def test_a_spec_that_is_there_is_left_as_it_is(repo: Path, git: Git):
    put(repo / "SPEC.md", "# mine\n")
    before = git("rev-parse", "HEAD")
    with pytest.raises(CockpitError, match="there is a spec already"):
        begin(repo)
    assert (repo / "SPEC.md").read_text() == "# mine\n"
    assert git("rev-parse", "HEAD") == before


def test_a_link_out_of_the_repository_is_not_followed(repo: Path, tmp_path: Path):
    (repo / "SPEC.md").symlink_to(tmp_path / "elsewhere.md")
    with pytest.raises(CockpitError, match="lies outside the repository"):
        begin(repo)
    assert not (tmp_path / "elsewhere.md").exists()


def test_in_a_subfolder_the_spec_goes_to_the_top(repo: Path):
    deep = repo / "src" / "deep"
    deep.mkdir(parents=True)
    begun = begin(deep)
    assert begun.spec == "SPEC.md"
    assert (repo / "SPEC.md").is_file()
    assert not (deep / "SPEC.md").exists()


def test_a_spec_of_another_name_may_be_asked_for(repo: Path, git: Git):
    (repo / "docs").mkdir()
    begun = init(places("docs/plan.md", cwd=repo))
    assert begun.spec == "docs/plan.md"
    assert git("show", "--format=", "--name-only", "HEAD") == "docs/plan.md"


def test_on_an_unborn_branch_the_spec_is_the_first_commit(tmp_path: Path):
    root = tmp_path / "new"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    begun = begin(root)
    log = subprocess.run(["git", "log", "--format=%H"], cwd=root, check=True, capture_output=True, text=True).stdout
    assert log.split() == [begun.commit]


def test_outside_a_repository_it_says_what_to_do(tmp_path: Path):
    with pytest.raises(CockpitError) as caught:
        begin(tmp_path)
    assert caught.value.what == "not a git repository"
    assert caught.value.remedy == "run git init first"


def test_an_unknown_agent_is_refused_before_anything_is_written(repo: Path):
    with pytest.raises(CockpitError, match="no agent called"):
        begin(repo, agent="nobody")
    assert not (repo / "SPEC.md").exists()


def test_a_command_of_ones_own_may_be_the_agent(repo: Path):
    begin(repo, agent="shell ./work.sh")
    assert parse((repo / "SPEC.md").read_bytes()).controls.agent == "shell ./work.sh"


def test_the_agent_on_the_path_is_taken(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "bin" / "opencode"
    put(program, "#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    assert usual_agent(places.root) == "opencode"


def test_with_no_agent_on_the_path_the_missing_one_is_named(repo: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    begun = begin(repo)
    assert begun.missing == begun.agent == "claude"


def test_an_init_in_the_middle_of_a_merge_writes_and_says_that_the_commit_waits(repo: Path, git: Git):
    before = git("rev-parse", "HEAD")
    put(repo / ".git/MERGE_HEAD", before + "\n")
    begun = begin(repo)
    assert "merge" in begun.held
    assert (repo / "SPEC.md").is_file()
    assert git("rev-parse", "HEAD") == before


@pytest.mark.skipif(os.getuid() == 0, reason="root writes everywhere")
def test_a_read_only_repository_is_told(repo: Path):
    repo.chmod(0o555)
    try:
        with pytest.raises(CockpitError):
            begin(repo)
    finally:
        repo.chmod(0o755)


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({}, ""),
        ({"README.md": "# nothing tells\n"}, ""),
        ({"pyproject.toml": "[tool.pytest.ini_options]\n"}, "pytest -q"),
        ({"pyproject.toml": '[dependency-groups]\ndev = ["pytest>=8"]\n'}, "pytest -q"),
        ({"pyproject.toml": '[project]\nname = "x"\n'}, ""),
        ({"pyproject.toml": "[broken\n"}, ""),
        ({"pytest.ini": "[pytest]\n"}, "pytest -q"),
        ({"setup.cfg": "[tool:pytest]\n"}, "pytest -q"),
        ({"tests/test_it.py": ""}, "pytest -q"),
        ({"pytest.ini": "", "uv.lock": ""}, "uv run pytest -q"),
        ({"pytest.ini": "", "poetry.lock": ""}, "poetry run pytest -q"),
        ({"package.json": '{"scripts": {"test": "vitest run"}}'}, "npm test"),
        ({"package.json": '{"scripts": {"test": "vitest run"}}', "pnpm-lock.yaml": ""}, "pnpm test"),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, ""),
        ({"package.json": '{"scripts": null}'}, ""),
        ({"package.json": '["not", "a", "table"]'}, ""),
        ({"package.json": "{"}, ""),
        ({"Makefile": "all:\n\ttrue\ntest: all\n\t./run\n"}, "make test"),
        ({"Makefile": "test := yes\nall:\n\ttrue\n"}, ""),
        ({"Cargo.toml": ""}, "cargo test --quiet"),
        ({"go.mod": "module x\n"}, "go test ./..."),
        ({"package.json": '{"scripts": {"test": "jest"}}', "Makefile": "test:\n\ttrue\n"}, "npm test"),
    ],
)
def test_the_verify_command_is_guessed_from_the_files(tmp_path: Path, files: dict[str, str], command: str):
    for name, text in files.items():
        put(tmp_path / "project" / name, text)
    assert guess_verify(tmp_path / "project") == command
