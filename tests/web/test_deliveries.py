"""Letters on their way to people, through the office's pages: preview, test mail, sending, outbox, paper, hand."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.jobs import WorkerBeat
from eventmgr.models.mails import Handover, Mail, MailChannel
from eventmgr.services import body_links, health, mail_channel, outbox_work
from tests.letters import LAN, issue_some
from tests.people import SLUG, Person
from tests.smtp import Post, mail_server

HOME = f"/office/{SLUG}"
DELIVERIES, OUTBOX, LETTERS = f"{HOME}/deliveries", f"{HOME}/outbox", f"{HOME}/invitations"


@pytest.fixture
def issued(conference: Conference) -> list[Invitation]:
    return issue_some(conference)


@pytest.fixture
def post(issued: list[Invitation]) -> Iterator[Post]:
    with mail_server() as running:
        mail_channel.use(running.server)
        yield running
        mail_channel.use(None)


def give_addresses(issued: list[Invitation], *addresses: str) -> None:
    with transaction():
        for invitation, address in zip(issued, addresses, strict=False):
            db.session.get_one(Delegate, invitation.delegate_id).email = address


def deliver() -> None:
    postman = outbox_work.Postman("w1")
    while postman.deliver_one():
        pass
    postman.rest()


def text_of(person: Person, url: str) -> str:
    return person.get(url).get_data(as_text=True)


def key_in(page: str) -> str:
    found = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def counts(lan: Person, state: str) -> int:
    page = text_of(lan, f"{LETTERS}?state={state}")
    found = re.search(r'aria-current="true"[^>]*>[^<]*<span class="num">(\d+)', page) or re.search(r"trong <span class=\"num\">(\d+)", page)
    return int(found[1]) if found else 0


def mail() -> Mail:
    db.session.rollback()
    return db.session.scalars(sa.select(Mail).order_by(Mail.id.desc()).execution_options(populate_existing=True)).first()  # type: ignore[return-value]


def test_letters_go_out_as_they_were_shown(lan: Person, issued: list[Invitation], post: Post) -> None:
    give_addresses(issued, "mau@x.example.vn", "hai@x.example.vn")
    assert "Còn phải gửi" in text_of(lan, DELIVERIES)
    page = text_of(lan, f"{DELIVERIES}/mail")
    assert "Gửi 2 thư" in page and "7 giấy không có địa chỉ thư" in page
    shown = lan.post(f"{DELIVERIES}/mail", expect=200, do="show", key=key_in(page), words="Mời ăn trưa.", which="undelivered")
    seen = html.unescape(re.search(r"<pre>(.*?)</pre>", shown.get_data(as_text=True), re.S)[1])  # type: ignore[index]
    answer = lan.post(
        f"{DELIVERIES}/mail", expect=302, do="send", key=key_in(shown.get_data(as_text=True)), words="Mời ăn trưa.", which="undelivered"
    )
    assert "mau@x.example.vn" in text_of(lan, answer.location)
    assert counts(lan, "undelivered") == 9
    deliver()
    assert post.arrivals == {"mau@x.example.vn": 1, "hai@x.example.vn": 1}
    plain = post.read(0).get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == seen.replace("\r\n", "\n").strip()
    assert (counts(lan, "delivered"), counts(lan, "undelivered")) == (2, 7)
    assert "Thư điện tử tới mau@x.example.vn" in text_of(lan, f"{LETTERS}/{issued[0].id}")
    assert "250 2.0.0 Da nhan" in text_of(lan, f"{OUTBOX}/{mail().id}")


def test_second_press_of_the_same_page_sends_nothing_more(lan: Person, issued: list[Invitation], post: Post) -> None:
    give_addresses(issued, "mau@x.example.vn")
    key = key_in(text_of(lan, f"{DELIVERIES}/mail"))
    first = lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key=key)
    second = lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key=key)
    assert first.location == second.location
    deliver()
    lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key=key)
    deliver()
    assert post.arrivals == {"mau@x.example.vn": 1}


def test_test_mail_goes_to_the_typed_address_and_delivers_nothing(lan: Person, issued: list[Invitation], post: Post) -> None:
    give_addresses(issued, "mau@x.example.vn")
    key = key_in(text_of(lan, f"{DELIVERIES}/mail"))
    wrong = lan.post(f"{DELIVERIES}/mail", expect=422, do="test", key=key, address="lan")
    assert "Nhập một địa chỉ thư điện tử" in wrong.get_data(as_text=True) and 'value="lan"' in wrong.get_data(as_text=True)
    lan.post(f"{DELIVERIES}/mail", expect=200, do="test", key=key, address="lan@x.example.vn")
    deliver()
    got = post.read()
    assert (got["To"], got["Subject"][:23]) == ("lan@x.example.vn", "[Thư thử] Giấy mời số 0")
    assert counts(lan, "delivered") == 0
    file = lan.post(f"{DELIVERIES}/mail", expect=200, do="file", key=key)
    assert file.mimetype == "message/rfc822" and b"To: mau@x.example.vn" in file.data


def test_without_a_mail_server_the_office_reads_so_and_paper_stays_open(lan: Person, issued: list[Invitation]) -> None:
    give_addresses(issued, "mau@x.example.vn")
    assert "Thư điện tử đang tắt" in text_of(lan, DELIVERIES)
    page = text_of(lan, f"{DELIVERIES}/mail")
    assert "Chưa cài đặt máy chủ thư" in page
    refused = lan.post(f"{DELIVERIES}/mail", expect=409, do="send", key=key_in(page), subject="Của tôi")
    assert "Chưa cài đặt thư điện tử" in refused.get_data(as_text=True) and 'value="Của tôi"' in refused.get_data(as_text=True)
    sheet = lan.get(f"{DELIVERIES}/sheet.pdf")
    text = " ".join(" ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(sheet.data)).pages).split())
    assert "SỔ GIAO NHẬN GIẤY MỜI" in text and "05/GM-VP" in text and "Trần Thị Mẫu" in text
    assert "Sổ này có 09 giấy mời" in text


def test_letters_are_marked_as_handed_over_and_a_wrong_mark_is_taken_back(lan: Person, issued: list[Invitation]) -> None:
    page = text_of(lan, f"{DELIVERIES}/handovers")
    assert page.count('name="invitation"') == 9
    assert "Chưa chọn giấy nào" in lan.post(f"{DELIVERIES}/handovers", expect=422, way="post").get_data(as_text=True)
    wrong = lan.post(f"{DELIVERIES}/handovers", expect=422, way="post", at="08:00 01/01/2199", invitation=[issued[0].id])
    assert "Giờ giao ở tương lai" in wrong.get_data(as_text=True)
    ids = [one.id for one in issued[:3]]
    lan.post(f"{DELIVERIES}/handovers", expect=302, way="hand", to_whom="đồng chí Văn thư", at="15:30 22/12/2015", invitation=ids)
    lan.post(f"{DELIVERIES}/handovers", expect=302, way="post", invitation=ids)
    assert db.session.scalar(sa.select(sa.func.count(Handover.id))) == 3
    letter = text_of(lan, f"{LETTERS}/{ids[0]}")
    assert "Trao tay cho đồng chí Văn thư (Lan ghi)" in letter
    assert (counts(lan, "delivered"), counts(lan, "undelivered")) == (3, 6)
    one = db.session.scalars(sa.select(Handover.id).where(Handover.invitation_id == ids[0])).one()
    lan.post(f"{DELIVERIES}/handovers/{one}/taking-back", expect=422, why="")
    lan.post(f"{DELIVERIES}/handovers/{one}/taking-back", expect=302, why="Nhầm người")
    assert "Đã bỏ dấu: Nhầm người" in text_of(lan, f"{LETTERS}/{ids[0]}")
    assert (counts(lan, "delivered"), counts(lan, "undelivered")) == (2, 7)
    lan.post(f"{DELIVERIES}/handovers", expect=302, way="post", invitation=[ids[0]])
    assert counts(lan, "delivered") == 3


def test_opened_page_counts_as_delivered(lan: Person, issued: list[Invitation]) -> None:
    with transaction():
        db.session.execute(sa.update(Invitation).where(Invitation.id == issued[0].id).values(opened_at=clock.now()))
    assert (counts(lan, "delivered"), counts(lan, "opened"), counts(lan, "undelivered")) == (1, 1, 8)


def test_waiting_mail_is_cancelled_and_refused_one_is_sent_again(lan: Person, issued: list[Invitation], post: Post) -> None:
    give_addresses(issued, "mau@x.example.vn")
    lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key="0123456789abcdef")
    lan.post(f"{OUTBOX}/{mail().id}/cancellation", expect=302)
    deliver()
    assert (mail().state, post.arrivals) == ("cancelled", {})
    post.at_rcpt["mau@x.example.vn"] = ["550 khong"]
    lan.post(f"{OUTBOX}/{mail().id}/repetition", expect=409, seen="sent")
    lan.post(f"{OUTBOX}/{mail().id}/repetition", expect=302, seen="cancelled")
    deliver()
    assert mail().state == "refused"
    lan.post(f"{OUTBOX}/{mail().id}/cancellation", expect=409)
    del post.at_rcpt["mau@x.example.vn"]
    lan.post(f"{OUTBOX}/{mail().id}/repetition", expect=302, seen="refused")
    deliver()
    assert (mail().state, post.arrivals) == ("sent", {"mau@x.example.vn": 1})
    lan.post(f"{OUTBOX}/{mail().id}/repetition", expect=409, seen="sent")


@pytest.mark.parametrize(("decision", "arrivals", "state"), [("arrival", 1, "sent"), ("repetition", 2, "sent")])
def test_unclear_mail_waits_for_a_person(
    lan: Person, issued: list[Invitation], post: Post, decision: str, arrivals: int, state: str
) -> None:
    give_addresses(issued, "mau@x.example.vn")
    post.at_data = ["take and hang up"]
    lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key="0123456789abcdef")
    deliver()
    assert "1 thư chưa rõ đã đến chưa" in text_of(lan, OUTBOX)
    lan.post(f"{OUTBOX}/{mail().id}/{decision}", expect=302, seen="unclear")
    with transaction():
        db.session.execute(sa.update(MailChannel).values(rest_until=None))
    deliver()
    assert (mail().state, post.arrivals) == (state, {"mau@x.example.vn": arrivals})
    assert counts(lan, "delivered") == 1
    lan.post(f"{OUTBOX}/{mail().id}/arrival", expect=409)


def test_everybody_in_the_office_reads_that_mails_do_not_leave_until_they_do(
    lan: Person, ha: Person, issued: list[Invitation], post: Post
) -> None:
    give_addresses(issued, "mau@x.example.vn")
    health.beat("w1")
    lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key="0123456789abcdef")
    assert "Không gửi được thư điện tử" not in text_of(ha, f"{HOME}/")
    mail_channel.use(type(post.server)(**{**vars(post.server), "port": 1}))
    for _ in range(3):
        with transaction():
            db.session.execute(sa.update(Mail).values(due_at=clock.now()))
            db.session.execute(sa.update(MailChannel).values(rest_until=None))
        deliver()
    for person, page in ((ha, f"{HOME}/"), (ha, f"{HOME}/agenda"), (lan, f"{HOME}/delegates"), (lan, OUTBOX)):
        assert "Không gửi được thư điện tử" in text_of(person, page), page
    with transaction():
        db.session.execute(sa.update(WorkerBeat).values(at=clock.now() - timedelta(minutes=5)))
    assert "Tiến trình nền không chạy" in text_of(ha, f"{HOME}/agenda")
    mail_channel.use(post.server)
    lan.post(f"{OUTBOX}/{mail().id}/try", expect=302)
    deliver()
    for page in (f"{HOME}/", f"{HOME}/agenda"):
        assert "Không gửi được thư điện tử" not in text_of(ha, page) and "Tiến trình nền" not in text_of(ha, page)


def test_body_is_sent_its_own_link(lan: Person, conference: Conference, issued: list[Invitation], post: Post) -> None:
    bodies = list(db.session.scalars(sa.select(Body).where(Body.group_id.is_not(None)).order_by(Body.position).limit(2)))
    with transaction():
        for body in bodies:
            db.session.get_one(Body, body.id).email = "vanthu@huyen.example.vn"
    body_links.make_links(conference.id, LAN, [body.id for body in bodies])
    page = text_of(lan, f"{DELIVERIES}/bodies")
    assert "Gửi 2 thư" in page
    lan.post(f"{DELIVERIES}/bodies", expect=302, do="send", key=key_in(page))
    lan.post(f"{DELIVERIES}/bodies", expect=302, do="send", key=key_in(page))
    deliver()
    assert post.arrivals == {"vanthu@huyen.example.vn": 2}
    texts = [post.read(number).get_body(("plain",)).get_content() for number in (0, 1)]  # type: ignore[union-attr]
    links = [body_links.link_of(db.session.get_one(Body, body.id)) for body in bodies]
    assert [link in text for link, text in zip(links, texts, strict=True)] == [True, True]
    assert post.read(0)["Subject"].startswith("Đề nghị cử đại biểu")


def test_mails_of_another_conference_are_not_found(lan: Person, quantri: Person, issued: list[Invitation], post: Post) -> None:
    give_addresses(issued, "mau@x.example.vn")
    lan.post(f"{DELIVERIES}/mail", expect=302, do="send", key="0123456789abcdef")
    lan.post(f"{DELIVERIES}/handovers", expect=302, way="hand", invitation=[issued[1].id])
    quantri.post("/office/new", expect=302, title="Khác", short_title="Khác", organiser="UBND tỉnh")
    number = mail().id
    quantri.get(f"/office/khac/outbox/{number}", expect=404)
    for deed in ("cancellation", "try", "repetition", "arrival"):
        quantri.post(f"/office/khac/outbox/{number}/{deed}", expect=404, seen="queued")
    one = db.session.scalars(sa.select(Handover.id)).one()
    quantri.post(f"/office/khac/deliveries/handovers/{one}/taking-back", expect=404, why="x")
    quantri.post("/office/khac/deliveries/handovers", expect=302, way="hand", invitation=[issued[2].id])
    assert db.session.scalar(sa.select(sa.func.count(Handover.id))) == 1


def test_e_mail_that_was_never_set_up_is_told_where_it_matters_and_paper_comes_first(lan: Person, issued: list[Invitation]) -> None:
    for url in (DELIVERIES, OUTBOX, f"{HOME}/reminders"):
        assert "Thư điện tử đang tắt" in text_of(lan, url), url
    for url in (f"{HOME}/", f"{HOME}/agenda", f"{HOME}/delegates"):
        assert "Thư điện tử đang tắt" not in text_of(lan, url), url
    primary = re.findall(r'<button class="btn btn-primary"[^>]*formaction="([^"]*)"', text_of(lan, DELIVERIES))
    assert primary == [f"{DELIVERIES}/sheet.pdf"]


def test_day_without_an_hour_asks_for_the_hour_or_means_the_close_of_the_office(lan: Person, issued: list[Invitation]) -> None:
    page = lan.post(f"{DELIVERIES}/handovers", expect=422, way="post", at="22/12/2015", invitation=[issued[0].id]).get_data(as_text=True)
    assert "Ghi thêm giờ, ví dụ 15:30 22/12/2015." in page and 'value="22/12/2015"' in page
    group_id = db.session.get_one(Delegate, issued[0].delegate_id).group_id
    url, facts = f"{HOME}/groups/{group_id}", {"label": "Thành viên Ban", "role": "delegate", "address_form": "đồng chí"}
    lan.post(url, expect=302, **facts, reply_by="25/12/2026", freeze_at="")
    page = text_of(lan, url)
    assert 'value="17:00 25/12/2026"' in page and "Chỉ ghi ngày thì tính đến 17:00 ngày ấy." in page
    assert "Chỉ ghi ngày thì tính đến 17:00 ngày ấy." in text_of(lan, f"{HOME}/letterhead")
