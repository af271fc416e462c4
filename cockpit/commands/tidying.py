"""The command that takes away what delegates left behind."""

from __future__ import annotations

import json
import sys

from cockpit.clean import line
from cockpit.commands.given import Given, actor, here
from cockpit.errors import CockpitError, Refused
from cockpit.tidy import Verdict, judge, take, there


def tidy(given: Given) -> int:
    """List everything with its reason, ask, remove what is safe. 1 when something that was safe could not go."""
    if actor() != "human":
        raise Refused("a delegate may not tidy")
    found = here(given)
    told = [verdict for left in there(found) for verdict in judge(left)]
    if given.json:
        for one in told:
            row = {"kind": one.kind, "item": one.item, "name": one.name, "safe": one.safe, "why": one.why}
            print(json.dumps(row, ensure_ascii=False))
        return 0
    safe = [one for one in told if one.safe]
    print("\n".join(_rows(told)) or "delegates left nothing behind")
    if not safe or not (given.yes or _asked(len(safe))):
        return 0
    failed = 0
    for one in safe:
        try:
            print(f"{one.kind} {line(one.name, 100)}: {take(found, one)}")
        except CockpitError as error:
            failed += 1
            print(f"{one.kind} {line(one.name, 100)} stays: {line(str(error), 200)}")
    return 1 if failed else 0


def _rows(told: list[Verdict]) -> list[str]:
    """What may go first, then what stays; the reason beside each."""
    rows: list[str] = []
    for title, safe in (("may go", True), ("stays", False)):
        some = [one for one in told if one.safe is safe]
        if some:
            rows.append(title)
        rows.extend(
            f"  {one.kind:8}  {line(one.item, 12):6}  {line(one.name, 100)}  ({line(one.why, 160)})" for one in some
        )
    return rows


def _asked(count: int) -> bool:
    """Whether the human says yes; without a terminal nobody can."""
    if not sys.stdin.isatty():
        print("nothing was removed: --yes removes what may go")
        return False
    try:
        said = input(f"remove {count} thing{'s' if count != 1 else ''} that may go? [y/N] ")
    except EOFError:
        return False
    return said.strip().lower() in ("y", "yes")
