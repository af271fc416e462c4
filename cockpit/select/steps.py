"""The steps there are, what planning needs to know beside the document, and the plan it gives. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cockpit.facts import Scope as Prepared
from cockpit.facts import Turn
from cockpit.gauges import Gauge
from cockpit.persist.landing import Landing
from cockpit.select.base import Base
from cockpit.select.budgets import Account
from cockpit.select.fences import Fence
from cockpit.select.table import State
from cockpit.spec import Item, Mark, permits

if TYPE_CHECKING:
    from cockpit.select.holds import Hold


@dataclass(frozen=True, slots=True)
class Name:
    """Write an id into an item that has none, so that facts can point at it."""

    item: Item


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Start a turn, or go on with one whose start was cut short (`turn` then has facts already)."""

    item: Item
    turn: int
    note: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Prepare the brief of a turn and put it before the human; nothing is dispatched (R245, R279)."""

    item: Item
    turn: int
    note: str


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Stop a delegate whose item is no longer meant to run."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand a steer message to the delegate, once."""

    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class Park:
    """Write an end into the spec: a mark and its reason."""

    turn: Turn | None
    item: Item
    mark: Mark
    key: Literal["why", "asks", "waits"]
    words: str


@dataclass(frozen=True, slots=True)
class Review:
    """Run the fourteen checks on what the merge would give."""

    turn: Turn
    item: Item


@dataclass(frozen=True, slots=True)
class Opine:
    """Ask another agent what it thinks of a result, or go on with an asking that was cut short (R190)."""

    turn: Turn
    item: Item
    agent: str


@dataclass(frozen=True, slots=True)
class Hear:
    """Keep what an opinion came to, and throw away what it worked in."""

    turn: Turn
    """The opinion's own run (`facts.opinions`)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`mode: auto` says what a human would say by the stated rule."""

    item: Item
    turn: Turn
    verb: Literal["accept", "iterate"]


@dataclass(frozen=True, slots=True)
class Merge:
    """Bring an accepted branch into the target and tick the item."""

    turn: Turn
    item: Item


@dataclass(frozen=True, slots=True)
class Recheck:
    """Hold an item that asks about its claims against the tree again: its words or the tree have changed (R243)."""

    item: Item
    turn: int
    """Of the turn that waits for it."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The machine stops this line by itself and says why; empty words take that back (R173)."""

    turn: Turn
    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Again:
    """The next turn at once: the last one stopped where nobody needed it (`stops`); `words` say why and how often."""

    turn: Turn
    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Write the request that stands into the item, or with no words take that line away."""

    turn: Turn
    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Permit:
    """Hand an answer to the runner, once: the human's, or that of a standing rule."""

    turn: Turn
    item: Item
    answer: permits.Answer
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """Put the receipt in the place of the answer."""

    turn: Turn
    item: Item
    answer: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Follow:
    """Bring a phased item's mark to what its phases say."""

    item: Item
    mark: Mark
    words: str
    """The commit of the last phase when it is done, the reason when it is blocked."""


@dataclass(frozen=True, slots=True)
class Question:
    """Put an item that is no task yet or looks too large to the human; with no words take the question back."""

    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Wake:
    """Take a deferred item back: what its `until:` names has come."""

    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Whole:
    """Review a feature branch as a whole, once nothing is under way for it."""

    landing: Landing


@dataclass(frozen=True, slots=True)
class Prove:
    """Run the spec's own checks on the tip that results go to: nothing is built on a red base (R67)."""

    base: Base


@dataclass(frozen=True, slots=True)
class Land:
    """Bring a feature branch into its base, or say that it is there."""

    landing: Landing


