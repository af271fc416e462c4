"""The real agents: which version, and what makes each talk to our model on loopback and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HOUSE = Path(__file__).parents[2] / ".agents"
"""Where `make test-agents` puts the programs."""
PROGRAMS = HOUSE / "node_modules" / ".bin"
KEY = "dummy-key-for-a-scripted-model"


@dataclass(frozen=True)
class Real:
    """One agent program. `env` and `settle` get the model's address."""

    name: str
    """Of our preset."""
    package: str
    version: str
    env: Callable[[str], dict[str, str]]
    """What its user sets."""
    settle: Callable[[str, Path, Path], None] = lambda _url, _home, _root: None
    """Its own settings in this home, for this repository."""
    model: str = ""
    """What the spec names as `model:`."""
    memory: str = ""
    """Folder of its home where its conversations lie."""
    keys: dict[str, str] = field(default_factory=dict)
    """What its user's shell exports."""

    @property
    def program(self) -> str:
        """Its name on PATH."""
        return self.name


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


REALS = {
    real.name: real
    for real in (
        Real(
            "claude",
            "@anthropic-ai/claude-code",
            "2.1.329",
            _claude,
            memory=".claude/projects",
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
    )
}


def answer(status: str = "done", summary: str = "Wrote it.", question: str = "") -> str:
    """What a delegate hands in."""
    return json.dumps({"status": status, "summary": summary, "question": question})
