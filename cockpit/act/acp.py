"""Agents that speak the Agent Client Protocol: `python -m cockpit.act.acp [--load SESSION] -- COMMAND ...`.

A process between our runner and the agent: what the agent says in ACP it tells as claude's stream does, and what the
runner says by claude's control protocol it tells the agent in ACP. So all that reads one reads the other, and the
library (`pip install agent-cockpit[acp]`) is loaded here only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ctypes
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
from acp import PROTOCOL_VERSION, RequestError, text_block
from acp.client import ClientSideConnection
from acp.schema import (
    AllowedOutcome,
    ClientCapabilities,
    DeniedOutcome,
    FileSystemCapabilities,
    Implementation,
    RequestPermissionResponse,
)

from cockpit.act import toolcalls
from cockpit.act.children import PR_SET_PDEATHSIG
from cockpit.loose import Table, count, get, table, text

LONGEST = 64 * 1024 * 1024
"""Bytes of a line that either side may say."""
START = 120.0
"""Seconds that an agent may take to begin."""
GRACE = 3.0
"""Seconds that it may take to end."""
MISCOUNTS = ("OpenCode",)
"""Agents that tell the tokens of their last step as those of all (opencode 1.18.33): unknown is better."""
STOPS = {"end_turn": "", "cancelled": "cancelled"}
"""How a turn may stop, and the error that is: the others are told by their name."""


class Bridge:
    """One conversation. It offers the agent no files and no terminal: the agent works in the worktree by itself."""

    def __init__(self) -> None:
        self.session = ""
        self.replays = False
        """The history of a conversation that is loaded comes again: it is not told twice."""
        self._agent: ClientSideConnection | None = None
        self._words = ""
        self._calls: dict[str, Table] = {}
        self._told: set[str] = set()
        self._asked: dict[str, asyncio.Future[Table]] = {}
        self._after: list[str] = []
        """What the human said with a no: the protocol has no room for it, so it follows."""
        self._cost: float | None = None
        self._counts = True
        self._gone = False

    # What the agent says

    async def session_update(self, session_id: str, update: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
        """Something happened: words, a tool call, tokens. What we don't know is passed over."""
        if self.replays:
            return
        said: Table = update.model_dump(mode="json", by_alias=True, exclude_none=True)
        match said.get("sessionUpdate"):
            case "agent_message_chunk":
                self._words += text(get(said, "content", "text"))
            case "tool_call" | "tool_call_update":
                self._call(said)
            case "usage_update" if get(said, "cost", "currency") == "USD":
                self._cost = get(said, "cost", "amount")
            case _:
                pass

    async def request_permission(
        self,
        session_id: str,  # noqa: ARG002
        tool_call: Any,  # noqa: ANN401
        options: list[Any],
        **_: Any,  # noqa: ANN401
    ) -> RequestPermissionResponse:
        """It asks leave: the runner answers. A yes is one for this time; where the agent has none such, it is a no."""
        said: Table = tool_call.model_dump(mode="json", by_alias=True, exclude_none=True)
        call = self._call(said | {"status": "pending"})
        tool, given = toolcalls.tool(call)
        name = f"ask-{len(self._told)}-{text(call.get('toolCallId'))}"
        answer = self._asked[name] = asyncio.get_running_loop().create_future()
        request = {"subtype": "can_use_tool", "tool_name": tool, "input": given}
        tell({"type": "control_request", "request_id": name, "request": request})
        try:
            told = await answer
        except asyncio.CancelledError:
            tell({"type": "control_cancel_request", "request_id": name})
            raise
        finally:
            self._asked.pop(name, None)
        kinds = {str(option.kind): str(option.option_id) for option in reversed(options)}
        if told.get("behavior") == "allow" and "allow_once" in kinds:
            return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=kinds["allow_once"]))
        if told.get("behavior") == "deny" and text(told.get("message")):
            self._after.append(text(told.get("message")))
        if told.get("behavior") in ("allow", "deny") and "reject_once" in kinds:
            return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=kinds["reject_once"]))
        return RequestPermissionResponse(outcome=DeniedOutcome(outcome="cancelled"))

    def _call(self, said: Table) -> Table:
        """A piece of a tool call: told when it begins to run or is asked for, and when it has ended."""
        name = text(said.get("toolCallId"))
        call = self._calls[name] = toolcalls.merged(self._calls.get(name, {}), said)
        waits = said.get("sessionUpdate") is not None and call.get("status", "pending") == "pending"
        if name not in self._told and not waits:
            self._told.add(name)
            self._flush()
            tool, given = toolcalls.tool(call)
            part = {"type": "tool_use", "id": name, "name": tool, "input": given}
            tell({"type": "assistant", "session_id": self.session, "message": {"content": [part]}})
        if toolcalls.ended(call):
            tell({"type": "user", "session_id": self.session, "message": {"content": [toolcalls.result(call)]}})
            self._calls.pop(name)
        return call

    def _flush(self) -> None:
        said, self._words = self._words.strip(), ""
        if said:
            part = {"type": "text", "text": said}
            tell({"type": "assistant", "session_id": self.session, "message": {"content": [part]}})

    # What the runner says

    async def run(self, command: list[str], load: str) -> int:
        """Begin or go on with a conversation, then do what the runner says until it says no more; the exit status."""
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LONGEST,
                preexec_fn=_dies_with_us,
            )
        except OSError as error:
            return fail(f"cannot start {command[0]}: {error.strerror}")
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        self._agent = ClientSideConnection(self, process.stdin, process.stdout)  # pyright: ignore[reportArgumentType]
        try:
            return await self._serve(self._agent, load)
        except ConnectionError:
            return fail("the agent has gone", self.session)
        finally:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._agent.close(), GRACE)
            await _end(process)

    async def _serve(self, agent: ClientSideConnection, load: str) -> int:
        try:
            await asyncio.wait_for(self._begin(agent, load), START)
        except TimeoutError:
            return fail(f"the agent did not begin within {START:.0f} s")
        except RequestError as error:
            return fail(_words(error))
        tell({"type": "system", "subtype": "init", "session_id": self.session})
        turn: asyncio.Task[None] | None = None
        async for said in _lines():
            match said:
                case {"type": "user", "message": {"content": str(words)}}:
                    if turn is not None:
                        await turn
                    turn = asyncio.create_task(self._prompt(agent, words))
                case {"type": "control_response"}:
                    waits = self._asked.get(text(get(said, "response", "request_id")))
                    if waits is not None and not waits.done():
                        waits.set_result(get(said, "response", "response") or {})
                case {"type": "control_request", "request": {"subtype": "interrupt"}}:
                    await agent.cancel(session_id=self.session)
                    for waits in self._asked.values():
                        if not waits.done():
                            waits.set_result({"behavior": "cancel"})
                case _:
                    pass
        if turn is not None:
            await turn
        return 1 if self._gone else 0

    async def _begin(self, agent: ClientSideConnection, load: str) -> None:
        """Raises RequestError when the agent cannot begin, or cannot go on with that conversation."""
        begun = await agent.initialize(
            protocol_version=PROTOCOL_VERSION,
            client_capabilities=ClientCapabilities(
                fs=FileSystemCapabilities(read_text_file=False, write_text_file=False), terminal=False
            ),
            client_info=Implementation(name="cockpit", version="1"),
        )
        self._counts = begun.agent_info is None or begun.agent_info.name not in MISCOUNTS
        here = str(Path.cwd())
        if not load:
            self.session = (await agent.new_session(cwd=here, mcp_servers=[])).session_id
            return
        if begun.agent_capabilities is None or not begun.agent_capabilities.load_session:
            raise RequestError(-32601, "this agent cannot go on with a conversation")
        self.session, self.replays = load, True
        await agent.load_session(cwd=here, session_id=load, mcp_servers=[])
        self.replays = False

    async def _prompt(self, agent: ClientSideConnection, words: str) -> None:
        """One turn of the agent; with what the human said to its requests it goes on in the same conversation."""
        failed, usage = "", dict[str, int]()
        try:
            while words:
                response = await agent.prompt(session_id=self.session, prompt=[text_block(words)])
                self._flush()
                told: Table = response.model_dump(mode="json", by_alias=True, exclude_none=True)
                usage = _sum(usage, told)
                stop = text(told.get("stopReason"))
                failed = STOPS.get(stop, f"it stopped: {stop.replace('_', ' ')}")
                words, self._after = ("" if failed else "\n\n".join(self._after)), []
        except RequestError as error:
            failed = _words(error)
        except ConnectionError:
            failed, self._gone = "the agent has gone", True
        self._flush()
        cost = {} if self._cost is None else {"total_cost_usd": self._cost}
        tell(
            {"type": "result", "session_id": self.session, "is_error": bool(failed), "result": failed}
            | ({"usage": usage} if usage and self._counts else {})
            | cost
        )


