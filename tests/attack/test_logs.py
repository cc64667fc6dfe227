"""Whoever reads the log learns no pass, no pairing code and no name."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.database import db
from eventmgr.services import replies
from tests.people import Person

pytestmark = pytest.mark.database("sqlite")


def test_a_broken_page_s_line_holds_no_code(
    app: Flask, stranger: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(code: str) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(replies, "held_by", broken)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.addHandler(caplog.handler)
    stranger.get("/i/0123456789ABCDEF", expect=500)
    assert "Exception on /i/… [GET]" in caplog.text
    assert "0123456789ABCDEF" not in caplog.text


def test_the_server_s_own_lines_hold_no_code(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("gunicorn.error")
    logger.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG, "gunicorn.error"):
        logger.debug("%s %s", "GET", "/I/0123456789ABCDEF/qr.svg")
        logger.debug("%s %s", "POST", "/door/pair/ABCDEFGH")
    assert [record.getMessage() for record in caplog.records] == ["GET /I/…/qr.svg", "POST /door/pair/…"]


def test_a_refused_statement_names_nobody(app: Flask) -> None:
    with pytest.raises(sa.exc.IntegrityError) as problem:
        db.session.execute(sa.text("INSERT INTO accounts (username) VALUES (:name)"), {"name": "Trần Thị Mẫu"})
    assert "Trần Thị Mẫu" not in str(problem.value)
