"""What the commit hook runs: the same checks as when an agent stops, on what is about to be committed (R181, R194)."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cockpit.commands.given import Given, here
from cockpit.commands.stopping import demanded, first_failing
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.facts.commits import Checked

NOBODY = ("-c", "user.name=cockpit", "-c", "user.email=cockpit@localhost")


def commit(given: Given) -> int:
    """0 lets git commit, 1 keeps it from it, with the reason. In a delegate's worktree a line of the record is left.

    Never in the way: trouble of ours lets git commit, and is in the record.
    """
    folder, record, tree = Path.cwd(), _record(), ""
    try:
        tree = _git(folder, "write-tree", environment=_index())
        steps, seconds = demanded(here(given))
        commands = [step.command for step in steps]
        if record is not None and _passed(record, tree, commands):
            return 0
        with _as_committed(folder, tree) as place:
            words = first_failing(steps, seconds, place)
    except (CockpitError, OSError) as error:
        print(f"cockpit: the checks were not run: {error}", file=sys.stderr)
        _note(record, tree, "broken", str(error), [])
        return 0
    _note(record, tree, "fail" if words else "pass", words, commands)
    if words:
        print(f"cockpit: not committed: {words}", file=sys.stderr)
    return 1 if words else 0


def _record() -> Path | None:
    """The record of this worktree; None where there is none, as for a human's own hook."""
    from cockpit.facts.commits import RECORD

    folder = os.environ.get("GIT_DIR", "")
    path = Path(folder) / RECORD if folder else None
    return path if path is not None and path.exists() else None


def _passed(record: Path, tree: str, commands: list[str]) -> bool:
    """Whether just that was checked before: a message that is amended, a hook of the human's that asks too."""
    from cockpit.facts.commits import committed

    found = committed(record.parent).trees.get(tree)
    return found is not None and found.result == "pass" and found.commands == commands


def _note(
    record: Path | None, tree: str, result: Literal["pass", "fail", "broken"], words: str, commands: list[str]
) -> None:
    from cockpit import facts
    from cockpit.clean import line
    from cockpit.facts.commits import Checked

    if record is None or not tree:
        return
    first = line(words.partition("\n")[0], 200)
    made: Checked = Checked(tree=tree, result=result, words=first, commands=commands, at=time.time())
    try:
        facts.append(record, [made])
    except OSError as error:  # then the commit is not told as checked
        print(f"cockpit: {record}: {error.strerror}", file=sys.stderr)


@contextmanager
def _as_committed(folder: Path, tree: str) -> Generator[Path]:
    """A folder that holds just what the commit would: this one, when nothing else lies in it that git sees.

    Else a repository of its own, thrown away, that borrows the objects, with the commit as it would be checked out.
    """
    if not _beside(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="cockpit-commit-") as name:
        place = Path(name) / folder.name
        _git(folder, "init", "-q", "--template=", str(place))
        lender = Path(folder, _git(folder, "rev-parse", "--git-path", "objects"))
        alternates = place / ".git" / "objects" / "info" / "alternates"
        alternates.parent.mkdir(parents=True, exist_ok=True)
        alternates.write_bytes(os.fsencode(lender) + b"\n")
        head = _git(folder, "rev-parse", "-q", "--verify", "HEAD", check=False)
        above = ("-p", head) if head else ()
        made = _git(place, *NOBODY, "commit-tree", tree, *above, "-m", "What is about to be committed")
        _git(place, "-c", "advice.detachedHead=false", "checkout", "-q", "--detach", made)
        yield place


def _beside(folder: Path) -> bool:
    """Whether the folder holds what would not be committed. A row's second sign says so."""
    status = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=normal")
    return any(row[1:2] != " " for row in _git(folder, *status, environment=_index()).split("\0") if row)


def _git(folder: Path, *args: str, check: bool = True, environment: dict[str, str] | None = None) -> str:
    from cockpit.persist import git

    return os.fsdecode(git.run(folder, *git.QUIET, *args, check=check, environment=environment)).rstrip("\n")


def _index() -> dict[str, str]:
    """Which index git commits from: with paths named it is another one. Never for a command that writes."""
    named = os.environ.get("GIT_INDEX_FILE", "")
    return {"GIT_INDEX_FILE": named} if named else {}
