"""The scope gate on the screen: what waits is told, read, edited, and sent with a key."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from cockpit import facts
from cockpit.app import CockpitApp
from cockpit.panes.lines import header
from cockpit.screens.brief import BriefScreen
from cockpit.spec import Mark
from cockpit.wire import SignalView
from tests.screens.conftest import NOW, Project, settle
from tests.screens.test_steering import ready, said, until
from widgets.markdown_lines import MarkdownLines
from widgets.status_line import StatusLine

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


async def opened(project: Project, app: CockpitApp, pilot: Pilot[None], item: str = "q6", key: str = "enter"):
    await ready(project, app, pilot)
    app.screen.query_one("#queue-list").select(item)  # pyright: ignore
    await settle(pilot)
    await pilot.press(key)
    await settle(pilot)
    assert isinstance(app.screen, BriefScreen)
    return app.screen


def text(screen: BriefScreen) -> str:
    return "\n".join(screen.query_one(MarkdownLines).lines)


def told(screen: BriefScreen) -> str:
    return screen.query_one("#verdict", StatusLine).render_line(0).text


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


async def test_enter_opens_the_brief_that_waits_and_a_sends_it(project: Project, scope: facts.Scope):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        assert text(screen) == BRIEF.rstrip("\n")
        assert "waits for your word" in told(screen)
        await pilot.press("a")
        await until(pilot, lambda: "accepted q6" in said(app))
        await settle(pilot)
        assert "accepted: sent as it is" in told(screen)
        assert text(screen) == BRIEF.rstrip("\n")
        await pilot.press("q")
        assert not isinstance(app.screen, BriefScreen)


async def test_a_note_at_the_gate_is_asked_for(project: Project, scope: facts.Scope):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        await pilot.press("i")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press(*"keep the order", "enter")
        await until(pilot, lambda: app.view.document.item("q6").value("iterate") == "keep the order")  # pyright: ignore


async def test_the_editor_gets_the_file_itself(
    project: Project, scope: facts.Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    script = tmp_path / "editor.py"
    script.write_text("import sys, pathlib; f = pathlib.Path(sys.argv[1]); f.write_text(f.read_text() + 'Mind it.\\n')")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(script)]))
    monkeypatch.setattr(CockpitApp, "suspend", lambda _self: contextlib.nullcontext())  # no terminal here
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: text(screen).endswith("Mind it."))
        assert "is made or read again" in told(screen), "the yes would be to another text"
        await pilot.press("a")
        await until(pilot, lambda: "being made or read again" in said(app))
        assert app.view.document.item("q6").mark is Mark.NEEDS_YOU  # pyright: ignore


async def test_an_edited_brief_can_be_let_go_for_what_the_spec_gives_now(project: Project):
    gated(project, edited=True, behind=True)
    folder = project.places.turn("q6", 1)
    facts.put(folder / facts.FRESH, "# Anew\n")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        assert "edited by you" in told(screen)
        assert "the spec has changed since" in told(screen)
        await pilot.press("n")
        assert text(screen) == "# Anew"
        await pilot.press("n")
        assert text(screen) == BRIEF.rstrip("\n")
        await pilot.press("u")
        await until(pilot, lambda: "yours is kept: brief.mine.1.md" in said(app))
        assert facts.prepared(folder) is None, "the engine makes it again"
        assert (folder / "brief.mine.1.md").read_text() == BRIEF


async def test_what_the_lint_found_stands_above_the_text(project: Project):
    gated(project, findings=["no stop conditions", "line 3 holds a secret"])
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        assert "✗ no stop conditions and 1 more" in told(screen)


async def test_any_item_shows_what_it_got_or_would_get(project: Project):
    facts.put(project.places.turn("q2", 1) / facts.BRIEF, "# What q2 was told\n")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot, "q2", "V")
        assert text(screen) == "# What q2 was told"
        assert "sent to codex, turn 1" in told(screen)
        await pilot.press("e")
        assert "only a brief that waits" in said(app)
        await pilot.press("q")
        app.screen.query_one("#queue-list").select("q6")  # pyright: ignore
        await pilot.press("V")
        screen = app.screen
        assert isinstance(screen, BriefScreen)
        await until(pilot, lambda: "# Import OPML with nested folders" in text(screen))
        assert "as it would be now" in told(screen)


async def test_enter_on_the_signal_of_a_brief_opens_it(project: Project, scope: facts.Scope):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        row = SignalView(
            key="gate/q6", what="the brief of q6 waits", state="brief", since=NOW, action="brief", item="q6"
        )
        app.feed(msgspec.structs.replace(project.snapshot(), signals=[row]))
        await settle(pilot)
        await pilot.press("2", "enter")
        assert isinstance(app.screen, BriefScreen)


async def test_w_tells_where_everything_of_a_delegate_is_and_y_copies_a_command_whole(project: Project):
    app = project.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(project, app, pilot)
        await pilot.press("w", "G", "y")
        assert app.clipboard == f"tmux -L {project.places.tmux} kill-session -t '=ck-q2-1'"


async def test_what_nobody_said_of_the_scope_is_named_with_the_key_that_says_it(project: Project, scope: facts.Scope):
    folder = project.root / "openspec/changes/add-opml"
    folder.mkdir(parents=True)
    (folder / "tasks.md").write_text("- [ ] 1.1 Read OPML\n")
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        await until(pilot, lambda: "not said: ticket, openspec (O)" in told(screen))
        await pilot.press("O")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "prompt-input")
        await pilot.press("tab")
        await pilot.press("enter", *"PER-12", "enter")
        await until(pilot, lambda: "q6: ticket is PER-12" in said(app))
        await until(pilot, lambda: "not said: openspec (O)" in told(screen))
