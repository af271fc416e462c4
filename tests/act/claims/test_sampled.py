"""A part of the system that an item is made out of is a claim: it is there, has moved, or is gone (R112, R116)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import spec
from cockpit.act import claims
from cockpit.facts import Claim
from cockpit.paths import Places

FLAGS = "import sys\n\n\ndef parse_flags(argv):\n    for word in argv:\n        print(word)\n"
Git = Callable[..., str]


@pytest.fixture
def flags(places: Places, git: Git) -> Path:
    """A file of the tree."""
    file = places.root / "flags.py"
    file.write_text(FLAGS)
    git("add", "-A")
    git("commit", "-qm", "Begin")
    return file


@pytest.fixture
def tip(flags: Path, git: Git) -> str:
    """The commit with that file in it."""
    assert flags.exists()
    return git("rev-parse", "--short=12", "HEAD").strip()


@pytest.fixture
def claimed(places: Places, git: Git) -> Callable[[str], Claim]:
    """What HEAD says to the one part that a field names."""

    def made(field: str) -> Claim:
        document = spec.parse(f"## Queue\n- [ ] Round it ^q1\n  - {field}\n".encode())
        (claim,) = claims.check(places, document, document.queue[0], git("rev-parse", "HEAD").strip())
        return claim

    return made


Claimed = Callable[[str], Claim]


def test_lines_hold_where_they_stand_and_where_they_went(flags: Path, tip: str, git: Git, claimed: Claimed):
    value = f"from: flags.py:4-5@{tip}"
    one = claimed(value)
    assert (one.state, one.line, one.evidence) == ("holds", 4, "`flags.py:4`: def parse_flags(argv):")
    flags.write_text("# one line more\n" + FLAGS)
    git("commit", "-qam", "Say more")
    one = claimed(value)
    assert (one.state, one.line) == ("holds", 5)
    assert "it was 4" in one.evidence


def test_lines_of_which_some_are_left_hold_and_say_so(flags: Path, tip: str, git: Git, claimed: Claimed):
    flags.write_text(FLAGS.replace("for word in argv:", "for word in sorted(argv):"))
    git("commit", "-qam", "Sort")
    one = claimed(f"from: flags.py:4-5@{tip}")
    assert (one.state, one.evidence) == ("holds", "`flags.py` has changed there: 1 of 2 lines are left")


def test_lines_that_are_gone_are_stale(flags: Path, tip: str, git: Git, claimed: Claimed):
    flags.write_text("nothing = 1\n")
    git("commit", "-qam", "Empty it")
    one = claimed(f"from: flags.py:4-5@{tip}")
    assert (one.state, one.evidence) == ("stale", "none of these lines is in `flags.py` any more")


@pytest.mark.parametrize("part", ["flags.py", "flags.py:3"])
def test_a_file_that_is_gone_is_stale_and_says_who_took_it(tip: str, git: Git, claimed: Claimed, part: str):
    git("rm", "-q", "flags.py")
    git("commit", "-qm", "Do without flags")
    one = claimed(f"from: {part}@{tip}")
    assert one.state == "stale"
    assert "Do without flags" in one.evidence


def test_a_commit_is_there_or_git_has_it_no_more(tip: str, claimed: Claimed):
    assert claimed(f"from: commit {tip}").state == "holds"
    assert claimed("from: commit deadbeefdead").state == "stale"


@pytest.mark.usefixtures("flags")
def test_what_it_is_like_is_an_item_whose_result_was_merged(claimed: Claimed):
    one = claimed("like: q77")
    assert (one.kind, one.state, one.evidence) == ("item", "stale", "is no item of the spec")
    assert claimed("like: q1").evidence == "is not merged: it has no result that works"
