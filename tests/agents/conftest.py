"""Real agents, a real engine, a scripted model. Without the programs (`make test-agents`) nothing runs here."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.act import agents, usage
from cockpit.act.usage import Usage
from cockpit.paths import Places
from cockpit.sense import Event
from cockpit.sense.journal import replay
from cockpit.spec import Item, Mark
from tests.agents.cast import PROGRAMS, REALS, SCRIPTS, Real, answer, path
from tests.agents.model import Model, Say
from tests.stage import Stage, until

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

    def work(self, file: str = "a.txt", text: str = "hello", summary: str = "Wrote it.") -> list[Say]:
        """A delegate that does its work honestly."""
        return [
            Say("I write it.", write=(str(self.worktree / file), f"{text}\n")),
            Say("Committing.", shell=f"git add {file} && git commit -q -m 'Write {file}'"),
            Say("The answer.", write=(str(self.worktree / ".cockpit" / "answer.json"), answer(summary=summary))),
            Say("Done."),
        ]

    def dispatch(self, scenario: str, verify: str = "true", more: str = "") -> None:
        """An engine with one item for this agent, whose delegate gets this scenario."""
        fields = (
            f"  - agent: {self.real.name}\n" + (f"  - model: {self.real.model}\n" if self.real.model else "") + more
        )
        self.stage.spec(f"- [ ] Write a SCENARIO={scenario} ^q1\n{fields}", verify=verify)
        self.stage.start()

    def used(self) -> Usage:
        """What Cockpit read of the last turn's use."""
        dialect = agents.load(self.real.name, self.stage.root).events
        return usage.of_turn(dialect, self.stage.turn("q1").folder)

    def spent(self) -> int:
        """What the model served, as far as this agent counts it."""
        return self.model.tokens(self.real.titles)

    def steps(self) -> list[str]:
        """What the journal has of its tool calls."""
        return [event.what for event in replay(self.stage.places.journal, 1e12).events if event.kind == "agent.step"]

    def told(self, state: str) -> Event:
        """What the journal has of that state of the session, as soon as it has it."""

        def look() -> Event | None:
            events = replay(self.stage.places.journal, 1e12).events
            found = (event for event in events if event.kind == "delegate.state" and event.key == "session/q1")
            return next((event for event in found if event.state == state), None)

        return until(f"session/q1 {state}", look)

    def ended(self, mark: Mark = Mark.NEEDS_YOU, **fields: str) -> Item:
        """The item when the turn is over."""
        return self.stage.await_mark("q1", mark, **fields)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Iterator[pytest.TestReport]:
    """Keep in the file that COCKPIT_RESULTS names what was proved, for docs/agents.md."""
    report: pytest.TestReport = yield
    path, callspec = os.environ.get("COCKPIT_RESULTS"), getattr(item, "callspec", None)
    real = REALS.get(callspec.params.get("real", "")) if callspec is not None else None
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


@pytest.fixture(params=list(REALS))
def real(request: pytest.FixtureRequest) -> Real:
    """Each agent that is installed."""
    found = REALS[request.param]
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
    stage = Stage(places)
    yield Play(real, stage, model)
    model.closing.set()
    stage.stop()
