"""Why a signal stands where it stands, and what a delegate's state follows from, as pairs of words (laws 4 and 5).

The same for the window and the shell.
"""

from __future__ import annotations

import shlex
from datetime import datetime
from itertools import chain
from pathlib import Path

from cockpit import facts
from cockpit.clean import clean, line
from cockpit.deeds import deed
from cockpit.facts import Turn
from cockpit.paths import Places
from cockpit.spec import Document
from cockpit.spec.targets import Subject, means
from cockpit.wire import DelegateRow, MutedView, RungView, SignalView, Snapshot

Facts = list[tuple[str, str]]
"""A label, empty where the one above goes on, and words."""


def of_signal(signal: SignalView, now: float) -> Facts:
    """What it is, the act it suggests, every term with its number, what proves it, what may have brought it.

    `now` is epoch seconds; clock times are local. Pairs without words are left out.
    """
    parts = [
        under("signal", [signal.what]),
        under("state", [_state(signal, now)]),
        under("do", [_act(signal.action), deed(signal.action).advice]),
        under("item", [signal.item]),
        under("because", _sum(signal) or signal.reasons),
        under("evidence", [part for said in signal.evidence for part in clean(said).split("\n")]),
        under("suspects", signal.suspects),
        under("seen", [_seen(signal, now)]),
        under("ends", [f"with {signal.closes}" if signal.closes else ""]),
        under("also", _marks(signal)),
    ]
    return list(chain.from_iterable(parts))


def block(places: Places, turn: Turn, openspec: str = "") -> Facts:
    """The status block of a turn, thirteen rows: where everything of it is, and the commands that go there (R254).

    What stands behind Attach and Kill works in a shell as it is.
    """
    dispatch, folder = turn.dispatch, turn.folder
    server = shlex.join(["tmux", "-L", places.tmux])
    session = f"'={dispatch.session}'"  # zsh reads a bare =name as a program's path
    target = dispatch.target.removeprefix("refs/heads/")
    return [
        ("Model", f"{dispatch.agent}" + (f" ({dispatch.model})" if dispatch.model else ", its own default")),
        ("OpenSpec", openspec or "none"),
        ("Repo", str(places.root)),
        ("Branch", f"{dispatch.branch} (off {target} at {dispatch.base[:12]})"),
        ("Worktree", dispatch.worktree),
        ("tmux", f"{dispatch.session} on {places.tmux}"),
        ("Answer", str(Path(dispatch.worktree) / ".cockpit" / "answer.json")),
        ("Sentinel", str(folder / facts.NAMES[facts.Sentinel])),
        ("Tmux log", str(folder / "pane.log")),
        ("Prompt", str(folder / facts.BRIEF)),
        ("Attach", f"{server} attach-session -t {session}"),
        ("Detach", "C-b d"),
        ("Kill", f"{server} kill-session -t {session}"),
    ]


def of_muted(muted: MutedView, now: float) -> Facts:
    """What is on the shelf, by which mute, until when, and why."""
    until, short = left(muted.until, now)
    facts = [
        ("muted", muted.what),
        ("by", muted.target),
        ("until", f"{muted.until} ({until})" if short else until),
        ("reason", muted.reason),
        ("unmute", "M ends it; it ends by itself as it says, and never hides what the head of the queue waits for"),
    ]
    return [(name, words) for name, words in facts if words]


def of_state(row: DelegateRow, now: float) -> Facts:
    """The state of a delegate and the ladder that it follows from: each source with its word, its age and its fact.

    `▸` marks the source that decides, `≠` one that contradicts it.
    """
    marks = {"decides": "▸", "contradicts": "≠"}
    rungs = [(f"{marks.get(rung.role, ' ')} {rung.source}", _rung(rung, now)) for rung in row.rungs]
    return [
        ("state", f"{row.state} for {span(now - row.since)}" if row.since else row.state),
        ("told by", row.evidence),
        *rungs,
    ]


