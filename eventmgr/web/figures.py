"""Figures for Prometheus: what this process answered and how quickly, and what the whole copy has done."""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g, request

from eventmgr.services import copies, health

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_TOTALS = {"scans_total", "admissions_total", "letters_issued_total"}


@dataclass
class Counted:
    """Answers of one process: how many of each class, and in which time; streams last for hours and are left out."""

    answers: dict[str, int] = field(default_factory=dict)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0

    def note(self, status: int, seconds: float | None) -> None:
        """Count one answer."""
        kind = f"{status // 100}xx"
        self.answers[kind] = self.answers.get(kind, 0) + 1
        if seconds is not None:
            self.buckets[bisect_left(BUCKETS, seconds)] += 1
            self.seconds += seconds


def init_app(app: Flask) -> None:
    """Count every answer of this process."""
    app.extensions["eventmgr_counted"] = Counted()
    app.before_request(_begin)
    app.after_request(_end)


def text() -> str:
    """Return everything in Prometheus' text format; no names, no codes."""
    lines = []
    for name, value in {**health.figures(), **copies.ages()}.items():
        if value is not None:
            lines += [f"# TYPE eventmgr_{name} {'counter' if name in _TOTALS else 'gauge'}", f"eventmgr_{name} {value:g}" if isinstance(value, float) else f"eventmgr_{name} {value}"]
    lines += ["# TYPE eventmgr_open_streams gauge", f"eventmgr_open_streams{_labels()} {current_app.extensions['eventmgr_hub'].listeners}"]
    return "\n".join([*lines, *_answers(current_app.extensions["eventmgr_counted"])]) + "\n"


def milliseconds() -> float:
    """Return how long this request has taken so far."""
    return round(_seconds() * 1000, 1)


def _answers(counted: Counted) -> list[str]:
    lines = ["# TYPE eventmgr_answers_total counter"]
    lines += [f"eventmgr_answers_total{_labels(status=kind)} {count}" for kind, count in sorted(counted.answers.items())]
    lines.append("# TYPE eventmgr_answer_seconds histogram")
    so_far = 0
    for limit, count in zip((*BUCKETS, "+Inf"), counted.buckets, strict=True):
        so_far += count
        lines.append(f"eventmgr_answer_seconds_bucket{_labels(le=str(limit))} {so_far}")
    return [*lines, f"eventmgr_answer_seconds_sum{_labels()} {counted.seconds:.6f}", f"eventmgr_answer_seconds_count{_labels()} {so_far}"]


def _labels(**more: str) -> str:
    told = ",".join(f'{name}="{value}"' for name, value in {"process": str(os.getpid()), **more}.items())
    return f"{{{told}}}"


def _seconds() -> float:
    begun: float = g.get("begun", time.perf_counter())
    return time.perf_counter() - begun


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    seconds = None if response.mimetype == "text/event-stream" else _seconds()
    current_app.extensions["eventmgr_counted"].note(response.status_code, seconds)
    if request.endpoint is not None and seconds is not None and seconds > 1:
        current_app.logger.warning("slow: %s %.0f ms", request.endpoint, seconds * 1000)
    return response
