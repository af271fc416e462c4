"""Start, steer and interrupt the turn of a delegate. Each step is a fact first, so any of them can be done again."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import uuid
from pathlib import Path

import msgspec

from cockpit import facts, precommit
from cockpit.act import agents, children, inbox, launch, permits, tmux
from cockpit.act.agents import Agent
from cockpit.act.launch import Launch
from cockpit.act.screen import Patterns
from cockpit.errors import CockpitError
from cockpit.facts import Dispatch, Running, Sentinel, Turn
from cockpit.facts.commits import RECORD
from cockpit.paths import Places
from cockpit.persist import copies, worktrees

OURS = ("GIT_", "TMUX")
"""Variables of the engine that a delegate must not inherit: another repository's git, the user's tmux."""
IDENTITY = ("GIT_AUTHOR_", "GIT_COMMITTER_")


def dispatch(places: Places, dispatch: Dispatch, agent: Agent, brief_text: str, folder: Path | None = None) -> Dispatch:
    """Carry a dispatch from where its fact says it stands to a running session; calling it again changes nothing.

    One without a branch works in a copy of its base, which nothing of the repository is in reach of (R190); `folder` is
    where its facts lie then. Gives the dispatch as it is now. Raises CockpitError when a step fails; the fact then
    shows the last step done.
    """
    folder = folder or places.turn(dispatch.item, dispatch.turn)
    current = facts.read(folder, Dispatch)
    if current is None:
        facts.write(folder, dispatch)
        current = dispatch
    if current.step == "intended":
        facts.put(folder / facts.BRIEF, brief_text)
        if current.branch:
            worktrees.add(places, Path(current.worktree), current.branch, current.base)
        else:
            copies.make(places, Path(current.worktree), current.base)
        current = _step(folder, current, "worktree")
    if current.step == "worktree":
        _desk(folder, current, agent)
        if current.precommit:
            precommit.put(places)
            precommit.begin(_git_dir(Path(current.worktree)))
        if not _ran(folder) and not tmux.exists(places, current.session):
            launch.write(folder, _launch(places, current, agent))
            command = [sys.executable, "-P", "-m", "cockpit.act.runner", str(folder)]
            tmux.start(places, current.session, command, folder)
        current = _step(folder, current, "session")
    return current


def interrupt(places: Places, turn: Turn) -> str:
    """Stop the delegate's turn now; words of what was done, for the receipt. Calling it again does no harm."""
    if turn.sentinel is not None:
        return f"already ended: {turn.sentinel.outcome}"
    if turn.running is None:
        return "the runner has not begun yet"
    if not facts.alive(turn.running):
        left = children.sweep(turn.folder, grace=2.0)
        return f"the runner is gone; ended {left} processes it left" if left else "the runner is gone"
    agent = _agent_of(places, turn)
    words = "asked the runner to stop the agent"
    if agent is not None and agent.kind == "tty":
        tmux.key(places, turn.dispatch.session, agent.interrupt)
        words = f"pressed {agent.interrupt}; the session stays open"
    return words if _signal(turn.running, signal.SIGINT) else "the runner has just ended"


def steer(places: Places, turn: Turn, text: str) -> bool:
    """Send words to the delegate, which gets them at its next boundary: a stream agent when its run ends, an
    interactive one when its prompt waits for input (never typed into a dialog).

    False when they cannot reach this turn any more, or we don't know what its prompt looks like.
    """
    if turn.sentinel is not None or (turn.running is not None and not facts.alive(turn.running)):
        return False
    agent = _agent_of(places, turn)
    if agent is not None and agent.kind == "tty" and not agent.ready:
        return False
    if text not in undelivered(turn):  # the engine asks again until it is delivered
        inbox.send(turn.folder, text)
    return True


def permit(turn: Turn, told: permits.Permit) -> bool:
    """Hand an answer to a permission request over, once; the runner is woken however often. False when it is gone."""
    permits.send(turn.folder, told)
    return turn.running is not None and _signal(turn.running, signal.SIGUSR1)


def recorded(worktree: Path) -> bool:
    """Whether the commit hook has a record there: a worktree that was made again has none of what was before."""
    return (_git_dir(worktree) / RECORD).exists()


def delivered(turn: Turn) -> list[tuple[str, float]]:
    """The messages that reached the agent and when, in epoch seconds."""
    return [(message.text, message.at) for message in inbox.delivered(turn.folder)]


def undelivered(turn: Turn) -> list[str]:
    """Messages that never reached the agent; they belong into the next turn's brief."""
    return [message.text for message in inbox.waiting(turn.folder)]


def _step(folder: Path, current: Dispatch, step: facts.Step) -> Dispatch:
    moved = msgspec.structs.replace(current, step=step)
    facts.write(folder, moved)
    return moved


def _ran(folder: Path) -> bool:
    """Whether this turn's runner has been there: then no second one may start, session or not."""
    return any((folder / facts.NAMES[kind]).exists() for kind in (Running, Sentinel))


