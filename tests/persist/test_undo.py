"""Undo takes back one act and leaves everything that came after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit import persist
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.persist import Act, branches, timeline, undo, worktrees

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n- [ ] three ^c\n"
Git = Callable[..., str]


@pytest.fixture(autouse=True)
def closed():
    yield
    persist.close()


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


def tick(places: Places, text: bytes, by: str = "human", verb: str = "accept") -> str:
    op = lambda data: data.replace(b"[ ] " + text, b"[x] " + text)  # noqa: E731
    return persist.record(places, op, Act(verb, text.decode(), by)).commit or ""


def test_undo_takes_back_the_newest_act_of_the_human(begun: Places, git: Git):
    act = tick(begun, b"one")
    tick(begun, b"three", by="engine", verb="merge")
    receipt = undo(begun)
    assert begun.spec.read_bytes() == SPEC.replace(b"[ ] three", b"[x] three")
    assert receipt.commit == git("rev-parse", "HEAD")
    assert receipt.subject == "Undo accept one"
    entry = timeline(begun)[0]
    assert (entry.verb, entry.target, entry.undoes) == ("undo", "one", act)
    assert next(e for e in timeline(begun) if e.commit == act).undone_by == entry.commit


def test_undo_again_goes_further_back(begun: Places):
    tick(begun, b"one")
    tick(begun, b"two")
    undo(begun)
    undo(begun)
    assert begun.spec.read_bytes() == SPEC
    with pytest.raises(Refused, match="no act of yours"):
        undo(begun)


def test_undo_stands_beside_an_edit_on_the_next_line_and_an_edit_not_committed(begun: Places):
    act = tick(begun, b"one")
    tick(begun, b"two")
    begun.spec.write_bytes(begun.spec.read_bytes().replace(b"three", b"three, reworded"))
    undo(begun, act[:10])
    assert begun.spec.read_bytes() == SPEC.replace(b"[ ] two", b"[x] two").replace(b"three", b"three, reworded")


def test_an_undo_can_be_undone_and_then_the_act_stands_again(begun: Places):
    act = tick(begun, b"one")
    first = undo(begun).commit
    undo(begun, first)
    assert b"[x] one" in begun.spec.read_bytes()
    assert next(e for e in timeline(begun) if e.commit == act).undone_by == ""
    undo(begun)
    assert begun.spec.read_bytes() == SPEC


def test_an_act_is_undone_once(begun: Places):
    act = tick(begun, b"one")
    undo(begun)
    with pytest.raises(Refused, match="undone already"):
        undo(begun, act)


def test_what_the_human_edited_by_hand_before_the_act_survives_its_undo(begun: Places):
    begun.spec.write_bytes(SPEC + b"- [ ] four, by hand ^d\n")
    tick(begun, b"one")
    undo(begun)
    assert begun.spec.read_bytes() == SPEC + b"- [ ] four, by hand ^d\n"


def test_the_first_version_and_foreign_commits_are_not_undone(begun: Places, git: Git):
    with pytest.raises(Refused, match="first version"):
        undo(begun, git("rev-parse", "HEAD"))
    with pytest.raises(CockpitError, match="no steering act"):
        undo(begun, git("rev-parse", "HEAD^"))


def test_nothing_left_to_undo_is_said(begun: Places):
    act = tick(begun, b"one")
    persist.record(begun, lambda data: data.replace(b"[x] one", b"[ ] one"), Act("reopen", "one", "engine"))
    with pytest.raises(Refused, match="nothing is left"):
        undo(begun, act)


def test_a_later_edit_of_the_same_words_is_not_run_over(begun: Places):
    edit = Act("reword", "one")
    act = persist.record(begun, lambda data: data.replace(b"one", b"one and a half"), edit).commit
    persist.record(begun, lambda data: data.replace(b"one and a half", b"something else"), edit)
    before = begun.spec.read_bytes()
    with pytest.raises(Refused, match="later edits stand in the way"):
        undo(begun, act)
    assert begun.spec.read_bytes() == before


def test_accept_whose_merge_is_done_is_refused_with_the_way_to_revert_it(begun: Places, git: Git):
    folder = begun.worktrees / "one"
    worktrees.add(begun, folder, "delegate/one", "main")
    (folder / "code").write_text("x")
    head = worktrees.harvest(begun, folder, "Work", by="delegate/one") or ""
    act = tick(begun, b"one")
    old = git("rev-parse", "main")
    tree = branches.merge_tree(begun, old, head).tree
    commit = branches.commit_merge(begun, tree, [old, head], "Merge delegate/one")
    assert branches.merge(begun, "refs/heads/main", old, commit).state == "merged"
    note = Act("merge", "one", "engine", reason=commit)
    persist.record(begun, lambda data: data.replace(b"[x] one", b"[x] one merged"), note)
    for which in (None, act, git("rev-parse", "HEAD")):
        with pytest.raises(Refused) as refusal:
            undo(begun, which)
        assert refusal.value.remedy == f"git revert -m 1 {commit[:12]}"


def test_undo_keeps_the_line_ends_of_the_work_tree(begun: Places, git: Git):
    (begun.root / ".gitattributes").write_text("*.md text eol=crlf\n")
    crlf = SPEC.replace(b"\n", b"\r\n")
    begun.spec.write_bytes(crlf)
    git("add", ".")
    git("commit", "-qm", "CRLF")
    tick(begun, b"one")
    undo(begun)
    assert begun.spec.read_bytes() == crlf


def test_undo_of_an_act_by_name_of_an_option_is_refused(begun: Places):
    with pytest.raises(CockpitError, match="no such commit"):
        undo(begun, "--exec=touch /tmp/x")
