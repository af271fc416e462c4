"""Watching git: commits and their bumps, what branches lost, conflicts found before anyone merges."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit import facts, persist
from cockpit.engine.gitwatch import GitWatch, News
from cockpit.engine.look import look
from cockpit.paths import Places
from cockpit.persist.clash import Clash, clashes
from cockpit.persist.heads import heads
from cockpit.persist.since import since
from cockpit.sense import Event


class Desk:
    """A repository with a spec, branches of delegates, and the watch."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.root = places.root
        self.items: dict[str, str] = {}
        self.open: dict[str, Event] = {}
        self.write()
        self.watch = GitWatch(places)
        self.news()

    def git(self, *args: str, cwd: Path | None = None) -> str:
        done = subprocess.run(["git", *args], cwd=cwd or self.root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def write(self) -> None:
        queue = "".join(f"- [{mark}] Work ^{item}\n" for item, mark in self.items.items())
        text = f"---\ncockpit:\n  loop: hold\n---\n## Queue\n{queue}".encode()
        if self.places.spec.exists():
            persist.record(self.places, lambda _: text, persist.Act(verb="note", target="spec", by="human"))
        else:
            persist.exclude(self.places)
            persist.create(self.places, text, persist.Act(verb="init", target="spec", by="human"))

    def delegate(self, item: str, mark: str = "/", branch: str = "") -> Path:
        """A delegate that was dispatched: its worktree."""
        branch = branch or f"delegate/{item}"
        folder = self.places.worktrees / item
        self.git("worktree", "add", "-q", "-b", branch, "--", str(folder))
        turn = facts.Dispatch(
            item=item, turn=1, text="Work", agent="rehearsal", branch=branch, base=self.git("rev-parse", "main"),
            target="refs/heads/main", worktree=str(folder), session="s", timeout=60, at=time.time(), step="session",
        )  # fmt: skip
        facts.write(self.places.turn(item, 1), turn)
        self.items[item] = mark
        self.write()
        return folder

    def mark(self, item: str, mark: str) -> None:
        self.items[item] = mark
        self.write()

    def commit(self, folder: Path, message: str, **files: str | None) -> str:
        for name, text in files.items():
            self.put(folder, name.replace("__", "."), text)
        self.git("add", "-A", cwd=folder)
        self.git("commit", "-q", "--allow-empty", "-m", message, cwd=folder)
        return self.git("rev-parse", "HEAD", cwd=folder)

    def put(self, folder: Path, name: str, text: str | None) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text)

    def news(self) -> News:
        now = time.time()
        known = [key for key, event in self.open.items() if key.startswith("clash/")]
        news = self.watch.news(look(self.places, None, now), known, now)
        for event in news.holds:
            if event.closes:
                self.open.pop(event.key, None)
            else:
                self.open[event.key] = event
        return news

    def happened(self, kind: str = "commit") -> list[Event]:
        return [event for event in self.news().happened if event.kind == kind]


@pytest.fixture
def desk(places: Places) -> Iterator[Desk]:
    yield Desk(places)
    persist.close()


def test_a_commit_on_the_target_is_told_once_with_its_files_and_bumps(desk: Desk):
    desk.commit(desk.root, "Require rich", requirements__txt="rich==13.1\n")
    desk.news()
    made = desk.commit(desk.root, "Bump rich", requirements__txt="rich==14.0\n", a__py="x\n")
    (told,) = desk.happened()
    assert (told.what, told.commit, told.delegate) == ("Bump rich", made, "")
    assert set(told.paths) == {"requirements.txt", "a.py"}
    assert told.attrs["deps"] == [
        {"ecosystem": "python", "name": "rich", "from": "13.1", "to": "14.0", "sort": "upgraded"}
    ]
    assert told.evidence == "rich 13.1 → 14.0"
    assert desk.news().happened == []


def test_what_came_while_the_engine_was_down_is_told_by_the_next(desk: Desk):
    desk.commit(desk.root, "Meanwhile", a__py="x\n")
    desk.watch = GitWatch(desk.places)
    assert [event.what for event in desk.happened()] == ["Meanwhile"]


