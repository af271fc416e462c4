"""What a delegate's agent said last, told by the end of its stream or by its last hook: the ladder's protocol rung.

The end of a stream is read again only when the file is another than before (its time, size and inode).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from cockpit import facts
from cockpit.act.ladder import Heard
from cockpit.act.state import State, state
from cockpit.clean import line
from cockpit.engine.streams import NAME, dialect_of
from cockpit.facts import Doing, Turn
from cockpit.loose import Table, table, text
from cockpit.paths import Places
from cockpit.sense.streams import READERS
from cockpit.sense.streams.said import Asked, Bad, Begun, Call, Over, Piece, Said, Step, Used, Words, call
from cockpit.troubles import clock, judge

TAIL = 32 * 1024
"""Bytes of a stream's end that are read, and eight times that when they hold no whole line."""


def state_of(places: Places, turn: Turn, now: float) -> State:
    """The state of a turn now, its agent's last word among what is weighed. `now` is epoch seconds."""
    return state(turn, now, heard(places, turn))


def heard(places: Places, turn: Turn) -> Heard | None:
    """What the agent of that turn said last; None when it speaks no protocol, or has said nothing yet."""
    dialect = dialect_of(turn.dispatch.agent, places.root)
    path = turn.folder / NAME
    try:
        info = path.stat()
    except OSError:
        return _hooked(turn)
    return _last(path, dialect, (info.st_mtime_ns, info.st_size, info.st_ino)) if dialect in READERS else None


def _hooked(turn: Turn) -> Heard | None:
    said = turn.doing
    return Heard(said.state, said.words, said.at, facts.NAMES[Doing], said.busy) if said is not None else None


@functools.lru_cache(maxsize=512)
def _last(path: Path, dialect: str, stamp: tuple[int, int, int]) -> Heard | None:
    at, calls, said = stamp[0] / 1e9, dict[str, Call](), list[Said]()
    for row in tail(path, TAIL) or tail(path, 8 * TAIL):
        event = table(row)
        if event is not None:
            said += READERS[dialect](event, calls)
    found = told(said, calls.values(), at)
    return Heard(found.state, found.words, at, NAME, found.busy) if found is not None else None


def by_hook(event: str, payload: Table, said: Iterable[Said], at: float) -> Doing | None:
    """The same, told by one hook: `event` is its name. Pure."""
    begins = event in ("PreToolUse", "BeforeTool")
    return told(said, [call(text(payload.get("tool_name")), payload.get("tool_input"))] if begins else (), at)


def told(said: Iterable[Said], calls: Iterable[Call], at: float) -> Doing | None:
    """What an agent does that said all this last, in order; `calls` have not ended. Pure; `at` is epoch seconds."""
    known = [one for one in said if not isinstance(one, Used)]
    last = known[-1] if known else None
    if isinstance(last, Bad):
        return _held(last, known, at)
    if isinstance(last, Asked):
        return Doing(state="asks", words=line(last.words, 200), at=at)
    running = [f"{each.tool} {each.words}".strip() for each in calls]
    if running:
        return Doing(state="working", words=f"runs {line(', '.join(running[-3:]), 200)}", at=at, busy=True)
    match last:
        case Step(ended):
            words = f"the model works, after {ended.tool} {ended.words}".strip()
        case Words(spoken):
            words = f"says {line(spoken, 120)}"
        case Piece():
            words = "the model speaks"
        case Begun():
            words = "the model works"
        case Over():
            words = "its turn is over"
        case None:
            return None
    return Doing(state="working", words=line(words, 200), at=at)


def _held(last: Bad, said: Sequence[Said], at: float) -> Doing:
    """What the model's service refused: waited for when that is long, else tried again."""
    tries = 0
    for one in reversed(said):
        if not isinstance(one, Bad):
            break
        tries += 1
    trouble = judge(last.words, last.status, at)
    status = f" {last.status}" if last.status else ""
    if trouble is None:
        return Doing(state="working", words=f"an error: {line(last.words, 160)}", at=at)
    if trouble.grave:
        until = f" until {clock(trouble.until)}" if trouble.until else ""
        return Doing(state="limited", words=f"{trouble.what}{until}", at=at)
    return Doing(state="working", words=f"retrying after{status}, attempt {tries}: {trouble.what}", at=at)


def tail(path: Path, size: int) -> list[bytes]:
    """The whole lines among the last `size` bytes of a file; none when there is none."""
    try:
        with path.open("rb") as file:
            start = max(0, file.seek(0, 2) - size)
            file.seek(start)
            data = file.read(size)
    except OSError:
        return []
    lines = data.split(b"\n")[:-1]
    return lines[1:] if start else lines
