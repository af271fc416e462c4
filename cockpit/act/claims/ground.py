"""What the tree has to say to an item's mentions, read in a few bounded questions to git. The rim of the claims."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cockpit.act.claims import forms, near
from cockpit.act.claims.mention import Mention
from cockpit.act.claims.said import Said
from cockpit.paths import Places
from cockpit.persist import tree

FILES = 60
"""Files that are read for one item."""
SEARCHED = 80
"""Words that are looked for, for one item."""
HITS = 200
"""Lines of a name that are kept: more are told as "or more"."""
LIKE = 1024 * 1024
"""Bytes of lines in which names like a missing one are looked for."""
LOST = 3
"""Names whose end is looked for in the history."""
PROSE = forms.words("md mdx rst txt adoc html htm")
"""Endings of what speaks about code and is none."""


@dataclass(frozen=True, slots=True)
class Index:
    """The paths of a tree, by their file names and folders."""

    paths: Mapping[str, tree.Entry]
    names: Mapping[str, Sequence[str]]
    """File name, and file name without its ending, to paths."""
    folders: Mapping[str, Sequence[str]]
    """Last part of a folder to whole folders."""

    def find(self, path: str) -> list[str]:
        """The files, else the folders, that a path means: itself, or what ends with it."""
        path = path.rstrip("/")
        if path in self.paths:
            return [path]
        last = path.rpartition("/")[2]
        folders = self.folders.get(last, ())
        if path in folders:
            return [f"{path}/"]
        files = [each for each in self.names.get(last, ()) if each.endswith(f"/{path}")]
        return files or [f"{each}/" for each in folders if each.endswith(f"/{path}")]

    def module(self, dotted: str) -> list[str]:
        """The files or folders that a dotted name means, `package.module`."""
        parts = forms.parts_of(dotted)
        for count in (len(parts), len(parts) - 1):
            path = "/".join(parts[:count])
            named = [
                each
                for each in self.names.get(parts[count - 1], ())
                if f"/{each}".rpartition(".")[0].endswith(f"/{path}")
            ]
            if named and (count == len(parts) and (count > 1 or "_" in path)):
                return named
        return self.find("/".join(parts)) if len(parts) > 1 else []


@dataclass(frozen=True, slots=True)
class Ground:
    """All that was read, as plain data."""

    commit: str
    index: Index
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Lines of the files that were read."""
    hits: Mapping[str, Sequence[tree.Hit]] = field(default_factory=dict[str, Sequence[tree.Hit]])
    """Where a name or a quote stands, code before prose."""
    like: frozenset[str] = frozenset()
    """Names of the tree that may be like those that are missing."""
    gone: Mapping[str, tree.Gone] = field(default_factory=dict[str, tree.Gone])
    dropped: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Missing names that the tree had once: the commit that took them out, and its subject."""
    dirty: frozenset[str] = frozenset()
    """Missing paths that the human's checkout has."""
    ignored: frozenset[str] = frozenset()


def gather(places: Places, commit: str, said: Said, past: str) -> Ground:
    """Read what the mentions need; `past` is the commit that has the history of what is gone.

    Raises CockpitError when one of them cannot be read.
    """
    index = _index(places, commit)
    asked = [mention for mention in said.mentions if mention.expect != "gone"]
    files = {
        path for mention in asked if mention.path and len(found := index.find(mention.path)) == 1 for path in found
    }
    texts = {path: text.split("\n") for path, text in tree.texts(places, commit, sorted(files)[:FILES]).items()}
    claimed = [mention for mention in asked if mention.expect != "made"]
    missing = [
        mention for mention in claimed
        if mention.kind == "path" and not index.find(mention.path) and mention.path not in said.made
    ]  # fmt: skip
    hits = _hits(places, commit, asked, missing, said.aside)
    lost = [
        mention for mention in claimed
        if mention.kind == "identifier" and not hits.get(forms.last_of(mention.name))
        and forms.last_of(mention.name) not in said.made
    ]  # fmt: skip
    paths = list(dict.fromkeys(mention.path.rstrip("/") for mention in missing))
    like = _like(places, commit, lost, said.aside) | _members(places, commit, lost, hits)
    never = [
        forms.last_of(mention.name) for mention in lost
        if mention.expect == "there" and not near.name(forms.last_of(mention.name), like)
    ]  # fmt: skip
    return Ground(
        commit,
        index,
        texts,
        hits,
        like,
        tree.gone(places, past, paths) if paths else {},
        {name: end for name in dict.fromkeys(never[:LOST]) if (end := tree.dropped(places, past, name, _PROSE))},
        frozenset(path for path in paths if (places.root / path).exists()),
        tree.ignored(places, paths),
    )


