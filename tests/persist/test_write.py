"""Reading and writing the spec beside people and programs that know nothing of us: nothing is lost."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.saving import by_rename, in_place, like_vim
from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, files, journal, origin, write
from cockpit.spec import SpecError, edit

SPEC = b"# Spec\n\n## Queue\n- [ ] one ^a\n- [ ] two ^b\n"
Git = Callable[..., str]


@pytest.fixture
def begun(places: Places) -> Places:
    persist.create(places, SPEC)
    return places


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """As if every act lay some time back."""
    monkeypatch.setattr(origin, "WHILE", 0.0)


def adds(word: str) -> Callable[[bytes], bytes]:
    return lambda data: data + f"- [ ] {word} ^{word}\n".encode()


def ids(data: bytes) -> list[str]:
    return re.findall(r" \^(\w+)$", data.decode(), re.MULTILINE)


def test_an_edit_changes_the_bytes_and_keeps_the_mode(begun: Places):
    begun.spec.chmod(0o640)
    written = persist.exchange(begun, adds("c"))
    assert (written.before, written.after) == (SPEC, SPEC + b"- [ ] c ^c\n")
    assert begun.spec.read_bytes() == written.after == persist.read(begun)
    assert begun.spec.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in begun.local.iterdir()) == ["SPEC.md.lock", "delegates", "hooks"]
    assert sorted(path.name for path in begun.root.iterdir()) == [".cockpit", ".git", "README.md", "SPEC.md"]


ODD = {
    "empty": b"",
    "no line end": b"no line end",
    "bom and crlf": b"\xef\xbb\xbf# Spec\r\n",
    "nul": b"a\0b\n",
    "long": b"x" * 300_000,
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_any_bytes_come_back_as_they_were_written(begun: Places, data: bytes):
    persist.exchange(begun, lambda _: data)
    assert persist.read(begun) == data


def test_an_op_that_raises_leaves_everything_as_it_was(begun: Places):
    def op(data: bytes) -> bytes:
        raise CockpitError("no such item")

    with pytest.raises(CockpitError, match="no such item"):
        persist.exchange(begun, op)
    assert begun.spec.read_bytes() == SPEC


def test_a_save_of_the_newest_version_stands_whatever_it_deletes(begun: Places):
    persist.exchange(begun, adds("c"))
    begun.spec.write_bytes(b"# Spec\n\n## Queue\n- [ ] two ^b\n- [ ] c, reworded ^c\n")
    assert persist.read(begun) == b"# Spec\n\n## Queue\n- [ ] two ^b\n- [ ] c, reworded ^c\n"


GROWN = b"- [>] two ^b\n  - until: later\n  - why: not now\n  - waits: for the next release\n"


@pytest.mark.parametrize("seen", [True, False])
def test_an_item_that_acts_wrote_on_can_be_taken_out_by_who_may_have_seen_it(
    begun: Places, seen: bool, monkeypatch: pytest.MonkeyPatch
):
    """Though it had fewer lines in an older version, which is nearer."""
    monkeypatch.setattr(origin, "SEEN", -60.0 if seen else 60.0)
    persist.exchange(begun, lambda data: data.replace(b"- [ ] two ^b\n", GROWN))
    begun.spec.write_bytes(begun.spec.read_bytes().replace(GROWN, b""))
    after = persist.read(begun)
    assert ids(after) == (["a"] if seen else ["a", "b"])
    assert (b"conflict: removed on the other side" in after) is not seen


def test_who_takes_an_item_out_of_an_old_buffer_leaves_those_that_came_since(
    begun: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(origin, "SEEN", -60.0)
    buffer = begun.spec.read_bytes()
    persist.exchange(begun, adds("c"))
    begun.spec.write_bytes(buffer.replace(b"- [ ] two ^b\n", b""))
    assert ids(persist.read(begun)) == ["a", "c"]


def test_a_save_of_an_old_version_is_merged_with_what_came_since(begun: Places):
    buffer = begun.spec.read_bytes()
    persist.exchange(begun, adds("c"))
    persist.exchange(begun, lambda data: data.replace(b"[ ] one", b"[x] one"))
    begun.spec.write_bytes(buffer.replace(b"two", b"two, reworded"))
    wanted = SPEC.replace(b"[ ] one", b"[x] one").replace(b"two", b"two, reworded") + b"- [ ] c ^c\n"
    assert persist.read(begun) == wanted
    assert begun.spec.read_bytes() == wanted


def test_a_save_in_the_very_moment_of_our_edit_is_merged(begun: Places):
    def op(data: bytes) -> bytes:
        begun.spec.write_bytes(data.replace(b"two", b"two, reworded"))
        return data + b"- [ ] c ^c\n"

    written = persist.exchange(begun, op)
    assert written.after == SPEC.replace(b"two", b"two, reworded") + b"- [ ] c ^c\n"
    assert begun.spec.read_bytes() == written.after


@pytest.mark.usefixtures("later")
def test_a_return_to_an_earlier_version_stands(begun: Places, git: Git):
    persist.record(begun, adds("c"), Act("add", "c"))
    git("checkout", "-q", "HEAD^", "--", "SPEC.md")
    assert persist.read(begun) == SPEC
    git("reset", "-q", "--hard")
    assert ids(persist.read(begun)) == ["a", "b", "c"]


def test_a_save_without_an_edit_from_an_old_version_takes_nothing_out(begun: Places):
    buffer = begun.spec.read_bytes()
    persist.record(begun, adds("c"), Act("add", "c"))
    begun.spec.write_bytes(buffer)
    assert ids(persist.read(begun)) == ["a", "b", "c"]
    assert ids(begun.spec.read_bytes()) == ["a", "b", "c"]


ANSWER = b"\n## Exchange\n\n### a turn 1: done (sh, now)\n\nDid it.\n\nAll of it.\n\n- claims: it works\n"


def answered(places: Places) -> None:
    """A turn as the engine tells it: running, its answer, its review."""
    persist.exchange(places, lambda data: data.replace(b"[ ] one ^a\n", b"[/] one ^a\n  - branch: delegate/a\n"))
    persist.exchange(places, lambda data: data + ANSWER)
    review = b"[?] one ^a\n  - branch: delegate/a\n  - review: 14 pass; accept\n"
    persist.exchange(places, lambda data: data.replace(b"[/] one ^a\n  - branch: delegate/a\n", review))


def test_an_answer_that_is_cut_out_of_the_newest_version_stays_out(begun: Places):
    """Though the version before it differs by fewer lines: nobody has typed the engine's words since."""
    answered(begun)
    begun.spec.write_bytes(begun.spec.read_bytes().replace(ANSWER, b""))
    after = persist.exchange(begun, adds("c")).after
    assert b"Exchange" not in after
    assert b"review: 14 pass" in after
    assert ids(after) == ["a", "b", "c"]


