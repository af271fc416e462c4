"""The confirmed inventory tells what was found and nothing else."""

from __future__ import annotations

from cockpit.act import claims
from cockpit.act.claims.inventory import NAMELESS
from cockpit.facts import Claim
from cockpit.persist.tree import Entry

TREE = {f"src/{name}.py": Entry("100644", 10) for name in ("a", "b")}


def test_what_was_not_confirmed_is_not_in_it():
    found = [
        Claim(kind="path", what="src/a.py", state="holds", evidence="12 lines"),
        Claim(kind="line", what="src/a.py:3", state="holds", evidence="`src/a.py:3`: x = 1"),
        Claim(kind="quote", what="no such flag", state="holds", evidence="`src/a.py:5`"),
        Claim(kind="path", what="src/z.py", state="stale", evidence="is not there", suggestion="src/a.py"),
        Claim(kind="identifier", what="maybe()", state="unknown", evidence="is nowhere in the tree"),
        Claim(kind="path", what="src/new.py", state="to be made"),
    ]
    assert claims.inventory(found, ["src/**", "docs/*.md"], TREE) == [
        "Checked in the tree that this turn starts from:",
        "",
        "- `src/a.py`: 12 lines",
        "- `src/a.py:3`: x = 1",
        '- "no such flag": `src/a.py:5`',
        "- `src/**` in `paths:`: 2 files: `src/a.py`, `src/b.py`",
        "- `docs/*.md` in `paths:`: no file yet",
        "- Not there yet, to be made: `src/new.py`.",
    ]


def test_with_nothing_found_there_is_none():
    assert claims.inventory([], [], TREE) == [NAMELESS]
    assert claims.inventory([Claim(kind="path", what="z.py", state="stale")], [], TREE) == []


def test_the_tree_s_own_words_are_made_harmless():
    found = [Claim(kind="path", what="src/\x1b[31ma.py", state="holds", evidence="12 lines")]
    assert "\x1b" not in "".join(
        claims.inventory(found, ["src/\x1b]0;x\x07*"], {"src/\x1b]0;xy.py": Entry("100644", 1)})
    )
