"""Steering messages of a turn: what the human sent (`inbox.ndjson`) and what the agent got (`delivered.ndjson`).

Both are append-only, one JSON object a line; message number n was delivered when `delivered.ndjson` has n lines.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Message(msgspec.Struct, frozen=True):
    """The human's words and when they were sent (inbox) or reached the agent (delivered), in epoch seconds."""

    text: str
    at: float


def send(folder: Path, text: str) -> None:
    """Add a message for the agent's next boundary. Raises OSError when it cannot be written."""
    _append(folder / "inbox.ndjson", [Message(text, time.time())])


def deliver(folder: Path, messages: Sequence[Message]) -> None:
    """Record that these reached the agent now. Raises OSError when it cannot be written."""
    _append(folder / "delivered.ndjson", [Message(message.text, time.time()) for message in messages])


def sent(folder: Path) -> list[Message]:
    """All messages of the turn, in order."""
    return _read(folder / "inbox.ndjson")


def delivered(folder: Path) -> list[Message]:
    """Those that reached the agent, with the time they did."""
    return _read(folder / "delivered.ndjson")


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


def _append(path: Path, messages: Sequence[Message]) -> None:
    if not messages:
        return
    data = b"".join(msgspec.json.encode(message) + b"\n" for message in messages)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def _read(path: Path) -> list[Message]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found: list[Message] = []
    for line in lines[:-1]:  # what follows the last newline is empty or torn
        try:
            found.append(msgspec.json.decode(line, type=Message))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return found
