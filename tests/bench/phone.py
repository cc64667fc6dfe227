"""The phone at the door: `python -m tests.bench.phone [DELEGATES …]`; the last line is the figure.

A real server (SQLite), a real Chromium with a camera made of a canvas. Measured: bytes of the first load; the list from the
answered pairing to usable, the first time and after a reload without network; a pass before the camera to its verdict, cut off.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect, sync_playwright

from eventmgr.domain import passes
from tests.bench.door import prepare
from tests.bench.figures import tell
from tests.browser.canvas_camera import CAMERA, hold
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.fake_camera import frame
from tests.browser.live_copy import LiveCopy

PASSES = 25


def main(sizes: list[int]) -> None:
    lines = [measure(size) for size in sizes]
    print("; ".join(lines))


def measure(size: int) -> str:
    with tempfile.TemporaryDirectory(prefix="eventmgr-bench-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.db'}"
        tokens, codes = prepare(folder, url, size)
        live = LiveCopy(folder / "live", url)
        live.start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                context = browser.new_context(base_url=live.url, viewport={"width": 360, "height": 740})
                context.add_init_script(CAMERA)
                token = {"name": "eventmgr_phone", "value": tokens[0], "url": live.url}
                context.add_cookies([token])  # type: ignore[list-item]
                line = walk(context.new_page(), size, codes)
                browser.close()
                return line
        finally:
            live.stop()


def walk(page: Page, size: int, codes: list[str]) -> str:
    received: dict[str, float] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    addresses: dict[str, str] = {}
    network.on("Network.responseReceived", lambda told: addresses.__setitem__(told["requestId"], told["response"]["url"]))
    network.on("Network.loadingFinished", lambda told: received.__setitem__(told["requestId"], told["encodedDataLength"]))
    page.goto("/door/")
    expect(page.locator("[data-inside]")).to_contain_text("người trong hội trường", timeout=60_000)
    expect(page.locator("html")).to_have_attribute("data-kept", "", timeout=60_000)
    first = page.evaluate("performance.getEntriesByName('list')[0].startTime")
    asked: Any = page.evaluate("performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/door/key')).map((one) => one.startTime)")
    usable = first - asked[0]
    page.wait_for_timeout(1000)
    wire = sum(count for ident, count in received.items() if "/api/door/snapshot" in addresses.get(ident, "")) / 1e6
    load = sum(bytes_of(page, address) for address in ["/door/", *kept_addresses(page)]) / 1e3
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-inside]")).to_contain_text("người trong hội trường", timeout=60_000)
    again = page.evaluate("performance.getEntriesByName('list')[0].startTime")
    expect(page.locator("[data-hint]")).to_have_text("Đưa mã vào khung", timeout=30_000)
    times = [seen(page, code) for code in codes[:PASSES]]
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[18]
    line = (
        f"{size} delegates: list usable {usable:.0f} ms after the phone asked, {wire:.2f} MB; page and list without network "
        f"{again:.0f} ms; pass before the camera to verdict p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {max(times):.0f} ms; "
        f"first load {load:.0f} KB"
    )
    tell(**{"phone_verdict": p95, f"phone_list_{size}": usable / 1000, f"phone_wire_{size}": wire, "page_scanner": load})
    print(line, flush=True)
    return line


def kept_addresses(page: Page) -> list[str]:
    """What the page and its worker fetch from a server that is new to them; the shell counts beside the page."""
    lines = page.context.request.get("/door/worker.js").text().splitlines()
    return [*json.loads(lines[1].removeprefix("const FILES = ").removesuffix(";")), "/door/worker.js"]


def bytes_of(page: Page, address: str) -> int:
    """Bytes of an answer as it travels."""
    wanted = Request(page.url.partition("/door/")[0] + address, headers={"Accept-Encoding": "gzip"})
    with urlopen(wanted) as answer:
        return len(answer.read())


def seen(page: Page, code: str) -> float:
    """Milliseconds from the pass in the camera's picture to the name on the screen, without network."""
    page.evaluate("wall()")
    if page.locator("main").get_attribute("data-view") == "verdict":
        page.get_by_role("button", name="Quét tiếp").click()
    page.wait_for_timeout(150)
    return hold(page, frame(passes.link("https://hoinghi.kontum.gov.vn", code)))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [2000, 20_000])
