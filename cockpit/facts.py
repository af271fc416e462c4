"""The facts a delegate leaves on disk, as plain data, and their exact files (design, section 3).

One turn of a delegate is one folder `.cockpit/delegates/<item>/<turn>/`. Each fact is one file in it, replaced
atomically, never edited in place. States are derived from facts (law 4); nothing here decides anything.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from cockpit.errors import CockpitError

Step = Literal["intended", "worktree", "session"]
Outcome = Literal["finished", "failed", "crashed", "timeout", "interrupted", "not-started"]
Status = Literal["done", "asks", "blocked", "escalate"]
Result = Literal["pass", "fail", "n/a", "broken"]
Recommendation = Literal["accept", "iterate", "reject"]


class Dispatch(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`dispatch.json`: what we meant to start, and how far we came (`step`). Times are epoch seconds."""

    item: str
    turn: int
    text: str
    agent: str
    model: str = ""
    branch: str
    base: str
    """Commit id that the branch was made from."""
    target: str
    """Ref the spec was on at dispatch, `refs/heads/...`."""
    worktree: str
    session: str
    timeout: float
    """Seconds the agent may run."""
    goal: str = ""
    """Digest of the goal's text at dispatch: another goal now means the delegate is stale (reframe)."""
    note: str = ""
    """The human's words of an iterate, empty on the first turn."""
    spec: str = ""
    """Blob id of the document that the brief was made from; the journal keeps every version."""
    told: list[str] = []
    """Keys of the corrections that the brief tells (R27)."""
    verify: list[str] = []
    """Commands that prove the result: an agent that asks for each permission gets these."""
    at: float
    step: Step = "intended"


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """`runner.json`: the runner in the pane is alive if this pid still has this start time."""

    pid: int
    started: str
    """Field 22 of /proc/PID/stat: pids are used again, (pid, start) pairs are not."""
    at: float


class Sentinel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`sentinel`: written by the runner at the end, whatever happened."""

    outcome: Outcome
    exit: int | None = None
    signal: int | None = None
    detail: str = ""
    at: float
    seconds: float
    session: str = ""
    """The agent's own name of the conversation: the next turn goes on with it."""
    trouble: str = ""
    """What was wrong with the model's service, in words, when that ended the turn: it says nothing of the work."""
    until: float = 0.0
    """When that ends by itself, epoch seconds; 0 is unknown."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`answer.json`: what the agent says of its work. A claim, never evidence (R193)."""

    status: Status
    summary: str
    question: str = ""
    assumptions: list[str] = []
    claims: list[str] = []
    follow_ups: list[str] = []
    source: Literal["agent", "exit status"] = "agent"


class Spot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place that a check speaks of."""

    path: str
    line: int = 0
    """On the branch; for what was taken away, on the target. 0 for the file as a whole."""
    what: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One of the fourteen checks (design, section 6)."""

    number: int
    name: str
    result: Result
    evidence: str
    seconds: float = 0.0
    spots: list[Spot] = []
    """The places that the evidence names: all of a check that failed, else those worth a look."""


