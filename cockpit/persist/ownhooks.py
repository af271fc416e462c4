"""The repository's own hooks, which every worktree shares: what lies there, so that a change is seen (R191)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist.objects import store
from cockpit.plain import plain

SETTING = "core.hooksPath"
LARGEST = 1 << 20


def own(places: Places) -> dict[str, str]:
    """Name of each hook that git would run here to a digest of it, and the setting where one says where they lie."""
    setting = store(places).setting(SETTING.lower())
    folder = places.root / Path(setting).expanduser() if setting else places.common_dir / "hooks"
    found = {SETTING: setting} if setting else {}
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if not entry.name.endswith(".sample"))
    except OSError:
        return found
    for name in names[:200]:
        path = folder / name
        try:
            if os.access(path, os.X_OK) and path.is_file():
                found[name] = hashlib.blake2s(plain(path, LARGEST), digest_size=8).hexdigest()
        except (OSError, CockpitError):
            continue
    return found
