"""What a commit holds is told within bounds, whatever its paths are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Places
from cockpit.persist import git as plain_git
from cockpit.persist import tree

Git = Callable[..., str]


@pytest.fixture
def commit(repo: Path, git: Git) -> Callable[..., str]:
    """Write files (None deletes), commit all, give the commit's id."""

    def make(message: str, files: dict[str, str | None]) -> str:
        for path, text in files.items():
            if text is None:
                (repo / path).unlink()
            else:
                (repo / path).parent.mkdir(parents=True, exist_ok=True)
                (repo / path).write_text(text)
        git("add", "-A", ".")
        git("commit", "-qm", message)
        return git("rev-parse", "HEAD")

    return make


def test_paths_with_every_sign_are_read_as_they_are(places: Places, commit: Callable[..., str]):
    odd = 'src/we ird:n"ame\t.py'
    id = commit("Odd", {odd: "one = 1\n", "b.bin": "\0\1"})
    assert tree.entries(places, id)[odd].size == 8
    assert tree.texts(places, id, [odd, "b.bin", "not/there"]) == {odd: "one = 1\n"}
    assert tree.grep(places, id, ["one"], whole=True) == [tree.Hit(odd, 1, "one = 1")]


def test_a_word_is_found_whole_and_a_text_is_found_as_it_is(places: Places, commit: Callable[..., str]):
    id = commit("Words", {"a.py": "def parse_all():\n    return parse()\n", "SPEC.md": "parse\n"})
    assert [hit.line for hit in tree.grep(places, id, ["parse"], whole=True, without=["SPEC.md"])] == [2]
    assert [hit.line for hit in tree.grep(places, id, ["parse("], whole=False)] == [2]
    assert tree.grep(places, id, ["--output=x", "nowhere"], whole=False) == []


def test_a_file_that_moved_is_followed_to_where_it_is_now(places: Places, commit: Callable[..., str]):
    body = "".join(f"line {number}\n" for number in range(30))
    commit("Begin", {"src/a.py": body, "src/dead.py": "x = 1\n"})
    commit("Move a", {"src/a.py": None, "lib/a.py": body})
    commit("Drop dead", {"src/dead.py": None})
    id = commit("Move again", {"lib/a.py": None, "lib/core/b.py": body})
    found = tree.gone(places, id, ["src/a.py", "src/dead.py", "never.py"])
    assert (found["src/a.py"].to, found["src/a.py"].subject) == ("lib/core/b.py", "Move a")
    assert (found["src/dead.py"].to, found["src/dead.py"].subject) == ("", "Drop dead")
    assert "never.py" not in found


def test_what_git_ignores_is_told(places: Places, repo: Path):
    (repo / ".gitignore").write_text("build/\n")
    assert tree.ignored(places, ["build/x.js", "src/x.js"]) == {"build/x.js"}


def test_a_commit_that_is_not_there_is_one_clear_error(places: Places):
    with pytest.raises(CockpitError):
        tree.entries(places, "0" * 40)


def test_a_stream_that_takes_too_long_is_ended(places: Places):
    with pytest.raises(TimeoutError):
        list(plain_git.stream(places, "-c", "alias.wait=!sleep 3", "wait", seconds=0.2))
