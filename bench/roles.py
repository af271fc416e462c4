"""Who writes in the stress: two cockpits, an engine, blind editors, `sed -i`, an agent, git, and who only looks."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from bench.account import Edit, things
from bench.saving import blob, by_rename, in_place, like_vim, load, save, turn
from bench.typed import act, human, undone
from bench.writer import SAID, Writer, run, shown, still
from cockpit import persist
from cockpit.persist import Act
from cockpit.spec import Kind, NoSuchItem, SpecError, edit, merge


def work(writer: Writer) -> None:
    """Work until done, as the first letter of its name says."""
    {"c": cockpit, "e": engine, "s": sed, "a": agent, "g": git, "w": watch}.get(writer.name[0], editor)(writer)


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
