"""A review as SARIF 2.1.0, which code hosts and editors show beside the lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from cockpit import __version__
from cockpit.facts import Check, Review, Spot
from cockpit.verify.table import TABLE

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
Json = dict[str, Any]


def sarif(review: Review) -> Json:
    """One run: its rules are the fourteen checks, its results what failed (error), broke (error) or is noted (note)."""
    broken = [check for check in review.checks if check.result == "broken"]
    rules = [
        {
            "id": rule(entry.number, entry.name),
            "name": "".join(word.capitalize() for word in re.findall(r"\w+", entry.name)),
            "shortDescription": {"text": entry.name},
            "fullDescription": {"text": entry.about},
        }
        for entry in TABLE
    ]
    invocation: Json = {"executionSuccessful": not broken}
    if broken:
        invocation["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": f"{check.name}: {check.evidence}"}} for check in broken
        ]
    driver: Json = {"name": "cockpit", "semanticVersion": __version__, "rules": rules}
    run: Json = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "results": [result for check in review.checks for result in _results(check)],
        "columnKind": "unicodeCodePoints",
        "properties": {"base": review.base, "head": review.head, "recommendation": review.recommendation},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def rule(number: int, name: str) -> str:
    """`09-protected-paths`."""
    return f"{number:02}-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def _results(check: Check) -> Iterator[Json]:
    if check.result == "n/a" or (check.result == "pass" and not check.spots):
        return
    common: Json = {
        "ruleId": rule(check.number, check.name),
        "ruleIndex": check.number - 1,
        "level": "note" if check.result == "pass" else "error",
    }
    for spot in check.spots:
        yield common | {"message": {"text": f"{check.name}: {spot.what}"}} | _location(spot)
    if not check.spots:
        yield common | {"message": {"text": f"{check.name}: {check.evidence}"}}


def _location(spot: Spot) -> Json:
    if not spot.path:
        return {}
    place: Json = {"artifactLocation": {"uri": quote(spot.path), "uriBaseId": "%SRCROOT%"}}
    if spot.line:
        place["region"] = {"startLine": spot.line}
    return {"locations": [{"physicalLocation": place}]}
