"""The commit hook of delegates: `precommit: on` has what they commit checked before it is a commit (R181, R194).

Worktrees share the hooks folder of their repository, and that is the human's, as its settings are. So nothing is put
there: the runner hands git one setting by the environment, which holds in that one worktree only, and names a folder of
ours. Each hook in it runs the repository's own first, wherever that lies, just as git would have.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import tempfile
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.facts.commits import RECORD
from cockpit.paths import Places

VARIABLE = "GIT_CONFIG_PARAMETERS"
"""What `git -c` hands on. One variable and not the three of GIT_CONFIG_COUNT: agents take variables out of their
environment whose name has KEY in it, and with one of the three missing no git works at all.
"""
CHECKED = ("pre-commit", "pre-merge-commit")
TELLS = "post-commit"
PASSED_ON = (
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "prepare-commit-msg",
    "commit-msg",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "post-rewrite",
    "pre-auto-gc",
    "sendemail-validate",
    "reference-transaction",
    "post-index-change",
)
"""All that git runs in a worktree; what a server runs is not asked for there."""
_OWN = f"""\
#!/bin/sh
# The commit hook of cockpit, for delegates only (docs/fences.md). First the repository's own.
own=$({VARIABLE}= git rev-parse --git-path hooks)/${{0##*/}}
[ -x "$own" ] && ! [ "$own" -ef "$0" ] || own=
"""
_RUN = 'if [ -n "$own" ]; then "$own" "$@" || exit; fi\n'
_LAST = '[ -z "$own" ] || exec "$own" "$@"\n'


def scripts(python: str = sys.executable) -> dict[str, str]:
    """Each hook of ours with its text."""
    program = shlex.quote(python)
    checks = f"{_OWN}{_RUN}[ ! -x {program} ] || exec {program} -P -m cockpit hooks commit\n"
    tells = (
        f'{_OWN}found=$(git rev-parse --absolute-git-dir HEAD) && printf \'{{"made":"%s"}}\\n\' "${{found##*\n}}" '
        f'2>/dev/null >>"${{found%%\n*}}/{RECORD}"\n{_LAST}'
    )
    made = dict.fromkeys(PASSED_ON, _OWN + _LAST) | dict.fromkeys(CHECKED, checks)
    return made | {TELLS: tells}


def folder(places: Places) -> Path:
    """Where they lie, for all delegates of the repository."""
    return places.local / "precommit"


def files(places: Places) -> dict[Path, str]:
    """Every file of ours with what it should hold: the hooks, and the setting that names their folder."""
    hooks = folder(places) / "hooks"
    value = str(hooks).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    setting = f'[core]\n\thooksPath = "{value}"\n'
    return {folder(places) / "config": setting} | {hooks / name: text for name, text in scripts().items()}


def put(places: Places) -> None:
    """Write what is missing or otherwise, each in one swap. Raises CockpitError when the disk would not take it."""
    for path in lacking(places):
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(files(places)[path])
                os.fchmod(file.fileno(), 0o700)
            Path(temporary).replace(path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise CockpitError(f"cannot write the commit hook: {error.strerror}", where=str(path)) from error


def lacking(places: Places) -> list[Path]:
    """The files that are gone, altered, or of another version of ours."""
    return [path for path, text in files(places).items() if not _holds(path, text)]


def environment(places: Places, git_dir: Path) -> dict[str, str]:
    """What the delegate's git is told, in its own worktree only; `git_dir` is git's folder of that."""
    pattern = re.sub(r"([*?\[\\])", r"\\\1", str(git_dir))
    key, value = f"includeIf.gitdir:{pattern}.path", str(folder(places) / "config")
    return {VARIABLE: f"{_quoted(key)}={_quoted(value)}"}


def begin(git_dir: Path) -> None:
    """Begin the record of a worktree, so that it is known that there is one. Raises CockpitError."""
    path = git_dir / RECORD
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise CockpitError(f"cannot write: {error.strerror}", where=str(path)) from error


def _holds(path: Path, text: str) -> bool:
    try:
        data = text.encode("utf-8", "surrogateescape")
        return not path.is_symlink() and os.access(path, os.X_OK) and path.read_bytes() == data
    except OSError:
        return False


def _quoted(word: str) -> str:
    """As git quotes a word in that variable."""
    return "'" + word.replace("'", "'\\''") + "'"
