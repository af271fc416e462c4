"""Git in every state it can be in: steering works there, or one clear line says why the commit waits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.errors import CockpitError, Refused
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n"
Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


def add(places: Places, name: str) -> persist.Receipt:
    line = f"- [ ] {name} ^{name}\n".encode()
    return persist.record(places, lambda data: data + line, Act("add", name))


def tries(places: Places, *args: str) -> None:
    """A git that stops in the middle."""
    subprocess.run(["git", *args], cwd=places.root, check=False, capture_output=True)


@pytest.fixture
def conflict(begun: Places, git: Git) -> Places:
    """A branch `other` whose commit conflicts with main's in README.md."""
    git("switch", "-qc", "other")
    (begun.root / "README.md").write_text("theirs")
    git("commit", "-qam", "Theirs")
    git("switch", "-q", "main")
    (begun.root / "README.md").write_text("ours")
    git("commit", "-qam", "Ours")
    return begun


@pytest.mark.parametrize(
    ("start", "words", "end"),
    [
        (("cherry-pick", "other"), "cherry-pick in progress", ("cherry-pick", "--abort")),
        (("revert", "--no-edit", "main~1", "main"), "revert in progress", ("revert", "--abort")),
        (("merge", "other"), "merge in progress", ("merge", "--abort")),
        (("rebase", "other"), "rebase in progress", ("rebase", "--abort")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_in_the_middle_of_anything_the_act_is_written_and_committed_when_it_has_ended(
    conflict: Places, git: Git, start: tuple[str, ...], words: str, end: tuple[str, ...]
):
    if start[0] == "revert":
        git("switch", "-q", "main")
        (conflict.root / "README.md").write_text("again")
        git("commit", "-qam", "Again")
        start = ("revert", "--no-edit", "main~1")
    before = git("rev-parse", "main")
    tries(conflict, *start)
    assert add(conflict, "c").held == words
    assert conflict.spec.read_bytes() == SPEC + b"- [ ] c ^c\n"
    assert git("rev-parse", "main") == before
    git(*end)
    settled = persist.settle(conflict)
    assert settled is not None
    assert settled.commit == git("rev-parse", "main")
    assert git("rev-parse", "main^") == before
    assert conflict.spec.read_bytes() == SPEC + b"- [ ] c ^c\n"  # rebase --abort had reset it
    assert git("status", "--porcelain") == ""


def test_in_the_middle_of_git_am(conflict: Places, git: Git, tmp_path: Path):
    patch = tmp_path / "patch"
    patch.write_text(git("format-patch", "-1", "--stdout", "other") + "\n")
    tries(conflict, "am", str(patch))
    assert add(conflict, "c").held == "git am in progress"
    git("am", "--abort")
    settled = persist.settle(conflict)
    assert settled is not None
    assert settled.commit == git("rev-parse", "main")


def test_in_the_middle_of_a_bisect(begun: Places, git: Git):
    for name in "123":
        git("commit", "-q", "--allow-empty", "-m", name)
    git("bisect", "start", "HEAD", "HEAD~3")
    tip = git("rev-parse", "main")
    assert add(begun, "c").held == "bisect in progress"
    assert git("rev-parse", "main") == tip
    git("bisect", "reset")
    settled = persist.settle(begun)
    assert settled is not None
    assert settled.commit == git("rev-parse", "main")


def test_a_spec_in_a_submodule_is_committed_there(begun: Places, git: Git, tmp_path: Path):
    outer = tmp_path / "outer"
    outer.mkdir()
    git("init", "-q", cwd=outer)
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(begun.root), "sub", cwd=outer)
    git("commit", "-qm", "Take it in", cwd=outer)
    before = git("rev-parse", "HEAD", cwd=outer)
    inside = find_places(cwd=outer / "sub")
    assert inside.root == outer / "sub"
    receipt = add(inside, "c")
    assert receipt.commit == git("rev-parse", "HEAD", cwd=inside.root)
    assert git("status", "--porcelain", cwd=inside.root) == ""
    assert git("rev-parse", "HEAD", cwd=outer) == before
    assert git("status", "--porcelain", cwd=outer) == "M sub"


def test_a_spec_of_the_outer_repository_named_from_inside_a_submodule_is_committed_outside(
    begun: Places, git: Git, tmp_path: Path
):
    outer = tmp_path / "outer"
    outer.mkdir()
    git("init", "-q", cwd=outer)
    git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(begun.root), "sub", cwd=outer)
    git("commit", "-qm", "Take it in", cwd=outer)
    found = find_places("../SPEC.md", cwd=outer / "sub")
    assert found.root == outer
    persist.create(found, SPEC)
    assert git("show", "--format=", "--name-only", "HEAD", cwd=outer) == "SPEC.md"


def test_a_spec_outside_the_repository_is_told(begun: Places, tmp_path: Path):
    (tmp_path / "SPEC.md").write_bytes(SPEC)
    link = begun.root / "LINK.md"
    link.symlink_to(tmp_path / "SPEC.md")
    with pytest.raises(CockpitError, match=r"not a git repository|outside the repository"):
        find_places("LINK.md", cwd=begun.root)


def test_a_spec_that_git_ignores_is_written_and_the_rule_is_named(places: Places, git: Git):
    places.spec.write_bytes(SPEC)
    (places.root / ".gitignore").write_text("\n*.md\n")
    before = git("rev-parse", "HEAD")
    held = add(places, "c").held
    assert held == "git ignores SPEC.md (.gitignore:2:*.md); take that rule out, or git add -f SPEC.md"
    assert places.spec.read_bytes() == SPEC + b"- [ ] c ^c\n"
    assert git("rev-parse", "HEAD") == before
    git("add", "-f", "SPEC.md")
    assert add(places, "d").commit
    assert git("status", "--porcelain") == "?? .gitignore"


def test_a_tracked_spec_is_steered_whatever_the_rules_say(begun: Places):
    (begun.root / ".gitignore").write_text("*.md\n")
    assert add(begun, "c").commit


@pytest.mark.parametrize("setting", ["true", "input"])
def test_autocrlf_keeps_the_file_s_line_ends_and_plain_ones_in_git(places: Places, git: Git, setting: str):
    git("config", "core.autocrlf", setting)
    crlf = SPEC.replace(b"\n", b"\r\n")
    persist.create(places, crlf)
    persist.record(places, lambda data: data.replace(b"[ ] one", b"[x] one"), Act("accept", "a"))
    after = crlf.replace(b"[ ] one", b"[x] one")
    assert places.spec.read_bytes() == after
    blob = subprocess.run(["git", "cat-file", "blob", "HEAD:SPEC.md"], cwd=places.root, capture_output=True).stdout
    assert blob == after.replace(b"\r\n", b"\n")
    assert git("status", "--porcelain") == ""
    assert persist.at(places, "HEAD") == (after if setting == "true" else blob)
    persist.undo(places)
    assert persist.timeline(places)[0].verb == "undo"
    assert b"[ ] one" in places.spec.read_bytes()


def test_sha256_repositories_work_throughout(tmp_path: Path):
    root = tmp_path / "wide"
    root.mkdir()
    subprocess.run(["git", "init", "-q", "--object-format=sha256"], cwd=root, check=True)
    places = find_places(cwd=root)
    persist.create(places, SPEC)
    receipt = add(places, "c")
    assert receipt.commit is not None
    assert len(receipt.commit) == 64
    persist.undo(places)
    persist.redo(places)
    assert places.spec.read_bytes() == SPEC + b"- [ ] c ^c\n"
    entries = persist.timeline(places)
    assert [entry.verb for entry in entries] == ["redo", "undo", "add", "init"]
    assert persist.pairs(places, entries)[-1] == (b"", SPEC)
    assert persist.diff(places, entries[-1]).endswith("+- [ ] two ^b\n")
    assert persist.at(places, "HEAD~2") == SPEC + b"- [ ] c ^c\n"
    status = ["git", "status", "--porcelain"]
    assert subprocess.run(status, cwd=root, capture_output=True, check=True).stdout == b""


def test_a_sparse_checkout_stays_sparse(begun: Places, git: Git):
    for name in ("keep", "leave"):
        (begun.root / name).mkdir()
        (begun.root / name / "file").write_text(name)
    git("add", ".")
    git("commit", "-qm", "Folders")
    git("sparse-checkout", "set", "--cone", "--sparse-index", "keep")
    assert add(begun, "c").commit
    assert not (begun.root / "leave").exists()
    assert git("status", "--porcelain") == ""
    assert "040000" in git("ls-files", "--stage", "--sparse")
    assert git("show", "HEAD:leave/file") == "leave"


def test_a_spec_that_a_sparse_checkout_leaves_out_is_told(begun: Places, git: Git):
    (begun.root / "keep").mkdir()
    (begun.root / "keep" / "file").write_text("x")
    git("add", ".")
    git("commit", "-qm", "Folder")
    git("sparse-checkout", "set", "--no-cone", "/keep/")
    with pytest.raises(CockpitError, match="there is no spec"):
        add(begun, "c")
    assert git("status", "--porcelain") == ""


FSMONITOR = """#!/bin/sh
echo asked >>"$(git rev-parse --git-dir)/asked"
printf 'token\\0/\\0'
"""


@pytest.mark.parametrize("kind", ["split", "untracked", "fsmonitor", "version 4", "threads"])
def test_the_index_keeps_what_the_user_has_it_keep(begun: Places, git: Git, kind: str):
    (begun.root / "docs").mkdir()
    for number in range(50):
        (begun.root / "docs" / f"page-{number}").write_text("x")
    git("add", ".")
    git("commit", "-qm", "Pages")
    if kind == "split":
        git("config", "splitIndex.maxPercentChange", "100")
        git("update-index", "--split-index")
    elif kind == "untracked":
        git("config", "core.untrackedCache", "true")
        git("update-index", "--force-untracked-cache")
    elif kind == "fsmonitor":
        hook = begun.common_dir / "watch"
        hook.write_text(FSMONITOR)
        hook.chmod(0o755)
        git("config", "core.fsmonitor", str(hook))
        git("update-index", "--fsmonitor")
    elif kind == "version 4":
        git("update-index", "--index-version", "4")
    else:
        git("config", "index.threads", "true")
        git("update-index", "--force-write-index")
    git("status")
    for name in "cde":
        assert add(begun, name).commit
    persist.undo(begun)
    (begun.root / "docs" / "page-7").write_text("dirty")
    (begun.root / "new").write_text("untracked")
    assert set(git("status", "--porcelain").splitlines()) == {"M docs/page-7", "?? new"}
    git("commit", "-qm", "Mine", "docs/page-7")
    assert "^e" not in git("show", "HEAD:SPEC.md")
    assert "^d" in git("show", "HEAD:SPEC.md")
    if kind == "split":
        assert list(begun.git_dir.glob("sharedindex.*"))
    if kind == "untracked":
        assert b"UNTR" in (begun.git_dir / "index").read_bytes()
    if kind == "fsmonitor":
        assert b"FSMN" in (begun.git_dir / "index").read_bytes()
    assert git("fsck", "--strict", "--no-dangling") == ""


def test_a_bare_repository_has_no_place_for_a_spec(tmp_path: Path):
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    with pytest.raises(CockpitError, match="a bare repository has no work tree") as error:
        find_places(cwd=tmp_path / "bare")
    assert error.value.remedy == "use a clone of it"


def test_a_shallow_clone_steers_and_undoes_what_it_can_see(begun: Places, git: Git, tmp_path: Path):
    add(begun, "c")
    last = add(begun, "d").commit
    git("clone", "-q", "--depth", "1", f"file://{begun.root}", str(tmp_path / "clone"))
    clone = find_places(cwd=tmp_path / "clone")
    with pytest.raises(Refused, match="history is cut off here") as refusal:
        persist.undo(clone, last)
    assert refusal.value.remedy == "git fetch --unshallow"
    assert add(clone, "e").commit
    persist.undo(clone)
    assert clone.spec.read_bytes() == begun.spec.read_bytes()
    git("fetch", "-q", "--unshallow", cwd=clone.root)
    persist.undo(clone, last)
    assert b"^d" not in clone.spec.read_bytes()


def test_the_very_first_commit_is_not_undone_whoever_made_it(tmp_path: Path):
    root = tmp_path / "fresh"
    root.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    places = find_places(cwd=root)
    places.spec.write_bytes(SPEC)
    add(places, "c")
    with pytest.raises(Refused, match="first version"):
        persist.undo(places, "HEAD^")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_repository_of_somebody_else_is_told_with_git_s_remedy(begun: Places):
    for path in (begun.root, begun.git_dir):
        os.chown(path, 12345, 12345)
    with pytest.raises(CockpitError, match="belongs to somebody else") as error:
        find_places(cwd=begun.root)
    assert error.value.remedy == f"git config --global --add safe.directory {begun.root}"


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_read_only_object_database_writes_nothing(begun: Places):
    objects = begun.common_dir / "objects"
    before = begun.spec.read_bytes()
    folders = [objects, *(path for path in objects.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        with pytest.raises(CockpitError, match="cannot write"):
            add(begun, "c")
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert begun.spec.read_bytes() == before


COMMITTER = """
import sys
from pathlib import Path
from cockpit import persist
from cockpit.paths import places
found = places(cwd=Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}{number}"
    line = f"- [ ] {name} ^{name}\\n".encode()
    receipt = persist.record(found, lambda data: data + line, persist.Act("add", name))
    assert receipt.commit, receipt.held
"""


def test_four_committers_at_once_lose_nothing(begun: Places, git: Git):
    mine = 'for n in $(seq 12); do echo $n >file$1; git add file$1 && git commit -qm "$1 $n" || exit 1; done'
    retry = mine.replace(" || exit 1", ' || { sleep 0.05; git add file$1; git commit -qm "$1 $n"; } || exit 1')
    workers = [
        subprocess.Popen([sys.executable, "-c", COMMITTER, str(begun.root), name, "12"], stderr=subprocess.PIPE)
        for name in ("p", "q", "r")
    ]
    human = subprocess.Popen(["sh", "-c", retry, "human", "h"], cwd=begun.root, stderr=subprocess.PIPE)
    told = [worker.communicate(timeout=120)[1] for worker in workers]
    human.communicate(timeout=120)
    assert [worker.returncode for worker in workers] == [0, 0, 0], told
    wanted = {f"{name}{number}" for name in "pqr" for number in range(12)}
    assert {entry.target for entry in persist.timeline(begun, limit=0, verb="add")} == wanted
    assert all(f"^{name}\n".encode() in begun.spec.read_bytes() for name in wanted)
    assert git("show", "HEAD:SPEC.md").encode() + b"\n" == begun.spec.read_bytes()
    assert git("diff", "--cached", "--name-only") in ("", "fileh")
    assert git("fsck", "--strict", "--no-dangling") == ""


def test_without_git_itself_it_is_said(begun: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert shutil.which("git")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CockpitError, match="git is not installed"):
        find_places(cwd=begun.root)
