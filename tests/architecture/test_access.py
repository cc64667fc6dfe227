"""Route × role: who may knock at which door, written down by hand; a route that is missing here fails the build."""

from __future__ import annotations

import pytest
from flask import Flask

from eventmgr.web.access import guard_of
from tests.architecture.routes import PEOPLE_OF, ROUTES
from tests.people import SLUG, STAFF, Person

pytestmark = pytest.mark.database("sqlite")

SAMPLE = {
    "slug": SLUG, "source": "khong-co", "code": "0000000000000000", "filename": "icon.svg", "item_id": 999_999, "form_id": 999_999, "import_id": 999_999, "first": 999_998, "second": 999_999,
    "honouree_id": 999_999, "body_id": 999_999, "delegate_id": 999_999, "group_id": 999_999, "invitation_id": 999_999,
    "job_id": 999_999, "mail_id": 999_999, "handover_id": 999_999, "reply_id": 999_999, "membership_id": 999_999, "rank_id": 999_999, "account_id": 999_999,
    "sign_in_id": 999_999, "gate_id": 999_999, "phone_id": 999_999, "admission_id": 999_999, "delegate": 999_999, "nomination_id": 999_999,
    "quota_id": 999_999, "dossier_id": 999_999, "entry_id": 999_999, "file_id": 999_999, "list_id": 999_999,
    "conflict_id": 999_999, "scan_id": 999_999,
    "request_id": 999_999, "breach_id": 999_999,
    "speech_id": 999_999, "paper_id": 999_999, "message_id": 999_999, "stand_in_id": 999_999,
}


def rules(app: Flask) -> dict[tuple[str, str], str]:
    """Return (endpoint, method) -> address for every route."""
    return {
        (rule.endpoint, method): str(rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address(app: Flask, endpoint: str, method: str) -> str:
    rule = next(r for r in app.url_map.iter_rules(endpoint) if method in (r.methods or set()))
    values = {name: SAMPLE[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(endpoint, **values, _external=False)


def stated(app: Flask, endpoint: str) -> str:
    guard = guard_of(app, endpoint)
    assert guard is not None, f"{endpoint} says nothing about who may come in"
    return guard.right.value if guard.right else guard.kind


def test_every_route_stands_in_the_table_with_its_guard(app: Flask) -> None:
    found = {key: stated(app, key[0]) for key in rules(app)}
    assert found == ROUTES


@pytest.mark.parametrize("username", [None, *STAFF])
def test_each_person_enters_where_the_table_says_and_nowhere_else(app: Flask, username: str | None) -> None:
    person = Person(app, username)
    wrong = []
    for (endpoint, method), guard in ROUTES.items():
        if endpoint in {"static", "sign_in.sign_out", "hall.stream"}:
            continue
        url = address(app, endpoint, method)
        answer = person.get(url, None) if method == "GET" else person.post(url)  # type: ignore[arg-type]
        to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in?")
        entered = not to_sign_in and answer.status_code != 403
        if entered != (username in PEOPLE_OF[guard] or (username is None and None in PEOPLE_OF[guard])):
            wrong.append(f"{username} {method} {url} ({guard}): {answer.status_code}")
    assert wrong == []


def test_a_route_without_a_guard_is_shut(app: Flask) -> None:
    app._got_first_request = False
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    Person(app, "quantri").get("/forgotten", expect=403)
