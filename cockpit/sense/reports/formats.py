"""Which format a report is, told by what is in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.sense.events import Event
from cockpit.sense.reports import junit, linters, reportlog, sarif, tap
from cockpit.sense.reports.told import About

LARGEST = 64 * 1024 * 1024
"""Bytes a report may have."""
LOOK = 16_384
"""Bytes from its beginning that tell the format."""

FORMATS: dict[str, Callable[[bytes, About], list[Event]]] = {
    "junit": junit.read,
    "report-log": reportlog.read,
    "tap": tap.read,
    "sarif": sarif.read,
    "ruff": linters.ruff,
    "mypy": linters.mypy,
    "eslint": linters.eslint,
}
"""Every format that is read, by name."""


def detect(name: str, data: bytes) -> str:
    """The format of a report, one of `FORMATS`, by its content; its name decides only what is empty.

    Raises CockpitError when it is none that is read.
    """
    begin = data[:LOOK]
    text = begin.decode("utf-16" if begin[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace").lstrip()
    small = name.lower()
    if not text or text.rstrip() == "[]":
        for tool in ("mypy", "ruff", "eslint"):
            if tool in small and (text or tool == "mypy"):
                return tool
        if text:
            return "ruff"
        raise CockpitError("an empty report", where=line(name, 120), remedy="wait until it is written")
    if text.startswith("<"):
        first = junit.root(re.sub(r"<[?!].*?>", "", text, flags=re.DOTALL))
        if first and first.rpartition(":")[2] not in junit.ROOTS:
            raise CockpitError(
                f"XML, but no report of JUnit: it begins with <{line(first, 40)}>", where=line(name, 120)
            )
        return "junit"
    if text.startswith("{"):
        return _object(name, text)
    if text.startswith("["):
        for tool, word in (("eslint", '"filePath"'), ("ruff", '"filename"')):
            if word in text:
                return tool
    elif text.startswith("Success: no issues found"):
        return "mypy"
    elif tap.looks(text) or re.search(r"^TAP version 1[34]\s*$", text, re.MULTILINE):
        return "tap"
    raise CockpitError(
        "no report that is read here", where=line(name, 120), remedy=f"write one of {', '.join(FORMATS)}"
    )


def _object(name: str, text: str) -> str:
    first = text.split("\n", 1)[0]
    if '"$report_type"' in first:
        return "report-log"
    if '"runs"' in text or "sarif" in text[:2000].lower():
        return "sarif"
    if '"file"' in first and '"message"' in first:
        return "mypy"
    raise CockpitError(
        "JSON, but no report that is read here", where=line(name, 120), remedy=f"write one of {', '.join(FORMATS)}"
    )


def read(data: bytes, about: About, form: str = "") -> list[Event]:
    """The events of a report: of that format, else of the one its content tells.

    Raises CockpitError that says what is wrong and where.
    """
    if len(data) > LARGEST:
        raise CockpitError(
            f"a report over {LARGEST // 1024 // 1024} MiB", where=line(about.name, 120), remedy="write one a package"
        )
    return FORMATS[form or detect(about.name, data)](data, about)