_DEFINES = r"(?:def|class|function|func|fn|struct|enum|interface|trait|type|const|let|var|module|fun|sub|public|static)"
_PROSE = tuple(f":(top,exclude,glob)**/*.{ending}" for ending in sorted(PROSE))


@functools.lru_cache(maxsize=4096)
def prose(path: str) -> bool:
    """Whether a file speaks about code and is none."""
    return path.rpartition(".")[2].lower() in PROSE


def forget() -> None:
    """Index the next tree anew: for measuring."""
    _index.cache_clear()


@functools.lru_cache(maxsize=4)
def _index(places: Places, commit: str) -> Index:
    paths = tree.entries(places, commit)
    names: dict[str, list[str]] = {}
    folders: dict[str, dict[str, None]] = {}
    for path in paths:
        parts = path.split("/")
        names.setdefault(parts[-1], []).append(path)
        stem = parts[-1].partition(".")[0]
        if stem and stem != parts[-1]:
            names.setdefault(stem, []).append(path)
        for count in range(len(parts) - 1, 0, -1):
            whole = "/".join(parts[:count])
            known = folders.setdefault(parts[count - 1], {})
            if whole in known:
                break
            known[whole] = None
    return Index(paths, names, {name: list(wholes) for name, wholes in folders.items()})


def _hits(
    places: Places, commit: str, asked: Iterable[Mention], missing: Iterable[Mention], aside: frozenset[str]
) -> dict[str, list[tree.Hit]]:
    """Where names and quotes stand; and the missing paths as words, for a program may make them."""
    names = dict.fromkeys(
        part for mention in asked if mention.kind == "identifier"
        for part in (forms.parts_of(mention.name)[0], forms.last_of(mention.name))
    )  # fmt: skip
    quotes = dict.fromkeys(mention.what for mention in asked if mention.kind == "quote")
    made = dict.fromkeys(mention.path.rpartition("/")[2] for mention in missing if not forms.hand_written(mention.path))
    found: dict[str, list[tree.Hit]] = {}
    for words, whole in ((list(names)[:SEARCHED], True), ([*quotes, *made][:SEARCHED], False)):
        lines = tree.grep(places, commit, words, whole=whole, without=aside)
        lines.sort(key=lambda hit: prose(hit.path))
        if whole:
            inside = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
            for hit in lines:
                for word in set(inside.findall(hit.text)):
                    here = found.setdefault(word, [])
                    if len(here) < HITS:
                        here.append(hit)
        else:
            found |= {word: here for word in words if (here := [hit for hit in lines if word in hit.text])}
    return found


def _members(
    places: Places, commit: str, lost: Iterable[Mention], hits: Mapping[str, Sequence[tree.Hit]]
) -> frozenset[str]:
    """The words of the files that define the owners of what is missing: `Class` of `Class.method`."""
    owners = dict.fromkeys(owner for mention in lost if (owner := forms.parts_of(mention.name)[0]) != mention.name)
    files = [hit.path for owner in owners if (hit := defining(owner, hits.get(owner, ()))) is not None]
    texts = tree.texts(places, commit, files[:LOST])
    return frozenset(name for text in texts.values() for name in re.findall(r"[A-Za-z_$][\w$]{3,60}", text))


def defining(name: str, hits: Iterable[tree.Hit]) -> tree.Hit | None:
    """The line that defines the name, else the first of the code."""
    code = [hit for hit in hits if not prose(hit.path)]
    return next((hit for hit in code if defines(name, hit.text)), next(iter(code), None))


def defines(name: str, text: str) -> bool:
    """Whether a line of code defines the name, in any language with a word for that."""
    word = re.escape(name)
    return bool(re.search(rf"\b{_DEFINES}\s+(?:\w+\s+){{0,4}}{word}\b|^\s*(?:self\.)?{word}\s*(?::[^=]*)?=[^=]", text))


def _like(places: Places, commit: str, lost: Iterable[Mention], aside: frozenset[str]) -> frozenset[str]:
    """Names of the code that share a half with a missing one."""
    stems = [stem for mention in lost for stem in near.stems(mention.name)][:SEARCHED]
    if not stems:
        return frozenset()
    lines = tree.grep(places, commit, list(dict.fromkeys(stems)), whole=False, without=aside, most=LIKE)
    found = {name for hit in lines if not prose(hit.path) for name in re.findall(r"[A-Za-z_$][\w$]{3,60}", hit.text)}
    return frozenset(name for name in found if any(stem in name for stem in stems))
