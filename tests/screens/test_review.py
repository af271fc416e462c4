"""The verdict on the screen: files, hunks, from evidence to lines, comments, rounds, the question before a merge."""

from __future__ import annotations

import msgspec
import pytest
from textual.pilot import Pilot

from cockpit import facts
from cockpit.app import CockpitApp
from cockpit.persist import journal
from cockpit.screens.review import ReviewScreen
from cockpit.spec import Mark
from tests.screens.conftest import CHECKS, FETCH_AFTER, NOW, Project, settle
from tests.screens.test_steering import ready, said, until
from widgets.checklist import Checklist
from widgets.diff_lines import DiffLines
from widgets.file_tree import FileTree
from widgets.line_log import LineLog

FETCH, TEST = "src/lantern/fetch.py", "tests/test_fetch.py"
FOUND = {
    5: ("pass", "to look at: says ATTEMPTS", [facts.Spot(FETCH, 8, "says ATTEMPTS")]),
    9: ("fail", "two places; restore them", [facts.Spot(FETCH, 19, "waits too long"), facts.Spot(TEST, 6, "counts")]),
    11: ("fail", "left behind", [facts.Spot(FETCH, 7, "was plain", gone=True)]),
    13: ("broken", "src/lantern/feeds.py:3 conflicts", [facts.Spot("src/lantern/feeds.py", 40, "conflicts")]),
}
OUTPUT = "$ pytest\nE  boom\n/tmp/scratch/tests/test_fetch.py:5: AssertionError\nsrc/lantern/gone.py:3: lost\nnothing\n"


def judged(project: Project, turn: int = 1, **parts: object) -> facts.Review:
    """The review of q2, with findings on lines."""
    folder = project.places.turn("q2", turn)
    before = facts.read(project.places.turn("q2", 1), facts.Review)
    assert before is not None
    checks: list[facts.Check] = []
    for number, (name, result, words) in enumerate(CHECKS, 1):
        told = FOUND.get(number, (result, words, []))
        checks.append(
            facts.Check(number=number, name=name, result=told[0], evidence=told[1], spots=told[2])  # pyright: ignore
        )
    made = {"checks": checks, "recommendation": "iterate", "output": OUTPUT} | parts
    review = msgspec.structs.replace(before, **made)  # pyright: ignore[reportArgumentType]
    facts.write(folder, review)
    return review


async def opened(project: Project, app: CockpitApp, pilot: Pilot[None]) -> ReviewScreen:
    await ready(project, app, pilot)
    await pilot.press("enter")
    await settle(pilot)
    assert isinstance(app.screen, ReviewScreen)
    return app.screen


def here(screen: ReviewScreen) -> tuple[str, int | None, int | None]:
    """Where the diff's cursor is: file, old and new number."""
    diff = screen.query_one(DiffLines)
    assert diff.file is not None
    assert diff.here is not None
    return diff.file.path, diff.here.old, diff.here.new


@pytest.fixture
def feeds(project: Project) -> Project:
    """The same with a file that the delegate did not touch, and findings."""
    project.git("switch", "-q", "delegate/q2")
    project.write("src/lantern/feeds.py", "".join(f"line {n}\n" for n in range(1, 61)))
    head = project.commit("Add feeds", "2026-11-21T10:21:00+00:00")
    project.git("switch", "-q", "main")
    project.git("merge", "-q", "--no-ff", "-m", "Feeds", head, at="2026-11-21T10:22:00+00:00")
    base = project.git("rev-parse", "main")
    project.git("switch", "-q", "delegate/q2")
    project.git("reset", "-q", "--hard", base)
    project.write(FETCH, FETCH_AFTER + "\nLAST = 1\n")
    head = project.commit("Go on", "2026-11-21T10:23:00+00:00")
    project.git("switch", "-q", "main")
    judged(project, base=base, head=head)
    return project


