"""Route × role × method, every pair: no other method anywhere, HEAD as GET, and nothing of a conference that is not one's own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from eventmgr.models.conferences import Conference
from tests import nominating
from tests.architecture.routes import PEOPLE_OF, ROUTES
from tests.architecture.test_access import SAMPLE
from tests.attack.conftest import Other, fingerprint
from tests.people import STAFF, Person

pytestmark = pytest.mark.database("sqlite")

OTHER_METHODS = ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "LOCK", "FOO")
NOT_OF_A_PAGE = {"static", "hall.stream"}
ADDRESSES = sorted({endpoint for endpoint, _ in ROUTES} - {"static"})
NUMBERS: dict[str, Any] = SAMPLE


def address(app: Flask, endpoint: str, method: str, values: dict[str, Any]) -> str:
    rule = next(one for one in app.url_map.iter_rules(endpoint) if method in (one.methods or set()))
    with app.test_request_context():
        return app.url_for(endpoint, **{name: values[name] for name in rule.arguments}, _method=method, _external=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("username", [None, "lan", "quantri"])
def test_no_address_knows_another_method(app: Flask, username: str | None) -> None:
    person, got = Person(app, username), {}
    headers = {"X-CSRFToken": person._csrf(), "X-HTTP-Method-Override": "GET", "Accept": "application/json"}
    before = fingerprint()
    for endpoint in ADDRESSES:
        methods = {method for one, method in ROUTES if one == endpoint}
        url = address(app, endpoint, min(methods), NUMBERS)
        missing = {"GET", "POST"} - methods
        # One address may belong to two endpoints, one for each method.
        shared = {m for rule in app.url_map.iter_rules() if str(rule) == _rule(app, endpoint) for m in (rule.methods or set())}
        for method in (*OTHER_METHODS, *(missing - shared)):
            with person.client.open(url, method=method, headers=headers, data=b"") as answer:
                got[method, url] = answer.status_code
    assert len(got) >= len(ADDRESSES) * len(OTHER_METHODS)
    assert {key: code for key, code in got.items() if code != 405} == {}
    assert fingerprint() == before


def _rule(app: Flask, endpoint: str) -> str:
    return str(next(iter(app.url_map.iter_rules(endpoint))))


@pytest.mark.parametrize("username", [None, *STAFF])
def test_asking_for_the_head_or_the_options_opens_no_other_door(app: Flask, username: str | None) -> None:
    person, wrong, tried = Person(app, username), [], 0
    for (endpoint, method), guard in ROUTES.items():
        if endpoint in NOT_OF_A_PAGE or method != "GET":
            continue
        url = address(app, endpoint, method, NUMBERS)
        allowed = username in PEOPLE_OF[guard]
        with person.client.head(url) as head, person.client.options(url) as options:
            entered = head.status_code != 403 and not (head.status_code == 302 and head.location.startswith("/sign-in?"))
            tried += 2
            if entered != allowed or head.data:
                wrong.append(f"HEAD {url} ({guard}): {head.status_code}")
            if options.data.strip() and options.status_code == 200:
                wrong.append(f"OPTIONS {url} says more than what may be asked")
            if not allowed and options.status_code == 200:
                wrong.append(f"OPTIONS {url} ({guard}) is open")
    assert wrong == []
    assert tried > 250


@pytest.mark.parametrize("username", [None, *(name for name in STAFF if name != "quantri")])
def test_a_role_in_one_conference_opens_nothing_of_another(
    app: Flask, conference: Conference, other: Other, username: str | None
) -> None:
    """Xuân observes the other conference and may see there what an observer sees; all others are strangers there."""
    person, wrong, tried = Person(app, username), [], 0
    values = NUMBERS | other.ids | {"slug": other.conference.slug, "code": nominating.body(conference)[1]}
    allowed_here = "oanh" if username == "xuan" else "nobody"
    before = fingerprint()
    for (endpoint, method), guard in ROUTES.items():
        if guard in {"open", "pass", "phone", "local", "signed_in", "administer"}:
            continue
        url = address(app, endpoint, method, values)
        if other.conference.slug not in url:
            continue
        answer = person.get(url, None) if method == "GET" else person.post(url)  # type: ignore[arg-type]
        to_sign_in = answer.status_code == 302 and (answer.location or "").startswith("/sign-in?")
        entered = not to_sign_in and answer.status_code != 403
        tried += 1
        if entered != (allowed_here in PEOPLE_OF[guard]) or (not entered and "Nơi Khác" in answer.get_data(as_text=True)):
            wrong.append(f"{method} {url} ({guard}): {answer.status_code}")
    assert wrong == []
    assert tried > 200
    assert fingerprint() == before
