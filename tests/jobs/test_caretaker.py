"""The caretaker goes on when one of its cares fails, and stops when told to."""

from __future__ import annotations

import logging
import threading

import pytest

from eventmgr.jobs import caretaker


def test_one_failing_care_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    stop, rounds = threading.Event(), []

    def fail() -> None:
        raise RuntimeError("no")

    def count() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            stop.set()

    monkeypatch.setattr(caretaker, "CARE", (fail, count))
    with caplog.at_level(logging.CRITICAL, "eventmgr.caretaker"):
        caretaker.run(stop, every=0.001)
    assert len(rounds) == 3
