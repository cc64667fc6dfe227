"""Long calls (hashing, a single PDF) run aside, so that a scan never waits behind them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Runner = Callable[[Callable[..., Any], tuple[Any, ...]], Any]


def _run_here(work: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    return work(*args)


_runner: list[Runner] = [_run_here]


def run(work: Callable[..., Any], *args: Any) -> Any:
    """Return work(*args), computed where it cannot hold up other requests; no database inside."""
    return _runner[0](work, args)


def run_with(runner: Runner) -> None:
    """Let `runner(function, args)` do the long calls; the web server hands in its thread pool."""
    _runner[0] = runner
