"""The command that writes the pull request of the feature branch, for the human to open."""

from __future__ import annotations

from dataclasses import asdict

import msgspec

from cockpit import facts, persist, steer
from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git
from cockpit.request import Request, commands, request
from cockpit.spec import parse

FILE = "pull-request.md"


def pr(given: Given) -> int:
    """Size, checks and what is unresolved first (R180), then the text and the commands; nothing is run or posted."""
    found = here(given)
    turns = {turn.item: turn for turn in facts.turns(found.delegates)}
    whole = steer.landing(found, turns)
    if whole is None or not whole.ahead:
        raise CockpitError(
            "there is nothing to ask for",
            where=whole.name if whole is not None else "no feature branch",
            remedy="accept a result that goes to a feature branch (exit: feature)",
        )
    asked = request(parse(persist.read(found)), whole, turns)
    file = whole.folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    facts.put(file, asked.body)
    remote, url = _remote(found, asked.base)
    short = str(file.relative_to(found.root)) if file.is_relative_to(found.root) else str(file)
    lines = commands(asked, remote, url, short) if remote else []
    if given.json:
        told = asdict(asked) | {"file": str(file), "run": lines}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        print("\n".join(_told(asked, short, lines)))
    return 0


def _told(asked: Request, file: str, lines: list[str]) -> list[str]:
    count = f"{asked.items} item{'s' * (asked.items != 1)}"
    rows = [f"{line(asked.head, 80)} → {line(asked.base, 80)} · {count} · {asked.size or 'not reviewed as a whole'}"]
    rows += [f"✗ {words}" for words in asked.unresolved] or ["✓ nothing is unresolved"]
    rows += [f"title: {asked.title}", f"body: {file}", ""]
    if not lines:
        return [*rows, "this repository has no remote: git remote add origin URL"]
    return [*rows, "nothing is posted; when you have read it:", *(f"  {words}" for words in lines)]


def _remote(places: Places, base: str) -> tuple[str, str]:
    """Where the base comes from, else origin, else the only one, and its address; empty when there is none."""
    names = git.run(places, "remote").decode(errors="replace").split()
    of_base = git.call(places, "config", "--get", f"branch.{base}.remote").stdout.decode(errors="replace").strip()
    wanted = [name for name in (of_base, "origin") if name in names] or names[:1]
    if not wanted:
        return "", ""
    return wanted[0], git.run(places, "remote", "get-url", "--", wanted[0]).decode(errors="replace").strip()
