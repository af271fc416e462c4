"""An agent-doc document is steered where it lies: its own form on disk and in git, ours for every verb."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit import persist
from cockpit.paths import Places, places
from cockpit.spec import Mark, parse
from cockpit.steer import steer

Git = Callable[..., str]
CAPTURED = Path(__file__).parent.parent / "spec" / "agentdoc" / "running.md"


@pytest.fixture
def session(repo: Path, git: Git) -> Places:
    (repo / "tasks.md").write_bytes(CAPTURED.read_bytes())
    git("add", "tasks.md")
    git("commit", "-qm", "A session")
    found = places("tasks.md", cwd=repo)
    found.make()
    return found


def rows(session: Places) -> set[str]:
    return set(session.spec.read_text().split("\n"))


def test_verbs_write_agent_docs_form_and_commit_the_file(session: Places, git: Git):
    before = rows(session)
    steer(session, "strike", "c0de", {"reason": "not needed"})
    assert rows(session) - before == {"- ~~do [#c0de] — struck~~", "  * why: not needed"}
    assert before - rows(session) == {"- do [#c0de]"}
    assert git("show", "HEAD:tasks.md") == session.spec.read_text().strip()
    steer(session, "undo")
    assert session.spec.read_bytes() == CAPTURED.read_bytes()


def test_add_reword_defer_and_move_speak_it_too(session: Places):
    before = rows(session)
    steer(session, "add", "", {"text": "Look at the log"})
    steer(session, "reword", "9m20", {"text": "One with a name"})
    steer(session, "defer", "c0de", {"until": "tomorrow"})
    steer(session, "mute", "tests", {"until": "changes", "reason": "known"})
    new = rows(session) - before
    assert {"- [#q1] Look at the log", "- [ ] [#9m20] One with a name", "- ⏸️ do [#c0de]", "  * until: tomorrow"} <= new
    assert "## Muted" in new


def test_a_save_from_an_editor_and_an_act_both_stand(session: Places):
    persist.read(session)
    old = session.spec.read_bytes()
    steer(session, "strike", "c0de")
    session.spec.write_bytes(old.replace(b"[#re1e] Ship it", b"[#re1e] Ship it on Monday"))  # loaded before the act
    document = parse(persist.read(session))
    struck, reworded = document.item("c0de"), document.item("re1e")
    assert struck is not None
    assert struck.mark is Mark.STRUCK
    assert reworded is not None
    assert reworded.text == "Ship it on Monday"
    assert b"- [/release] [#re1e] Ship it on Monday\n" in session.spec.read_bytes()
