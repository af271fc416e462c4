"""Undo takes back one act and leaves everything that came after it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit import persist
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, branches, timeline, undo, worktrees

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n- [ ] three ^c\n"
Git = Callable[..., str]


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
    persist.record(begun, lambda data: data.replace(b"three", b"three more"), Act("reword", "three"))
    later = persist.record(begun, lambda data: data.replace(b"one and a half", b"something else"), edit).commit or ""
    tick(begun, b"two")
    before = begun.spec.read_bytes()
    with pytest.raises(Refused, match=f"a later act stands in the way: Reword one .{later[:7]}") as refusal:
        undo(begun, act)
    assert refusal.value.remedy == f"cockpit undo {later[:7]}"
    assert begun.spec.read_bytes() == before


def test_a_commit_by_hand_or_an_edit_in_the_way_is_named(begun: Places, git: Git):
    act = persist.record(begun, lambda data: data.replace(b"one", b"one and a half"), Act("reword", "one")).commit
    begun.spec.write_bytes(begun.spec.read_bytes().replace(b"one and a half", b"something else"))
    with pytest.raises(Refused, match="not committed yet"):
        undo(begun, act)
    git("commit", "-qam", "Say it my way")
    tick(begun, b"two")
    with pytest.raises(Refused, match="Say it my way"):
        undo(begun, act)


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


def text(places: Places) -> str:
    """The marks of the items, in order."""
    return "".join(row[3] for row in places.spec.read_text().splitlines() if row.startswith("- ["))


def test_undo_and_redo_walk_back_and_forth_as_in_an_editor(begun: Places):
    for name in (b"one", b"two", b"three"):
        tick(begun, name)
    walk: list[str] = []
    for step in (undo, undo, persist.redo, undo, undo, persist.redo, persist.redo, persist.redo):
        step(begun)
        walk.append(text(begun))
    assert walk == ["xx ", "x  ", "xx ", "x  ", "   ", "x  ", "xx ", "xxx"]
    with pytest.raises(Refused, match="nothing to redo"):
        persist.redo(begun)


def test_a_restart_forgets_nothing(begun: Places):
    tick(begun, b"one")
    undo(begun)
    persist.close()
    persist.redo(find_places(cwd=begun.root))
    assert text(begun) == "x  "


def test_a_new_act_leaves_nothing_to_redo_but_any_act_can_be_named(begun: Places):
    act = tick(begun, b"one")
    undo(begun)
    tick(begun, b"two")
    with pytest.raises(Refused, match="nothing to redo"):
        persist.redo(begun)
    receipt = persist.redo(begun, act[:9])
    assert text(begun) == "xx "
    assert receipt.subject == "Redo accept one"


def test_acts_of_others_are_undone_and_redone_by_name(begun: Places):
    tick(begun, b"one")
    theirs = tick(begun, b"two", by="engine", verb="dispatch")
    tick(begun, b"three")
    undo(begun, theirs)
    assert text(begun) == "x x"
    persist.redo(begun)
    assert text(begun) == "xxx"
    undo(begun)
    assert text(begun) == "xx "


def test_a_redo_names_the_undo_that_it_takes_back_and_only_the_undone_is_undone(begun: Places):
    act = tick(begun, b"one")
    back = undo(begun).commit
    forth = persist.redo(begun).commit
    by = {entry.commit: entry for entry in timeline(begun)}
    assert (by[forth or ""].verb, by[forth or ""].undoes) == ("redo", back)
    assert (by[act].undone_by, by[back or ""].undone_by) == ("", forth)
    again = undo(begun, forth).commit
    assert timeline(begun)[0].undoes == act
    assert next(entry for entry in timeline(begun) if entry.commit == act).undone_by == again
    with pytest.raises(Refused, match="undone already"):
        undo(begun, forth)


def test_what_stands_or_was_redone_cannot_be_redone(begun: Places):
    act = tick(begun, b"one")
    with pytest.raises(Refused, match="stands"):
        persist.redo(begun, act)
    back = undo(begun).commit
    persist.redo(begun, back)
    with pytest.raises(Refused, match="taken back already"):
        persist.redo(begun, back)


def test_redo_leaves_what_came_after_the_undo(begun: Places):
    act = tick(begun, b"one")
    undo(begun)
    begun.spec.write_bytes(begun.spec.read_bytes() + b"- [ ] four, by hand ^d\n")
    persist.redo(begun, act)
    assert begun.spec.read_bytes() == SPEC.replace(b"[ ] one", b"[x] one") + b"- [ ] four, by hand ^d\n"


@given(st.lists(st.sampled_from(["a", "b", "c", "undo", "redo", "restart"]), max_size=14))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_walk_is_that_of_an_editor(tmp_path_factory: pytest.TempPathFactory, steps: list[str]):
    root = tmp_path_factory.mktemp("walk")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    places = find_places(cwd=root)
    persist.create(places, b"## Queue\n- [ ] a ^a\n- [ ] b ^b\n- [ ] c ^c\n")
    now, past, future = "   ", [], []
    marks = {"a": 0, "b": 1, "c": 2}
    for step in steps:
        if step in marks:
            place = marks[step]
            flipped = now[:place] + ("x" if now[place] == " " else " ") + now[place + 1 :]
            old, new = (f"[{side[place]}] {step}".encode() for side in (now, flipped))
            persist.record(places, lambda data, old=old, new=new: data.replace(old, new), Act("flip", step))
            past.append(now)
            now, future = flipped, []
        elif step == "restart":
            persist.close()
        elif not (past if step == "undo" else future):
            with pytest.raises(Refused):
                (undo if step == "undo" else persist.redo)(places)
        elif step == "undo":
            undo(places)
            future.append(now)
            now = past.pop()
        else:
            persist.redo(places)
            past.append(now)
            now = future.pop()
        assert text(places) == now
    persist.close()
