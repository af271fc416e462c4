"""A queue of thousands: what is not on the screen is not made."""

from __future__ import annotations

import pytest

from cockpit.app import CockpitApp
from cockpit.panes import queue
from cockpit.paths import Places
from cockpit.spec import parse
from tests.screens.conftest import NOW

QUEUE = "## Queue\n" + "".join(f"- [ ] item number {at} ^q{at}\n" for at in range(5_000))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the rows whose cells were made."""
    found: list[str] = []
    cells = queue._cells  # pyright: ignore[reportPrivateUsage]

    def noted(item: queue.Item, *rest: object) -> object:
        found.append(item.id)
        return cells(item, *rest)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(queue, "_cells", noted)
    return found


def test_rows_nobody_looks_at_are_not_made(made: list[str]):
    rows = queue.rows(queue.View(document=parse(QUEUE.encode()), now=NOW))
    assert len(rows) == 5_000
    assert made == []
    assert str(rows[40].cells[2]) == "item number 40"
    assert made == ["q40"]


async def test_a_screen_makes_the_rows_it_shows(made: list[str], places: Places):
    places.spec.write_text(QUEUE)
    app = CockpitApp(places, connect=False, clock=lambda: NOW)
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        await pilot.press("3", "j", "j", "G")
        await pilot.pause()
        assert "q0" in made
        assert "q4999" in made
        assert len(set(made)) < 200
