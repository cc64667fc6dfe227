from __future__ import annotations

import re

import pytest
from flask import Flask, Response, abort, render_template_string
from flask.testing import FlaskClient

from eventmgr.web import headers


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("front", static_folder=None)
    headers.init_app(app)
    app.add_url_rule("/", "home", lambda: "public")
    app.add_url_rule("/e/<slug>/", "programme", lambda slug: slug)
    app.add_url_rule("/i/<code>", "invitee", lambda code: code)
    app.add_url_rule("/office/", "office", lambda: render_template_string("{{ csp_nonce() }} {{ csp_nonce() }}"))
    app.add_url_rule("/kept", "kept", lambda: Response("x", headers={"Cache-Control": "public, max-age=60"}))
    app.add_url_rule("/gone", "gone", lambda: abort(404))
    return app.test_client()


def policy(client: FlaskClient, address: str) -> dict[str, str]:
    parts = client.get(address).headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


def test_policy_starts_from_nothing_and_lets_in_only_our_own(client: FlaskClient):
    assert policy(client, "/") == {
        "default-src": "'none'",
        "script-src": "'self' 'wasm-unsafe-eval'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }


def test_nonce_is_one_per_request_and_stands_in_the_policy(client: FlaskClient):
    answers = [client.get("/office/") for _ in range(3)]
    nonces = []
    for answer in answers:
        first, second = answer.text.split()
        assert first == second
        nonces.append(first)
        assert re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"]) == [first]
    assert len(set(nonces)) == 3


@pytest.mark.parametrize("address", ["/", "/office/", "/i/7K3M", "/gone", "/never"])
def test_every_answer_is_guarded_and_kept_by_nobody(client: FlaskClient, address: str):
    found = client.get(address).headers
    assert {name: found.get(name) for name in (
        "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cache-Control",
    )} == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


def test_a_view_may_say_how_long_its_answer_is_kept(client: FlaskClient):
    assert client.get("/kept").headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("address", "robots"),
    [("/", None), ("/e/hoi-nghi/", None), ("/i/7K3M", "noindex, nofollow"), ("/office/", "noindex, nofollow")],
)
def test_search_engines_see_the_public_programme_only(client: FlaskClient, address: str, robots: str | None):
    assert client.get(address).headers.get("X-Robots-Tag") == robots


def test_styles_and_fonts_carry_only_what_guards_them():
    app = Flask("front", static_folder=None)
    headers.init_app(app)
    app.add_url_rule("/static/a.css", "css", lambda: Response("p{}", mimetype="text/css"))
    app.add_url_rule("/static/a.svg", "svg", lambda: Response("<svg/>", mimetype="image/svg+xml"))
    style, picture = (app.test_client().get(f"/static/a.{ending}").headers for ending in ("css", "svg"))
    assert (style["X-Content-Type-Options"], style["Cross-Origin-Resource-Policy"]) == ("nosniff", "same-origin")
    assert ("Content-Security-Policy" in style, "Content-Security-Policy" in picture) == (False, True)
