"""Task files of other tools, read into plain tasks and ticked in place (contracts, section 2).

Any markdown with checkboxes: OpenSpec's `tasks.md` (`- [ ] 1.2 text`), spec-kit's (`- [ ] T012 [P] text (depends on
T010)`), a GitHub task list; and Backlog.md's file a task, which is one task with a status. Pure: bytes in, bytes out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2s

from cockpit.spec import SpecError
from cockpit.spec.parse import check_readable
from cockpit.spec.scan import BOM, Bullet, bullets

_BOX = re.compile(rb"\[([^\]\n]?)\](?=[ \t]|\r?$)")
_NUMBER = re.compile(r"(?:\*\*)?(?P<name>\d+(?:\.\d+)+|T\d{2,})[.:)]?(?:\*\*)?\s+")
_DEPENDS = re.compile(r"\s*\((?:depends on|after|blocked by)\s+(?P<names>[^()]*)\)", re.IGNORECASE)
_FRONT = re.compile(rb"---[ \t]*\r?\n(.*?)^---[ \t]*\r?(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_STATUS = re.compile(rb"^(status:[ \t]*)(.*?)([ \t]*\r?)$", re.MULTILINE)
DONE = b"xX"


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a file. Tasks that only group others are not given: their words lead those of their parts."""

    name: str
    """How the file calls it (`1.2`, `T012`, `TASK-7`), else `~` and letters that depend on its words alone."""
    text: str
    done: bool
    after: tuple[str, ...] = ()
    """Names of tasks of the same file (or the same backlog) that go first."""


class NoSuchTask(KeyError):
    """The file holds no task of that name: it was reworded or taken out."""


def tasks(data: bytes) -> list[Task]:
    """The tasks of a file in its order. Raises SpecError for bytes that are no text."""
    check_readable(data)
    front = _backlog(data)
    if front is not None:
        return [_card(front)]
    return [task for task, box in _listed(data) if box.leaf and task.text]


def tick(data: bytes, name: str, status: str = "Done") -> bytes:
    """The file with that task ticked: its box, those of groups that are whole now; a Backlog.md task gets `status`.

    Only these bytes change; a task that is done already changes nothing. Raises NoSuchTask, SpecError.
    """
    check_readable(data)
    front = _backlog(data)
    if front is not None:
        if _card(front).name != name:
            raise NoSuchTask(name)
        return _finish(data, status)
    listed = _listed(data)
    boxes = [box for _, box in listed]
    mine = next((box for task, box in listed if box.leaf and task.name == name), None)
    if mine is None:
        raise NoSuchTask(name)
    ticked = {mine.at}
    above = mine.above
    while above is not None:
        group = boxes[above]
        if not all(box.done or box.at in ticked for box in boxes if box.above == above):
            break
        ticked.add(group.at)
        above = group.above
    for box in sorted((box for box in boxes if box.at in ticked and not box.done), key=lambda box: -box.at):
        data = data[: box.at] + b"x" + data[box.end :]
    return data


def is_open(data: bytes, name: str) -> bool:
    """Whether the file holds a task of that name that is not done. Raises SpecError."""
    return any(task.name == name and not task.done for task in tasks(data))


def last_status(config: bytes) -> str:
    """What a Backlog.md project calls done: `Done` when its `config.yml` has that, else its last status."""
    match = re.search(r"^statuses:[ \t]*\[(.*)\]", config.decode(errors="replace"), re.MULTILINE)
    names = [name.strip(" \"'") for name in match[1].split(",")] if match else []
    return next((name for name in names if name.lower() == "done"), names[-1] if names and names[-1] else "Done")


@dataclass(frozen=True, slots=True)
class _Box:
    """A checkbox: where its mark is, and the index of the one around it."""

    at: int
    end: int
    done: bool
    leaf: bool
    above: int | None


