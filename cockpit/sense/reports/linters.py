"""What ruff, mypy and eslint write as JSON (contracts, 7)."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event, Level
from cockpit.sense.reports.places import inside
from cockpit.sense.reports.runs import Run
from cockpit.sense.reports.told import MOST, About, Found


class _Place(msgspec.Struct):
    row: int = 0


class _Ruff(msgspec.Struct):
    filename: str
    message: str
    code: str | None = None
    location: _Place | None = None
    severity: str = "error"


class _Mypy(msgspec.Struct):
    file: str
    message: str
    line: int = 0
    code: str | None = None
    severity: str = "error"


class _Said(msgspec.Struct, rename="camel"):
    message: str
    rule_id: str | None = None
    severity: int = 2
    line: int | None = 0
    fatal: bool = False


class _Eslint(msgspec.Struct, rename="camel"):
    file_path: str
    messages: list[_Said]


Read = TypeVar("Read")


def ruff(data: bytes, about: About) -> list[Event]:
    """The events of `ruff check --output-format json`. Raises CockpitError with the field at fault."""
    found = [
        Found(
            rule=entry.code or "syntax",
            path=inside(entry.filename, about.root),
            words=entry.message,
            line=entry.location.row if entry.location else 0,
            level=_level(entry.severity),
        )
        for entry in _decode(data, list[_Ruff], about, "ruff")
    ]
    return _events("ruff", data, about, found)


def mypy(data: bytes, about: About) -> list[Event]:
    """The events of `mypy --output json`, a line a finding; nothing at all is a clean run. Notes are left out.

    Raises CockpitError with the line and the field at fault.
    """
    found: list[Found] = []
    for number, text in enumerate(data.split(b"\n"), 1):
        if not text.strip() or (text.startswith(b"Success: ") and not found):
            continue
        entry = _decode(text, _Mypy, about, "mypy", number)
        if entry.severity != "note":
            found.append(
                Found(
                    rule=entry.code or "misc",
                    path=inside(entry.file, about.root),
                    words=entry.message,
                    line=max(0, entry.line),
                    level=_level(entry.severity),
                )
            )
    return _events("mypy", data, about, found)


def eslint(data: bytes, about: About) -> list[Event]:
    """The events of `eslint -f json`. Raises CockpitError with the field at fault."""
    found = [
        Found(
            rule=said.rule_id or ("syntax" if said.fatal else "eslint"),
            path=inside(entry.file_path, about.root),
            words=said.message,
            line=said.line or 0,
            level="error" if said.severity > 1 else "warning",
        )
        for entry in _decode(data, list[_Eslint], about, "eslint")
        for said in entry.messages
    ]
    return _events("eslint", data, about, found)


def _events(tool: str, data: bytes, about: About, found: list[Found]) -> list[Event]:
    if len(found) > MOST:
        raise CockpitError(f"more than {MOST} findings in one report", where=line(about.name, 120))
    return Run(tool, about, about.run(data)).findings(found)


def _decode(data: bytes, kind: type[Read], about: About, tool: str, number: int = 0) -> Read:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        where = f"{line(about.name, 120)}:{number}".strip(":") if number else line(about.name, 120)
        raise CockpitError(f"no report of {tool}: {line(str(error), 160)}", where=where) from None


_MILD: dict[str, Level] = {"warning": "warning", "info": "info", "note": "info", "hint": "info"}


def _level(severity: str) -> Level:
    return _MILD.get(severity, "error")