def test_steering_commits_are_no_news(desk: Desk):
    desk.items["q9"] = " "
    desk.write()
    assert desk.news().happened == []


def test_a_delegates_commits_are_its_own_and_told_with_a_diff(desk: Desk):
    folder = desk.delegate("q1")
    desk.commit(folder, "One", a__py="1\n2\n")
    desk.commit(folder, "Two", a__py="1\n", b__py="3\n")
    happened = desk.news().happened
    assert [(event.kind, event.what, event.delegate) for event in happened] == [
        ("commit", "One", "q1"),
        ("commit", "Two", "q1"),
        ("diff", "q1 changed 2 files: +3 -1", "q1"),
    ]
    assert happened[2].attrs["files"] == [
        {"path": "a.py", "added": 2, "deleted": 1},
        {"path": "b.py", "added": 1, "deleted": 0},
    ]


def test_a_merge_on_the_target_belongs_to_the_delegate_whose_work_it_is(desk: Desk):
    folder = desk.delegate("q1", "?")
    head = desk.commit(folder, "Work", a__py="1\n")
    desk.news()
    desk.git("merge", "-q", "--no-ff", "-m", "Merge delegate/q1", "delegate/q1")
    commit = desk.git("rev-parse", "HEAD")
    merge = facts.Merge(target="refs/heads/main", old=f"{commit}^", head=head, commit=commit, at=time.time())
    facts.write(desk.places.turn("q1", 1), merge)
    (told,) = desk.happened()
    assert (told.what, told.delegate, told.paths) == ("Merge delegate/q1", "q1", ("a.py",))


def test_a_flood_of_commits_folds(desk: Desk):
    for number in range(60):
        desk.git("commit", "-q", "--allow-empty", "-m", f"C{number}")
    told = desk.happened()
    assert len(told) == 21
    assert told[0].what == "40 earlier commits on main, up to: C39"
    assert told[-1].what == "C59"