class Review(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`review.json`: the verdict, bound to two commit ids (design, section 6)."""

    base: str
    """Tip of the target branch it was made against."""
    head: str
    """Tip of the delegate's branch."""
    tree: str = ""
    """Tree that the merge would give; empty when it conflicts."""
    recommendation: Recommendation
    checks: list[Check]
    at: float
    stat: str = ""
    """`3 files, +10 -2`."""
    output: str = ""
    """Verbatim output of the verification, cleaned; the last 64 KiB."""
    acceptance: str = ""
    """What the commands of the acceptance criteria that are red printed, cleaned."""
    reports: list[str] = []
    """Files in `reports/` that the verification wrote, with their paths in its scratch."""
    scratch: str = ""
    """The folder it ran in, gone since: absolute paths in these reports are below it."""
    green: dict[str, str] = {}
    """Open criteria that this result meets, id to command: they are ticked when it is merged."""


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """`merge.json`: the intention to move `target` from `old` to `commit`, written before the move."""

    target: str
    old: str
    head: str
    commit: str
    at: float


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`entry.json`: how the turn's end reads in the exchange, so that what a human changes in it can be told."""

    title: str
    blocks: list[str]
    """Paragraphs and list items below the heading."""
    told: bool = False
    """It stands in the document; it is never put there a second time, whatever a human does to it."""


class Saying(msgspec.Struct, frozen=True):
    """A line of `said.ndjson`: what the delegate said while it worked, as the exchange has it; epoch seconds."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """All facts of one turn as they are on disk now; a missing file is None, a malformed one is in `broken`."""

    folder: Path
    dispatch: Dispatch
    running: Running | None
    sentinel: Sentinel | None
    answer: Answer | None
    review: Review | None
    merge: Merge | None
    broken: dict[str, str]
    """File name to what is wrong with it (an agent's malformed answer, a torn write)."""
    entry: Entry | None = None

    @property
    def item(self) -> str:
        """Id of the item it works on."""
        return self.dispatch.item

    @property
    def number(self) -> int:
        """1 for the first turn."""
        return self.dispatch.turn

    @property
    def said(self) -> Path:
        """What the delegate said while it worked, a `Saying` a line."""
        return self.folder / SAID

    @property
    def log(self) -> Path:
        """Everything the pane showed, raw."""
        return self.folder / "pane.log"


SAID = "said.ndjson"
FILES: dict[str, type[msgspec.Struct]] = {
    "dispatch.json": Dispatch,
    "runner.json": Running,
    "sentinel": Sentinel,
    "answer.json": Answer,
    "review.json": Review,
    "merge.json": Merge,
    "entry.json": Entry,
}
NAMES = {kind: name for name, kind in FILES.items()}

Fact = TypeVar("Fact", bound=msgspec.Struct)


def write(folder: Path, fact: msgspec.Struct) -> Path:
    """Replace the fact's file in `folder` atomically (temporary file, fsync, rename); returns its path.

    Raises CockpitError when the disk is full or read-only; the old file is then still whole.
    """
    target = folder / NAMES[type(fact)]
    data = msgspec.json.format(msgspec.json.encode(fact), indent=2) + b"\n"
    temporary = ""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CockpitError(f"cannot write a fact: {error.strerror}", where=str(target)) from error
    return target


def read(folder: Path, kind: type[Fact]) -> Fact | None:
    """The fact of that kind in `folder`, None when there is no such file.

    Raises CockpitError with the field at fault when the file is not what it should be.
    """
    path = folder / NAMES[kind]
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CockpitError(f"cannot read: {error.strerror}", where=str(path)) from error
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CockpitError(f"malformed: {error}", where=str(path)) from error


def load(folder: Path) -> Turn | None:
    """The turn in this folder; None when it has no readable `dispatch.json`."""
    found: dict[str, msgspec.Struct | None] = {}
    broken: dict[str, str] = {}
    for name, kind in FILES.items():
        try:
            found[name] = read(folder, kind)
        except CockpitError as error:
            found[name] = None
            broken[name] = error.what
    dispatch = found["dispatch.json"]
    if not isinstance(dispatch, Dispatch):
        return None
    return Turn(
        folder,
        dispatch,
        *(found[name] for name in ("runner.json", "sentinel", "answer.json", "review.json", "merge.json")),  # pyright: ignore[reportArgumentType]
        broken=broken,
        entry=found["entry.json"],  # pyright: ignore[reportArgumentType]
    )


def append(path: Path, facts: Sequence[msgspec.Struct]) -> None:
    """Add lines to a record of JSON lines, whole or not at all. Raises OSError when it cannot be written."""
    if not facts:
        return
    data = b"".join(msgspec.json.encode(fact) + b"\n" for fact in facts)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, data)
    finally:
        os.close(handle)


def lines(path: Path, kind: type[Fact]) -> list[Fact]:
    """The lines of such a record in order; none when there is no file, a malformed or torn one is left out."""
    try:
        data = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found: list[Fact] = []
    for line in data[:-1]:  # what follows the last newline is empty or torn
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
    return found


def turns(delegates: Path) -> Iterator[Turn]:
    """The latest turn of every delegate, in the order of dispatch."""
    latest: list[Turn] = []
    try:
        items = [entry for entry in delegates.iterdir() if entry.is_dir()]
    except FileNotFoundError:
        return
    for item in items:
        numbers = sorted((int(turn.name) for turn in item.iterdir() if turn.name.isdecimal()), reverse=True)
        turn = next((found for number in numbers if (found := load(item / str(number)))), None)
        if turn is not None:
            latest.append(turn)
    yield from sorted(latest, key=lambda turn: turn.dispatch.at)


def alive(running: Running) -> bool:
    """Whether the runner of that record still lives, told by pid and start time."""
    return started(running.pid) == running.started


def started(pid: int) -> str | None:
    """Start time of a process in clock ticks since boot, as /proc tells it; None when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat.rpartition(b")")[2].split()
    return None if fields[0] == b"Z" else fields[19].decode()
