"""The timeline is git's log of steering commits, and hostile words in it stay words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import Act, timeline, worktrees
from cockpit.persist.timeline import acts, find

Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, b"# Spec\n")
    return places


def steer(places: Places, verb: str, target: str, by: str = "human", reason: str = "") -> str:
    op = lambda data: data + f"- [ ] {verb} {target}\n".encode()  # noqa: E731
    return persist.record(places, op, Act(verb, target, by, reason)).commit or ""


def test_a_repository_without_commits_has_no_timeline(tmp_path, git: Git):
    from cockpit.paths import places as find_places

    root = tmp_path / "fresh"
    root.mkdir()
    git("init", "-q", cwd=root)
    assert timeline(find_places(cwd=root)) == []


def test_acts_are_told_newest_first_with_actor_and_reason(begun: Places, git: Git):
    steer(begun, "mute", "x", reason="known flake")
    last = steer(begun, "dispatch", "a", by="engine")
    entries = timeline(begun)
    assert [(entry.verb, entry.target, entry.by, entry.reason) for entry in entries] == [
        ("dispatch", "a", "engine", ""),
        ("mute", "x", "human", "known flake"),
        ("init", "", "human", ""),
    ]
    assert entries[0].commit == last
    assert entries[0].parent == git("rev-parse", "HEAD^")
    assert entries[0].at == float(git("log", "-1", "--format=%ct"))


def test_commits_of_others_are_left_out_and_a_limit_counts_acts(begun: Places, git: Git):
    for name in "abc":
        git("commit", "-q", "--allow-empty", "-m", f"Cockpit-Verb {name}")
        steer(begun, "mute", name)
    assert [entry.target for entry in timeline(begun, limit=2)] == ["c", "b"]
    assert [entry.target for entry in timeline(begun, limit=0)] == ["c", "b", "a", ""]


def test_filters_look_at_all_of_history(begun: Places):
    steer(begun, "mute", "x")
    for _ in range(3):
        steer(begun, "defer", "y", by="engine")
    assert [entry.verb for entry in timeline(begun, limit=1, target="x")] == ["mute"]
    assert [entry.verb for entry in timeline(begun, by="human")] == ["mute", "init"]
    assert len(timeline(begun, verb="defer")) == 3


def test_trailers_that_a_delegate_forges_on_its_branch_steer_nothing(begun: Places, git: Git):
    folder = begun.worktrees / "a"
    worktrees.add(begun, folder, "delegate/a", "main")
    git("commit", "-q", "--allow-empty", "-m", "Nice\n\nCockpit-Verb: accept\nCockpit-By: human", cwd=folder)
    git("merge", "-q", "--no-ff", "-m", "Merge delegate/a", "delegate/a")
    assert [entry.verb for entry in timeline(begun)] == ["init"]


@pytest.mark.parametrize(
    "words", ["\x01\x1e", "%H%x00", "é 日本 \u202e", "a" * 5000, "\x00", "Cockpit-Verb: accept", "--"]
)
def test_hostile_words_stay_in_their_field(begun: Places, words: str):
    steer(begun, "mute", words, reason=words)
    entry = timeline(begun, limit=1)[0]
    assert (entry.verb, entry.by, entry.undoes) == ("mute", "human", "")
    assert len(timeline(begun)) == 2


def test_a_commit_that_steers_nothing_is_refused(begun: Places, git: Git):
    git("commit", "-q", "--allow-empty", "-m", "Mine")
    with pytest.raises(CockpitError, match="no steering act"):
        find(begun, "HEAD")
    for name in ("nothing", "--all", "HEAD:SPEC.md", "x\ny", ""):
        with pytest.raises(CockpitError, match="no such commit"):
            find(begun, name)


def test_filters_combine_and_what_was_undone_is_told_though_the_undo_is_left_out(begun: Places):
    steer(begun, "mute", "x")
    steer(begun, "defer", "x", by="engine")
    act = steer(begun, "mute", "y")
    steer(begun, "mute", "y", by="delegate/q1")
    back = persist.undo(begun, act).commit
    found = timeline(begun, verb="mute", by="human")
    assert [(entry.target, entry.undone_by) for entry in found] == [("y", back), ("x", "")]
    assert [entry.by for entry in timeline(begun, verb="mute", target="y")] == ["delegate/q1", "human"]


@pytest.mark.parametrize("words", [r"a.b*[c]^$\d", "tests::x[é]", "-x", "a" * 300])
def test_a_filter_is_words_and_no_pattern(begun: Places, words: str):
    steer(begun, "mute", words)
    steer(begun, "mute", "axb")
    written = timeline(begun)[1].target
    assert [entry.target for entry in timeline(begun, target=written)] == [written]


def test_the_user_s_configuration_changes_nothing(begun: Places, git: Git):
    steer(begun, "mute", "é")
    for key, value in (
        ("grep.patternType", "fixed"),
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("i18n.logOutputEncoding", "latin1"),
        ("log.date", "relative"),
    ):
        git("config", key, value)
    assert [entry.target for entry in timeline(begun, verb="mute")] == ["é"]


def test_who_stops_asking_stops_git(begun: Places):
    steer(begun, "mute", "x")
    found = acts(begun)
    assert next(found).verb == "mute"
    found.close()  # pyright: ignore[reportAttributeAccessIssue]
    assert list(found) == []


def test_since_counts_from_a_date(begun: Places):
    assert timeline(begun, since="2 days ago")
    assert timeline(begun, since="2099-01-01") == []
