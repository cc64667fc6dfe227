"""The `flask …` commands, on an empty folder and on a filled one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SEED

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.database("sqlite")


def flask(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EVENTMGR_", "DATABASE_URL", "REDIS_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words], cwd=ROOT, text=True, capture_output=True, timeout=60,
        env=clean | {"EVENTMGR_INSTANCE": str(folder)} | env,
    )


def test_first_administrator_and_plan_on_an_empty_folder(tmp_path: Path) -> None:
    made = flask(tmp_path, "init")
    assert made.returncode == 0, made.stderr
    assert re.search(r"Mật khẩu dùng một lần: [a-z2-9]{4}(-[a-z2-9]{4}){3}\n", made.stdout)
    again = flask(tmp_path, "init")
    assert again.returncode == 1 and "Đã có tài khoản quản trị" in again.stderr
    loaded = flask(tmp_path, "seed", str(SEED))
    assert "10 nhóm" in loaded.stdout and "16 tài liệu" in loaded.stdout
    assert "không có gì thay đổi" in flask(tmp_path, "seed", str(SEED)).stdout
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_bad_plan_is_refused_with_sentences(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("slug: x\n")
    answer = flask(tmp_path, "seed", str(bad))
    assert answer.returncode == 1
    assert "plan: thiếu." in answer.stderr and "chưa ghi gì" in answer.stderr


def test_accounts_by_command(tmp_path: Path) -> None:
    flask(tmp_path, "init")
    assert "Mật khẩu dùng một lần" in flask(tmp_path, "user", "add", "lan", "Lan").stdout
    assert flask(tmp_path, "user", "add", "lan", "Lan").returncode == 1
    assert "Mật khẩu dùng một lần" in flask(tmp_path, "user", "password", "lan").stdout
    assert "Không có tài khoản này." in flask(tmp_path, "user", "password", "ai").stderr


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EVENTMGR_WORKERS", "3", "EVENTMGR_WORKERS lớn hơn 1 cần cả DATABASE_URL (PostgreSQL) và REDIS_URL."),
        ("EVENTMGR_SECRET_KEY", "ngan", "EVENTMGR_SECRET_KEY phải dài ít nhất 32 ký tự"),
        ("EVENTMGR_BASE_URL", "hoinghi.vn", "EVENTMGR_BASE_URL phải là địa chỉ gốc"),
        ("EVENTMGR_BIND", "8000", "EVENTMGR_BIND phải có dạng địa chỉ:cổng"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL phải bắt đầu bằng postgresql:// hoặc sqlite:///."),
        ("EVENTMGR_MAX_UPLOAD_MB", "-1", "EVENTMGR_MAX_UPLOAD_MB phải là số nguyên từ 1 đến 200."),
    ],
)
def test_unsafe_setting_stops_the_start_with_a_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    env = {key: val for key, val in os.environ.items() if not key.startswith(("EVENTMGR_", "DATABASE_URL", "REDIS_URL"))}
    started = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, text=True, capture_output=True, timeout=60,
        env=env | {"EVENTMGR_INSTANCE": str(tmp_path), name: value},
    )
    assert started.returncode == 2
    assert sentence in started.stderr and "Traceback" not in started.stderr
