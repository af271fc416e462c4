"""What a human and a delegate do together, from the queue to the end, however often the engine dies meanwhile."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cockpit import facts
from cockpit.spec import Item, Mark, parse
from tests.stage import Seen, Stage, edit_and_commit, until


class Play:
    """A stage whose engine is started again whenever it has died, as the next screen would."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.runs = stage.root.parent / "runs"
        """A letter for each time that the agent ran."""
        self.gate = stage.root.parent / "gate"

    @property
    def began(self) -> dict[str, Any]:
        """The step that counts a run."""
        return {"append": str(self.runs), "content": "x"}

    def until(self, what: str, condition: Callable[[], Seen]) -> Seen:
        """The condition's first true answer, with an engine alive."""

        def alive() -> Seen:
            if self.stage.engine is not None and self.stage.engine.poll() is not None:
                self.stage.start()
            return condition()

        try:
            return until(what, alive, 60)
        except AssertionError as error:
            log = self.stage.places.local / "engine.log"
            words = log.read_text()[-3000:] if log.exists() else ""
            raise AssertionError(f"{error}\n{self.stage.places.spec.read_text()}\n{words}") from None

    def item(self, mark: Mark, **fields: str) -> Item:
        """Wait until q1 has that mark, and fields that hold these words."""

        def there() -> Item | None:
            item = parse(self.stage.places.spec.read_bytes()).item("q1")
            fits = item is not None and all(words in item.value(key) for key, words in fields.items())
            return item if item is not None and item.mark is mark and fits else None

        found = self.until(f"q1 [{mark}] {fields}", there)
        assert found is not None
        return found


@dataclass(frozen=True)
class Scene:
    """One way from the queue to an end."""

    name: str
    edges: int
    """More edges than it has; the last ones are never reached."""
    perform: Callable[[Play], None]
    runs: int = 1
    merges: int = 1
    acts: tuple[tuple[str, int], ...] = (("dispatch", 1), ("answer", 1))
    mode: str = "copilot"
    verify: str = "true"


def accepted(play: Play) -> None:
    play.item(Mark.NEEDS_YOU, review="accept")
    play.stage.steer("accept", "q1")
    play.item(Mark.DONE, merged="")


def auto(play: Play) -> None:
    play.stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    play.item(Mark.DONE)


