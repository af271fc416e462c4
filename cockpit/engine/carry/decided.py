"""What a merge commit says beside its subject: on what review it was decided, by whom and when (R161)."""

from __future__ import annotations

from cockpit import persist, verify
from cockpit.clean import line
from cockpit.facts import Review
from cockpit.paths import Places


def message(
    places: Places, subject: str, body: str, review: Review | None, target: str, verb: str, after: float
) -> str:
    """The whole message. The decision is the latest act `verb` on `target` since `after` (epoch seconds): an older one
    was about something else, and without one it was made in the document by hand.
    """
    said = next(iter(persist.timeline(places, limit=1, target=target, verb=verb)), None)
    said = said if said is not None and said.at >= int(after) else None
    who = f"{said.by} <{said.commit[:12]}> {said.at:.0f} +0000" if said is not None else "by hand, in the document"
    why = [f"Cockpit-Reason: {line(said.reason, 200)}"] if said is not None and said.reason else []
    judged = f"Reviewed: {verify.summary(review)}, {review.head[:12]} onto {review.base[:12]}" if review else ""
    trailers = [f"Cockpit-Target: {target}", "Cockpit-By: engine", f"Cockpit-Decided: {who}", *why]
    return "\n\n".join(part for part in (subject, body, judged, "\n".join(trailers)) if part) + "\n"
