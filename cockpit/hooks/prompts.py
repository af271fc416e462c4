"""Commands of the harness's own prompt that read our goal and queue: `/cockpit-goal`, `/cockpit-loop` (R64).

A file each in the project's folder of the agent, in its form. The names are ours, so that its own `/goal` and `/loop`
stay what they are. A file of ours is known by its digest: what a human changed is theirs, and left alone.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from cockpit.errors import CockpitError

GOAL = """\
Say what completes the goal of this repository's spec.

Run `cockpit goal` in a shell, and tell in a few lines what can be done now, what waits for the human and for which
word, and what blocks the rest. Change nothing.

If words follow, they are another goal: {words}
Show what it is now and what it would be, and ask. Only after a yes run `cockpit goal` with these words.
"""
LOOP = """\
Go on with the queue of this repository's spec: one head, then stop. All that counts is in the document, so this may be
begun again at any time, in this session or a new one.

1. Run `printenv COCKPIT_ITEM`. If it prints anything you are a delegate: your brief is your task, and this is over.
2. Run `cockpit status`. If it says `engine running` and `loop on` or `loop step`, the cockpit sends delegates by
   itself, and the work would be done twice: tell how things stand, and stop. If it names a fence, tell it, and stop.
3. Run `cockpit goal`. The first id below *actionable now* is the head. If there is none, tell what waits for whom, and
   stop.
4. Run `cockpit brief ID --next` with that id. It is your task, with its plan, its verification and its guardrails.
   What it says of a worktree holds for this folder: work on a branch of your own (`git switch -c by-hand/ID`). What it
   wants as answer, tell the human instead; write no answer file.
5. Run the verification that it names, and mend your change until it passes. Never edit a check to get past it.
6. Commit with the id in the subject (`ID: what and why`), so that `cockpit goal` knows it as probably done.
7. Stop. Where the Stop hook is installed it runs the verification again and sends you back if it fails. To merge and to
   tick is the human's.

What follows, if anything, is a wish for this round: {words}
"""
TEXTS = {
    "cockpit-goal": ("What completes the goal, as the cockpit reads it; with words, another goal", GOAL),
    "cockpit-loop": ("Work on the head of the cockpit's queue, once", LOOP),
}
_MARK = re.compile(r"\n(?:<!-- |# )cockpit ([0-9a-f]{12})(?: -->)?\n\Z")


@dataclass(frozen=True, slots=True)
class Prompted:
    """An agent whose prompt takes commands from files of the project."""

    folder: str
    """Below the repository's top."""
    words: str
    """What stands for the words behind the command."""
    toml: bool = False
    """A TOML table with `description` and `prompt`; else markdown below a front matter."""
    front: tuple[str, ...] = ()
    """More lines of the front matter."""

    def files(self, root: Path) -> dict[Path, bytes]:
        """Each file with what is in it."""
        ending = "toml" if self.toml else "md"
        return {root / self.folder / f"{name}.{ending}": self._page(name) for name in TEXTS}

    def _page(self, name: str) -> bytes:
        about, text = TEXTS[name]
        text = text.format(words=self.words)
        if self.toml:
            body = f'description = "{about}"\nprompt = """\n{text}"""\n'
        else:
            body = "\n".join(["---", f"description: {about}", *self.front, "---", "", text])
        mark = f"# cockpit {_digest(body)}" if self.toml else f"<!-- cockpit {_digest(body)} -->"
        return f"{body}\n{mark}\n".encode()


PROMPTED = {
    # Else the model may begin with it by itself.
    "claude": Prompted(".claude/commands", "$ARGUMENTS", front=("disable-model-invocation: true",)),
    "gemini": Prompted(".gemini/commands", "{{args}}", toml=True),
    "qwen": Prompted(".qwen/commands", "{{args}}"),
    "opencode": Prompted(".opencode/commands", "$ARGUMENTS"),
}
"""codex takes such files from the user's home alone, which is not ours to write: its Stop hook, queue and document do
the same (R65). pi, aider and mini have none.
"""


def ours(data: bytes) -> bool:
    """Whether the file is one of ours, of this version or an older one, as we wrote it."""
    text = data.decode("utf-8", "replace")
    found = _MARK.search(text)
    return found is not None and _digest(text[: found.start()]) == found[1]


def written(before: bytes | None, page: bytes) -> bytes:
    """The file as it is now. Raises CockpitError for one that is not ours."""
    if before is not None and not ours(before):
        raise CockpitError("this command is yours, or was changed", remedy="move it away first")
    return page


def taken_out(before: bytes | None) -> bytes | None:
    """Nothing, where the file is ours; a human's stays."""
    return None if before is None or ours(before) else before


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
