"""What it costs to hold an item's claims against a tree, beside the two questions that git needs for it at least.

`python -m bench.claims`: an item with twenty mentions in a repository of 5,000 files.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

from bench.rows import Row, git, ratio
from cockpit import spec
from cockpit.act import claims
from cockpit.act.claims import ground
from cockpit.paths import Places, places
from cockpit.persist import tree

FILES = 5000
NOUNS = "flags line file tree node event signal queue item head".split()  # noqa: SIM905
VERBS = "parse read write load save fetch merge split join open".split()  # noqa: SIM905


def project(root: Path) -> Places:
    """A repository of 5,000 Python files of 60 functions each, in one commit."""
    chance = random.Random(1)
    names = [f"{verb}_{noun}" for verb in VERBS for noun in NOUNS]
    for number in range(FILES):
        folder = root / f"src/pkg{number % 50}/mod{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        rows = (
            f"def {chance.choice(names)}_{number}_{row}(value: int) -> int:\n    return {chance.choice(names)}(value)\n"
            for row in range(60)
        )
        (folder / f"file{number}.py").write_text("".join(rows))
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "Begin")
    git(root, "gc", "-q")
    return places(cwd=root)


def item(*, stale: bool) -> bytes:
    """An item with twenty mentions: ten paths with their lines, ten names; with `stale` two of each are wrong."""
    paths = [f"src/pkg{number % 50}/mod{number % 7}/file{number}.py" for number in range(10)]
    names = [f"{verb}_{noun}" for verb, noun in zip(VERBS, NOUNS, strict=True)]
    if stale:
        paths[:2] = ["src/pkg0/mod0/fil0.py", "src/pkg9/file1.py"]
        names[:2] = ["parse_flegs", "read_lines"]
    rows = "".join(
        f"  - fix `{name}()`, see {path}:{at}\n" for at, (name, path) in enumerate(zip(names, paths, strict=True), 3)
    )
    return f"## Queue\n- [ ] Mend what is listed ^q1\n{rows}".encode()


def rows(rounds: int) -> list[Row]:
    """The check of twenty mentions against bare `git ls-tree -r` and `git grep -F`; nothing is kept between rounds."""
    with tempfile.TemporaryDirectory(prefix="ckb-") as folder:
        where = project(Path(folder))
        commit = git(where.root, "rev-parse", "HEAD")
        words = [part for verb, noun in zip(VERBS, NOUNS, strict=True) for part in ("-e", f"{verb}_{noun}")]
        floor: list[float] = []
        taken: dict[str, list[float]] = {"all hold": [], "four stale": []}
        for _ in range(rounds):
            begun = time.perf_counter()
            git(where.root, "ls-tree", "-r", commit)
            git(where.root, "grep", "-F", "-n", *words, commit)
            floor.append(time.perf_counter() - begun)
            for name, into in taken.items():
                document = spec.parse(item(stale=name != "all hold"))
                tree.forget()
                ground.forget()
                begun = time.perf_counter()
                found = claims.check(where, document, document.queue[0], commit)
                into.append(time.perf_counter() - begun)
                if len(found) < 20:
                    raise ValueError(f"only {len(found)} claims")
        base = statistics.median(floor)
        of = "git ls-tree -r + git grep -F"
        return [
            ratio(f"claims of 20 mentions {name}", statistics.median(each), base, 3.0, of)
            for name, each in taken.items()
        ]


if __name__ == "__main__":
    for row in rows(7):
        print(row)
