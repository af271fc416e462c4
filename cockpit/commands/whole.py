"""Commands on the cockpit as a whole: the screen, the engine, a first spec, the machine."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cockpit.commands.given import Given, here
from cockpit.errors import CockpitError


def open(given: Given) -> int:
    """The screen; it starts the engine when none runs, and leaves it when it goes."""
    from cockpit import needs, start

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        needs.require(needs.GIT, needs.TMUX)
        here(given)
        raise CockpitError("the screen needs a terminal", remedy="cockpit status says how things stand")
    with ThreadPoolExecutor(1) as aside:
        fit = aside.submit(needs.require, needs.GIT, needs.TMUX)  # asks git and tmux while we import
        gc.disable()  # until the first paint: collecting what imports make costs more than it frees
        from cockpit import app

        fit.result()
    found = here(given)
    start.check(found)
    return app.run(found)


def init(given: Given) -> int:
    """A first spec, committed alone."""
    from cockpit.init import init as begin

    begun = begin(here(given, spec=False), agent=given.agent, verify=given.verify)
    print(f"wrote {begun.spec}: agent {begun.agent}, verify {begun.verify or 'nothing yet: say what proves a result'}")
    if begun.missing:
        print(f"{begun.missing} is not on PATH: install it, or name another agent in {begun.spec}")
    print(
        f"the commit waits: {begun.held}" if begun.held else f"committed as {str(begun.commit)[:7]}, nothing else in it"
    )
    print("next: put items into its Queue, then: cockpit")
    return 0


def doctor(given: Given) -> int:
    """Whether this machine is fit."""
    import msgspec

    from cockpit.doctor import findings, healthy
    from cockpit.probe import probe

    found = findings(probe(Path(given.directory)))
    if given.json:
        report = {"healthy": healthy(found), "checks": found}
        print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        print("\n".join(map(str, found)))
    return 0 if healthy(found) else 1


def demo(given: Given) -> int:
    """The loop, offline."""
    from cockpit import needs

    needs.require(needs.GIT, needs.TMUX)
    from cockpit.demo import run as play

    return play(headless=given.headless, keep=given.keep)


def run(given: Given) -> int:
    """The engine, here or in the background."""
    from cockpit import needs

    needs.require(needs.GIT, needs.TMUX)
    found = here(given)
    if given.detach:
        from cockpit import start

        print("the engine runs" if start.engine(found) else "an engine runs already")
        return 0
    from cockpit.engine.process import run as live

    live(found)
    return 0


def stop(given: Given) -> int:
    """The end of the engine."""
    from cockpit import start

    print("the engine has ended; delegates go on" if start.stop(here(given, spec=False)) else "no engine runs here")
    return 0
