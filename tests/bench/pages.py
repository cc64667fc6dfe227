"""First loads: `python -m tests.bench.pages` tells the KB of a letter's page in a real browser that comes for the first time.

The scanner's first load is told by tests.bench.phone, which counts what its worker fetches too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from eventmgr.bootstrap import create_app
from eventmgr.models.database import db
from eventmgr.models.invitations import Pass
from eventmgr.services import pass_codes
from tests.bench.figures import tell
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.live_copy import LiveCopy
from tests.conftest import fill, settings_for
from tests.people import Person
from tests.web.test_letters import issue_all, name_delegate, settle_date


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        code = issued(folder, url)
        live = LiveCopy(folder / "live", url)
        live.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                context = browser.new_context(base_url=live.url, viewport={"width": 360, "height": 740})
                weights = loaded(context.new_page(), f"/i/{code}")
                browser.close()
        finally:
            live.stop()
    own = {address: weight for address, weight in weights.items() if address.startswith(live.url)}
    foreign = [address for address in weights if address.startswith("http") and address not in own]
    for address, weight in sorted(own.items(), key=lambda one: -one[1]):
        print(f"{weight:>7} {address.removeprefix(live.url).partition('?')[0].replace(code, '…')}")
    total = sum(own.values()) / 1000
    tell(page_invitee=total, page_foreign=len(foreign))
    print(f"first load of the invitee's page: {total:.1f} KB in {len(own)} answers, {len(foreign)} from other hosts")


def issued(folder: Path, url: str) -> str:
    """Fill a database, issue the plan's letters and return the code of one."""
    app = create_app(settings_for(folder / "filling", url))
    fill(app)
    with app.app_context():
        settle_date(lan := Person(app, "lan"))
        name_delegate()
        issue_all(lan)
        held = db.session.query(Pass).order_by(Pass.id).first()
        assert held
        code = pass_codes.code_of(held)
        db.session.remove()
        db.engine.dispose()
    return code


def loaded(page: Page, path: str) -> dict[str, int]:
    """Open a page and return address -> bytes as they travelled."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    wire.on("Network.loadingFinished", lambda told: weights.update({told["requestId"]: int(told["encodedDataLength"])}))
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    return {addresses[one]: weight for one, weight in weights.items() if one in addresses}


if __name__ == "__main__":
    main()
