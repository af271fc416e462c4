"""One act of steering is one commit of the spec alone; everything else of the human's stays as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, git, journal
from cockpit.persist.objects import store

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n"
Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


def adds(text: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data + b"- [ ] " + text + b" ^" + text + b"\n"


def trailer(run: Git, key: str, revision: str = "HEAD") -> str:
    return run("log", "-1", f"--format=%(trailers:key=Cockpit-{key},valueonly)", revision)


def test_an_act_is_one_commit_of_the_spec_with_its_trailers(begun: Places, git: Git):
    before = git("rev-parse", "HEAD")
    receipt = persist.record(begun, adds(b"c"), Act("add", "c", reason="because"))
    assert receipt.commit == git("rev-parse", "HEAD")
    assert git("rev-parse", "HEAD^") == before
    assert git("show", "--format=", "--name-only", "HEAD") == "SPEC.md"
    assert [trailer(git, key) for key in ("Verb", "Target", "By", "Reason")] == ["add", "c", "human", "because"]
    assert git("log", "-1", "--format=%an <%ae> %s") == "Ada <ada@example.org> Add c: because"
    assert git("status", "--porcelain") == ""
    assert git("show", "HEAD:SPEC.md").encode() + b"\n" == begun.spec.read_bytes() == receipt.after
    assert git("fsck", "--strict", "--no-dangling") == ""


def test_an_act_that_changes_nothing_commits_nothing(begun: Places, git: Git):
    before = git("rev-parse", "HEAD")
    receipt = persist.record(begun, lambda data: data, Act("mute", "x"))
    assert (receipt.commit, receipt.held, git("rev-parse", "HEAD")) == (None, "", before)


def test_words_from_outside_forge_no_trailer(begun: Places, git: Git):
    persist.record(begun, adds(b"c"), Act("add", "c\nCockpit-By: engine", reason="x\n\nCockpit-Verb: accept\x1b[31m"))
    assert trailer(git, "By") == "human"
    assert trailer(git, "Verb") == "add"
    assert "\x1b" not in git("log", "-1", "--format=%B")


def test_what_was_edited_by_hand_is_committed_with_what_was_meant(begun: Places, git: Git):
    begun.spec.write_bytes(SPEC.replace(b"one ^a", b"one and a half ^a"))
    persist.record(begun, adds(b"c"), Act("add", "c"))
    assert git("log", "-1", "--format=%s", "HEAD^") == "Edit SPEC.md: a: “one” became “one and a half”"
    assert trailer(git, "Target", "HEAD^") == "a"
    begun.spec.write_bytes(begun.spec.read_bytes().replace(b"- [ ] two ^b", b"- [x] two ^b\n- [ ] three"))
    persist.record(begun, adds(b"d"), Act("add", "d"))
    assert git("log", "-1", "--format=%s", "HEAD^") == "Edit SPEC.md: b “two” is done, and 1 more"


def test_other_staged_and_dirty_files_stay_as_they_are(begun: Places, git: Git):
    (begun.root / "staged").write_text("staged")
    (begun.root / "README.md").write_text("half staged")
    git("add", "staged", "README.md")
    (begun.root / "README.md").write_text("and dirty")
    (begun.root / "new").write_text("untracked")
    before = git("status", "--porcelain")
    persist.record(begun, adds(b"c"), Act("add", "c"))
    assert git("status", "--porcelain") == before
    assert git("show", ":README.md") == "half staged"


def test_the_next_commit_of_the_human_does_not_take_the_edit_back(begun: Places, git: Git):
    (begun.root / "staged").write_text("staged")
    git("add", "staged")
    persist.record(begun, adds(b"c"), Act("add", "c"))
    git("commit", "-qm", "Mine")
    assert git("show", "--format=", "--name-only", "HEAD") == "staged"
    assert "^c" in git("show", "HEAD:SPEC.md")


def test_a_staged_spec_is_taken_in_and_told_apart(begun: Places, git: Git):
    begun.spec.write_bytes(SPEC + b"a note of mine\n")
    git("add", "SPEC.md")
    persist.record(begun, adds(b"c"), Act("add", "c"))
    assert git("status", "--porcelain") == ""
    assert trailer(git, "By", "HEAD^") == "external"
    assert git("show", "HEAD^:SPEC.md").endswith("a note of mine")
    assert git("diff", "--stat", "HEAD^", "HEAD").endswith("1 insertion(+)")


def test_an_untracked_spec_gets_its_first_commit_before_the_act(places: Places, git: Git):
    places.spec.write_bytes(SPEC)
    persist.record(places, adds(b"c"), Act("add", "c"))
    assert git("show", "HEAD^:SPEC.md").encode() + b"\n" == SPEC
    assert git("status", "--porcelain") == ""


def test_a_repository_without_a_commit_gets_its_first(tmp_path: Path):
    root = tmp_path / "unborn"
    root.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "trunk"], cwd=root, check=True)
    (root / "staged").write_text("x")
    subprocess.run(["git", "add", "staged"], cwd=root, check=True)
    places = find_places(cwd=root)
    assert git.target(places) == "refs/heads/trunk"
    assert git.tip(places, "HEAD") is None
    persist.create(places, SPEC)
    persist.record(places, adds(b"c"), Act("add", "c"))
    assert git.run(places, "ls-tree", "--name-only", "HEAD") == b"SPEC.md\n"
    assert git.run(places, "status", "--porcelain") == b"A  staged\n"
    assert len(persist.timeline(places)) == 2


def test_a_detached_head_holds_the_commit_until_a_branch_is_there(begun: Places, git: Git):
    git("checkout", "-q", "--detach")
    tip = git("rev-parse", "main")
    receipt = persist.record(begun, adds(b"c"), Act("add", "c"))
    assert (receipt.commit, receipt.held) == (None, "detached HEAD")
    assert begun.spec.read_bytes().endswith(b"^c\n")
    again = persist.settle(begun)
    assert again is not None
    assert again.held == "detached HEAD"
    git("switch", "-q", "main")
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit == git("rev-parse", "HEAD")
    assert git("rev-parse", "HEAD^") == tip
    assert git("status", "--porcelain") == ""
    assert persist.settle(begun) is None


def test_acts_in_the_middle_of_a_merge_are_committed_one_by_one_after_it(begun: Places, git: Git):
    git("switch", "-qc", "other")
    (begun.root / "README.md").write_text("theirs")
    git("commit", "-qam", "Theirs")
    git("switch", "-q", "main")
    (begun.root / "README.md").write_text("ours")
    git("commit", "-qam", "Ours")
    subprocess.run(["git", "merge", "other"], cwd=begun.root, check=False, capture_output=True)
    index = git("ls-files", "--stage")
    for name in (b"c", b"d"):
        receipt = persist.record(begun, adds(name), Act("add", name.decode()))
        assert receipt.held == "merge in progress"
    assert git("ls-files", "--stage") == index
    (begun.root / "README.md").write_text("both")
    git("commit", "-qm", "Merged", "README.md", "-i")
    assert persist.record(begun, adds(b"e"), Act("add", "e")).commit == git("rev-parse", "HEAD")
    verbs = [(entry.verb, entry.target) for entry in persist.timeline(begun)]
    assert verbs == [("add", "e"), ("add", "d"), ("add", "c"), ("init", "")]
    assert git("diff", "--stat", "HEAD~2", "HEAD~1", "--", "SPEC.md").endswith("1 insertion(+)")


def test_an_act_in_the_middle_of_a_rebase_waits_for_its_end(begun: Places, git: Git):
    (begun.root / "README.md").write_text("one")
    git("commit", "-qam", "One")
    subprocess.run(
        ["git", "-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "-i", "HEAD^"],
        cwd=begun.root,
        check=True,
        capture_output=True,
    )
    assert persist.record(begun, adds(b"c"), Act("add", "c")).held == "rebase in progress"
    git("stash", "-q")  # what git asks for before it goes on
    git("rebase", "--continue")
    git("stash", "pop", "-q")
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit == git("rev-parse", "HEAD")
    assert git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert "^c" in git("show", "HEAD:SPEC.md")


def test_held_acts_that_the_human_threw_away_are_not_committed(begun: Places, git: Git):
    git("checkout", "-q", "--detach")
    persist.record(begun, adds(b"c"), Act("add", "c"))
    git("switch", "-q", "main")
    git("checkout", "-q", "--", "SPEC.md")
    before = git("rev-parse", "HEAD")
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit is None
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (before, "")
    assert persist.settle(begun) is None


def test_a_mode_that_the_human_changed_is_not_committed_for_them(begun: Places, git: Git):
    begun.spec.chmod(0o755)
    persist.record(begun, adds(b"c"), Act("add", "c"))
    assert git("ls-tree", "HEAD", "SPEC.md").startswith("100644")
    assert git("status", "--porcelain") == "M SPEC.md"


def test_a_standing_git_that_was_killed_is_started_again(begun: Places):
    children = subprocess.run(["pgrep", "-P", str(os.getpid()), "-x", "git"], capture_output=True, text=True)
    assert children.stdout.split()
    for pid in children.stdout.split():
        os.kill(int(pid), 9)
    assert persist.record(begun, adds(b"c"), Act("add", "c")).commit
    assert store(begun).read("nosuch") is None


KILLED = """
import os, signal, sys
from pathlib import Path
from cockpit import persist
from cockpit.paths import places
from cockpit.persist import commit, write

