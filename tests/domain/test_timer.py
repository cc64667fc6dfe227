import json
from dataclasses import asdict
from pathlib import Path

import pytest

from eventmgr.domain.timer import lateness, reading

CASES = json.loads((Path(__file__).parents[1] / "cases" / "timers.json").read_text())


@pytest.mark.parametrize("case", CASES["reading"])
def test_the_clock_of_a_step(case):
    assert asdict(reading(case["elapsed"], case["minutes"])) | {"elapsed": case["elapsed"], "minutes": case["minutes"]} == case


@pytest.mark.parametrize("case", CASES["lateness"])
def test_how_late_the_conference_is(case):
    assert lateness(case["seconds"]) == (case["kind"], case["words"])
