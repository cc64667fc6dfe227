"""The event pack brought up on another machine: one command, pages answer, a pass and a phone of before still work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Pass
from eventmgr.services import event_pack, pass_codes
from tests import door
from tests.people import SLUG, Person
from tests.servers import free_port
from tests.web.test_letters import issue_all, name_delegate, settle_date

PASSWORD = "mat khau bo du phong"


@pytest.mark.slow
@pytest.mark.database("sqlite")
def test_a_spare_laptop_takes_over(app: Flask, conference: Conference, lan: Person, tmp_path: Path) -> None:
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    named = db.session.scalars(sa.select(Pass).join(Delegate, Delegate.id == Pass.delegate_id).where(Delegate.full_name == "Trần Thị Mẫu")).one()
    code = pass_codes.code_of(named)
    own = db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()
    token, _ = door.pair_phone(own)
    made = event_pack.make_pack(app.extensions["eventmgr"].settings, tmp_path / "usb", PASSWORD)
    assert (made.papers, made.backup.has_key) == (2, True)
    papers = tmp_path / "usb" / "giay-to" / SLUG
    assert len(pypdf.PdfReader(papers / "giay-moi.pdf").pages) >= 48
    assert "Trần Thị Mẫu" in " ".join(page.extract_text() for page in pypdf.PdfReader(papers / "danh-sach-ky-ten.pdf").pages)
    told = (tmp_path / "usb" / "DOC-TRUOC.txt").read_text()
    assert "$" not in told and "http://127.0.0.1:8000" in told
    plain = b"".join(path.read_bytes() for path in (tmp_path / "usb").rglob("*") if path.is_file() and "phan-mem" not in path.parts)
    assert app.extensions["eventmgr"].settings.secret_key not in plain

    (tmp_path / "password").write_text(PASSWORD)
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EVENTMGR_", "DATABASE_URL", "REDIS_URL"))}
    env = clean | {
        "PYTHON": sys.executable, "PASSWORD_FILE": str(tmp_path / "password"), "EVENTMGR_BIND": f"127.0.0.1:{port}", "HOME": str(tmp_path),
    }  # fmt: skip
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    with (tmp_path / "log").open("w") as log:
        laptop = subprocess.Popen(
            [*guard, "sh", str(tmp_path / "usb" / "khoi-phuc.sh")], cwd="/", env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        page = asked(laptop, f"http://127.0.0.1:{port}/i/{code}", tmp_path / "log")
        assert "Trần Thị Mẫu" in page
        scan = {"scan_key": "a" * 32, "kind": "entry", "way": "camera", "scanned_at": clock.now().isoformat(), "code": code, "offset_ms": 0}
        scans = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/door/scans", json.dumps([scan]).encode(),
            {"Cookie": f"eventmgr_phone={token}", "X-Eventmgr-Phone": "1", "Content-Type": "application/json"},
        )  # fmt: skip
        with urllib.request.urlopen(scans, timeout=20) as answer:
            assert '"admitted"' in answer.read().decode()
    finally:
        laptop.send_signal(signal.SIGTERM)
        laptop.wait(20)
    assert (tmp_path / "hoi-nghi" / "instance" / "secret.key").read_bytes() == app.extensions["eventmgr"].settings.secret_key


def asked(server: subprocess.Popen[bytes], url: str, log: Path) -> str:
    """Ask until the server answers or ends."""
    deadline = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text()[-3000:])


@pytest.mark.database("sqlite")
def test_a_filled_folder_and_a_short_password_are_refused(app: Flask, tmp_path: Path) -> None:
    settings = app.extensions["eventmgr"].settings
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "x").write_text("")
    with pytest.raises(Conflict, match="không trống"):
        event_pack.make_pack(settings, tmp_path / "usb", PASSWORD)
    with pytest.raises(Invalid, match="ít nhất 12"):
        event_pack.make_pack(settings, tmp_path / "new", "ngan")
    assert not (tmp_path / "new").exists()
