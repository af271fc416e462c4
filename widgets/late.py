"""Cells that are made when somebody looks at them: of a hundred thousand rows a screen shows forty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast, overload

Cell = TypeVar("Cell", covariant=True)


class Late(Sequence[Cell], Generic[Cell]):
    """What `make` gives, asked for once, at the first look. Equal to any sequence of equal entries."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], tuple[Cell, ...]]) -> None:
        self._make = make
        self._made: tuple[Cell, ...] | None = None

    @property
    def _all(self) -> tuple[Cell, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, index: int | slice) -> Cell | tuple[Cell, ...]:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def __eq__(self, other: object) -> bool:
        return self._all == tuple(cast("Sequence[object]", other)) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._all)
