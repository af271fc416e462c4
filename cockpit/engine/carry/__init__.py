"""Carrying out one step of the plan. Each writes its intention first, then acts, and may be done twice safely.

One module a kind of step: `scope`, `begin`, `end`, `judge`, `join`, `land`; `acts` writes what they did into the spec.
"""

from __future__ import annotations

from cockpit import select, steer
from cockpit.act import dispatch as delegates
from cockpit.engine import proving
from cockpit.engine.carry import permits
from cockpit.engine.carry.again import again
from cockpit.engine.carry.begin import dispatch, name
from cockpit.engine.carry.claims import recheck
from cockpit.engine.carry.deliver import catch_up, deliver
from cockpit.engine.carry.end import halt, park
from cockpit.engine.carry.follow import follow
from cockpit.engine.carry.join import merge
from cockpit.engine.carry.judge import review
from cockpit.engine.carry.land import land, whole
from cockpit.engine.carry.measure import drive, measure
from cockpit.engine.carry.opine import hear, opine
from cockpit.engine.carry.question import question
from cockpit.engine.carry.scope import scope
from cockpit.engine.carry.wake import wake
from cockpit.engine.look import Look
from cockpit.paths import Places

__all__ = ["carry", "catch_up"]


def carry(places: Places, seen: Look, step: select.Step) -> str:
    """Do one step; gives one line for the engine's log. Raises CockpitError with what stands in the way."""
    match step:
        case select.Again(turn, item, words):
            return again(places, seen, turn, item, words)
        case select.Name(item):
            return name(places, item)
        case select.Scope(item, turn, note):
            return scope(places, seen, item, turn, note)
        case select.Dispatch(item, turn, note):
            return dispatch(places, seen, item, turn, note)
        case select.Recheck(item, turn):
            return recheck(places, seen, item, turn)
        case select.Interrupt(turn):
            return f"{turn.item}: {delegates.interrupt(places, turn)}"
        case select.Deliver(turn, text):
            return deliver(places, turn, text)
        case select.Ask(_, item, words):
            return permits.ask(places, item, words)
        case select.Permit(turn, _, answer, rule):
            return permits.permit(turn, answer, rule)
        case select.Settle(_, item, answer, receipt):
            return permits.settle(places, item, answer, receipt)
        case select.Park(turn, item, mark, key, words):
            return park(places, turn, item, mark, key, words)
        case select.Review(turn, item):
            return review(places, seen, turn, item)
        case select.Opine(turn, item, agent):
            return opine(places, seen, turn, item, agent)
        case select.Hear(own):
            return hear(places, own)
        case select.Verdict(item, _, verb):
            return str(steer.steer(places, verb, item.id, {}, by="engine"))
        case select.Halt(_, item, words):
            return halt(places, item, words)
        case select.Merge(turn, item):
            return merge(places, turn, item)
        case select.Follow(item, _, _):
            return follow(places, item)
        case select.Question(item, words):
            return question(places, item, words)
        case select.Wake(item, words):
            return wake(places, item, words)
        case select.Whole(landing):
            return whole(places, seen, landing)
        case select.Land(landing):
            return land(places, seen, landing)
        case select.Measure(ids):
            return measure(places, seen, ids)
        case select.Drive(gauge):
            return drive(places, gauge)
        case select.Prove(base):
            return proving.prove(places, base).told
