"""The scope gate on the screen: what waits is told, read, edited, and sent with a key."""

from __future__ import annotations

import msgspec
import pytest

from cockpit import facts
from cockpit.panes.lines import header
from cockpit.spec import Mark
from tests.screens.conftest import NOW, Project, settle
from tests.screens.test_steering import ready, said, until

BRIEF = """\
# Import OPML with nested folders

You work on lantern in a worktree of your own. Readers see new articles within a minute.

## Confirmed inventory

- `src/lantern/fetch.py` holds `fetch`

## Proof

- `pytest -q` passes
"""
WORDS = f"brief of {len(BRIEF.split())} words for claude"


def gated(project: Project, text: str = BRIEF, **parts: object) -> facts.Scope:
    """The brief of q6 waits."""
    folder = project.places.turn("q6", 1)
    made = facts.Scope(
        digest=facts.digest(text), source="s", words=WORDS, agent="claude", branch="delegate/q6", at=NOW - 60
    )
    scope = msgspec.structs.replace(made, **parts)
    facts.put(folder / facts.BRIEF, text)
    facts.write(folder, scope)
    before = "- [ ] Import OPML with nested folders ^q6\n"
    assert before in project.spec
    project.spec = project.spec.replace(before, f"{before.replace('[ ]', '[?]')}  - scope: {scope.words}\n")
    project.places.spec.write_text(project.spec)
    project.act("scope", "q6", "engine", scope.words, "2026-11-21T10:28:00+00:00")
    return scope


@pytest.fixture
def scope(project: Project) -> facts.Scope:
    return gated(project)


async def test_a_sends_the_brief_that_waits(project: Project, scope: facts.Scope):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        app.screen.query_one("#queue-list").select("q6")  # pyright: ignore
        await settle(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "accepted q6" in said(app))
        item = app.view.document.item("q6")
        assert item is not None
        assert (item.mark, item.value("scope")) == (Mark.OPEN, f"accepted {scope.digest}")


async def test_a_brief_that_was_edited_is_not_sent_before_it_is_read_again(project: Project, scope: facts.Scope):
    facts.put(project.places.turn("q6", 1) / facts.BRIEF, BRIEF + "\nAnd mind the gap.\n")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        app.screen.query_one("#queue-list").select("q6")  # pyright: ignore
        await settle(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "being made or read again" in said(app))


async def test_the_header_counts_results_as_the_engine_does(project: Project, scope: facts.Scope):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        app.feed(msgspec.structs.replace(project.snapshot(), waiting=0))
        await settle(pilot)
        _, right = header(app.view, 160)
        assert "0/3 review" in [segment.text for segment in right]
