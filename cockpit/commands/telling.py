"""Commands that tell how things stand."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError

if TYPE_CHECKING:
    from cockpit.paths import Places
    from cockpit.wire import Snapshot


def shown(found: Places) -> Snapshot:
    """The picture as the engine shows it, or as spec, facts and journal tell it when none runs."""
    from cockpit import wire

    seen = wire.latest(found.socket)
    if seen is None:
        from cockpit.engine.show import offline

        seen = offline(found, time.time())
    return seen


def status(given: Given) -> int:
    """How things stand, told by the engine, or by spec and facts when none runs."""
    import msgspec

    from cockpit import persist, report
    from cockpit.spec import parse

    found = here(given)
    if given.target:
        return _block(found, given.target.removeprefix("^"), json=given.json)
    seen = shown(found)
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(seen), indent=2).decode())
    else:
        print("\n".join(report.status(parse(persist.read(found)), seen, time.time())))
    return 0


def _block(found: Places, item: str, *, json: bool) -> int:
    """The status block of an item's latest turn."""
    import msgspec

    from cockpit import facts, persist
    from cockpit.explain import block
    from cockpit.spec import parse

    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == item), None)
    if turn is None:
        raise CockpitError("no delegate has worked on it", where=line(item, 60), remedy="see cockpit status")
    said = parse(persist.read(found)).item(item)
    change = (said.value("openspec") or said.value("origin")) if said is not None else ""
    rows = [(name, line(value, 400)) for name, value in block(found, turn, change)]
    if json:
        print(msgspec.json.format(msgspec.json.encode(dict(rows)), indent=2).decode())
    else:
        print("\n".join(f"{name:<9} {value}" for name, value in rows))
    return 0


def why(given: Given) -> int:
    """All that is known of a signal: each term of its score, what proves it, what would end it."""
    import msgspec

    from cockpit import explain

    seen = shown(here(given))
    signal = explain.find(seen.signals, given.target)
    if signal is None and (muted := next((muted for muted in seen.muted if muted.key == given.target), None)):
        facts = explain.of_muted(muted, time.time())
        found = msgspec.json.encode(muted)
    elif signal is not None:
        facts = explain.of_signal(signal, time.time())
        found = msgspec.json.encode(signal)
    else:
        names = ", ".join(line(signal.key, 40) for signal in seen.signals[:5])
        what = "no signal is called so" if given.target else "no signal asks for you"
        raise CockpitError(what, where=line(given.target, 60), remedy=f"there are {names}" if names else "")
    if given.json:
        print(msgspec.json.format(found, indent=2).decode())
    else:
        print("\n".join(f"{name:<9} {line_of(words)}" for name, words in facts))
    return 0


def line_of(words: str) -> str:
    """On one line, with the blanks in front that put numbers below each other."""
    return " " * (len(words) - len(words.lstrip())) + line(words, 1000)


def attach(given: Given) -> int:
    """The delegate's terminal: inside tmux a switch of the client, else tmux takes this terminal over."""
    from cockpit import facts, needs
    from cockpit.act import tmux

    needs.require(needs.TMUX)
    found = here(given, spec=False)
    turn = next((turn for turn in facts.turns(found.delegates) if turn.item == given.target), None)
    if turn is None:
        raise CockpitError("no delegate has worked on it", where=line(given.target, 60), remedy="see cockpit status")
    living = tmux.sessions(found)
    if turn.dispatch.session not in living:
        others = f"; living: {', '.join(sorted(living))}" if living else ""
        raise CockpitError("its session is gone", where=given.target, remedy=f"its log is {turn.log}{others}")
    command = tmux.attach_command(found, turn.dispatch.session, os.environ)
    sys.stdout.flush()
    os.execvp(command[0], command)  # noqa: S606 - we become tmux, an argument list as everywhere
