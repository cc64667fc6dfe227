"""The people of the tests: each knocks at the doors with a browser of the own."""

from __future__ import annotations

import re
from contextvars import Context
from typing import Any, cast

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from eventmgr.domain.access import Role
from eventmgr.models.database import db
from tests.page import assert_is_page

SLUG = "so-ket-binh-dang-gioi-2015"
PASSWORD = "mat-khau-thu-nghiem"

STAFF: dict[str, tuple[str, tuple[Role, ...]]] = {
    "quantri": ("Quản trị hệ thống", (Role.ADMINISTRATOR,)),
    "lan": ("Lan", (Role.OFFICE,)),
    "khanh": ("Khánh", (Role.AWARDS,)),
    "minh": ("Minh", (Role.DOOR_LEAD,)),
    "ha": ("Hà", (Role.MC,)),
    "tuan": ("Tuấn", (Role.CHAIR,)),
    "dung": ("Dũng", (Role.PRESS_OFFICER,)),
    "oanh": ("Oanh", (Role.OBSERVER,)),
    "xuan": ("Xuân", ()),
    "nga": ("Nga", (Role.USHER,)),
}


class Person:
    """One browser; with a user name it is signed in, without it is a stranger's."""

    def __init__(self, app: Flask, username: str | None = None, **client: Any) -> None:
        self.app = app
        self.client = app.test_client(**client)
        self.token: str | None = None
        if username is not None:
            answer = self.post("/sign-in", username=username, password=PASSWORD)
            assert answer.status_code == 302, answer.get_data(as_text=True)
            self.token = None

    def get(self, url: str, expect: int = 200, **more: Any) -> TestResponse:
        """Open an address; every HTML answer is checked as a page."""
        response = self._call(self.client.get, url, **more)
        self._check(response, expect)
        return response

    def post(self, url: str, expect: int | None = None, files: bool = False, **data: Any) -> TestResponse:
        """Send a form with its CSRF token."""
        data = {key: value for key, value in data.items() if value is not None} | {"csrf_token": self._csrf()}
        kind = {"content_type": "multipart/form-data"} if files else {}
        response = self._call(self.client.post, url, data=data, **kind)
        self._check(response, expect)
        return response

    def post_json(self, url: str, body: Any, expect: int | None = None, headers: dict[str, str] | None = None) -> TestResponse:
        """Send JSON with the CSRF token in its header."""
        response = self._call(self.client.post, url, json=body, headers={"X-CSRFToken": self._csrf()} | (headers or {}))
        self._check(response, expect)
        return response

    def _call(self, send: Any, url: str, **more: Any) -> TestResponse:
        """Send in an empty context: a request must not share the test's own application context and session."""
        response = cast(TestResponse, Context().run(send, url, **more))
        if has_app_context():
            db.session.rollback()  # what the test reads next is what the request stored
        return response

    def _csrf(self) -> str:
        if self.token is None:
            for url in ("/office/password", "/sign-in"):
                found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._call(self.client.get, url).get_data(as_text=True))
                if found:
                    self.token = found[1]
                    break
        assert self.token is not None
        return self.token

    def _check(self, response: TestResponse, expect: int | None) -> None:
        if expect is not None:
            assert response.status_code == expect, f"{response.status_code}: {response.get_data(as_text=True)[-2000:]}"
        if response.mimetype == "text/html" and response.status_code not in {204, 301, 302, 303, 304, 308}:
            assert_is_page(response)
