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
    """The document as it was: its very bytes into a pipe, made harmless on a terminal; or which item stood where."""
    from cockpit import persist

    data = persist.at(here(given, spec=False), given.revision)
    if given.status or given.json:
        _stood(data, as_json=given.json)
    elif sys.stdout.isatty():
        print(clean(data), end="")
    else:
        sys.stdout.buffer.write(data)
    return 0


def _stood(data: bytes, *, as_json: bool) -> None:
    import msgspec

    from cockpit import report, spec

    document = spec.parse(data)
    if not as_json:
        print("\n".join(report.stood(document)))
        return
    for item in document.walk():
        section = item.section.value if item.section is not None else ""
        row = {"id": item.id, "mark": item.mark.value, "text": item.text, "section": section, "line": item.line}
        print(msgspec.json.encode(row).decode())
