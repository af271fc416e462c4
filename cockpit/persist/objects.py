"""Git's object database: blobs, trees and commits written straight into it, no index and no work tree in between.

Reading goes through GitPython's standing `cat-file`, writing through its loose object database: a commit costs no
process of its own. One `Store` per repository and process (limits-substrate, section 3: each holds two children).
"""

from __future__ import annotations

import atexit
import hashlib
import io
import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.persist.refs import Refs

if TYPE_CHECKING:  # importing GitPython costs 40 ms: only who writes pays it
    from git import Git
    from gitdb import LooseObjectDB

FILE = b"100644"
FOLDER = b"40000"
KEPT, KEPT_SIZE = 64, 1 << 18
"""How many objects are kept at hand, and how large each may be."""
_IDENTITY_HELP = 'run git config --global user.name "You" and git config --global user.email you@example.org'


class Store:
    """The open object database of one repository. Its methods may be called from any thread, one at a time."""

    def __init__(self, places: Places) -> None:
        from git import Git
        from gitdb import LooseObjectDB

        self._places = places
        self._lock = threading.RLock()
        self._git: Git = Git(str(places.root))
        # What a hook or `git rebase --exec` exported must not lead us into another repository.
        self._git.update_environment(
            GIT_DIR=str(places.git_dir),
            GIT_OBJECT_DIRECTORY=str(places.common_dir / "objects"),
            GIT_ALTERNATE_OBJECT_DIRECTORIES="",
            GIT_CONFIG_COUNT="0",
            LC_ALL="C.UTF-8",
        )
        self._stamp = _stamp(places)
        self._settings, self.identity = _settings(places)
        self._sha256 = self._settings.get("extensions.objectformat") == "sha256"
        plain = not self._sha256 and "core.sharedrepository" not in self._settings
        self._loose: LooseObjectDB | None = LooseObjectDB(str(places.common_dir / "objects")) if plain else None
        self._kept: dict[str, tuple[str, bytes]] = {}
        self.refs = Refs(places)

    def close(self) -> None:
        """End git's standing processes."""
        with self._lock:
            self._git.clear_cache()
        self.refs.close()

    def setting(self, name: str) -> str:
        """A value of git's configuration, empty when unset. `name` in lower case."""
        self._refresh()
        return self._settings.get(name, "")

    def id_of(self, kind: str, data: bytes) -> str:
        """The id that an object would have."""
        head = b"%s %d\0" % (kind.encode(), len(data))
        if self._sha256:
            return hashlib.sha256(head + data).hexdigest()
        return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()

    def read(self, revision: str) -> tuple[str, bytes] | None:
        """Id and bytes of what a revision (`refs/heads/main^{tree}`, `ID:path`) names; None when there is none."""
        if not revision or "\n" in revision or "\0" in revision:
            return None
        kept = self._recall(revision)
        if kept is not None:
            return kept
        if self._sha256:  # GitPython's standing process reads SHA-1 ids only
            output = git.run(self._places, "cat-file", "--batch", input=os.fsencode(revision) + b"\n")
            head, _, data = output.partition(b"\n")
            words = head.split(b" ")
            return None if words[-1] == b"missing" else (words[0].decode(), data[: int(words[2])])
        with self._lock:
            for attempt in (1, 2):
                try:
                    id, kind, _, data = self._git.get_object_data(revision)
                except (OSError, ValueError, IndexError) as error:
                    if str(error).rstrip("'\\n\" ").endswith("missing"):
                        return None
                    self._git.clear_cache()  # the standing process was ended from outside: start another
                    if attempt == 2:
                        raise CockpitError("git stopped answering", where=str(self._places.root)) from error
                else:
                    return self._keep(os.fsdecode(id), os.fsdecode(kind), bytes(data)), bytes(data)
        return None

    def _keep(self, id: str, kind: str, data: bytes) -> str:
        """Objects never change: the last ones read and written are at hand for the next act, which is much alike."""
        if len(data) <= KEPT_SIZE:
            self._kept.pop(id, None)
            self._kept[id] = (kind, data)
            if len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)), None)
        return id

    def _recall(self, revision: str) -> tuple[str, bytes] | None:
        """What is at hand of an id or of `ID^{tree}`."""
        id, wants_tree = revision.removesuffix("^{tree}"), revision.endswith("^{tree}")
        with self._lock:
            kind, data = self._kept.get(id, ("", b""))
            if wants_tree and kind == "commit":
                id = data[5 : data.index(b"\n")].decode()
                kind, data = self._kept.get(id, ("", b""))
        return (id, data) if kind == "tree" or (kind and not wants_tree) else None

    def write(self, kind: str, data: bytes) -> str:
        """Store an object and give its id. Raises CockpitError when the disk is full or read-only."""
        from gitdb import IStream

        if self._loose is None:  # SHA-256 or a shared repository: git itself knows how
            args = ("hash-object", "-w", "-t", kind, "--stdin", "--no-filters")
            return git.run(self._places, *args, input=data).decode().strip()
        id = self.id_of(kind, data)
        with self._lock:
            if (self._places.common_dir / "objects" / id[:2] / id[2:]).exists():
                return self._keep(id, kind, data)
            try:
                self._loose.store(IStream(kind.encode(), len(data), io.BytesIO(data)))
                return self._keep(id, kind, data)
            except OSError as error:
                raise CockpitError(
                    f"cannot write to git's objects: {error.strerror}", where=str(self._places.common_dir / "objects")
                ) from error

    def commit(self, tree: str, parents: list[str], message: str, by: str = "") -> str:
        """Write a commit object by the user (or `by`, `Name <mail>`), unsigned, and give its id; no ref moves."""
        now = time.time()
        offset = time.localtime(now).tm_gmtoff // 60
        sign, minutes = ("-", -offset) if offset < 0 else ("+", offset)
        stamp = f"{int(now)} {sign}{minutes // 60:02}{minutes % 60:02}"
        author, committer = (by, by) if by else self.who()
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author} {stamp}", f"committer {committer} {stamp}", "", message.rstrip("\n") + "\n"]
        return self.write("commit", "\n".join(lines).encode("utf-8", "replace"))

    def who(self) -> tuple[str, str]:
        """Author and committer, `Ada <ada@example.org>`, as git would tell them.

        Raises CockpitError naming the remedy when the user has told git no name.
        """
        self._refresh()
        if self.identity is None:
            raise CockpitError("git does not know who you are", remedy=_IDENTITY_HELP)
        return self.identity

    def _refresh(self) -> None:
        """Read git's configuration again when one of its files has changed: an engine lives for days."""
        stamp = _stamp(self._places)
        if stamp != self._stamp or self.identity is None:
            self._stamp = stamp
            self._settings, self.identity = _settings(self._places)

    def blob_at(self, tree: str, path: str) -> str | None:
        """Id of the file at `path` in a tree or commit; None when there is none."""
        entry = self.entry_at(tree, path)
        return entry[1] if entry is not None else None

    def entry_at(self, tree: str, path: str) -> tuple[bytes, str] | None:
        """Mode and id of the file at `path` in a tree or commit; None when there is none."""
        folder = self._tree(tree)
        *parts, name = path.encode("utf-8", "surrogateescape").split(b"/")
        for part in parts:
            found = find(folder, part, self._width)
            if found is None or found[0] != FOLDER:
                return None
            folder = self._tree(found[1])
        found = find(folder, name, self._width)
        return found if found is not None and found[0] != FOLDER else None

    def with_file(self, tree: str, path: str, blob: str) -> str:
        """The tree with that blob at `path`; everything else stays. An empty `tree` is the empty one.

        Raises CockpitError when a part of the path is no folder in git.
        """
        part, _, rest = path.partition("/")
        name = part.encode("utf-8", "surrogateescape")
        entries = self._tree(tree) if tree else b""
        found = find(entries, name, self._width)
        if not rest:
            mode = found[0] if found is not None and found[0].startswith(b"100") else FILE
            return self.write("tree", put(entries, mode, name, blob, self._width))
        if found is not None and found[0] != FOLDER:
            raise CockpitError("a file or submodule lies in the spec's way in git", where=part)
        below = self.with_file(found[1] if found is not None else "", rest, blob)
        return self.write("tree", put(entries, FOLDER, name, below, self._width))

    def without_file(self, tree: str, path: str, *, write: bool = True) -> str:
        """The tree without that file, and without the folders that this leaves empty; only its id without `write`."""
        make = self.write if write else self.id_of
        return make("tree", self._without(self._tree(tree), path, make))

    def _without(self, entries: bytes, path: str, make: Callable[[str, bytes], str]) -> bytes:
        part, _, rest = path.partition("/")
        name = part.encode("utf-8", "surrogateescape")
        found = find(entries, name, self._width)
        if found is None or (rest and found[0] != FOLDER):
            return entries
        if rest:
            below = self._without(self._tree(found[1]), rest, make)
            if below:
                return put(entries, FOLDER, name, make("tree", below), self._width)
        return drop(entries, name, self._width)

    @property
    def _width(self) -> int:
        return 32 if self._sha256 else 20

    def _tree(self, revision: str) -> bytes:
        read = self.read(f"{revision}^{{tree}}")
        if read is None:
            raise CockpitError("a tree is missing from git", where=revision, remedy="run git fsck")
        return read[1]