def test_an_old_buffer_with_lines_taken_out_leaves_a_later_answer_alone(begun: Places):
    buffer = begun.spec.read_bytes()
    answered(begun)
    begun.spec.write_bytes(buffer.replace(b"- [ ] two ^b\n", b""))
    after = persist.read(begun)
    assert ANSWER in after
    assert ids(after) == ["a"]


def test_a_tick_in_an_old_buffer_that_we_made_too_takes_nothing_out(begun: Places):
    buffer = begun.spec.read_bytes()
    persist.exchange(begun, lambda data: data + ANSWER)
    persist.exchange(begun, lambda data: data.replace(b"[ ] one", b"[x] one"))
    begun.spec.write_bytes(buffer.replace(b"[ ] one", b"[x] one"))
    assert ANSWER in persist.read(begun)


def test_an_editor_that_saves_its_old_buffer_again_and_again_takes_nothing_out(begun: Places):
    buffer = begun.spec.read_bytes()
    for number, word in enumerate("cde"):
        persist.record(begun, adds(word), Act("add", word))
        buffer = buffer.replace(b"two", b"two, %d" % number)
        for _ in range(2):
            begun.spec.write_bytes(buffer)
            assert persist.read(begun).count(b"two, %d" % number) == 1
    assert ids(persist.read(begun)) == ["a", "b", "c", "d", "e"]


