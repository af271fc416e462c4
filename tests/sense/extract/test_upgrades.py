import pytest

from tests.sense.extract.lines import told


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("Bump serde from 1.0.1 to 1.0.2", ("serde", "1.0.1", "1.0.2")),
        ("chore(deps): bump @types/node from 20.1.0 to 22.0.1 in /web", ("@types/node", "20.1.0", "22.0.1")),
        ("Update dependency org.acme:shop-core from v2.16.0 to v2.20.0", ("org.acme:shop-core", "2.16.0", "2.20.0")),
        ("    Updating serde v1.0.1 -> v1.0.2", ("serde", "1.0.1", "1.0.2")),
        ("go: upgraded golang.org/x/net v0.17.0 => v0.20.0", ("golang.org/x/net", "0.17.0", "0.20.0")),
        ("  - Updating httpx (0.24.1 -> 0.27.0)", ("httpx", "0.24.1", "0.27.0")),
        ("Updated httpx v0.24.1 -> v0.27.0", ("httpx", "0.24.1", "0.27.0")),
        ("Unpacking libc6 (2.36-9+deb12u9) over (2.36-9+deb12u4) ...", ("libc6", "2.36-9+deb12u4", "2.36-9+deb12u9")),
        ("Using rack 3.1.2 (was 3.0.8)", ("rack", "3.0.8", "3.1.2")),
    ],
)
def test_a_dependency_that_moves_in_one_line(text: str, moved: tuple[str, str, str]):
    (event,) = told(text)
    name, old, new = moved
    assert (event.kind, event.key) == ("upgrade", name)
    assert event.attrs["deps"] == [{"name": name, "from": old, "to": new}]


def test_pip_says_the_old_version_first_and_the_new_one_at_its_end():
    text = """
  Attempting uninstall: httpx
    Found existing installation: httpx 0.24.1
    Uninstalling httpx-0.24.1:
      Successfully uninstalled httpx-0.24.1
Successfully installed anyio-4.2.0 httpx-0.27.0
"""
    assert [event.what for event in told(text)] == ["httpx 0.24.1 -> 0.27.0"]


def test_pinned_versions_in_a_diff():
    assert [event.what for event in told("-httpx==0.24.1\n+httpx==0.27.0\n+anyio==4.2.0")] == ["httpx 0.24.1 -> 0.27.0"]


@pytest.mark.parametrize(
    "text", ["Downloaded from central: a 1.2 kB", "renamed a 1.txt -> b 2.txt", "counting from 1 to 2", "x -> y"]
)
def test_other_arrows_move_nothing(text: str):
    assert told(text) == []
