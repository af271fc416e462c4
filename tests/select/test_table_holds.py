"""Whatever agents and humans do, in any order and with kills in between: no path leaves the table (R62, R63)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit import facts, select
from cockpit.engine.hands import about
from cockpit.select import plan, states
from cockpit.select.table import legal
from cockpit.spec import Document, Item, Mark, edit, parse
from tests.select.test_steps import DONE, RUNNING, turn

QUEUE = """\
## Goal
One.

## Queue
- [ ] a ^q1
- [ ] b ^q2
  - after: q1
- [ ] c ^q3
  - phased: on
  - [ ] first ^q4
  - [ ] second ^q5
- [ ] nameless
"""
IDS = ("q1", "q2", "q3", "q4", "q5")
FRONTS = (
    "loop: on\n  wip: 2",
    "loop: on\n  gates: [verdict]\n  wip: 3\n  review: 9",
    "loop: on\n  gates: none\n  wip: 2",
    "loop: on\n  mode: auto\n  wip: 3",
    "loop: on\n  mode: auto\n  gates: [scope]",
    "loop: step\n  gates: [verdict]",
)
ENDS = ("finished", "finished", "finished", "failed", "crashed", "limit", "asks", "blocked", "silent")
HUMAN = ("mark", "accept", "nameless", "forged", "iterate", "yes", "goal", "commit", "loop", "interrupt", "answer")
Move = tuple[str, str, int]


@dataclass
class Toy:
    """A spec and facts in memory, changed as the engine's steps and others change the real ones."""

    data: bytes
    turns: dict[str, facts.Turn] = field(default_factory=dict[str, facts.Turn])
    past: dict[str, list[facts.Turn]] = field(default_factory=dict[str, list[facts.Turn]])
    prepared: dict[str, facts.Scope] = field(default_factory=dict[str, facts.Scope])
    heads: dict[str, str] = field(default_factory=dict[str, str])
    started: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    said_yes: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Items and heads that a human's accept named."""
    commits: int = 0

    @property
    def document(self) -> Document:
        return parse(self.data)

    def world(self) -> select.World:
        goal = facts.digest(self.document.goal)
        return select.World(
            turns=self.turns,
            alive=lambda turn: turn.running is not None and turn.sentinel is None,
            lost=lambda _: "",
            stale=lambda turn: "it moved" if turn.review and turn.review.head != self.heads[turn.item] else "",
            delivered=lambda _: frozenset(),
            prepared=lambda item: self.prepared.get(item.id),
            rounds=lambda turn: [*self.past.get(turn.item, []), turn],
            goal=goal,
            home="refs/heads/main",
        )

    def mark(self, id: str, allowed: set[Mark], to: Mark, **fields: str) -> bool:
        item = self.document.item(id)
        if item is None or item.mark not in allowed:
            return False
        self.data = edit.set_mark(self.data, id, to)
        for key, value in fields.items():
            self.data = edit.set_field(self.data, id, key, value) if value else edit.drop_field(self.data, id, key)
        return True

    def commit(self, id: str) -> None:
        self.commits += 1
        self.heads[id] = f"{self.commits:040x}"[::-1]

    def change(self, id: str, **known: object) -> None:
        self.turns[id] = replace(self.turns[id], **known)  # pyright: ignore[reportArgumentType]

    def dispatch(self, item: Item, number: int, *, kill: int) -> None:
        """Intention, spec, session; a kill may come after each of the first two."""
        id = item.id
        known = self.turns.get(id)
        if known is None or known.number != number:
            if known is not None:
                self.past.setdefault(id, []).append(known)
            self.turns[id] = turn(id, number, facts.digest(self.document.goal))
            self.heads.setdefault(id, "b" * 40)
        if kill == 1:
            return
        self.mark(id, {Mark.OPEN}, Mark.RUNNING, branch=f"delegate/{id}", waits="")
        now = self.document.item(id)
        if kill == 2 or now is None or now.mark is not Mark.RUNNING:
            return
        assert (id, number) not in self.started, "one turn was dispatched twice"
        self.started.add((id, number))
        self.change(id, running=RUNNING)

    def carry(self, step: select.Step, chance: int) -> None:
        """What a step does."""
        match step:
            case select.Name(item):
                self.data, _ = edit.ensure_id(self.data, item.id)
            case select.Scope(item, _, _):
                words = f"brief of {chance} words for claude"
                digest = facts.digest(words)
                made = facts.Scope(digest=digest, source="s", words=words, agent="claude", branch="b", at=1.0)
                self.prepared[item.id] = made
                self.mark(item.id, {Mark.OPEN, Mark.NEEDS_YOU}, Mark.NEEDS_YOU, scope=words)
            case select.Dispatch(item, number, _):
                self.dispatch(item, number, kill=chance % 4)
            case select.Again(last, item, words):
                self.data = edit.add_field(self.data, item.id, "again", words)
                self.dispatch(item, last.number + 1, kill=0)
            case select.Interrupt(last):
                self.change(last.item, sentinel=facts.Sentinel(outcome="interrupted", at=2.0, seconds=1.0))
            case select.Park(_, item, mark, key, words):
                self.mark(item.id, {Mark.RUNNING}, mark, **{key: words})
            case select.Review(last, item):
                passes = "accept" if chance % 2 else "iterate"
                head = self.heads[last.item]
                self.change(
                    item.id, review=facts.Review(base="b" * 40, head=head, recommendation=passes, checks=[], at=3.0)
                )
                kept = last.review is not None and last.review.head == head
                fields = {"review": passes} | ({} if kept else {"verdict": ""})
                self.mark(item.id, {Mark.RUNNING, Mark.NEEDS_YOU}, Mark.NEEDS_YOU, **fields)
            case select.Verdict(item, last, verb):
                assert last.review is not None
                if verb == "accept":
                    self.mark(item.id, {Mark.NEEDS_YOU}, Mark.NEEDS_YOU, verdict=f"accept {last.review.head[:12]}")
                else:
                    self.mark(item.id, {Mark.NEEDS_YOU}, Mark.OPEN, iterate="again", review="", verdict="")
            case select.Merge(last, item):
                review = last.review
                assert review is not None
                assert review.head == self.heads[item.id], "what is merged was reviewed"
                assert review.recommendation == "accept" or (item.id, review.head) in self.said_yes, "R62"
                self.mark(item.id, {Mark.NEEDS_YOU, Mark.DONE}, Mark.DONE, merged=review.head[:12], verdict="", why="")
            case select.Halt(_, item, words):
                self.mark(item.id, {item.mark}, Mark.NEEDS_YOU if words else item.mark, why=words)
            case select.Follow(item, mark, words):
                key = "merged" if mark is Mark.DONE else "why"
                self.mark(item.id, {item.mark}, mark, **{key: words})
            case _:
                raise AssertionError(f"no such step here: {step}")

    def ends(self, id: str, how: str) -> None:
        """The agent's turn ends."""
        last = self.turns.get(id)
        if last is None or last.running is None or last.sentinel is not None:
            return
        self.commit(id)
        outcome = how if how in ("failed", "crashed") else "finished"
        end = facts.Sentinel(outcome=outcome, exit=0, at=2.0, seconds=1.0)  # pyright: ignore[reportArgumentType]
        answer: facts.Answer | None = DONE
        if how == "limit":
            end = facts.Sentinel(
                outcome="failed", exit=1, at=2.0, seconds=1.0, trouble="the quota is used up", pause=60, until=0.0
            )
        elif how in ("asks", "blocked"):
            answer = facts.Answer(status=how, summary="so", question="how?")  # pyright: ignore[reportArgumentType]
        elif how == "silent":
            answer = None
        self.change(id, sentinel=end, answer=answer)

    def human(self, what: str, id: str, chance: int) -> None:
        """What a human writes into the spec, sensible or not."""
        item, last = self.document.item(id), self.turns.get(id)
        if item is None:
            return
        every = set(Mark)
        match what:
            case "mark":
                self.mark(id, every, list(Mark)[chance % len(Mark)])
            case "accept" if last is not None and last.review is not None:
                self.said_yes.add((id, last.review.head))
                self.mark(id, {Mark.NEEDS_YOU}, Mark.NEEDS_YOU, verdict=f"accept {last.review.head[:12]}")
            case "nameless":
                self.mark(id, every, item.mark, verdict="accept")
            case "forged":
                self.mark(id, every, item.mark, verdict=f"accept {chance:012x}")
            case "iterate":
                self.mark(id, every - {Mark.DONE}, Mark.OPEN, iterate="more", asks="", why="", verdict="", review="")
            case "answer" | "yes":
                words = self.prepared[id].digest if id in self.prepared else ""
                self.mark(id, {Mark.NEEDS_YOU}, Mark.OPEN, asks="", scope=f"accepted {words}".strip())
            case "goal":
                self.data = edit.set_goal(self.data, f"Goal {chance % 3}.")
            case "commit" if id in self.heads:
                self.commit(id)
            case "loop":
                self.data = edit.set_control(self.data, "loop", ("on", "hold", "step")[chance % 3])
            case "interrupt":
                self.mark(id, {Mark.RUNNING}, Mark.BLOCKED, why="interrupted by you")
            case _:
                pass


