"""Where the commands of one review run: the merged tree in one scratch, made when the first of them needs it."""

from __future__ import annotations

import contextlib
from types import TracebackType

from cockpit.errors import CockpitError
from cockpit.verify.case import Case
from cockpit.verify.scratch import Scratch, scratch


class Bench:
    """The scratch of one review; leaving it throws the scratch away."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._place: Scratch | None = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def place(self, case: Case) -> Scratch:
        """The scratch of that case. Raises CockpitError when there is no merged tree or git fails."""
        if not case.tree:
            raise CockpitError("it conflicts with the target: there is no merged tree to run on")
        if self._place is None:
            self._place = self._stack.enter_context(scratch(case))
        return self._place

    @property
    def exact(self) -> bool:
        """Whether it is the very tree that the merge gives: no protected file was put back or left out."""
        return self._place is not None and not self._place.restored and not self._place.left_out