found = places(cwd=Path(sys.argv[1]))
def dies(*args):
    os.kill(os.getpid(), signal.SIGKILL)
module, name = {"before the file": (write, "_put"), "before the index": (commit, "index"),
                "before the branch": (commit.git, "move")}[sys.argv[2]]
keeps = write.journal.store
if module is commit.git:
    moves = commit.git.move
    commit.git.move = lambda places, ref, *rest: dies() if "heads" in ref else moves(places, ref, *rest)
else:
    setattr(module, name, dies)
persist.record(found, lambda data: data + b"- [ ] c ^c\\n", persist.Act("add", "c", reason="cut short"))
"""


@pytest.mark.parametrize("step", ["before the file", "before the index", "before the branch"])
def test_an_act_that_a_kill_cut_short_is_committed_with_its_own_words_or_not_done(begun: Places, git: Git, step: str):
    begun.spec.write_bytes(SPEC + b"by hand\n")
    done = subprocess.run([sys.executable, "-c", KILLED, str(begun.root), step], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    persist.record(begun, adds(b"d"), Act("add", "d"))
    acts = [(entry.verb, entry.target, entry.by) for entry in persist.timeline(begun)]
    cut = [] if step == "before the file" else [("add", "c", "human")]
    assert acts == [("add", "d", "human"), *cut, ("edit", "", "external"), ("init", "", "human")]
    assert begun.spec.read_bytes().count(b"^c") == len(cut)
    assert git("status", "--porcelain") == ""


def test_a_linked_worktree_commits_on_its_own_branch(begun: Places, git: Git, tmp_path: Path):
    git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = find_places(cwd=tmp_path / "side")
    main = git("rev-parse", "main")
    receipt = persist.record(side, adds(b"c"), Act("add", "c"))
    assert receipt.commit == git("rev-parse", "side")
    assert git("rev-parse", "main") == main
    assert git("status", "--porcelain", "--untracked-files=no", cwd=side.root) == ""
    assert begun.spec.read_bytes() == SPEC


def test_a_spec_in_a_subfolder_changes_only_its_own_path(repo: Path, git: Git):
    (repo / "docs" / "more").mkdir(parents=True)
    (repo / "docs" / "z").write_text("z")
    (repo / "docs.txt").write_text("sorts beside the folder")
    git("add", ".")
    git("commit", "-qm", "Docs")
    places = find_places("docs/more/PLAN ü.md", cwd=repo)
    persist.create(places, SPEC)
    persist.record(places, adds(b"c"), Act("add", "c"))
    assert git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1] == [
        "README.md",
        "docs.txt",
        "docs/more/PLAN ü.md",
        "docs/z",
    ]
    assert git("fsck", "--strict", "--no-dangling") == ""
    assert git("status", "--porcelain") == ""


def test_line_ends_that_git_converts_stay_in_the_file_and_are_plain_in_git(begun: Places, git: Git):
    (begun.root / ".gitattributes").write_text("*.md text eol=crlf\n")
    begun.spec.write_bytes(SPEC.replace(b"\n", b"\r\n"))
    git("add", ".")
    git("commit", "-qm", "CRLF")
    before = git("rev-parse", "HEAD")
    persist.record(begun, lambda data: data.replace(b"- [ ] one", b"- [x] one"), Act("accept", "a"))
    assert git("rev-parse", "HEAD^") == before
    assert begun.spec.read_bytes() == SPEC.replace(b"- [ ] one", b"- [x] one").replace(b"\n", b"\r\n")
    blob = subprocess.run(["git", "cat-file", "blob", "HEAD:SPEC.md"], cwd=begun.root, capture_output=True).stdout
    assert b"\r" not in blob
    assert git("status", "--porcelain") == ""


def test_no_hook_runs(begun: Places, git: Git):
    hooks = begun.common_dir / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "commit-msg", "prepare-commit-msg", "post-commit", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch '{begun.root}/ran'\nexit 1\n")
        (hooks / name).chmod(0o755)
    assert persist.record(begun, adds(b"c"), Act("add", "c")).commit
    assert not (begun.root / "ran").exists()


def test_variables_that_a_hook_exports_lead_nowhere_else(begun: Places, git: Git, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nowhere/objects")
    persist.close()
    receipt = persist.record(begun, adds(b"c"), Act("add", "c"))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.delenv(name)
    assert receipt.commit == git("rev-parse", "HEAD")


def test_without_a_name_of_the_user_nothing_is_written_and_the_remedy_is_told(
    begun: Places, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "home" / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    persist.close()
    with pytest.raises(CockpitError, match=r"git config --global user\.name"):
        persist.record(begun, adds(b"c"), Act("add", "c"))
    assert begun.spec.read_bytes() == SPEC
    assert persist.read(begun) == SPEC
    git("config", "user.name", "Ada")
    git("config", "user.email", "ada@example.org")
    assert persist.record(begun, adds(b"c"), Act("add", "c")).commit


def test_a_short_lock_on_the_index_is_waited_out(begun: Places, git: Git):
    lock = begun.git_dir / "index.lock"
    lock.touch()
    timer = threading.Timer(0.3, lock.unlink)
    timer.start()
    receipt = persist.record(begun, adds(b"c"), Act("add", "c"))
    timer.join()
    assert receipt.commit == git("rev-parse", "HEAD")


def test_a_lock_that_stays_holds_the_commit_and_is_never_removed(begun: Places, git: Git):
    lock = begun.git_dir / "index.lock"
    lock.touch()
    os.utime(lock, (0, time.time() - 3600))
    before = git("rev-parse", "HEAD")
    receipt = persist.record(begun, adds(b"c"), Act("add", "c"))
    assert receipt.commit is None
    assert "index.lock for 3" in receipt.held
    assert lock.exists()
    assert git("rev-parse", "HEAD") == before
    lock.unlink()
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit == git("rev-parse", "HEAD")
    assert git("status", "--porcelain") == ""


def test_steering_beside_a_human_who_commits_loses_no_commit(begun: Places, git: Git):
    failures: list[str] = []

    def human() -> None:
        for number in range(15):
            (begun.root / f"f{number}").write_text("x")
            for args in (["add", f"f{number}"], ["commit", "-qm", f"Mine {number}"]):
                for _ in range(200):  # the human's git gives up at once; they would press the key again
                    done = subprocess.run(["git", *args], cwd=begun.root, capture_output=True, check=False)
                    if done.returncode == 0:
                        break
                    time.sleep(0.01)
                else:
                    failures.append(done.stderr.decode())

    def steering(name: str) -> None:
        for number in range(10):
            word = f"{name}{number}"
            receipt = persist.record(begun, adds(word.encode()), Act("add", word))
            if not receipt.commit:
                failures.append(receipt.held)

    threads = [threading.Thread(target=human), *(threading.Thread(target=steering, args=(n,)) for n in "xyz")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    subjects = git("log", "--format=%s").split("\n")
    assert sum(subject.startswith("Mine") for subject in subjects) == 15
    assert sum(subject.startswith("Add") for subject in subjects) == 30
    assert git("status", "--porcelain") == ""
    assert git("show", "HEAD:SPEC.md").count("^") == 32


def test_init_never_overwrites(begun: Places):
    with pytest.raises(CockpitError, match="there is a spec already"):
        persist.create(begun, b"other")
    assert begun.spec.read_bytes() == SPEC


def test_init_says_when_git_ignores_the_spec(places: Places):
    (places.root / ".gitignore").write_text("*.md\n")
    with pytest.raises(CockpitError, match=r"\.gitignore:1"):
        persist.create(places, SPEC)
    assert not places.spec.exists()


def test_exclude_is_written_once_and_the_ignore_file_of_the_human_is_not(places: Places, git: Git):
    path = places.common_dir / "info" / "exclude"
    path.write_bytes(b"no line end")
    persist.exclude(places)
    persist.exclude(places)
    assert path.read_bytes() == b"no line end\n.cockpit/\n"
    assert git("status", "--porcelain") == ""


def test_every_version_is_on_the_journal_and_the_journal_is_on_no_branch(begun: Places, git: Git):
    for name in (b"c", b"d"):
        persist.exchange(begun, adds(name))
    versions = list(journal.versions(begun))
    assert versions[-1] == SPEC
    assert versions[0] == begun.spec.read_bytes()
    assert git("branch", "--list", "--all") == "* main"
    assert store(begun).read(f"{journal.REF}:SPEC.md")


def test_settle_finishes_an_act_that_a_kill_cut_short(begun: Places, git: Git):
    args = [sys.executable, "-c", KILLED, str(begun.root), "before the branch"]
    subprocess.run(args, check=False, capture_output=True)
    assert persist.settle(begun) is None
    assert trailer(git, "Reason") == "cut short"
    assert git("status", "--porcelain") == ""
    assert sorted(path.name for path in begun.local.iterdir()) == ["SPEC.md.lock", "delegates", "hooks"]
