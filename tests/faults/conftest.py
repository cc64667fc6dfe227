from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.callers import hang_up_all


@pytest.fixture(autouse=True)
def closed_lines() -> Iterator[None]:
    """Leave no connection of a caller open."""
    yield
    hang_up_all()
