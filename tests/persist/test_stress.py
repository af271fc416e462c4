"""Two cockpits, an engine and a blind editor at once on one spec: every edit is accounted for.

With several blind editors that overwrite each other's saves a few of a thousand edits are in doubt still
(docs/concurrency.md); these runs are `python -m bench.writers`.
"""

from __future__ import annotations

from pathlib import Path

from bench.writers import stress
from cockpit import persist


def test_no_edit_of_many_writers_is_lost(tmp_path: Path):
    try:
        result = stress(tmp_path / "run", 1, count=25, seconds=200, writers=("c1x", "c2x", "e1x", "i1x"))
    finally:
        persist.close()
    assert result.lost == []
    assert result.edits >= 75
