"""The status block of a turn: where everything of it is, and the commands that go there (R254). Pure."""

from __future__ import annotations

import shlex
from pathlib import Path

from cockpit import facts
from cockpit.act import tmux
from cockpit.facts import Turn
from cockpit.paths import Places


def block(places: Places, turn: Turn, openspec: str = "") -> list[tuple[str, str]]:
    """Its thirteen rows, name and value; what stands behind Attach and Kill are commands for a shell as they are."""
    dispatch, folder = turn.dispatch, turn.folder
    server = shlex.join(["tmux", "-L", places.tmux])
    session = f"'={dispatch.session}'"  # zsh reads a bare =name as a program's path
    target = dispatch.target.removeprefix("refs/heads/")
    return [
        ("Model", f"{dispatch.agent}" + (f" ({dispatch.model})" if dispatch.model else ", its own default")),
        ("OpenSpec", openspec or "none"),
        ("Repo", str(places.root)),
        ("Branch", f"{dispatch.branch} (off {target} at {dispatch.base[:12]})"),
        ("Worktree", dispatch.worktree),
        ("tmux", f"{dispatch.session} on {places.tmux}"),
        ("Answer", str(Path(dispatch.worktree) / ".cockpit" / "answer.json")),
        ("Sentinel", str(folder / facts.NAMES[facts.Sentinel])),
        ("Tmux log", str(folder / tmux.LOG)),
        ("Prompt", str(folder / facts.BRIEF)),
        ("Attach", f"{server} attach-session -t {session}"),
        ("Detach", "C-b d"),
        ("Kill", f"{server} kill-session -t {session}"),
    ]