def asks(play: Play) -> None:
    question = [play.began, {"answer": {"status": "asks", "summary": "taste", "question": "tabs or spaces?"}}]
    play.stage.script("q1", question, [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    play.item(Mark.NEEDS_YOU, asks="tabs or spaces?")
    play.stage.steer("iterate", "q1", note="spaces")
    accepted(play)


def stopped(play: Play) -> None:
    """It stops without an answer, and goes on by itself."""
    play.stage.script("q1", [play.began], [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    accepted(play)


def interrupted(play: Play) -> None:
    half = [play.began, {"write": "half.txt", "content": "half\n"}, {"hang": True}]
    play.stage.script("q1", half, [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    play.until("half the work", lambda: (play.stage.places.worktrees / "q1" / "half.txt").exists())
    play.item(Mark.RUNNING)
    play.stage.steer("interrupt", "q1", reason="wrong way")
    play.until("the end of that turn", lambda: play.stage.turn("q1").sentinel)
    play.item(Mark.BLOCKED, why="wrong way")
    play.stage.steer("iterate", "q1", note="the other way")
    accepted(play)
    assert (play.stage.root / "half.txt").read_text() == "half\n", "what it left was not kept"


def steered(play: Play) -> None:
    work = [play.began, {"wait": str(play.gate)}, *edit_and_commit("a.txt", "hello\n")]
    play.stage.script("q1", work)
    play.stage.start_dying()
    play.item(Mark.RUNNING)
    play.stage.steer("steer", "q1", message="mind the accents")
    play.until("the message", lambda: (play.stage.places.turn("q1", 1) / "inbox.ndjson").exists())
    play.gate.touch()
    accepted(play)
    play.item(Mark.DONE, steer="(delivered ")
    assert play.stage.turn("q1").log.read_text().count("mind the accents") == 1, "told twice, or never"


def rejected(play: Play) -> None:
    play.stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    play.item(Mark.NEEDS_YOU, review="accept")
    play.stage.steer("reject", "q1", reason="not this")
    play.item(Mark.STRUCK)
    assert (play.stage.places.worktrees / "q1" / "a.txt").read_text() == "hello\n"
    assert play.stage.git("show", "delegate/q1:a.txt") == "hello"
    assert play.stage.sessions() == ["ck-q1-1"]


def put_off(play: Play) -> None:
    """It comes back by itself, says no task yet, and goes on once it does."""
    play.stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.steer("reword", "q1", text="Write ???")
    play.stage.steer("defer", "q1", until="2000-01-01")
    play.stage.start_dying()
    play.item(Mark.NEEDS_YOU, asks="unclear: ")
    play.stage.steer("reword", "q1", text="Write a")
    accepted(play)


def moved(play: Play) -> None:
    play.stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    play.stage.start_dying()
    play.item(Mark.NEEDS_YOU, review="accept")
    head = play.stage.git("rev-parse", "HEAD")
    (play.stage.root / "b.txt").write_text("mine\n")
    play.stage.git("add", "b.txt")
    play.stage.git("commit", "-qm", "Mine", "--", "b.txt")
    mine = play.stage.git("rev-parse", "HEAD")
    assert mine != head
    accepted_when_fresh(play)
    assert play.stage.git("merge-base", "--is-ancestor", mine, "main") == ""


def accepted_when_fresh(play: Play) -> None:
    """A review of an old target is refused or made again: the human asks until it is taken."""
    from cockpit.errors import Refused

    def taken() -> bool:
        try:
            play.stage.steer("accept", "q1")
        except Refused:
            return play.stage.item("q1").mark is Mark.DONE
        return True

    play.until("the accept", taken)
    play.item(Mark.DONE)


def looked_at(play: Play) -> None:
    """Another agent gives its opinion of the result before the human's yes."""
    play.stage.script("q1", [play.began, *edit_and_commit("a.txt", "hello\n")])
    said = {"summary": "fine", "notes": [{"path": "a.txt", "line": 1, "words": "hello whom?"}]}
    play.stage.script(f"q1{facts.WHO}", [play.began, {"append": "a.txt", "content": "mine"}, {"answer": said}])
    play.stage.steer("give", "q1", key="opinion", value="rehearsal")
    play.stage.start_dying()

    def heard() -> facts.Opinion | None:
        found = facts.opinions(play.stage.places.delegates)
        assert len(found) < 2, "asked twice"
        return found[0].opinion if found else None

    opinion = play.until("the opinion", heard)
    assert opinion is not None
    assert opinion.told == "opinion of rehearsal: 1 note"
    accepted(play)
    assert not list(play.stage.places.worktrees.glob("opinion-*")), "its copy is still there"
    assert play.stage.sessions() == ["ck-q1-1"]


SCENES = (
    Scene("auto", 64, auto, mode="auto", verify="grep -q hello a.txt"),
    Scene("asks", 90, asks, runs=2, acts=(("dispatch", 2), ("ask", 1))),
    Scene("stopped", 90, stopped, runs=2, acts=(("dispatch", 1), ("again", 1), ("answer", 2))),
    Scene("interrupted", 90, interrupted, runs=2, acts=(("dispatch", 2), ("interrupt", 1))),
    Scene("steered", 64, steered),
    Scene("rejected", 48, rejected, merges=0),
    Scene("moved", 90, moved),
    Scene("looked at", 96, looked_at, runs=2, acts=(("dispatch", 1), ("give", 1), ("answer", 1))),
    Scene("put off", 90, put_off, acts=(("dispatch", 1), ("defer", 2), ("ask", 1), ("reopen", 1), ("answer", 1))),
)


@dataclass(frozen=True)
class Belongings:
    """All of the human's that nothing of ours may touch."""

    staged: str
    dirty: str
    stash: str
    config: bytes
    tmux: str
    refs: str

    @classmethod
    def of(cls, root: Path) -> Belongings:
        """As they are now."""

        def git(*args: str) -> str:
            return subprocess.run(["git", *args], cwd=root, check=True, capture_output=True, text=True).stdout

        tmux = ["tmux", "list-sessions", "-F", "#{session_name} #{session_created} #{pid}"]
        return cls(
            staged=git("diff", "--cached", "--", "staged.txt"),
            dirty=git("diff", "--", "README.md") + (root / "notes.txt").read_text(),
            stash=git("stash", "list", "--format=%H %gs"),
            config=(root / ".git" / "config").read_bytes() + (Path.home() / ".gitconfig").read_bytes(),
            tmux=subprocess.run(tmux, capture_output=True, text=True, check=False).stdout,
            refs=git("for-each-ref", "refs/heads/mine", "refs/tags", "refs/stash"),
        )


def move_in(root: Path) -> Belongings:
    """A human in the middle of something: staged, dirty, untracked, stashed, a branch, a tag, a tmux of their own."""

    def git(*args: str) -> None:
        subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)

    git("branch", "mine")
    git("tag", "v1")
    (root / "README.md").write_text("# A project\nstashed\n")
    git("stash")
    (root / "README.md").write_text("# A project\nin the middle of it\n")
    (root / "staged.txt").write_text("staged\n")
    git("add", "staged.txt")
    (root / "notes.txt").write_text("mine\n")
    subprocess.run(["tmux", "new-session", "-d", "-s", "mine", "cat"], check=True, stdin=subprocess.DEVNULL)
    return Belongings.of(root)
