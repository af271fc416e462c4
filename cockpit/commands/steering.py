"""Commands that steer: the verbs of the table."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cockpit.commands.given import Given, actor, here, in_editor
from cockpit.errors import CockpitError
from cockpit.verbs import BY_NAME, Verb

if TYPE_CHECKING:
    from cockpit.paths import Places


def loop(given: Given) -> int:
    """`cockpit loop on` is the verb `loop on`."""
    given.verb = BY_NAME[f"loop {given.state}"]
    return verb(given)


def verb(given: Given) -> int:
    """One verb of the table: its edit, its commit, its receipt."""
    from cockpit.steer import steer

    named: Verb = given.verb
    found, target = here(given), getattr(given, "target", "")
    words: dict[str, str] = {}
    for argument in named.arguments:
        value = getattr(given, argument.name, None)
        if argument.positional and given.words:
            value = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        if value is not None:
            words[argument.name] = value
        elif argument.required and argument.multiline and sys.stdin.isatty():
            words[argument.name] = in_editor(found, named, target)
        elif argument.required and not any(getattr(given, name, None) for name in argument.beside):
            raise CockpitError(f"{argument.name} is missing", remedy=f"cockpit {named.name} --help")
    if words.get("from"):
        from cockpit.commands.sampling import filled

        words = filled(found, words)
    said = steer(found, named.name, target, words, by=actor())
    print(said)
    if named.name in ("mute", "dismiss") and _strange(found, target):
        print("nothing is called so now: it waits for one that is (cockpit unmute takes it back)")
    return 0


def _strange(found: Places, target: str) -> bool:
    """Whether what was muted names nothing that the engine knows; without one nobody knows."""
    from cockpit import explain, persist, wire
    from cockpit.spec import parse

    seen = wire.latest(found.socket)
    return seen is not None and explain.names_nothing(target, parse(persist.read(found)), seen)
