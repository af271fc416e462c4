"""The scripted agent: offline, deterministic, does real edits and real commits in its worktree, and can misbehave.

`.cockpit/rehearsal/ITEM.toml` (or .json) of the main repository, or the file that COCKPIT_REHEARSAL names, holds one
`[[turn]]` for each turn of that item, the last one repeats; for an opinion of its result `ITEM.opinion.toml`. A turn
is a list of steps, each a table with one key:

    [[turn]]
    steps = [
      {say = "Reading the code"},
      {write = "src/a.py", content = "x = 1\\n"},
      {append = "src/a.py", content = "y = 2\\n"},
      {replace = "src/a.py", old = "x = 1", new = "x = 3"},
      {remove = "src/old.py"},
      {commit = "Set x"},
      {answer = {status = "done", summary = "x is set", claims = ["x is 3"]}},
    ]

Others: `{merge = "branch"}` (a conflict is left to the next steps), `{anew = "branch"}` (its commits since that branch
are taken back, the files stay), `{malformed_answer = "text"}`,
`{sleep = seconds}`, `{wait = "file"}` (until that file exists), `{hang = true}`,
`{exit = code}`, `{crash = "KILL"}`, `{fail = "words"}`, `{brief = true}` (prints what came on stdin).

A message of the human plays the turn's `message` steps; without them it is printed and answered as before.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from cockpit.errors import CockpitError

Step = dict[str, Any]


def script(item: str) -> Path:
    """The file that says what the agent does for this item."""
    if named := os.environ.get("COCKPIT_REHEARSAL"):
        return Path(named)
    file = Path(os.environ.get("COCKPIT_ROOT", ".")) / ".cockpit" / "rehearsal" / f"{item}.toml"
    return file if file.exists() or not file.with_suffix(".json").exists() else file.with_suffix(".json")


def load(file: Path, turn: int, *, message: bool = False) -> list[Step]:
    """The steps of that turn (from 1), or what it does with a message.

    Raises CockpitError when there is no such script or it is malformed.
    """
    try:
        data = file.read_text(encoding="utf-8")
        table: Any = json.loads(data) if file.suffix == ".json" else tomllib.loads(data)
        turns = table["turn"]
        now: dict[str, list[Step]] = turns[min(turn, len(turns)) - 1]
        steps = now["steps"]
        if message:
            steps = now.get("message", [{"brief": True}, *(step for step in steps if "answer" in step)])
    except OSError as error:
        raise CockpitError("no rehearsal script", where=str(file), remedy="write one") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise CockpitError(f"malformed rehearsal script: {error!r}", where=str(file)) from error
    for step in steps:
        if next(iter(step), "") not in STEPS:
            raise CockpitError(f"unknown step {step!r}", where=str(file), remedy=f"use one of {', '.join(STEPS)}")
    return steps


def say(step: Step) -> None:
    """Print a line."""
    sys.stdout.write(f"{step['say']}\n")


def brief(_: Step) -> None:
    """Print what came on stdin."""
    sys.stdout.write(sys.stdin.read())


def write(step: Step) -> None:
    """Make or replace a file."""
    path = Path(step["write"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step["content"], encoding="utf-8")
    sys.stdout.write(f"> write {path}\n")


def append(step: Step) -> None:
    """Add to the end of a file."""
    with Path(step["append"]).open("a", encoding="utf-8") as file:
        file.write(step["content"])
    sys.stdout.write(f"> append {step['append']}\n")


def replace(step: Step) -> None:
    """Put `new` for `old`, which must occur."""
    path = Path(step["replace"])
    text = path.read_text(encoding="utf-8")
    if step["old"] not in text:
        raise CockpitError(f"{step['old']!r} does not occur", where=str(path))
    path.write_text(text.replace(step["old"], step["new"]), encoding="utf-8")
    sys.stdout.write(f"> replace {path}\n")


def remove(step: Step) -> None:
    """Delete a file of the worktree."""
    Path(step["remove"]).unlink()
    sys.stdout.write(f"> remove {step['remove']}\n")


def commit(step: Step) -> None:
    """Commit everything in the worktree."""
    for args in (["add", "-A"], ["commit", "-q", "-m", step["commit"]]):
        subprocess.run(["git", *args], check=True, stdin=subprocess.DEVNULL)
    sys.stdout.write(f"> commit {step['commit']}\n")


def merge(step: Step) -> None:
    """Begin to merge a branch; whether it conflicts or not, the next commit ends it."""
    args = ["git", "merge", "-q", "--no-ff", "--no-commit", str(step["merge"])]
    done = subprocess.run(args, stdin=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1):
        raise CockpitError("git merge failed", where=str(step["merge"]))
    sys.stdout.write(f"> merge {step['merge']}\n")


def anew(step: Step) -> None:
    """Take the branch's own commits back and leave the files as they are; the next commit is the only one."""
    words = ["git", "merge-base", str(step["anew"]), "HEAD"]
    fork = subprocess.run(words, check=True, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
    subprocess.run(["git", "reset", "-q", "--soft", fork], check=True, stdin=subprocess.DEVNULL)
    sys.stdout.write(f"> anew since {step['anew']}\n")


def answer(step: Step) -> None:
    """Write the answer file."""
    given = step["answer"]
    path = Path(os.environ.get("COCKPIT_ANSWER", ".cockpit/answer.json"))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(given if isinstance(given, str) else json.dumps(given, indent=2), encoding="utf-8")
    temporary.replace(path)
    sys.stdout.write("> answer\n")


def malformed_answer(step: Step) -> None:
    """Write something that is no answer into the answer file."""
    answer({"answer": str(step["malformed_answer"])})


def sleep(step: Step) -> None:
    """Do nothing for some seconds."""
    time.sleep(float(step["sleep"]))


def wait(step: Step) -> None:
    """Do nothing until a file exists."""
    while not Path(step["wait"]).exists():
        time.sleep(0.02)


def hang(_: Step) -> None:
    """Do nothing for ever."""
    while True:
        signal.pause()


def leave(step: Step) -> None:
    """Exit with that status."""
    sys.exit(int(step["exit"]))


def crash(step: Step) -> None:
    """Die by that signal."""
    number = signal.Signals[f"SIG{step['crash']}"]
    if number is not signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def fail(step: Step) -> None:
    """Complain and exit with status 1."""
    sys.stderr.write(f"{step['fail']}\n")
    sys.exit(1)


STEPS = {
    "say": say,
    "brief": brief,
    "write": write,
    "append": append,
    "replace": replace,
    "remove": remove,
    "commit": commit,
    "merge": merge,
    "anew": anew,
    "answer": answer,
    "malformed_answer": malformed_answer,
    "sleep": sleep,
    "wait": wait,
    "hang": hang,
    "exit": leave,
    "crash": crash,
    "fail": fail,
}


def main() -> int:
    """Play the turn that COCKPIT_ITEM and COCKPIT_TURN name; 2 when the script is at fault."""
    item, turn = os.environ.get("COCKPIT_ITEM", ""), int(os.environ.get("COCKPIT_TURN", "1"))
    try:
        for step in load(script(item), turn, message="--message" in sys.argv):
            STEPS[next(iter(step))](step)
            sys.stdout.flush()
    except (CockpitError, OSError, KeyError, ValueError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"rehearsal: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
