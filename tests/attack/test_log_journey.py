"""A day's secrets through the real server, every request in its log: whoever reads the log learns none of them."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pyotp
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.bootstrap import create_app
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import phones
from tests import door, nominating
from tests.attack.test_wire import Wire, wire_of
from tests.conftest import settings_for
from tests.people import PASSWORD, SLUG

pytestmark = pytest.mark.database("sqlite")

TYPED, NEW = "nham-mat-khau-1", "Mat-khau-moi-rieng-7"


class Browser:
    """A browser without JavaScript: cookies, forms with their token, no error on 4xx."""

    def __init__(self, url: str) -> None:
        self.url, self.cookies, self.page = url, CookieJar(), ""
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def go(self, path: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> int:
        data = None
        if fields is not None:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page)
            data = urllib.parse.urlencode(fields | {"csrf_token": token[1] if token else ""}).encode()
        asked = urllib.request.Request(self.url + path, data, headers or {})
        try:
            answer = self._opener.open(asked, timeout=60)
        except urllib.error.HTTPError as problem:
            answer = problem
        with answer:
            self.page = answer.read().decode("utf-8", "replace")
            return int(answer.status)

    def secrets(self) -> set[str]:
        """The values of the cookies and the tokens of the forms of the last page."""
        return {cookie.value for cookie in self.cookies if cookie.value} | set(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.page))


@pytest.fixture(scope="module")
def wire(filled_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    yield from wire_of(filled_database, tmp_path_factory.mktemp("log"), EVENTMGR_LOG_LEVEL="debug")


def codes_of(wire: Wire) -> tuple[str, str]:
    """A pairing code of a gate and the link of a body of the running copy."""
    app = create_app(settings_for(wire.copy.instance.parent / "codes", wire.copy.database_url))
    with app.app_context():
        conference = db.session.scalars(sa.select(Conference).where(Conference.slug == SLUG)).one()
        link = nominating.body(conference)[1]
        gate = door.pair_phone(conference.id)[1].gate_id
        pairing = phones.make_pairing_code(conference.id, gate, 1)[1]
        app.extensions["eventmgr_hub"].close()
        db.session.remove()
        db.engine.dispose()
    return pairing, link


def sign_in_with_everything(lan: Browser) -> set[str]:
    """Sign in wrongly and rightly, change the password, turn on the second factor, sign in with it; return what was secret."""
    known: set[str] = set()
    lan.go("/sign-in")
    assert lan.go("/sign-in", {"username": "lan", "password": TYPED}) == 422
    assert lan.go("/sign-in", {"username": "lan", "password": PASSWORD}) == 200
    known |= lan.secrets()
    lan.go("/office/password")
    assert lan.go("/office/password", {"old": PASSWORD, "new": NEW, "again": NEW}) == 200
    known |= lan.secrets()
    lan.go("/office/second-factor")
    secret = re.sub(r"\s", "", re.findall(r'<b class="num break">([A-Z2-7 ]+)</b>', lan.page)[0])
    code = pyotp.TOTP(secret).at(clock.now())
    assert lan.go("/office/second-factor", {"code": code}) == 200
    recovery = re.findall(r'<code class="num">([a-z2-9-]+)</code>', lan.page)
    assert len(recovery) == 10
    lan.go("/office/second-factor")
    lan.go("/sign-out", {})
    lan.go("/sign-in")
    assert lan.go("/sign-in", {"username": "lan", "password": NEW}) == 200
    assert lan.go("/sign-in/code", {"code": "khong-phai-ma"}) == 422
    assert lan.go("/sign-in/code", {"code": recovery[0]}) == 200
    return known | lan.secrets() | {secret, code, *recovery}


def test_a_whole_day_leaves_no_secret_in_the_log(wire: Wire) -> None:
    pairing, link = codes_of(wire)
    known = sign_in_with_everything(Browser(wire.copy.url)) | {TYPED, PASSWORD, NEW, pairing, link, wire.code, wire.phone}
    phone, guest, unit = (Browser(wire.copy.url) for _ in range(3))
    assert phone.go(f"/door/pair/{pairing}") == 200
    assert phone.go(f"/door/pair/{pairing}", {"name": "Máy của Thu"}) == 200
    assert phone.go("/api/door/state", headers={"X-Eventmgr-Phone": "1"}) == 200
    known |= phone.secrets()
    wire.scan()
    for path in ("", "/qr.svg", "/event.ics"):
        guest.go(f"/i/{wire.code}{path}")
    guest.go(f"/I/{wire.code}")
    guest.go(f"/i/{wire.code}/reply", {"answer": "comes"})
    assert unit.go(f"/b/{link}") == 200
    unit.go(f"/b/{link}/notes", {"words": "Xin gửi danh sách sau"})
    unit.go(f"/b/{link}?next=/b/{link}", headers={"Referer": f"{wire.copy.url}/b/{link}", "User-Agent": f"trinh-duyet {link}"})
    known |= guest.secrets() | unit.secrets()
    said = wire.copy.log.read_text()
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert len(lines) > 20, "every request has its line"
    assert {secret for secret in known if len(secret) > 5 and secret.casefold() in said.casefold()} == set()
