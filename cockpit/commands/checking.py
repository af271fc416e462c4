"""The command that runs the acceptance criteria now."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError

SHOWN = 10
"""Lines of a red command's output that are printed."""


def check(given: Given) -> int:
    """Each criterion on the last commit, in a scratch worktree; 1 when a command is red, 0 when none is."""
    from cockpit import needs, persist
    from cockpit.spec import criteria, parse
    from cockpit.verify import try_on

    needs.require(needs.GIT)
    found = here(given)
    document = parse(persist.read(found))
    wanted = [entry for entry in criteria(document) if given.target.removeprefix("^") in ("", entry.item.id)]
    if not wanted:
        what = "no acceptance criterion of that id" if given.target else "the spec has no acceptance criteria"
        raise CockpitError(what, where=line(given.target, 60) or found.spec_name, remedy="cockpit add --to acceptance")
    commit = persist.tip(found, "HEAD")
    if commit is None:
        raise CockpitError("no commit yet to check", where=str(found.root))
    for entry in wanted:
        if entry.measured:
            print(f"number {line(entry.name, 44)}  {line(entry.item.text, 100)} (cockpit measure tells it)")
        if entry.yours:
            print(f"you    {line(entry.name, 44)}  {line(entry.item.text, 100)} (no command: yours to judge)")
    tried = try_on(found, commit, wanted, document.controls)
    for one in tried:
        print(f"{'pass' if one.green else 'FAIL'}   {one.words}  {one.ran.seconds:.1f} s", flush=True)
        if not one.green:
            printed = one.ran.output.rstrip().split("\n")[-SHOWN:]
            print("\n".join(f"         {text}".rstrip() for text in printed if text))
    if tried:
        print(f"{sum(one.green for one in tried)} of {len(tried)} green on {commit[:9]}")
    return 0 if all(one.green for one in tried) else 1
