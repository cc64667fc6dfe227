"""The door that cannot stop: no network, no server, no storage, a cut-off phone, a new version; no scan is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventmgr.models.checkin import Admission, DoorConflict, Phone, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import phones
from tests import door
from tests.browser.canvas_camera import CAMERA, show
from tests.browser.door_page import OpenScanner, kept, scan_by_hand, scanner, scans, sent, type_code, word
from tests.browser.fake_camera import frame
from tests.browser.live_copy import ROOT, LiveCopy

__all__ = ["scanner"]
pytestmark = pytest.mark.browser
HELD = """async () => {
  const database = await new Promise((done) => { const asked = indexedDB.open("eventmgr-door", 1); asked.onsuccess = () => done(asked.result); });
  const count = (store) => new Promise((done) => { const asked = database.transaction(store).objectStore(store).getAllKeys(); asked.onsuccess = () => done(asked.result); });
  return { list: (await count("list")).length, keys: await count("keys"), queue: (await count("queue")).length };
}"""


def forgotten(page: Page) -> None:
    """Wait until the list is gone; the page's policy keeps Playwright from waiting inside it."""
    for _ in range(50):
        if page.evaluate(HELD)["list"] == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the list is still there")


def chip(page: Page, text: str) -> None:
    expect(page.locator("[data-chip]")).to_have_text(text)


def offline(page: Page) -> None:
    """Cut the phone from the network when it holds everything that it needs."""
    kept(page)
    page.context.set_offline(True)
    chip(page, "Mất mạng")


def admissions() -> list[str]:
    db.session.remove()
    rows = db.session.execute(
        sa.select(Delegate.full_name).join(Admission, Admission.delegate_id == Delegate.id).where(Admission.undone_at.is_(None)).order_by(Admission.id)
    )
    return [name for (name,) in rows]


def test_a_page_loaded_once_opens_and_admits_without_network_and_nothing_is_lost(conference: Conference, scanner: OpenScanner):
    code, other = door.invited(conference.id, "Lê Thị Ví Dụ", seat="A-11"), door.invited(conference.id, "Vũ Thí Dụ")
    page = scanner()
    offline(page)
    page.close()
    page = page.context.new_page()
    page.goto("/door/")  # from the start there is no network
    type_code(page, code)
    word(page, "Mời vào")
    expect(page.locator("[data-say]")).to_have_text("Mời đồng chí ngồi hàng A, ghế 11.")
    chip(page, "Mất mạng · 1 chưa gửi")
    page.reload()
    chip(page, "Mất mạng · 1 chưa gửi")
    type_code(page, code)
    word(page, "Đã vào rồi")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, other)
    word(page, "Mời vào")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, "0123 4567 89AB CDEF")
    word(page, "Máy này chưa có mã đó")
    expect(page.locator("main")).to_have_attribute("data-tone", "ask")
    sealed = page.evaluate(HELD)
    assert (sealed["list"] >= 1, sealed["keys"], sealed["queue"]) == (True, ["list", "queue"], 4)
    assert scans() == []
    page.context.set_offline(False)
    sent(page)
    assert [outcome for outcome, _ in scans()] == ["admitted", "already_in", "admitted", "not_known"]
    assert page.evaluate(HELD)["queue"] == 0


def test_a_server_that_dies_between_scan_and_upload_gets_each_scan_once(
    conference: Conference, scanner: OpenScanner, live: LiveCopy
):
    codes = [door.invited(conference.id, f"Đại biểu {number}") for number in range(3)]
    page = scanner()
    kept(page)
    answers: list[Any] = []

    def lose_the_first_answer(route: Any) -> None:
        if answers:
            route.continue_()
        else:
            answers.append(route.fetch())  # the server has stored the scan; its answer does not come through
            route.abort()

    page.route("**/api/door/scans", lose_the_first_answer)
    type_code(page, codes[0])
    word(page, "Mời vào")
    for _ in range(100):  # until the server has it
        if answers:
            break
        page.wait_for_timeout(50)
    live.stop(hard=True)
    for code in codes[1:]:
        page.get_by_role("button", name="Quét tiếp").click()
        type_code(page, code)
        word(page, "Mời vào")
    expect(page.locator("[data-chip]")).to_contain_text("chưa gửi")
    live.start()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-chip]")).to_have_text("Đã gửi hết", timeout=20_000)
    assert len(answers) == 1
    assert scans() == [("admitted", "typed")] * 3
    assert admissions() == ["Đại biểu 0", "Đại biểu 1", "Đại biểu 2"]


