"""Reminders: only to those who are silent, each at most once in the chosen time, never to who has just answered."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.mails import Mail, MailLetter
from eventmgr.services import handovers, mail_channel, outbox_work, reminders
from eventmgr.services.mailings import Words
from eventmgr.services.replies import Answer, answer_by_office
from tests.letters import LAN, issue_some
from tests.people import SLUG, Person
from tests.smtp import Post, mail_server

PAGE = f"/office/{SLUG}/reminders"


@pytest.fixture
def issued(conference: Conference) -> list[Invitation]:
    """Return nine letters handed over, of delegates with mailboxes a0 to a5; two of them share one."""
    made = issue_some(conference)
    with transaction():
        for number, invitation in enumerate(made[:7]):
            db.session.get_one(Delegate, invitation.delegate_id).email = f"a{min(number, 5)}@x.example.vn"
    handovers.mark(conference.id, [one.id for one in made], handovers.Mark("hand", None, None), LAN)
    return made


@pytest.fixture
def post(issued: list[Invitation]) -> Iterator[Post]:
    with mail_server() as running:
        mail_channel.use(running.server)
        yield running
        mail_channel.use(None)


def answer(conference: Conference, invitation: Invitation) -> None:
    answer_by_office(conference.id, invitation.id, Answer("comes"), LAN)


def deliver() -> None:
    postman = outbox_work.Postman("w1")
    while postman.deliver_one():
        pass
    postman.rest()


def why_not(conference: Conference, interval: int = 3) -> dict[int, str | None]:
    return {one.invitation.number or 0: one.why_not for one in reminders.reminding(conference, None, interval).left_out}


def test_silent_people_get_one_mail_for_each_mailbox_and_the_page_says_who_not_and_why(
    lan: Person, conference: Conference, issued: list[Invitation], post: Post
) -> None:
    answer(conference, issued[0])
    page = lan.get(PAGE).get_data(as_text=True)
    assert "Gửi 5 thư" in page and "2 người không nhắc, kèm lý do" in page and "Không có địa chỉ thư; gọi điện." in page
    lan.post(PAGE, expect=302, do="send", key="0123456789abcdef", interval="3")
    deliver()
    assert post.arrivals == {f"a{number}@x.example.vn": 1 for number in range(1, 6)}
    shared = post.read([to for to, _ in post.mails].index("a5@x.example.vn"))
    body = shared.get_body(("plain",))
    assert body is not None and body.get_content().count("/i/") == 2
    assert shared["Subject"].startswith("Nhắc trả lời: ")
    assert [one.get_filename() for one in shared.iter_attachments()] == ["Lịch hội nghị.ics"]
    assert set(why_not(conference).values()) - {"Không có địa chỉ thư; gọi điện."} == {
        one for one in why_not(conference).values() if one and one.startswith("Đã nhắc lúc ")
    }
    lan.post(PAGE, expect=422, do="send", key="fedcba9876543210", interval="3")
    with transaction():
        db.session.execute(sa.update(MailLetter).values(sent_at=clock.now() - timedelta(days=2, hours=1)))
    assert len(reminders.reminding(conference, None, 2).boxes) == 5
    assert len(reminders.reminding(conference, None, 3).boxes) == 0


def test_who_answers_before_the_mail_leaves_is_not_reminded(
    conference: Conference, issued: list[Invitation], post: Post
) -> None:
    reminders.remind(conference, None, 3, Words(), "0123456789abcdef", LAN)
    answer(conference, issued[0])
    answer(conference, issued[5])
    deliver()
    assert post.arrivals == {f"a{number}@x.example.vn": 1 for number in range(1, 6)}
    db.session.rollback()
    dropped = db.session.scalars(sa.select(Mail).where(Mail.state == "cancelled")).one()
    assert (dropped.mailbox, dropped.words) == ("a0@x.example.vn", "Đã trả lời hoặc đã hết hạn trước khi thư được gửi.")
    shared = post.read([to for to, _ in post.mails].index("a5@x.example.vn")).get_body(("plain",))
    assert shared is not None and shared.get_content().count("/i/") == 1


def test_who_answers_while_the_mail_is_on_the_wire_is_not_reminded(
    conference: Conference, issued: list[Invitation], post: Post
) -> None:
    with transaction():
        for invitation in issued[1:]:
            db.session.get_one(Delegate, invitation.delegate_id).email = None
    reminders.remind(conference, None, 3, Words(), "0123456789abcdef", LAN)
    asked: list[str] = []
    engine, conference_id = db.engine, conference.id
    invitation_id, delegate_id = issued[0].id, issued[0].delegate_id

    def answers_now(recipient: str) -> None:
        if not asked:
            asked.append(recipient)
            with engine.begin() as connection:
                connection.execute(
                    sa.insert(Reply).values(
                        conference_id=conference_id, invitation_id=invitation_id, delegate_id=delegate_id,
                        answer="comes", source="invitee", at=clock.now(), is_late=False,
                    )
                )

    post.before_data = answers_now
    deliver()
    db.session.rollback()
    assert (asked, post.mails) == (["a0@x.example.vn"], [])
    assert db.session.scalars(sa.select(Mail.state)).one() == "cancelled"


def test_deadline_of_the_group_counts_before_that_of_the_conference(
    conference: Conference, issued: list[Invitation], post: Post
) -> None:
    first = db.session.get_one(Delegate, issued[0].delegate_id)
    with transaction():
        db.session.execute(sa.update(Conference).values(reply_by=clock.now() + timedelta(days=1)))
        db.session.execute(sa.update(Group).where(Group.id == first.group_id).values(reply_by=clock.now() - timedelta(hours=1)))
    conference = db.session.get_one(Conference, conference.id, populate_existing=True)
    late = {one.invitation.delegate.group_id for one in reminders.reminding(conference, None, 3).left_out if (one.why_not or "").startswith("Đã hết hạn")}
    assert late == {first.group_id}


def test_letter_that_did_not_go_out_is_not_reminded_of(conference: Conference, post: Post) -> None:
    with transaction():
        db.session.execute(sa.text("UPDATE handovers SET taken_back_at = marked_at, taken_back_why = 'x'"))
    assert reminders.reminding(conference, None, 3).boxes == []
    assert "Giấy mời chưa gửi." in set(why_not(conference).values())


def test_people_without_a_mailbox_stand_on_a_list_to_phone(lan: Person, issued: list[Invitation]) -> None:
    with transaction():
        one = db.session.get_one(Delegate, issued[8].delegate_id)
        one.full_name, one.phone = "Y Gọi", "0905 123 456"
    text = " ".join(pypdf.PdfReader(io.BytesIO(lan.get(f"{PAGE}/call-list.pdf").data)).pages[0].extract_text().split())
    assert "DANH SÁCH GỌI ĐIỆN" in text and "Y Gọi" in text and "0905 123 456" in text and "có 02 người" in text
    sheet = openpyxl.load_workbook(io.BytesIO(lan.get(f"{PAGE}/call-list.xlsx").data)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert (len(rows), rows[2][1], rows[2][4], rows[2][5]) == (3, "Y Gọi", "0905 123 456", "13/GM-VP")


def test_somebody_without_an_address_is_told_of_with_every_reason_once(conference: Conference, issued: list[Invitation]) -> None:
    assert why_not(conference)[13] == "Không có địa chỉ thư; gọi điện."
    with transaction():
        db.session.execute(sa.text("UPDATE handovers SET taken_back_at = marked_at, taken_back_why = 'x'"))
    assert why_not(conference)[13] == "Không có địa chỉ thư: giao giấy mời trên giấy."
    assert why_not(conference)[5] == "Giấy mời chưa gửi."
