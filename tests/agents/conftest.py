"""Real agents, a real engine, a scripted model. Without the programs (`make test-agents`) nothing runs here."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from cockpit.act import agents, tmux, usage
from cockpit.act.agents import Agent
from cockpit.paths import Places
from cockpit.sense import Event
from cockpit.sense.journal import replay
from cockpit.spec import Item, Mark
from cockpit.spent import Usage
from tests.agents.cast import ASKING, PROGRAMS, REALS, SCREENS, SCRIPTS, Real, answer, path
from tests.agents.model import Model, Say
from tests.stage import Stage, until

Seen = TypeVar("Seen")
PATIENCE = 150.0
"""Seconds: real programs, on a machine that may have other work."""
THEIRS = ("ANTHROPIC_", "CLAUDE", "OPENAI_", "CODEX_", "GEMINI_", "GOOGLE_", "QWEN_", "OPENCODE_")


class Play:
    """One agent at work for a real engine: what the model does, and what came of it."""

    def __init__(self, real: Real, stage: Stage, model: Model) -> None:
        self.real = real
        self.stage = stage
        self.model = model

    @property
    def worktree(self) -> Path:
        """Where the delegate of q1 works."""
        return self.stage.places.worktrees / "q1"

    @property
    def agent(self) -> Agent:
        """As it is defined in this repository."""
        return agents.load(self.real.name, self.stage.root)

    def work(self, file: str = "a.txt", text: str = "hello", summary: str = "Wrote it.") -> list[Say]:
        """A delegate that does its work honestly."""
        if not self.real.tools:
            return [Say(f"I write it.\n\n{file}\n```\n<<<<<<< SEARCH\n=======\n{text}\n>>>>>>> REPLACE\n```\n")]
        return [
            Say("I write it.", write=(str(self.worktree / file), f"{text}\n")),
            Say("Committing.", shell=f"git add {file} && git commit -q -m 'Write {file}'"),
            Say("The answer.", write=(str(self.worktree / ".cockpit" / "answer.json"), answer(summary=summary))),
            self.done("Done."),
        ]

    def forget(self) -> None:
        """Its conversations are gone."""
        place = self.worktree if self.real.memory.startswith(".cockpit/") else Path(os.environ["HOME"])
        memory = place / self.real.memory
        parts = list(memory.parent.glob(f"{memory.name}*"))  # a database is more than one file
        assert parts, f"nothing at {memory}"
        for part in parts:
            shutil.rmtree(part) if part.is_dir() else part.unlink()

    def done(self, words: str) -> Say:
        """Its last words."""
        return Say(words, shell=self.real.ends)

    def dispatch(self, scenario: str, verify: str = "true", more: str = "") -> None:
        """An engine with one item for this agent, whose delegate gets this scenario."""
        model = f"  - model: {self.real.model}\n" if self.real.model else ""
        fields = f"  - agent: {self.real.name}\n{model}  - timeout: 5\n{more}"
        self.stage.spec(f"- [ ] Write a SCENARIO={scenario} ^q1\n{fields}", verify=verify)
        self.stage.start()

    def until(self, what: str, condition: Callable[[], Seen]) -> Seen:
        """The condition's first true answer."""
        return until(what, condition, PATIENCE)

    def before(self, *parts: list[Say]) -> int:
        """How often the model has spoken in a conversation that goes on after these."""
        # Who cannot go on begins anew; who is told to read its brief reads it first.
        kept = sum(map(len, parts)) if self.agent.resume else 0
        return kept + self.real.primed + self.real.reads

    def said(self, summary: str) -> bool:
        """Whether that is the answer of the last turn; for an agent that writes none, that it ended well."""
        answer = self.stage.turn("q1").answer
        assert answer is not None
        if self.agent.answer == "exit status":
            return (answer.status, answer.source) == ("done", "exit status")
        return (answer.status, answer.summary, answer.source) == ("done", summary, "agent")

    def used(self) -> Usage:
        """What Cockpit read of the last turn's use."""
        return usage.of_turn(self.agent.events, self.stage.turn("q1").folder)

    def spent(self) -> int:
        """What the model served, as far as this agent counts it."""
        return self.model.tokens(self.real.titles)

    def begun(self, scenario: str) -> set[int]:
        """How often the model had spoken before it was asked for that scenario."""
        served = (one for one in self.model.served if one.scenario == scenario and one.turn >= 0)
        return {one.before for one in served}

    def calls(self, work: list[Say]) -> int:
        """How many steps of that work can be seen: its calls, or the edit and the commit of one that makes no calls."""
        made = sum(bool(say.write[0]) or say.shell not in ("", self.real.ends) for say in work)
        return made + self.real.reads if self.real.tools else 2

    def steps(self) -> list[str]:
        """What the journal has of its tool calls."""
        return [event.what for event in replay(self.stage.places.journal, 1e12).events if event.kind == "agent.step"]

    def screen(self) -> str:
        """What the pane of q1's last turn shows."""
        return tmux.screen(self.stage.places, self.stage.turn("q1").dispatch.session)

    def press(self, *keys: str) -> None:
        """As the human does who has attached."""
        for key in keys:
            tmux.key(self.stage.places, self.stage.turn("q1").dispatch.session, key)

    def told(self, state: str) -> Event:
        """What the journal has of that state of the session, as soon as it has it."""

        def look() -> Event | None:
            events = replay(self.stage.places.journal, 1e12).events
            found = (event for event in events if event.kind == "delegate.state" and event.key == "session/q1")
            return next((event for event in found if event.state == state), None)

        return self.until(f"session/q1 {state}", look)

    def ended(self, mark: Mark = Mark.NEEDS_YOU, **fields: str) -> Item:
        """The item when the turn is over."""
        return self.stage.await_mark("q1", mark, **fields)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Iterator[pytest.TestReport]:
    """Keep in the file that COCKPIT_RESULTS names what was proved, for docs/agents.md."""
    report: pytest.TestReport = yield
    path, callspec = os.environ.get("COCKPIT_RESULTS"), getattr(item, "callspec", None)
    real = {**REALS, **SCREENS, **ASKING}.get(callspec.params.get("real", "")) if callspec is not None else None
    cannot = real is not None and item.originalname in real.cannot
    if path and real is not None and (report.when == "call" or (cannot and report.skipped)):
        file = Path(path)
        told = json.loads(file.read_text()) if file.exists() else {}
        entry = told.setdefault(real.name, {"package": real.package})
        if entry.get("version") != real.version:
            entry.update(version=real.version, proved={})
        words = item.originalname.removeprefix("test_").replace("_", " ")
        entry["date"] = time.strftime("%Y-%m-%d")
        entry["proved"][words] = real.cannot.get(item.originalname) or report.outcome
        file.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n")
    return report


