"""The confirmed inventory of a brief: what was found in the tree, and nothing that was not (R246). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from cockpit.clean import line
from cockpit.facts import Claim
from cockpit.persist.tree import Entry
from cockpit.spec.globs import matches

MOST = 40
"""Claims that are told one by one."""
NAMELESS = "The task names no file, identifier or words of the code: nothing of it was checked in the tree."
FILES = 20
"""Files told by name for each glob of `paths:`."""


def inventory(claims: Sequence[Claim], globs: Sequence[str], entries: Mapping[str, Entry]) -> list[str]:
    """Lines of markdown: the claims that hold with what was found, what is there of `paths:`, what is to be made.

    Where the item names nothing of the code it says that; empty when nothing that it names holds. `entries` is the tree
    they were held against. It names no commit: the brief of an item that waits stays the same while nothing of this
    changes.
    """
    if not claims and not globs:
        return [NAMELESS]
    held = [claim for claim in claims if claim.state == "holds"]
    lines = [*_held(held[:MOST]), *(_within(glob, entries) for glob in globs)]
    if len(held) > MOST:
        lines.append(f"- and {len(held) - MOST} more that hold")
    made = dict.fromkeys(f"`{claim.what}`" for claim in claims if claim.state == "to be made")
    if made:
        lines.append(f"- Not there yet, to be made: {', '.join(made)}.")
    return ["Checked in the tree that this turn starts from:", "", *lines] if lines else []


def _held(claims: Collection[Claim]) -> Iterator[str]:
    told: set[str] = set()
    for claim in claims:
        words = f'"{claim.what}"' if claim.kind == "quote" else f"`{claim.what}`"
        text = f"- {words}: {claim.evidence}" if claim.kind != "line" else f"- {claim.evidence}"
        if claim.evidence and text not in told:
            told.add(text)
            yield line(text, 400)


def _within(glob: str, entries: Mapping[str, Entry]) -> str:
    files = [path for path in entries if matches(path, [glob])]
    if not files:
        return f"- `{line(glob, 120)}` in `paths:`: no file yet"
    named = ", ".join(f"`{line(path, 120)}`" for path in files[:FILES])
    more = f" and {len(files) - FILES} more" if len(files) > FILES else ""
    return f"- `{line(glob, 120)}` in `paths:`: {len(files)} file{'s' * (len(files) > 1)}: {named}{more}"
