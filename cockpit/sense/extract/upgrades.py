"""Dependencies that move, told in words: commit subjects, lockfile diffs, what package managers print."""

from __future__ import annotations

import re

import msgspec

from cockpit.sense.events import Event
from cockpit.sense.extract.line import Line
from cockpit.sense.extract.stream import Stream, Told

_NAME = r"(?P<name>[\w@][\w@./:+-]{0,120})"
_FROM = r"[`'\"]?v?(?P<old>\d[\w.+!~-]{0,60})[`'\"]?"
_TO = r"[`'\"]?v?(?P<new>\d[\w.+!~-]{0,60})[`'\"]?"
_BUMP = re.compile(
    rf"(?:.{{0,60}}?[:\] ])?(?:[Bb]ump(?:s|ed)?|[Uu]pdat(?:e|es|ed|ing)|[Uu]pgrad(?:e|es|ed|ing)) (?:the |dependency "
    rf"|package )?"
    rf"[`'\"]?{_NAME}[`'\"]? from {_FROM} to {_TO}(?:\s|$|[,;)])"
)
_ARROW = re.compile(
    rf"(?:go: )?(?:[-•*~+] )?(?:Updat(?:ed|ing)|Upgrad(?:ed|ing)|Downgrad(?:ed|ing)|upgraded"
    rf"|downgraded)?[: ]{{0,3}}{_NAME}"
    rf"(?: \(|[:@ ] ?){_FROM} {{0,30}}(?:->|=>|→) {{0,30}}{_TO}\)?"
)
_OVER = re.compile(rf"Unpacking {_NAME} \((?P<new>[\w.:+~-]{{1,60}})\) over \((?P<old>[\w.:+~-]{{1,60}})\)")
_WAS = re.compile(rf"(?:Using|Installing|Fetching) {_NAME} {_TO} \(was {_FROM}\)")
_EXISTING = re.compile(rf"Found existing installation: {_NAME} {_FROM}$")
_INSTALLED = re.compile(r"Successfully installed (?P<all>.{1,900})$")
_PIN = re.compile(r"(?P<sign>[+-]) {0,4}(?P<name>[A-Za-z][\w.-]{0,80})==(?P<version>\d[\w.+!-]{0,40})(?:\s.{0,200})?$")


def upgrades(line: Line, stream: Stream) -> Told:
    """An `upgrade` for each dependency that moved, with where from and where to."""
    text = line.text
    if "==" in text and text[0] in "+-":
        return _pinned(line, stream, text)
    if text.startswith(("Found existing installation", "Uninstalling ", "Attempting uninstall")):
        found = _EXISTING.match(text)
        if found is not None:
            _versions(stream)[found["name"].lower()] = found["old"]
        return []
    found = _INSTALLED.match(text)
    if found is not None:
        return _installed(line, stream, found["all"])
    found = (
        _BUMP.match(text)
        or _OVER.match(text)
        or _WAS.match(text)
        or (_ARROW.match(text) if ">" in text or "→" in text else None)
    )
    return None if found is None else [_upgrade(line, found["name"].rstrip(":@"), found["old"], found["new"])]


def _versions(stream: Stream) -> dict[str, str]:
    return stream.job.versions


def _pinned(line: Line, stream: Stream, text: str) -> Told:
    """One line of a requirements file's diff, or of uv: the old version first, then the new one."""
    found = _PIN.match(text)
    if found is None:
        return None
    name, version = found["name"].lower(), found["version"]
    if found["sign"] == "-":
        _versions(stream)[name] = version
        return []
    old = _versions(stream).pop(name, "")
    return [] if not old or old == version else [_upgrade(line, found["name"], old, version)]


def _installed(line: Line, stream: Stream, words: str) -> Told:
    """pip's last line, with the versions that it took away before."""
    events: list[Event] = []
    for word in words.split()[:50]:
        name, _, new = word.rpartition("-")
        old = _versions(stream).pop(name.lower(), "")
        if old and old != new:
            events.append(_upgrade(line, name, old, new))
    return events


def _upgrade(line: Line, name: str, old: str, new: str) -> Event:
    told = line.tell("upgrade", name, what=f"{name} {old} -> {new}")
    return msgspec.structs.replace(told, attrs={**told.attrs, "deps": [{"name": name, "from": old, "to": new}]})
