"""A believable project at a fixed hour: real repository, facts and logs, and the snapshot an engine would send."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from cockpit import facts
from cockpit.app import CockpitApp
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.wire import DelegateRow, MutedView, SignalView, Snapshot, TermView

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC).timestamp()
MINUTE = 60.0
PICTURES = Path(__file__).parent.parent.parent / "screenshots"

SPEC = """\
---
cockpit:
  loop: on              # on | step | hold
  mode: copilot
  agent: claude
  verify: pytest -q
  wip: 2
  review: 3
  protect: [tests/**]
---
# Lantern

## Goal
Readers see new articles within a minute, and a highlight
survives every edit of the article it belongs to.

## Live Signals
| Signal | State | Since | Action |
|---|---|---:|---|
| tests | failing | 4m | inspect |

## Queue
- [x] Fetch feeds concurrently ^q1
  - merged: 4f1c2aa
- [?] Retry feed fetches with jittered back-off ^q2
  - verify: `pytest tests/test_fetch.py`
  - paths: src/lantern/fetch.py, tests/**
  - branch: delegate/q2
  - review: 9 pass, 5 n/a; accept
- [/] Keep highlights by content hash, not by position ^q3
  - after: q1
  - branch: delegate/q3
- [?] Offline mode: one switch for the whole program ^q4
  - branch: delegate/q4
  - asks: keep `--offline` as a flag, or move it to the config file?
- [!] Drop the code paths for Python 3.8 ^q5
  - branch: delegate/q5
  - why: failed: exit status 3
- [ ] Import OPML with nested folders ^q6
  - after: q3
- [>] Full-text search over the archive ^q7
  - until: after 1.0

## Acceptance
- `lantern sync` ends within 60 s on a slow line
- no highlight is lost by `tests/test_highlights.py`

## Muted
- `test_socket_reconnect` until it changes: flaky, PER-9 (2026-11-21 10:12) ^m1

## Decisions
- [x] duplicate headings get `-1`, `-2` as on GitHub ^d1
"""

FETCH = '''\
"""Fetch feeds."""

import httpx


def fetch(url: str) -> bytes:
    return httpx.get(url).content
'''
FETCH_AFTER = '''\
"""Fetch feeds, patiently."""

import random
import time

import httpx

ATTEMPTS = 4


def fetch(url: str) -> bytes:
    """The feed's bytes; tries again with growing, jittered pauses."""
    for attempt in range(ATTEMPTS):
        try:
            return httpx.get(url, timeout=10).content
        except httpx.TransportError:
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(2**attempt + random.random())
    raise AssertionError("unreachable")
'''
TEST_AFTER = """\
from lantern.fetch import fetch


def test_a_refused_connection_is_tried_again(flaky_server):
    assert fetch(flaky_server.url) == b"<feed/>"
    assert flaky_server.hits == 3
"""
LOG = (
    "\x1b[2m10:12:04\x1b[0m \x1b[1mread\x1b[0m   src/lantern/highlights.py\n"
    "\x1b[2m10:12:09\x1b[0m \x1b[1mread\x1b[0m   src/lantern/article.py\n"
    "\x1b[2m10:13:31\x1b[0m A highlight is stored as (start, end). An edit above it moves it.\n"
    "\x1b[2m10:13:31\x1b[0m I will store blake2s(text) and look it up on load.\n"
    "\x1b[2m10:14:02\x1b[0m \x1b[1medit\x1b[0m   src/lantern/highlights.py \x1b[32m+41\x1b[0m \x1b[31m-17\x1b[0m\n"
    "\x1b[2m10:15:20\x1b[0m \x1b[1medit\x1b[0m   tests/test_highlights.py \x1b[32m+28\x1b[0m\n"
    "\x1b[2m10:15:24\x1b[0m \x1b[1mrun\x1b[0m    pytest -q tests/test_highlights.py\n"
    "\x1b[32m.......\x1b[31mF\x1b[0m                                        \x1b[31m[ 88%]\x1b[0m\n"
    "\x1b[31mE  AssertionError: lost 1 highlight of 12\x1b[0m\n"
    "\x1b[2m10:16:47\x1b[0m Two equal sentences share a hash. I add the nearest heading to the key.\n"
    "\x1b[2m10:17:30\x1b[0m \x1b[1medit\x1b[0m   src/lantern/highlights.py \x1b[32m+9\x1b[0m \x1b[31m-2\x1b[0m\n"
    "\x1b[2m10:17:33\x1b[0m \x1b[1mrun\x1b[0m    pytest -q tests/test_highlights.py\n"
    "\x1b[32m........                                        [100%]\x1b[0m\n"
    "\x1b[32m8 passed\x1b[0m in 0.41s\n"
)
CHECKS = (
    ("acceptance grep", "n/a", "no criterion names a command"),
    ("verification", "pass", "`pytest tests/test_fetch.py` exit 0 in 1.9 s on 9c1f03e2aa"),
    ("scope", "pass", "2 files, all inside src/lantern/fetch.py, tests/**"),
    ("substring collision", "n/a", "no name is changed"),
    ("branding", "pass", "no such name comes in"),
    ("lockfile", "n/a", "no manifest and no lockfile is touched"),
    ("endpoint echo", "n/a", "no address comes in"),
    ("tasks.md", "n/a", "no tasks.md is touched"),
    ("protected paths", "pass", "tests/test_fetch.py is new; no protected file was changed"),
    ("secrets", "pass", "none comes in, by the change or by a commit in between"),
    ("debris", "pass", "nothing is left lying about"),
    ("provenance", "pass", "2 commits by ada@example.org"),
    ("conflicts", "pass", "merges with the target"),
    ("answer", "pass", "Feeds are fetched again with growing, jittered pauses"),
)


Act = tuple[str, str, str, str, str, tuple[tuple[str, str], ...]]

ACTS: tuple[Act, ...] = (
    ("09:40", "park", "q5", "engine", "failed: exit status 3",
     (("- [!] Drop", "- [/] Drop"), ("  - why: failed: exit status 3\n", ""))),
    ("09:42", "dispatch", "q2", "engine", "turn 1",
     (("- [/] Retry", "- [ ] Retry"), ("  - branch: delegate/q2\n", ""))),
    ("09:46", "add", "q6", "human", "Import OPML with nested folders",
     (("- [ ] Import OPML with nested folders ^q6\n  - after: q3\n", ""),)),
    ("09:50", "reword", "q4", "human", "Offline mode: one switch for the whole program",
     (("Offline mode: one switch for the whole program", "Offline mode"),)),
    ("09:54", "ask", "q4", "delegate/q4", "keep --offline as a flag, or move it to the config file?",
     (("- [?] Offline", "- [/] Offline"),
      ("  - asks: keep `--offline` as a flag, or move it to the config file?\n", ""))),
    ("09:56", "review", "q2", "engine", "9 pass, 5 n/a; accept",
     (("- [?] Retry", "- [/] Retry"), ("  - review: 9 pass, 5 n/a; accept\n", ""))),
    ("09:58", "defer", "q7", "human", "", (("- [>] Full-text", "- [ ] Full-text"), ("  - until: after 1.0\n", ""))),
    ("10:12", "mute", "test_socket_reconnect", "human", "flaky, PER-9",
     (("- `test_socket_reconnect` until it changes: flaky, PER-9 (2026-11-21 10:12) ^m1\n", ""),)),
)  # fmt: skip
"""What was done, oldest first, each with what it wrote and what stood there before."""


@dataclass
class Project:
    """The repository `lantern` and what was made of it."""

    places: Places
    spec: str = SPEC

    @property
    def root(self) -> Path:
        return self.places.root

    def git(self, *args: str, at: str = "2026-11-21T09:00:00+00:00") -> str:
        import os

        environment = os.environ | {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
        return subprocess.run(
            ["git", *args], cwd=self.root, check=True, capture_output=True, text=True, env=environment
        ).stdout.strip()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def commit(self, subject: str, at: str, *trailers: str) -> str:
        self.git("add", "-A", at=at)
        message = "\n\n".join([subject, "\n".join(trailers)]) if trailers else subject
        self.git("commit", "-qm", message, at=at)
        return self.git("rev-parse", "HEAD")

    def act(self, verb: str, target: str, by: str, reason: str, at: str) -> str:
        """A steering commit as `persist` writes it."""
        why = [f"Cockpit-Reason: {reason}"] if reason else []
        who = [f"Cockpit-Verb: {verb}", f"Cockpit-Target: {target}", f"Cockpit-By: {by}"]
        return self.commit(f"{verb} {target}", at, *who, *why)

    def app(self, **options: Any) -> CockpitApp:
        return CockpitApp(self.places, connect=False, clock=lambda: NOW, **options)

    def snapshot(self) -> Snapshot:
        return Snapshot(
            version=7,
            pid=1,
            state="Agent Running",
            branch="main",
            loop="on",
            mode="copilot",
            head="",
            why="q6 waits for q3; q7 is deferred",
            waits={"q6": "waits for q3"},
            running=1,
            wip=2,
            waiting=2,
            review=3,
            budget="5/20 turns, 31/90 min",
            delegates=[
                self._row("q3", "claude", "working", 16),
                self._row("q2", "codex", "reviewed", 9),
                self._row("q4", "claude", "asks", 3),
                self._row("q5", "aider", "failed", 12),
            ],
            signals=SIGNALS,
            muted=[MutedView(key="test_socket_reconnect", what="test_socket_reconnect", until="it changes",
                             reason="flaky, PER-9")],
        )  # fmt: skip

    def _row(self, item: str, agent: str, state: str, minutes: int) -> DelegateRow:
        turn = facts.load(self.places.turn(item, 1))
        assert turn is not None
        return DelegateRow(
            item=item,
            turn=1,
            text=turn.dispatch.text,
            agent=agent,
            state=state,
            evidence={"working": "runner 4711 is alive", "reviewed": "review.json: accept"}.get(state, "its sentinel"),
            since=NOW - minutes * MINUTE,
            log=str(turn.log),
            branch=turn.dispatch.branch,
            session=f"ck-{item}-1",
            tokens={"q3": 84_000, "q2": 61_000}.get(item),
        )


SIGNALS = [
    SignalView(key="delegate/q4", what="q4 asks", state="asks", since=NOW - 3 * MINUTE, action="answer", item="q4",
               level="alert", reasons=["asks a question"],
               evidence=["keep `--offline` as a flag, or move it to the config file?"]),
    SignalView(key="delegate/q5", what="q5 failed", state="failed", since=NOW - 12 * MINUTE, action="inspect",
               item="q5", level="alert", reasons=["ended without a result"], evidence=["sentinel: failed"]),
    SignalView(key="tests", what="tests fail on main", state="failing", since=NOW - 4 * MINUTE, action="inspect",
               level="alert", reasons=["not in any of 6 green runs", "first seen after httpx 0.27 -> 0.28"],
               terms=[TermView("severity", 1.0, "error from ci"), TermView("novel", 1.0, "not in any of 6 green runs"),
                      TermView("after", 0.6, "first seen after httpx 0.27 -> 0.28"),
                      TermView("taste", 0.21, "you usually act on ci"), TermView("fading", -0.12, "no change for 4 m")],
               evidence=["tests/test_highlights.py:41: AssertionError: lost 1 highlight of 12",
                         "FAILED tests/test_highlights.py::test_moved"],
               first=NOW - 4 * MINUTE, last=NOW - MINUTE, count=3, source="ci",
               paths=["tests/test_highlights.py"], suspects=["httpx 0.27 -> 0.28", "9be12f0 Read"],
               closes="a green run of tests", folded=2),
    SignalView(key="delegate/q2", what="q2 waits for your verdict", state="reviewed", since=NOW - 9 * MINUTE,
               action="review", item="q2", level="warn", reasons=["waits for your verdict"],
               evidence=["review.json: accept"]),
    SignalView(key="goal/q3", what="q3 works on the goal as it was before", state="stale", since=NOW - 16 * MINUTE,
               action="interrupt", item="q3", level="warn", reasons=["warn from goal"]),
    SignalView(key="commits/main", what="2 commits on main: Read feeds in UTF-8", state="new",
               since=NOW - 75 * MINUTE, action="log", reasons=["new on the branch"],
               evidence=["9be12f0aa Read feeds in UTF-8 (Grace)"]),
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """`lantern` with seven items, four delegates, and a history of steering, all at fixed hours."""
    root = tmp_path / "lantern"
    root.mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    places = find_places(cwd=root)
    places.make()
    made = Project(places)
    (places.common_dir / "info").mkdir(exist_ok=True)
    (places.common_dir / "info" / "exclude").write_text(".cockpit/\n")
    made.write("src/lantern/fetch.py", FETCH)
    versions = [SPEC]
    for *_, replaced in reversed(ACTS):
        before = versions[0]
        for now, then in replaced:
            assert now in before
            before = before.replace(now, then)
        versions.insert(0, before)
    made.write("SPEC.md", versions[0].replace("## Acceptance\n", "## Acceptance\n- it works\n"))
    made.commit("Begin", "2026-11-20T09:00:00+00:00")
    made.write("SPEC.md", versions[0])
    made.commit("Say what is wanted", "2026-11-20T10:00:00+00:00")
    base = ""
    for version, (at, verb, target, by, reason, _) in zip(versions[1:], ACTS, strict=True):
        made.write("SPEC.md", version)
        base = made.act(verb, target, by, reason, f"2026-11-21T{at}:00+00:00")
    made.git("switch", "-qc", "delegate/q2")
    made.write("src/lantern/fetch.py", FETCH_AFTER)
    made.write("tests/test_fetch.py", TEST_AFTER)
    head = made.commit("Retry with jittered back-off", "2026-11-21T10:20:00+00:00")
    made.git("switch", "-q", "main")
    for at, (item, agent, text) in enumerate(
        (
            ("q3", "claude", "Keep highlights by content hash, not by position"),
            ("q2", "codex", "Retry feed fetches with jittered back-off"),
            ("q4", "claude", "Offline mode: one switch for the whole program"),
            ("q5", "aider", "Drop the code paths for Python 3.8"),
        )
    ):
        folder = places.turn(item, 1)
        dispatch = facts.Dispatch(item=item, turn=1, text=text, agent=agent, branch=f"delegate/{item}", base=base,
                                  target="refs/heads/main", worktree=f"/state/lantern/{item}", session=f"ck-{item}-1",
                                  timeout=1800.0, at=NOW - 1200 + at, step="session")  # fmt: skip
        facts.write(folder, dispatch)
    (places.turn("q3", 1) / "pane.log").write_text(LOG)
    facts.write(places.turn("q2", 1), facts.Sentinel(outcome="finished", exit=0, at=NOW - 540, seconds=610.0))
    facts.write(places.turn("q4", 1), facts.Sentinel(outcome="finished", exit=0, at=NOW - 180, seconds=90.0))
    facts.write(places.turn("q5", 1), facts.Sentinel(outcome="crashed", exit=3, at=NOW - 720, seconds=12.0))
    checks = [facts.Check(number=n, name=name, result=result, evidence=words)  # pyright: ignore[reportArgumentType]
              for n, (name, result, words) in enumerate(CHECKS, 1)]  # fmt: skip
    facts.write(
        places.turn("q2", 1),
        facts.Review(base=base, head=head, tree="", recommendation="accept", checks=checks, at=NOW - 540,
                     stat="2 files, +20 -3", output="$ pytest tests/test_fetch.py\n..                    [100%]\n"
                     "2 passed in 1.87s\n"),
    )  # fmt: skip
    return made


class Pictures(SVGImageExtension):
    """Goldens live in `screenshots/` under readable names: they are the pictures of the README."""

    @classmethod
    def dirname(cls, *, test_location: Any) -> str:
        return str(PICTURES)

    @classmethod
    def get_snapshot_name(cls, *, test_location: Any, index: Any = 0) -> str:
        return str(index)

    @classmethod
    def write_snapshot(cls, **options: Any) -> None:
        with warnings.catch_warnings():  # syrupy wants the test's name in the picture's
            warnings.simplefilter("ignore")
            super().write_snapshot(**options)


Steps = Callable[[Pilot[None]], Awaitable[None]]


async def settle(pilot: Pilot[None]) -> None:
    """Until every worker but the watchers has ended and everything is painted."""
    app = pilot.app
    for _ in range(400):
        await pilot.pause()
        busy = [
            worker
            for worker in app.workers
            if worker.group not in ("prompt", "watch") and not worker.group.startswith("steer") and worker.is_running
        ]
        if not busy:
            break
    await pilot.pause()


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> Callable[..., Awaitable[None]]:
    """`await picture(name, app, size, steps)`: what the app shows equals the golden of that name."""

    async def compare(name: str, app: CockpitApp, size: tuple[int, int], steps: Steps | None = None) -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            if steps is not None:
                await steps(pilot)
            await settle(pilot)
            svg = app.export_screenshot(title="Cockpit")
        assert snapshot.use_extension(Pictures)(name=name) == svg

    return compare
