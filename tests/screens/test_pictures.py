"""Every screen as a picture, in two sizes and two themes: the pictures of the README are these (DEVELOPERS.md)."""

from __future__ import annotations

import pytest

from cockpit import facts
from cockpit.wire import Snapshot
from tests.screens.conftest import Project, settle
from tests.screens.test_brief import gated
from tests.screens.test_review import judged

WIDE, SMALL = (160, 45), (80, 24)


@pytest.mark.parametrize("theme", ["dark", "light", "mono"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
async def test_main(project: Project, picture, monkeypatch, theme: str, size: tuple[int, int]):
    monkeypatch.setenv("COCKPIT_THEME", theme)
    app = project.app()

    async def feed(pilot):
        app.feed(project.snapshot())
        await settle(pilot)

    await picture(f"main-{theme}-{size[0]}x{size[1]}", app, size, feed)


async def fed(project: Project, app, pilot) -> None:
    app.feed(project.snapshot())
    await settle(pilot)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
async def test_review(project: Project, picture, monkeypatch, theme: str, size: tuple[int, int]):
    monkeypatch.setenv("COCKPIT_THEME", theme)
    app = project.app()

    async def steps(pilot):
        await fed(project, app, pilot)
        await pilot.press("enter")

    await picture(f"review-{theme}-{size[0]}x{size[1]}", app, size, steps)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("help", ["question_mark"]),
        ("palette", ["colon"]),
        ("reframe", ["R"]),
        ("prompt", ["j", "j", "i", *"keep the flag"]),
        ("mute", ["2", "j", "j", "m", "tab", "tab", "tab"]),
        ("why", ["2", "j", "j", "w"]),
        ("timeline", ["l"]),
        ("timeline-act", ["l", "j", "j", "j", "enter"]),
        ("spec", ["1", "plus"]),
        ("delegates", ["4"]),
        ("refused", ["j", "a"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_screens(project: Project, picture, size: tuple[int, int], name: str, keys: list[str]):
    app = project.app()

    async def steps(pilot):
        await fed(project, app, pilot)
        await pilot.press(*keys)
        await settle(pilot)

    await picture(f"{name}-dark-{size[0]}x{size[1]}", app, size, steps)


async def test_too_small(project: Project, picture):
    await picture("too-small-dark-50x12", project.app(), (50, 12))


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
@pytest.mark.parametrize("state", ["empty-spec", "no-spec", "broken-spec", "engine-down"])
async def test_states(project: Project, picture, size: tuple[int, int], state: str):
    spec = project.places.spec
    app = project.app()
    if state == "empty-spec":
        spec.write_text("")
    elif state == "no-spec":
        spec.unlink()

    async def steps(pilot):
        if state != "engine-down":
            app.feed(project.snapshot() if state == "broken-spec" else Snapshot(version=1, branch="main"))
        if state == "broken-spec":
            spec.write_text(project.spec.replace("  wip: 2", "  wip: [2"))
            await app.reload()
        elif state == "engine-down":
            app.lost()

    await picture(f"{state}-dark-{size[0]}x{size[1]}", app, size, steps)


SECTIONS = """\

## Acceptance criteria
- [x] a highlight survives a re-import ^a1
  - verify: `pytest tests/test_highlights.py`
- [ ] `lantern sync --dry-run` ^a2
- [ ] it reads well on a phone ^a3

## Known failures
- [ ] `tests/test_feed.py::test_gone` 404 is no error: assert 410 == 404 (ci, 2026-11-21 10:02) ^f1
- [-] `build` no space left (ci, 2026-11-20 17:40) ^f2
  - why: green again 2026-11-20 18:05 (ci)

## Pending
- [ ] Ask Grace for the feed of the archive ^i1

## Backlog
- [ ] Sort feeds by how often they are read
- [ ] Export highlights as markdown ^b1
"""


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
@pytest.mark.parametrize("name", ["brief", "brief-edited"])
async def test_a_brief(project: Project, picture, size: tuple[int, int], name: str):
    edited = name == "brief-edited"
    gated(project, edited=edited, behind=edited)
    folder = project.places.turn("q6", 1)
    if edited:
        facts.put(folder / facts.FRESH, "# Import OPML\n")
    holds = facts.Claim(kind="path", what="src/lantern/fetch.py", state="holds")
    made = facts.Claim(kind="path", what="src/lantern/opml.py", state="to be made")
    facts.write(folder, facts.Claims(commit="c", digest="d", claims=[holds, made], at=0.0))
    app = project.app()

    async def steps(pilot):
        await fed(project, app, pilot)
        app.screen.query_one("#queue-list").select("q6")
        await settle(pilot)
        await pilot.press("enter")

    await picture(f"{name}-dark-{size[0]}x{size[1]}", app, size, steps)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
async def test_sections_beside_the_queue(project: Project, picture, size: tuple[int, int]):
    app = project.app()

    async def steps(pilot):
        project.places.spec.write_text(project.spec.replace("\n## Acceptance\n", SECTIONS + "\n## Notes\n"))
        await app.reload()
        await fed(project, app, pilot)

    await picture(f"sections-dark-{size[0]}x{size[1]}", app, size, steps)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["160x45", "80x24"])
@pytest.mark.parametrize(
    ("name", "keys"), [("review-line", ["enter"]), ("review-files", ["1"]), ("review-asks", ["a"])]
)
async def test_findings(project: Project, picture, size: tuple[int, int], name: str, keys: list[str]):
    judged(project)
    said = "  - comment: `src/lantern/fetch.py:19` on `time.sleep(2**attempt + random.random())`: a clock would do\n"
    project.spec = project.spec.replace("  - branch: delegate/q2\n", f"  - branch: delegate/q2\n{said}")
    project.places.spec.write_text(project.spec)
    app = project.app()

    async def steps(pilot):
        await fed(project, app, pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)

    await picture(f"{name}-dark-{size[0]}x{size[1]}", app, size, steps)
