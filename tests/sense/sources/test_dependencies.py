"""Dependency bumps, told by the bytes of manifests and lockfiles before and after."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.sense.sources.dependencies import CAP, Bump, bumps, combine, deps, is_manifest
from cockpit.sense.sources.manifests import READERS


def told(path: str, before: str | None, after: str | None) -> list[tuple[str, str, str, str]]:
    old, new = (None if text is None else text.encode() for text in (before, after))
    found = bumps(path, old, new)
    return [(bump.ecosystem, bump.name, bump.before, bump.after) for bump in found]


UV = """version = 1

[[package]]
name = "demo"
version = "{own}"
source = {{ editable = "." }}

[[package]]
name = "rich"
version = "{rich}"
source = {{ registry = "https://example.org/simple" }}
dependencies = [
    {{ name = "pygments" }},
]

[package.metadata]
name = "not-this"
version = "9"
"""
CARGO_LOCK = """# generated
version = 3

[[package]]
name = "demo"
version = "{own}"

[[package]]
name = "serde"
version = "{serde}"
source = "registry+https://example.org/index"
checksum = "00"
"""


def test_uv_lock_tells_the_bump_and_passes_over_the_project_itself():
    before, after = UV.format(own="1.0", rich="13.1.0"), UV.format(own="1.1", rich="14.0.0")
    assert told("uv.lock", before, after) == [("python", "rich", "13.1.0", "14.0.0")]


def test_cargo_lock_passes_over_the_workspaces_own_crates():
    before, after = CARGO_LOCK.format(own="1.0.0", serde="1.0.1"), CARGO_LOCK.format(own="1.1.0", serde="1.0.2")
    assert told("crates/Cargo.lock", before, after) == [("cargo", "serde", "1.0.1", "1.0.2")]
    assert told("Cargo.lock", before.replace("\n", "\r\n"), after) == [("cargo", "serde", "1.0.1", "1.0.2")]


def test_poetry_lock_is_read_from_its_first_line():
    block = '[[package]]\nname = "attrs"\nversion = "{}"\ndescription = "x"\n\n[package.extras]\nname = ["a"]\n'
    assert told("poetry.lock", block.format("23.1.0"), block.format("23.2.0")) == [
        ("python", "attrs", "23.1.0", "23.2.0")
    ]


def test_requirements_are_read_with_extras_markers_hashes_and_conditions():
    before = "-r base.txt\nrich==13.1 ; python_version>'3'\nHTTPX[http2]>=0.24,<1  # web\n-e .\ngone==1\n"
    after = "rich==14.0 \\\n    --hash=sha256:00\nhttpx[http2]>=0.25,<1\nnew_one\n./local\n"
    assert told("requirements-dev.txt", before, after) == [
        ("python", "gone", "1", ""),
        ("python", "httpx", ">=0.24,<1", ">=0.25,<1"),
        ("python", "new-one", "", "any"),
        ("python", "rich", "13.1", "14.0"),
    ]


def test_pyproject_is_read_in_all_its_dialects():
    before = """
[build-system]
requires = ["hatchling>=1"]
[project]
dependencies = ["rich>=13"]
optional-dependencies = {web = ["httpx==0.24"]}
[dependency-groups]
dev = ["pytest>=7", {include-group = "lint"}]
[tool.poetry.dependencies]
python = "^3.11"
local = {path = "../local"}
[tool.poetry.group.dev.dependencies]
ruff = {version = "^0.1"}
"""
    after = before.replace("rich>=13", "rich>=14").replace("0.24", "0.25").replace(">=7", ">=8").replace("^0.1", "^0.2")
    assert [entry[1:] for entry in told("pyproject.toml", before, after)] == [
        ("httpx", "0.24", "0.25"),
        ("pytest", ">=7", ">=8"),
        ("rich", ">=13", ">=14"),
        ("ruff", "^0.1", "^0.2"),
    ]


def test_package_json_and_its_locks_of_each_version():
    assert told("package.json", '{"dependencies":{"a":"^1"}}', '{"devDependencies":{"a":"^2"},"name":1}') == [
        ("npm", "a", "^1", "^2")
    ]
    old = {"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "2"}}}}}
    new = {
        "lockfileVersion": 3,
        "packages": {
            "": {"version": "5"},
            "node_modules/a": {"version": "1.1.0"},
            "node_modules/a/node_modules/b": {"version": "2"},
            "node_modules/@s/c": {"version": "3.0.0"},
            "packages/own": {"version": "7"},
        },
    }
    assert told("web/package-lock.json", json.dumps(old), json.dumps(new)) == [
        ("npm", "@s/c", "", "3.0.0"),
        ("npm", "a", "1.0.0", "1.1.0"),
    ]


def test_yarn_and_pnpm_locks():
    classic = """# yarn lockfile v1

