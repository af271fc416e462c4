"""The row that must be first is first: in streams of other projects, tools and words, in four forms."""

from __future__ import annotations

from types import ModuleType

import pytest

from cockpit.sense.ranker import Ranker
from tests.sense.worlds import go_service, js_monorepo, rust_workspace, two_delegates
from tests.sense.worlds.world import FORMS, Form, about

WORLDS = (go_service, rust_workspace, js_monorepo, two_delegates)
CASES = [*((told, form) for told in WORLDS for form in FORMS), (go_service, "file")]


@pytest.mark.parametrize(
    ("told", "form"), CASES, ids=[f"{told.__name__.split('.')[-1]}-{form}" for told, form in CASES]
)
def test_the_row_that_must_be_first_is_first(told: ModuleType, form: Form):
    world = told.world()
    events = world.events(form)
    ranker = Ranker()
    wrong: list[str] = []
    place = 0
    clock = events[0].at
    for moment in world.moments:
        while clock < moment.at:
            clock = min(clock + 10, moment.at)
            while place < len(events) and events[place].at <= clock:
                ranker.feed(events[place])
                place += 1
            rows = ranker.rank(clock)
        top = [f"{row.key} {row.what}" for row in rows[:3]]
        shown = f"{moment.at - world.said[0].at:.0f}: want {moment.first!r}, have " + "".join(
            f"\n      {row.score} {row.kind} {row.key} | {row.what} | {row.reasons}" for row in rows[:4]
        )
        if bool(rows) != bool(moment.first) or (rows and not about(moment.first, top[0])):
            wrong.append(shown)
        elif moment.words and not about(moment.words, *rows[0].reasons, *rows[0].suspects):
            wrong.append(f"words {moment.words!r}: {shown}")
        elif moment.never and about(moment.never, *top):
            wrong.append(f"never {moment.never!r}: {shown}")
    assert not wrong, "\n".join(wrong)
