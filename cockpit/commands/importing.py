"""The command that takes tasks of other tools' files into the queue."""

from __future__ import annotations

from pathlib import Path

from cockpit.clean import line
from cockpit.commands.given import Given, actor, here
from cockpit.errors import CockpitError, Refused


def import_(given: Given) -> int:
    """One commit for all files; each item keeps a link to its task, which is ticked when the item is done."""
    from cockpit import persist, track
    from cockpit.persist import beside
    from cockpit.spec import Kind, SpecError

    by = actor()
    if by != "human":
        raise Refused("a delegate takes no tasks into the queue", remedy="cockpit add proposes one")
    found = here(given)
    files: list[tuple[str, list[track.Task]]] = []
    for name in given.files:
        path = beside.relative(found, Path(given.directory) / name)
        try:
            files.append((path, track.tasks(beside.on_disk(found, path))))
        except SpecError as error:
            raise CockpitError(f"cannot be read: {error}", where=line(name, 200)) from error
        if not files[-1][1]:
            raise CockpitError("no task in it", where=line(name, 200), remedy="a task is a line `- [ ] words`")
    told: list[str] = []

    def op(data: bytes) -> bytes:
        told.clear()
        for path, tasks in files:
            taken = track.take(data, path, tasks, section=Kind(given.to))
            data = taken.data
            left = [f"{taken.known} here already"] * bool(taken.known) + [f"{taken.done} done there"] * bool(taken.done)
            count = f"took {len(taken.ids)}" + (f" ({', '.join(taken.ids[:8])})" if taken.ids else "")
            told.append(f"{line(path, 120)}: {'; '.join([count, *left])}")
        return data

    names = ", ".join(line(path, 60) for path, _ in files[:3])
    act = persist.Act("import", subject=f"Take tasks of {names}", reason=", ".join(path for path, _ in files))
    receipt = persist.record(found, op, act)
    print("\n".join(told))
    if receipt.held:
        print(f"the commit waits: {line(receipt.held, 200)}")
    return 0