"@s/a@^1.0", "@s/a@^1.1":
  version "1.1.0"
  resolved "x"

b@^2:
  version "2.0"
"""
    berry = """__metadata:
  version: 6

"@s/a@npm:^1.0":
  version: 1.2.0
  resolution: "x"

"b@npm:^2":
  version: 2.0
"""
    assert told("yarn.lock", classic, berry) == [("npm", "@s/a", "1.1.0", "1.2.0")]
    six = "packages:\n\n  /@s/a@1.0.0:\n    dev: true\n\n  /b@2.0.0(react@18.2.0):\n    dev: true\n"
    nine = "packages:\n\n  '@s/a@1.1.0':\n    x: y\n\n  b@2.0.0:\n    x: y\n\nsnapshots:\n\n  c@1.0.0: {}\n"
    assert told("pnpm-lock.yaml", six, nine) == [("npm", "@s/a", "1.0.0", "1.1.0")]
    five = "packages:\n\n  /@s/a/1.0.0:\n    dev: true\n  /b/2.0.0_react@18:\n    dev: true\n"
    assert told("pnpm-lock.yaml", five, nine) == [("npm", "@s/a", "1.0.0", "1.1.0")]


def test_cargo_toml_of_workspaces_and_targets():
    before = '[dependencies]\nserde = "1.0"\nown = {path = "."}\n'
    before += '[target."cfg(unix)".dependencies]\nnix = {version = "0.26"}\n'
    after = before.replace('"1.0"', '{version = "1.1", features = ["x"]}').replace("0.26", "0.27")
    assert told("Cargo.toml", before, after) == [("cargo", "nix", "0.26", "0.27"), ("cargo", "serde", "1.0", "1.1")]


def test_go_mod_and_go_sum():
    mod = "module example.org/demo\n\ngo 1.22\n\nrequire example.org/solo v1.0.0\n\n"
    mod += "require (\n\texample.org/a {} // indirect\n)\n"
    assert told("go.mod", mod.format("v1.2.3"), mod.format("v1.3.0")) == [("go", "example.org/a", "v1.2.3", "v1.3.0")]
    total = "example.org/a {} h1:xx=\nexample.org/a {}/go.mod h1:yy=\n"
    assert told("go.sum", total.format("v1", "v1"), total.format("v2", "v2")) == [("go", "example.org/a", "v1", "v2")]


def test_pom_and_gradle():
    pom = """<project><parent><groupId>p</groupId><artifactId>parent</artifactId><version>1</version></parent>
