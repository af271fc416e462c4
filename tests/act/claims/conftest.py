"""A small project with a past, that the items of the table speak about."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cockpit import spec
from cockpit.act import claims
from cockpit.facts import Claim
from cockpit.paths import Places
from cockpit.paths import places as find_places

LEGACY = "".join(f"def legacy_{number}():\n    return {number}\n\n" for number in range(8))
FLAGS = '''\
"""Command line flags."""

DEFAULT_FLAGS = {"verbose": False}


class Flags:
    def __init__(self, values):
        self.values = values

    def merge(self, other):
        return Flags(self.values | other.values)


def parse_flags(argv):
    for word in argv:
        if word not in DEFAULT_FLAGS:
            raise ValueError("unknown flag, try --help")
    return Flags({})


def read_config(path):
    with open(path) as file:
        return file.read()
'''
RUNNER = '''\
"""Runs jobs."""

import asyncio

from app.flags import parse_flags

MAX_JOBS = 4
ANSWER = "answer.json"


class Runner:
    def __init__(self, jobs):
        self.jobs = jobs

    def start(self):
        for job in self.jobs:
            self.launch(job)

    def launch(self, job):
        print("starting the job now")

    def stop_all(self):
        self.jobs.clear()
'''
SERVER = """\
const MAX_BODY = 1024;

export function handleRequest(req) {
  if (req.body.length > MAX_BODY) {
    return { status: 413, text: "request body is too large" };
  }
  return { status: 200, text: "ok" };
}
"""
NOW = {
    "README.md": "# App\n\nA tool that runs jobs.\n\n## Quick start\n\nRun `app --help` first.\n",
    "Makefile": "test:\n\tpytest\n",
    ".gitignore": "dist/\n*.log\n",
    "pyproject.toml": '[project]\nname = "app"\nversion = "1.2.0"\n',
    "src/app/__init__.py": "",
    "src/app/flags.py": FLAGS,
    "src/app/runner.py": RUNNER,
    "src/app/compat/legacy.py": LEGACY,
    "src/app/web/server.ts": SERVER,
    "tests/test_flags.py": "def test_flags_merge():\n    assert True\n",
    "tests/web/test_server.py": "def test_large_body():\n    assert True\n",
    "docs/guide.md": "# Guide\n\nStart with `app run`.\n\nThe runner starts four jobs at once.\n",
    "docs/design/retry.md": "# Retry\n\nFix `Runner.luanch()`: it must try again.\n\nAdd `retry_job()` for that.\n",
    "openspec/changes/add-retry/proposal.md": "## Why\n\nThe bug is in `src/app/runer.py`.\n\n- Add `Retry`\n",
    "openspec/changes/add-retry/tasks.md": "## 1. Tasks\n\n- [ ] 1.1 Retry a job\n",
}


def run(root: Path, *args: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    return subprocess.run(
        ["git", *identity, *args], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


@dataclass(frozen=True)
class Project:
    """The project, and the commit that everything is held against."""

    places: Places
    commit: str

    def claims(self, item: str, more: str = "") -> list[Claim]:
        """The claims of the item `q1` that these lines write."""
        document = spec.parse(f"## Queue\n- [ ] {item} ^q1\n{more}".encode())
        found = document.item("q1")
        assert found is not None
        return claims.check(self.places, document, found, self.commit)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Made once: nothing here writes into it."""
    root = tmp_path_factory.mktemp("project")
    run(root, "init", "-q")
    write(
        root,
        {"src/app/legacy.py": LEGACY, "src/app/dead.py": "x = 1\n", "src/app/conf.py": "def load_settings(): ...\n"},
    )
    run(root, "add", ".")
    run(root, "commit", "-qm", "Begin")
    for name in ("legacy", "dead", "conf"):
        (root / f"src/app/{name}.py").unlink()
    write(root, {"src/app/compat/legacy.py": LEGACY})
    run(root, "add", ".")
    run(root, "commit", "-qm", "Clear away")
    write(root, NOW)
    run(root, "add", ".")
    run(root, "commit", "-qm", "Grow")
    write(root, {"src/app/draft.py": "def draft(): ...\n"})
    return Project(find_places(cwd=root), run(root, "rev-parse", "HEAD"))


Check = Callable[..., list[Claim]]
