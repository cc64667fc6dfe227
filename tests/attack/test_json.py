"""The project's own JSON is what docs/openapi.yaml says, and nothing that can be sent to it breaks the server.

A longer run: EVENTMGR_EXAMPLES=2000 pytest tests/attack/test_json.py (examples for each address and each mode).
"""

from __future__ import annotations

import os
from collections import Counter
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from tests import door
from tests.people import SLUG, Person
from tests.published import publish

pytestmark = pytest.mark.database("sqlite")

FILE = Path(__file__).parents[2] / "docs" / "openapi.yaml"
SAID = yaml.safe_load(FILE.read_text(encoding="utf-8"))
EXAMPLES = int(os.environ.get("EVENTMGR_EXAMPLES", "10"))
CONFORMS = [status_code_conformance, content_type_conformance, response_schema_conformance]
# What pages fetch for themselves: HTML in JSON, or how far a job is. Nobody else is promised anything.
OF_PAGES = {
    "batches.state", "gates.now", "gates.pairing_now", "imports.state", "wording.preview", "stage.introductions", "messages.send",
}  # fmt: skip
OPERATIONS = [(path, method) for path, methods in SAID["paths"].items() for method in methods]
POSITIVE, NEGATIVE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE


def takes_something(path: str, method: str) -> bool:
    return bool({"parameters", "requestBody"} & set(SAID["paths"][path][method]))


TRIES = [
    pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
    for path, method in OPERATIONS for mode in (POSITIVE, NEGATIVE) if mode is POSITIVE or takes_something(path, method)
]  # fmt: skip


def operation_ids() -> dict[str, tuple[str, str]]:
    return {SAID["paths"][path][method]["operationId"]: (path, method.upper()) for path, method in OPERATIONS}


def test_the_file_names_every_json_address_and_no_other(app: Flask) -> None:
    found = {
        rule.endpoint: (str(rule).replace("<slug>", "{slug}"), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint in operation_ids() or rule.endpoint.startswith("door_api.") or str(rule).endswith(".json")
    }
    assert {key: value for key, value in found.items() if key not in OF_PAGES} == operation_ids()


class Callers:
    """A paired phone and a signed-in clerk, as headers and cookies."""

    def __init__(self, app: Flask, conference: Conference, lan: Person) -> None:
        publish(conference.id)
        door.add_pass(conference.id, door.add_delegate(conference.id))
        self.conference_id, self.lan, self.answers = conference.id, lan, Counter[int]()
        self.csrf, session = lan._csrf(), lan.client.get_cookie("eventmgr")
        assert session is not None
        self.session = session.value
        self.pair()

    def pair(self) -> None:
        self.token, _ = door.pair_phone(self.conference_id)

    def send(self, case: Any, path: str) -> Any:
        """Send as whoever may come in there; the address of the conference is the real one in half of the cases."""
        if path.startswith("/api/door/"):
            known: dict[str, Any] = {"headers": {"X-Eventmgr-Phone": "1", "Accept-Encoding": "identity"}, "cookies": {"eventmgr_phone": self.token}}
        elif path.startswith(("/office/", "/stage/")):
            known = {"headers": {"X-CSRFToken": self.csrf, "Accept": "application/json"}, "cookies": {"eventmgr": self.session}}
        else:
            known = {"headers": {"Accept": "application/json"}}
        case.headers, case.cookies = {}, {}
        answer = Context().run(case.call, **known)
        self.answers[answer.status_code] += 1
        db.session.rollback()
        return answer


@pytest.fixture
def callers(app: Flask, conference: Conference, lan: Person) -> Callers:
    return Callers(app, conference, lan)


@pytest.mark.parametrize(("path", "method", "mode"), TRIES)
def test_nothing_that_is_sent_breaks_it(app: Flask, callers: Callers, path: str, method: str, mode: Any) -> None:
    schema = schemathesis.openapi.from_dict(SAID)
    schema.app = app
    operation = schema[path][method]
    real = {"slug": SLUG} if "{slug}" in path else {}
    checks = [*CONFORMS, *([] if path == "/readyz" else [not_a_server_error])]

    @settings(
        max_examples=EXAMPLES if takes_something(path, method) else 1, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        if path.endswith("/sign-out"):
            callers.pair()
        for parameters in [case.path_parameters, real] if real else [case.path_parameters]:
            case.path_parameters = dict(parameters or {})
            case.validate_response(callers.send(case, path), checks=checks)

    tried()
    if told := os.environ.get("EVENTMGR_EXAMPLES"):
        print(f"{told} examples: {method} {path} {mode.value}: {dict(callers.answers)}")
    assert sum(callers.answers.values()) > 0 and max(callers.answers) < (504 if path == "/readyz" else 500)
