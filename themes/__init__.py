"""Palettes as TOML, the stylesheet, and their loader."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, cast

from textual.color import Color, ColorParseError
from textual.theme import Theme

HERE = Path(__file__).parent
STYLESHEET = HERE / "cockpit.tcss"
"""The app's stylesheet."""

DARK, LIGHT, MONO = "cockpit-dark", "cockpit-light", "cockpit-mono"
"""Names of the palettes that are always there."""

COLORS = (
    "primary", "secondary", "accent", "success", "warning", "error", "foreground", "background", "surface", "panel",
    "boost",
)  # fmt: skip
"""The colours a palette may set; `primary` it must."""

_STYLES = {"none", "bold", "dim", "italic", "reverse", "strike", "underline"}
_FLAGS = ("dark", "ansi")
_ANSI_VARIABLES = {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}  # Textual's own CSS names them


class ThemeError(Exception):
    """A palette cannot be used: which file, which key, and why."""

    def __init__(self, path: Path, key: str, why: str) -> None:
        super().__init__(f"{path}: {key}: {why}" if key else f"{path}: {why}")
        self.path = path
        """The file."""
        self.key = key
        """The key within it, dotted; empty if the file as a whole is at fault."""
        self.why = why
        """What is wrong, and what would be right."""


def load(folder: Path | None = None) -> list[Theme]:
    """The built-in palettes and those of `folder` (`*.toml`), which win where names meet.

    A folder that does not exist holds no palettes. Raises `ThemeError` for the first file that cannot be used.
    """
    found = {theme.name: theme for theme in (read(path) for path in sorted(HERE.glob("*.toml")))}
    if folder is not None and folder.is_dir():
        for path in sorted(folder.glob("*.toml")):
            theme = read(path)
            found[theme.name] = theme
    return list(found.values())


def read(path: Path) -> Theme:
    """The palette in a TOML file: `name`, `dark`, `ansi`, `[colors]`, `[variables]`. Raises `ThemeError`."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeError(path, "", f"cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(path, "", f"is not TOML: {error}") from error
    for key in data:
        if key not in ("name", "colors", "variables", *_FLAGS):
            raise ThemeError(path, key, "unknown; a palette has name, dark, ansi, [colors] and [variables]")
    name = data.get("name", path.stem)
    if not isinstance(name, str) or not name.strip():
        raise ThemeError(path, "name", "must be a few letters")
    for flag in _FLAGS:
        if not isinstance(data.get(flag, False), bool):
            raise ThemeError(path, flag, "must be true or false")
    colors = _strings(path, "colors", data.get("colors", {}))
    for key, value in colors.items():
        if key not in COLORS:
            raise ThemeError(path, f"colors.{key}", f"unknown; known are {', '.join(COLORS)}")
        _check_color(path, f"colors.{key}", value)
    if "primary" not in colors:
        raise ThemeError(path, "colors.primary", 'missing; every palette needs it, such as primary = "#6cb6ff"')
    variables = _strings(path, "variables", data.get("variables", {}))
    for key, value in variables.items():
        if key.endswith("-style"):
            _check_style(path, f"variables.{key}", value)
        else:
            _check_color(path, f"variables.{key}", value)
    return Theme(
        name=name,
        dark=cast("bool", data.get("dark", True)),
        ansi=cast("bool", data.get("ansi", False)),
        variables={**(_ANSI_VARIABLES if data.get("ansi") else {}), **variables},
        **cast("dict[str, Any]", colors),
    )


def _strings(path: Path, key: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ThemeError(path, key, f"must be a table: [{key}]")
    entries = cast("dict[str, object]", table)
    for name, value in entries.items():
        if not isinstance(value, str):
            raise ThemeError(path, f"{key}.{name}", "must be text in quotes")
    return cast("dict[str, str]", table)


def _check_color(path: Path, key: str, value: str) -> None:
    color, _, alpha = value.partition(" ")
    try:
        Color.parse(color)
    except ColorParseError as error:
        raise ThemeError(path, key, f'{value!r} is not a colour; write "#6cb6ff" or a name such as "red"') from error
    if alpha and not (alpha.endswith("%") and alpha[:-1].isdecimal() and int(alpha[:-1]) <= 100):
        raise ThemeError(path, key, f'{value!r}: what follows the colour must be a share such as "40%"')


def _check_style(path: Path, key: str, value: str) -> None:
    unknown = set(value.split()) - _STYLES
    if unknown or not value:
        raise ThemeError(path, key, f"{value!r} is not a text style; known are {', '.join(sorted(_STYLES))}")
