import pytest
from playwright.sync_api import Page

from tests.browser.live_copy import LiveCopy

pytestmark = pytest.mark.browser


def test_a_person_is_signed_in_and_stays_so_over_a_restart(live: LiveCopy, page_for) -> None:
    page: Page = page_for("lan")
    page.goto("/office/")
    seen = page.title()
    page.wait_for_load_state("networkidle")  # the page's modules are in: one that is cut off half way is another test's matter
    live.restart("KILL")
    page.goto("/office/")
    assert (page.url, page.title()) == (f"{live.url}/office/", seen)


def test_a_stranger_is_sent_to_the_door(live: LiveCopy, page_for) -> None:
    page: Page = page_for(None)
    page.goto("/office/")
    assert page.url.startswith(f"{live.url}/sign-in?")
