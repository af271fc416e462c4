"""Check 14: the answer file is there, well formed, says done, and says what was done."""

from __future__ import annotations

from cockpit.clean import line
from cockpit.facts import Turn
from cockpit.verify.finding import Finding


def answer(turn: Turn | None) -> Finding:
    """Of the turn alone: it is judged even when the branch is gone."""
    if turn is None:
        return Finding("n/a", "no delegate made this branch")
    if "answer.json" in turn.broken:
        return Finding("fail", line(turn.broken["answer.json"]))
    if turn.answer is None:
        return Finding("fail", "the agent left no answer")
    if turn.answer.source == "exit status":
        return Finding("n/a", "this agent gives no answer; its exit status stands for it")
    if turn.answer.status != "done":
        words = turn.answer.question or turn.answer.summary
        return Finding("fail", line(f"the answer says {turn.answer.status}: {words}"))
    if not turn.answer.summary.strip():
        return Finding("fail", "the answer's summary is empty")
    return Finding("pass", line(turn.answer.summary))
