"""Why a signal stands where it stands: all of it in words, on the screen and in the shell alike."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from cockpit import explain
from cockpit.paths import Places
from cockpit.wire import SignalView, TermView
from tests.stage import Stage, until
from tests.test_signals import signal

NOW = 1_700_000_000.0
SIGNAL = SignalView(
    key="build", what="the build fails", state="red", since=NOW - 240, action="interrupt", item="q1", level="error",
    reasons=["5 jobs"],
    terms=[TermView("severity", 1.0, "error from ci"), TermView("fading", -0.25, "no change for 4 m")],
    evidence=["one\ntwo", "three"], first=NOW - 300, last=NOW - 60, count=3, suspects=["a 1 -> 2"],
    closes="a green run of build", blocks=True, folded=2,
)  # fmt: skip


def test_all_terms_stand_there_with_their_numbers_and_their_sum():
    facts = explain.of_signal(SIGNAL, NOW)
    assert ("because", " +1.00  severity  error from ci") in facts
    assert ("", " -0.25  fading    no change for 4 m") in facts
    assert ("", "  0.75  in all") in facts


def test_it_says_the_act_with_its_key_the_evidence_line_by_line_and_what_would_end_it():
    facts = dict(explain.of_signal(SIGNAL, NOW))
    words = [words for _, words in explain.of_signal(SIGNAL, NOW)]
    assert facts["do"] == "interrupt  (enter, or x)"
    assert {"one", "two", "three"} <= set(words)
    assert facts["suspects"] == "a 1 -> 2"
    assert facts["ends"] == "with a green run of build"
    assert facts["seen"].startswith("3 times, first ")
    assert facts["seen"].endswith("(1 m ago)")
    assert "2 other rows are folded into it" in words
    assert "the head of the queue waits for it: no mute hides it" in words


def test_a_signal_is_found_by_its_key_its_item_or_a_part_that_only_it_has():
    other = SignalView(key="build/two", what="x", state="", since=0, action="")
    assert explain.find([SIGNAL, other], "build") is SIGNAL
    assert explain.find([SIGNAL, other], "q1") is SIGNAL
    assert explain.find([SIGNAL, other], "TWO") is other
    assert explain.find([SIGNAL, other], "bui") is None
    assert explain.find([SIGNAL, other], "") is SIGNAL


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def test_the_shell_says_why_without_an_engine_too(stage: Stage):
    stage.spec("- [!] Write a ^q1\n", loop="hold")

    def why(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*stage.program, "why", *words], capture_output=True, text=True, check=False)

    assert why("nothing").returncode == 1
    push = [*stage.program, "push", "--key", "build", "--source", "ci", "--state", "failing", "--level", "error"]
    subprocess.run([*push, "the build fails"], check=True)
    stage.start()

    until("the signal", lambda: signal(stage, "build"))
    assert "the build fails" in why("build").stdout
    stage.stop()
    said = why("build")
    assert "in all" in said.stdout
    assert json.loads(why("build", "--json").stdout)["key"] == "build"
