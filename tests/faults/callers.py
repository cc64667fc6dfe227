"""Callers over real connections that know the difference between an answer and silence."""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from tests.people import PASSWORD

_open: list[Caller] = []


def hang_up_all() -> None:
    """Close what callers have left open."""
    while _open:
        _open.pop().hang_up()


@dataclass(frozen=True)
class Said:
    """An answer: status, headers in small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Caller:
    """One browser or phone: one connection that stays open, cookies, no redirects followed."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    _line: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Said | None:
        """Return the answer, or None when none came: then nobody knows whether the thing was done."""
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            if self._line is None:
                self.connect()
            assert self._line is not None
            self._line.request(method, path, body, head)
            answer = self._line.getresponse()
            said = Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self.hang_up()
            return None
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return said

    def hang_up(self) -> None:
        """Close the connection; the next call opens another."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def connect(self) -> int:
        """Open the connection now and return the local port."""
        self.hang_up()
        _open.append(self)
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        self._line.connect()
        return int(self._line.sock.getsockname()[1])

    def get(self, path: str) -> Said | None:
        return self.call("GET", path)

    def post(self, path: str, fields: Sequence[tuple[str, object]], token: str) -> Said | None:
        """Send a form."""
        body = urllib.parse.urlencode([("csrf_token", token), *((name, str(value)) for name, value in fields)]).encode()
        return self.call("POST", path, body, Content_Type="application/x-www-form-urlencoded")

    def token(self, path: str) -> str | None:
        """Return the CSRF token of a page, None when no answer came."""
        page = self.get(path)
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text) if page else None
        return found[1] if found else None

    def sign_in(self, username: str) -> bool:
        """Sign in; return whether that was answered."""
        token = self.token("/sign-in")
        said = self.post("/sign-in", [("username", username), ("password", PASSWORD)], token) if token else None
        return said is not None and said.status == 302

    def scan(self, facts: Sequence[Mapping[str, object]]) -> Said | None:
        """Send a batch as a paired phone."""
        body = json.dumps(facts).encode()
        return self.call("POST", "/api/door/scans", body, Content_Type="application/json", X_Eventmgr_Phone="1")
