"""The rules of a check that are data: TOML beside its module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def rules(check: str) -> dict[str, list[dict[str, Any]]]:
    """The tables of `CHECK.toml`, as lists of rows."""
    return tomllib.loads(files("cockpit.verify.checks").joinpath(f"{check}.toml").read_text(encoding="utf-8"))