def tell(event: Table) -> None:
    """One line to the runner."""
    sys.stdout.buffer.write(msgspec.json.encode(event) + b"\n")
    sys.stdout.buffer.flush()


def fail(words: str, session: str = "") -> int:
    """Tell an error that ends all; the exit status."""
    tell({"type": "result", "is_error": True, "result": words} | ({"session_id": session} if session else {}))
    return 1


def _words(error: RequestError) -> str:
    more = error.data if isinstance(error.data, str) else text(get(error.data, "details") or get(error.data, "message"))
    return f"{error}: {more}" if more and more not in str(error) else str(error)


def _sum(before: dict[str, int], response: Table) -> dict[str, int]:
    """The tokens that a response tells, in claude's names: by the protocol, or as gemini and qwen tell them."""
    told = response.get("usage") or get(response, "_meta", "usage")
    if told is not None:
        names = {"inputTokens": "input_tokens", "outputTokens": "output_tokens"}
    else:
        told = get(response, "_meta", "quota", "token_count")
        names = {"input_tokens": "input_tokens", "output_tokens": "output_tokens"}
    found = {ours: number for theirs, ours in names.items() if (number := count(get(told, theirs))) is not None}
    return {name: before.get(name, 0) + found.get(name, 0) for name in {**before, **found}}


async def _lines():  # noqa: ANN202 - an async iterator of tables
    """What the runner says, until it closes."""
    reader = asyncio.StreamReader(limit=LONGEST)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while line := await reader.readline():
            if (said := table(line)) is not None:
                yield said
    finally:
        transport.close()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Let the agent go, harder each time; what it left running the runner sweeps."""
    if process.stdin is not None:
        process.stdin.close()
    for harder in (process.terminate, process.kill):
        try:
            await asyncio.wait_for(process.wait(), GRACE)
            return
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                harder()
    await process.wait()


def _dies_with_us() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))


def main() -> int:
    """Speak until the runner says no more."""
    reader = argparse.ArgumentParser(prog="cockpit.act.acp")
    reader.add_argument("--load", default="")
    reader.add_argument("command", nargs="+")
    given = reader.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return asyncio.run(Bridge().run(given.command, given.load))


if __name__ == "__main__":
    sys.exit(main())
