"""The command line: what may be typed, and the rim where every error becomes one line.

The work is in `commands`, imported for the command at hand, so that `cockpit status` never loads the screen.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from cockpit import __version__
from cockpit.clean import clean, line
from cockpit.errors import CockpitError
from cockpit.verbs import VERBS, Argument, Verb

ABOUT = (
    "A full-screen control room for coding agents. `cockpit` opens the screen on SPEC.md of the repository around you."
)
USAGE, TROUBLE, INTERRUPTED, BUG = 2, 1, 130, 70
LOOP = "loop "


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit status: 0 done, 1 it could not be done, 2 it was not understood.

    No traceback reaches the user: an error of ours is one line, a bug is one line with the file that holds its trace.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that isn't UTF-8 is no reason to stop
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except CockpitError as error:
        return _say(str(error), TROUBLE)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`cockpit log | head`); the interpreter's last flush must not tell of it either.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return TROUBLE
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else USAGE
    except Exception as error:
        from cockpit.spec import SpecError

        if isinstance(error, SpecError):
            return _say(f"the spec cannot be read: {error}", TROUBLE)
        return _say(_crash(error), BUG)
    return status


def _run(argv: list[str]) -> int:
    reader, names = parser()
    given = reader.parse_args(settle(argv, names))
    from cockpit.commands import ROOMS, command

    if isinstance(given.verb, Verb) and given.command not in ROOMS:
        return command("verb")(given)
    return command(given.command)(given)


def settle(argv: list[str], names: Collection[str]) -> list[str]:
    """`argv` with `open` put in where its first word is a spec, or where there is none: `cockpit SPEC.md`.

    Raises CockpitError for a word that is neither a command nor a file, with the nearest command.
    """
    folder, value_of = ".", ""
    for index, word in enumerate(argv):
        if value_of:
            folder = word if value_of == "-C" else folder
            value_of = ""
        elif word in ("-C", "--spec"):
            value_of = word
        elif word == "--" or not word.startswith("-"):
            if word in names:
                return argv
            if word != "--" and not (word.endswith(".md") or "/" in word or (Path(folder) / word).exists()):
                import difflib

                near = difflib.get_close_matches(word, list(names), 1)
                remedy = f"did you mean {near[0]}?" if near else "see cockpit --help"
                print(f"cockpit: {line(word, 60)}: no such command or file ({remedy})", file=sys.stderr)
                raise SystemExit(USAGE)
            return [*argv[:index], "open", *argv[index:]]
    return [*argv, "open"]


class Parser(argparse.ArgumentParser):
    """argparse whose complaint is one line."""

    def error(self, message: str) -> NoReturn:
        """Say what was not understood and where help is; exit 2."""
        print(f"{self.prog.split()[0]}: {line(message, 300)} (see {self.prog} --help)", file=sys.stderr)
        raise SystemExit(USAGE)


def parser() -> tuple[Parser, Mapping[str, Parser]]:
    """The whole command line, and the part of each command by its name."""
    top = Parser(prog="cockpit", description=ABOUT, allow_abbrev=False)
    top.add_argument("-C", dest="directory", metavar="DIR", default=".", help="work in that folder")
    top.add_argument("--spec", metavar="FILE", help="the spec, when it is not SPEC.md at the top of the repository")
    top.add_argument("--version", action="version", version=f"cockpit {__version__}")
    top.set_defaults(verb=None)
    anywhere = Parser(add_help=False)  # the same two after the command's name
    anywhere.add_argument("-C", dest="directory", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    anywhere.add_argument("--spec", metavar="FILE", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    commands = top.add_subparsers(
        dest="command", metavar="COMMAND", title="commands (a file opens the screen on that spec)"
    )

    def command(name: str, help: str) -> Parser:
        about = f"{help[:1].upper()}{help[1:]}."
        return commands.add_parser(name, help=help, description=about, allow_abbrev=False, parents=[anywhere])

    opener = commands.add_parser("open", allow_abbrev=False, description="Open the screen.", parents=[anywhere])
    opener.add_argument("file", nargs="?", metavar="SPEC")

    begin = command("init", "write a first spec and commit it, alone")
    begin.add_argument("file", nargs="?", metavar="SPEC")
    begin.add_argument("--agent", default="", metavar="NAME", help="who does the work (default: the first on PATH)")
    begin.add_argument("--verify", default="", metavar="COMMAND", help="what proves a result (default: guessed)")
    command("doctor", "say whether this machine is fit, and what to do").add_argument("--json", action="store_true")
    demo = command("demo", "play the whole loop, offline, in a repository of its own")
    demo.add_argument("--headless", action="store_true", help="without a screen; fails unless it ends right")
    demo.add_argument("--keep", action="store_true", help="leave its repository where it is")
    run = command("run", "be the engine, without a screen, until cockpit stop")
    run.add_argument("file", nargs="?", metavar="SPEC")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--detach", action="store_true", help="in the background, as the screen starts it")
    how.add_argument("--foreground", action="store_true", help="here (the default)")
    command("stop", "end the engine; delegates go on")
    tidy = command(
        "tidy", "what delegates left: remove what is merged or empty, after asking; the rest says why it stays"
    )
    tidy.add_argument("--yes", action="store_true", help="do not ask")
    tidy.add_argument("--json", action="store_true", help="only tell, one JSON object a line")
    how_things = command("status", "say how things stand, or where everything of a delegate is")
    how_things.add_argument("target", nargs="?", default="", metavar="ITEM", help="the item of a delegate")
    how_things.add_argument("--json", action="store_true")
    why = command("why", "say why a signal stands where it stands: every term with its number, evidence, suspects")
    why.add_argument(
        "target", nargs="?", default="", metavar="KEY", help="its key, a part of it, or its item (default: the first)"
    )
    why.add_argument("--json", action="store_true", help="all of it as one JSON object")
    explain = command("explain", "say what a delegate's state follows from: every source, its evidence, its age")
    explain.add_argument("target", metavar="ITEM")
    explain.add_argument("--json", action="store_true", help="all of it as one JSON object")
    goal = command("goal", "say what completes the goal: each open item in its class, and the order; or change it")
    goal.add_argument("words", nargs="*", metavar="WORDS", help="the new goal")
    goal.add_argument("--json", action="store_true")
    spent = command("spent", "what was used: tokens, money, minutes by turn, item, day and loop, and who pays for it")
    spent.add_argument("target", nargs="?", default="", metavar="ITEM", help="only that item")
    spent.add_argument("--json", action="store_true", help="all of it as one JSON object; unknown is null")
    log = command("log", "the timeline of steering: who did what, and why")
    log.add_argument("--json", action="store_true", help="one JSON object a line")
    log.add_argument("--by", metavar="ACTOR", help="only of: human, engine, delegate/ID, external")
    log.add_argument("--verb", dest="only", metavar="VERB", help="only of that verb")
    log.add_argument("--item", metavar="ITEM|SIGNAL", help="only on that item or signal")
    log.add_argument("--since", default="", metavar="DATE", help="only since then, in git's words: yesterday, 2.weeks")
    log.add_argument("-p", "--diff", action="store_true", help="with what each act changed in the spec")
    log.add_argument("-n", type=_count, default=20, metavar="N", help="at most so many (default 20)")
    take = command("import", "take the open tasks of task files into the queue, linked to where they come from")
    take.add_argument(
        "files", nargs="+", metavar="FILE", help="OpenSpec tasks.md, a GitHub task list, a Backlog.md task"
    )
    take.add_argument("--to", default="queue", choices=("queue", "backlog"), help="the section (default queue)")
    at = command("at", "print the spec as it was")
    at.add_argument(
        "revision", metavar="REV", help="a commit, a date (yesterday, 2 days ago), a version of the journal"
    )
    at.add_argument("--status", action="store_true", help="only the items with their marks: what stood where then")
    at.add_argument("--json", action="store_true", help="the same, one JSON object an item")
    between = command("changes", "say what was meant by the edits between two versions of the spec")
    between.add_argument("old", nargs="?", default="HEAD", metavar="REV", help="as for at (default: the last commit)")
    between.add_argument("new", nargs="?", default="", metavar="REV", help="the same (default: the file as it is)")
    between.add_argument("--json", action="store_true", help="one JSON object a line")
    review = command("review", "the fourteen checks on a delegate's result, or now on any branch (0 accept, 1 iterate)")
    review.add_argument("target", metavar="ITEM|BRANCH", help="an item, a branch or any commit (HEAD)")
    review.add_argument("--base", default="", metavar="REF", help="hold it against that (default: what is checked out)")
    review.add_argument("--verify", default="", metavar="COMMAND", help="what proves it (default: the spec's)")
    form = review.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all of it as one JSON object")
    form.add_argument("--sarif", action="store_true", help="as SARIF 2.1.0, for code hosts and editors")
    pull = command("pr", "write the pull request of the feature branch, and say what opens it; nothing is posted")
    pull.add_argument("--json", action="store_true")
    scope = command("scope", "hold what an item says of the code against the tree its delegate starts from (1: stale)")
    scope.add_argument("target", metavar="ITEM")
    form = scope.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all of it as one JSON object")
    form.add_argument("--ask", action="store_true", help="be asked for ticket, OpenSpec change, agent and model")
    costs = command(
        "checks", "what each of the fourteen checks cost and caught so far; one that catches nothing can go"
    )
    costs.add_argument("--json", action="store_true", help="one JSON object a check")
    check = command("check", "run the acceptance criteria on the last commit, in a worktree of its own")
    check.add_argument("target", nargs="?", default="", metavar="ID", help="only that criterion")
    measured = command("measure", "measure the criteria that are a number, now (0: all are at their targets)")
    measured.add_argument("target", nargs="?", default="", metavar="ID", help="only that criterion")
    measured.add_argument("--history", action="store_true", help="measure nothing, tell what was measured")
    measured.add_argument("--json", action="store_true", help="as a JSON list, with all measurements")
    brief = command("brief", "what a delegate was told, or would be told now")
    brief.add_argument("target", metavar="ITEM")
    which = brief.add_mutually_exclusive_group()
    which.add_argument("--turn", type=_count, metavar="N", help="of that turn (default: the latest)")
    which.add_argument("--next", action="store_true", help="as it would be if it were dispatched now")
    which.add_argument("--edit", action="store_true", help="the one that waits for your word, in $EDITOR")
    brief.add_argument("--lint", action="store_true", help="what is wrong with it instead (1: something is)")
    brief.add_argument("--json", action="store_true", help="with --lint: as one JSON object")
    command("attach", "go to a delegate's terminal").add_argument("target", metavar="ITEM")
    command("learn", "all that was learned, and where it can be read and edited").add_argument(
        "--json", action="store_true"
    )
    taste = command("taste", "what your acts and mutes taught the ranking")
    taste.add_argument(
        "--reset", nargs="?", const="", metavar="FACET", help="forget it all, or one facet (tool mypy, directory src)"
    )
    push = command("push", "tell of something that happened (engine up or down)")
    push.add_argument(
        "words", nargs="*", metavar="WORD", help="what happened, in words (after --: the command of --job)"
    )
    push.add_argument("--source", default="", help="who tells (default: push; of lines: the file or the command)")
    push.add_argument("--key", default="", help="what it is about: events of one key are one signal")
    push.add_argument("--state", default="open", help="one word: open, failing; closed or passing end it")
    push.add_argument("--level", default="info", choices=("debug", "info", "warning", "error", "critical"))
    push.add_argument("--item", default="", help="the item it concerns")
    push.add_argument("--evidence", default="", help="where to look: a path, an address")
    push.add_argument("--action", default="inspect", help="what to do: inspect, continue, recycle, do not stop, a verb")
    push.add_argument("--ndjson", action="store_true", help="read events from stdin, one JSON object a line")
    read = push.add_mutually_exclusive_group()
    read.add_argument("--junit", metavar="FILE", help="a test report in JUnit's XML (-: stdin)")
    read.add_argument("--report", metavar="FILE", help="any report: JUnit, report-log, TAP, SARIF, ruff, mypy, eslint")
    read.add_argument(
        "--follow", default="", metavar="FILE", help="the lines of a log as it grows (-: stdin, passed on)"
    )
    push.add_argument("--from-start", action="store_true", help="with --follow: what the file holds already, too")
    push.add_argument(
        "--job", default="", metavar="NAME", help="the lines are of a run of that job: --job NAME -- COMMAND"
    )
    push.add_argument("--run", default="", metavar="ID", help="the run of the job (default: a new one)")
    push.add_argument("--sh", action="store_true", help="print the line of sh that does it without us, for fast hooks")

    hooks = command("hooks", "have agents tell what they do: our hooks beside yours in their settings")
    hooks.add_argument(
        "act", choices=("install", "remove", "list", "stop", "commit"), help="stop, commit: what these hooks run"
    )
    hooks.add_argument(
        "agent",
        nargs="?",
        default="",
        metavar="AGENT",
        help="claude, codex, gemini, qwen; docs: AGENTS.md; commit: what delegates commit is checked first",
    )
    hooks.add_argument("--stop", action="store_true", help="the hook that verifies when the agent stops")
    hooks.add_argument("--commands", action="store_true", help="/cockpit-goal and /cockpit-loop in the agent's prompt")
    hooks.add_argument("--user", action="store_true", help="in your own settings, for all repositories")
    hooks.add_argument("--dry-run", action="store_true", help="show the difference, change nothing")
    hook = command("hook", "take what an agent's hook says on stdin (engine up or down); never fails")
    hook.add_argument("agent", metavar="AGENT")
    hook.add_argument("event", nargs="?", default="", metavar="EVENT", help="where what it says does not name it")

    command("rank", 'rank events from stdin, as the engine does: lines of JSON, answers to {"op": "rank"}')

    again = command("replay", "rank a recorded journal again: what was shown then, and why")
    again.add_argument("path", nargs="?", default="", metavar="FILE|FOLDER", help="default: this repository's journal")
    again.add_argument("--at", default="", metavar="TIME", help="as it was then: 14:05, a date and time, epoch seconds")
    again.add_argument("--changes", action="store_true", help="each time that the rows had changed, to the second")
    again.add_argument("-n", "--rows", type=_count, default=10, metavar="N", help="at most so many rows (default 10)")
    again.add_argument("--json", action="store_true", help="one JSON object a ranking")

    tails = [verb for verb in VERBS if verb.name.startswith(LOOP)]
    for verb in VERBS:
        if verb in tails:
            continue
        _verb(command(verb.name, verb.help), verb)
    loop = command("loop", "let the loop go on, take one step, or hold")
    loop.add_argument("state", choices=[verb.name.removeprefix(LOOP) for verb in tails])
    return top, commands.choices


def _verb(reader: Parser, verb: Verb) -> None:
    """The arguments of one verb of the table."""
    reader.set_defaults(verb=verb)
    if verb.name == "add":
        reader.add_argument("--below", dest="target", default="", metavar="ITEM", help="put it below that item")
    elif verb.history:
        reader.add_argument("target", nargs="?", default="", metavar="COMMIT", help="the act (default: the last)")
    elif verb.name == "reap":
        reader.add_argument("--json", action="store_true", help="only tell what looks dead, as a JSON list")
    elif verb.name == "runbook":
        reader.add_argument("target", nargs="?", default="", metavar="OFFER", help="its key (default: the only one)")
    elif verb.target != "none":
        what = "ITEM" if verb.target == "item" else "ITEM|SIGNAL"
        reader.add_argument("target", metavar=what)
    for argument in verb.arguments:
        if argument.word:
            reader.add_argument(argument.name, metavar=argument.prompt.split()[-1], help=argument.prompt)
            continue
        reader.add_argument(f"--{argument.name}", metavar=argument.name.upper(), help=_about(argument))
        if argument.positional:
            reader.add_argument("words", nargs="*", metavar=argument.name.upper(), help=f"{argument.prompt} (-: stdin)")


def _about(argument: Argument) -> str | None:
    """What it may be; of one that the screen never asks for, the question."""
    return ", ".join(argument.choices) or (None if argument.asked or argument.positional else argument.prompt)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _say(words: str, status: int) -> int:
    with contextlib.suppress(OSError):
        print(f"cockpit: {line(words, 1000)}", file=sys.stderr)
    return status


def _crash(error: Exception) -> str:
    """Write the trace where it can be found; gives the line for the user."""
    import traceback

    import platformdirs

    what = f"this is a bug in cockpit: {type(error).__name__}: {error}"
    path = (
        Path(platformdirs.user_state_dir("cockpit")) / "crashes" / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(clean("".join(traceback.format_exception(error))), encoding="utf-8")
    except OSError as trouble:
        return f"{what} (its trace could not be written: {trouble.strerror})"
    return f"{what} (its trace is in {path})"