def test_what_an_editor_undoes_is_undone_and_the_acts_since_stay(begun: Places):
    for buffer in (SPEC, SPEC.replace(b"two", b"2"), SPEC.replace(b"two", b"2").replace(b"one", b"1"), SPEC):
        begun.spec.write_bytes(buffer)
        assert persist.read(begun) == buffer
    begun.spec.write_bytes(SPEC.replace(b"two", b"2"))
    persist.read(begun)
    persist.record(begun, adds("c"), Act("add", "c"))
    begun.spec.write_bytes(SPEC)
    assert persist.read(begun) == SPEC + b"- [ ] c ^c\n"


def test_what_git_stashed_comes_back_with_the_stash(begun: Places, git: Git):
    mine = SPEC.replace(b"# Spec", b"# By hand")
    begun.spec.write_bytes(mine)
    persist.read(begun)
    git("stash", "-q")
    assert persist.read(begun) == SPEC
    git("stash", "pop", "-q")
    assert persist.read(begun) == mine
    git("stash", "-q")
    persist.record(begun, adds("c"), Act("add", "c"))
    git("stash", "pop", "-q")
    assert persist.read(begun) == mine + b"- [ ] c ^c\n"


def test_a_stale_save_is_merged_though_git_took_it_in_before_anybody_looked(begun: Places, git: Git):
    buffer = begun.spec.read_bytes()
    persist.record(begun, adds("c"), Act("add", "c"))
    begun.spec.write_bytes(buffer.replace(b"two", b"two, by hand"))
    git("commit", "-qam", "By hand")
    assert persist.read(begun) == SPEC.replace(b"two", b"two, by hand") + b"- [ ] c ^c\n"


def test_an_old_buffer_saved_again_takes_nothing_out_though_git_took_it_in_meanwhile(begun: Places, git: Git):
    mine = begun.spec.read_bytes().replace(b"two", b"two, by hand")
    persist.record(begun, adds("c"), Act("add", "c"))
    begun.spec.write_bytes(mine)
    both = persist.read(begun)
    begun.spec.write_bytes(mine)
    git("commit", "-qam", "By hand")
    assert persist.read(begun) == both == mine + b"- [ ] c ^c\n"


def test_what_git_puts_there_after_an_old_buffer_was_saved_again_is_no_stash(begun: Places):
    mine = begun.spec.read_bytes().replace(b"two", b"two, by hand")
    persist.record(begun, adds("c"), Act("add", "c"))
    begun.spec.write_bytes(mine)
    both = persist.read(begun)
    persist.record(begun, adds("d"), Act("add", "d"))
    journal.store(begun, mine, "save", next(seen.blob for seen in journal.entries(begun) if seen.by == "save"))
    journal.store(begun, persist.read(begun), "git")
    begun.spec.write_bytes(mine.replace(b"two, by hand", b"two, by my hand"))
    assert persist.read(begun) == both.replace(b"by hand", b"by my hand") + b"- [ ] d ^d\n"


def test_where_several_editors_are_at_work_a_line_that_two_of_them_reworded_says_both(begun: Places):
    old = begun.spec.read_bytes()
    one, other = old.replace(b"one", b"one, at first"), old.replace(b"two", b"two, hers")
    for number, buffer in enumerate((one, other, one.replace(b"first", b"last"))):
        persist.record(begun, adds(f"c{number}"), Act("add", f"c{number}"))
        begun.spec.write_bytes(buffer)
        persist.read(begun)
    begun.spec.write_bytes(old.replace(b"two", b"two, mine"))
    data = persist.read(begun)
    assert b"two, hers" in data
    assert b"two, mine" in data