@pytest.fixture(params=[*REALS, "claude-ask"])
def real(request: pytest.FixtureRequest) -> Real:
    """Each agent that is installed; COCKPIT_REALS names those that are wanted, all without it."""
    found = {**REALS, **SCREENS, **ASKING}[request.param]
    if (wanted := os.environ.get("COCKPIT_REALS", "").split()) and found.name not in wanted:
        pytest.skip(f"COCKPIT_REALS does not name {found.name}")
    if not any((folder / found.program).exists() for folder in (PROGRAMS, SCRIPTS)):
        pytest.skip(f"{found.program} is not installed: make test-agents")
    return found


@pytest.fixture
def model() -> Iterator[Model]:
    made = Model()
    yield made
    made.close()
    assert not made.strange, made.strange


@pytest.fixture
def play(
    request: pytest.FixtureRequest, real: Real, places: Places, model: Model, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Play]:
    """The agent, settled in a home of its own as a user would do it: keys exported, the rest in the repository's
    `.cockpit/agents/NAME.toml`."""
    if why := real.cannot.get(request.node.originalname):
        pytest.skip(why)
    for name in [name for name in os.environ if name.startswith(THEIRS)]:
        monkeypatch.delenv(name)
    for name, key in real.keys.items():
        monkeypatch.setenv(name, key)
    monkeypatch.setenv("PATH", path())
    real.settle(model.url, Path(os.environ["HOME"]), places.root)
    file = places.local / "agents" / f"{real.name}.toml"
    file.parent.mkdir()
    env = "".join(f'{name} = "{value}"\n' for name, value in real.env(model.url).items())
    file.write_text(f'like = "{real.name}"\n\n[env]\n{env}')
    model.toolless = not real.tools
    if real.reads:
        model.reads = Say("I read it.", shell="cat .cockpit/brief.md")
    stage = Stage(places)
    stage.patience = PATIENCE
    yield Play(real, stage, model)
    model.closing.set()
    stage.stop()
