"""The pull request of a feature branch as text, for the human to open (R180, R267). Pure; nothing is posted here."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from cockpit.clean import clean, line
from cockpit.facts import Review, Turn
from cockpit.persist.landing import Landing
from cockpit.spec import Document

PRINTED = 20
"""Lines of what the verification printed that stand in the request."""
_REACHING = re.compile(r"(?<=[@#!])(?=\w)|(?<=\bGH)(?=-\d)|(?<=\w)(?=://)", re.IGNORECASE)
"""Where a forge makes more of words than words: a mention, an issue's number, an address that a `closes` can name."""
_REMOTE = re.compile(r"(?:[a-z+]+://)?(?:[^@/\s]*@)?([\w.-]+)(?::\d+(?=/))?[:/]/?([\w./~-]+?)(?:\.git)?/?")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: to merge `head` into `base`, short names of branches."""

    head: str
    base: str
    title: str
    body: str
    size: str
    """`3 files, +10 -2`."""
    items: int
    unresolved: tuple[str, ...]
    """What the human should know before anybody else reads it."""


def request(document: Document, whole: Landing, turns: Mapping[str, Turn]) -> Request:
    """The pull request of the whole. Secrets and what steers a terminal are taken out; words of agents reach nobody."""
    review = whole.review
    bad = [f"its review does not hold: {line(whole.stale, 160)}"] if whole.stale else []
    bad += unresolved(review) if review is not None else []
    goal = document.goal.strip()
    parts = [
        _words(goal),
        "\n".join(["## Items", "", *_items(document, whole, turns)]),
        "\n".join(["## Unresolved", "", *(f"- {_words(words)}" for words in bad)]) if bad else "",
        "\n".join(_checks(review)) if review is not None else "",
    ]
    return Request(
        head=whole.name,
        base=whole.short,
        title=line(goal, 90).removesuffix(".") or f"Land {line(whole.name, 60)}",
        body=clean("\n\n".join(part for part in parts if part) + "\n"),
        size=line(review.stat, 60) if review is not None else "",
        items=len(whole.items),
        unresolved=tuple(bad),
    )


def unresolved(review: Review) -> list[str]:
    """Names of the checks that failed or broke; of one that an accepted limit covers whole, that it is justified."""
    fine = {quote.check for quote in review.limits if quote.accepted and quote.spots == quote.all}
    bad = [check for check in review.checks if check.bad]
    return [line(check.name, 60) + " (justified)" * (check.number in fine) for check in bad]


def commands(asked: Request, remote: str, url: str, file: str) -> list[str]:
    """The lines of a shell that open it, quoted; `file` holds the body, `url` says where the remote is."""
    ref = f"refs/heads/{asked.head}"
    rows = [shlex.join(["git", "push", "-u", remote, f"{ref}:{ref}"])]
    host, path = where(url)
    if "github" in host:
        named = ["--base", asked.base, "--head", asked.head, "--title", asked.title, "--body-file", file]
        rows.append(shlex.join(["gh", "pr", "create", "--repo", f"{host}/{path}", *named]))
        rows.append(f"https://{host}/{path}/compare/{quote(asked.base)}...{quote(asked.head)}?expand=1")
    return rows


def where(url: str) -> tuple[str, str]:
    """Host and path of a remote, without the name or the secret in front of it; empty for a folder of this machine."""
    match = None if url.startswith(("/", ".", "file:")) else _REMOTE.fullmatch(url.strip())
    return (match[1].lower(), match[2]) if match is not None else ("", "")


def _items(document: Document, whole: Landing, turns: Mapping[str, Turn]) -> Iterator[str]:
    for id, merge in zip(whole.items, whole.merges, strict=True):
        item, turn = document.item(id), turns.get(id)
        text = item.text if item is not None else turn.dispatch.text if turn is not None else ""
        ticket = f" ({line(item.value('ticket'), 60)})" if item is not None and item.value("ticket") else ""
        yield f"- {_words(line(text, 300))}{ticket} `{merge.commit[:12]}`"
        if turn is not None and turn.answer is not None and turn.answer.summary.strip():
            yield f"  {_words(line(turn.answer.summary, 600))}"


def _checks(review: Review) -> Iterator[str]:
    yield f"## Checks\n\n{line(review.stat, 60)}, `{review.head[:12]}` onto `{review.base[:12]}`\n"
    yield "| | check | result |\n|---:|---|---|"
    for check in review.checks:
        cell = line(f"{check.result}: {check.evidence}", 200).replace("|", "\\|")
        yield f"| {check.number} | {line(check.name, 60)} | {_words(cell)} |"
    rows = [row for row in clean(review.output).rstrip().split("\n") if row.strip()]
    if rows:
        yield "\nThe verification said, at its end:\n"
        yield from (f"    {row[:200]}" for row in rows[-PRINTED:])


def _words(text: str) -> str:
    """Words that reach nobody: no mention, no reference, no markup of their own but what markdown reads in a line."""
    return _REACHING.sub("<!-- -->", text.replace("&", "&amp;").replace("<", "&lt;"))