def test_what_a_rebase_puts_there_stands(begun: Places, git: Git):
    git("switch", "-qc", "side")
    persist.record(begun, adds("s"), Act("add", "s"))
    git("switch", "-q", "main")
    persist.record(begun, lambda data: data.replace(b"# Spec", b"# The spec"), Act("reword", "title"))
    git("switch", "-q", "side")
    assert ids(persist.read(begun)) == ["a", "b", "s"]
    git("rebase", "-q", "main")
    assert persist.read(begun) == SPEC.replace(b"# Spec", b"# The spec") + b"- [ ] s ^s\n"


@pytest.mark.usefixtures("later")
def test_a_checkout_in_the_very_moment_of_our_edit_is_edited_as_it_is(begun: Places, git: Git):
    persist.record(begun, adds("c"), Act("add", "c"))
    tries: list[bytes] = []

    def op(data: bytes) -> bytes:
        if not tries:
            git("checkout", "-q", "HEAD^", "--", "SPEC.md")
        tries.append(data)
        return data + b"- [ ] d ^d\n"

    assert ids(persist.exchange(begun, op).after) == ["a", "b", "d"]
    assert len(tries) == 2


def test_a_merge_that_puts_back_what_it_saw_at_its_beginning_takes_nothing_out(begun: Places, git: Git):
    persist.record(begun, adds("c"), Act("add", "c"))
    persist.record(begun, adds("d"), Act("add", "d"))
    git("checkout", "-q", "HEAD^", "--", "SPEC.md")  # what a merge that fails does to file and index
    assert ids(persist.read(begun)) == ["a", "b", "c", "d"]


def test_another_branch_s_spec_is_not_mixed_with_this_one(begun: Places, git: Git):
    git("switch", "-qc", "other")
    begun.spec.write_bytes(b"# Another spec\n\n## Queue\n- [ ] theirs ^t\n")
    git("commit", "-qam", "Another")
    git("switch", "-q", "main")
    persist.read(begun)
    persist.record(begun, adds("c"), Act("add", "c"))
    git("switch", "-q", "other")
    assert persist.read(begun) == b"# Another spec\n\n## Queue\n- [ ] theirs ^t\n"
    git("switch", "-q", "main")
    assert ids(persist.read(begun)) == ["a", "b", "c"]


def test_a_half_finished_save_from_an_old_version_is_merged_by_lines(begun: Places):
    buffer = b"---\ncockpit:\n  loop: on\n---\n" + SPEC
    begun.spec.write_bytes(buffer)
    persist.read(begun)
    persist.exchange(begun, adds("c"))
    begun.spec.write_bytes(buffer.replace(b"loop: on", b"loop: [step").replace(b"two", b"two, by hand"))
    broken = persist.read(begun)
    assert broken == buffer.replace(b"loop: on", b"loop: [step").replace(b"two", b"two, by hand") + b"- [ ] c ^c\n"
    with pytest.raises(SpecError, match="front matter"):
        persist.exchange(begun, lambda data: edit.add_item(data, "d")[0])
    begun.spec.write_bytes(buffer.replace(b"loop: on", b"loop: step").replace(b"two", b"two, by hand"))
    assert persist.read(begun) == broken.replace(b"[step", b"step")


def test_a_conflict_that_git_left_is_refused_until_it_is_mended(begun: Places, git: Git):
    git("switch", "-qc", "side")
    persist.record(begun, lambda data: data.replace(b"two", b"two, theirs"), Act("reword", "b"))
    git("switch", "-q", "main")
    persist.record(begun, lambda data: data.replace(b"two", b"two, ours"), Act("reword", "b"))
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "-q", "side")
    marked = persist.read(begun)
    assert b"<<<<<<< " in marked
    with pytest.raises(SpecError, match="line 5: a conflict that git left here"):
        persist.record(begun, lambda data: edit.add_item(data, "d")[0], Act("add", "d"))
    begun.spec.write_bytes(SPEC.replace(b"two", b"two, both"))
    assert persist.read(begun) == SPEC.replace(b"two", b"two, both")
    assert persist.record(begun, adds("c"), Act("add", "c")).held == "merge in progress"
    git("commit", "-qam", "Merge")
    assert ids(persist.read(begun)) == ["a", "b", "c"]


