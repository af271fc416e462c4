"""From a key to a receipt: why a key does nothing now, which words a verb needs, and the act itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from cockpit.choices import GIVEN
from cockpit.clean import line
from cockpit.errors import CockpitError, Refused
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens import muting
from cockpit.screens.prompt import Prompt
from cockpit.screens.steerable import Steerable
from cockpit.spec import Document, Mark
from cockpit.spec import interview as scope
from cockpit.spec.samples import Sample, sample
from cockpit.verbs import Argument, Verb, valid
from cockpit.wire import SignalView

if TYPE_CHECKING:
    from cockpit.learn import Offer

TAKES_BACK = {"defer": Mark.DEFERRED, "strike": Mark.STRUCK}
"""Verbs that on an item with this mark undo themselves: nothing to ask then."""


def asked(verb: Verb, target: str, view: View) -> tuple[Argument, ...]:
    """The arguments to ask for; none when the verb only takes itself back."""
    item = view.document.item(target)
    if item is not None and TAKES_BACK.get(verb.name) is item.mark:
        return ()
    if verb.name == "land" and _green(view):
        return ()
    return tuple(argument for argument in verb.arguments if argument.asked)


def _green(view: View) -> bool:
    """Whether nothing speaks against the whole: then nobody has to say why it lands."""
    from cockpit.request import unresolved

    turn = view.known.landing.turn if view.known.landing is not None else None
    return turn is not None and turn.review is not None and not unresolved(turn.review)


def start(verb: Verb, argument: Argument, target: str, view: View, given: Mapping[str, str]) -> str:
    """What stands in the input at first: the words to be changed, where words are changed."""
    item = view.document.item(target)
    if verb.name == "give":
        return item.value(given.get("key", "")) if item is not None and argument.name == "value" else ""
    if verb.name == "reframe":
        return view.document.goal
    if item is not None and (verb.name, argument.name) in (("reword", "text"), ("split", "texts")):
        return item.text
    if (verb.name, argument.name) == ("runbook", "name"):
        return next((offer.name for offer in offers(view) if offer.key == target), "")
    there = choices(verb, argument, target, view, given)
    return there[0] if there else ""


def choices(verb: Verb, argument: Argument, target: str, view: View, given: Mapping[str, str]) -> Sequence[str]:
    """What tab goes through: for promote what that answer has to offer, for reap what looks dead, for give the fields,
    those that nobody said first, and what the document knows of the one that is `given`; else the table's.
    """
    if verb.name == "give":
        item = view.document.item(target)
        if argument.name == "value":
            return scope.known(view.document, given.get("key", ""))
        return tuple(
            dict.fromkeys((*(scope.unsaid(scope.interview(view.document, item)) if item is not None else ()), *GIVEN))
        )
    if verb.name == "reap":
        from cockpit.learn import choice, dead

        there = dead(view.document)
        return [*map(choice, there), *(["all"] if len(there) > 1 else [])]
    if (verb.name, argument.name) != ("promote", "which"):
        return argument.choices
    from cockpit import edits

    try:
        found = edits.offered(view.document, target, view.known.world(view.now))
    except Refused:
        return ()
    left = [entry for entry in found if not entry.promoted]
    return [*map(edits.choice, left), *(["all"] if len(left) > 1 else [])]


def offers(view: View) -> list[Offer]:
    """What the engine offers to be a runbook, as its signals tell it."""
    from cockpit.learn import Offer

    told = [signal for signal in view.snapshot.signals if signal.key.startswith("runbook/")]
    return [
        Offer(signal.key, signal.what, signal.what.partition(": ")[2].strip("“”"), (), False, ()) for signal in told
    ]


def label(verb: Verb, argument: Argument, target: str, view: View) -> str:
    """What the prompt says: the verb, what it is about, and the question; the delegate's own where it has one."""
    item = view.document.item(target)
    if verb.name == "iterate" and item is not None and item.value("asks"):
        return f"answer {target} · {line(item.value('asks'), 70)}"
    if argument.name in ("scope", "words") and verb.name in ("allow", "deny"):
        return f"{verb.name} {target} · {line(asks(target, view), 120)} · {argument.prompt}"
    if verb.name == "iterate" and item is not None and item.value("comment"):
        from cockpit.edits.comments import KEY, fresh

        many = len(fresh(item.values(KEY), view.known.turns.get(item.id)))
        along = f" ({many} comment{'s' * (many != 1)} go{'es' * (many == 1)} along)" if many else ""
        return f"iterate {target} · {argument.prompt}{along}"
    about = f" {target}" if target and verb.target != "none" and not target.startswith("~") else ""
    return f"{verb.name}{about} · {argument.prompt}"


