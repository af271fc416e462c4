"""Questions about branches and the forecast of a merge: all in the object database, no checkout is touched."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass

from cockpit import spec
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git, seal
from cockpit.persist.objects import store


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a merge would give. `tree` holds conflict markers when there are `conflicts` (file names)."""

    tree: str
    conflicts: tuple[str, ...]


def merge_tree(places: Places, ours: str, theirs: str) -> Forecast:
    """Merge two commits in the object database alone; the spec is merged by item ids where git's lines conflict.

    Raises CockpitError when git is older than 2.38 or one of the commits is missing.
    """
    if git.version() < git.NEEDED:
        raise CockpitError("this git cannot forecast a merge", remedy="install git 2.38 or newer")
    args = ("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", "--end-of-options", ours, theirs)
    done = git.call(places, *args)
    if done.returncode not in (0, 1) or not done.stdout:  # an unknown name ends with 1 too, as a conflict does
        raise git.failure(args, done.stderr, places)
    tree, *names = done.stdout.split(b"\0")
    conflicts = tuple(dict.fromkeys(os.fsdecode(name) for name in names if name))
    found = Forecast(tree.decode().strip(), conflicts)
    return _with_spec(places, found, ours, theirs) if places.spec_name in conflicts else found


def _with_spec(places: Places, found: Forecast, ours: str, theirs: str) -> Forecast:
    """Git merges lines and stumbles over neighbouring items; we merge items."""
    objects = store(places)
    fork = git.call(places, "merge-base", ours, theirs).stdout.decode().strip()
    reads = [objects.read(f"{commit}:{places.spec_name}") for commit in (fork, ours, theirs)]
    if not fork or reads[1] is None or reads[2] is None:
        return found
    try:
        merged = spec.merge(reads[0][1] if reads[0] else b"", reads[1][1], reads[2][1])
    except spec.SpecError:
        return found
    if merged.conflicts:
        return found
    tree = objects.with_file(found.tree, places.spec_name, objects.write("blob", merged.data))
    return Forecast(tree, tuple(name for name in found.conflicts if name != places.spec_name))


def commit_merge(places: Places, tree: str, parents: list[str], message: str) -> str:
    """A merge commit by the user in the object database, on no branch yet; gives its id.

    Signed as git is configured. Raises CockpitError when it cannot be signed, git knows no name of the user, or it
    cannot be written.
    """
    return seal.commit(places, tree, parents, message.replace("\0", ""))


def is_merged(places: Places, head: str, target: str) -> bool:
    """Whether `head` can be reached from `target` (law 3: that is what done means)."""
    return git.call(places, "merge-base", "--is-ancestor", head, target).returncode == 0


def changed_files(places: Places, base: str, head: str) -> tuple[str, ...]:
    """Files that `head` changed since it left `base`."""
    return differing(places, git.run(places, "merge-base", base, head).decode().strip(), head)


def differing(places: Places, old: str, new: str) -> tuple[str, ...]:
    """Files that two commits or trees have different."""
    args = ("diff-tree", "-r", "-z", "--no-renames", "--name-only", "--end-of-options", old, new)
    return tuple(os.fsdecode(name) for name in git.run(places, *args).split(b"\0") if name)


def moved(places: Places, old: str, new: str) -> bool:
    """Whether anything but the spec differs between two commits: steering commits move the target all the time."""
    rest = f":(top,exclude,literal){places.spec_name}"
    return git.call(places, "diff-tree", "-r", "--quiet", old, new, "--", ".", rest).returncode != 0


def content(places: Places, commit: str) -> str:
    """Id of the tree of a commit (or tree) without the spec: what commands see, the same for all steering commits.

    Raises CockpitError when git has no such tree.
    """
    return _content(places, commit)


@functools.lru_cache(maxsize=256)
def _content(places: Places, commit: str) -> str:
    return store(places).without_file(commit, places.spec_name, write=False)
