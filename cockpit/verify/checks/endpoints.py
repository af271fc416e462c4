"""Check 7: the change and its verification speak with the right environment, and the verification echoes which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from cockpit.clean import line
from cockpit.facts import Spot
from cockpit.persist.patch import Hunk
from cockpit.spec.globs import matches
from cockpit.verify.case import Case
from cockpit.verify.checks.data import rules
from cockpit.verify.finding import Finding, told

REMEDY = "name the right one (one that is right: `checks: {endpoints: {allow: [HOST]}}`, or say it in the item)"
PRODUCTION = "production"
_HOST = re.compile(
    r"\b(?:https?|wss?|grpcs?|postgres(?:ql)?|mysql|rediss?|amqps?|mongodb(?:\+srv)?|kafka|nats|s?ftp)://"
    r"(?:[^\s/@\"'<>]{0,200}@)?(\[[0-9A-Fa-f:]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)"
)


def endpoints(case: Case) -> Finding:
    """Hosts of addresses that come in. `allow` names the only ones there may be, `forbid` those there may never be,
    `echo` words that the verification has to print: which environment it spoke with, told by itself.
    """
    bad: list[Spot] = []
    notes: list[Spot] = []
    seen = 0
    for hunk in case.patch.hunks:
        if case.excepted("endpoints", hunk.path):
            continue
        for number, text in enumerate(hunk.added, hunk.new):
            for host in hosts(text):
                seen += 1
                _judge(case, Spot(hunk.path, number, host), hunk, text, bad, notes)
    echo = case.rule("endpoints", "echo")
    bad += [
        Spot("", 0, f"the verification does not say `{line(word, 60)}`") for word in echo if word not in case.printed
    ]
    spoken = {host for host in hosts(case.printed) if _is(host, case.rule("endpoints", "forbid"))}
    bad += [Spot("", 0, f"the verification speaks with {line(host, 60)}") for host in sorted(spoken)]
    if not seen and not echo and not bad:
        return Finding("n/a", "no address comes in")
    said = f"{seen} address{'es' * (seen != 1)} looked at"
    return told(bad, notes, fine=f"{said}; the verification echoes {', '.join(echo)}" if echo else said, remedy=REMEDY)


def hosts(text: str) -> list[str]:
    """The hosts of the addresses in a text, in lower case, without brackets."""
    return [found.strip("[]").lower() for found in _HOST.findall(text)]


def _judge(case: Case, spot: Spot, hunk: Hunk, text: str, bad: list[Spot], notes: list[Spot]) -> None:
    host, allow = spot.what, case.rule("endpoints", "allow")
    if _is(host, case.rule("endpoints", "forbid")):
        bad.append(Spot(spot.path, spot.line, f"speaks with {host}, which is forbidden"))
        return
    was = _was(hunk, text, host)
    gone = {old for row in hunk.removed for old in hosts(row)}
    said = case.item is not None and host in case.item.text.lower()
    if (
        said
        or host in was
        or (host in gone and not was)
        or _is(host, (*allow, *_hosts("sample")))
        or matches(spot.path, rules("endpoints")["quiet"][0]["files"])
    ):
        return
    told = f"speaks with {_told(host)}"
    moved = bool(was) and all(environment(old) != environment(host) for old in was)
    if _is(host, _hosts("tunnel")):
        bad.append(Spot(spot.path, spot.line, f"speaks with {host}, a tunnel"))
    elif allow:
        bad.append(Spot(spot.path, spot.line, f"speaks with {host}, which is not among the allowed"))
    elif moved and (environment(was[0]) or environment(host) != PRODUCTION):
        # An unnamed host is production as often as not: from there to one that calls itself so nothing is proved.
        bad.append(Spot(spot.path, spot.line, f"{told} instead of {_told(was[0])}"))
    elif environment(host):
        notes.append(Spot(spot.path, spot.line, told))


def environment(host: str) -> str:
    """Which environment a host's name tells; empty when it tells none."""
    return next((row["name"] for row in rules("endpoints")["environment"] if _is(host, row["hosts"])), "")


def _told(host: str) -> str:
    """`db.staging.acme.io (a test environment)`."""
    return f"{host} ({environment(host)})" if environment(host) else host


def _was(hunk: Hunk, text: str, host: str) -> list[str]:
    """The hosts that stood in its place on lines that differ in nothing but the address; not those made for docs."""
    at, bare = hosts(text).index(host), _HOST.sub("", text).split(":")[0]
    found = (hosts(row) for row in hunk.removed if _HOST.sub("", row).split(":")[0] == bare)
    return [old[at] for old in found if len(old) > at and not _is(old[at], _hosts("sample"))]


def _hosts(table: str) -> tuple[str, ...]:
    return tuple(rules("endpoints")[table][0]["hosts"])


def _is(host: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(host, pattern.lower()) for pattern in patterns)
