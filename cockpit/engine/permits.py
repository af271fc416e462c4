"""Permission requests as the facts have them, in the words that the spec gets."""

from __future__ import annotations

from datetime import datetime

from cockpit import facts, select
from cockpit.act import permits
from cockpit.clean import line, redact
from cockpit.spec import exchange


def known(turn: facts.Turn) -> select.Permits:
    """What the facts know of the requests of this turn."""
    return select.Permits(
        stands=_shown(turn.permission) if turn.permission is not None else "",
        receipts={done.id: _receipt(done) for done in permits.settled(turn.folder)},
    )


def _shown(asked: facts.Permission) -> str:
    """The request behind its number, as one line that opens nothing in the document."""
    return f"{asked.id} {_safe(permits.words(asked))}"


def _receipt(done: permits.Permitted) -> str:
    scope = " for the turn" if done.scope == "turn" else ""
    said = f"; told: {_safe(done.words)}" if done.words else ""
    words = {"allowed": f"allowed{scope}", "denied": "denied", "over": "over before your answer"}[done.outcome]
    return f"{words}: {_safe(done.what)}{said} ({datetime.fromtimestamp(done.at):%Y-%m-%d %H:%M})"


def _safe(words: str) -> str:
    return " ".join(exchange.harmless(line(redact(words), 1000)))