def test_no_spec_is_told_with_the_way_back(begun: Places):
    begun.spec.unlink()
    for act in (lambda: persist.read(begun), lambda: persist.exchange(begun, adds("c"))):
        with pytest.raises(CockpitError, match="there is no spec") as error:
            act()
        assert "git checkout" in error.value.remedy
    begun.spec.mkdir()
    with pytest.raises(CockpitError, match="a folder, not a file"):
        persist.read(begun)


def test_a_half_written_save_is_never_seen(begun: Places):
    with begun.spec.open("r+b") as editor:
        editor.truncate()
        editor.write(b"# Spec\n")
        editor.flush()
        threading.Timer(0.2, lambda: (editor.write(b"\n## Queue\n- [ ] mine ^m\n"), editor.close())).start()
        assert ids(persist.read(begun)) == ["m"]


def test_a_writer_that_never_closes_the_file_does_not_stop_us_and_loses_nothing(begun: Places):
    with begun.spec.open("ab") as editor:
        editor.write(b"- [ ] early ^early\n")
        editor.flush()
        persist.exchange(begun, adds("c"))
        editor.write(b"- [ ] late ^late\n")
    assert ids(begun.spec.read_bytes()) == ["a", "b", "early", "c"]
    kept = next(begun.local.glob("left-open-*.md"))
    assert ids(kept.read_bytes()) == ["a", "b", "early", "late"]


def test_where_files_cannot_be_exchanged_a_rename_does(begun: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "swap", lambda one, other: False)
    persist.exchange(begun, adds("c"))
    assert ids(begun.spec.read_bytes()) == ["a", "b", "c"]
    assert not list(begun.local.glob("*.next"))


def test_where_there_are_no_leases_a_file_that_stands_still_is_read(begun: Places, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "_lease", lambda fd: None)
    persist.exchange(begun, adds("c"))
    assert ids(persist.read(begun)) == ["a", "b", "c"]


def test_a_symlinked_spec_stays_a_link(repo: Path):
    (repo / "docs").mkdir()
    (repo / "docs" / "plan.md").write_bytes(SPEC)
    (repo / "SPEC.md").symlink_to("docs/plan.md")
    places = find_places(cwd=repo)
    persist.exchange(places, adds("c"))
    assert (repo / "SPEC.md").is_symlink()
    assert ids((repo / "docs" / "plan.md").read_bytes()) == ["a", "b", "c"]


