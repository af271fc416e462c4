"""The spec as it was: any revision, any version of the journal, any date, byte for byte."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import Act, at, git, journal, pairs, timeline

Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, b"one\n")
    return places


def to(data: bytes) -> Callable[[bytes], bytes]:
    return lambda _: data


def commit_at(places: Places, data: bytes, when: str) -> None:
    places.spec.write_bytes(data)
    environment = os.environ | {"GIT_COMMITTER_DATE": when}
    subprocess.run(["git", "commit", "-qam", "x"], cwd=places.root, env=environment, check=True)


def test_any_revision_gives_its_bytes(begun: Places, git: Git):
    odd = b"\xef\xbb\xbftwo\r\n\ttabs \n no end"
    persist.record(begun, to(odd), Act("edit"))
    persist.record(begun, to(b"three\n"), Act("edit"))
    git("tag", "here", "HEAD^")
    assert [at(begun, name) for name in ("HEAD", "HEAD~1", "here", git("rev-parse", "HEAD~2")[:8])] == [
        b"three\n",
        odd,
        odd,
        b"one\n",
    ]


def test_bytes_come_in_the_form_of_the_work_tree(begun: Places, git: Git):
    (begun.root / ".gitattributes").write_text("*.md text eol=crlf\n")
    git("add", ".")
    git("commit", "-qm", "CRLF")
    assert at(begun, "HEAD") == b"one\r\n"


def test_a_version_that_was_never_committed_is_found_on_the_journal(begun: Places):
    begun.spec.write_bytes(b"never committed\n")
    persist.read(begun)
    begun.spec.write_bytes(b"later\n")
    persist.read(begun)
    blob = journal.ids(begun)[1]
    assert at(begun, blob[:12]) == at(begun, blob) == b"never committed\n"


def test_dates_mean_the_branch_as_it_was_then(begun: Places):
    commit_at(begun, b"two\n", "2040-01-01T10:00:00+00:00")
    commit_at(begun, b"three\n", "2040-01-02T10:00:00+00:00")
    assert at(begun, "2040-01-01 12:00:00") == b"two\n"
    assert at(begun, "Jan 3 2040") == b"three\n"


def test_what_names_nothing_is_refused_and_no_word_is_taken_for_now(begun: Places):
    for words in ("nosuch", "", "HEAD~40", "--all", "x\0y", "deadbeef", "yesterdayish", "--output=/tmp/x"):
        with pytest.raises(CockpitError, match="nor is it a date"):
            at(begun, words)
    with pytest.raises(CockpitError, match="no commit then"):
        at(begun, "2001-01-01")


def test_a_commit_without_the_spec_says_where_it_begins(begun: Places, git: Git):
    with pytest.raises(CockpitError, match=r"there was no SPEC\.md then") as error:
        at(begun, "HEAD^")
    assert error.value.remedy == f"it begins at {git('rev-parse', '--short', 'HEAD')}"


def test_acts_come_with_the_spec_before_and_after(begun: Places):
    persist.record(begun, to(b"two\n\n\n"), Act("edit", "x"))
    persist.record(begun, to(b""), Act("edit", "y"))
    assert pairs(begun, timeline(begun)) == [(b"two\n\n\n", b""), (b"one\n", b"two\n\n\n"), (b"", b"one\n")]
    assert pairs(begun, []) == []


def test_the_diff_of_an_act_is_of_the_spec_alone(begun: Places, git: Git):
    persist.record(begun, to(b"one\ntwo\n"), Act("edit"))
    git("config", "diff.external", "false")
    git("config", "color.ui", "always")
    newest, first = timeline(begun)
    assert persist.diff(begun, newest).endswith("@@ -1 +1,2 @@\n one\n+two\n")
    assert persist.diff(begun, first).endswith("@@ -0,0 +1 @@\n+one\n")


def test_the_first_commit_of_all_has_a_diff_too(tmp_path):
    from cockpit.paths import places as find_places

    root = tmp_path / "fresh"
    root.mkdir()
    git.run(root, "init", "-q")
    places = find_places(cwd=root)
    persist.create(places, b"one\n")
    assert persist.diff(places, timeline(places)[0]).endswith("+one\n")
    assert pairs(places, timeline(places)) == [(b"", b"one\n")]


def test_a_replay_does_the_acts_and_leaves_out_what_others_edited(places: Places):
    persist.create(places, b"## Queue\n- [ ] a ^q1\n- [ ] b ^q2\n")
    old, seen = git.tip(places, "HEAD"), places.spec.read_bytes()
    places.spec.write_bytes(seen + b"- [ ] by hand ^q3\n")
    persist.record(places, lambda data: data.replace(b"[ ] a", b"[x] a"), Act("tick", "q1"))
    new = git.tip(places, "HEAD")
    assert persist.replay(places, f"{old}..{new}", seen) == seen.replace(b"[ ] a", b"[x] a")
    assert persist.replay(places, f"{old}..{old}", seen) == seen
    assert persist.replay(places, "nothing..here", seen) == seen
