"""The pull request of a feature branch: written and shown, opened by the human alone (R180, R267)."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator

import pytest

from cockpit.cli import main
from cockpit.paths import Places
from cockpit.request import Request, commands, where
from cockpit.spec import Mark
from tests.stage import Stage, edit_and_commit, until

ASKED = Request("feat/it's", "main", "Make it; rm -rf ~", "", "", 1, ())


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.kill()


def told(stage: Stage, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["-C", str(stage.root), "pr", *words]) == 0
    return capsys.readouterr().out


def test_what_was_accepted_becomes_a_request_that_the_human_opens(stage: Stage, capsys: pytest.CaptureFixture[str]):
    remote = stage.root.parent / "remote.git"
    stage.git("init", "-q", "--bare", str(remote))
    stage.git("remote", "add", "origin", str(remote))
    stage.spec("- [ ] Write a for @ada ^q1\n  - ticket: PER-12\n", exit="feature")
    hostile = "Done @everyone, closes #1 and https://example.org/o/r/issues/2 </details> password = hunter2hunter2"
    answer = {"answer": {"status": "done", "summary": hostile}}
    stage.script("q1", [*edit_and_commit("a.txt", "hello\n")[:-1], answer])
    stage.start()
    stage.await_mark("q1", Mark.NEEDS_YOU)
    stage.steer("accept", "q1")
    merge = stage.await_mark("q1", Mark.DONE).value("merged")
    until("the review of the whole", lambda: "unresolved" in told(stage, capsys).split("\n")[1])
    out = told(stage, capsys).split("\n")
    assert out[0] == "feat/make-it-work → main · 1 item · 1 file, +1 -0"
    assert out[1] == "✓ nothing is unresolved"
    asked = json.loads(told(stage, capsys, "--json"))
    assert asked["title"] == "Make it work"
    assert f"- Write a for @<!-- -->ada (PER-12) `{merge}" in asked["body"]
    assert "Done @<!-- -->everyone, closes #<!-- -->1 and https<!-- -->://example.org" in asked["body"]
    assert "&lt;/details> password = [redacted]" in asked["body"]
    assert "\n| 2 | verification | pass: " in asked["body"]
    (push,) = asked["run"]
    assert stage.git("ls-remote", "origin") == "", "nothing is posted"
    subprocess.run(shlex.split(push), cwd=stage.root, check=True, capture_output=True)
    assert stage.git("ls-remote", "origin", "refs/heads/feat/make-it-work").startswith(
        stage.git("rev-parse", "feat/make-it-work")
    )
    assert stage.git("ls-remote", "origin").count("refs/") == 1


def test_without_a_feature_branch_there_is_nothing_to_ask_for(stage: Stage, capsys: pytest.CaptureFixture[str]):
    stage.spec("- [ ] Write a ^q1\n", exit="feature")
    assert main(["-C", str(stage.root), "pr"]) == 1
    assert "there is nothing to ask for" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://ada:secret@github.com/o/r.git", "github.com", "o/r"),
        ("git@github.com:o/r.git", "github.com", "o/r"),
        ("ssh://git@github.example.org:2222/o/r", "github.example.org", "o/r"),
        ("/srv/git/r.git", "", ""),
        ("../r", "", ""),
    ],
)
def test_a_remote_is_told_without_its_secret(url: str, host: str, path: str):
    assert where(url) == (host, path)
    rows = commands(ASKED, "origin", url, "body.md")
    assert "secret" not in "".join(rows)
    assert shlex.split(rows[0])[-1] == "refs/heads/feat/it's:refs/heads/feat/it's"
    if host:
        assert shlex.split(rows[1])[-4:] == ["--title", "Make it; rm -rf ~", "--body-file", "body.md"]
        assert rows[2] == f"https://{host}/{path}/compare/main...feat/it%27s?expand=1"
    else:
        assert len(rows) == 1
