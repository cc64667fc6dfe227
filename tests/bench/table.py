"""The figures beside their bars: as text for the terminal, and as the table between two marks of the README."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from tests.bench.bars import BARS, Bar

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- số đo: bảng này do make bench viết -->", "<!-- hết số đo -->"
Figures = Mapping[str, Sequence[float]]


def machine() -> str:
    """The machine in a line."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    gigabytes = round(int(memory[1]) / 1024**2) if memory else 0
    return (
        f"{os.cpu_count()} nhân {cpu[1].strip() if cpu else platform.machine()}, {gigabytes} GB, Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, SQLite với độ bền đầy đủ"
    )


def spread(bar: Bar, values: Sequence[float]) -> str:
    """The lowest and the highest of several runs."""
    return f"{bar.said(min(values))}-{bar.said(max(values))}" if len(values) > 1 else ""


def lines(figures: Figures) -> list[str]:
    """The whole table for a terminal; what was not measured is left out, what misses its bar is marked."""
    told = [bar for bar in BARS if figures.get(bar.name)]
    made = []
    for bar in told:
        value = statistics.median(figures[bar.name])
        limit = f"{'≥' if bar.more_is_better else '≤'} {bar.said(bar.limit)}"
        made.append(
            f"{'  ' if bar.is_met(value) else '✗ '}{bar.words:<72} {bar.said(value):>8} {bar.unit:<10} {spread(bar, figures[bar.name]):>16} "
            f"{limit:>9} {_times(bar, value):>8}"
        )
    return made


def markdown(figures: Figures, day: date, minutes: float) -> str:
    """The same as a table of the README."""
    rows = [
        f"Đo ngày {day:%d/%m/%Y} bằng `make bench` ({minutes:.0f} phút): {machine()}.", "",
        "| việc | số đo | thấp-cao | mốc | tốt hơn mốc |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for bar in BARS:
        if not figures.get(bar.name):
            continue
        value = statistics.median(figures[bar.name])
        sign = "≥" if bar.more_is_better else "≤"
        met = f"{_times(bar, value)}" if bar.is_met(value) else f"**chưa đạt** ({_times(bar, value)})"
        rows.append(
            f"| {bar.words} | {bar.said(value)} {bar.unit}".rstrip()
            + f" | {spread(bar, figures[bar.name])} | {sign} {bar.said(bar.limit)} | {met} |"
        )
    return "\n".join(rows)


def write(text: str, readme: Path = README) -> None:
    """Put the table between the marks of the README."""
    whole = readme.read_text()
    before, _, rest = whole.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{readme.name} has no marks for the table")
    readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def _times(bar: Bar, value: float) -> str:
    if bar.limit == 0:
        return "đạt" if value == 0 else "không"
    return f"× {bar.ratio(value):.1f}".replace(".", ",")
