"""Every screen as a picture, in two sizes and two themes: the pictures of the README are these (DEVELOPERS.md)."""

from __future__ import annotations

import pytest

from tests.screens.conftest import Project, settle

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
