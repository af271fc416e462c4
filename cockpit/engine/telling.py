"""What a delegate answered, written into the exchange when its turn has ended (R13, R22).

The words are a fact first (`entry.json`), then an edit of the spec by the delegate, then the fact says that it was
told: a kill in between doubles and loses nothing, and what a human does to the entry afterwards is theirs.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from cockpit import facts, persist
from cockpit.act.lastwords import last_words
from cockpit.clean import clean, line
from cockpit.engine.look import Look
from cockpit.facts import Answer, Entry, Turn
from cockpit.paths import Places
from cockpit.spec import exchange

LONGEST = 4000
"""Characters of a summary or question that are kept; the whole answer stays in `answer.json`."""
MOST = 12
"""Claims, assumptions and follow-ups of each sort that are kept, each on a line of at most 300 characters."""


def tell(places: Places, seen: Look) -> None:
    """Write each answer that the document does not have yet, in the order of the turns."""
    for turn in seen.turns.values():
        if seen.readable and due(turn, seen):
            _tell(places, turn)


def due(turn: Turn, seen: Look) -> bool:
    """Whether the turn is over and not told. Turns from before there was an exchange are left as they are."""
    over = turn.sentinel is not None or seen.states[turn.item].gone
    told = turn.entry is not None and turn.entry.told
    return over and not told and turn.dispatch.spec != "" and turn.home == seen.home


def _title(turn: Turn, state: str, at: float) -> str:
    """Heading of a turn's entry: `q1 turn 2: done (claude, 2026-11-21 10:12)`; local time."""
    when = f"{datetime.fromtimestamp(at):%Y-%m-%d %H:%M}"
    return exchange.title(turn.item, turn.number, state, line(turn.dispatch.agent, 30), when)


def compose(turn: Turn, last: str = "") -> Entry:
    """How the end of a turn reads; `last` is what its agent showed before it failed. Pure: the facts alone decide."""
    end, answer = turn.sentinel, turn.answer
    if end is None:
        at = turn.running.at if turn.running else turn.dispatch.at
        return Entry(title=_title(turn, "lost", at), blocks=["Its session is gone and left no word."])
    if end.outcome != "finished":
        words = exchange.harmless(line(": ".join(filter(None, (end.detail, last))), 300)) or ["It left no word."]
        return Entry(title=_title(turn, end.outcome.replace("-", " "), end.at), blocks=words)
    if answer is None:
        why = turn.broken.get("answer.json")
        state, words = ("malformed answer", line(why, 300)) if why else ("no answer", "It left no answer.")
        return Entry(title=_title(turn, state, end.at), blocks=exchange.harmless(words))
    return Entry(title=_title(turn, answer.status, end.at), blocks=_blocks(answer))


def _blocks(answer: Answer) -> list[str]:
    found = [*_words(answer.summary), *_words(f"Asks: {answer.question}" if answer.question.strip() else "")]
    # Nobody has looked yet (R193): what the review finds of a claim stands beside the verdict.
    for name, said in (
        ("assumes", answer.assumptions),
        ("claims (unverified)", answer.claims),
        ("follow-up", answer.follow_ups),
    ):
        lines = [line(words, 300) for words in said[:MOST]] + [f"and {len(said) - MOST} more"] * (len(said) > MOST)
        found += [block for words in lines if words for block in exchange.harmless(f"- {name}: {words}")]
    return found or ["It said nothing."]


def _words(text: str) -> list[str]:
    words = clean(text).strip()
    return exchange.harmless(words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…")


def _tell(places: Places, turn: Turn) -> None:
    turn = facts.load(turn.folder) or turn  # its last word may have come since the look
    entry = turn.entry or compose(turn, last_words(turn))
    if turn.entry is None:
        facts.write(turn.folder, entry)
    act = persist.Act(
        verb="answer",
        target=turn.item,
        by=f"delegate/{turn.item}",
        reason=line(entry.blocks[0], 200),
        subject=f"Answer of {entry.title.partition(' (')[0]}",
    )
    persist.record(places, lambda data: exchange.tell(data, turn.item, turn.number, entry.title, entry.blocks), act)
    facts.write(turn.folder, msgspec.structs.replace(entry, told=True))
