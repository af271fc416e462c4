"""The commands that prove a result, one after another: the first that is red is the last that runs (R155)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cockpit.clean import line
from cockpit.spec.fields import Step
from cockpit.verify.command import TAIL, Run, run

ROOM = 400
"""Characters that the commands may take in the evidence."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How the commands ended, those that ran; never empty."""

    steps: tuple[Step, ...]
    """All of them, in order."""
    runs: tuple[Run, ...]
    """As many as were begun: all but the last are green."""

    @property
    def last(self) -> Run:
        """The one that decides: red, or the last of all."""
        return self.runs[-1]

    @property
    def decisive(self) -> Step:
        """Its command."""
        return self.steps[len(self.runs) - 1]

    @property
    def green(self) -> bool:
        """Whether every one ended with 0."""
        return self.last.code == 0 and len(self.runs) == len(self.steps)

    @property
    def seconds(self) -> float:
        """What they took together."""
        return sum(ran.seconds for ran in self.runs)

    @property
    def ended(self) -> dict[str, str]:
        """How each that ran ended: `exit 0`."""
        return {step.command: ran.words for step, ran in zip(self.steps, self.runs, strict=False)}

    @property
    def words(self) -> str:
        """``build `make` exit 0 in 3.1 s; unit `pytest -q` exit 1 in 0.2 s; not run: `make e2e` ``.

        Several without names are counted.
        """
        room = max(16, min(120, ROOM // len(self.steps)))
        told = [Step(line(step.command, room), step.name).title for step in self.steps]
        ran = [f"{name} {ran.words} in {ran.seconds:.1f} s" for name, ran in zip(told, self.runs, strict=False)]
        if len(told) > 1:
            count = ("" if step.name else f"{number} " for number, step in enumerate(self.steps, 1))
            ran = [number + text for number, text in zip(count, ran, strict=False)]
        left = told[len(ran) :]
        return "; ".join([*ran, f"not run: {', '.join(left)}"] if left else ran)

    @property
    def printed(self) -> str:
        """What they printed, nothing of ours between it."""
        return "".join(_whole(ran.output, last=ran is self.last) for ran in self.runs)

    @property
    def output(self) -> str:
        """The same as a human reads it: below each command what it printed, when there are several; its last 64 KiB."""
        if len(self.steps) == 1:
            return self.last.output
        parts = (f"$ {line(step.command, 400)}\n{ran.output}" for step, ran in zip(self.steps, self.runs, strict=False))
        text = "".join(_whole(part, last=False) for part in parts)
        return text if len(text) <= TAIL else "... the beginning is cut off ...\n" + text[-TAIL:].partition("\n")[2]


def run_all(steps: Sequence[Step], folder: Path, seconds: float) -> Ran:
    """Run them in `folder`, for at most `seconds` together. Raises what `run` raises, ValueError for none."""
    if not steps:
        raise ValueError("no command to run")
    runs: list[Run] = []
    for step in steps:
        runs.append(run(step.command, folder, max(1.0, seconds - sum(ran.seconds for ran in runs))))
        if runs[-1].code != 0:
            break
    return Ran(tuple(steps), tuple(runs))


def _whole(text: str, *, last: bool) -> str:
    return text if last or not text or text.endswith("\n") else text + "\n"