def test_a_full_disk_is_told_and_nothing_is_lost(begun: Places):
    child = """
import resource, signal, sys
from pathlib import Path
from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import places
import random
found = places(cwd=Path(sys.argv[1]))
persist.read(found)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
try:
    persist.exchange(found, lambda data: data + random.randbytes(90000).hex().encode())
except CockpitError as error:
    print(error)
"""
    told = subprocess.run([sys.executable, "-c", child, str(begun.root)], capture_output=True, text=True, check=True)
    assert "File too large" in told.stdout
    assert begun.spec.read_bytes() == SPEC
    persist.exchange(begun, adds("c"))
    assert ids(persist.read(begun)) == ["a", "b", "c"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become nobody for a while")
def test_a_read_only_repository_can_be_read_and_says_why_it_cannot_be_written(
    begun: Places, monkeypatch: pytest.MonkeyPatch
):
    folder = Path(tempfile.mkdtemp(prefix="ck"))
    monkeypatch.setenv("HOME", str(folder))
    try:
        shutil.copytree(begun.root, folder / "repo")
        folder.chmod(0o755)
        config = "[user]\n\tname = Ada\n\temail = ada@example.org\n"
        (folder / ".gitconfig").write_text(f"[safe]\n\tdirectory = {folder}/repo\n{config}")
        places = find_places(cwd=folder / "repo")
        (places.spec).write_bytes(SPEC + b"- [ ] by hand ^h\n")
        os.seteuid(65534)
        try:
            assert ids(persist.read(places)) == ["a", "b", "h"]
            for act in (persist.exchange, lambda *args: persist.record(*args, Act("add", "c"))):
                with pytest.raises(CockpitError, match="Permission denied"):
                    act(places, adds("c"))
        finally:
            os.seteuid(0)
        assert ids(places.spec.read_bytes()) == ["a", "b", "h"]
    finally:
        shutil.rmtree(folder)


WRITER = """
import sys
from pathlib import Path
from cockpit import persist
from cockpit.paths import places
found = places(cwd=Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    word = f"{sys.argv[2]}{number}"
    persist.exchange(found, lambda data: data + f"- [ ] {word} ^{word}\\n".encode())
    if number:
        old = f"[ ] {sys.argv[2]}{number - 1} ^".encode()
        persist.exchange(found, lambda data: data.replace(old, old.replace(b"[ ]", b"[x]")))
    print(word, flush=True)
persist.close()
"""


def writer(places: Places, name: str, count: int) -> subprocess.Popen[str]:
    args = [sys.executable, "-c", WRITER, str(places.root), name, str(count)]
    return subprocess.Popen(args, stdout=subprocess.PIPE, text=True)


def load(path: Path) -> bytes:
    while True:  # an editor is started on a file that is there
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        if data:
            return data


@pytest.mark.parametrize("save", [in_place, by_rename, like_vim])
def test_writers_that_know_each_other_and_a_blind_editor_lose_nothing(
    begun: Places, save: Callable[[Path, bytes], None]
):
    chance = random.Random(7)
    writers = [writer(begun, name, 25) for name in "xy"]
    mine: list[str] = []
    while any(process.poll() is None for process in writers):
        buffer = load(begun.spec)
        time.sleep(chance.uniform(0, 0.05))
        word = f"m{len(mine)}"
        lines = buffer.split(b"\n")
        if mine and chance.random() < 0.5:
            lines = [line.replace(f"[ ] {mine[-1]} ".encode(), f"[ ] {mine[-1]} reworded ".encode()) for line in lines]
        lines.insert(4, f"- [ ] {word} ^{word}".encode())
        save(begun.spec, b"\n".join(lines))
        mine.append(word)
        persist.read(begun)  # the cockpit notices a save within milliseconds
    for process in writers:
        process.communicate()
        assert process.returncode == 0
    data = persist.read(begun)
    theirs = [f"{name}{number}" for name in "xy" for number in range(25)]
    assert sorted(ids(data)) == sorted(["a", "b", *theirs, *mine])
    ticked = re.findall(rb"\[x\] (\w+) ", data)
    assert len(ticked) == 48
    assert data == begun.spec.read_bytes()


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_with_all_it_said(begun: Places):
    chance = random.Random(3)
    said: list[str] = []
    for round in range(12):
        process = writer(begun, f"k{round}x", 10_000)
        assert process.stdout is not None
        said.append(process.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.03))
        os.kill(process.pid, signal.SIGKILL)
        said.extend(process.communicate()[0].split())
        assert set(ids(begun.spec.read_bytes())) >= set(said)
        assert set(ids(persist.read(begun))) >= set(said)
    persist.exchange(begun, adds("end"))
    found = ids(persist.read(begun))
    assert len(found) == len(set(found))
    assert set(found) >= {*said, "end"}
    assert not list(begun.local.glob("*.next"))


def test_a_save_that_a_killed_writer_had_taken_out_comes_back(begun: Places):
    persist.exchange(begun, adds("c"))
    with write.desk(begun) as held:
        held.fresh.write_bytes(SPEC.replace(b"two", b"two, reworded"))  # swapped out, nobody looked yet
    assert persist.exchange(begun, adds("d")).after == (
        SPEC.replace(b"two", b"two, reworded") + b"- [ ] c ^c\n- [ ] d ^d\n"
    )


def test_a_torn_draft_of_a_killed_writer_is_thrown_away(begun: Places):
    after = SPEC + b"- [ ] c ^c\n"
    journal.store(begun, after)
    with write.desk(begun) as held:
        held.fresh.write_bytes(after[:20])
    assert persist.exchange(begun, adds("d")).after == SPEC + b"- [ ] d ^d\n"
    assert not list(begun.local.glob("*.next"))