def asks(target: str, view: View) -> str:
    """What that item's delegate asks permission for, as the engine tells it; empty when nothing."""
    row = view.delegate(target)
    return row.asks.partition(" ")[2] if row is not None else ""


def shown(verb: Verb, target: str, view: View) -> dict[str, str]:
    """What goes with the verb unasked: an answer is one to the request that is on the screen, and to no later one."""
    row = view.delegate(target) if verb.name in ("allow", "deny") else None
    return {"request": row.asks.partition(" ")[0]} if row is not None and row.asks else {}


def weigh(view: View, row: str, item: str) -> list[tuple[Verb, str]]:
    """`verbs.valid` for both kinds of target: a row's key for those that take a row, its item for the others."""

    def there(_: Document) -> list[Offer]:
        return offers(view)

    world = replace(view.known.world(view.now), offers=there)
    by_row = valid(view.document, row, world)
    if row == item:
        return by_row
    by_item = valid(view.document, item, world)
    return [
        (verb, why if verb.target != "item" else other[1]) for (verb, why), other in zip(by_row, by_item, strict=True)
    ]


def out_of(signal: SignalView) -> dict[str, str]:
    """What `add` knows on a signal's row: the item is made out of that signal, with words for the human to change."""
    part = Sample("signal", signal.key)
    return {"from": part.value, "text": f"Look into: {line(signal.what, 160)}"} if sample(part.value) == part else {}


async def said(
    screen: Steerable, verb: Verb, target: str, view: View, known: Mapping[str, str]
) -> tuple[str, dict[str, str]] | None:
    """What the human means and says, each asked for where it is not known; None when they cancel.

    What is `known` of an argument that is asked for stands in the input at first.
    """
    prompt = screen.foot.prompt
    meant = await _aim(prompt, verb, target, view)
    if meant is None:
        return None
    given = await words(screen, prompt, verb, meant, view, known)
    if given is None or not await _sure(prompt, verb, meant, view):
        return None
    return meant, given


async def _aim(prompt: Prompt, verb: Verb, target: str, view: View) -> str | None:
    """What is meant by the selected row: a mute asks how much of what it stands for; None when the human cancels."""
    there = muting.offered(view, target) if verb.name == "mute" else []
    if len(there) < 2:
        return target
    return await prompt.ask(
        "mute · What?", value=target, choices=there, required=True, hint=lambda value: muting.hides(view, value)
    )


async def words(
    screen: Screen[Any], prompt: Prompt, verb: Verb, target: str, view: View, known: Mapping[str, str]
) -> dict[str, str] | None:
    """Ask for every argument, one after another; None when the human cancels."""
    given = {**known, **shown(verb, target, view)}
    for argument in asked(verb, target, view):
        title = f"add from {line(given['from'], 50)} · {argument.prompt}" if given.get("from") else ""
        title = title or label(verb, argument, target, view)
        begin = given.get(argument.name) or start(verb, argument, target, view, given)
        if argument.multiline:
            from cockpit.screens.editor import EditorScreen

            answer = await screen.app.push_screen_wait(EditorScreen(title, begin))
        else:
            there = choices(verb, argument, target, view, given)
            must = argument.required or (verb.name, argument.name, given.get("until")) == ("mute", "reason", "always")
            answer = await prompt.ask(title, value=begin, choices=there, required=must)
        if answer is None:
            return None
        given[argument.name] = answer
    return given


async def _sure(prompt: Prompt, verb: Verb, target: str, view: View) -> bool:
    """Whether the human means it: a merge is asked for, and only `y` is a yes (R266)."""
    if verb.name not in ("accept", "land"):
        return True
    from cockpit.screens.judging import question

    asks = question(view, verb.name, target)
    return not asks or await prompt.confirm(asks)


async def carry_out(
    places: Places, verb: Verb, target: str, given: Mapping[str, str], heeded: str = ""
) -> tuple[str, str]:
    """Steer, in a thread; the receipt or the refusal as one line, and its tone. `heeded` is the signal's family that
    it answers.
    """
    from cockpit import steer

    try:
        said = await asyncio.to_thread(steer.steer, places, verb.name, target, given)
        if heeded:
            await asyncio.to_thread(steer.heed, places, heeded, verb.name)
    except Refused as refusal:
        cure = f" ({line(refusal.remedy, 100)})" if refusal.remedy else ""
        return f"{verb.name}: {line(refusal.what, 160)}{cure}", "warn"
    except CockpitError as error:
        return f"{verb.name}: {line(str(error), 240)}", "alert"
    return line(str(said), 200), "warn" if said.held else "ok"
