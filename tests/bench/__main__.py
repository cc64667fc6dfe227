"""Every bar: `python -m tests.bench [BENCH …] [--write]`, or `make bench`; one after the other, the table last.

`--write` puts the table into the README. What a bench says while it runs goes to the terminal as it comes.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

from tests.bench import table
from tests.bench.bars import BARS, RUNS
from tests.bench.figures import FILE

ROOT = Path(__file__).parents[2]


def main(chosen: list[str], write: bool) -> int:
    """Run the benches and print the table; return 1 when a bench failed or a bar is missed."""
    figures: dict[str, list[float]] = defaultdict(list)
    broken, began = [], time.monotonic()
    runs = [run for run in RUNS if not chosen or run.module in chosen]
    print(table.machine(), flush=True)
    if os.getloadavg()[0] > 1:
        print(f"Máy đang bận việc khác (tải {os.getloadavg()[0]:.1f}): đọc như tỷ lệ, không như lời hứa.", flush=True)
    for run in [one for one in runs for _ in range(one.times)]:
        print(f"\n== {run.module} {' '.join(run.words)}", flush=True)
        code, told = bench(run.module, run.words)
        if code:
            broken.append(run.module)
        for name, value in told:
            if not run.only or name in run.only:
                figures[name].append(value)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{'':>2}{'':<72} {'số đo':>8} {'':<10} {'thấp-cao':>16} {'mốc':>9} {'tốt hơn':>8}")
    print(*table.lines(figures), sep="\n")
    print(f"{minutes:.1f} phút; {table.machine()}")
    for module in broken:
        print(f"✗ {module} không chạy hết")
    if write and not broken and not chosen:
        table.write(table.markdown(figures, date.fromtimestamp(time.time()), minutes))
    missed = any(not bar.is_met(statistics.median(figures[bar.name])) for bar in BARS if figures.get(bar.name))
    return 1 if broken or missed else 0


def bench(module: str, words: tuple[str, ...]) -> tuple[int, list[tuple[str, float]]]:
    """Run one bench in a process of its own; return its exit code and what it told."""
    with tempfile.NamedTemporaryFile("r", suffix=".json") as told:
        command = [sys.executable, "-m", f"tests.bench.{module}", *words]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {FILE: told.name}, check=False)
        lines = [json.loads(line) for line in told.read().splitlines()]
    return done.returncode, [(line["name"], line["value"]) for line in lines]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("bench", nargs="*", choices=[*sorted({run.module for run in RUNS}), []])
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    asked = parser.parse_args()
    sys.exit(main(asked.bench, asked.write))
