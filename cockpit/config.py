"""The user's own settings, `config.toml` in their config directory: how they want to be interrupted.

They are not in the spec: a command that runs on your machine is yours to name, not the repository's.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import platformdirs

from cockpit.errors import CockpitError
from cockpit.notify import Hours

TERMINALS = ("bell", "osc9", "osc777", "off")


class Notify(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[notify]`."""

    command: list[str] = []
    """A program and its arguments; the words come as the last one. Empty: none."""
    quiet: str = ""
    """Hours without interruption, `22:00-07:00`, local time; empty: none."""
    terminal: str = "bell"
    """How the terminal is told: bell, osc9, osc777, off."""
    title: bool = True
    """Whether the terminal's title says how many signals want you."""

    @property
    def hours(self) -> Hours | None:
        """The quiet hours."""
        return Hours.read(self.quiet) if self.quiet else None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of the file."""

    notify: Notify = Notify()


def path() -> Path:
    """Where the file is."""
    return Path(platformdirs.user_config_dir("cockpit")) / "config.toml"


def load(file: Path | None = None) -> Config:
    """The settings, the defaults where there is no file. Raises CockpitError that names the field."""
    file = file or path()
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise CockpitError(f"cannot read: {error}", where=str(file), remedy="mend it or take it away") from error
    try:
        config = msgspec.convert(tomllib.loads(text), Config)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CockpitError(str(error), where=str(file), remedy="docs/notify.md has all fields") from error
    try:
        _ = config.notify.hours
    except ValueError as error:
        raise CockpitError(
            f"quiet hours {config.notify.quiet!r} are none", where=str(file), remedy='write quiet = "22:00-07:00"'
        ) from error
    if config.notify.terminal not in TERMINALS:
        raise CockpitError(
            f"terminal {config.notify.terminal!r} is none", where=str(file), remedy=f"one of {', '.join(TERMINALS)}"
        )
    return config
