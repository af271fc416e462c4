"""Commands that tell how things stand."""

from __future__ import annotations

import os
import sys
import time

from cockpit.clean import line
from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def status(given: Given) -> int:
    """How things stand, told by the engine, or by spec and facts when none runs."""
    import msgspec

    from cockpit import persist, report, wire
    from cockpit.spec import parse

    found = here(given)
    seen = wire.latest(found.socket)
    if seen is None:
        from cockpit.engine.show import offline

        seen = offline(found, time.time())
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(seen), indent=2).decode())
    else:
        print("\n".join(report.status(parse(persist.read(found)), seen, time.time())))
    return 0


def review(given: Given) -> int:
    """The verdict on a delegate's result, by its item or its branch."""
    import msgspec

    from cockpit import facts, report
    from cockpit.steer import stale

    found = here(given)
    turns = [turn for turn in facts.turns(found.delegates) if given.target in (turn.item, turn.dispatch.branch)]
    if not turns:
        raise CockpitError("no delegate has worked on it", where=line(given.target, 60), remedy="see cockpit status")
    turn = turns[-1]
    if turn.review is None:
        raise CockpitError("there is no verdict yet", where=turn.item, remedy="the engine reviews it when it has ended")
    if given.json:
        print(msgspec.json.format(msgspec.json.encode(turn.review), indent=2).decode())
    else:
        print("\n".join(report.review(turn, turn.review, stale(found, turn))))
    return 0


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
