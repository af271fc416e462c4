"""What enter does on a signal: its Action as something to carry out, or as advice (R143, R144)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cockpit.verbs import BY_NAME

if TYPE_CHECKING:
    from cockpit.wire import SignalView

_PLACE = re.compile(r"(?<![\w./:-])(?P<path>[\w.@+-]*(?:/[\w.@+-]+)+|[\w@+-]+\.\w{1,8})(?::(?P<at>\d{1,7}))?")
"""A path with a slash or an extension, perhaps with a line: `src/a.py:12`, `a.py`; the rest of a test id is left."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One way to answer a signal. Whatever steers asks for words first, or is taken back as easily."""

    does: Literal["look", "review", "attach", "timeline", "verb", "file", "spec", "why"]
    advice: str
    """What it comes to, in words, for the why window."""
    verb: str = ""

    @property
    def key(self) -> str:
        """The key that does the same anywhere; empty when only enter does it."""
        return BY_NAME[self.verb].key if self.verb else ""


RERUN = "run it again where it runs; a delegate's result is verified again when its branch or the target moves"
RECYCLE = "restart it at its next idle point; for the engine: cockpit stop, cockpit run --detach"
DEEDS = {
    "inspect": Deed("look", "look at the evidence: the review, or the file it names"),
    "review": Deed("review", "judge the result: opens its review"),
    "brief": Deed("review", "read what would be sent: opens the brief"),
    "land": Deed("review", "judge the whole: opens its review, where L lands it"),
    "answer": Deed("verb", "asks for your answer and sends it", "iterate"),
    "attach": Deed("attach", "goes to its terminal"),
    "log": Deed("timeline", "shows what was steered"),
    "open": Deed("file", "opens the file at the line it names, in your editor"),
    "edit": Deed("spec", "opens the spec in your editor"),
    "continue": Deed("verb", "lets the loop go on", "loop on"),
    "step": Deed("verb", "lets the head run, then holds the loop", "loop step"),
    "hold": Deed("verb", "holds the loop", "loop hold"),
    "why": Deed("why", "what helps stands in its words"),
    "re-run": Deed("why", RERUN),
    "recycle": Deed("why", RECYCLE),
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
    if verb.arguments:
        return Deed("verb", f"asks, then: {verb.help}", verb.name)
    return Deed("why", f"{verb.key}: {verb.help}")


def places_named(signal: SignalView) -> list[tuple[str, int]]:
    """Files that a signal names, the most telling first, each with its line (0: none is named).

    Whether they exist is not known here. One with a line comes before one without.
    """
    texts = (*signal.evidence, signal.key, signal.what, *signal.paths)
    found = [(match["path"], int(match["at"] or 0)) for text in texts for match in _PLACE.finditer(text)]
    return sorted(dict.fromkeys(found), key=lambda place: not place[1])
