"""`cockpit hooks install AGENT --commands`: our commands in the prompt of an agent, in the repository only (R64)."""

from __future__ import annotations

from pathlib import Path

from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def prompts(given: Given) -> int:
    """Write the files, take them out, or show the difference. Nothing is written when one of them is a human's."""
    from cockpit.commands.hooking import difference
    from cockpit.hooks import apply, plan
    from cockpit.hooks.prompts import PROMPTED, taken_out, written

    agent = PROMPTED.get(given.agent)
    if agent is None:
        raise CockpitError(
            f"no commands for {given.agent}" if given.agent else "which agent", remedy=f"one of {', '.join(PROMPTED)}"
        )
    if given.user:
        raise CockpitError("commands go into the repository only", where="--user", remedy="leave it out")
    root = here(given).root
    add = given.act == "install"
    changes = [
        plan(path, root, lambda data, page=page: written(data, page) if add else taken_out(data))
        for path, page in agent.files(root).items()
    ]
    for change in changes:
        if given.dry_run:
            print(difference(change.path, change.before, change.after), end="")
            continue
        apply(change, root)
        if change.before == change.after:
            there = "yours, or changed: it stays" if change.after is not None and not add else "nothing to change"
            print(f"{change.path}: {there}")
        else:
            print(f"/{change.path.stem} {'written into' if add else 'taken out of'} {change.path}")
    if add and not given.dry_run:
        print("commit them, so that they are in every clone; your own /goal and /loop stay what they are")
    return 0


def listed(root: Path, name: str) -> str:
    """Whether our commands are there, in words; empty for none, and for an agent that has no such files."""
    from cockpit.hooks import read
    from cockpit.hooks.prompts import PROMPTED, ours

    agent = PROMPTED.get(name)
    pages = agent.files(root) if agent is not None else {}
    there = {path: data for path in pages if (data := read(path, root)) is not None and ours(data)}
    old = ", of an older version: install renews them" if any(pages[path] != there[path] for path in there) else ""
    return f"{' '.join(f'/{path.stem}' for path in there)}{old}"
