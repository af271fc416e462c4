"""Where things lie: the spec, git's folders, `.cockpit/`, worktrees, sockets (design, section 3)."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from cockpit.errors import CockpitError

SPEC_NAME = "SPEC.md"
HOOK_FILES = 4096
"""Files that the hooks of one agent use, one after the other: with no engine to read them they fill no disk."""


@dataclass(frozen=True, slots=True)
class Places:
    """Every path that one spec in one repository implies. All absolute and resolved."""

    root: Path
    """Top level of the work tree that holds the spec."""
    spec: Path
    """The spec file itself, symlinks followed. It may not exist (yet)."""
    git_dir: Path
    """Git's folder of this work tree: HEAD, index, MERGE_HEAD."""
    common_dir: Path
    """Git's folder of the repository: objects, refs, info/exclude."""
    worktrees: Path
    """Where delegates work: outside the repository, so that test runners and linters never see it."""
    runtime: Path
    """A 0700 folder for the engine's socket; short enough for a socket path."""
    tmux: str
    """Name of the private tmux server (`tmux -L NAME`)."""

    @property
    def local(self) -> Path:
        """The repository's git-ignored `.cockpit/`."""
        return self.root / ".cockpit"

    @property
    def delegates(self) -> Path:
        """`.cockpit/delegates/`: the facts, one folder an item, one folder a turn in it."""
        return self.local / "delegates"

    @property
    def taste(self) -> Path:
        """What acts and mutes taught the ranking, for humans to read."""
        return self.local / "taste.toml"

    @property
    def spool(self) -> Path:
        """The file that hooks and loggers append one JSON line to."""
        return self.local / "spool.ndjson"

    @property
    def hooks(self) -> Path:
        """`.cockpit/hooks/`: what hooks of agents said, a file each, until the engine has read it."""
        return self.local / "hooks"

    @property
    def journal(self) -> Path:
        """`.cockpit/journal/`: every event the engine took in, a segment after the other."""
        return self.local / "journal"

    @property
    def events(self) -> Path:
        """The Unix socket that takes events in."""
        return self.runtime / "events.sock"

    @property
    def socket(self) -> Path:
        """The engine's Unix socket."""
        return self.runtime / "engine.sock"

    @property
    def lock(self) -> Path:
        """The file that the running engine holds an flock on."""
        return self.local / "engine.lock"

    @property
    def spec_name(self) -> str:
        """The spec's path inside the repository, with forward slashes, as git writes it."""
        return self.spec.relative_to(self.root).as_posix()

    def turn(self, item: str, number: int) -> Path:
        """The facts folder of one turn of a delegate."""
        return self.delegates / item / str(number)

    def make(self) -> None:
        """Create `.cockpit/`, the worktree folder and the private runtime folder (R: sockets are private).

        Raises CockpitError when a folder cannot be made or the runtime folder belongs to somebody else.
        """
        try:
            self.delegates.mkdir(parents=True, exist_ok=True)
            self.hooks.mkdir(exist_ok=True, mode=0o700)
            self.worktrees.mkdir(parents=True, exist_ok=True)
            self.runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
            info = self.runtime.stat()
        except OSError as error:
            raise CockpitError(
                f"cannot make a folder: {error.strerror}",
                where=str(error.filename),
                remedy="make the repository writable",
            ) from error
        if info.st_uid != os.getuid() or stat.S_IMODE(info.st_mode) & 0o077:
            raise CockpitError(
                "the socket folder is open to others",
                where=str(self.runtime),
                remedy=f"chmod 700 {self.runtime}",
            )


def places(spec: str | Path | None = None, cwd: Path | None = None) -> Places:
    """Find the repository and the spec: the named file, else `SPEC.md` at the top of the repository around `cwd`.

    Raises CockpitError when git is missing, there is no repository, or the spec lies outside it.
    """
    here = (cwd or Path.cwd()).resolve()
    file = (here / spec).resolve() if spec is not None else None
    start = file.parent if file is not None else here
    if not start.is_dir():
        raise CockpitError("no such folder", where=str(start))
    try:
        answer = subprocess.run(
            [
                "git",
                "rev-parse",
                "--path-format=absolute",
                "--show-toplevel",
                "--git-dir",
                "--git-common-dir",
            ],
            cwd=start,
            env=clean_environment(),
            capture_output=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise CockpitError("git is not installed", remedy="install git 2.38 or newer") from error
    if answer.returncode != 0:
        words = os.fsdecode(answer.stderr).strip().removeprefix("fatal: ")
        if "must be run in a work tree" in words:
            raise CockpitError("a bare repository has no work tree", where=str(start), remedy="use a clone of it")
        if "not a git repository" in words:
            raise CockpitError("not a git repository", where=str(start), remedy="run git init first")
        if "dubious ownership" in words:
            owned = re.search(r"in repository at '(.*)'", words)
            where = owned[1] if owned else str(start)
            remedy = f"git config --global --add safe.directory {shlex.quote(where)}"
            raise CockpitError("the repository belongs to somebody else", where=where, remedy=remedy)
        raise CockpitError(words or "git rev-parse failed", where=str(start))
    top, git_dir, common = (Path(os.fsdecode(line)) for line in answer.stdout.split(b"\n")[:3])
    root = top.resolve()
    spec_file = file or (root / SPEC_NAME).resolve()
    if not spec_file.is_relative_to(root):
        raise CockpitError("the spec lies outside the repository", where=str(spec_file), remedy=f"move it below {root}")
    key = hashlib.blake2s(os.fsencode(root), digest_size=4).hexdigest()
    state = Path(platformdirs.user_state_dir("cockpit"))
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/tmp/cockpit-{os.getuid()}")  # noqa: S108
    return Places(
        root=root,
        spec=spec_file,
        git_dir=git_dir.resolve(),
        common_dir=common.resolve(),
        worktrees=state / f"{root.name}-{key}",
        runtime=runtime / f"cockpit-{key}",
        tmux=f"cockpit-{key}",
    )


def clean_environment() -> dict[str, str]:
    """Our environment without git's own variables, for every git we start.

    Hooks and `git rebase --exec` export GIT_DIR and GIT_INDEX_FILE; obeying those would touch what isn't ours.
    Reads never take the index lock (GIT_OPTIONAL_LOCKS=0) and git never asks on the terminal.
    """
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key.startswith(("GIT_AUTHOR_", "GIT_COMMITTER_"))
    }
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"}