@dataclass(frozen=True, slots=True)
class Measure:
    """Measure these criteria on the tip that results go to (R156)."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """Add the next item of a measured goal whose target is not reached."""

    gauge: Gauge


Step = (
    Name
    | Scope
    | Again
    | Dispatch
    | Recheck
    | Interrupt
    | Deliver
    | Ask
    | Permit
    | Settle
    | Park
    | Review
    | Opine
    | Hear
    | Verdict
    | Merge
    | Halt
    | Follow
    | Question
    | Wake
    | Whole
    | Land
    | Measure
    | Drive
    | Prove
)


@dataclass(frozen=True, slots=True)
class Permits:
    """What the facts know of the requests of a turn."""

    stands: str = ""
    """The request that stands, on one line after its id; empty when none does."""
    receipts: Mapping[str, str] = field(default_factory=dict[str, str])
    """Ids of the requests that are over, and what became of each in words."""


@dataclass(frozen=True, slots=True)
class World:
    """What planning needs to know beside the document."""

    turns: Mapping[str, Turn]
    alive: Callable[[Turn], bool]
    lost: Callable[[Turn], str]
    """The state of a turn without a sentinel and with nobody left who could write one, `dead: ...` or `lost: ...`;
    empty when somebody is, or while it may still be told how it ended.
    """
    stale: Callable[[Turn], str]
    """Why a verdict no longer holds, empty when it does."""
    delivered: Callable[[Turn], frozenset[str]]
    """Steer messages handed over already."""
    joined: Callable[[Turn], bool] = lambda _: False
    """Whether the result is in its target already: merged by hand, or a tick is left to do."""
    heard: Callable[[Turn], Sequence[str]] = lambda _: ()
    """What the human said in the exchange since the turn's brief: handed over as a steer message is."""
    holds: Mapping[str, Hold] = field(default_factory=dict[str, "Hold"])
    """Agents whose service takes no more now, by name."""
    prepared: Callable[[Item], Prepared | None] = lambda _: None
    """The brief prepared for the item's first turn; None when there is none, or it would read differently now."""
    account: Account = field(default_factory=Account)
    """What was spent: in the loop, today, by each item."""
    permits: Callable[[Turn], Permits] = lambda _: Permits()
    """What the facts know of the turn's permission requests."""
    allow: tuple[str, ...] = ()
    """The spec's standing rules that grant them."""
    restated: Callable[[Item, int], bool] = lambda _item, _turn: False
    """Whether an item whose claims are asked about says something else now, or the tree does."""
    rounds: Callable[[Turn], Sequence[Turn]] = lambda turn: (turn,)
    """All turns of the turn's item, in order."""
    now: float = 0.0
    """Epoch seconds."""
    goal: str = ""
    """Digest of the goal as it is now."""
    invariant: str = ""
    pause: str = ""
    """Which signal pauses the loop, in words."""
    readable: bool = True
    """False while the spec does not parse or is gone: the last good one explains, but nothing is written."""
    home: str = ""
    """Ref the spec is on now; delegates that were dispatched from another one wait until it is back."""
    landing: Landing | None = None
    """The feature branch that results go to; None where they go straight into the spec's branch."""
    base: Base = field(default_factory=Base)
    """The tip that results go to, and whether it is green itself."""
    paced: float = 0.0
    """Until when the tempo lets nothing begin, epoch seconds; 0: it may."""
    since: float = 0.0
    """When the loop was last set on, epoch seconds; 0: never."""
    gone: frozenset[str] = frozenset()
    """Refs that results were to go to and that are not there."""

    gauges: Sequence[Gauge] = ()
    """The measured criteria with what they came to."""
    opinions: Sequence[Turn] = ()
    """The runs that give an opinion of a result, or gave one."""

    def elsewhere(self, turn: Turn | None) -> bool:
        """Whether the turn belongs to another branch than the one checked out now, or to one that is gone."""
        return turn is not None and (turn.home != self.home or turn.dispatch.target in self.gone)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one pass, and the words that explain the loop."""

    steps: tuple[Step, ...]
    head: Item | None
    why: str
    fence: Fence | None
    running: int
    waiting: int
    state: State
    """The loop's own state, one of the nine (`states`)."""
    ahead: Mapping[str, str] = field(default_factory=dict[str, str])
    """By name, what is one step away, in words (`ahead`)."""
    mud: str = ""
    """That too much is alive at once, in words."""
    items: Mapping[str, State] = field(default_factory=dict[str, State])
    """By id, the state of every item that is not over, or has a turn."""
    waits: Mapping[str, str] = field(default_factory=dict[str, str])
    """By id, what each open item of the queue waits for, in words; those that could run now are not in it."""
    never: tuple[str, ...] = ()
    """Those of them that only an edit of the spec lets run."""
