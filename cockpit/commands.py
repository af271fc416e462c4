"""What each command does. Takes the parsed line, prints, gives the exit status; loads only what it needs."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cockpit.clean import line
from cockpit.errors import CockpitError
from cockpit.paths import Places, places
from cockpit.verbs import Verb

Given = argparse.Namespace


def here(given: Given, *, spec: bool = True) -> Places:
    """The places that the command line names. Raises CockpitError when there must be a `spec` and there is none."""
    folder = Path(given.directory)
    if not folder.is_dir():
        raise CockpitError("no such folder", where=str(folder))
    found = places(getattr(given, "file", None) or given.spec, cwd=folder)
    if spec and not found.spec.exists():
        raise CockpitError("there is no spec", where=str(found.spec), remedy="cockpit init writes one")
    return found


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


def loop(given: Given) -> int:
    """`cockpit loop on` is the verb `loop on`."""
    from cockpit.verbs import BY_NAME

    return verb(given, BY_NAME[f"loop {given.state}"])


def verb(given: Given, named: Verb) -> int:
    """One verb of the table: its edit, its commit, its receipt."""
    from cockpit.steer import steer

    found, target = here(given), getattr(given, "target", "")
    words: dict[str, str] = {}
    for argument in named.arguments:
        value = getattr(given, argument.name, None)
        if argument.positional and given.words:
            value = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        if value is not None:
            words[argument.name] = value
        elif argument.required and argument.multiline and sys.stdin.isatty():
            words[argument.name] = _in_editor(found, named, target)
        elif argument.required:
            raise CockpitError(f"{argument.name} is missing", remedy=f"cockpit {named.name} --help")
    print(steer(found, named.name, target, words, by=_actor()))
    return 0


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


def log(given: Given) -> int:
    """The timeline of steering, newest first."""
    import msgspec

    from cockpit import persist, report

    found = here(given, spec=False)
    for entry in persist.timeline(found, limit=given.n, verb=given.only, by=given.by):
        print(msgspec.json.encode(entry).decode() if given.json else report.entry(entry))
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


def push(given: Given) -> int:
    """An event on the spool; the engine reads it when it runs."""
    from cockpit.sense import events, spool

    if given.sh:
        print(spool.sh_line(here(given, spec=False)))
        return 0
    # A delegate's shell stands in a worktree; the spool that counts is the repository's, named by its environment.
    named = os.environ.get("COCKPIT_SPOOL")
    path = Path(named) if named else here(given, spec=False).spool
    if not given.ndjson:
        words = sys.stdin.read() if given.words == ["-"] else " ".join(given.words)
        options = {name: getattr(given, name) for name in ("source", "key", "state", "level", "item", "evidence")}
        spool.push(path, events.parse_push(words, **options, at=time.time()))
        return 0
    bad = 0
    for number, data in enumerate(sys.stdin.buffer, 1):  # as it comes: `tail -f log | cockpit push --ndjson`
        if data.strip():
            try:
                spool.push(path, events.decode(data, time.time()))
            except CockpitError as error:
                bad += 1
                print(f"cockpit: line {number}: {line(str(error), 300)}", file=sys.stderr)
    return 1 if bad else 0


def _actor() -> str:
    """Who steers. A delegate's shell carries its item's name, so an act from there is never taken for the human's."""
    item = os.environ.get("COCKPIT_ITEM")
    return f"delegate/{item}" if item else "human"


def _in_editor(found: Places, named: Verb, target: str) -> str:
    """The human's words from `$VISUAL` or `$EDITOR`, which starts with what the spec says now."""
    from cockpit import persist
    from cockpit.spec import parse

    document = parse(persist.read(found))
    item = document.item(target)
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="cockpit-") as folder:
        file = Path(folder) / f"{named.name}.md"
        file.write_text((item.text if item else document.goal) + "\n", encoding="utf-8")
        try:
            done = subprocess.run([*editor, str(file)], check=False)
        except OSError as error:
            raise CockpitError(
                f"cannot start the editor: {error.strerror}", where=editor[0], remedy="set EDITOR"
            ) from error
        if done.returncode != 0:
            raise CockpitError(f"the editor ended with status {done.returncode}: nothing was changed", where=editor[0])
        return file.read_text(encoding="utf-8", errors="replace").strip()