<properties><a.version>{}</a.version></properties><!-- <dependency><artifactId>no</artifactId><version>1</version> -->
<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${{a.version}}</version>
<exclusions><exclusion><artifactId>x</artifactId></exclusion></exclusions></dependency></dependencies></project>"""
    assert told("pom.xml", pom.format("1.0"), pom.format("1.1")) == [("maven", "g:a", "1.0", "1.1")]
    gradle = "dependencies {{\n  implementation 'g:a:{}'\n  // api 'g:old:1'\n  api(\"g:b:2:sources\")\n}}\n"
    assert told("app/build.gradle.kts", gradle.format("1.0"), gradle.format("1.1")) == [("maven", "g:a", "1.0", "1.1")]
    catalog = '[versions]\na = "{}"\n[libraries]\na = {{module = "g:a", version.ref = "a"}}\nb = "g:b:2"\n'
    assert told("gradle/libs.versions.toml", catalog.format("1"), catalog.format("2")) == [("maven", "g:a", "1", "2")]
    assert told("gradle.lockfile", "g:a:1=rt\nempty=\n", "g:a:2=rt\nempty=\n") == [("maven", "g:a", "1", "2")]


@pytest.mark.parametrize(
    ("before", "after", "sort"),
    [
        ("1.9", "1.10", "upgraded"),
        ("2.0", "1.9.9", "downgraded"),
        ("1.0rc1", "1.0", "upgraded"),
        ("1.0.0-beta.2", "1.0.0-beta.10", "upgraded"),
        ("", "1", "added"),
        ("1", "", "removed"),
        ("^1.2", "~1.2", "changed"),
        pytest.param("9" * 5000, "1", "downgraded", id="a long number"),
    ],
)
def test_each_bump_says_which_way_it_goes(before: str, after: str, sort: str):
    assert Bump("python", "x", before, after).sort == sort


def test_a_package_in_several_versions_tells_those_that_came_and_went():
    block = '[[package]]\nname = "a"\nversion = "{}"\nsource = "r"\n\n'
    lock = block + block.format("2.0")
    assert told("Cargo.lock", lock.format("1.0"), lock.format("1.1")) == [("cargo", "a", "1.0", "1.1")]


def test_a_manifest_and_its_lock_tell_a_package_once_with_the_locks_version_and_what_was_meant_first():
    found = combine(
        [
            Bump("npm", "aaa", "1.0.0", "1.0.1"),
            Bump("npm", "zod", "3.0.0", "4.0.1"),
            Bump("npm", "zod", "^3", "^4", exact=False),
        ]
    )
    assert [bump.words for bump in found] == ["zod 3.0.0 → 4.0.1", "aaa 1.0.0 → 1.0.1"]
    assert deps(found)[0] == {"ecosystem": "npm", "name": "zod", "from": "3.0.0", "to": "4.0.1", "sort": "upgraded"}


def test_names_and_versions_with_escapes_are_harmless_in_the_event():
    found = bumps("package.json", b"{}", json.dumps({"dependencies": {"\x1b]0;x\x07a\nb": "\x1b[31m1"}}).encode())
    assert "\x1b" not in str(deps(found))
    assert "\n" not in deps(found)[0]["name"]


def test_a_new_and_a_deleted_file_add_and_remove_all():
    assert told("go.mod", None, "\tx.y/a v1\n") == [("go", "x.y/a", "", "v1")]
    assert told("go.mod", "\tx.y/a v1\n", None) == [("go", "x.y/a", "v1", "")]


@pytest.mark.parametrize(
    ("path", "broken"),
    [
        ("package.json", b"{"),
        ("package.json", b"[]"),
        pytest.param("package-lock.json", b"[" * 100_000, id="deep JSON"),
        ("pyproject.toml", b"[project\n"),
        pytest.param("pyproject.toml", b"a = " + b"[" * 50_000, id="deep TOML"),
        ("Cargo.lock", b'\n[[package]]\nname = "a"\n<<<<<<< ours\nversion = "1"\n'),
        ("uv.lock", b"\xff\xfe\x00"),
        ("README.md", b"requests==1"),
    ],
)
def test_what_is_broken_too_large_or_no_manifest_changes_nothing(path: str, broken: bytes):
    assert bumps(path, None, broken) == []
    assert bumps(path, broken, b"") == []


def test_a_file_over_the_cap_changes_nothing():
    assert bumps("go.sum", b"", b"x.y/a v1 h1:\n".ljust(CAP + 1)) == []


def test_hostile_repetition_ends_soon():
    for path, part in (
        ("pom.xml", b"<dependency><groupId>"),
        ("pom.xml", b"<!--"),
        ("yarn.lock", b"a@b:\n  x\n"),
        ("pnpm-lock.yaml", b"  /1/1/1:"),
        ("go.mod", b"\t....."),
        ("build.gradle", b"'a:b"),
        ("requirements.txt", b"a["),
    ):
        bumps(path, None, b"\npackages:\n" + part * 100_000)


def test_which_files_are_manifests():
    assert all(map(is_manifest, ("a/b/requirements.txt", "constraints.txt", "Cargo.lock")))
    assert not any(map(is_manifest, ("uv.lock.bak", "docs/package.json.md")))


NAMES = sorted(
    {"requirements.txt", *(form.pattern.split("|")[0].replace("\\", "").split("(")[0] for form, *_ in READERS)}
)


@given(st.sampled_from([name for name in NAMES if is_manifest(name)]), st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise_and_the_same_bytes_change_nothing(path: str, data: bytes):
    bumps(path, None, data)
    assert bumps(path, data, data) == []
