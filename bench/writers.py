"""Many writers on one spec, every edit accounted for: `python -m bench.writers --seconds 60 --seed 1`.

Cockpit's own writers, the engine, blind editors of every way of saving, `sed -i`, an agent and git itself change one
spec in one real repository, each in a process of its own. Blind editors keep an old buffer, save it again and again,
and undo. The one rule among them: a blind writer does not overwrite another one's save in the milliseconds before
anybody has looked (docs/concurrency.md says why nothing can help there).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.account import Edit, Log, losses, things, told
from cockpit import persist
from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.paths import places as find_places
from cockpit.persist import Act, journal
from cockpit.persist.objects import store
from cockpit.spec import Kind, Mark, NoSuchItem, SpecError, edit, merge, parse
from cockpit.spec.parse import left_by_git

SPEC = b"""---
cockpit:
  loop: hold
---
# Spec

## Goal
Lose nothing.

## Live Signals

## Queue
%s
## Known failures

## Exchange
Words.

## Theirs
%s
## Done
"""
FIRST = 30
MOST = 120
SAID = 8
"""Items from which writers rather delete than insert."""


@dataclass
class Writer:
    """One process: its name begins all its words, `count` edits at most, until `deadline`."""

    name: str
    root: Path
    seed: int
    count: int
    deadline: float
    done: int = 0
    number: int = 0
    chance: random.Random = field(init=False)
    places: Places = field(init=False)
    log: Log = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}{self.name}")
        self.places = find_places(cwd=self.root)
        self.log = Log(self.root.parent / "logs" / f"{self.name}.log")

    @property
    def on(self) -> bool:
        """Whether there is more to do."""
        return self.done < self.count and time.monotonic() < self.deadline

    def word(self) -> str:
        """A word that comes once in the run."""
        self.number += 1
        return word(f"{self.seed} {self.name} {self.number}")

    def think(self, most: float) -> None:
        """A while, mostly short."""
        time.sleep(self.chance.uniform(0, most) ** 2 / most if most else 0)

    def __call__(self) -> None:
        """Work until done."""
        {"c": cockpit, "e": engine, "s": sed, "a": agent, "g": git, "w": watch}.get(self.name[0], editor)(self)


def word(seed: str) -> str:
    """Letters that are like no others: nothing is taken for the rewording of something else.

    The whole word names an item, the first SAID letters are what is said about it: an item without an id of which
    half the letters are changed is another item (R25), and so would be lost here by design.
    """
    return "".join(random.Random(seed).choices("abcdefghijklmnopqrstuvwxyz", k=16))


# -- edits of a buffer, as a human makes them: by lines, knowing nothing of ids ----------------------------------------


def human(writer: Writer, data: bytes, sections: tuple[Kind | None, ...] = (Kind.QUEUE,)) -> tuple[bytes, list[Edit]]:
    """One edit of what the buffer shows; None is the section `Theirs`, in which git merges without a conflict."""
    known = things(data)
    names = [name for name in known if known[name].item.section in sections]
    what = writer.chance.choice(["insert", "text", "text", "mark", "why", "delete", "move", "line", "settle"])
    if len(names) > MOST and what == "insert":
        what = "delete"
    if None in sections and what in ("line", "settle", "move"):
        what = "text"
    if not names or (what == "delete" and len(names) < FIRST // 2):
        what = "insert"
    word, by = writer.word(), writer.name
    said = word[:SAID]
    if what == "line":
        at = data.index(b"## Done")
        return data[:at] + f"Said {word}.\n".encode() + data[at:], [Edit(by, "line", value=word)]
    if what == "insert":
        below = known[writer.chance.choice(names)].item if names else None
        at = below.span.end if below and not below.depth else data.index(b"## Known")
        return data[:at] + f"- [ ] {word}\n".encode() + data[at:], [Edit(by, "insert", word)]
    name = writer.chance.choice(names)
    thing = known[name]
    item, saw = thing.item, thing.aspects
    if what == "settle":
        return settled(writer, data)
    if what == "text":
        text = f"{name} {said}".encode()
        fresh = data[: item.text_span.start] + text + data[item.text_span.end :]
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]})]
    if what == "mark":
        mark = writer.chance.choice([mark.value for mark in Mark if mark.value != saw["mark"]])
        fresh = data[: item.mark_at] + mark.encode() + data[item.mark_at + 1 :]
        return fresh, [Edit(by, "set", name, "mark", mark, {"mark": saw["mark"]})]
    if what == "why":
        return edit_why(data, name, said), [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
    taken, rest = data[item.span.start : item.span.end], data[: item.span.start] + data[item.span.end :]
    if what == "delete":
        gone = [
            Edit(by, "delete", entry.text.partition(" ")[0], saw=known[entry.text.partition(" ")[0]].aspects)
            for entry in [item, *item.children]
        ]
        return rest, gone
    others = [entry for entry in parse(rest).items if entry.section in sections]
    place = writer.chance.choice(others).span.start if others else rest.index(b"## Known")
    return rest[:place] + taken + rest[place:], [Edit(by, "move", name)]


def edit_why(data: bytes, name: str, word: str) -> bytes:
    """The field typed in, or typed over."""
    item = things(data)[name].item
    entry = next((entry for entry in reversed(item.fields) if entry.key == "why"), None)
    if entry is None:
        return data[: item.head.end] + f"  - why: {word}\n".encode() + data[item.head.end :]
    return data[: entry.value_span.start] + word.encode() + data[entry.value_span.end :]


def settled(writer: Writer, data: bytes) -> tuple[bytes, list[Edit]]:
    """A conflict that the human has read and takes out."""
    lines = data.split(b"\n")
    found = [index for index, line in enumerate(lines) if b"- conflict: " in line]
    if not found:
        return data, []
    at = writer.chance.choice(found)
    about = max((item for item in parse(data).walk() if item.line <= at), key=lambda item: item.line)
    line = lines.pop(at).decode().partition("conflict: ")[2]
    return b"\n".join(lines), [Edit(writer.name, "settle", about.text.partition(" ")[0], value=line)]


# -- the writers ----


def cockpit(writer: Writer) -> None:
    """Keys: each act found by id in the bytes at hand, written and committed."""
    while writer.on:
        meant: list[Edit] = []
        word = writer.word()
        what = writer.chance.choice(["add", "tick", "reword", "field", "strike", "split", "mute", "move", "delete"])

        def op(data: bytes, what: str = what, word: str = word, meant: list[Edit] = meant) -> bytes:
            meant.clear()
            data, edits = act(writer, data, what, word)
            meant.extend(edits)
            return data

        try:
            with still(writer, fcntl.LOCK_SH):
                receipt = persist.record(writer.places, op, Act(what, word, reason=word))
        except (NoSuchItem, SpecError):  # gone meanwhile; in git's conflict: a human tries again
            continue
        if receipt.after != receipt.before:
            writer.log.say(meant, act=word)
            writer.done += len(meant)
        writer.think(0.05)


def act(writer: Writer, data: bytes, what: str, word: str) -> tuple[bytes, list[Edit]]:
    """One verb on some item."""
    known = things(data)
    names = [name for name, thing in known.items() if thing.item.section is Kind.QUEUE]
    by, said = writer.name, word[:SAID]
    if what == "add" or not names or (what == "delete" and len(names) < FIRST // 2):
        if len(names) < MOST:
            return edit.add_item(data, word)[0], [Edit(by, "insert", word)]
        what = "delete"
    if what == "mute":
        return edit.add_mute(data, word, "always", "", "2026-11-21 10:12")[0], [Edit(by, "line", value=word)]
    name = writer.chance.choice(names)
    item, saw = known[name].item, known[name].aspects
    data, id = edit.ensure_id(data, item.id)
    if what == "tick":
        mark = Mark.OPEN if item.mark is Mark.DONE else Mark.DONE
        return edit.set_mark(data, id, mark), [Edit(by, "set", name, "mark", mark.value, {"mark": saw["mark"]})]
    if what == "reword":
        fresh = edit.set_text(data, id, f"{name} {said}")
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]})]
    if what == "field":
        return edit.set_field(data, id, "why", said), [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
    if what == "strike":
        fresh = edit.set_field(edit.set_mark(data, id, Mark.STRUCK), id, "why", said)
        edits = [Edit(by, "set", name, "why", said, {"why": saw["why"]})]
        if item.mark is not Mark.STRUCK:
            edits.append(Edit(by, "set", name, "mark", "-", {"mark": saw["mark"]}))
        return fresh, edits
    if what == "split":
        fresh = edit.split(data, id, [f"{name} {said}", f"{word}b"])
        return fresh, [Edit(by, "set", name, "text", said, {"text": saw["text"]}), Edit(by, "insert", f"{word}b")]
    item = things(data)[name].item
    taken, rest = data[item.span.start : item.span.end], data[: item.span.start] + data[item.span.end :]
    if what == "delete":
        names = [entry.text.partition(" ")[0] for entry in [item, *item.children]]
        return rest, [Edit(by, "delete", entry, saw=known[entry].aspects) for entry in names]
    first = next((entry for entry in parse(rest).queue if not entry.depth), None)
    place = first.span.start if first else rest.index(b"## Known")
    return rest[:place] + taken + rest[place:], [Edit(by, "move", name)]


def engine(writer: Writer) -> None:
    """Marks with their fields, and rows of Live Signals."""
    while writer.on:
        word = writer.word()
        if writer.chance.random() < 0.3:
            rows = [(word, "open", "10:12", "inspect")]
            with contextlib.suppress(SpecError), still(writer, fcntl.LOCK_SH):
                persist.exchange(writer.places, lambda data, rows=rows: edit.set_signals(data, rows))
        else:
            meant: list[Edit] = []

            def op(data: bytes, word: str = word, meant: list[Edit] = meant) -> bytes:
                meant.clear()
                data, edits = act(writer, data, writer.chance.choice(["tick", "field"]), word)
                meant.extend(edits)
                return data

            with contextlib.suppress(SpecError), still(writer, fcntl.LOCK_SH):
                receipt = persist.record(writer.places, op, Act("review", word, "engine", word))
                if receipt.after != receipt.before:
                    writer.log.say(meant, act=word)
                    writer.done += len(meant)
        writer.think(0.08)


def editor(writer: Writer) -> None:
    """A buffer that is loaded, changed, saved, changed and saved again; sometimes saved twice, sometimes undone."""
    way: Callable[[Path, bytes], None] = {"i": in_place, "r": by_rename, "v": like_vim}[writer.name[0]]
    while writer.on:
        buffer = load(writer.places.spec)
        for _ in range(writer.chance.choice([1, 1, 2, 4])):
            before, meant = buffer, list[Edit]()
            writer.think(writer.chance.choice([0.05, 0.3]))
            for _ in range(writer.chance.choice([1, 1, 1, 3])):
                buffer, edits = human(writer, buffer)
                meant += edits
            if not meant:  # nothing typed, nothing saved: docs/concurrency.md says what else cannot be told apart
                continue
            times = 2 if writer.chance.random() < 0.3 else 1  # `:w!` once more, out of habit
            save(writer, lambda data=buffer: way(writer.places.spec, data), buffer, times)
            writer.log.say(meant, save=blob(writer, buffer), made=f"{blob(writer, buffer)} {blob(writer, before)}")
            writer.done += len(meant)
            back = undone(writer, meant)
            if back is not None and writer.chance.random() < 0.3:
                buffer = before
                save(writer, lambda data=buffer: way(writer.places.spec, data), buffer)
                writer.log.say(back, save=blob(writer, buffer))


def undone(writer: Writer, meant: list[Edit]) -> list[Edit] | None:
    """What `u` means for these edits; None for those that the accounting cannot follow back."""
    back: list[Edit] = []
    for entry in reversed(meant):
        if entry.kind == "set":
            back.append(Edit(writer.name, "undo", entry.name, entry.aspect, saw={entry.aspect: entry.value}))
        elif entry.kind == "insert":
            back.append(Edit(writer.name, "undo", entry.name, saw={"text": "", "mark": " ", "why": ""}))
        else:
            return None
    return back or None


def sed(writer: Writer) -> None:
    """`sed -i` rewords what it finds; where it finds nothing it still writes the file anew."""
    out = writer.root.parent / f"{writer.name}.out"
    while writer.on:
        known = things(load(writer.places.spec))
        texts = {name: thing.aspects["text"] for name, thing in known.items() if thing.item.section is Kind.QUEUE}
        writer.think(0.05)
        if not texts:
            continue
        name = writer.chance.choice(list(texts))
        word, old = writer.word()[:SAID], texts[name]
        script = (
            rf"s/\] {name} {old}\( ^\|$\)/] {name} {word}\1/w {out}"
            if old
            else rf"s/\] {name}$/] {name} {word}/w {out}"
        )

        def run(script: str = script) -> None:
            while subprocess.run(["sed", "-i", script, str(writer.places.spec)], stderr=subprocess.DEVNULL).returncode:
                time.sleep(0.001)  # another editor has just taken the name away

        save(writer, run, None)
        if out.read_bytes():
            writer.log.say([Edit(writer.name, "set", name, "text", word, {"text": old})])
            writer.done += 1
        writer.think(0.4)


def agent(writer: Writer) -> None:
    """A tool that reads, replaces a string and writes: a known failure, a word in the exchange."""
    while writer.on:
        data, word = load(writer.places.spec), writer.word()
        if writer.chance.random() < 0.5:
            meant = Edit(writer.name, "insert", word)
            fresh = data.replace(b"\n## Exchange", f"- [ ] {word}\n\n## Exchange".encode(), 1)
        else:
            meant = Edit(writer.name, "line", value=word)
            fresh = data.replace(b"\n## Done", f"\nAgent: {word}\n\n## Done".encode(), 1)
        save(writer, lambda data=fresh: in_place(writer.places.spec, data), fresh)
        writer.log.say([meant], save=blob(writer, fresh), made=f"{blob(writer, fresh)} {blob(writer, data)}")
        writer.done += 1
        writer.think(0.4)


def git(writer: Writer) -> None:
    """A colleague's clone that edits the spec, `git commit -a` and `git pull` here, also by rebase; `git stash`."""
    clone = writer.root.parent / "clone"
    subprocess.run(["git", "clone", "-q", str(writer.root), str(clone)], check=True)
    while writer.on:
        writer.think(0.5)
        if writer.chance.random() < 0.3:
            with turn(writer):
                stashed(writer)
            continue
        run(clone, "fetch", "-q")
        run(clone, "reset", "-q", "--hard", "origin/main")
        spec = clone / "SPEC.md"
        data, meant = spec.read_bytes(), list[Edit]()
        for _ in range(3):
            data, edits = human(writer, data, (None,))
            meant += edits
        spec.write_bytes(data)
        if not run(clone, "commit", "-qam", f"Colleague {writer.number}"):
            continue
        rebase = writer.chance.random() < 0.3
        for _ in range(8):
            with turn(writer):
                run(writer.root, "commit", "-qam", f"By hand {writer.number}")
                with still(writer, fcntl.LOCK_EX):
                    how = ["--rebase"] if rebase else ["--no-rebase", "--no-edit"]
                    run(writer.root, "pull", "-q", *how, str(clone), "main")
                    run(writer.root, "rebase" if rebase else "merge", "--abort")
            head = subprocess.run(
                ["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True
            ).stdout.strip()
            if run(writer.root, "merge-base", "--is-ancestor", head, "HEAD"):
                writer.log.say(meant)
                writer.done += len(meant)
                break


def stashed(writer: Writer) -> None:
    """`git stash`, and back; what git cannot merge then, a careful human does."""
    root = writer.root
    with still(writer, fcntl.LOCK_EX):
        run(root, "stash", "push", "-q", "--", "SPEC.md")
    if not run(root, "stash", "show"):
        return
    writer.think(0.1)
    while True:
        run(root, "commit", "-qam", "Before the stash comes back")
        with still(writer, fcntl.LOCK_EX):
            if run(root, "stash", "pop", "-q"):
                return
            if shown(root, "ls-files", "-u"):
                sides = [shown(root, "show", name) for name in ("stash^:SPEC.md", ":2:SPEC.md", "stash:SPEC.md")]
                in_place(writer.places.spec, merge(*sides).data)
                run(root, "reset", "-q", "--", "SPEC.md")
                run(root, "stash", "drop", "-q")
                return


@contextlib.contextmanager
def still(writer: Writer, how: int) -> Iterator[None]:
    """A git command that writes the work tree, and an act: not in the same milliseconds (docs/concurrency.md)."""
    with (writer.root.parent / "still").open("ab") as file:
        fcntl.flock(file, how)
        yield


def shown(cwd: Path, *args: str) -> bytes:
    """What git prints."""
    return subprocess.run(["git", *args], cwd=cwd, capture_output=True, check=False).stdout


def run(cwd: Path, *args: str) -> bool:
    """Git, and whether it did it."""
    done = subprocess.run(["git", "-c", "gc.auto=0", *args], cwd=cwd, capture_output=True, check=False)
    return done.returncode == 0


def watch(writer: Writer) -> None:
    """The engine's and the screen's look at the file when it changes."""
    last = None
    end = writer.root.parent / "end"
    while not end.exists():
        with contextlib.suppress(FileNotFoundError):
            info = writer.places.spec.stat()
            now = (info.st_ino, info.st_mtime_ns, info.st_size)
            if now != last:
                with still(writer, fcntl.LOCK_SH):
                    persist.read(writer.places)
                    persist.settle(writer.places)
                last = now
        time.sleep(0.002)


# -- ways of saving ----


def save(writer: Writer, way: Callable[[], None], data: bytes | None, times: int = 1) -> None:
    """Save, and let no other blind writer save until somebody has looked."""
    with turn(writer):
        for _ in range(times):
            way()
            writer.think(0.1 if times > 1 else 0)
        if data is None:
            data = load(writer.places.spec)
        began, mine = time.monotonic(), blob(writer, data)
        while mine not in journal.ids(writer.places):
            time.sleep(0.002)
            if time.monotonic() > began + 30:
                raise TimeoutError(f"{writer.name}: nobody has seen the save")
        writer.log.say([], notice=str(time.monotonic() - began))


@contextlib.contextmanager
def turn(writer: Writer) -> Iterator[None]:
    """One blind writer at a time."""
    with (writer.root.parent / "blind").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def in_place(path: Path, data: bytes) -> None:
    """As nano and VS Code."""
    with path.open("wb") as file:
        file.write(data)


def by_rename(path: Path, data: bytes) -> None:
    """As editors that write beside it first."""
    fresh = path.with_name("saving")
    fresh.write_bytes(data)
    fresh.replace(path)


def like_vim(path: Path, data: bytes) -> None:
    """As vim: the old file is the backup for a moment."""
    backup = path.with_name(path.name + "~")
    with contextlib.suppress(FileNotFoundError):
        path.rename(backup)
    path.write_bytes(data)
    backup.unlink(missing_ok=True)


def load(path: Path) -> bytes:
    """What an editor that is started now shows: a whole file."""
    while True:
        with contextlib.suppress(FileNotFoundError):
            data = path.read_bytes()
            if data.endswith(b"\n") and b"## Done" in data and not left_by_git(data):
                return data
        time.sleep(0.001)


def blob(writer: Writer, data: bytes) -> str:
    """The name of these bytes in git."""
    return store(writer.places).id_of("blob", data)


# -- a run ----

ALIKE = ("c1x", "c2x", "e1x", "i1x", "r1x", "v1x", "s1x", "a1x")
ALL = (*ALIKE, "g1x")
"""With git's own writing; what is still open there stands in docs/concurrency.md."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to."""

    edits: int
    seconds: float
    lost: list[str]
    conflicts: int
    versions: int
    guessed: tuple[int, int]
    """Saves whose base was found by likeness, and how many of them were really made from another version."""
    commits: int
    notice: float
    """Median seconds from a blind save until it was seen."""


def begin(folder: Path) -> Places:
    """A repository with a spec of some items."""
    root = folder / "repo"
    root.mkdir(parents=True)
    (folder / "logs").mkdir()
    run(root, "init", "-qb", "main")
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org"), ("gc.auto", "0")):
        run(root, "config", key, value)
    (root / "README.md").write_text("# A project\n")
    run(root, "add", "README.md")
    run(root, "commit", "-qm", "Start")
    places = find_places(cwd=root)
    places.make()
    items = ["".join(f"- [ ] {word(name + str(at))}\n" for at in range(FIRST)).encode() for name in "qt"]
    persist.create(places, SPEC % tuple(items))
    return places


def stress(folder: Path, seed: int, count: int, seconds: float, writers: tuple[str, ...] = ALIKE) -> Result:
    """Let them all write, `count` edits each or for so long, and account for every edit."""
    places = begin(folder)
    began = time.monotonic()
    end = str(began + seconds)
    command = [sys.executable, "-m", "bench.writers", "--root", str(places.root), "--seed", str(seed)]
    options = ["--count", str(count), "--deadline", end]
    watcher = subprocess.Popen([*command, *options, "--work", "w"])
    working = {name: subprocess.Popen([*command, *options, "--work", name]) for name in writers}
    broken = [f"{name} broke" for name, process in working.items() if process.wait() != 0]
    (folder / "end").touch()
    if watcher.wait() != 0:
        broken.append("the watcher broke")
    taken = time.monotonic() - began
    persist.record(places, lambda data: edit.add_item(data, "endword")[0], Act("add", "endword", reason="endword"))
    data = persist.read(places)
    said = told(folder / "logs")
    lost = [*broken, *losses(data, said.edits), *unkept(places, data, said.saves, said.acts)]
    notices = sorted(said.notices) or [0.0]
    commits = int(subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=places.root, capture_output=True).stdout)
    return Result(
        edits=len(said.edits),
        seconds=taken,
        lost=lost,
        conflicts=data.count(b"conflict: "),
        versions=len(journal.ids(places)),
        guessed=guessed(places, said.made),
        commits=commits,
        notice=notices[len(notices) // 2],
    )


def guessed(places: Places, made: dict[str, set[str]]) -> tuple[int, int]:
    """Of the saves whose making is known: how many there were, and how many were taken as made from another version."""
    first = {version.blob: version.base for version in journal.entries(places) if version.by == "save"}
    found = [base in made[blob] for blob, base in first.items() if blob in made]
    return len(found), found.count(False)


def unkept(places: Places, data: bytes, saves: list[str], acts: list[str]) -> Iterator[str]:
    """Versions that are not on the journal, acts that git's history does not tell, and a history that is not whole."""
    kept = set(journal.ids(places))
    yield from (f"not on the journal: {name}" for name in saves if name not in kept)
    if persist.busy(places):
        yield f"git is left with a {persist.busy(places)}"
    history = subprocess.run(["git", "log", "--format=%B"], cwd=places.root, capture_output=True, text=True).stdout
    told_words = set(history.split())
    yield from (f"no commit tells of the act {word}" for word in acts if word not in told_words)
    if subprocess.run(["git", "show", "HEAD:SPEC.md"], cwd=places.root, capture_output=True).stdout != data:
        yield "the file is not what HEAD has"
    check = subprocess.run(["git", "fsck", "--no-dangling"], cwd=places.root, capture_output=True, text=True)
    if check.returncode:
        yield f"git fsck: {check.stderr}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000_000, help="edits of each writer at most")
    parser.add_argument("--writers", default=",".join(ALIKE), help=f"which of {','.join(ALL)}")
    parser.add_argument("--keep", help="a folder to leave repository and logs in")
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--deadline", type=float, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
        try:
            Writer(given.work, given.root, given.seed, given.count, given.deadline)()
        except CockpitError as error:
            print(f"{given.work}: {error}", file=sys.stderr)
            return 1
        finally:
            persist.close()
        return 0
    folder = Path(given.keep or tempfile.mkdtemp(prefix="ckw-"))
    result = stress(folder, given.seed, given.count, given.seconds, tuple(given.writers.split(",")))
    persist.close()
    print(f"{result.edits} edits in {result.seconds:.0f} s ({result.edits / result.seconds:.0f}/s), {result.versions}")
    print(f"versions, {result.commits} commits, {result.conflicts} conflicts, seen after {result.notice * 1e3:.0f} ms")
    print(f"{result.guessed[1]} of {result.guessed[0]} saves taken as made from another version than they were")
    print(f"lost: {len(result.lost)}")
    print("\n".join(result.lost[:60]))
    return 1 if result.lost else 0


if __name__ == "__main__":
    sys.exit(main())
