"""Git as a plain command, and the few questions about a repository that everything else asks."""

from __future__ import annotations

import os
import random
import re
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Generator
from functools import cache
from pathlib import Path
from typing import IO, cast

from cockpit.errors import CockpitError
from cockpit.paths import Places, clean_environment

NEEDED = (2, 38)
"""`merge-tree --write-tree` came with it."""
ZERO = "0" * 40
"""No object, as `diff-tree` writes it."""
QUIET = (
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "commit.gpgsign=false",
    "-c",
    "gc.auto=0",
    "-c",
    "maintenance.auto=false",
)
"""Goes before commands that write: no hook of the user's runs, nothing asks for a passphrase, no repacking."""

_STOPPED = (
    ("rebase-merge", "rebase in progress"),
    ("rebase-apply", "rebase in progress"),
    ("MERGE_HEAD", "merge in progress"),
    ("CHERRY_PICK_HEAD", "cherry-pick in progress"),
    ("REVERT_HEAD", "revert in progress"),
)


def run(
    where: Places | Path | str,
    *args: str,
    input: bytes | None = None,
    check: bool = True,
    environment: dict[str, str] | None = None,
) -> bytes:
    """Run git in a work tree and give what it printed.

    `environment` adds to the clean one. Raises CockpitError with git's own words on a non-zero exit; with `check`
    off the output is given whatever the exit was.
    """
    done = call(where, *args, input=input, environment=environment)
    if check and done.returncode != 0:
        raise failure(args, done.stderr, where)
    return done.stdout


def call(
    where: Places | Path | str,
    *args: str,
    input: bytes | None = None,
    environment: dict[str, str] | None = None,
    pass_fds: tuple[int, ...] = (),
) -> subprocess.CompletedProcess[bytes]:
    """Run git and give exit, output and error as they are. Raises CockpitError when it cannot be started at all."""
    cwd = where.root if isinstance(where, Places) else Path(where)
    try:
        return subprocess.run(
            ["git", *args],
            cwd=cwd,
            env=_environment() | (environment or {}),
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            check=False,
            pass_fds=pass_fds,
        )
    except FileNotFoundError as error:
        if not cwd.is_dir():
            raise CockpitError("no such folder", where=str(cwd)) from error
        raise CockpitError("git is not installed", remedy="install git 2.38 or newer") from error
    except (OSError, ValueError) as error:
        raise CockpitError(f"git could not be started: {error}", where=str(cwd)) from error


def stream(
    where: Places | Path | str, *args: str, seconds: float = 0.0, fine: Collection[int] = (0,)
) -> Generator[bytes]:
    """What git prints, as it prints it; git ends when nobody asks on. Raises CockpitError with git's words.

    With `seconds` it raises TimeoutError when git takes longer than that; `fine` are the exits that mean no error.
    """
    cwd = where.root if isinstance(where, Places) else Path(where)
    try:
        process = subprocess.Popen(
            ["git", *args],
            cwd=cwd,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except (OSError, ValueError) as error:
        raise CockpitError(f"git could not be started: {error}", where=str(cwd)) from error
    deadline = time.monotonic() + seconds
    with process:
        output, trouble = cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stderr)
        try:
            while True:
                if seconds and not select.select([output], [], [], max(0.0, deadline - time.monotonic()))[0]:
                    process.kill()
                    raise TimeoutError
                data = os.read(output.fileno(), 1 << 16)
                if not data:
                    break
                yield data
        except GeneratorExit:
            process.kill()
            raise
        words = trouble.read()
    if process.returncode not in fine:
        raise failure(args, words, where)


def bounded(where: Places | Path | str, most: int, *args: str) -> tuple[bytes, bool]:
    """What git prints, up to the first piece beyond `most` bytes, and whether there is more. Raises CockpitError."""
    data = bytearray()
    parts = stream(where, *args)
    try:
        for part in parts:
            data += part
            if len(data) > most:
                return bytes(data), True
    finally:
        parts.close()
    return bytes(data), False


def patient(
    where: Places, *args: str, seconds: float, input: bytes = b"", environment: dict[str, str] | None = None
) -> tuple[int, bytes, bytes]:
    """Run a git that starts programs of the user's own: exit, output, error.

    They have no terminal to ask on, and what they leave running is not waited for. Raises TimeoutError when they take
    longer than `seconds`: all of them are ended then.
    """
    surroundings = _environment() | (environment or {})
    surroundings.pop("GPG_TTY", None)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as trouble:
        given.write(input)
        given.seek(0)
        process = subprocess.Popen(
            ["git", *args],
            cwd=where.root,
            env=surroundings,
            stdin=given,
            stdout=output,
            stderr=trouble,
            start_new_session=True,
        )
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise TimeoutError from error
        output.seek(0)
        trouble.seek(0)
        return status, output.read(), trouble.read()


def _environment() -> dict[str, str]:
    return clean_environment() | {"LANGUAGE": ""}  # we read git's words


