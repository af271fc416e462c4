"""What a manifest asks for: names of packages with what is said of each. Pure; a broken file raises ValueError."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, cast

_JSON = {
    "package.json": ("dependencies", "devDependencies", "optionalDependencies"),
    "composer.json": ("require", "require-dev"),
}
_TOML = {
    "Cargo.toml": ("dependencies", "dev-dependencies", "build-dependencies"),
    "Pipfile": ("packages", "dev-packages"),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_GO = re.compile(r"^\s*(?:require\s+)?([\w.~-]+(?:/[\w.~/-]+)+)\s+(v\S+)", re.MULTILINE)
_LOCAL = re.compile(r"^\s*(?:replace\s+)?([\w.~/-]+)(?:\s+v\S+)?\s+=>\s+\.", re.MULTILINE)
_GEM = re.compile(r"""^\s*gem\s+["']([^"']+)["']((?:\s*,\s*["'][^"']+["'])*)""", re.MULTILINE)
Table = dict[str, Any]


def wanted(name: str, text: str) -> dict[str, str]:
    """By the manifest's file name; one that we don't know gives its lines, so that any change counts."""
    try:
        if name in _JSON:
            return _rows(_table(json.loads(text or "{}")), _JSON[name], platform=name == "composer.json")
        if name in _TOML:
            return _cargo(tomllib.loads(text), _TOML[name])
        if name == "pyproject.toml":
            return _pyproject(tomllib.loads(text))
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if name == "go.mod":
        local = set(_LOCAL.findall(text))
        return {module: version for module, version in _GO.findall(text) if module not in local}
    if name == "Gemfile":
        return dict(_GEM.findall(text))
    return {row.strip(): "" for row in text.splitlines() if row.strip() and not row.lstrip().startswith("#")}


def _table(value: object) -> Table:
    return cast("Table", value) if isinstance(value, dict) else {}


def _rows(table: Table, sections: tuple[str, ...], *, platform: bool = False) -> dict[str, str]:
    found: dict[str, str] = {}
    for section in sections:
        for name, value in _table(table.get(section)).items():
            if not (platform and "/" not in name):  # php, ext-json: nothing that is locked as a package
                found[name] = json.dumps(value, sort_keys=True, default=str)
    return found


def _cargo(table: Table, sections: tuple[str, ...]) -> dict[str, str]:
    found = _rows(table, sections)
    for target in _table(table.get("target")).values():
        found |= _rows(_table(target), sections)
    return {str(_renamed(name, value)): value for name, value in found.items()}


def _renamed(name: str, value: str) -> str:
    """`alias = {package = "real"}`: the lock has the real one."""
    return _table(json.loads(value)).get("package", name)


def _pyproject(table: Table) -> dict[str, str]:
    project = _table(table.get("project"))
    lists: list[object] = [project.get("dependencies"), *_table(project.get("optional-dependencies")).values()]
    lists += _table(table.get("dependency-groups")).values()
    found: dict[str, str] = {}
    for entries in lists:
        for entry in cast("list[object]", entries) if isinstance(entries, list) else []:
            if isinstance(entry, str) and (name := _NAME.match(entry.strip())):
                found[_canonical(name[0])] = f"{found.get(_canonical(name[0]), '')}{entry};"
    poetry = _table(_table(table.get("tool")).get("poetry"))
    groups = [poetry, *(_table(group) for group in _table(poetry.get("group")).values())]
    for group in groups:
        rows = _rows(group, ("dependencies", "dev-dependencies"))
        found |= {_canonical(name): value for name, value in rows.items() if name != "python"}
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
