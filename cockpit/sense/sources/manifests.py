"""Reading manifests and lockfiles: which packages a file asks for or pins, in which versions. Pure; nothing is run.

Each reader takes the bytes of one kind of file and gives `(package, version)` pairs; a package may stand there in
several versions. What it can't read raises ValueError. Files of machines are read by line, as their tools write them
(uv.lock of a large project: 40 times faster than as TOML); files of humans by a parser.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import cast

import msgspec

Pairs = Iterator[tuple[str, str]]
Table = Mapping[str, object]

_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(@\s*\S+|[(<>=!~][^;#]*)?")
_FIELD = re.compile(r'^(name|version|source) = (?:"([^"\n]*)"|(.*))$', re.MULTILINE)
_YARN = re.compile(r'^"?(@?[^@\s",]+)@[^\n]*:\r?\n(?:  [^\n]*\n)*?  "?version"?:? "?([^"\s]+)', re.MULTILINE)
_PNPM = re.compile(r"^  '?/?(@?[^@\s'(]{1,200}?)[@/](\d[^\s'():_]{0,100})[^\n]{0,500}:[ \r]*$", re.MULTILINE)
_GO_MOD = re.compile(r"^(?:require[ \t]+|\t)([^\s()]+)[ \t]+(v\S+)", re.MULTILINE)
_GO_SUM = re.compile(r"^(\S+) (v[^\s/]+) h1:", re.MULTILINE)
_POM_OPEN, _POM_CLOSE = re.compile(r"<(?:dependency|parent|plugin)>"), re.compile(r"</(?:dependency|parent|plugin)>")
_POM_FIELD = re.compile(r"<(groupId|artifactId|version)>\s*([^<\s]*)\s*</\1>")
_POM_PROPERTY = re.compile(r"<([\w.-]+)>\s*([^<\s]+)\s*</\1>")
_GRADLE = re.compile(r"""['"]([\w.-]+:[\w.-]+):([^'":@$\s]+)(?:[:@][^'"]*)?['"]""")
_GRADLE_PLUGIN = re.compile(r"""\bid\s*\(?\s*['"]([\w.-]+)['"]\s*\)?\s+version\s+['"]([^'"\s]+)['"]""")
_GRADLE_LOCK = re.compile(r"^([\w.-]+:[\w.-]+):([^=\s]+)=", re.MULTILINE)


def requirements(data: bytes) -> Pairs:
    """requirements.txt and constraints: a line a package; options, other files and links to folders are passed over."""
    for line in _text(data).replace("\\\n", " ").splitlines():
        words = line.strip()
        if words and words[0] not in "#-./":
            yield from requirement(words)


def requirement(words: str) -> Pairs:
    """One requirement as Python writes it: `name[extra]>=1.2,<2; marker`."""
    match = _REQUIREMENT.match(words)
    if match is not None:
        yield python_name(match[1]), _version(match[2] or "")


def pyproject(data: bytes) -> Pairs:
    """pyproject.toml: what project, its extras, dependency groups, build system and Poetry ask for."""
    found = tomllib.loads(_text(data))
    project = _table(found, "project")
    groups = [project.get("dependencies"), _table(found, "build-system").get("requires")]
    groups += _table(project, "optional-dependencies").values()
    groups += _table(found, "dependency-groups").values()
    for group in groups:
        for words in _list(group):
            if isinstance(words, str):
                yield from requirement(words)
    poetry = _table(found, "tool", "poetry")
    for part in (poetry, *_tables(_table(poetry, "group"))):
        for name in ("dependencies", "dev-dependencies"):
            yield from ((python_name(key), value) for key, value in _asked(_table(part, name)))


def python_name(name: str) -> str:
    """One spelling of a Python package's name, whatever its capitals and dashes."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_lock(data: bytes) -> Pairs:
    """uv.lock, poetry.lock and pdm.lock; the project's own packages lie in a folder and are passed over."""
    for name, version, source in _blocks(data):
        if not any(f"{word} = " in source for word in ("editable", "virtual", "directory")):
            yield name, version


def cargo_lock(data: bytes) -> Pairs:
    """Cargo.lock; the workspace's own packages have no source and are passed over."""
    for name, version, source in _blocks(data):
        if source:
            yield name, version


def _blocks(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Name, version and source of each `[[package]]`."""
    for block in ("\n" + _text(data).replace("\r\n", "\n")).split("\n[[package]]\n")[1:]:
        fields = {name: plain or rest for name, plain, rest in _FIELD.findall(block.partition("\n[")[0])}
        if fields.get("name") and fields.get("version"):
            yield fields["name"], fields["version"], fields.get("source", "")


def cargo(data: bytes) -> Pairs:
    """Cargo.toml: dependencies of each sort, of the workspace and of targets."""
    found = tomllib.loads(_text(data))
    for place in (found, _table(found, "workspace"), *_tables(_table(found, "target"))):
        for name in ("dependencies", "dev-dependencies", "build-dependencies"):
            yield from _asked(_table(place, name))


def package_json(data: bytes) -> Pairs:
    """package.json: dependencies of each sort."""
    found = _json(data)
    for name in ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies"):
        yield from _asked(_table(found, name))


def package_lock(data: bytes) -> Pairs:
    """package-lock.json and npm-shrinkwrap.json of versions 1 to 3."""
    found = _json(data)
    for place, entry in _table(found, "packages").items():
        if "node_modules/" in place and isinstance(entry, dict):
            version = cast("Table", entry).get("version")
            if isinstance(version, str):
                yield place.rpartition("node_modules/")[2], version
    waiting = [] if "packages" in found else [_table(found, "dependencies")]
    while waiting:
        for name, entry in waiting.pop().items():
            if isinstance(entry, dict):
                version = cast("Table", entry).get("version")
                if isinstance(version, str):
                    yield name, version
                waiting.append(_table(cast("Table", entry), "dependencies"))


def yarn(data: bytes) -> Pairs:
    """yarn.lock, classic and berry."""
    for name, version in _YARN.findall(_text(data)):
        if version != "0.0.0-use.local":
            yield name, version


def pnpm(data: bytes) -> Pairs:
    """pnpm-lock.yaml of versions 5 to 9: the keys of its packages."""
    yield from _PNPM.findall(f"\n{_text(data)}".partition("\npackages:")[2].partition("\nsnapshots:")[0])


def go_mod(data: bytes) -> Pairs:
    """go.mod: what it requires."""
    yield from _GO_MOD.findall(_text(data))


def go_sum(data: bytes) -> Pairs:
    """go.sum: the modules themselves, not their go.mod files."""
    yield from _GO_SUM.findall(_text(data))


def pom(data: bytes) -> Pairs:
    """pom.xml: dependencies, plugins and parent with a version. Read by words: no entity is ever expanded."""
    shown, *rest = _text(data).split("<!--")
    text = "".join([shown, *(part.partition("-->")[2] for part in rest)])
    properties = dict(_POM_PROPERTY.findall(text.partition("<properties>")[2].partition("</properties>")[0]))
    for part in _POM_OPEN.split(text)[1:]:
        before, _, after = _POM_CLOSE.split(part, maxsplit=1)[0].partition("<exclusions>")
        fields = dict(reversed(_POM_FIELD.findall(before + after.partition("</exclusions>")[2])))
        version = fields.get("version", "")
        if version.startswith("${"):
            version = properties.get(version[2:-1], version)
        if fields.get("artifactId") and version:
            yield f"{fields.get('groupId', '')}:{fields['artifactId']}".lstrip(":"), version


def gradle(data: bytes) -> Pairs:
    """build.gradle and build.gradle.kts: `group:name:version` in quotes, and plugins."""
    text = re.sub(r"^\s*//[^\n]*", "", _text(data), flags=re.MULTILINE)
    yield from _GRADLE.findall(text)
    yield from _GRADLE_PLUGIN.findall(text)


def gradle_lock(data: bytes) -> Pairs:
    """gradle.lockfile."""
    yield from _GRADLE_LOCK.findall(_text(data))


def gradle_catalog(data: bytes) -> Pairs:
    """libs.versions.toml: libraries and plugins, with the versions they refer to."""
    found = tomllib.loads(_text(data))
    versions = _table(found, "versions")
    for name in ("libraries", "plugins"):
        for entry in _table(found, name).values():
            if isinstance(entry, str):
                package, _, version = entry.rpartition(":")
                yield package, version
            elif isinstance(entry, dict):
                table = cast("Table", entry)
                package = table.get("module") or table.get("id") or f"{table.get('group')}:{table.get('name')}"
                version = table.get("version")
                if isinstance(version, dict):
                    version = versions.get(str(cast("Table", version).get("ref")))
                if isinstance(version, str):
                    yield str(package), version


_PYTHON, _NPM, _CARGO, _GO, _MAVEN = "python", "npm", "cargo", "go", "maven"
READERS: tuple[tuple[re.Pattern[str], str, bool, Callable[[bytes], Pairs]], ...] = tuple(
    (re.compile(pattern), ecosystem, exact, read)
    for pattern, ecosystem, exact, read in (
        (r"uv\.lock|poetry\.lock|pdm\.lock", _PYTHON, True, python_lock),
        (r"[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)", _PYTHON, False, requirements),
        (r"pyproject\.toml", _PYTHON, False, pyproject),
        (r"package-lock\.json|npm-shrinkwrap\.json", _NPM, True, package_lock),
        (r"yarn\.lock", _NPM, True, yarn),
        (r"pnpm-lock\.yaml", _NPM, True, pnpm),
        (r"package\.json", _NPM, False, package_json),
        (r"Cargo\.lock", _CARGO, True, cargo_lock),
        (r"Cargo\.toml", _CARGO, False, cargo),
        (r"go\.mod", _GO, True, go_mod),
        (r"go\.sum", _GO, False, go_sum),
        (r"pom\.xml", _MAVEN, False, pom),
        (r"build\.gradle(?:\.kts)?", _MAVEN, False, gradle),
        (r"gradle\.lockfile", _MAVEN, True, gradle_lock),
        (r"libs\.versions\.toml", _MAVEN, False, gradle_catalog),
    )
)
"""File name to ecosystem, whether its versions are the ones in use (a lock) or only asked for, and its reader."""


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig")


def _json(data: bytes) -> Table:
    found = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return cast("Table", found)


def _table(found: Table, *names: str) -> Table:
    for name in names:
        value = found.get(name)
        found = cast("Table", value) if isinstance(value, dict) else {}
    return found


def _tables(found: Table) -> list[Table]:
    return [cast("Table", value) for value in found.values() if isinstance(value, dict)]


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _asked(table: Table) -> Pairs:
    """Names and versions of a table of dependencies: `name = "1.2"` or `name = {version = "1.2"}`."""
    for name, value in table.items():
        if isinstance(value, dict):
            entry = cast("Table", value)
            if "path" in entry or entry.get("workspace") is True:
                continue
            value = next((entry[key] for key in ("version", "rev", "tag", "branch") if key in entry), "")
        if isinstance(value, str) and not value.startswith(("file:", "link:", "workspace:")):
            yield name, value


def _version(words: str) -> str:
    """`==1.2` is the version 1.2; any other condition stays as it is."""
    said = words.strip().strip("()").partition(" --")[0].strip()
    return said.lstrip("=").strip() if re.fullmatch(r"={2,3}[^,]*", said) else said
