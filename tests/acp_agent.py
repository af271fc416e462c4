"""An agent that speaks ACP, as a process of its own, written with the protocol's library.

`ACP_SCRIPT` names a file, JSON: `rounds`, the steps that it plays at its first prompt, at the next ones ... (the last
repeats), and `loads`, whether it can go on with a conversation. What reached it goes to `heard.txt` beside the script.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import acp
from acp.schema import AgentCapabilities, PermissionOption, PromptResponse, ToolCallUpdate, Usage

SCRIPT = Path(os.environ["ACP_SCRIPT"])
PLAY: dict[str, Any] = json.loads(SCRIPT.read_text())


def heard(words: str) -> None:
    with SCRIPT.with_name("heard.txt").open("a") as file:
        file.write(f"{words}\n")


class Agent:
    def __init__(self) -> None:
        self.client: Any = None
        self.round = 0
        self.cancelled = asyncio.Event()

    def on_connect(self, conn: Any) -> None:
        self.client = conn

    async def initialize(self, protocol_version: int, client_capabilities: Any = None, **_: Any):
        heard(f"fs {client_capabilities.fs.read_text_file} terminal {client_capabilities.terminal}")
        capabilities = AgentCapabilities(load_session=bool(PLAY.get("loads")))
        return acp.InitializeResponse(protocol_version=protocol_version, agent_capabilities=capabilities)

    async def new_session(self, cwd: str, **_: Any):
        heard(f"new in {Path(cwd).name}")
        return acp.NewSessionResponse(session_id="s-1")

    async def load_session(self, cwd: str, session_id: str, **_: Any):
        heard(f"load {session_id}")
        await self.client.session_update(session_id=session_id, update=acp.update_agent_message_text("old words"))
        return acp.LoadSessionResponse()

    async def prompt(self, prompt: list[Any], session_id: str, **_: Any) -> PromptResponse:
        heard(f"told {prompt[0].text.strip().splitlines()[-1]}")
        steps = PLAY["rounds"][min(self.round, len(PLAY["rounds"]) - 1)]
        self.round += 1
        self.cancelled.clear()
        for number, step in enumerate(steps):
            name = f"c{self.round}-{number}"
            match step:
                case {"ask": command}:
                    await self.ask(session_id, name, "execute", {"command": command})
                case {"edit": path}:
                    await self.ask(session_id, name, "edit", {"path": path})
                case {"vague": title}:
                    await self.ask(session_id, name, "execute", None, title)
                case {"always": command}:
                    await self.ask(session_id, name, "execute", {"command": command}, kinds=("allow_always",))
                case {"say": words}:
                    update = acp.update_agent_message_text(words)
                    await self.client.session_update(session_id=session_id, update=update)
                case {"write": path, "content": content}:
                    start = acp.start_tool_call(name, f"Write {path}", kind="edit", status="in_progress")
                    await self.client.session_update(session_id=session_id, update=start)
                    Path(path).write_text(content)
                    update = acp.update_tool_call(name, status="completed")
                    await self.client.session_update(session_id=session_id, update=update)
                case {"commit": message}:
                    subprocess.run(["git", "add", "-A"], check=True)
                    subprocess.run(["git", "commit", "-qm", message], check=True)
                case {"answer": answer}:
                    Path(os.environ["COCKPIT_ANSWER"]).write_text(json.dumps(answer))
                case {"sleep": _}:
                    await self.cancelled.wait()
                case {"exit": code}:
                    os._exit(code)
                case {"refuse": _}:
                    raise acp.RequestError(-32000, "Authentication required")
                case _:
                    raise SystemExit(f"unknown step {step}")
            if self.cancelled.is_set():
                heard("cancelled")
                return PromptResponse(stop_reason="cancelled")
        usage = Usage(total_tokens=130, input_tokens=100, output_tokens=30)
        return PromptResponse(stop_reason="end_turn", usage=usage)

    async def ask(
        self,
        session: str,
        name: str,
        kind: Any,
        raw: Any,
        title: str = "Do it",
        kinds: tuple[Any, ...] = ("allow_always", "allow_once", "reject_once"),
    ) -> None:
        call = ToolCallUpdate(tool_call_id=name, kind=kind, title=title, raw_input=raw, status="pending")
        options = [PermissionOption(option_id=each, name=each, kind=each) for each in kinds]
        response = await self.client.request_permission(session_id=session, tool_call=call, options=options)
        heard(f"{title} {raw}: {getattr(response.outcome, 'option_id', response.outcome.outcome)}")

    async def cancel(self, session_id: str, **_: Any) -> None:
        self.cancelled.set()


sys.exit(asyncio.run(acp.run_agent(Agent())))
