"""What the engine offers to learn: told once, ended when it is taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit.paths import Places
from cockpit.wire import SignalView
from tests.stage import Stage, until


@pytest.fixture
def stage(places: Places) -> Iterator[Stage]:
    made = Stage(places)
    yield made
    made.stop()


def signal(stage: Stage, key: str) -> SignalView | None:
    return next((entry for entry in stage.snapshot().signals if entry.key == key), None)


def test_a_long_document_is_offered_to_be_compacted(stage: Stage):
    stage.spec("".join(f"- [x] item {n} ^q{n}\n" for n in range(1, 2050)) + "- [ ] last ^q3000\n", loop="hold")
    stage.start()
    found = until("the offer", lambda: signal(stage, "learn/compact"))
    assert found.action == "compact"
    assert found.reasons == ["an offer: take it or mute it"]
    stage.steer("compact")
    until("its end", lambda: signal(stage, "learn/compact") is None)
    assert len((stage.root / "SPEC.archive.md").read_text().splitlines()) > 2000
