"""An agent's claims beside the tree of its result: what is claimed to be there and is not (R193)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.act.claims import against
from cockpit.facts import Checked
from cockpit.paths import Places


@pytest.fixture
def mark(places: Places, repo: Path, git: Callable[..., str]) -> Callable[[str], str]:
    """What the tree says to one claim."""
    (repo / "src").mkdir()
    (repo / "src" / "a.py").write_text("def parse_flags(text):\n    return text.split()\n")
    git("add", "-A")
    git("commit", "-qm", "A program")
    tree, head = git("rev-parse", "HEAD^{tree}"), git("rev-parse", "HEAD")

    def told(claim: str) -> str:
        (found,) = against(places, [Checked(words=claim)], tree, head)
        return found.mark

    return told


@pytest.mark.parametrize(
    "claim",
    ["Added `tests/test_flags.py`", "src/b.py holds the lock", "created src/new.py", "src/a.py:90 checks the bound"],
)
def test_a_file_or_line_that_is_claimed_and_is_not_there_is_stale(mark: Callable[[str], str], claim: str):
    assert mark(claim).startswith("stale: ")


@pytest.mark.parametrize(
    "claim",
    [
        "Removed src/old.py",
        "Renamed `fetch()` to `parse_flags()`",
        "moved src/old.py to src/a.py",
        "src/gone.py no longer exists",
    ],
)
def test_what_it_took_away_is_no_lie(mark: Callable[[str], str], claim: str):
    assert mark(claim).startswith("unverified")


def test_that_a_file_is_there_proves_nothing_of_what_is_claimed_of_it(mark: Callable[[str], str]):
    assert mark("`grep -c nothing src/a.py` prints 7") == "unverified"
    assert mark("src/a.py handles empty input") == "unverified: src/a.py is there"
    assert mark("`parse_flags()` in src/a.py is pure") == "unverified: parse_flags(), src/a.py are there"


def test_what_a_command_has_judged_is_left_as_it_is(places: Places):
    told = [Checked(words="src/none.py passes", state="confirmed", evidence="exit 0")]
    assert against(places, told, "", "") == told
