"""The parsed line, and what every command asks of it first."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places, places
from cockpit.verbs import Verb

Given = argparse.Namespace


def here(given: Given, *, spec: bool = True) -> Places:
    """The places that the command line names. Raises CockpitError when there must be a `spec` and there is none."""
    folder = Path(given.directory)
    if not folder.is_dir():
        raise CockpitError("no such folder", where=str(folder))
    named = getattr(given, "file", None) or given.spec
    found = places(named, cwd=folder)
    if named is None and (own := os.environ.get("COCKPIT_SPEC")) and Path(own).exists():
        # A delegate's shell stands in a worktree; the spec that counts is the one its turn was dispatched from.
        ours = places(own)
        found = ours if ours.common_dir == found.common_dir else found
    if spec and not found.spec.exists():
        raise CockpitError("there is no spec", where=str(found.spec), remedy="cockpit init writes one")
    return found


def actor() -> str:
    """Who steers. A delegate's shell carries its item's name, so an act from there is never taken for the human's."""
    item = os.environ.get("COCKPIT_ITEM")
    return f"delegate/{item}" if item else "human"


def in_editor(found: Places, named: Verb, target: str) -> str:
    """The human's words from `$VISUAL` or `$EDITOR`, which starts with what the spec says now."""
    from cockpit import editor, persist
    from cockpit.spec import parse

    document = parse(persist.read(found))
    item = document.item(target)
    with tempfile.TemporaryDirectory(prefix="cockpit-") as folder:
        file = Path(folder) / f"{named.name}.md"
        file.write_text((item.text if item else document.goal) + "\n", encoding="utf-8")
        try:
            editor.edit(file)
        except CockpitError as error:
            raise CockpitError(f"{error.what}: nothing was changed", where=error.where, remedy=error.remedy) from error
        return file.read_text(encoding="utf-8", errors="replace").strip()
