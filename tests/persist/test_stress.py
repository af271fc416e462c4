"""Many writers at once on one spec: every edit is accounted for. The long runs are `python -m bench.writers`."""

from __future__ import annotations

from pathlib import Path

from bench.writers import ALIKE, stress
from cockpit import persist


def test_no_edit_of_many_writers_is_lost(tmp_path: Path):
    try:
        result = stress(tmp_path / "run", 1, count=25, seconds=200, writers=ALIKE)
    finally:
        persist.close()
    assert result.lost == []
    assert result.edits >= 150
