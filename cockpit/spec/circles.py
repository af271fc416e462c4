"""Which items wait for themselves: the groups of `after:` that lead back to where they began (R41)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def circles(ways: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The names that reach themselves; `ways` says where each leads, and a name that is not in it leads nowhere.

    Tarjan's walk with a stack of its own: each way is gone once, however long the chain.
    """
    found: set[str] = set()
    number: dict[str, int] = {}
    low: dict[str, int] = {}  # the earliest name on the walk that each one leads back to
    group: list[str] = []
    closed: set[str] = set()
    walk: list[tuple[str, Iterator[str]]] = []

    def enter(name: str) -> None:
        number[name] = low[name] = len(number)
        group.append(name)
        walk.append((name, iter(ways[name])))

    for root in ways:
        if root not in number:
            enter(root)
        while walk:
            name, rest = walk[-1]
            for other in rest:
                if other in ways and other not in number:
                    enter(other)
                    break
                if other in ways and other not in closed:
                    low[name] = min(low[name], number[other])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[name])
                if low[name] == number[name]:
                    alone = group[-1] == name
                    members = {group.pop()}
                    while name not in members:
                        members.add(group.pop())
                    closed |= members
                    if not alone or name in ways[name]:
                        found |= members
    return frozenset(found)
