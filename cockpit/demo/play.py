"""Make the demo's repository, open the screen on it or play it without one, and clear it away."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cockpit import facts, persist
from cockpit.act.tmux import stop_server
from cockpit.demo.project import FILES, SPEC, scripts
from cockpit.errors import CockpitError
from cockpit.paths import Places, clean_environment
from cockpit.paths import places as find
from cockpit.spec import Item, Mark, parse
from cockpit.steer import stale, steer
from cockpit.wire import ask, latest

Seen = TypeVar("Seen")
PATIENCE = 120.0
"""Seconds the headless play waits for any one thing before it gives up."""
ANSWERS = {
    "q2": "fix the code, not the test",
    "q3": "main has moved: merge it and keep both changes",
    "q4": "with a comma: 1,000",
}


def run(headless: bool = False, keep: bool = False) -> int:
    """Play the demo; 0 when it ended as it should. The temporary repository goes away at the end, unless `keep`.

    Raises CockpitError when something takes longer than it may, or the end state is wrong (headless).
    """
    folder = Path(tempfile.mkdtemp(prefix="cockpit-demo-"))
    signal.signal(signal.SIGTERM, _leave)
    try:
        places = prepare(folder / "tally", pace=0.0 if headless else 1.2)
        try:
            return play(places) if headless else show(places)
        finally:
            close(places)
            shutil.rmtree(places.worktrees, ignore_errors=True)
            shutil.rmtree(places.runtime, ignore_errors=True)
    finally:
        if keep:
            print(f"the demo's repository stays in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _leave(_number: int, _frame: object) -> None:
    """SIGTERM ends the demo as ctrl+c does, so that what it started is ended too."""
    sys.exit(143)


def prepare(root: Path, pace: float) -> Places:
    """The repository: two commits, the scripts of the delegates, the spec. Its identity is its own."""
    root.mkdir(parents=True)
    for name, text in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    git = _git(root)
    git("init", "-q", "-b", "main")
    for key, value in (("user.name", "You"), ("user.email", "you@example.org"), ("commit.gpgsign", "false")):
        git("config", key, value)
    git("add", "-A")
    git("commit", "-q", "-m", "Start tally")
    places = find(cwd=root)
    places.make()
    persist.exclude(places)
    sample = str(places.local / "sample.txt")
    spec = SPEC.replace("{sample}", shlex.quote(sample))
    persist.create(places, spec.encode(), persist.Act(verb="init", target="spec", by="human"))
    rehearsal = places.local / "rehearsal"
    rehearsal.mkdir(parents=True, exist_ok=True)
    for item, turns in scripts(pace, sample).items():
        table = {"turn": [{"steps": steps} for steps in turns]}
        (rehearsal / f"{item}.json").write_text(json.dumps(table, indent=1), encoding="utf-8")
    return places


def show(places: Places) -> int:
    """The demo on the screen."""
    from cockpit.app import run as open_screen

    status = open_screen(places)
    print("That was the demo: its engine and delegates end now.")
    return status


def play(places: Places) -> int:
    """The demo without a screen: accept what passes, send back what does not, answer what is asked."""
    started = time.monotonic()
    engine = subprocess.Popen(
        [sys.executable, "-P", "-m", "cockpit", "-C", str(places.root), "run"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _until("the engine", lambda: latest(places.socket) is not None or engine.poll() is not None)
        _say(steer(places, "loop on"))
        while not _done(places):
            _step(places)
    finally:
        ask(places.socket, "stop")
        engine.wait(PATIENCE)
    check(places)
    print(f"demo: five items, each as it should be, {time.monotonic() - started:.1f} s")
    return 0


def check(places: Places) -> None:
    """The end state: all ticked, four merged, the cheat never on main, nothing of the user's touched."""
    document = parse(persist.read(places))
    git = _git(places.root)
    wrong = [item.id for item in document.queue if item.mark is not Mark.DONE]
    wrong += [item.id for item in document.queue if item.id != "q5" and not item.value("merged")]
    if wrong:
        raise CockpitError("the demo did not end as it should", where=", ".join(wrong))
    if document.queue[4].value("merged") or not document.queue[4].value("proof"):
        raise CockpitError("the ops item has a merge or no proof", where="q5")
    if (places.root / "tests/test_lines.py").read_text() != FILES["tests/test_lines.py"]:
        raise CockpitError("the edited test reached main", where="tests/test_lines.py")
    for name in ("tests.test_lines", "tests.test_report"):
        subprocess.run(["python3", "-m", "unittest", "-q", name], cwd=places.root, check=True, capture_output=True)
    left = git("status", "--porcelain", "--", ".", ":(exclude)SPEC.md")  # its signals go with the next commit
    if left:
        raise CockpitError("the checkout is not clean", where=left)
    git("fsck", "--no-progress")


def close(places: Places) -> None:
    """End the engine and the delegates' tmux server of the demo."""
    ask(places.socket, "stop")
    stop_server(places)


def _step(places: Places) -> None:
    """One act of the human, once nothing else moves; returns when the loop has taken it up."""
    item = _until("a result", lambda: _settled(places))
    if item is not None:
        _say(_act(places, item))
        _until(f"the loop to take {item.id} up", lambda: _taken(places, item))


def _act(places: Places, item: Item) -> object:
    turn = next(turn for turn in facts.turns(places.delegates) if turn.item == item.id)
    if not item.value("asks") and turn.review is not None and turn.review.recommendation == "accept":
        return steer(places, "accept", item.id)
    return steer(places, "iterate", item.id, {"note": ANSWERS.get(item.id, "")})


def _settled(places: Places) -> Item | None:
    """The first item that needs the human once nothing else moves and its verdict is fresh."""
    queue = parse(persist.read(places)).queue
    if any(item.mark in (Mark.OPEN, Mark.RUNNING) or item.value("verdict") for item in queue):
        return None
    stuck = [item for item in queue if item.mark in (Mark.BLOCKED, Mark.STRUCK)]
    if stuck:
        raise CockpitError(f"{stuck[0].id} is stuck", where=stuck[0].value("why"))
    turns = {turn.item: turn for turn in facts.turns(places.delegates)}
    waiting = [item for item in queue if item.mark is Mark.NEEDS_YOU]
    if any(not item.value("asks") and stale(places, turns[item.id]) for item in waiting):
        return None
    return waiting[0] if waiting else None


def _taken(places: Places, before: Item) -> bool:
    item = parse(persist.read(places)).item(before.id)
    if item is None or item.value("verdict"):
        return False
    return item.mark is Mark.DONE or (item.mark is not Mark.OPEN and item != before)


def _done(places: Places) -> bool:
    return all(item.mark is Mark.DONE for item in parse(persist.read(places)).queue)


def _until(what: str, condition: Callable[[], Seen]) -> Seen:
    """Wait for the condition's first true answer. Raises CockpitError after `PATIENCE` seconds."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise CockpitError(f"waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.05)
    return found


def _say(words: object) -> None:
    print(f"demo: {words}", flush=True)


def _git(root: Path) -> Callable[..., str]:
    def git(*args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=root, env=clean_environment(), check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    return git
