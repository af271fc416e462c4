"""What delegates commit is checked first, where the human wants it, and going past that is seen (R181, R191, R194)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cockpit import facts, persist, precommit, spec
from cockpit.cli import main
from cockpit.doctor import findings
from cockpit.facts.commits import RECORD, committed
from cockpit.paths import Places
from cockpit.persist import worktrees
from cockpit.probe import probe
from cockpit.spec import Mark
from cockpit.verify import review
from tests.stage import Stage, edit_and_commit

Git = Callable[..., str]
VERIFY = "test -f a.txt && ! test -f bad.txt"


@dataclass
class Delegate:
    """Git as a delegate of q1 calls it in its worktree."""

    places: Places
    folder: Path
    env: dict[str, str]
    base: str

    def __call__(self, *args: str, folder: Path | None = None, more: dict[str, str] | None = None) -> str:
        """What git printed. Raises CalledProcessError."""
        env = self.env | (more or {})
        cwd = folder or self.folder
        done = subprocess.run(["git", *args], cwd=cwd, env=env, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def refused(self, *args: str) -> str:
        """What git says when it must not commit."""
        with pytest.raises(subprocess.CalledProcessError) as told:
            self(*args)
        return told.value.stderr

    def write(self, name: str, text: str = "there\n") -> None:
        (self.folder / name).write_text(text)
        self("add", name)

    def commit(self, name: str, *options: str) -> str:
        """Write a file and commit it."""
        self.write(name)
        self("commit", "-qm", f"Write {name}", *options)
        return self("rev-parse", "HEAD")

    @property
    def git_dir(self) -> Path:
        return Path(self("rev-parse", "--absolute-git-dir"))

    def judged(self, number: int = 1, *, wanted: bool = True) -> facts.Check:
        """Check 12 of its turn."""
        dispatch = facts.Dispatch(
            item="q1",
            turn=number,
            text="Write a",
            agent="rehearsal",
            branch="delegate/q1",
            base=self.base,
            target="refs/heads/main",
            worktree=str(self.folder),
            session="",
            timeout=60,
            precommit=self.base if wanted else "",
            at=0.0,
        )
        facts.write(self.places.turn("q1", number), dispatch)
        turn = facts.load(self.places.turn("q1", number))
        assert turn is not None
        document = spec.parse(self.places.spec.read_bytes())
        found = review(self.places, turn, document.item("q1"), document.controls, [], "refs/heads/main")
        facts.write(turn.folder, found)
        return found.checks[11]


@pytest.fixture(params=["repo", "it's [a] repo!"])
def odd(request: pytest.FixtureRequest, repo: Path) -> Places:
    from cockpit.paths import places

    if request.param != repo.name:
        repo = repo.rename(repo.parent / request.param)
    found = places(cwd=repo)
    found.make()
    return found


@pytest.fixture
def delegate(places: Places) -> Delegate:
    return employed(places)


def employed(places: Places) -> Delegate:
    Stage(places).spec("- [/] Write a ^q1\n", loop="hold", verify=VERIFY)
    base = Stage(places).git("rev-parse", "HEAD")
    folder = places.worktrees / "q1"
    worktrees.add(places, folder, "delegate/q1", base)
    (folder / ".cockpit").mkdir()
    (folder / ".cockpit" / ".gitignore").write_text("*\n")
    git_dir = persist.git.folder_of(folder)
    precommit.put(places)
    precommit.begin(git_dir)
    env = os.environ | {"COCKPIT_ITEM": "q1", "COCKPIT_SPEC": str(places.spec)}
    return Delegate(places, folder, env | precommit.environment(places, git_dir), base)


def hook(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)


# --- what it does


def test_what_does_not_pass_is_not_committed_and_what_passes_is(odd: Places):
    delegate = employed(odd)
    delegate.write("b.txt")
    said = delegate.refused("commit", "-qm", "b")
    assert f"not committed: `{VERIFY}` does not pass (exit 1). Mend the cause" in said
    assert delegate("rev-parse", "HEAD") == delegate.base
    head = delegate.commit("a.txt")
    record = committed(delegate.git_dir)
    assert [found.result for found in record.trees.values()] == ["fail", "pass"]
    assert record.trees[delegate("rev-parse", "HEAD^{tree}")].commands == [VERIFY]
    assert record.made == {head}


def test_only_what_is_committed_is_judged_and_nothing_else_is_touched(delegate: Delegate):
    delegate.write("b.txt")
    (delegate.folder / "a.txt").write_text("not staged\n")
    before = delegate("ls-files", "--stage"), delegate("status", "--porcelain")
    assert "does not pass" in delegate.refused("commit", "-qm", "b")
    assert (delegate("ls-files", "--stage"), delegate("status", "--porcelain")) == before
    delegate("add", "a.txt")
    delegate.write("bad.txt")
    delegate("commit", "-qm", "a and b, by their names", "--", "a.txt", "b.txt")
    assert delegate("status", "--porcelain") == "A  bad.txt"
    assert "does not pass" in delegate.refused("commit", "-qam", "bad")


def test_the_verification_sees_a_repository_and_none_of_git_s_variables(delegate: Delegate):
    text = delegate.places.spec.read_text()
    there = 'git log -1 --format=%s && test -z "$GIT_DIR$GIT_INDEX_FILE" && git ls-files --error-unmatch a.txt'
    delegate.places.spec.write_text(text.replace(VERIFY, there))
    delegate.write("a.txt")
    (delegate.folder / "left.txt").write_text("beside\n")
    delegate("commit", "-qm", "a")


def test_the_repository_s_own_hooks_run_as_before_and_first(delegate: Delegate):
    hooks, seen = delegate.places.common_dir / "hooks", delegate.places.root.parent / "seen"
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "pre-push"):
        hook(hooks / name, f'echo "{name} $# $GIT_INDEX_FILE" >>"{seen}"')
    delegate.commit("a.txt")
    delegate("checkout", "-q", "--detach")
    delegate("push", "-q", ".", "HEAD:refs/heads/copy")
    names = [row.split(" ")[0] for row in seen.read_text().splitlines()]
    assert names == ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout", "pre-push"]
    hook(hooks / "pre-commit", "echo no >&2", "exit 3")
    delegate.write("c.txt")
    assert delegate.refused("commit", "-qm", "c") == "no\n"  # ours was not asked
    hook(hooks / "pre-commit", "echo formatted >c.txt", "git add c.txt")
    delegate("commit", "-qm", "c")
    assert delegate("show", "HEAD:c.txt") == "formatted"
    assert delegate("rev-parse", "HEAD^{tree}") in committed(delegate.git_dir).trees


def test_hooks_that_lie_elsewhere_run_too(delegate: Delegate, git: Git):
    git("config", "core.hooksPath", ".husky")
    hook(delegate.folder / ".husky" / "commit-msg", 'echo "of husky" >>"$1"')
    delegate("add", ".husky")
    delegate.commit("a.txt")
    assert delegate("log", "-1", "--format=%B").endswith("of husky")
    git("config", "core.hooksPath", str(precommit.folder(delegate.places) / "hooks"))  # never round and round
    delegate.commit("c.txt")


def test_nobody_else_s_git_and_no_setting_is_touched(delegate: Delegate, git: Git, tmp_path: Path):
    config = (delegate.places.common_dir / "config").read_bytes()
    hooks = sorted((delegate.places.common_dir / "hooks").iterdir())
    delegate("commit", "-q", "--allow-empty", "-m", "in the human's checkout", folder=delegate.places.root)
    other = tmp_path / "other"
    delegate("init", "-q", str(other), folder=tmp_path)
    delegate("commit", "-q", "--allow-empty", "-m", "in a repository of a test", folder=other)
    assert not committed(delegate.git_dir).ran
    delegate.commit("a.txt")
    assert (delegate.places.common_dir / "config").read_bytes() == config
    assert sorted((delegate.places.common_dir / "hooks").iterdir()) == hooks


def test_trouble_of_ours_holds_nobody_and_is_seen(delegate: Delegate):
    good = delegate.places.spec.read_bytes()
    delegate.places.spec.write_bytes(b"\xff")
    delegate.commit("b.txt")
    delegate.places.spec.write_bytes(good)
    check = delegate.judged()
    assert check.result == "pass"
    assert "could not be checked by the commit hook: the spec cannot be read" in check.evidence


def test_a_human_s_own_hook_may_ask_for_the_same(places: Places, git: Git, monkeypatch: pytest.MonkeyPatch):
    Stage(places).spec("- [ ] Write a ^q1\n", loop="hold", verify=VERIFY)
    monkeypatch.delenv("COCKPIT_ITEM", raising=False)
    hook(places.common_dir / "hooks" / "pre-commit", f"exec {sys.executable} -P -m cockpit hooks commit")
    (places.root / "b.txt").write_text("b\n")
    git("add", "b.txt")
    with pytest.raises(subprocess.CalledProcessError):
        git("commit", "-qm", "b")
    (places.root / "a.txt").write_text("a\n")
    git("add", "a.txt")
    git("commit", "-qm", "both")
    assert not (places.git_dir / RECORD).exists()


# --- what the review says


def test_the_review_says_that_the_commits_passed(delegate: Delegate):
    delegate.commit("a.txt")
    delegate("commit", "-q", "--allow-empty", "-m", "nothing in it", "--no-verify")
    check = delegate.judged()
    assert (check.result, check.evidence.partition("; ")[2]) == ("pass", "2 passed the commit hook")


def test_a_commit_past_the_hook_is_proved_even_when_it_is_the_only_one(delegate: Delegate):
    head = delegate.commit("b.txt", "--no-verify")
    check = delegate.judged()
    assert check.result == "fail"
    assert f"commit {head[:10]} went past the commit hook" in check.evidence
    assert delegate.judged(wanted=False).result == "pass"  # where nobody asked for it, it is no evidence


@pytest.mark.parametrize("way", ["config", "unset", "plumbing"])
def test_other_ways_past_it_are_seen_where_it_works(delegate: Delegate, way: str):
    delegate.commit("a.txt")
    delegate.write("bad.txt")
    if way == "config":
        delegate("-c", "core.hooksPath=/dev/null", "commit", "-qm", "bad")
    elif way == "unset":
        delegate("commit", "-qm", "bad", more={precommit.VARIABLE: ""})
    else:
        made = delegate("commit-tree", delegate("write-tree"), "-p", "HEAD", "-m", "bad")
        delegate("reset", "-q", "--hard", made)
    check = delegate.judged()
    assert check.result == "fail"
    assert "went past the commit hook" in check.evidence


def test_what_the_hook_refused_and_was_made_all_the_same_says_which_command_failed(delegate: Delegate):
    delegate.write("b.txt")
    delegate.refused("commit", "-qm", "b")
    delegate("commit", "-qm", "b", "--no-verify")
    check = delegate.judged()
    assert check.result == "fail"
    assert f"was refused by the commit hook and made all the same: `{VERIFY}` does not" in check.evidence


def test_a_hook_that_never_ran_is_for_the_human_to_look_at(delegate: Delegate):
    delegate.env.pop(precommit.VARIABLE)
    delegate.commit("b.txt")
    check = delegate.judged()
    assert (check.result, check.evidence) == ("pass", "to look at: the commit hook never ran: 1 commit unchecked")


def test_a_rebase_is_told_as_what_it_is(delegate: Delegate, git: Git):
    delegate.commit("a.txt")
    (delegate.places.root / "main.txt").write_text("meanwhile\n")
    git("add", "main.txt")
    git("commit", "-qm", "Meanwhile")
    delegate("rebase", "-q", "main")
    check = delegate.judged()
    assert "is of a rebase, for which git runs no commit hook" in check.evidence
    assert "went past" not in check.evidence


def test_a_merge_is_checked_like_any_commit(delegate: Delegate, git: Git):
    delegate.commit("a.txt")
    (delegate.places.root / "bad.txt").write_text("meanwhile\n")
    git("add", "bad.txt")
    git("commit", "-qm", "Meanwhile")
    assert "does not pass" in delegate.refused("merge", "-q", "-m", "Take main", "main")


def test_what_we_commit_of_what_was_left_is_ours(delegate: Delegate):
    delegate.commit("a.txt")
    (delegate.folder / "left.txt").write_text("left\n")
    worktrees.harvest(delegate.places, delegate.folder, "Left", by="delegate/q1")
    assert delegate.judged().evidence.endswith("1 passed the commit hook, 1 made by us of what was left")
    delegate.write("bad.txt")
    delegate("commit", "-q", "--no-verify", "-m", "Left", "-m", "Cockpit-By: delegate/q1")  # who says so is not we
    assert "went past the commit hook" in delegate.judged().evidence


def test_what_an_earlier_turn_did_stays_visible_but_is_mended_by_going_on(delegate: Delegate):
    delegate.commit("b.txt", "--no-verify")
    assert delegate.judged(1).result == "fail"
    delegate.commit("a.txt")
    check = delegate.judged(2)
    assert check.result == "pass"
    assert "went past the commit hook" in check.evidence


def test_a_hook_that_was_altered_is_seen_by_review_doctor_and_list(
    delegate: Delegate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(delegate.places.root)
    assert main(["hooks", "install", "commit"]) == 0

    def found() -> tuple[str, str]:
        (finding,) = (one for one in findings(probe(delegate.places.root)) if one.name == "commit hook")
        return finding.level, finding.what

    delegate.commit("a.txt")
    delegate.judged()
    assert found() == ("ok", "checks what delegates commit")
    (precommit.folder(delegate.places) / "hooks" / "pre-commit").write_text("#!/bin/sh\n")
    assert found() == ("warning", "altered or gone: pre-commit")
    assert "the commit hook is altered or gone: pre-commit" in delegate.judged().evidence
    capsys.readouterr()
    assert main(["hooks", "list"]) == 0
    assert "commit  project  altered or gone: pre-commit" in capsys.readouterr().out
    precommit.put(delegate.places)
    assert found() == ("ok", "checks what delegates commit")
    assert main(["hooks", "remove", "commit"]) == 0
    assert found() == ("ok", "not wanted (precommit: off)")


def test_what_becomes_of_the_repository_s_own_hooks_is_told(stage: Stage):
    hooks = stage.places.common_dir / "hooks"
    for name in ("pre-push", "commit-msg"):
        hook(hooks / name, "exit 0")
    past = f"rm {hooks}/pre-push; echo '#!/bin/sh' >{hooks}/commit-msg; git config core.hooksPath {hooks}; touch a"
    stage.spec(f"- [ ] Write a ^q1\n  - agent: shell {past}; git add a; git commit -qm a\n")
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    found = evidence(stage)
    assert "the setting core.hooksPath came since the dispatch" in found
    assert "the repository's hook commit-msg changed since the dispatch" in found
    assert "the repository's hook pre-push went since the dispatch" in found


# --- how it is wanted


def test_it_is_switched_on_in_the_document_by_the_human_alone(
    places: Places, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    stage = Stage(places)
    stage.spec("- [ ] Write a ^q1\n", loop="hold")
    monkeypatch.chdir(places.root)
    assert main(["hooks", "install", "commit", "--dry-run"]) == 0
    assert "+  precommit: on" in capsys.readouterr().out
    assert "precommit" not in places.spec.read_text()
    assert main(["hooks", "install", "commit"]) == 0
    assert "precommit: on" in stage.git("show", "HEAD:SPEC.md")
    assert main(["hooks", "install", "commit"]) == 0
    assert "precommit is on already" in capsys.readouterr().out
    monkeypatch.setenv("COCKPIT_ITEM", "q1")
    assert main(["hooks", "remove", "commit"]) == 1
    assert "these hooks are the human's" in capsys.readouterr().err
    monkeypatch.delenv("COCKPIT_ITEM")
    assert main(["hooks", "remove", "commit"]) == 0
    assert spec.parse(places.spec.read_bytes()).controls.precommit == "off"


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def wanted(stage: Stage, verify: str) -> None:
    stage.spec("- [ ] Write a ^q1\n", verify=verify)
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("  review: 3\n", "  review: 3\n  precommit: on\n"))


def test_a_delegate_s_commits_are_checked_and_the_review_says_so(stage: Stage):
    stage.script("q1", edit_and_commit("a.txt", "1\n"), edit_and_commit("b.txt", "1\n"))
    wanted(stage, VERIFY)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert "A hook runs the verification on each commit" in (stage.turn("q1").folder / "brief.md").read_text()
    assert evidence(stage).endswith("; 1 passed the commit hook")
    stage.steer("iterate", "q1", note="more")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert stage.turn("q1").number == 2
    assert evidence(stage).endswith("; 2 passed the commit hook")


def evidence(stage: Stage) -> str:
    found = stage.turn("q1").review
    assert found is not None
    return found.checks[11].evidence


def test_what_went_before_it_was_wanted_is_no_evidence(stage: Stage):
    stage.script("q1", edit_and_commit("b.txt", "1\n"), edit_and_commit("a.txt", "1\n"))
    stage.spec("- [ ] Write a ^q1\n", verify=VERIFY)
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert "hook" not in evidence(stage)
    text = stage.places.spec.read_text()
    stage.places.spec.write_text(text.replace("  review: 3\n", "  review: 3\n  precommit: on\n"))
    stage.steer("iterate", "q1", note="more")
    stage.await_mark("q1", Mark.NEEDS_YOU, review="")
    assert stage.turn("q1").number == 2
    assert evidence(stage).endswith("2 commits by ada@example.org; 1 passed the commit hook")