def find(tree: bytes, name: bytes, width: int) -> tuple[bytes, str] | None:
    """Mode and id of the entry of that name in a raw tree."""
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, _, found = tree[at:end].partition(b" ")
        if found == name:
            return mode, tree[end + 1 : end + 1 + width].hex()
        at = end + 1 + width
    return None


def drop(tree: bytes, name: bytes, width: int) -> bytes:
    """The raw tree without the entry of that name."""
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        stop = end + 1 + width
        if tree[at:end].partition(b" ")[2] == name:
            return tree[:at] + tree[stop:]
        at = stop
    return tree


def put(tree: bytes, mode: bytes, name: bytes, id: str, width: int) -> bytes:
    """The raw tree with that entry added or replaced, in git's order (a folder sorts as if it ended in `/`)."""
    entry = b"%s %s\0%s" % (mode, name, bytes.fromhex(id))
    key = name + b"/" if mode == FOLDER else name
    at = 0
    place = None
    kept = tree
    while at < len(tree):
        end = tree.index(b"\0", at)
        other_mode, _, other = tree[at:end].partition(b" ")
        stop = end + 1 + width
        if other == name:
            kept = tree[:at] + tree[stop:]
            place = at if (other_mode == FOLDER) == (mode == FOLDER) else None
            if place is None:
                return put(kept, mode, name, id, width)
            break
        if place is None and (other + b"/" if other_mode == FOLDER else other) > key:
            place = at
        at = stop
    place = len(kept) if place is None else place
    return kept[:place] + entry + kept[place:]