def test_a_quiet_pass_starts_no_process(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    for number in range(5):
        desk.commit(desk.delegate(f"q{number}"), "Work", a__py=f"{number}\n")
    desk.git("pack-refs", "--all")
    desk.news()
    seen = look(desk.places, None, time.time())
    monkeypatch.setenv("PATH", "/nonexistent")  # whoever starts git now is told that there is none
    news = desk.watch.news(seen, [], time.time())
    assert (news.happened, desk.watch.trouble) == ([], [])
    assert len(news.holds) == 10


def test_a_target_that_went_back_is_told_with_what_it_lost_and_how_to_keep_it(desk: Desk):
    old = desk.commit(desk.root, "Precious", a__py="1\n")
    desk.news()
    desk.git("reset", "-q", "--hard", "HEAD~1")
    desk.news()
    (told,) = desk.open.values()
    assert (told.kind, told.key, told.level) == ("finding", "branch/main", "warning")
    assert told.what == "main went back: a commit lost, “Precious”"
    assert old in told.evidence
    assert f"branch lost-{old[:9]} {old}" in told.evidence
    desk.git("merge", "-q", old)
    desk.news()
    assert desk.open == {}


def test_a_target_that_lost_acts_is_an_error(desk: Desk):
    start = desk.git("rev-list", "--max-parents=0", "HEAD")
    desk.git("reset", "-q", "--soft", start)
    desk.news()
    assert desk.open["branch/main"].level == "error"


def test_a_rebase_that_kept_every_commit_is_for_the_record_only(desk: Desk):
    desk.commit(desk.root, "Keep", a__py="1\n")
    desk.news()
    desk.git("commit", "-q", "--amend", "--no-edit", "--date", "2001-01-01T00:00:00")
    (told,) = desk.happened("finding")
    assert (told.level, told.what) == ("info", "main was rewritten; every commit is on it again")
    assert desk.open == {}


def test_a_delegate_that_makes_its_commits_anew_in_two_steps_has_rewritten_them(desk: Desk):
    folder = desk.delegate("q1")
    desk.commit(folder, "Work", a__py="1\n")
    desk.news()
    desk.git("reset", "-q", "--soft", "main", cwd=folder)
    desk.news()
    assert [event.what for event in desk.open.values()] == ["delegate/q1 went back: a commit lost, “Work”"]
    desk.commit(folder, "Work, anew")
    desk.news()
    assert desk.open == {}


def test_a_delegates_branch_that_is_gone_is_told_with_the_command_that_brings_it_back(desk: Desk):
    folder = desk.delegate("q1")
    tip = desk.commit(folder, "Work", a__py="1\n")
    desk.news()
    desk.git("worktree", "remove", "--force", str(folder))
    desk.git("branch", "-D", "delegate/q1")
    desk.news()
    told = desk.open["branch/delegate/q1"]
    assert (told.level, told.item) == ("error", "q1")
    desk.git("update-ref", "refs/heads/delegate/q1", tip)
    assert f"update-ref refs/heads/delegate/q1 {tip}" in told.evidence
    desk.news()
    assert desk.open == {}


def test_branches_that_conflict_are_told_before_anyone_merges_and_closed_when_they_do_not(desk: Desk):
    desk.commit(desk.root, "Base", a__py="1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    one, two = desk.delegate("q1"), desk.delegate("q2")
    desk.commit(one, "One", a__py="one\n2\n3\n4\n5\n6\n7\n8\none\n")
    desk.commit(two, "Two", a__py="two\n2\n3\n4\n5\n6\n7\n8\ntwo\n")
    desk.news()
    (told,) = desk.open.values()
    assert (told.kind, told.key) == ("conflict", "clash/q1~q2")
    assert told.what == "q2 conflicts with q1: 2 places in a.py"
    assert told.paths == ("a.py",)
    assert told.attrs["branches"] == ["delegate/q1", "delegate/q2"]
    desk.commit(desk.root, "Main", a__py="main\n2\n3\n4\n5\n6\n7\n8\n9\n")
    desk.news()
    assert set(desk.open) == {"clash/q1", "clash/q2", "clash/q1~q2"}
    assert desk.open["clash/q1"].what == "q1 conflicts with main: a.py"
    desk.commit(two, "Back", a__py="1\n2\n3\n4\n5\n6\n7\n8\n9\n")
    desk.news()
    assert set(desk.open) == {"clash/q1"}
    desk.mark("q1", "x")
    desk.news()
    assert desk.open == {}


def test_an_act_in_the_spec_does_not_try_the_branches_again(desk: Desk):
    desk.commit(desk.delegate("q1"), "One", a__py="one\n")
    desk.news()
    tried = dict(desk.watch.tried)
    desk.items["q7"] = " "
    desk.write()
    desk.news()
    assert desk.watch.tried == tried


def test_a_forecast_leaves_no_object_behind(desk: Desk):
    desk.commit(desk.root, "Base", a__py="1\n")
    for item in ("q1", "q2"):
        desk.commit(desk.delegate(item), item, a__py=f"{item}\n", **{f"{item}__py": "x\n"})
    before = desk.git("count-objects", "-v")
    desk.news()
    assert "clash/q1~q2" in desk.open
    assert desk.git("count-objects", "-v") == before
    assert desk.git("status", "--porcelain") == ""


def test_conflicts_of_each_kind_are_counted_in_files_of_any_name(desk: Desk):
    names = ["two\nlines", "-n", "--stdin", "tab\there", "\x1b[31mred", "ü", " space ", "dir/a b", 'q"uote', "gone"]
    for name in names:
        desk.put(desk.root, name, "1\n")
    desk.commit(desk.root, "Base")
    one, two = desk.delegate("q1"), desk.delegate("q2")
    for folder, text in ((one, "one\n"), (two, "two\n")):
        for name in names:
            desk.put(folder, name, None if name == "gone" and text == "two\n" else text)
        desk.commit(folder, text.strip())
    ours, theirs = (desk.git("rev-parse", branch) for branch in ("delegate/q1", "delegate/q2"))
    found = clashes(desk.places, [(ours, theirs), (ours, ours)])
    assert found[ours, ours] is None
    clash = found[ours, theirs]
    assert clash is not None
    assert set(clash.files) == set(names)
    assert clash.hunks == len(names)
    desk.news()
    told = desk.open["clash/q1~q2"]
    assert not any(sign in told.what + told.evidence + "".join(told.paths) for sign in "\n\t\x1b")


def test_binary_files_that_conflict_count_as_one_place(desk: Desk):
    desk.commit(desk.root, "Base", a__bin="\0")
    one, two = desk.delegate("q1"), desk.delegate("q2")
    desk.commit(one, "One", a__bin="\0one")
    desk.commit(two, "Two", a__bin="\0two")
    tips = desk.git("rev-parse", "delegate/q1"), desk.git("rev-parse", "delegate/q2")
    assert clashes(desk.places, [tips]) == {tips: Clash(("a.bin",), 1)}


def test_items_of_the_spec_changed_on_both_sides_are_merged_and_no_conflict(desk: Desk):
    folder = desk.delegate("q1")
    text = (folder / "SPEC.md").read_text()
    desk.commit(folder, "Act", SPEC__md=text + "- [ ] New ^q8\n")
    desk.items["q2"] = " "
    desk.write()
    desk.news()
    assert "clash/q1" not in desk.open


def test_subjects_authors_and_branches_with_escapes_are_harmless(desk: Desk):
    folder = desk.delegate("q1", branch="delegate/q1-ü'$(touch${IFS}x)")
    path = folder / "-rf\n\x1b]0;x\x07"
    path.write_text("x\n")
    desk.git("add", "-A", cwd=folder)
    author = "\x1b[31mEve <eve@example.org>"
    desk.git("commit", "-q", "-m", "\x1b]0;owned\x07Subject\n\nCockpit-By: human", "--author", author, cwd=folder)
    happened = desk.news().happened
    assert len(happened) == 2
    assert all("\x1b" not in str(event) and "\\n" not in str(event) for event in happened)
    assert happened[0].delegate == "q1"
    desk.git("reset", "-q", "--hard", "main", cwd=folder)
    desk.news()
    assert (
        "'refs/heads/delegate/q1-ü'\"'\"'$(touch${IFS}x)'" in desk.open["branch/delegate/q1-ü'$(touch${IFS}x)"].evidence
    )


def test_a_branch_that_is_not_utf_8_is_watched(desk: Desk):
    name = os.fsdecode(b"refs/heads/\xff\xfe")
    desk.git("update-ref", name, "HEAD")
    desk.git("symbolic-ref", "HEAD", name)
    desk.news()
    desk.commit(desk.root, "Here", a__py="1\n")
    assert [event.what for event in desk.happened()] == ["Here"]


def test_a_missing_object_is_told_and_the_rest_goes_on(desk: Desk):
    folder = desk.delegate("q1")
    desk.commit(folder, "Work", a__py="1\n")
    desk.watch.memory.tips["refs/heads/main"] = "1" * 40
    news = desk.news()
    assert desk.watch.trouble
    assert [event.what for event in news.happened if event.kind == "commit"] == ["Work"]
    desk.news()
    assert desk.watch.trouble == []


def test_a_torn_memory_is_no_memory(desk: Desk):
    desk.watch.path.write_bytes(b'{"tips": {')
    desk.watch = GitWatch(desk.places)
    assert desk.news().happened == []


def test_heads_are_read_loose_packed_and_by_another_name(desk: Desk):
    tip = desk.git("rev-parse", "HEAD")
    desk.git("branch", "packed")
    desk.git("pack-refs", "--all")
    desk.git("branch", "loose")
    desk.git("symbolic-ref", "refs/heads/other", "refs/heads/packed")
    refs = [f"refs/heads/{name}" for name in ("packed", "loose", "other", "none", "../../HEAD")]
    assert heads(desk.places, refs) == dict.fromkeys(refs[:3], tip)


def test_a_user_who_has_git_log_dressed_up_is_read_all_the_same(desk: Desk):
    for key, value in (("log.showSignature", "true"), ("color.ui", "always"), ("diff.renames", "copies")):
        desk.git("config", key, value)
    made = desk.commit(desk.root, "Dressed", a__py="1\n2\n")
    (commit,) = since(desk.places, made, [f"{made}^"])
    assert [(file.path, file.added, file.deleted) for file in commit.files] == [("a.py", 2, 0)]
