"""`cockpit init`: the first spec of a repository, committed alone."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from cockpit import persist
from cockpit.act import agents
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.spec import template

WELL_KNOWN = ("claude", "codex", "opencode", "gemini", "qwen", "aider")
NO_TEST = "no test specified"  # what `npm init` writes for a project without tests
LOCKS = (
    ("pnpm-lock.yaml", "pnpm test"),
    ("yarn.lock", "yarn test"),
    ("bun.lock", "bun run test"),
    ("bun.lockb", "bun run test"),
)


@dataclass(frozen=True, slots=True)
class Begun:
    """What init did: the spec's name, the controls it was given, and the commit."""

    spec: str
    agent: str
    missing: str
    """The agent's program when it is not on PATH, else empty."""
    verify: str
    commit: str | None
    held: str
    """Why the commit waits (a rebase is going on), else empty."""


def init(places: Places, *, agent: str = "", verify: str = "") -> Begun:
    """Write the spec from the template, exclude `.cockpit/` in `.git/info/exclude`, commit the spec and nothing else.

    `agent` and `verify` default to what is installed and what the repository seems to use. Raises CockpitError when
    there is a spec already (it is never overwritten) or the agent is unknown.
    """
    if places.spec.exists():
        raise CockpitError(
            "there is a spec already; it was left as it is", where=places.spec_name, remedy="open it: cockpit"
        )
    chosen = agents.load(agent or usual_agent(places.root), places.root)
    verify = verify or guess_verify(places.root)
    places.make()
    persist.exclude(places)
    receipt = persist.create(places, template(verify=verify, agent=agent or chosen.name))
    return Begun(
        spec=places.spec_name,
        agent=agent or chosen.name,
        missing="" if agents.installed(chosen) else chosen.command[0],
        verify=verify,
        commit=receipt.commit,
        held=receipt.held,
    )


def usual_agent(root: Path) -> str:
    """The first of the well-known agents whose program is on PATH; the first of all when none is."""
    return next((name for name in WELL_KNOWN if agents.installed(agents.load(name, root))), WELL_KNOWN[0])


def guess_verify(root: Path) -> str:
    """The command that runs this repository's tests, told by its files; empty when nothing tells."""
    return _python(root) or _node(root) or _make(root) or _cargo(root) or _go(root)


def _python(root: Path) -> str:
    settings = _read(root / "pyproject.toml")
    try:
        project = tomllib.loads(settings)
    except tomllib.TOMLDecodeError:
        project = {}
    says_so = (
        "pytest" in project.get("tool", {})
        or re.search(r"""["']pytest\b""", settings)
        or (root / "pytest.ini").is_file()
        or "[tool:pytest]" in _read(root / "setup.cfg")
        or "[pytest]" in _read(root / "tox.ini")
    )
    has_tests = any(any((root / folder).glob("test_*.py")) for folder in ("tests", "test", "."))
    if not says_so and not has_tests:
        return ""
    if (root / "uv.lock").is_file():
        return "uv run pytest -q"
    if (root / "poetry.lock").is_file():
        return "poetry run pytest -q"
    return "pytest -q"


def _node(root: Path) -> str:
    try:
        package: Any = json.loads(_read(root / "package.json") or "{}")
    except ValueError:
        return ""
    scripts: Any = cast("dict[str, Any]", package).get("scripts") if isinstance(package, dict) else None
    script: Any = cast("dict[str, Any]", scripts).get("test") if isinstance(scripts, dict) else None
    if not isinstance(script, str) or not script.strip() or NO_TEST in script:
        return ""
    return next((command for lock, command in LOCKS if (root / lock).is_file()), "npm test")


def _make(root: Path) -> str:
    for name in ("GNUmakefile", "makefile", "Makefile"):
        if re.search(r"^test\s*:(?!=)", _read(root / name), re.MULTILINE):
            return "make test"
    return ""


def _cargo(root: Path) -> str:
    return "cargo test --quiet" if (root / "Cargo.toml").is_file() else ""


def _go(root: Path) -> str:
    return "go test ./..." if (root / "go.mod").is_file() else ""


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