def failure(args: tuple[str, ...], words: bytes, where: Places | Path | str) -> CockpitError:
    """The error that tells what git said, without its `fatal:`."""
    lines = [line for line in os.fsdecode(words).strip().split("\n") if not line.startswith("hint:")]
    text = " ".join(line.removeprefix("fatal: ").removeprefix("error: ").strip() for line in lines)
    verb = next((arg for arg in args if re.fullmatch(r"[a-z][a-z-]+", arg)), "git")
    cwd = where.root if isinstance(where, Places) else where
    return CockpitError(f"git {verb}: {text or 'failed without a word'}", where=str(cwd))


@cache
def version() -> tuple[int, ...]:
    """Git's version, (2, 39, 5). Raises CockpitError when git is missing."""
    numbers = re.search(rb"(\d+)\.(\d+)(?:\.(\d+))?", run(Path("/"), "version"))
    return tuple(int(part) for part in numbers.groups(b"0")) if numbers else (0,)


def head(git_dir: Path) -> str:
    """What HEAD is: the full name of a branch ref, which may be unborn, or a commit id when it is detached."""
    try:
        words = (git_dir / "HEAD").read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError as error:
        raise CockpitError(f"cannot read HEAD: {error.strerror}", where=str(git_dir)) from error
    ref = words.removeprefix("ref: ").strip()
    if ref == words or not ref.endswith("/.invalid"):
        return ref
    done = call(git_dir, "symbolic-ref", "--quiet", "HEAD")  # reftable keeps a dummy in the file
    if done.returncode != 0:
        return run(git_dir, "rev-parse", "--verify", "HEAD").decode().strip()
    return os.fsdecode(done.stdout).strip()


def target(places: Places) -> str:
    """The branch ref that the spec is on, `refs/heads/...`; it may have no commit yet.

    Raises CockpitError on a detached HEAD.
    """
    ref = head(places.git_dir)
    if not ref.startswith("refs/"):
        raise CockpitError("detached HEAD", where=str(places.root), remedy="git switch to a branch")
    return ref


def tip(places: Places, ref: str) -> str | None:
    """The commit id that a ref or revision names; None when there is none."""
    if ref == "HEAD":
        ref = head(places.git_dir)
    if ref.startswith("refs/") and ".." not in ref and "\0" not in ref:
        try:  # a loose ref is one small file: ×0.03 of starting git
            words = (places.common_dir / ref).read_bytes().strip()
        except OSError:
            words = b""
        if re.fullmatch(rb"[0-9a-f]{40}([0-9a-f]{24})?", words):
            return words.decode()
    if not ref or "\0" in ref:
        return None
    done = call(places, "rev-parse", "--quiet", "--verify", "--end-of-options", f"{ref}^{{commit}}")
    return done.stdout.decode().strip() or None if done.returncode == 0 else None


def busy(places: Places) -> str:
    """Why a commit must wait: "rebase in progress", "merge in progress", "detached HEAD" ...; empty when nothing is."""
    return busy_in(places.git_dir)


def busy_in(git_dir: Path) -> str:
    """`busy` for any work tree, by git's folder of it."""
    for name, words in _STOPPED:
        if (git_dir / name).exists():
            return "git am in progress" if (git_dir / name / "applying").exists() else words
    if head(git_dir).startswith("refs/"):
        return ""
    return "bisect in progress" if (git_dir / "BISECT_LOG").exists() else "detached HEAD"


def ignored(places: Places, path: str) -> str:
    """The rule by which git ignores a path that it doesn't have, `.gitignore:3:*.md`; empty when none does."""
    rule = call(places, "check-ignore", "--verbose", "--", path)
    return os.fsdecode(rule.stdout.partition(b"\t")[0]) if rule.returncode == 0 else ""


def folder_of(work_tree: Path) -> Path:
    """Git's own folder of a work tree."""
    return Path(os.fsdecode(run(work_tree, "rev-parse", "--absolute-git-dir")).rstrip("\n"))


def branch_name(name: str) -> str:
    """The name itself if it can be a branch's; raises CockpitError for one that git refuses or reads as an option."""
    formed = "\0" not in name and call("/", "check-ref-format", f"refs/heads/{name}").returncode == 0
    if not formed or name.startswith("-") or name == "HEAD":
        raise CockpitError(f"{name!r} cannot be the name of a branch", remedy="choose letters, digits, - and /")
    return name


def move(places: Places, ref: str, new: str, old: str | None, message: str) -> bool:
    """Move a ref from `old` (None: it must not exist) to `new`; False when it was elsewhere or locked.

    Compare-and-swap by git itself, so it holds against every other program. Raises CockpitError on a full or read-only
    disk.
    """
    args = ("update-ref", "-m", message, ref, new, old or "")
    done = call(places, *QUIET, *args)
    if done.returncode == 0:
        return True
    if re.search(rb"File exists|but expected|already exists|unable to resolve reference", done.stderr):
        return False
    raise failure(args, done.stderr, places)


def pause(attempt: int) -> None:
    """Wait a random while that grows: no failures beside four committers (limits-substrate, section 3)."""
    time.sleep(min(0.2, random.random() * 0.004 * 1.5**attempt))  # noqa: S311