def _listed(data: bytes) -> list[tuple[Task, _Box]]:
    """All checkboxes in order, with the tasks they are; names are given to the leaves only."""
    front = _FRONT.match(data, len(BOM) if data.startswith(BOM) else 0)
    begin = front.end() if front else len(BOM) if data.startswith(BOM) else 0
    rows: list[tuple[str, _Box]] = []
    for bullet in bullets(data, begin):
        _gather(data, bullet, None, rows)
    said = [_NUMBER.match(text) for text, _ in rows]
    counts = Counter(match["name"] for match in said if match)
    seen: Counter[str] = Counter()
    found: list[tuple[Task, _Box]] = []
    for (text, box), number in zip(rows, said, strict=True):
        words = text[number.end() :] if number else text
        after: list[str] = []
        for match in _DEPENDS.finditer(words):
            after.extend(re.findall(r"\d+(?:\.\d+)+|T\d{2,}", match["names"]))
        words = _DEPENDS.sub("", words).strip() or text
        if number and counts[number["name"]] == 1:
            name = number["name"]
        else:
            name = _derived(text, seen[text])
            seen[text] += 1
        if box.above is not None:
            group = found[box.above][0].text.rstrip(":. ")
            words = f"{group}: {words}" if group else words
        found.append((Task(name, words, box.done, tuple(after)), box))
    return found


def _gather(data: bytes, bullet: Bullet, above: int | None, rows: list[tuple[str, _Box]]) -> None:
    match = None if bullet.inline else _BOX.match(data, bullet.at, bullet.head_end)
    below = above
    if match is not None:
        below = len(rows)
        text = " ".join(data[match.end() : bullet.wrapped].decode().split()) if bullet.wrapped > match.end() else ""
        leaf = not any(_has_box(data, nested) for nested in bullet.bullets)
        rows.append((text, _Box(match.start(1), match.end(1), match[1] != b"" and match[1] in DONE, leaf, above)))
    for nested in bullet.bullets:
        _gather(data, nested, below, rows)


def _has_box(data: bytes, bullet: Bullet) -> bool:
    own = not bullet.inline and _BOX.match(data, bullet.at, bullet.head_end) is not None
    return own or any(_has_box(data, nested) for nested in bullet.bullets)


def _derived(text: str, nth: int) -> str:
    return "~" + blake2s(f"{nth}\0{text}".encode(), digest_size=4).hexdigest()


# -- Backlog.md: a file a task ----------------------------------------------------------------------------------------


def _backlog(data: bytes) -> dict[str, str | list[str]] | None:
    """The front matter of a Backlog.md task; None for another file."""
    front = _FRONT.match(data, len(BOM) if data.startswith(BOM) else 0)
    if front is None:
        return None
    values = dict(_values(front[1].decode()))
    return values if {"id", "title", "status"} <= values.keys() else None


def _values(text: str) -> Iterator[tuple[str, str | list[str]]]:
    import yaml

    try:
        read: object = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader gives plain words only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SpecError((mark.line if mark else 0) + 2, "the front matter is no YAML", "mend it") from error
    if isinstance(read, dict):
        for key, value in read.items():  # pyright: ignore[reportUnknownVariableType] - whatever YAML holds
            if isinstance(value, list):
                yield str(key), [str(entry) for entry in value]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            else:
                yield str(key), str(value)  # pyright: ignore[reportUnknownArgumentType]


def _card(front: dict[str, str | list[str]]) -> Task:
    waits = front.get("dependencies", [])
    names = tuple(waits) if isinstance(waits, list) else ()
    done = str(front["status"]).strip().lower() in ("done", "closed", "complete", "completed")
    return Task(str(front["id"]).strip(), " ".join(str(front["title"]).split()), done, names)


def _finish(data: bytes, status: str) -> bytes:
    """Status and acceptance criteria of a Backlog.md task."""
    front = _FRONT.match(data, len(BOM) if data.startswith(BOM) else 0)
    stop = front.end(1) if front else 0
    match = _STATUS.search(data, 0, stop)
    body = re.sub(
        rb"(<!-- AC:BEGIN -->)(.*?)(<!-- AC:END -->)",
        lambda part: part[1] + re.sub(rb"(?m)^([ \t]*[-*+][ \t]+\[) \]", rb"\1x]", part[2]) + part[3],
        data[stop:],
        flags=re.DOTALL,
    )
    head = data[:stop]
    if match and match[2].strip(b"'\"").decode().lower() != status.lower():
        head = head[: match.start(2)] + status.encode() + head[match.end(2) :]
    return head + body
