"""A program with a screen of its own, in a real pane: what is typed into it, when, and what never."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.act import agents, tmux
from cockpit.act.dispatch import delivered, dispatch, steer, undelivered
from cockpit.act.state import state
from cockpit.facts import Dispatch, Turn
from cockpit.paths import Places
from tests.act.conftest import ended, running, until

PROGRAM = """
import json, sys
print("\\033[?2004h", end="")
if "dialog" in sys.argv:
    print("Folder access\\n Trust this folder?\\n> 1. Yes", flush=True)
    typed = sys.stdin.readline()
    open("typed", "a").write(typed)
while True:
    print("READY>", flush=True)
    line = sys.stdin.readline().replace("\\x1b[200~", "").replace("\\x1b[201~", "")
    if not line:
        break
    open("heard", "a").write(line)
    if "answer" in line or "brief" in line:
        json.dump({"status": "done", "summary": line.strip()}, open(".cockpit/answer.json", "w"))
"""
AGENT = """
kind = "tty"
stdin = "{stdin}"
command = {command}
ready = '(?m)^READY>\\s*\\Z'
dialogs = ['(?P<words>Trust this folder\\?)(?s:.)*1\\. Yes\\s*\\Z']
"""


@pytest.fixture(autouse=True)
def server(places: Places) -> Iterator[None]:
    yield
    tmux.stop_server(places)


@pytest.fixture
def begin(places: Places, intend: Callable[..., Dispatch]) -> Callable[..., Turn]:
    """Dispatch q1 to the program with these arguments."""

    def start(*arguments: str, stdin: str = "none") -> Turn:
        folder = places.local / "agents"
        folder.mkdir()
        (folder / "tui.py").write_text(PROGRAM)
        command = json.dumps([sys.executable, str(folder / "tui.py"), *arguments])
        (folder / "mine.toml").write_text(AGENT.format(stdin=stdin, command=command))
        meant = intend(agent="mine")
        dispatch(places, meant, agents.load("mine", places.root), "the brief\n")
        return running(places.turn("q1", 1))

    return start


def told(turn: Turn) -> list[dict[str, Any]]:
    record = turn.folder / "events.ndjson"
    return [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []


def heard(turn: Turn) -> str:
    file = Path(turn.dispatch.worktree) / "heard"
    return file.read_text() if file.exists() else ""


def test_nothing_is_typed_into_a_dialog_and_what_it_asks_is_told(places: Places, begin: Callable[..., Turn]):
    turn = begin("dialog")
    assert steer(places, turn, "please answer")
    until(lambda: told(turn), "the dialog to be told")
    assert told(turn) == [{"type": "screen", "state": "asks", "words": "its screen shows a dialog: Trust this folder?"}]
    assert undelivered(turn) == ["please answer"]
    assert not (Path(turn.dispatch.worktree) / "typed").exists()
    tmux.key(places, turn.dispatch.session, "Enter")  # the human, who has attached
    until(lambda: [text for text, _ in delivered(turn)] == ["please answer"], "its delivery")
    turn = ended(turn.folder)
    assert state(turn).name == "finished"
    assert (Path(turn.dispatch.worktree) / "typed").read_text() == "\n", "the human's Enter and nothing else"
    assert told(turn)[1] == {"type": "screen", "state": "works"}


def test_an_agent_that_was_given_no_words_is_told_where_its_brief_is(begin: Callable[..., Turn]):
    turn = ended(begin(stdin="brief").folder)
    assert heard(turn) == "Read .cockpit/brief.md in this folder and carry it out.\n"
    assert turn.answer is not None
    assert turn.answer.summary.startswith("Read .cockpit/brief.md")


def test_words_that_came_while_it_worked_go_before_the_answer_counts(places: Places, begin: Callable[..., Turn]):
    turn = begin(stdin="brief")
    assert steer(places, turn, "another answer please")
    turn = ended(turn.folder)
    assert [text for text, _ in delivered(turn)] == ["another answer please"]
    assert turn.answer is not None
    assert turn.answer.summary.startswith("Carry this out"), "the answer to the last of what was said"
    assert list(Path(turn.dispatch.worktree, ".cockpit").glob("answer.message-1.json"))


def test_a_prompt_that_stands_still_without_an_answer_is_told(begin: Callable[..., Turn]):
    turn = begin()
    until(lambda: told(turn), "the wait to be told")
    assert told(turn) == [{"type": "screen", "state": "waits", "words": "its prompt waits for words"}]
