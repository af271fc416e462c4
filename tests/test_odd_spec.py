"""The last good document stays in force, in the engine and on the screen, whatever takes its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cockpit.engine.look import look
from cockpit.panes.view import View
from cockpit.paths import Places
from cockpit.screens.feeds import read_spec
from tests.persist.test_odd_files import ODD

GOOD = b"---\ncockpit: {loop: on, gates: [verdict]}\n---\n## Queue\n- [ ] one ^q1\n"


@pytest.mark.parametrize(("make", "what"), ODD)
def test_the_engine_keeps_the_last_good_document_and_starts_nothing(
    places: Places, make: Callable[[Path], None], what: str
):
    places.spec.write_bytes(GOOD)
    good = look(places, None, 1.0)
    assert good.plan.steps
    places.spec.unlink()
    make(places.spec)
    seen = look(places, good.document, 2.0)
    assert seen.document is good.document
    assert not seen.readable
    assert not seen.plan.steps
    assert any(what in note for note in seen.notes)


@pytest.mark.parametrize(("make", "what"), ODD)
def test_the_screen_keeps_the_last_good_document_and_says_why(places: Places, make: Callable[[Path], None], what: str):
    places.spec.write_bytes(GOOD)
    view = read_spec(places, View())
    places.spec.unlink()
    make(places.spec)
    seen = read_spec(places, view)
    assert seen.document is view.document
    assert what in seen.trouble


def test_the_screen_starts_on_what_cannot_be_a_spec(places: Places):
    places.spec.mkdir()
    assert "a folder, not a file" in read_spec(places, View()).trouble