def one_pass(toy: Toy, chance: int) -> None:
    """A look, its plan, and its steps one after the other, each held against the table as it was then."""
    for step in plan(toy.document, toy.world()).steps:
        now = plan(toy.document, toy.world())
        if step not in now.steps:
            continue  # a step before it changed the world: the next look sees
        id, _ = about(step)
        before = now.items[id]
        assert states.refusal(step, before, toy.turns.get(id)) == "", step
        toy.carry(step, chance)
        after = plan(toy.document, toy.world()).items.get(id)
        made = states.makes(step) or before
        if after is not None and not isinstance(step, select.Follow):
            way = legal(before, after) or (legal(before, made) and legal(made, after))
            assert way, f"{before} -> {after} by {step}"


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(FRONTS),
    st.sampled_from((0, 2, 2, 3, 5)),
    st.sampled_from((3, 4)),
    st.lists(
        st.tuples(
            st.sampled_from(("pass",) * 9 + ENDS + HUMAN), st.sampled_from(("q1", "q1", "q1", *IDS)), st.integers(0, 99)
        ),
        min_size=4,
        max_size=25,
    ),
)
def test_no_path_leaves_the_table(front: str, warm: int, chance: int, moves: list[Move]):
    """After `warm` quiet passes, whose reviews pass (3) or fail (4), anything happens."""
    toy = Toy(f"---\ncockpit:\n  {front}\n---\n{QUEUE}".encode())
    for _ in range(warm):
        one_pass(toy, chance)
        for id in IDS:
            toy.ends(id, "finished")
    for what, id, chance in moves:
        if what == "pass":
            one_pass(toy, chance)
        elif what in HUMAN:
            toy.human(what, id, chance)
        else:
            toy.ends(id, what)
    for _ in range(3):
        one_pass(toy, 3)


def test_the_toy_gets_an_item_from_the_queue_to_its_merge():
    toy = Toy(f"---\ncockpit:\n  loop: on\n  mode: auto\n---\n{QUEUE}".encode())
    for _ in range(40):
        one_pass(toy, 3)
        for id in IDS:
            toy.ends(id, "finished")
    assert [toy.document.item(id).mark for id in IDS] == [Mark.DONE] * 5  # pyright: ignore[reportOptionalMemberAccess]
    assert {number for _, number in toy.started} == {1}