async def test_the_tree_of_files_leads_through_the_diff(project: Project):
    judged(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        tree, diff = screen.query_one(FileTree), screen.query_one(DiffLines)
        leaves = {branch.leaf.path: branch.leaf for branch in tree.branches if branch.leaf}
        assert leaves[FETCH].marks == (("✗9,11", "alert"),)
        assert (leaves[TEST].status, leaves[TEST].counts) == ("A", (("+6", "ok"),))
        await pilot.press("1", "j")
        assert (tree.selected, diff.file.path) == (TEST, TEST)
        await pilot.press("enter")
        assert app.focused is diff
        await pilot.press("[")
        assert tree.selected == FETCH


async def test_files_outside_of_the_item_s_paths_and_protected_ones_are_marked(project: Project):
    project.spec = project.spec.replace("  - paths: src/lantern/fetch.py, tests/**\n", "  - paths: docs/**\n")
    project.places.spec.write_text(project.spec)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        marks = {branch.leaf.path: branch.leaf.marks for branch in screen.query_one(FileTree).branches if branch.leaf}
        assert marks == {FETCH: (("outside", "warn"),), TEST: (("protected", "alert"),)}


async def test_enter_on_a_check_goes_through_the_lines_it_found(project: Project):
    judged(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        checks = screen.query_one(Checklist)
        assert checks.checks[checks.cursor].number == 9
        await pilot.press("enter")
        assert here(screen) == (FETCH, None, 19)
        assert "9 protected paths, 1 of 2" in said(app)
        await pilot.press("enter")
        assert here(screen) == (TEST, None, 6)
        await pilot.press("n")
        assert here(screen) == (FETCH, None, 19)
        await pilot.press("N")
        assert here(screen) == (TEST, None, 6)
        await pilot.press("3", "j", "j", "enter")
        assert here(screen) == (FETCH, 7, None)
        await pilot.press("3", "g", "j", "j", "j", "enter")
        assert "check 4 names no place" in said(app)
        await pilot.press("3", "g", "j", "enter")
        assert app.focused is screen.query_one(LineLog)
        text = "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "9 protected paths: waits too long" in text


async def test_a_finding_says_which_decision_it_bears_out(project: Project):
    judged(project, checks=[facts.Check(number=11, name="debris", result="fail", evidence="one", spots=[
        facts.Spot(FETCH, 19, "has `time.sleep`")
    ])])  # fmt: skip
    folder = project.places.turn("q2", 1)
    dispatch = facts.read(folder, facts.Dispatch)
    assert dispatch is not None
    decided = project.spec.encode() + b"- [x] `time.sleep` never waits for a feed ^d2\n"
    facts.write(folder, msgspec.structs.replace(dispatch, spec=journal.keep(project.places, decided)))
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        await until(pilot, lambda: "d2 decided this" in screen.query_one(Checklist).checks[0].evidence)
        await settle(pilot)
        text = "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "d2 decided this: “`time.sleep`" in text, "below the check"
        assert "0 pass, 1 fail, 0 n/a  d2 decided this" in text, "in the line above"


async def test_a_line_that_did_not_change_is_shown_with_those_around_it(feeds: Project):
    app = feeds.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(feeds, app, pilot)
        await pilot.press("3", "G", "k", "enter")
        await until(pilot, lambda: screen.query_one(DiffLines).file.path == "src/lantern/feeds.py")
        diff = screen.query_one(DiffLines)
        assert diff.here.text == " line 40"
        assert (diff.here.old, diff.here.new) == (40, 40)
        leaf = next(b.leaf for b in screen.query_one(FileTree).branches if b.leaf and b.leaf.path.endswith("feeds.py"))
        assert (leaf.status, leaf.marks) == (" ", (("✗13", "alert"),))


async def test_a_line_of_the_output_leads_to_the_line_it_names(project: Project):
    judged(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        await pilot.press("4", "g", "j", "j", "enter")
        assert here(screen) == (TEST, None, 5)
        await pilot.press("4", "j", "enter")
        await until(pilot, lambda: "src/lantern/gone.py:3 is not on the branch" in said(app))
        await pilot.press("4", "j", "enter")
        assert "names no file" in said(app)


def comments(app: CockpitApp) -> list[str]:
    item = app.view.document.item("q2")
    return item.values("comment") if item is not None else []


async def test_a_comment_stands_below_its_line_and_in_the_spec(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        await pilot.press("2", "j", "j", "j", "c", *"why_so?", "enter")
        await until(pilot, lambda: bool(comments(app)))
        assert comments(app) == [f'`{FETCH}:1` on `"""Fetch feeds, patiently."""`: why_so?']
        await settle(pilot)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "you: why_so?" in text
        assert "#1" in text
        await pilot.press("c", "end", "!", "enter")
        await until(pilot, lambda: comments(app)[0].endswith("why_so?!"))
        await pilot.press("c", "ctrl+u", "enter")
        await until(pilot, lambda: not comments(app))
        assert project.places.spec.read_text() == project.spec
        await pilot.press("3", "c")
        assert "stand on a line" in said(app)
        await pilot.press("2", "k", "c", *"keep_it", "enter")
        await until(pilot, lambda: bool(comments(app)))
        assert comments(app) == [f'`{FETCH}:-1` on `"""Fetch feeds."""`: keep_it']


async def test_a_comment_of_a_shell_is_seen_and_goes_along_with_an_iterate(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        text = project.places.spec.read_text()
        by_hand = f"  - comment: {FETCH}:8 name it TRIES\n"
        project.places.spec.write_text(text.replace("  - branch: delegate/q2\n", f"  - branch: delegate/q2\n{by_hand}"))
        await app.reload()
        await settle(pilot)
        assert "you: name it TRIES" in "".join(strip.text for strip in app.screen._compositor.render_strips())
        await pilot.press("i")
        await until(pilot, lambda: "1 comment goes along" in app.steerable.foot.prompt.question)
        await pilot.press("enter")
        await until(pilot, lambda: "goes back" in said(app))
        item = app.view.document.item("q2")
        assert (item.mark, item.value("iterate")) == (Mark.OPEN, "see the comment")


async def second_round(project: Project) -> str:
    """q2 went back with two comments and was reviewed again; one of the lines changed."""
    first = judged(project)
    told = [f"`{FETCH}:19` on `time.sleep(2**attempt + random.random())`: use a clock", f"`{FETCH}:8`: name it TRIES"]
    project.git("switch", "-q", "delegate/q2")
    after = FETCH_AFTER.replace("import httpx\n", "import httpx\nimport os\n", 1).replace("2**attempt", "3**attempt")
    project.write(FETCH, after)
    head = project.commit("Second try", "2026-11-21T10:26:00+00:00")
    project.git("switch", "-q", "main")
    before = facts.load(project.places.turn("q2", 1))
    assert before is not None
    folder = project.places.turn("q2", 2)
    facts.write(folder, msgspec.structs.replace(before.dispatch, turn=2, comments=told))
    facts.write(folder, facts.Sentinel(outcome="finished", exit=0, at=NOW - 60, seconds=61.0))
    checks = [msgspec.structs.replace(check, result="pass", spots=[]) for check in first.checks]
    judged(project, turn=2, base=first.base, head=head, checks=checks, recommendation="accept")
    fields = "".join(f"  - comment: {value}\n" for value in told)
    project.spec = project.spec.replace("  - branch: delegate/q2\n", f"  - branch: delegate/q2\n{fields}")
    project.places.spec.write_text(project.spec)
    return head


async def test_rounds_are_counted_and_what_changed_since_the_last_is_a_key_away(project: Project):
    await second_round(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "round 2 of 3: 4 → 0 findings" in text
        assert "you: use a clock (the line changed)" in text
        assert "you: name it TRIES (untouched)" in text
        diff = screen.query_one(DiffLines)
        assert [file.path for file in diff.files] == [FETCH, TEST]
        await pilot.press("u")
        assert [file.path for file in diff.files] == [FETCH]
        assert (diff.files[0].added, diff.files[0].removed) == (2, 1)
        await pilot.press("u")
        assert len(diff.files) == 2


async def test_there_is_no_round_before_the_first(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        await pilot.press("u")
        assert "no round before" in said(app)


async def test_a_merge_is_asked_for_and_only_y_is_a_yes(project: Project):
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        for no in ("enter", "escape", "n"):
            await pilot.press("a")
            await until(pilot, lambda: "Accept and merge q2? y/N" in app.steerable.foot.prompt.question)
            assert "2 files, +20 -3 · 9 pass, 5 n/a" in app.steerable.foot.prompt.question
            await pilot.press(no)
            await until(pilot, lambda: "cancelled" in said(app))
        await pilot.press("a")
        await until(pilot, lambda: app.steerable.foot.prompt.asking)
        await pilot.press("y")
        await until(pilot, lambda: "accepted q2" in said(app))


async def test_what_is_unresolved_is_said_before_a_merge(project: Project):
    judged(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await opened(project, app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: "all the same?" in app.steerable.foot.prompt.question)
        assert "3 UNRESOLVED: protected paths, debris, conflicts" in app.steerable.foot.prompt.question


async def test_on_a_small_screen_one_part_is_open_at_a_time(project: Project):
    judged(project)
    app = project.app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(project, app, pilot)
        await pilot.press("enter")
        assert here(screen) == (FETCH, None, 19)
        assert [part.id for part in screen.query(".open")] == ["diff-part"]
        for key, part in (("1", "files-part"), ("4", "output-part"), ("3", "checks-part")):
            await pilot.press(key)
            assert [open.id for open in screen.query(".open")] == [part]


async def test_a_screen_that_is_about_to_come_is_not_painted_by_what_ends_meanwhile(project: Project):
    """The keys were told to a foot that had no rows yet: the screen went down."""
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        await ready(project, app, pilot)
        app.push_screen(ReviewScreen(project.places, app.view, "q2"))
        assert isinstance(app.steerable, ReviewScreen)
        assert not app.steerable.stands
        await app._weigh()
        app.show(app.view)
        app.say("heard")
        await settle(pilot)
        assert app.steerable.stands


def opined(project: Project, opinion: facts.Opinion | None) -> facts.Turn:
    """Another agent was asked for its opinion of q2."""
    turn = next(turn for turn in facts.turns(project.places.delegates) if turn.item == "q2")
    assert turn.review is not None
    folder = facts.aside(turn, turn.review.head)
    facts.write(folder, msgspec.structs.replace(turn.dispatch, item="q2.opinion", agent="codex", branch=""))
    if opinion is not None:
        facts.write(folder, msgspec.structs.replace(opinion, head=turn.review.head))
    found = facts.opinion_of(turn)
    assert found is not None
    return found


async def test_another_agent_s_notes_stand_in_the_diff_and_one_key_makes_them_comments(project: Project):
    notes = [facts.Note(FETCH, "sleeps too long", 19), facts.Note("README.md", "say so here")]
    opined(project, facts.Opinion(head="", agent="codex", summary="Nearly.", notes=notes, at=NOW))
    judged(project)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        assert list(screen.query_one(LineLog).lines)[:3] == [
            "opinion of codex: 2 notes",
            "Nearly.",
            f"{FETCH}:19: sleeps too long",
        ]
        await pilot.press("o")
        assert here(screen) == (FETCH, None, 19)
        assert "codex, line 2 of 2: o makes it your comment" in said(app)
        text = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "opinion of codex: 2 notes" in text, "in the line above"
        assert "codex: sleeps too long" in text, "below its line"
        assert "codex README.md: say so here" in text, "of a file that is not in the diff, at its top"
        assert "~1" in text, "beside the file"
        assert not comments(app), "nothing is the human's until they say so"
        await pilot.press("o")
        await until(pilot, lambda: bool(comments(app)))
        assert comments(app) == [f"`{FETCH}:19` on `time.sleep(2**attempt + random.random())`: sleeps too long"]
        item = app.view.document.item("q2")
        assert item is not None
        assert item.value("verdict") == ""


async def test_that_another_agent_looks_is_told_and_what_it_says_appears_when_it_comes(project: Project):
    opined(project, None)
    app = project.app()
    async with app.run_test(size=(160, 45)) as pilot:
        screen = await opened(project, app, pilot)
        await pilot.press("o")
        assert "codex looks at it" in said(app)
        assert screen.query_one(LineLog).lines[0] == "codex looks at it"
        opined(project, facts.Opinion(head="", agent="codex", trouble="none, timeout: ran longer than 60 s", at=NOW))
        await app.refresh_facts()
        told = "opinion of codex: none, timeout: ran longer than 60 s"
        await until(pilot, lambda: screen.query_one(LineLog).lines[0] == told)
        await pilot.press("o")
        assert told in said(app)
