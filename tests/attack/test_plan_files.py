"""Plan files that nobody means well with: refused in a sentence, in little time and memory."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask import Flask

from eventmgr.services import plans
from tests.conftest import SEED

pytestmark = pytest.mark.database("sqlite")

LAUGHS = "".join(
    f"{name}: &{name} [{', '.join([before] * 9)}]\n" for before, name in zip(["x", "*a", "*b", "*c", "*d"], "abcde", strict=True)
)
SEED_TEXT = SEED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + SEED_TEXT.replace("\nranks_origin:", "\nranks_origin: *e\nold:"),
        LAUGHS + SEED_TEXT.replace("\nslug:", "\nslug: *e\nold:"),
        "&a [*a]", "a: &a {b: *a}", "a: !!python/object/apply:os.system [id]", "[" * 100_000, "a: " + "9" * 10_000, "? [1]\n: 2",
        SEED_TEXT.replace("\nslug: ", "\nslug: ../../../etc/"), SEED_TEXT.replace("\nslug: ", "\nslug: '<script>' #"), "\0",
    ],
)  # fmt: skip
def test_a_hostile_plan_file_is_refused(app: Flask, tmp_path: Path, text: str) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    begun = time.monotonic()
    with pytest.raises(plans.PlanFileProblem) as refused:
        plans.load_file(file)
    assert time.monotonic() - begun < 5
    assert len(str(refused.value)) < 20_000
    if "*e" in text:
        assert "cú pháp YAML" in str(refused.value)
