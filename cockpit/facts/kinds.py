"""The kinds of facts, as plain data: what each says, in which units."""

from __future__ import annotations

from typing import Literal

import msgspec

from cockpit.facts.claims import Checked

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
    """Ref that its result is merged into, `refs/heads/...`."""
    home: str = ""
    """Ref the spec was on at dispatch; empty: the target."""
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
    comments: list[str] = []
    """The human's words on lines that the brief tells, as the spec's `comment:` fields say them."""
    verify: list[str] = []
    """Commands that prove the result, or mend its branch: an agent that asks for each permission gets these."""
    allow: list[str] = []
    """What it may do without asking, as the spec said it at dispatch."""
    precommit: str = ""
    """Commit from which on the commit hook sees what is committed; empty where that is not wanted."""
    hooks: dict[str, str] | None = None
    """The repository's own hooks then, name to digest, and where a setting says that they lie."""
    at: float
    step: Step = "intended"


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`scope.json`: a brief that is prepared and waits for the human's yes; nothing is dispatched yet (R245, R279)."""

    digest: str
    """Of `brief.md` beside it: a yes names it."""
    source: str
    """Digest of what the brief was made from: with another one it would read differently now."""
    words: str
    """What the item's `scope:` says while it waits."""
    agent: str
    model: str = ""
    branch: str
    verify: list[str] = []
    claims: list[str] = []
    """What the item says of the code, each with whether it holds."""
    findings: list[str] = []
    """What the lint has against the brief."""
    edited: bool = False
    """The human has edited it by hand; it is never overwritten."""
    behind: bool = False
    """It was edited, and the spec has changed since: `brief.new.md` is what it would be now."""
    spec: str = ""
    """As in `Dispatch`: the document it was made from."""
    told: list[str] = []
    """As in `Dispatch`: the corrections it tells."""
    at: float


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """`runner.json`: the runner in the pane is alive if this pid still has this start time."""

    pid: int
    started: str
    """Field 22 of /proc/PID/stat: pids are used again, (pid, start) pairs are not."""
    at: float


class Doing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`doing.json`: what the agent's hooks said last of what it does; its stream, where it has one, is read instead."""

    state: Literal["working", "asks", "limited"]
    words: str
    at: float
    busy: bool = False
    """A tool runs: silence means little."""


class Permission(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`permission.json`: what the delegate asks leave for now, gone when that is over. Epoch seconds."""

    id: str
    """`2.1`: the first request of the second turn. An answer names it."""
    tool: str
    kind: Literal["run", "edit", "read", "fetch", "other"]
    what: str
    """The command, files, address or arguments, cleaned."""
    paths: list[str] = []
    """The files it names: from the worktree's top when they lie in it, else absolute."""
    whole: bool = False
    """`what` is letter for letter what it asked: nothing was cleaned away or cut."""
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
    pause: float = 0.0
    """Seconds to wait first where that is unknown; 0: it does not end by itself."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`answer.json`: what the agent says of its work. A claim, never evidence (R193)."""

    status: Status
    summary: str
    question: str = ""
    assumptions: list[str] = []
    claims: list[str] = []
    follow_ups: list[str] = []
    steps: list[str] = []
    """The item's own steps that are done, in its words: the merge ticks them (R186)."""
    source: Literal["agent", "exit status"] = "agent"


class Spot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place that a check speaks of."""

    path: str
    line: int = 0
    """On the branch; for what is `gone`, before it. 0 for the file as a whole."""
    what: str = ""
    gone: bool = False
    """The line is one that was taken away."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One of the fourteen checks (design, section 6)."""

    number: int
    name: str
    result: Result
    evidence: str
    seconds: float = 0.0
    spots: list[Spot] = []
    """The places that the evidence names: all of a check that failed, else those worth a look."""

    @property
    def bad(self) -> bool:
        """Whether it speaks against the result: it failed, or could not judge."""
        return self.result in ("fail", "broken")


class Quote(msgspec.Struct, frozen=True):
    """A line of the spec that names what a check found: an accepted limit may justify it (R280)."""

    check: int
    where: str
    """`SPEC.md:31`."""
    words: str
    accepted: bool
    """It says itself that it is an accepted limit."""
    spots: int
    """Places of the check that it names, of so many."""
    all: int

    @property
    def told(self) -> str:
        """In words: `justified by SPEC.md:31 “...” (1 of 3 places)`."""
        how = f"justified by {self.where}" if self.accepted else f"{self.where} says"
        rest = f" ({self.spots} of {self.all} places)" if self.spots < self.all else ""
        return f"{how} “{self.words}”{rest}"


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
    proved: list[str] = []
    """Commands that ended with 0 on exactly the tree that the merge gives: on that tip they need no second run."""
    on_base: list[str] = []
    """Commands that are red, and on the target too: not this round's fault."""
    notes: list[str] = []
    """What is worth knowing beside the checks: claims of the item that the target took the ground from (R289)."""
    limits: list[Quote] = []
    """What the spec says of what soft checks found."""
    unsettles: list[str] = []
    """What merging it makes untrue of other items: `q7: ...` (R289)."""
    ran: dict[str, str] = {}
    """The commands that we ran for it and how each ended: `exit 0`."""
    claims: list[Checked] = []
    """What the answer claims, each with what we know of it (R193)."""
    undone: int = 0
    """Lines that this round put back as they were before the round before it; of `touched` lines that it changed."""
    touched: int = 0


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """`merge.json`: the intention to move `target` from `old` to `commit`, written before the move."""

    target: str
    old: str
    head: str
    commit: str
    at: float


class Proved(msgspec.Struct, frozen=True, kw_only=True):
    """`proved.json`: accepted without anything to merge (a state that a command sees, no changed file), and by what.

    Written before the tick.
    """

    words: str
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


class Ran(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One command on one tree."""

    command: str
    result: Literal["green", "red", "unknown"]
    """Unknown: it could not be judged (time was up, there is no such command)."""
    words: str = ""
    """`exit 1: too slow`."""
    since: str = ""
    """Of a red one: the first commit in a row that it is known to be red on, and its subject: `4500abc (break it)`."""
    at: float
    """Epoch seconds."""


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`proofs/CONTENT/proof.json`: what ran on a tree; `CONTENT` is the tree without the spec (`persist.content`)."""

    commit: str
    """A commit with that tree, or the head of the branch whose merge gives it."""
    ran: list[Ran] = []
