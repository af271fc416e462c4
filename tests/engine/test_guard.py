"""The guard of the human's own checkout: who changed a file there, and what takes it back."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from cockpit import facts, persist
from cockpit.act.launch import MARK
from cockpit.engine.guard import Guard
from cockpit.engine.look import look
from cockpit.paths import Places
from cockpit.sense import Event, Ranker

SPEC = b"---\ncockpit:\n  loop: hold\n---\n## Queue\n- [/] Work ^q1\n  - paths: src/**\n"


class Desk:
    """A repository whose item q1 is worked on by a delegate, and the guard."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.root = places.root
        persist.exclude(places)
        persist.create(places, SPEC, persist.Act(verb="init", target="spec", by="human"))
        (self.root / "src").mkdir()
        (self.root / "src/a.py").write_text("a = 1\n")
        (self.root / "notes.txt").write_text("mine\n")
        self.git("add", "src", "notes.txt")
        self.git("commit", "-qm", "Begin")
        self.worktree = places.worktrees / "q1"
        self.git("worktree", "add", "-q", "-b", "delegate/q1", "--", str(self.worktree))
        self.folder = places.turn("q1", 1)
        self.begun = time.time() - 5
        base, branch = self.git("rev-parse", "main"), "delegate/q1"
        facts.write(
            self.folder,
            facts.Dispatch(
                item="q1", turn=1, text="Work", agent="rehearsal", branch=branch, base=base, target="refs/heads/main",
                worktree=str(self.worktree), session="s", timeout=60, at=self.begun, step="session",
            ),
        )  # fmt: skip
        pid = os.getpid()
        facts.write(self.folder, facts.Running(pid=pid, started=facts.started(pid) or "", at=self.begun))
        self.guard = Guard(places)
        self.open: dict[str, Event] = {}
        self.now = time.time()

    def git(self, *args: str) -> str:
        return subprocess.run(["git", *args], cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def step(self, tool: str, path: str = "", words: str = "", **attrs: object) -> Event:
        return Event(
            source="claude", kind="agent.step", key="step/q1", state="ok", what=f"{tool} {path or words}",
            at=time.time(), paths=(path,) if path else (), item="q1", delegate="q1", attrs={"tool": tool, **attrs},
        )  # fmt: skip

    def look(self, *steps: Event) -> list[Event]:
        self.now += 10
        self.guard.heed(steps)
        events = self.guard.events(look(self.places, None, self.now), list(self.open.values()), self.now)
        for event in events:
            if event.closes:
                self.open.pop(event.key, None)
            else:
                self.open[event.key] = event
        return events


@pytest.fixture
def desk(places: Places) -> Iterator[Desk]:
    yield Desk(places)
    persist.close()


def test_a_file_that_a_tool_wrote_in_the_checkout_is_told_with_the_command_that_takes_it_back(desk: Desk):
    file = desk.root / "notes.txt"
    file.write_text("theirs\n")
    (told,) = desk.look(desk.step("Edit", str(file)))
    assert (told.kind, told.level, told.item, told.paths) == ("outside", "critical", "q1", ("notes.txt",))
    assert told.what == "q1 changed notes.txt in your checkout, not in its worktree"
    restore = str(told.attrs["restore"]).split("; ")[1].removesuffix(" takes it back")
    subprocess.run(shlex.split(restore), check=True)
    assert file.read_text() == "mine\n"
    (over,) = desk.look()
    assert (over.key, over.closes) == (told.key, True)
    assert desk.look() == []


def test_a_new_file_is_moved_into_the_worktree_by_the_command(desk: Desk):
    file = desk.root / "new file.py"
    file.write_text("x\n")
    (told,) = desk.look(desk.step("Write", str(file)))
    restore = str(told.attrs["restore"]).removesuffix(" moves it into its worktree")
    subprocess.run(shlex.split(restore), check=True)
    assert (desk.worktree / "new file.py").read_text() == "x\n"
    assert desk.look()[0].closes


def test_it_is_the_first_signal_and_pauses_the_loop(desk: Desk):
    (desk.root / "notes.txt").write_text("theirs\n")
    ranker = Ranker()
    ranker.feed(
        Event(source="delegate", kind="delegate.state", key="delegate/q2", state="asks", what="q2 asks", at=1.0)
    )
    for event in desk.look(desk.step("Edit", str(desk.root / "notes.txt"))):
        ranker.feed(event)
    assert ranker.rank(desk.now)[0].kind == "outside"


def test_what_the_human_changes_alone_is_nobodys_business(desk: Desk):
    (desk.root / "notes.txt").write_text("more of mine\n")
    assert desk.look() == []


def test_reading_in_the_checkout_and_writing_below_cockpit_are_no_trace(desk: Desk):
    (desk.root / "notes.txt").write_text("more of mine\n")
    answer = desk.folder / "answer.md"
    answer.write_text("done\n")
    steps = [
        desk.step("Read", str(desk.root / "notes.txt")),
        desk.step("Write", str(answer)),
        desk.step("Edit", "notes.txt"),
        desk.step("Bash", words=f"cat {answer}"),
    ]
    assert desk.look(*steps) == []


@pytest.mark.parametrize(
    "words", ["cd {root} && sed -i s/mine/theirs/ notes.txt", "sed -i s/mine/theirs/ '{root}/notes.txt'"]
)
def test_a_shell_that_named_the_checkout_within_a_minute_of_the_change_is_proof(desk: Desk, words: str):
    (desk.root / "notes.txt").write_text("theirs\n")
    (told,) = desk.look(desk.step("Bash", words=words.format(root=desk.root)))
    assert (told.kind, told.paths) == ("outside", ("notes.txt",))


def test_a_shell_that_named_the_checkout_long_before_the_change_is_none(desk: Desk):
    desk.look(desk.step("Bash", words=f"git -C {desk.root} log"))
    later = time.time() + 600
    (desk.root / "notes.txt").write_text("mine\nmore\n")
    os.utime(desk.root / "notes.txt", (later, later))
    assert desk.look() == []


def test_a_process_of_the_turn_that_works_in_the_checkout_is_proof(desk: Desk):
    code = "import sys; sys.stdout.write('up\\n'); sys.stdout.flush(); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], cwd=desk.root / "src", env={**os.environ, MARK: str(desk.folder)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        (desk.root / "src/a.py").write_text("a = 2\n")
        (told,) = desk.look()
    assert told.kind == "outside"
    assert f"process {child.pid}" in told.evidence


def test_a_file_of_the_items_paths_that_changes_meanwhile_is_a_warning_until_the_delegate_ends(desk: Desk):
    (desk.root / "src/a.py").write_text("a = 2\n")
    (told,) = desk.look()
    assert (told.kind, told.level) == ("finding", "warning")
    facts.write(desk.folder, facts.Sentinel(outcome="finished", exit=0, seconds=1.0, at=time.time()))
    (over,) = desk.look()
    assert (over.key, over.closes) == (told.key, True)


def test_a_warning_gives_way_to_proof(desk: Desk):
    (desk.root / "src/a.py").write_text("a = 2\n")
    desk.look()
    desk.look(desk.step("Edit", str(desk.root / "src/a.py")))
    assert [event.kind for event in desk.open.values()] == ["outside"]


def test_hostile_names_stay_one_word_of_the_command_and_one_line_of_the_screen(desk: Desk):
    name = "-n\x1b[2J; touch owned\n.py"
    (desk.root / name).write_text("x\n")
    (told,) = desk.look(desk.step("Write", str(desk.root / name)))
    assert "\x1b" not in told.what + told.evidence
    assert "\n" not in told.what
    subprocess.run(["sh", "-c", str(told.attrs["restore"]).split(" moves it")[0]], check=False, capture_output=True)
    assert not (desk.root / "owned").exists()


def test_with_no_delegate_at_work_nothing_is_asked_of_git(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    facts.write(desk.folder, facts.Sentinel(outcome="finished", exit=0, seconds=1.0, at=time.time()))
    seen = look(desk.places, None, desk.now)
    monkeypatch.setenv("PATH", "")
    assert desk.guard.events(seen, [], desk.now) == []
    assert desk.guard.trouble == []
