"""A scripted model on loopback: real agents talk to it, a scenario says what it does. Standard library only.

`SCENARIO=name` in what the human says last chooses the scenario. Its turn is the number of times the model has spoken
since, told by the request's own history: retries, restarts and resumed sessions land on the right one.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.agents import wires

TAG = re.compile(r"SCENARIO=([\w-]+)")
ASIDE = ("Git commit message", "*Briefly* summarize")
"""What stands in aider's requests beside its work."""
KINDS = {401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}


@dataclass(frozen=True)
class Say:
    """One reply of the model: words, at most one tool call, what it costs; or an error; or silence."""

    words: str = ""
    shell: str = ""
    write: tuple[str, str] = ("", "")
    """Path and text."""
    tokens: tuple[int, int, int] = (1000, 200, 30)
    """Read anew, read from the cache, written."""
    error: int = 0
    wait: float = 0.0
    """Seconds that an error says to wait."""
    hangs: bool = False
    """Answers nothing until the server is closed."""


@dataclass(frozen=True)
class Served:
    """What the server did with one request."""

    scenario: str
    turn: int
    """-1 for a request that is no turn: a title, a summary."""
    before: int
    """How often the model had spoken in this conversation before the scenario was chosen."""
    say: Say


class Model:
    """The server; `scenarios` may be changed at any time."""

    def __init__(self) -> None:
        self.scenarios: Mapping[str, Sequence[Say]] = {}
        self.reads: Say | None = None
        """What it says first to an agent that is only told where its brief is; what that gives chooses the scenario."""
        self.toolless = False
        """The agent offers no tools for its work either: a request without them is no title."""
        self.served: list[Served] = []
        self.heard: list[str] = []
        """What each request said last."""
        self.asked: list[list[str]] = []
        """All that the human's side said in each request."""
        self.strange: list[str] = []
        """Requests for pages that no model has."""
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"model": self}))
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def tokens(self, titles: bool = True) -> int:
        """All tokens of all replies, as the agent should count them; those for titles and summaries too."""
        told = [served for served in self.served if not served.say.error and (titles or served.turn >= 0)]
        return sum(sum(served.say.tokens) for served in told)

    def close(self) -> None:
        """Let what hangs go and stop."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(10)

    def choose(self, asked: wires.Request) -> Served:
        """The reply to this request."""
        roles = ("user", "tool") if self.reads else ("user",)
        tags = [place for place, (role, text) in enumerate(asked.said) if role in roles and TAG.search(text)]
        at = tags[-1] if tags else -1
        name = TAG.findall(asked.said[at][1])[-1] if tags else ""
        turn, before = spoken(asked.said[at + 1 :]), spoken(asked.said[: at + 1])
        titles = asked.tools.keys().isdisjoint(wires.SHELLS)
        if titles and (not self.toolless or any(words in asked.said[0][1] for words in ASIDE)):
            return Served(name, -1, before, Say("Scripted"))
        script = self.scenarios.get(name, [Say(f"(no scenario {name})")])
        if self.reads and not tags:
            script = [self.reads]
        return Served(name, turn, before, script[turn] if turn < len(script) else Say("Nothing more to do."))


def spoken(said: list[tuple[str, str]]) -> int:
    """How often the model spoke: runs of its messages."""
    roles = [role for role, _ in said if role not in ("system", "developer")]
    return sum(role == "assistant" and last != "assistant" for last, role in zip(["", *roles], roles, strict=False))


class Handler(BaseHTTPRequestHandler):
    """One connection of an agent."""

    protocol_version = "HTTP/1.1"
    model: Model

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the terminal."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        if self.path.split("?")[0].endswith("/models"):
            return self.whole({"object": "list", "data": [], "models": []})
        return self.unknown()

    def do_POST(self) -> None:
        path = self.path.split("?")[0]
        body = json.loads(self.body() or b"{}")
        if path.endswith("/count_tokens"):
            return self.whole({"input_tokens": 10})
        if ":countTokens" in path:
            return self.whole({"totalTokens": 10})
        api = wires.api_of(path)
        if not api:
            return self.unknown()
        asked = wires.understand(api, path, body)
        self.model.heard += [text for _, text in asked.said[-1:]]
        self.model.asked.append([text for role, text in asked.said if role == "user"])
        served = self.model.choose(asked)
        self.model.served.append(served)
        try:
            self.answer(asked, served)
        except (BrokenPipeError, ConnectionResetError):  # the agent went away, as an interrupted one does
            self.close_connection = True

    def answer(self, asked: wires.Request, served: Served) -> None:
        """Say what the scenario says, on the agent's wire."""
        say = served.say
        if say.hangs:
            self.model.closing.wait(120)
            self.close_connection = True
            return None
        if say.error:
            return self.fail(say)
        id = f"r{len(self.model.served)}"
        call = (
            wires.shell(asked.tools, f"call_{id}", say.shell)
            if say.shell
            else wires.write(asked.tools, f"call_{id}", *say.write)
            if say.write[0]
            else None
        )
        fresh, cached, out = say.tokens
        reply = wires.Reply(id, say.words, (call,) if call else (), fresh, cached, out)
        if not asked.stream:
            return self.whole(wires.whole(asked.api, reply, asked.model))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for name, data in wires.events(asked.api, reply, asked.model):
            text = data if isinstance(data, str) else json.dumps(data)
            self.chunk(f"event: {name}\ndata: {text}\n\n" if name else f"data: {text}\n\n")
        self.wfile.write(b"0\r\n\r\n")
        return None

    def fail(self, say: Say) -> None:
        """An error as the services tell it."""
        kind = KINDS.get(say.error, "api_error")
        status = {401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}.get(say.error, "UNAVAILABLE")
        error = {"type": kind, "code": say.error, "status": status, "message": say.words}
        self.whole({"type": "error", "error": error}, say.error, say.wait)

    def unknown(self) -> None:
        """A page that no model has."""
        self.model.strange.append(f"{self.command} {self.path}")
        self.whole({"type": "error", "error": {"type": "not_found_error", "message": "no such page"}}, 404)

    def body(self) -> bytes:
        """The request's body, chunked or not."""
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def whole(self, data: wires.Json, status: int = 200, wait: float = 0.0) -> None:
        """One JSON object."""
        text = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if wait:
            self.send_header("Retry-After", f"{wait:g}")
        self.end_headers()
        self.wfile.write(text)

    def chunk(self, text: str) -> None:
        """A piece of a stream, sent at once."""
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()