def blob_of(places: Places, data: bytes, *, write: bool = False) -> str:
    """Id of the blob that git would make of these bytes in the spec's file: attributes and autocrlf obeyed."""
    objects = store(places)
    if objects.setting("core.autocrlf") in ("", "false") and not _attributes(places, objects):
        return objects.write("blob", data) if write else objects.id_of("blob", data)
    args = ("hash-object", *(["-w"] if write else []), f"--path={places.spec_name}", "--stdin")
    return git.run(places, *args, input=data).decode().strip()


def _attributes(places: Places, objects: Store) -> bool:
    """Whether any file could give the spec an attribute; asking git costs a process, so ask only then."""
    folders = [places.spec.parent, *places.spec.parent.parents]
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    candidates = [folder / ".gitattributes" for folder in folders if folder.is_relative_to(places.root)]
    candidates += [places.common_dir / "info" / "attributes", config / "git" / "attributes", Path("/etc/gitattributes")]
    return bool(objects.setting("core.attributesfile")) or any(path.exists() for path in candidates)


_open: dict[tuple[int, str], Store] = {}
_guard = threading.Lock()


def store(places: Places) -> Store:
    """The store of that work tree, opened at the first call. Raises CockpitError when git cannot be read."""
    key = (os.getpid(), str(places.git_dir))
    with _guard:
        found = _open.get(key)
        if found is None:
            found = _open[key] = Store(places)
        return found


def close() -> None:
    """Close every store of this process."""
    with _guard:
        for (pid, _), found in list(_open.items()):
            if pid == os.getpid():
                found.close()
        _open.clear()


atexit.register(close)


def _stamp(places: Places) -> list[tuple[int, int]]:
    """Times and sizes of the files of git's configuration; files that these include are not looked at."""
    home = Path.home()
    own = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = [
        places.common_dir / "config",
        places.git_dir / "config.worktree",
        home / ".gitconfig",
        own / "git" / "config",
    ]
    found: list[tuple[int, int]] = []
    for file in files:
        try:
            info = file.stat()
            found.append((info.st_mtime_ns, info.st_size))
        except OSError:
            found.append((0, 0))
    return found


def _settings(places: Places) -> tuple[dict[str, str], tuple[str, str] | None]:
    """Git's configuration and the user's identity in one call; the identity is None when git would refuse to commit."""
    values: dict[str, str] = {}
    for line in git.run(places, "var", "-l").decode("utf-8", "replace").split("\n"):
        name, told, value = line.partition("=")
        values[name] = value if told else "true"  # `[commit] gpgsign` without a value
    told = values.get("user.email") or os.environ.get("EMAIL") or os.environ.get("GIT_AUTHOR_EMAIL")
    if not told or not (values.get("user.name") or os.environ.get("GIT_AUTHOR_NAME")):
        idents = [git.call(places, "var", name) for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")]
        if any(ident.returncode != 0 for ident in idents):
            return values, None
        values["GIT_AUTHOR_IDENT"], values["GIT_COMMITTER_IDENT"] = (
            ident.stdout.decode("utf-8", "replace").strip() for ident in idents
        )
    author, committer = (
        re.sub(r" \d+ [+-]\d{4}$", "", values.get(name, "")) for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT")
    )
    return values, (author, committer)
