"""The program in the pane: `python -m cockpit.act.runner TURN_FOLDER` runs one turn and records how it ended.

It loads little, holds a lock on the turn's folder as long as it lives, and writes the sentinel last, whatever happened.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cockpit import facts
from cockpit.act import children, inbox, launch
from cockpit.act.answers import collect, put_aside
from cockpit.act.ending import Ending, conclude, of_exit, why_not
from cockpit.act.launch import MARK, Launch
from cockpit.act.pane import bells, hush, pump, ring, say, trim
from cockpit.act.stream import Stream
from cockpit.act.trajectory import Trajectory
from cockpit.act.tty import Tty
from cockpit.errors import CockpitError
from cockpit.facts import Answer, Running, Sentinel

if TYPE_CHECKING:
    from cockpit.act.talk import Talk

NEVER = float("inf")
TRIM = 2.0
"""Seconds between two looks at the length of the pane's log."""


def main(folder: Path) -> int:
    """Run the turn in `folder`; 0 when its sentinel is written. A second runner of one turn does nothing."""
    with contextlib.ExitStack() as stack:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        stack.callback(os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another runner has this turn.\n")
            return 1
        if (folder / facts.NAMES[Running]).exists() or (folder / facts.NAMES[Sentinel]).exists():
            say("This turn has run already.\n")
            return 1
        bell = stack.enter_context(bells())
        try:
            facts.write(folder, Running(pid=os.getpid(), started=facts.started(os.getpid()) or "", at=time.time()))
            turn = Turn(folder, launch.take(folder), bell)
            os.environ.update(turn.launch.env)  # so that clean() knows the values of its keys
        except CockpitError as error:
            return 0 if conclude(folder, Ending("not-started", detail=str(error)), time.time(), say) else 1
        try:
            return turn.run()
        except Exception as error:  # a disk that is full, a folder that is gone: the record must come all the same
            return 0 if turn.over or turn.end(Ending("crashed", detail=f"the runner failed: {error!r}")) else 1


@dataclass(slots=True)
class Turn:
    """One turn while it runs: what to start, when to stop, and whether the end is recorded already."""

    folder: Path
    launch: Launch
    bell: socket.socket
    """Gives the number of each signal that reached us, one byte each."""
    began: float = field(default_factory=time.time)
    terminal: dict[str, str] = field(
        default_factory=lambda: {"TERM": os.environ.get("TERM", "tmux-256color"), "COLORTERM": "truecolor"}
    )
    """What the pane is: the agent's environment comes from the engine, and tmux 3.3 leaves COLORTERM unset."""
    deadline: float = 0.0
    """On the monotonic clock."""
    over: bool = False
    opened: bool = False
    """Whether the agent's last run told that a conversation began or goes on."""
    talk: Talk | None = None
    """With an agent that listens while it works."""

    def run(self) -> int:
        """The brief, then each message that waits at a boundary; then the answer, the sentinel, one line of summary."""
        self.deadline = time.monotonic() + self.launch.timeout
        put_aside(self.answer, f"before-turn-{self.launch.turn}")
        stdin, waiting = self.folder / "brief.md", list[inbox.Message]()
        argv, anew = self.launch.command, self.launch.goes_on
        if self.launch.stdin == "open":
            from cockpit.act.talk import Talk  # the spec's rules come with it

            self.talk = Talk(self.folder, Path(self.launch.values["worktree"]), self.launch.allow, say, self.more)
        while True:
            ending = self.play(self.launch.resume if anew else argv, stdin, waiting)
            if anew and ending.outcome == "failed" and not self.opened:
                say("! the conversation is not there any more: a new one\n")
                ending = self.play(argv, stdin, waiting)
            anew = False
            waiting = inbox.waiting(self.folder) if ending.outcome == "finished" and not self.over else []
            if not waiting:
                break
            argv, stdin = self.follow_up(waiting)
        children.sweep(self.folder, self.launch.grace)
        children.foreground()
        return 0 if self.over or self.end(ending) else 1

    def follow_up(self, waiting: list[inbox.Message]) -> tuple[list[str], Path]:
        """What to run for the messages: the conversation goes on, or, where the agent cannot, all begins again."""
        words = inbox.words(waiting)
        resumable = bool(self.launch.resume) and (
            bool(self.launch.values.get("session_id")) or not any("{session_id}" in word for word in self.launch.resume)
        )
        if not resumable:
            words = (self.folder / "brief.md").read_text(encoding="utf-8") + "\n" + words
            Path(self.launch.values["brief"]).write_text(words, encoding="utf-8")
        return (self.launch.resume if resumable else self.launch.command), self.note(words)

    def more(self) -> str:
        """What the human added since, for an agent that listens and has done what it was told; empty when nothing."""
        waiting = inbox.waiting(self.folder) if not self.over else []
        if not waiting:
            return ""
        words = inbox.words(waiting)
        self.note(words)
        inbox.deliver(self.folder, waiting)
        return words

    def note(self, words: str) -> Path:
        """Keep a message in the turn's folder; what was answered before must not count for it."""
        file = self.folder / f"message-{len(inbox.delivered(self.folder)) + 1}.md"
        file.write_text(words, encoding="utf-8")
        put_aside(self.answer, file.stem)
        return file

    def play(self, argv: list[str], brief: Path, messages: list[inbox.Message]) -> Ending:
        """Run the agent once until it has exited, stopping it when time is up or a signal asks for it."""
        tty = self.launch.kind == "tty"
        argv = launch.fill(argv, {**self.launch.values, "message": str(brief)})
        worktree = self.launch.values["worktree"]  # also in PWD, which some believe more than where they are
        piped, told = not tty and self.launch.events != "plain", not tty and self.launch.stdin == "brief"
        try:
            with contextlib.ExitStack() as files:
                stdin: IO[bytes] | int = subprocess.DEVNULL
                if self.talk is not None:
                    self.talk.begin(brief.read_text(encoding="utf-8"))
                    stdin = subprocess.PIPE
                elif told:
                    stdin = files.enter_context(brief.open("rb"))
                child = children.start(
                    argv,
                    {**self.launch.env, **self.terminal, MARK: str(self.folder), "PWD": worktree},
                    Path(worktree),
                    stdin,
                    subprocess.PIPE if piped else None,
                    tty=tty,
                )
        except (OSError, ValueError) as error:
            return Ending("not-started", detail=why_not(error, argv, self.launch.values["worktree"]))
        with child:
            try:
                inbox.deliver(self.folder, messages)
                return self.watch(child)
            finally:
                if child.poll() is None:
                    children.send(child, signal.SIGKILL)
                if self.talk is not None:
                    self.talk.close()

    def watch(self, child: subprocess.Popen[bytes]) -> Ending:
        """Sleep until output, death, a signal or the next deadline; escalate from asking to killing."""
        stop: Ending | None = None
        ladder: Iterator[signal.Signals] = iter(())
        next_step, trimmed = NEVER, 0.0
        talk, held = self.talk, 0.0
        shown = hush if self.launch.kind == "tty" else say
        stream = Stream(self.launch.events, self.folder, shown, talk.hear if talk is not None else lambda _: None)
        tty = Tty(self.launch, self.folder, stream.hear) if self.launch.kind == "tty" else None
        record = Trajectory(Path(self.launch.record)) if self.launch.record else None
        with selectors.DefaultSelector() as selector, contextlib.ExitStack() as stack:
            death = os.pidfd_open(child.pid)
            stack.callback(os.close, death)
            stack.callback(stream.close)
            selector.register(death, selectors.EVENT_READ)
            selector.register(self.bell, selectors.EVENT_READ)
            feeds: dict[int, Callable[[bytes], None]] = {}
            for pipe, feed in ((child.stdout, stream.feed), (child.stderr, stream.tell)):
                if pipe is not None:
                    os.set_blocking(pipe.fileno(), False)
                    selector.register(pipe, selectors.EVENT_READ)
                    feeds[pipe.fileno()] = feed
            mouth = talk.mouth(child.stdin, selector) if talk is not None and child.stdin is not None else None
            while True:
                if mouth is not None:
                    mouth.speak()
                now = time.monotonic()
                if talk is not None and talk.asking:  # the human's time is not the agent's
                    self.deadline, held = self.deadline + (now - held if held else 0.0), now
                else:
                    held = 0.0
                if stop is None and now >= self.deadline and not self.over:
                    stop = Ending("timeout", detail=f"ran longer than {self.launch.timeout:g} s")
                    ladder, next_step = iter((signal.SIGTERM, signal.SIGKILL)), now
                if now >= next_step:
                    number = next(ladder, None)
                    next_step = NEVER if number is None else now + self.launch.grace
                    if number is not None:
                        children.send(child, number)
                until = min(
                    next_step,
                    NEVER if stop or self.over else self.deadline,
                    now + 1 if tty and not self.over else NEVER,
                )
                if now >= trimmed + TRIM:
                    trim(self.folder / "pane.log")
                    trimmed = now
                for ready, _ in selector.select(min(max(0.0, until - now), TRIM)):
                    if ready.fd in feeds:
                        if not pump(ready.fd, feeds[ready.fd]):
                            selector.unregister(ready.fileobj)
                    elif ready.fileobj is self.bell:
                        number = ring(self.bell)
                        if number is signal.SIGUSR1 and talk is not None:
                            talk.look()
                        elif number is not None and number is not signal.SIGUSR1 and stop is None:
                            stop, ladder, next_step = self.asked(number)
                    elif ready.fileobj == death:
                        for handle, feed in feeds.items():
                            pump(handle, feed)
                        if record is not None:
                            stream.hear(record.news())
                        stream.close()
                        self.opened = stream.opened
                        self.launch.values["session_id"] = stream.session_id or self.launch.values.get("session_id", "")
                        return of_exit(child.wait(), stop, stream.failure)
                if record is not None:
                    stream.hear(record.news())
                if tty is not None and not self.over and stop is None and tty.step():
                    self.end(Ending("finished"), hush)

    def asked(self, number: signal.Signals) -> tuple[Ending | None, Iterator[signal.Signals], float]:
        """What a signal to us means: INT is the human's interrupt, HUP and TERM say that the terminal goes away."""
        hard = (signal.SIGTERM, signal.SIGKILL)
        if number is not signal.SIGINT:
            ending = Ending("crashed", signal=int(number), detail=f"the session was ended ({number.name})")
            return ending, iter(hard), time.monotonic()
        ending = Ending("interrupted", detail="interrupted by the human")
        if self.launch.kind == "tty":  # Escape went to its screen; the conversation stays open for the human
            if not self.over:
                self.end(ending, hush)
            return None, iter(()), NEVER
        soft = signal.Signals[f"SIG{self.launch.interrupt}"]
        if self.talk is not None:  # it can be asked in words first
            self.talk.stop()
            return ending, iter((soft, *hard)), time.monotonic() + self.launch.grace
        return ending, iter((soft, *hard)), time.monotonic()

    @property
    def answer(self) -> Path:
        """Where the agent was told to write its answer."""
        return Path(self.launch.values["answer"])

    def end(self, ending: Ending, say: Callable[[str], None] = say) -> bool:
        """Keep the answer, write the sentinel, say one line. False when the disk would not take it."""
        self.over = True
        try:
            found = collect(self.answer, self.folder / facts.NAMES[Answer])
            if not found and self.launch.answer == "exit status" and ending.outcome in ("finished", "failed"):
                status = "done" if ending.outcome == "finished" else "blocked"
                words = ending.detail or f"exit status {ending.exit}"
                facts.write(self.folder, Answer(status=status, summary=words, source="exit status"))
        except (OSError, CockpitError) as error:
            ending.detail = f"{ending.detail}; answer not kept: {error}".removeprefix("; ")
        return conclude(self.folder, ending, self.began, say, self.launch.values.get("session_id", ""))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
