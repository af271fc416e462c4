"""The command that puts our hooks into the settings of agents, and takes them out."""

from __future__ import annotations

import difflib
from pathlib import Path

from cockpit.clean import clean
from cockpit.commands.given import Given, actor, here
from cockpit.errors import CockpitError


def hooks(given: Given) -> int:
    """Install, remove or list our hooks. Raises CockpitError for settings that we must not or cannot change."""
    from cockpit.hooks import AGENTS, STOPS, Hooked, apply, install, installed, plan, remove

    if given.act == "stop":
        from cockpit.commands.stopping import stop

        return stop(given)
    if given.act == "commit":
        from cockpit.commands.committing import commit

        return commit(given)
    if given.act == "remove" and actor() != "human":
        raise CockpitError("these hooks are the human's", where=actor(), remedy="say in your answer what is in the way")
    if given.act == "list":
        return _list(given)
    if given.commands:
        from cockpit.commands.prompting import prompts

        return prompts(given)
    if given.agent == "docs":
        return _docs(given)
    if given.agent == "commit":
        return _commit(given)
    known = STOPS if given.stop else AGENTS
    agent = known.get(given.agent)
    if agent is None:
        raise CockpitError(
            f"no hooks for {given.agent}" if given.agent else "which agent",
            remedy=f"one of {', '.join(known)}, docs, commit",
        )
    found = None if given.user else here(given)
    root = found.root if found is not None else None

    def taken_out(data: bytes | None, agent: Hooked) -> bytes | None:
        return None if data is None else remove(data, agent)

    edit = install if given.act == "install" else taken_out
    change = plan(agent.file(root), root, lambda data: edit(data, agent))
    if change.before == change.after:
        there = bool(installed(change.after, agent))
        print(f"{change.path}: the hooks are {'there' if there else 'not there'} already")
        return 0
    if given.dry_run:
        print(difference(change.path, change.before, change.after), end="")
        return 0
    apply(change, root)
    if found is not None:
        found.hooks.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = f"{len(agent.events)} hooks of {agent.name} installed in" if given.act == "install" else "hooks removed from"
    print(f"{done} {change.path}" + (" (the file held nothing else: removed)" if change.after is None else ""))
    if given.act == "install" and given.stop:
        print("the verification runs when it stops; what fails sends it back once")
    elif given.act == "install":
        if found is None:
            print("every repository with a spec hears your sessions from now on; others are left alone")
        else:
            print("commit the file, so that it is in the worktrees of delegates too")
        if agent.note:
            print(agent.note)
    return 0


def _docs(given: Given) -> int:
    """The section of AGENTS.md, and of CLAUDE.md where there is one, that says so to agents (R182)."""
    from cockpit.hooks import apply, plan, with_section, without_section

    root = here(given).root
    paths = [path for path in (root / "AGENTS.md", root / "CLAUDE.md") if path.name == "AGENTS.md" or path.exists()]
    for path in paths:
        change = plan(path, root, with_section if given.act == "install" else without_section)
        if given.dry_run:
            print(difference(change.path, change.before, change.after), end="")
            continue
        apply(change, root)
        done = "written into" if given.act == "install" else "taken out of"
        print(f"the section was {done} {path}" if change.before != change.after else f"{path}: nothing to change")
    return 0


def _commit(given: Given) -> int:
    """`precommit: on` in the spec: the hook is put beside each delegate's git from its next turn on, and nowhere else.

    Your own hooks and git's settings are never touched, so there is nothing to overwrite.
    """
    from cockpit import persist
    from cockpit.spec import edit, parse

    found = here(given)
    before = persist.read(found)
    value = "on" if given.act == "install" else "off"
    if parse(before).controls.precommit == value:
        print(f"{found.spec}: precommit is {value} already")
        return 0

    def change(data: bytes) -> bytes:
        return edit.set_control(data, "precommit", value)

    if given.dry_run:
        print(difference(found.spec, before, change(before)), end="")
        return 0
    receipt = persist.record(found, change, persist.Act(verb="hooks", target="precommit", by=actor(), reason=value))
    print(f"{found.spec}: precommit: {value}, from each delegate's next turn on" + _held(receipt.held))
    if value == "on":
        print("for what you commit yourself, let your own .git/hooks/pre-commit run: cockpit hooks commit")
    return 0


def _held(why: str) -> str:
    return f" (not committed yet: {why})" if why else ""


def _list(given: Given) -> int:
    """One line for each agent and place: which hooks are there."""
    from cockpit.commands.prompting import listed
    from cockpit.hooks import AGENTS, STOPS, has_section, install, installed, read

    roots = [None] if given.user else [here(given).root, None]
    for agent in AGENTS.values():
        for root in roots:
            path = agent.file(root)
            try:
                data = read(path, root)
                count = len(installed(data, agent))
                checks = agent.name in STOPS and bool(installed(data, STOPS[agent.name]))
                state = f"{count} of {len(agent.events)} hooks" if count else "none"
                state += "; checks when it stops" if checks else ""
                state += f"; {words}" if root is not None and (words := listed(root, agent.name)) else ""
                state += ", of an older version: install renews them" if count and install(data, agent) != data else ""
            except CockpitError as error:
                state = str(error)
            print(f"{agent.name:<7} {'yours' if root is None else 'project':<8} {state:<16} {path}")
    if not given.user:
        if words := listed(here(given).root, "opencode"):
            print(f"{'opencode':<7} {'project':<8} {words:<16} {here(given).root / '.opencode'}")
        path = here(given).root / "AGENTS.md"
        told = "tells of checks" if has_section(read(path, path.parent)) else "no word of checks"
        print(f"{'docs':<7} {'project':<8} {told:<16} {path}")
        print(f"{'commit':<7} {'project':<8} {_commits(given):<16} {here(given).spec}")
    return 0


def _commits(given: Given) -> str:
    """How the commit hook of delegates stands."""
    from cockpit import persist, precommit
    from cockpit.spec import parse

    found = here(given)
    if parse(persist.read(found)).controls.precommit == "off":
        return "none"
    lacking = precommit.lacking(found) if precommit.folder(found).exists() else []
    return f"altered or gone: {lacking[0].name}" if lacking else "checks delegates' commits"


def difference(path: Path, before: bytes | None, after: bytes | None) -> str:
    """What would change in that file, as a diff."""
    old, new = (clean((data or b"").decode(errors="replace")).splitlines() for data in (before, after))
    names = [str(path) if data is not None else "/dev/null" for data in (before, after)]
    rows = difflib.unified_diff(old, new, names[0], names[1], lineterm="")
    return "".join(f"{row}\n" for row in rows)
