"""What enter does on a signal: its Action as something to carry out, or as advice (R143, R144)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cockpit.verbs import BY_NAME


@dataclass(frozen=True, slots=True)
class Deed:
    """One way to answer a signal. Whatever steers asks for words first, or is taken back as easily."""

    does: Literal["review", "attach", "timeline", "verb", "why"]
    advice: str
    """What it comes to, in words, for the why window."""
    verb: str = ""


DEEDS = {
    "inspect": Deed("review", "look at the evidence: enter opens the review, or says why"),
    "review": Deed("review", "judge the result: enter opens its review"),
    "answer": Deed("review", "enter opens what it asks; i sends your answer"),
    "attach": Deed("attach", "enter goes to its terminal"),
    "log": Deed("timeline", "enter shows what was steered"),
    "continue": Deed("verb", "enter lets the loop go on", "loop on"),
    "hold": Deed("verb", "enter holds the loop", "loop hold"),
    "recycle": Deed("why", "restart it at its next idle point; for the engine: cockpit stop, cockpit run --detach"),
    "do not stop": Deed("why", "let it run: degraded, but proven; there is nothing to do"),
}
"""By the words of the Action, in lower case; verbs that ask for words are deeds too."""


def deed(action: str) -> Deed:
    """What an Action means, tolerant of what follows its first words ("recycle at boundary")."""
    words = " ".join(action.casefold().split())
    known = max((name for name in DEEDS if words == name or words.startswith(f"{name} ")), key=len, default="")
    if known:
        return DEEDS[known]
    verb = BY_NAME.get(words)
    if verb is None or verb.history:
        return Deed("why", "")
    if verb.arguments and verb.target != "none":
        return Deed("verb", f"enter asks, then: {verb.help}", verb.name)
    return Deed("why", f"{verb.key}: {verb.help}")
