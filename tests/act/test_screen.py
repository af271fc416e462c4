"""The screens that real agents showed, and what is understood of them: only an empty prompt may be typed into."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.act import agents
from cockpit.act.screen import Glance, Patterns, event, understand

HERE = Path(__file__).parent / "payloads"
NOWHERE = Path("/nowhere")
DIALOGS = [
    ("claude-trust", "Is this a project you created or one you trust?"),
    ("claude-apikey-prompt", "Do you want to use this API key?"),
    ("claude-permission", "Do you want to proceed?"),
    ("claude-permission-edit", "Do you want to make this edit to calc.py?"),
    ("claude-question", "Should add() accept strings too?"),
    ("codex-trust", "Trust this folder?"),
    ("codex-hooks-trust", "Hooks need review"),
    ("codex-model-migration-modal", "Meet GPT-6 Sol"),
    ("codex-approval", "Would you like to run the following command?"),
]


def patterns(agent: str) -> Patterns:
    found = agents.load(f"{agent}-tty", NOWHERE)
    return Patterns(found.ready, found.busy, tuple(found.dialogs))


def seen(screen: str) -> Glance:
    return understand((HERE / f"{screen}.txt").read_text(), patterns(screen.partition("-")[0]))


@pytest.mark.parametrize(("screen", "words"), DIALOGS)
def test_a_dialog_is_known_by_what_it_asks(screen: str, words: str):
    glance = seen(screen)
    assert glance == Glance("dialog", words)
    assert event(glance)["words"] == f"its screen shows a dialog: {words}"


@pytest.mark.parametrize("screen", ["claude-idle", "codex-interrupted", "codex-streaming-text-looks-idle"])
def test_an_empty_prompt_is_ready(screen: str):
    assert seen(screen).state == "ready"


@pytest.mark.parametrize(
    "screen",
    [
        *("claude-busy", "claude-queued", "claude-streaming-text", "claude-retrying-529"),
        *("codex-busy", "codex-running-tool"),
    ],
)
def test_work_counts_for_more_than_the_prompt_beside_it(screen: str):
    assert seen(screen).state == "busy"


def test_words_that_stand_in_the_prompt_are_not_typed_over():
    assert seen("claude-interrupted").state == "unknown"


def test_what_an_agent_says_is_no_dialog_while_its_prompt_is_there():
    shown = (HERE / "claude-idle.txt").read_text()
    assert understand("Do you want to use this API key?\n" + shown, patterns("claude")).state == "ready"


def test_a_screen_that_says_nothing_to_us_is_told_by_its_last_line():
    glance = understand("Choose a theme\n\n  1. Dark\n\n", patterns("claude"))
    assert glance == Glance("unknown", "1. Dark")
    assert event(glance) == {"type": "screen", "state": "waits", "words": "its screen stands still at: 1. Dark"}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_without_patterns_nothing_is_ready(shown: str):
    assert understand(shown, Patterns()).state == "unknown"