def of_spent(row: DelegateRow) -> Facts:
    """What the item's turns used: all of them, then the latest one by one where there are several (R157)."""
    return under("spent", row.spent if len(row.spent) > 2 else row.spent[1:])


def _rung(rung: RungView, now: float) -> str:
    about = ", ".join(filter(None, (f"{span(now - rung.at)} ago" if rung.at else "", rung.file)))
    return f"{rung.says} ({about})" if about else rung.says


def left(until: str, now: float) -> tuple[str, str]:
    """How long a mute still holds: in words (`12 m left`, `until next head`, `always`), and short (`12m`, or empty)."""
    try:
        seconds = datetime.strptime(until, "%Y-%m-%d %H:%M").timestamp() - now
    except ValueError:
        return (until if until == "always" else f"until {until}"), ""
    words = span(seconds)
    return f"{words} left", words.replace(" ", "")


def subject(signal: SignalView) -> Subject:
    """What a mute or a pin may name the signal by."""
    return Subject((signal.key,), signal.item, signal.delegate, signal.source, signal.rule, tuple(signal.paths))


def names_nothing(target: str, document: Document, seen: Snapshot) -> bool:
    """Whether no item, no signal and nothing on the shelf is called so now: it may come later, or be a slip."""
    item = target.removeprefix("delegate/").removeprefix("^")
    there = any(means(target, subject(signal)) for signal in seen.signals)
    return not there and document.item(item) is None and all(target != muted.key for muted in seen.muted)


def find(signals: list[SignalView], named: str) -> SignalView | None:
    """The signal of that key or item, else the only one whose key holds these words; nothing named: the first."""
    if not named:
        return signals[0] if signals else None
    exact = [signal for signal in signals if named in (signal.key, signal.item, f"^{signal.item}")]
    found = exact or [signal for signal in signals if named.casefold() in signal.key.casefold()]
    return found[0] if exact or len(found) == 1 else None


def under(label: str, words: list[str]) -> Facts:
    """These words below one label; none without words."""
    said = [word for word in words if word.strip()]
    return list(zip([label, *[""] * (len(said) - 1)], said, strict=True)) if said else []


def _state(signal: SignalView, now: float) -> str:
    since = f" for {span(now - signal.since)}" if signal.since else ""
    return f"{signal.state}{since}, {signal.level}" if signal.terms else f"{signal.state}{since}"


def _act(action: str) -> str:
    known = deed(action)
    return f"{line(action, 40)}  (enter{f', or {known.key}' if known.key else ''})" if action else ""


def _sum(signal: SignalView) -> list[str]:
    """Every part of the score, the largest first, and what they come to."""
    if not signal.terms:
        return []
    score = sum(term.value for term in signal.terms)
    return [*(f"{term.value:+6.2f}  {term.name:<9} {term.words}" for term in signal.terms), f"{score:6.2f}  in all"]


def _seen(signal: SignalView, now: float) -> str:
    if not signal.first:
        return ""
    first, last = (f"{datetime.fromtimestamp(at):%m-%d %H:%M}" for at in (signal.first, signal.last))
    if signal.count < 2:
        return f"once, {first} ({span(now - signal.first)} ago)"
    return f"{signal.count} times, first {first}, last {last} ({span(now - signal.last)} ago)"


def _marks(signal: SignalView) -> list[str]:
    folded = "1 other row is" if signal.folded == 1 else f"{signal.folded} other rows are"
    return [
        "pinned: it stays at the top" if signal.pinned else "",
        "the head of the queue waits for it: no mute hides it" if signal.blocks else "",
        f"muted ({signal.muted}): it pauses nothing" if signal.muted else "",
        "worth an interruption" if signal.notify else "",
        f"{folded} folded into it" if signal.folded else "",
    ]


def span(seconds: float) -> str:
    """A time that passed, in words: `12 s`, `4 m`, `3 h`, `5 d`."""
    seconds = max(seconds, 0.0)
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"
