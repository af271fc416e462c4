"""Which palette the screen wears."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import platformdirs
from textual.app import App

import themes
from cockpit.clean import line


def dress(app: App[Any]) -> str:
    """Give the app the palettes, ours and the user's, and choose: COCKPIT_THEME, else mono under NO_COLOR, else dark.

    `COCKPIT_THEME=light` is short for `cockpit-light`. Gives what is wrong with the user's own, empty when nothing is.
    """
    complaint = ""
    try:
        found = themes.load(Path(platformdirs.user_config_dir("cockpit")) / "themes")
    except themes.ThemeError as error:
        complaint, found = line(str(error), 300), themes.load()
    for theme in found:
        app.register_theme(theme)
    wanted = os.environ.get("COCKPIT_THEME", "")
    chosen = next((name for name in (wanted, f"cockpit-{wanted}") if wanted and name in app.available_themes), "")
    if wanted and not chosen:
        complaint = complaint or f"there is no theme {line(wanted, 40)}"
    app.theme = chosen or (themes.MONO if app.no_color else themes.DARK)
    return complaint
