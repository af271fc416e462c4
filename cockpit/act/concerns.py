"""Which lines of the document's memory concern an item: open failures, code map, runbooks (R20, R97, R106).

Selected and cited by file and line, never all of it: a line concerns an item when it names a path of its `paths:`, or
shares two telling words with what the item says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cockpit.spec import fields
from cockpit.spec.failures import open_failures
from cockpit.spec.globs import matches
from cockpit.spec.model import Document, Item, Kind
from cockpit.spec.references import references

MOST = 8
"""Lines of each sort that a brief cites."""
COMMON = frozenset(
    re.findall(
        r"\w+",
        "about after again also been before both code does each every fail fails file files from have into just like"
        " line lines make more most must never only other over runs same should some such test tests than that them"
        " then there these they this those very when where which while will with work works would your",
    )
)
"""Words of four letters and more that tell nothing of what a text is about."""


def concerning(item: Item, document: Document, name: str) -> list[tuple[str, list[str]]]:
    """Titles and the lines below them, each with where it stands in the spec called `name`; only what is not empty."""
    paths, about = fields.paths(item), _telling(_said(item, document))
    found: list[tuple[str, list[str]]] = []
    for title, lines in (
        ("Known to fail", [(failure.item.line, failure.item.text) for failure in open_failures(document)]),
        ("Where to look", list(_references(document, Kind.CODE_MAP))),
        ("Runbooks", list(_references(document, Kind.RUNBOOKS))),
    ):
        chosen = [f"- {text} ({name}:{line})" for line, text in lines if _concerns(text, paths, about)]
        if chosen:
            found.append((title, chosen[:MOST]))
    return found


def _references(document: Document, kind: Kind) -> Iterator[tuple[int, str]]:
    for entry in references(document, kind):
        target = f"`{entry.target}{f':{entry.at}' if entry.at else ''}`" if entry.target else ""
        yield entry.line, " ".join(part for part in (target, entry.words) if part)


def _said(item: Item, document: Document) -> str:
    return document.data[item.span.start : item.span.end].decode(errors="replace")


def _concerns(text: str, paths: Sequence[str], about: frozenset[str]) -> bool:
    named = [
        word.partition("::")[0].partition(":")[0].rstrip("/") for word in re.findall(r"[\w./-]*[./][\w./:-]*", text)
    ]
    return any(_within(path, glob) for path in named for glob in paths if path) or len(_telling(text) & about) >= 2


def _within(path: str, glob: str) -> bool:
    """Whether a path that somebody named lies in what the glob covers, or the other way round."""
    fixed = re.split(r"[*?{]", glob.removeprefix("./"))[0].rstrip("/")
    return matches(path, [glob]) or (bool(fixed) and (path == fixed or fixed.startswith(f"{path}/")))


def _telling(text: str) -> frozenset[str]:
    words = (word.casefold() for word in re.findall(r"[^\W\d_]{4,}", text))
    return frozenset(word.removesuffix("s") for word in words if word not in COMMON)