def test_two_phones_without_network_admit_one_person_and_the_lead_is_asked(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    one, other = scanner(), scanner()
    for page in (one, other):
        offline(page)
        type_code(page, code)
        word(page, "Mời vào")
    one.context.set_offline(False)
    sent(one)
    other.context.set_offline(False)
    sent(other)
    expect(other.locator("[data-notice-word]")).to_contain_text("Lê Thị Ví Dụ")
    assert admissions() == ["Lê Thị Ví Dụ"]
    assert [kind for (kind,) in db.session.execute(sa.select(DoorConflict.kind))] == ["double"]
    assert len(scans()) == 2
    other.get_by_role("button", name="Đã đọc").click()
    expect(other.locator("[data-notice]")).to_be_hidden()
    other.get_by_role("button", name="Quét tiếp").click()
    type_code(other, code)
    word(other, "Đã vào rồi")


@pytest.mark.parametrize("how", ["cut off", "expired"])
def test_a_phone_that_lost_its_place_forgets_the_list_but_no_scan(conference: Conference, scanner: OpenScanner, how: str):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    offline(page)
    type_code(page, code)
    word(page, "Mời vào")
    if how == "cut off":
        phones.cut_off(conference.id, int(page.locator("main").get_attribute("data-phone") or 0), by=1)
        sentence = "Máy này đã bị ngắt khỏi cửa. Gặp trưởng cửa để ghép lại."
    else:
        page.context.clear_cookies(name="eventmgr_phone")
        sentence = "Máy này chưa được ghép với cửa nào. Nhờ trưởng cửa mở mã ghép, rồi quét mã đó bằng máy này."
    page.context.set_offline(False)
    expect(page.locator("[data-stopped]")).to_have_text(sentence)
    expect(page.locator("[data-stopped-list] li")).to_contain_text("mời vào · Lê Thị Ví Dụ")
    forgotten(page)
    assert page.evaluate(HELD) == {"list": 0, "keys": ["queue"], "queue": 1}
    assert scans() == []
    scanner.pair(page)  # type: ignore[attr-defined]
    sent(page)
    assert scans() == [("admitted", "typed")]


def test_a_new_version_waits_until_a_person_says_so_and_keeps_what_was_not_sent(
    conference: Conference, scanner: OpenScanner, live: LiveCopy, tmp_path: Path
):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner()
    kept(page)
    cut = "**/api/door/scans"
    page.route(cut, lambda route: route.abort())
    type_code(page, code)
    word(page, "Mời vào")
    newer = tmp_path / "newer"
    for part in ("eventmgr", "templates", "static"):
        shutil.copytree(ROOT / part, newer / part, symlinks=True)
    shutil.copy(ROOT / "app.py", newer)
    with (newer / "static/css/door.css").open("a") as styles:
        styles.write("\n.door { --made: newer; }\n")
    live.stop()
    live.root = newer
    live.start()
    page.evaluate("navigator.serviceWorker.getRegistration('/door/').then((one) => one.update())")
    expect(page.locator("[data-notice-word]")).to_contain_text("Bản mới đã sẵn sàng", timeout=15_000)
    made = "getComputedStyle(document.body).getPropertyValue('--made')"
    assert page.evaluate(made) == ""
    page.get_by_role("button", name="Dùng bản mới").click()
    expect(page.locator("body")).to_have_css("--made", "newer")
    expect(page.locator("[data-chip]")).to_contain_text("1")
    page.unroute(cut)
    page.evaluate("dispatchEvent(new Event('online'))")
    sent(page)
    assert scans() == [("admitted", "typed")]


REFUSALS = {
    "no database": "indexedDB.open = () => { throw new DOMException('', 'InvalidStateError'); };",
    "a full disk": "delete indexedDB.open; IDBObjectStore.prototype.put = function () { throw new DOMException('', 'QuotaExceededError'); };",
}


def test_a_browser_that_stores_nothing_still_admits_and_says_what_to_mind(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    first = scanner(script=REFUSALS["no database"])
    expect(first.locator("[data-notice-word]")).to_contain_text("giữ trang mở cho đến khi gửi hết")
    page = first.context.new_page()
    page.add_init_script(REFUSALS["a full disk"])
    page.goto("/door/")
    expect(page.locator("[data-inside]")).to_contain_text("người trong hội trường")
    first.close()
    expect(page.locator("[data-notice-word]")).to_contain_text("giữ trang mở cho đến khi gửi hết")
    page.context.set_offline(True)
    type_code(page, code)
    word(page, "Mời vào")
    chip(page, "Mất mạng · 1 chưa gửi")
    page.context.set_offline(False)
    sent(page)
    assert scans() == [("admitted", "typed")]


def test_a_page_without_https_has_no_camera_and_keeps_scans_all_the_same(conference: Conference, scanner: OpenScanner):
    plain = "Object.defineProperty(crypto, 'subtle', { value: undefined }); delete Navigator.prototype.serviceWorker;"
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner(script=plain)
    cut = "**/api/door/scans"
    page.route(cut, lambda route: route.abort())
    type_code(page, code)
    word(page, "Mời vào")
    assert page.evaluate(HELD) == {"list": 0, "keys": [], "queue": 1}
    page.reload()
    expect(page.locator("[data-chip]")).to_contain_text("1")
    type_code(page, code)
    word(page, "Đã vào rồi")
    page.unroute(cut)
    sent(page)
    assert [outcome for outcome, _ in scans()] == ["admitted", "already_in"]


def test_everything_at_the_desk_works_without_network(conference: Conference, scanner: OpenScanner):
    here = door.invited(conference.id, "Hoàng Giả Định", body="Sở Kiểm lâm")
    principal = sa.select(Delegate.id).where(Delegate.full_name == "Hoàng Giả Định")
    door.add_delegate(conference.id, "Y Mẫu", posts=["Thư ký"], companion_of_id=db.session.scalar(principal))
    group = door.groups(conference.id)[2].short_label or door.groups(conference.id)[2].label
    wrong = door.invited(conference.id, "Cao Thị Minh Họa")
    post = door.invited(conference.id, None, posts=["Trưởng phòng Kiểm lâm"])
    page = scanner()
    offline(page)
    type_code(page, post)
    word(page, "Mời vào")
    page.get_by_role("button", name="Ghi họ tên người đến").click()
    page.get_by_label("Họ tên người đến").fill("Phạm Thị Mẫu")
    page.get_by_label("Cách xưng hô").select_option("bà")
    page.get_by_role("button", name="Ghi họ tên", exact=True).click()
    word(page, "Đã ghi họ tên")
    expect(page.locator("[data-say]")).to_have_text("Mời bà vào hội trường.")
    page.reload()
    chip(page, "Mất mạng · 2 chưa gửi")
    type_code(page, post)
    word(page, "Đã vào rồi")
    expect(page.locator("[data-name]")).to_have_text("Phạm Thị Mẫu")
    page.get_by_role("button", name="Quét tiếp").click()
    page.get_by_role("button", name="Tìm tên").click()
    page.get_by_label("Tên, chức vụ hoặc đơn vị").fill("hgd kiem lam")
    page.get_by_role("button", name="Mời vào: Hoàng Giả Định").click()
    word(page, "Mời vào")
    page.get_by_role("button", name="Mời cả người đi cùng: Y Mẫu").click()
    expect(page.locator("[data-about]")).to_have_text("Thư ký, đi cùng đồng chí Hoàng Giả Định")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, here)
    word(page, "Đã vào rồi")
    page.get_by_role("button", name="Ghi ra ngoài").click()
    word(page, "Đã ghi ra ngoài")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, here)
    word(page, "Mời vào")
    expect(page.locator("[data-facts]")).to_contain_text("Vào lại.")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, wrong)
    page.get_by_role("button", name="Việc khác").click()
    page.get_by_role("button", name="Người đến không phải người ghi trên giấy").click()
    word(page, "Mời chờ")
    page.get_by_role("button", name="Quét tiếp").click()
    type_code(page, wrong)
    word(page, "Mời chờ")
    page.get_by_role("button", name="Đã rõ, mời vào").click()
    word(page, "Mời vào")
    page.get_by_role("button", name="Quét tiếp").click()
    page.get_by_role("button", name="Tìm tên").click()
    page.get_by_role("button", name="Khách chưa có tên").click()
    page.get_by_label("Họ và tên").fill("Trần Văn Mẫu")
    page.get_by_label("Chức vụ (nếu có)").fill("Chuyên viên")
    page.get_by_label("Nhóm khách mời (nếu rõ)").select_option(group)
    page.get_by_role("button", name="Ghi và mời vào").click()
    word(page, "Mời vào")
    page.context.set_offline(False)
    sent(page)
    kinds = [tuple(row) for row in db.session.execute(sa.select(Scan.kind, Scan.decided).order_by(Scan.id))]
    assert kinds == [
        ("entry", "admitted"), ("named", "named"), ("entry", "already_in"), ("entry", "admitted"), ("entry", "admitted"), ("entry", "already_in"), ("exit", "left"), ("entry", "admitted"),
        ("entry", "admitted"), ("undo", "undone"), ("hold", "held"), ("entry", "held"), ("entry", "admitted"), ("entry", "admitted"),
    ]
    assert sorted(admissions()) == ["Cao Thị Minh Họa", "Hoàng Giả Định", "Phạm Thị Mẫu", "Trần Văn Mẫu", "Y Mẫu"]
    walked_in = db.session.scalars(sa.select(Delegate).where(Delegate.origin == "door")).one()
    assert (walked_in.full_name, walked_in.group_id) == ("Trần Văn Mẫu", door.groups(conference.id)[2].id)


