"""The ladder: what each source says of a turn, in the order of its authority (law 4; design, section 6). Pure.

verdict > sentinel > exit of the runner > protocol (its stream, a hook, a permission) > tmux > silence. The state is
what the first rung says that decides; what the rungs below say is shown beside it, and whether it contradicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cockpit.act import permits
from cockpit.facts import Sentinel, Turn
from cockpit.troubles import clock

Name = Literal[
    "launching",
    "working",
    "silent",
    "rings",
    "permission",
    "asks",
    "blocked",
    "limited",
    "finished",
    "failed",
    "dead",
    "timeout",
    "interrupted",
    "not started",
    "lost",
    "malformed answer",
    "no answer",
    "reviewed",
    "merged",
    "proved",
    "unknown",
]
MEANS: Mapping[Name, str] = MappingProxyType(
    {
        "launching": "its worktree and session are being made",
        "working": "its runner lives, and it or its agent was heard of late",
        "silent": "its runner lives, and nothing was heard for a while",
        "rings": "its terminal rang and said nothing since: it waits for somebody",
        "permission": "it asks leave for one command or file, and waits for your answer",
        "asks": "it has a question for you",
        "blocked": "it cannot go on: it says so itself, or its login is refused",
        "limited": "a limit of the model's service holds it up, until the time that is named",
        "finished": "it has ended and says that the work is done; the review follows",
        "failed": "its agent ended with an error or an exit status",
        "dead": "it was ended by a signal; which one, and who may have sent it, is told",
        "timeout": "it was stopped because its time was up",
        "interrupted": "it was stopped by you",
        "not started": "its agent could not be started",
        "lost": "its runner is gone, and nothing says how",
        "malformed answer": "it has ended with an answer that is none",
        "no answer": "it has ended without an answer",
        "reviewed": "its result waits for your verdict",
        "merged": "its result is in the target",
        "proved": "accepted; there was nothing to merge, and what proves it is told",
        "unknown": "the facts do not tell",
    }
)
"""Every state in words (docs/delegates.md shows the same table)."""
RUNS: frozenset[Name] = frozenset({"launching", "working", "silent", "rings", "permission"})
"""States of a turn that has not ended; `asks` and `limited` are told of both."""

STILL = 3.0
"""Seconds without output after its bell from which a delegate is taken to wait: it rings for other things too."""
SILENCE = 180.0
"""Seconds without a word after which a working delegate is called silent: models think long, but not that long."""
QUIET = 1200.0
"""The same while a tool runs: a build may say nothing for long."""
LAUNCH = 30.0
"""Seconds that a session may take until its runner has written its first fact."""
AFTER = 5.0
"""Seconds after the end of a turn in which its last words may still come."""

Source = Literal["verdict", "sentinel", "exit", "protocol", "tmux", "silence"]


@dataclass(frozen=True, slots=True)
class Rung:
    """What one source says. `at`: time of its fact, epoch seconds, 0 where there is none; `file`: where it stands."""

    source: Source
    says: str
    at: float = 0.0
    file: str = ""
    state: Name | Literal[""] = ""
    """What follows from it; empty when it decides nothing."""
    since: float = 0.0
    """Since when that state holds; 0: since `at`."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the agent itself said last, by its stream or a hook. `at` is epoch seconds."""

    state: Literal["working", "asks", "limited"]
    words: str
    at: float
    file: str
    busy: bool = False
    """A tool runs: silence means little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was looked at beside the facts. Times are epoch seconds, None where there is no such thing."""

    alive: bool = False
    """The runner's process lives."""
    moved: float = 0.0
    """The dispatch's last step."""
    output: float | None = None
    bell: float | None = None
    died: str = ""
    """How the runner ended, in tmux's words."""
    heard: Heard | None = None


def rungs(turn: Turn, seen: Seen, now: float) -> tuple[Rung, ...]:
    """All rungs, the highest first, each on its own: also those that say nothing."""
    return tuple(rung(turn, seen, now) for rung in LADDER)


def deciding(ladder: tuple[Rung, ...]) -> Rung:
    """The first rung that decides. What no rung tells is unknown, never guessed (R195)."""
    return next((rung for rung in ladder if rung.state), Rung("silence", "no fact tells", state="unknown"))


def contradicts(rung: Rung, name: Name) -> bool:
    """Whether a rung says that the turn runs while `name` says that it has ended, or the other way round."""
    both = {"asks", "limited"} & {rung.state, name}
    return bool(rung.state) and not both and (rung.state in RUNS) != (name in RUNS)


def changes_at(ladder: Iterable[Rung], now: float) -> float:
    """When the state may be another one though nothing happens: a silence that has lasted, a bell that nobody followed.

    Epoch seconds after `now`; 0: never.
    """
    spans = {"protocol": (SILENCE, QUIET), "tmux": (STILL, LAUNCH), "silence": (SILENCE, QUIET)}
    moments = [rung.at + span for rung in ladder if rung.at for span in spans.get(rung.source, ())]
    return min((at for at in moments if at > now), default=0.0)


def _verdict(turn: Turn, _seen: Seen, _now: float) -> Rung:
    if turn.merge is not None:
        words = f"{turn.merge.commit[:9]} for {turn.merge.target.removeprefix('refs/heads/')}"
        return Rung("verdict", words, turn.merge.at, "merge.json", "merged")
    if turn.proved is not None:
        return Rung("verdict", turn.proved.words, turn.proved.at, "proved.json", "proved")
    if turn.review is not None:
        return Rung("verdict", turn.review.recommendation, turn.review.at, "review.json", "reviewed")
    return Rung("verdict", "none yet")


