"""What a phone loads when it opens a letter's link for the first time, byte by byte."""

from __future__ import annotations

import pytest
from flask import Flask

from eventmgr.models.database import db
from eventmgr.models.invitations import Pass
from eventmgr.services import pass_codes
from tests.browser.conftest import PageFor
from tests.browser.live_copy import LiveCopy
from tests.people import Person
from tests.web.test_letters import issue_all, name_delegate, settle_date

pytestmark = pytest.mark.browser
LIMIT = 60 * 1000


def test_a_letters_page_loads_in_60_kilobytes_with_its_fonts(app: Flask, live: LiveCopy, lan: Person, page_for: PageFor):
    settle_date(lan)
    name_delegate()
    issue_all(lan)
    code = pass_codes.code_of(db.session.query(Pass).order_by(Pass.id).first())  # type: ignore[arg-type]
    page = page_for(None, viewport={"width": 360, "height": 740})
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda told: weights.update({told["requestId"]: int(told["encodedDataLength"])}))
    page.goto(f"/i/{code}", wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = {addresses[one].partition("?")[0].removeprefix(live.url): weight for one, weight in weights.items() if one in addresses}
    assert sum(name.endswith(".woff2") for name in loaded) >= 4, loaded
    assert sum(loaded.values()) <= LIMIT, sorted(loaded.items(), key=lambda one: -one[1])
