"""Error pages: the right status, one Vietnamese sentence, and nothing of the machine in them."""

from __future__ import annotations

import pytest
from flask import Flask

from eventmgr.web import public
from tests.people import SLUG, Person


@pytest.mark.parametrize("url", ["/khong-co", "/e/khong-co/", "/i/0000000000000000", "/b/0000000000000000", "/static/khong-co.css"])
def test_unknown_address_is_404(stranger: Person, url: str) -> None:
    assert "Traceback" not in stranger.get(url, expect=404).get_data(as_text=True)


def test_wrong_method_is_405(stranger: Person) -> None:
    assert stranger.client.put("/sign-in").status_code == 405


def test_too_large_a_form_is_413(lan: Person) -> None:
    page = lan.post(f"/office/{SLUG}/letterhead", expect=413, letter_notes="x" * (13 * 1024 * 1024)).get_data(as_text=True)
    assert "lớn" in page


def test_broken_page_is_500_and_tells_nothing(app: Flask, stranger: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[object]:
        raise RuntimeError("secret detail")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(public.conferences, "public_conferences", broken)
    page = stranger.get("/", expect=500).get_data(as_text=True)
    assert "secret detail" not in page and "Traceback" not in page


def test_program_that_asks_for_json_gets_json(stranger: Person) -> None:
    answer = stranger.client.get("/api/door/khong-co")
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.json is not None and answer.json["problem"]


@pytest.mark.parametrize("url", ["/sign-in", f"/e/{SLUG}/", "/khong-co"])
def test_headers_keep_foreign_code_out(stranger: Person, url: str) -> None:
    headers = stranger.client.get(url).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


def test_personal_pages_are_not_kept(lan: Person) -> None:
    for url in ("/office/", f"/office/{SLUG}/", f"/office/{SLUG}/invitations"):
        assert lan.get(url).headers["Cache-Control"] == "no-store"


def test_health_and_readiness(stranger: Person) -> None:
    assert stranger.client.get("/healthz").json == {"alive": True}
    ready = stranger.client.get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"ready": False, "database": True, "migrations": True, "jobs": False})


def test_metrics_are_for_this_machine_only(app: Flask, stranger: Person) -> None:
    assert b"eventmgr_scans_total 0" in stranger.client.get("/metrics").data
    assert stranger.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    assert stranger.client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
