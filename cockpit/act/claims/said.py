"""All that an item says of the tree: its words, its fields, the spec that it goes by, what the document's map says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from cockpit.act.claims import forms
from cockpit.act.claims.mention import Mention, mentions
from cockpit.paths import Places
from cockpit.persist import tree
from cockpit.spec import fields
from cockpit.spec.globs import matches
from cockpit.spec.guards import guards
from cockpit.spec.model import Document, Item, Kind
from cockpit.spec.openspec import PAGES, linked
from cockpit.spec.phases import parent
from cockpit.spec.references import references

LINKED = 4
"""Files that an item goes by, at most."""
LONGEST = 64 * 1024
"""Characters of such a file that are read."""
_GLOB = re.compile(r"[*?{\[]")
_GOES_BY = re.compile(
    r"(?:see|per|read|follow(?:s|ing)?|according to|specified in|described in|design(?: in)?|spec(?: in)?|ticket"
    r"|proposal|change)[ :]*(?:the )?[`(\[]?$",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:\]\(|`)?(?P<path>[\w./@+-]+(?:\.(?:md|mdx|rst|adoc|txt)|/))")


@dataclass(frozen=True, slots=True)
class Said:
    """What is claimed, and what is asked to be made."""

    mentions: tuple[Mention, ...]
    made: Mapping[str, str]
    """Paths and names that it, or an item that it waits for, makes; to that item's id, empty for its own."""
    aside: frozenset[str]
    """Files that say it: that a word stands there proves nothing."""


def words(item: Item, document: Document, *, nested: bool = True) -> str:
    """What the item says in its lines, without its fields; without `nested` without the checkboxes below it too."""
    kept, at = bytearray(document.data[item.text_span.start : item.text_span.end] + b"\n"), item.head.end
    cut = [field.span for field in item.fields if item.span.start <= field.span.start < item.span.end]  # none inherited
    cut += [] if nested else [child.span for child in item.children]
    for span in sorted(cut, key=lambda span: span.start):
        kept += document.data[at : span.start] if span.start > at else b""
        at = max(at, span.end)
    kept += document.data[at : item.span.end]
    return kept.decode("utf-8", "replace")


def said(places: Places, document: Document, item: Item, commit: str) -> Said:
    """What the item says of the tree of that commit; for a phase also what the item above says, by that one's id."""
    text, above = words(item, document), parent(document, item)
    known = tree.entries(places, commit)
    linked = _linked(item, text, known)
    found = [*mentions(text), *_tickets(item), *_fields(item, document, known)]
    if above is not None:
        outer = words(above, document, nested=False)
        found += [replace(each, source=above.id) for each in (*mentions(outer), *_tickets(above))]
        linked = list(dict.fromkeys([*linked, *_linked(above, outer, known)]))[:LINKED]
    for path, content in tree.texts(places, commit, linked).items():
        open_tasks = re.sub(r"(?m)^\s*[-*+] \[[xX]\].*$", "", content[:LONGEST])
        found += mentions(open_tasks, path)
    found += _map(item, document, text, places.spec_name)
    made = {_key(mention): "" for mention in found if mention.expect == "made"}
    for before in _before(document, item, above):
        made |= {_key(mention): before.id for mention in mentions(words(before, document)) if mention.expect == "made"}
    return Said(tuple(dict.fromkeys(found)), made, frozenset({places.spec_name, *linked}))


def _tickets(item: Item) -> list[Mention]:
    return [mention for value in item.values("ticket") for mention in mentions(value, "ticket:")]


def _before(document: Document, item: Item, above: Item | None) -> Iterator[Item]:
    """What it waits for and is not over: its `after:`, and the other phases."""
    for id in (*fields.after_ids(item), *(fields.after_ids(above) if above is not None else ())):
        before = document.item(id)
        if before is not None and not before.mark.over:
            yield before
    for phase in above.children if above is not None else ():
        if phase.id != item.id and not phase.mark.over:
            yield phase