def _desk(folder: Path, dispatch: Dispatch, agent: Agent) -> None:
    """The delegate's own `.cockpit/` in the worktree: a sandbox lets it write nowhere else; git ignores it. What else
    the agent keeps there for itself, git ignores too.
    """
    worktree = Path(dispatch.worktree)
    desk = worktree / ".cockpit"
    try:
        for place in (desk, *(worktree / name for name in agent.scratch)):
            _ignored(place)
        facts.put(desk / "brief.md", (folder / facts.BRIEF).read_text(encoding="utf-8"))
        earlier = range(1, dispatch.turn) if dispatch.branch else ()
        for number in earlier:  # a later brief tells only what is new since these
            before = folder.parent / str(number) / "brief.md"
            if before.exists():
                facts.put(desk / f"brief.{number}.md", before.read_text(encoding="utf-8"))
    except OSError as error:
        raise CockpitError(f"cannot prepare the worktree: {error.strerror}", where=str(desk)) from error


def _ignored(place: Path) -> None:
    """A folder that git passes over with all that is in it. Raises CockpitError when the branch has a link there."""
    if place.is_symlink():
        raise CockpitError("the delegate's folder is a link", where=str(place), remedy="remove it from the branch")
    place.mkdir(exist_ok=True)
    ignore = place / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _launch(places: Places, dispatch: Dispatch, agent: Agent) -> Launch:
    if agent.kind == "acp" and importlib.util.find_spec("acp") is None:
        remedy = "pip install 'agent-cockpit[acp]'"
        raise CockpitError("the library for ACP is missing", where=agent.name, remedy=remedy)
    bridge = [*agents.BRIDGE, "--"] if agent.kind == "acp" else []
    worktree, aside = Path(dispatch.worktree), not dispatch.branch
    session = _conversation(places, dispatch, agent)
    values = {
        "worktree": str(worktree),
        "brief": str(worktree / ".cockpit" / "brief.md"),
        "answer": str(worktree / ".cockpit" / "answer.json"),
        "session_id": session or (str(uuid.uuid4()) if any("{session_id}" in word for word in agent.command) else ""),
        "root": str(places.root),
        "python": sys.executable,
        "git_dir": str(_git_dir(worktree)),
        "common_dir": str(_git_dir(worktree) if aside else places.common_dir),
    }
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(OURS) or key.startswith(IDENTITY)
    }
    return Launch(
        item=dispatch.item,
        turn=dispatch.turn,
        kind=agent.kind,
        events=agent.events,
        command=[*bridge, *agent.words(agent.command, dispatch.model, dispatch.verify)],
        resume=agent.words(agent.resume, dispatch.model, dispatch.verify),
        goes_on=bool(session),
        stdin=agent.stdin,
        answer=agent.answer,
        record=launch.fill([agent.record], values)[0],
        interrupt=agent.interrupt,
        allow=[*dispatch.allow, *agent.allow, *dispatch.verify],
        values=values,
        env={
            **inherited,
            "GIT_TERMINAL_PROMPT": "0",
            **(precommit.environment(places, _git_dir(worktree)) if dispatch.precommit else {}),
            **{key: launch.fill([value], values)[0] for key, value in agent.env.items()},
            **(agent.precommit if dispatch.precommit else {}),
            "COCKPIT_ITEM": dispatch.item,
            "COCKPIT_TURN": str(dispatch.turn),
            "COCKPIT_ANSWER": values["answer"],
            # Who only looks reports nothing and finds no other spec than that of its copy.
            "COCKPIT_SPOOL": "" if aside else str(places.spool),
            "COCKPIT_SOCKET": "" if aside else str(places.events),
            "COCKPIT_SPEC": "" if aside else str(places.spec),
        },
        timeout=dispatch.timeout,
        tmux=places.tmux,
        session=dispatch.session,
        patterns=Patterns(agent.ready, agent.busy, tuple(agent.dialogs)),
    )


def _conversation(places: Places, dispatch: Dispatch, agent: Agent) -> str:
    """The agent's name of the conversation that the turn before had, if it can go on with it; empty when not."""
    going = dispatch.branch and dispatch.turn > 1 and agent.resume
    before = facts.load(places.turn(dispatch.item, dispatch.turn - 1)) if going else None
    if before is None or before.sentinel is None or before.dispatch.agent != dispatch.agent:
        return ""
    return before.sentinel.session


def _git_dir(worktree: Path) -> Path:
    """Git's own folder of a linked worktree, as its `.git` file says; `.git` itself when that is a folder."""
    entry = worktree / ".git"
    try:
        return Path(entry.read_text(encoding="utf-8").removeprefix("gitdir:").strip())
    except OSError:
        return entry


def _agent_of(places: Places, turn: Turn) -> Agent | None:
    """The agent as it is defined now; None when that definition has gone or broken since the dispatch."""
    try:
        return agents.load(turn.dispatch.agent, places.root)
    except CockpitError:
        return None


def _signal(running: Running, number: signal.Signals) -> bool:
    """Signal exactly that process: a pid may have been given to another one meanwhile."""
    try:
        handle = os.pidfd_open(running.pid)
    except OSError:
        return False
    try:
        if not facts.alive(running):
            return False
        signal.pidfd_send_signal(handle, number)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True
