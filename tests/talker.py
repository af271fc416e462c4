"""An agent that listens while it works: it speaks claude's control protocol, as a process of its own.

`TALKER` names a file with its script, JSON: the steps that it plays at its first words, at the next ones ... The last
list repeats. What it was answered goes to `heard.txt` beside the script.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SCRIPT = Path(os.environ["TALKER"])
SESSION = sys.argv[1] if len(sys.argv) > 1 else "s-1"
lines: queue.Queue[dict[str, Any] | None] = queue.Queue()


class Interrupted(Exception):
    pass


def read() -> None:
    for line in sys.stdin:
        lines.put(json.loads(line))
    lines.put(None)


def tell(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event | {"session_id": SESSION}) + "\n")
    sys.stdout.flush()


def heard(words: str) -> None:
    with SCRIPT.with_name("heard.txt").open("a") as file:
        file.write(f"{words}\n")


later: list[dict[str, Any]] = []


def hear(*wanted: str) -> dict[str, Any]:
    """The next line of these types; what else comes waits."""
    while True:
        line = lines.get()
        if line is None:
            raise SystemExit(0)
        if line["type"] == "control_request" and line["request"]["subtype"] == "interrupt":
            raise Interrupted
        if line["type"] in wanted:
            return line
        later.append(line)


def ask(number: int, tool: str, given: dict[str, Any]) -> str:
    name = f"r{number}"
    tell(
        {"type": "assistant", "message": {"content": [{"type": "tool_use", "id": name, "name": tool, "input": given}]}}
    )
    request = {"subtype": "can_use_tool", "tool_name": tool, "input": given}
    tell({"type": "control_request", "request_id": name, "request": request})
    return name


def answered() -> None:
    response = hear("control_response")["response"]
    told = response["response"]
    heard(f"{response['request_id']} {told['behavior']} {told.get('message', told.get('updatedInput'))}")


def play(steps: list[dict[str, Any]]) -> None:
    for number, step in enumerate(steps):
        match step:
            case {"ask": command}:
                ask(number, "Bash", {"command": command})
                answered()
            case {"edit": path}:
                ask(number, "Edit", {"file_path": path})
                answered()
            case {"both": commands}:
                for place, command in enumerate(commands):
                    ask(10 * number + place, "Bash", {"command": command})
                for _ in commands:
                    answered()
            case {"withdraw": command, "until": file}:
                name = ask(number, "Bash", {"command": command})
                while not Path(file).exists():
                    threading.Event().wait(0.02)
                tell({"type": "control_cancel_request", "request_id": name})
            case {"odd": subtype}:
                tell({"type": "control_request", "request_id": "odd", "request": {"subtype": subtype}})
                heard(hear("control_response")["response"]["error"])
            case {"write": path, "content": content}:
                Path(path).write_text(content)
            case {"commit": message}:
                subprocess.run(["git", "add", "-A"], check=True)
                subprocess.run(["git", "commit", "-qm", message], check=True)
            case {"answer": answer}:
                Path(os.environ["COCKPIT_ANSWER"]).write_text(json.dumps(answer))
            case {"await": kind}:
                hear(kind)
            case _:
                raise SystemExit(f"unknown step {step}")


def main() -> None:
    threading.Thread(target=read, daemon=True).start()
    script: list[list[dict[str, Any]]] = json.loads(SCRIPT.read_text())
    tell({"type": "system", "subtype": "init"})
    round = 0
    while True:
        line = later.pop(0) if later else lines.get()
        if line is None:
            return
        if line["type"] != "user":
            continue
        heard(f"told {line['message']['content'].strip().splitlines()[-1]}")
        try:
            play(script[min(round, len(script) - 1)])
            tell({"type": "result", "is_error": False, "result": "done"})
        except Interrupted:
            heard("interrupted")
            tell({"type": "result", "is_error": True, "subtype": "error_during_execution"})
        round += 1


main()