def _key(mention: Mention) -> str:
    return mention.path if mention.kind == "path" else forms.last_of(mention.name) if mention.name else mention.what


def _fields(item: Item, document: Document, known: Container[str]) -> Iterator[Mention]:
    """Paths that fields name. What does not exist yet may be made by the work: only hard evidence speaks against."""
    for key in ("paths", "protect"):
        for glob in fields.globs(", ".join(item.values(key))):
            path = None if _GLOB.search(glob) else forms.path_of(glob, code=True)
            if path is not None:
                yield Mention("path", glob, "maybe", path.path, loose=path.loose, source=f"{key}:")
    for guard in guards(item):
        if guard.kind == "name":
            name = guard.what.partition("(")[0]
            yield Mention("identifier", guard.what, "there", name=name, hard=True, source="keep:")
        elif guard.kind == "string":
            yield Mention("quote", guard.what, "maybe", source="keep:")
        elif not _GLOB.search(guard.what) and (path := forms.path_of(guard.what, code=True)) is not None:
            yield Mention("path", guard.what, "there", path.path, loose=path.loose, hard=True, source="keep:")
    for command in fields.commands(item, document.controls) if item.values("verify") else ():
        try:
            tokens = shlex.split(command)
        except ValueError:
            continue
        for token in tokens:
            path = forms.path_of(token, code=True)
            if path is not None and not path.loose:
                yield Mention("path", token.partition("::")[0], "maybe", path.path, source="verify:")
    change = linked(item)
    if change is not None and change.asked:
        page = next((page for page in PAGES if f"{change.folder}/{page}" in known), PAGES[-1])
        path = f"{change.folder}/{page}"
        yield Mention("path", path, "there", path, hard=True, source="openspec:")
    path, hash, _ = item.value("origin").rpartition("#")
    if hash and (found := forms.path_of(path, code=True)) is not None and not found.loose:
        yield Mention("path", path, "there", found.path, hard=True, source="origin:")


def _linked(item: Item, text: str, known: Mapping[str, object]) -> list[str]:
    """Prose of the tree that the item goes by: what it links, says "see" to, or came from."""
    named = [
        found["path"]
        for found in _LINK.finditer(text)
        if found[0].startswith("](") or _GOES_BY.search(text[max(0, found.start() - 30) : found.start()])
    ]
    for value in item.values("ticket"):
        named += [found["path"] for found in _LINK.finditer(value)]
    origin = item.value("origin").rpartition("#")[0]
    change = linked(item)
    folders = [change.folder] if change else [origin.rpartition("/")[0]] if origin.endswith("/tasks.md") else []
    for path in named:
        folder = path.rstrip("/") if path.endswith("/") else path.rpartition("/")[0]
        if re.search(r"(?:^|/)changes/[^/]+$", folder):
            folders.append(folder)
    named += [f"{folder}/{name}" for folder in folders for name in ("proposal.md", "design.md")]
    named += [f"{folder}/tasks.md" for folder in folders if f"{folder}/tasks.md" != origin]
    return [path for path in dict.fromkeys(name.removeprefix("./") for name in named) if path in known][:LINKED]


def _map(item: Item, document: Document, text: str, name: str) -> Iterator[Mention]:
    """The lines of the Code map and the runbooks that the item cites by their target."""
    globs = fields.paths(item)
    for kind in (Kind.CODE_MAP, Kind.RUNBOOKS):
        for entry in references(document, kind):
            path = None if entry.web or not entry.target else forms.path_of(entry.target, code=True)
            if path is None or path.loose:
                continue
            if path.path not in text and not (kind is Kind.CODE_MAP and globs and matches(path.path, globs)):
                continue
            source = f"{name}:{entry.line}"
            yield Mention("path", entry.target, "there", path.path, hard=True, source=source)
            if entry.at:
                line = Mention("line", f"{entry.target}:{entry.at}", "there", path.path, entry.at, entry.at)
                yield replace(line, source=source)
