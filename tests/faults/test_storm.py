"""A short storm in the suite; `python -m tests.faults.storm` runs a long one, on PostgreSQL too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.storm import storm


@pytest.mark.database("sqlite")
def test_nothing_that_was_answered_is_lost_when_processes_are_killed(database_url: str, tmp_path: Path) -> None:
    account = storm(tmp_path, database_url, rounds=3, seed=2809)
    assert account.wrong == []
    assert min(account.counts[what] for what in ("lượt quét được trả lời", "giấy được phát hành", "việc in PDF xong", "thư đã gửi")) > 0
