"""Which agents have hooks, where their settings lie, and what we hang in (contracts, section 5)."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from cockpit.paths import HOOK_FILES

END = " cockpit-hook"
"""How the command of each of our hooks ends: by it they are known again."""
STOP = " cockpit-stop"
"""The same of the hook that runs the verification when an agent stops, installed on wish (R181)."""


@dataclass(frozen=True, slots=True)
class Hooked:
    """An agent with hooks."""

    name: str
    project: str
    """Its settings in a repository, below the top."""
    events: tuple[str, ...]
    home_variable: str = ""
    """Names the folder that stands for the one in the user's home."""
    note: str = ""
    """What else it needs before it runs hooks."""
    end: str = END
    """How the command of this hook ends."""
    seconds: int | None = None
    """The hook's own time-out, where the agent's is too short."""
    version: int | None = None
    """What a new settings file must say of its form, or the agent writes the file anew in each worktree."""
    waits: float = 840.0
    """Seconds that it waits for the checks when it stops, with some to spare."""
    silent: bool = False
    """It does not say whether it was sent back already."""

    def file(self, root: Path | None) -> Path:
        """The settings file: of the repository at `root`, or the user's."""
        if root is not None:
            return root / self.project
        named = os.environ.get(self.home_variable, "") if self.home_variable else ""
        return Path(named) / Path(self.project).name if named else Path.home() / self.project

    @property
    def command(self) -> str:
        """The line of `sh` of its hooks.

        One that tells what happens starts no interpreter, prints nothing, never fails, waits 5 s at most.

        What the agent says on stdin goes into a file of its own in `.cockpit/hooks/`: no two writers ever mix, and
        the engine reads it at once or when it runs again. The folder is beside the spool that `COCKPIT_SPOOL` names,
        else in the repository around; where there is none nothing is written. The first line says whose it is.
        """
        if self.end == STOP:
            return f"sh -c 'command -v cockpit >/dev/null || exit 0; exec cockpit hooks stop {self.name}'{STOP}"
        script = (
            "d=${COCKPIT_SPOOL%/*}; "
            'if [ -z "$d" ]; then r=$PWD; while [ -n "$r" ] && [ ! -e "$r/.git" ]; do r=${r%/*}; done; '
            'if [ -f "$r/.git" ]; then read -r _ g <"$r/.git"; r=${g%/.git/*}; fi; d=$r/.cockpit; fi; '
            'f=/dev/null; if [ -d "$d/hooks" ]; then umask 077; '
            f"f=$d/hooks/{self.name}-$(($$ & {HOOK_FILES - 1})); fi; "
            '{ echo "$COCKPIT_ITEM"; timeout 5 cat; } 2>/dev/null >"$f"; exit 0'
        )
        return f"sh -c '{script}'{END}"


_CLAUDE = (
    "SessionStart",
    "UserPromptSubmit",
    "PreToolUse",
    "PermissionRequest",
    "Notification",
    "PostToolUse",
    "Stop",
    "SubagentStop",
    "SessionEnd",
)
AGENTS: dict[str, Hooked] = {
    agent.name: agent
    for agent in (
        Hooked(
            "claude",
            ".claude/settings.json",
            (*_CLAUDE, "PostToolUseFailure", "StopFailure", "PermissionDenied"),
            home_variable="CLAUDE_CONFIG_DIR",
        ),
        Hooked(
            "codex",
            ".codex/hooks.json",
            (*(name for name in _CLAUDE if name != "Notification"), "Interrupt"),
            home_variable="CODEX_HOME",
            note="codex runs no hook until you trust it (/hooks in codex), a project's only in a trusted project",
        ),
        Hooked(
            "gemini",
            ".gemini/settings.json",
            ("SessionStart", "BeforeAgent", "BeforeTool", "Notification", "AfterTool", "AfterAgent", "SessionEnd"),
        ),
        Hooked("qwen", ".qwen/settings.json", _CLAUDE, version=4),
    )
}
STOPS: dict[str, Hooked] = {
    **{name: replace(AGENTS[name], events=("Stop",), end=STOP, seconds=900) for name in ("claude", "codex")},
    # qwen waits a minute for a hook, whatever its settings say, and calls each stop one that it was sent back from.
    "qwen": replace(AGENTS["qwen"], events=("Stop",), end=STOP, waits=50.0, silent=True),
}
"""The same agents, with the one hook that can send them back. gemini has no such event."""
