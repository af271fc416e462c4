"""From a key to the words a verb needs: which it asks for, with what to start, and why a key does nothing now."""

from __future__ import annotations

from cockpit.panes.view import View
from cockpit.spec import Mark
from cockpit.verbs import Argument, Verb

TAKES_BACK = {"defer": Mark.DEFERRED, "strike": Mark.STRUCK}
"""Verbs that on an item with this mark undo themselves: nothing to ask then."""


def asked(verb: Verb, target: str, view: View) -> tuple[Argument, ...]:
    """The arguments to ask for; none when the verb only takes itself back."""
    item = view.document.item(target)
    if item is not None and TAKES_BACK.get(verb.name) is item.mark:
        return ()
    return verb.arguments


def start(verb: Verb, argument: Argument, target: str, view: View) -> str:
    """What stands in the input at first: the words to be changed, where words are changed."""
    item = view.document.item(target)
    if verb.name == "reframe":
        return view.document.goal
    if item is not None and (verb.name, argument.name) in (("reword", "text"), ("split", "texts")):
        return item.text
    return argument.choices[0] if argument.choices else ""


def label(verb: Verb, argument: Argument, target: str) -> str:
    """What the prompt says: the verb, what it is about, and the question."""
    about = f" {target}" if target and verb.target != "none" and not target.startswith("~") else ""
    return f"{verb.name}{about} · {argument.prompt}"