def _sentinel(turn: Turn, _seen: Seen, _now: float) -> Rung:
    if turn.sentinel is not None:
        return _ended(turn, turn.sentinel)
    if "sentinel" in turn.broken:
        return Rung("sentinel", turn.broken["sentinel"], file="sentinel")
    return Rung("sentinel", "none yet")


def _ended(turn: Turn, end: Sentinel) -> Rung:
    def rung(name: Name, says: str, file: str = "sentinel") -> Rung:
        return Rung("sentinel", says, end.at, file, name)

    detail = f": {end.detail}" if end.detail else ""
    says = f"{end.outcome}{detail}"
    if end.outcome == "failed" and end.trouble:
        until = f" until {clock(end.until)}" if end.until else ""
        return rung("limited" if end.pause else "blocked", f"{end.trouble}{until}{detail}")
    if end.outcome == "crashed":
        return rung("dead", says)
    if end.outcome == "not-started":
        return rung("not started", says)
    if end.outcome != "finished":
        return rung(end.outcome, says)
    if "answer.json" in turn.broken:
        return rung("malformed answer", turn.broken["answer.json"], "answer.json")
    if turn.answer is None:
        return rung("no answer", "finished, but no answer.json")
    match turn.answer.status:
        case "asks":
            return rung("asks", turn.answer.question or turn.answer.summary, "answer.json")
        case "blocked" | "escalate":
            return rung("blocked", f"{turn.answer.status}: {turn.answer.summary}", "answer.json")
        case "done":
            return rung("finished", f"{says}; answer.json: done")


def _exit(turn: Turn, seen: Seen, _now: float) -> Rung:
    running, file = turn.running, "runner.json"
    if running is None and "runner.json" in turn.broken:
        return Rung("exit", turn.broken["runner.json"], file=file, state="" if turn.sentinel else "unknown")
    if running is None:
        torn = "sentinel" in turn.broken
        return Rung("exit", "no runner was seen", state="lost") if torn else Rung("exit", "no runner yet")
    if seen.alive:
        return Rung("exit", f"runner {running.pid} is alive", running.at, file)
    gone = f"runner {running.pid} is gone"
    if turn.sentinel is not None:
        return Rung("exit", gone, turn.sentinel.at, file)
    last = seen.output or running.at
    if seen.died:
        return Rung("exit", f"{gone}, no sentinel ({seen.died})", last, "died", "dead")
    return Rung("exit", f"{gone}, no sentinel", last, file, "lost")


def _protocol(turn: Turn, seen: Seen, now: float) -> Rung:
    asked = turn.permission
    if asked is not None and seen.alive and turn.sentinel is None:
        return Rung("protocol", permits.words(asked, 200), asked.at, "permission.json", "permission")
    heard = seen.heard
    if heard is None:
        return Rung("protocol", "says nothing that we hear")
    says = heard.words
    if _over(turn, heard.at) or not seen.alive:
        return Rung("protocol", f"at last: {says}", heard.at, heard.file)
    if heard.state != "working":
        return Rung("protocol", says, heard.at, heard.file, heard.state)
    rang = seen.bell is not None and seen.bell > heard.at
    quiet = now - max(heard.at, seen.output or 0.0) > (QUIET if heard.busy else SILENCE)
    return Rung("protocol", says, heard.at, heard.file, "" if rang or quiet else "working")


def _tmux(turn: Turn, seen: Seen, now: float) -> Rung:
    if turn.running is None:
        step, file = turn.dispatch.step, "dispatch.json"
        if turn.sentinel is not None:
            return Rung("tmux", step, seen.moved, file)
        if step == "session" and now - seen.moved > LAUNCH:
            return Rung("tmux", "session started, runner.json never written", seen.moved, file, "lost")
        return Rung("tmux", step, seen.moved, file, "launching")
    if seen.bell is None:
        return Rung("tmux", "no bell")
    last = max(seen.output or 0.0, turn.running.at)
    waits = seen.alive and not _over(turn, seen.bell) and last <= seen.bell + STILL < now
    return Rung(
        "tmux", "its bell rang" + (", no output since" if waits else ""), seen.bell, "bell", "rings" if waits else ""
    )


def _silence(turn: Turn, seen: Seen, now: float) -> Rung:
    if turn.running is None:
        return Rung("silence", "no output yet")
    last, file = max(seen.output or 0.0, turn.running.at), "pane.log"
    if not seen.alive or _over(turn, last):
        return Rung("silence", "last output", last, file)
    if now - last > SILENCE:
        return Rung("silence", "no output", last, file, "silent")
    return Rung(
        "silence", f"runner {turn.running.pid} is alive, and there is output", last, file, "working", turn.running.at
    )


def _over(turn: Turn, at: float) -> bool:
    """Whether something of that time was said before the turn had ended, and the turn has."""
    return turn.sentinel is not None and at <= turn.sentinel.at + AFTER


LADDER: tuple[Callable[[Turn, Seen, float], Rung], ...] = (_verdict, _sentinel, _exit, _protocol, _tmux, _silence)
