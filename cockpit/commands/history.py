"""Commands on what was: the timeline of steering, and the document at any point of it."""

from __future__ import annotations

import sys

from cockpit.clean import clean
from cockpit.commands.given import Given, here


def log(given: Given) -> int:
    """The timeline of steering, newest first; with `--diff` what each act changed."""
    import msgspec

    from cockpit import persist, report, spec

    found = here(given, spec=False)
    entries = persist.timeline(found, given.n, given.only, given.by, given.item, given.since)
    pairs = persist.pairs(found, entries) if given.diff else [(b"", b"")] * len(entries)
    for entry, (before, after) in zip(entries, pairs, strict=True):
        changed = spec.changes(before, after, rows=False)
        if given.json:
            row = msgspec.to_builtins(entry) | ({"changes": msgspec.to_builtins(changed)} if given.diff else {})
            print(msgspec.json.encode(row).decode())
            continue
        print(report.entry(entry))
        if given.diff:
            print("\n".join(report.changed(changed, before, after)))
    return 0


def changes(given: Given) -> int:
    """What somebody meant between two versions of the spec, one change a line."""
    import msgspec

    from cockpit import persist, report, spec

    found = here(given, spec=not given.new)
    old, new = persist.at(found, given.old), persist.at(found, given.new) if given.new else persist.read(found)
    for change in spec.compare(spec.parse(old), spec.parse(new)):
        print(msgspec.json.encode(change).decode() if given.json else report.change(change))
    return 0


def at(given: Given) -> int:
    """The document as it was: its very bytes into a pipe, made harmless on a terminal."""
    from cockpit import persist

    data = persist.at(here(given, spec=False), given.revision)
    if sys.stdout.isatty():
        print(clean(data), end="")
    else:
        sys.stdout.buffer.write(data)
    return 0