def test_the_check_of_the_phone_and_leaving_the_gate(conference: Conference, scanner: OpenScanner):
    code = door.invited(conference.id, "Lê Thị Ví Dụ")
    page = scanner(script=CAMERA)
    offline(page)
    page.locator("[data-act=device]").click()
    checks = page.locator("[data-checks] li")
    expect(checks).to_have_count(6)
    assert [line.get_attribute("data-tone") for line in checks.all()] == ["go", "go", "go", "go", "ask", "go"]
    expect(checks.nth(1)).to_contain_text("đại biểu, lúc")
    page.get_by_role("button", name="Quét thử, không tính").click()
    show(page, frame("WIFI:S:Khach;;"))
    expect(page.locator("[data-tried]")).to_have_text("Đọc được mã: đây không phải mã giấy mời. Lượt quét thử không tính.")
    page.evaluate("wall()")
    scan_by_hand(page, code)
    word(page, "Mời vào")
    chip(page, "Mất mạng · 1 chưa gửi")
    page.locator("[data-act=device]").click()
    page.get_by_role("button", name="Rời cửa này").click()
    expect(page.locator("[data-tried]")).to_contain_text("Còn 1 lượt quét chưa gửi nên chưa rời cửa được.")
    expect(page.locator("[data-unsent-list] li")).to_contain_text("Lê Thị Ví Dụ")
    page.context.set_offline(False)
    sent(page)
    page.get_by_role("button", name="Rời cửa này").click()
    expect(page.locator("[data-stopped]")).to_have_text("Máy này đã rời cửa. Danh sách đại biểu trên máy đã xóa.")
    forgotten(page)
    assert scans() == [("admitted", "hand_scanner")]
    assert db.session.scalar(sa.select(Phone.revoked_at).order_by(Phone.id.desc())) is not None
