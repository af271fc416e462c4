"""Steering messages of a turn: what the human sent (`inbox.ndjson`) and what the agent got (`delivered.ndjson`).

Both are append-only, one JSON object a line; message number n was delivered when `delivered.ndjson` has n lines.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cockpit import facts


class Message(msgspec.Struct, frozen=True):
    """The human's words and when they were sent (inbox) or reached the agent (delivered), in epoch seconds."""

    text: str
    at: float


def send(folder: Path, text: str) -> None:
    """Add a message for the agent's next boundary. Raises OSError when it cannot be written."""
    facts.append(folder / "inbox.ndjson", [Message(text, time.time())])


def deliver(folder: Path, messages: Sequence[Message]) -> None:
    """Record that these reached the agent now. Raises OSError when it cannot be written."""
    facts.append(folder / "delivered.ndjson", [Message(message.text, time.time()) for message in messages])


def sent(folder: Path) -> list[Message]:
    """All messages of the turn, in order."""
    return facts.lines(folder / "inbox.ndjson", Message)


def delivered(folder: Path) -> list[Message]:
    """Those that reached the agent, with the time they did."""
    return facts.lines(folder / "delivered.ndjson", Message)


def waiting(folder: Path) -> list[Message]:
    """Those that have not reached the agent yet."""
    return sent(folder)[len(delivered(folder)) :]


def words(messages: Sequence[Message]) -> str:
    """What the agent reads."""
    said = "\n\n".join(message.text.strip() for message in messages)
    return (
        "# The human adds while you work\n\n"
        f"{said}\n\n"
        "Carry this out with the task you have, commit, and write `.cockpit/answer.json` again at the end.\n"
    )
