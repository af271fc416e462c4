"""What every test of this room has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cockpit import persist


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """The standing gits end with the test."""
    yield
    persist.close()
