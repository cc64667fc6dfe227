"""Letters by e-mail through real servers: read back, refused, put off, broken off, counted; nothing twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from eventmgr import clock
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.mailing import MailState
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.mails import Mail, MailChannel, MailLetter, MailTry
from eventmgr.services import mail_channel, mailings, outbox_work
from eventmgr.services.mailings import Choice, Words
from eventmgr.services.smtp import Connection
from tests.letters import issue_some
from tests.smtp import Post, mail_server

KEY = "0123456789abcdef"


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as running:
        mail_channel.use(running.server)
        yield running
        mail_channel.use(None)


@pytest.fixture
def issued(conference: Conference) -> list[Invitation]:
    """Return nine issued letters of delegates without any address."""
    return issue_some(conference)


def give_addresses(issued: list[Invitation], *addresses: str) -> None:
    """Give the first letters' delegates these addresses."""
    with transaction():
        for invitation, address in zip(issued, addresses, strict=False):
            db.session.get_one(Delegate, invitation.delegate_id).email = address


def queue(conference: Conference, key: str = KEY, **words: str) -> list[Mail]:
    mailings.send_letters(conference.id, Choice(), Words(**words), key, by=2)
    return mails()


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail).order_by(Mail.id).execution_options(populate_existing=True)))


def deliver(worker: str = "w1") -> int:
    """Work through what is due; return how many mails were taken."""
    postman = outbox_work.Postman(worker)
    taken = 0
    while postman.deliver_one():
        taken += 1
    postman.rest()
    return taken


def hurry() -> None:
    """Make everything that waits due now, and the channel ready."""
    with transaction():
        db.session.execute(sa.update(Mail).where(Mail.state == "queued").values(due_at=clock.now()))
        db.session.execute(sa.update(MailChannel).values(rest_until=None))


def test_mail_reads_back_with_letter_calendar_and_both_texts(issued: list[Invitation], conference: Conference, post: Post) -> None:
    give_addresses(issued, "mau@Kontum.example.vn")
    (mail,) = queue(conference, words="Đồng chí đến trước 15 phút.")
    assert deliver() == 1
    assert [one.state for one in mails()] == ["sent"] and mails()[0].words == "250 2.0.0 Da nhan"
    got = post.read()
    assert got["Subject"] == (
        "Giấy mời số 05/GM-VP: Dự Hội nghị sơ kết, đánh giá giai đoạn I (2011-2015) thực hiện Chiến lược quốc gia về bình đẳng giới"
    )
    assert (got["To"], got["From"].addresses[0].addr_spec) == ("mau@kontum.example.vn", "vanphong@kontum.example.vn")
    assert got["Message-ID"].startswith(f"<giay-moi.{mail.id}.") and got["Message-ID"].endswith("@kontum.example.vn>")
    plain, rich = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None and rich is not None
    text = plain.get_content()
    assert "Trần Thị Mẫu" in text and "Đồng chí đến trước 15 phút." in text and "http://127.0.0.1:8000/i/" in text
    assert "07 giờ 30, thứ Ba, ngày 29 tháng 12 năm 2015" in rich.get_content()
    letter, calendar = got.iter_attachments()
    assert letter.get_filename() == "Giấy mời số 05-GM-VP - Trần Thị Mẫu.pdf"
    assert letter.get_param("name") == "giay-moi-so-05-gm-vp-tran-thi-mau.pdf"
    page = " ".join(pypdf.PdfReader(io.BytesIO(letter.get_payload(decode=True))).pages[0].extract_text().split())
    assert "Số: 05/GM-VP" in page and "Trần Thị Mẫu" in page
    entry = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")[0]
    assert (str(entry["summary"]), entry["dtstart"].dt.isoformat()) == (conference.title, "2015-12-29T07:30:00+07:00")
    assert calendar.get_filename() == "Lịch hội nghị.ics"


def test_one_mailbox_gets_one_mail_with_all_its_letters(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    members = [i for i in issued if db.session.get_one(Delegate, i.delegate_id).body_id is not None]
    body = db.session.get_one(Body, db.session.get_one(Delegate, members[0].delegate_id).body_id)
    with transaction():
        db.session.get_one(Body, body.id).email = "vanthu@sonoivu.example.vn"
    ours = [i for i in members if db.session.get_one(Delegate, i.delegate_id).body_id == body.id]
    stranger = next(i for i in issued if i not in ours)
    give_addresses([stranger], "VanThu@sonoivu.example.vn")
    queue(conference)
    assert deliver() == 1
    assert post.arrivals == {"vanthu@sonoivu.example.vn": 1} or post.arrivals == {"VanThu@sonoivu.example.vn": 1}
    names = [one.get_filename() for one in post.read().iter_attachments()]
    assert len(names) == len(ours) + 2
    sent = set(db.session.scalars(sa.select(MailLetter.invitation_id).where(MailLetter.sent_at.is_not(None))))
    assert sent == {one.id for one in (*ours, stranger)}


def test_refused_mailboxes_are_refused_alone_with_the_servers_words(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn", "b@x.example.vn", "c@x.example.vn")
    post.at_rcpt["b@x.example.vn"] = ["550 5.1.1 Khong co hop thu nay"]
    queue(conference)
    deliver()
    assert [(one.mailbox, one.state) for one in mails()] == [
        ("a@x.example.vn", "sent"), ("b@x.example.vn", "refused"), ("c@x.example.vn", "sent"),
    ]
    assert mails()[1].words == "550 5.1.1 Khong co hop thu nay"
    assert post.arrivals == {"a@x.example.vn": 1, "c@x.example.vn": 1}
    closed = db.session.scalars(sa.select(MailLetter).where(MailLetter.closed_at.is_not(None))).one()
    assert (closed.invitation_id, closed.note) == (issued[1].id, "550 5.1.1 Khong co hop thu nay")


def test_mail_put_off_is_tried_again_later_and_arrives_once(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn")
    post.at_rcpt["a@x.example.vn"] = ["451 4.7.1 Thu lai sau", "250 ok"]
    post.at_data = ["452 4.3.1 Het cho"]
    queue(conference)
    assert deliver() == 1
    (mail,) = mails()
    assert (mail.state, mail.tries, mail.words) == ("queued", 1, "451 4.7.1 Thu lai sau")
    assert timedelta(0) < mail.due_at - clock.now() <= timedelta(minutes=1)
    del post.at_rcpt["a@x.example.vn"]
    hurry()
    deliver()
    assert (mails()[0].state, mails()[0].tries, mails()[0].words) == ("queued", 2, "452 4.3.1 Het cho")
    hurry()
    deliver()
    assert (mails()[0].state, post.arrivals) == ("sent", {"a@x.example.vn": 1})
    outcomes = list(db.session.scalars(sa.select(MailTry.outcome).order_by(MailTry.id)))
    assert outcomes == ["later", "later", "sent"]


def test_mail_that_no_server_takes_for_two_days_is_given_up(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn")
    post.at_rcpt["a@x.example.vn"] = ["450 4.2.1 Ban"]
    queue(conference)
    with transaction():
        db.session.execute(sa.update(Mail).values(created_at=clock.now() - timedelta(hours=48), tries=7))
    deliver()
    assert (mails()[0].state, mails()[0].words) == ("given_up", "450 4.2.1 Ban")


def test_server_that_dies_in_the_middle_of_the_data_gets_the_mail_again(
    issued: list[Invitation], conference: Conference
) -> None:
    give_addresses(issued, "a@x.example.vn", "b@x.example.vn")
    with mail_server(dies=1) as post:
        mail_channel.use(post.server)
        queue(conference)
        deliver()
        assert [(one.state, one.words) for one in mails()] == [
            ("queued", "Máy chủ thư ngắt kết nối giữa chừng."), ("queued", None),
        ]
        hurry()
        deliver()
        mail_channel.use(None)
    assert [one.state for one in mails()] == ["sent", "sent"]
    assert post.arrivals == {"a@x.example.vn": 1, "b@x.example.vn": 1}


def test_answer_lost_after_the_end_of_the_data_is_unclear_and_never_sent_again_by_itself(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn")
    post.at_data = ["take and hang up"]
    queue(conference)
    deliver()
    assert mails()[0].state == "unclear"
    hurry()
    assert deliver() == 0
    assert post.arrivals == {"a@x.example.vn": 1}
    with pytest.raises(Invalid, match="Không còn giấy nào"):
        mailings.send_letters(conference.id, Choice(), Words(), "anotherkey123456", by=2)


@pytest.mark.parametrize(("left_in", "becomes"), [("sending", "queued"), ("handing", "unclear")])
def test_worker_that_died_leaves_a_mail_that_waits_or_is_unclear(
    issued: list[Invitation], conference: Conference, post: Post, left_in: str, becomes: str
) -> None:
    give_addresses(issued, "a@x.example.vn")
    queue(conference)
    with transaction():
        late = clock.now() - timedelta(seconds=1)
        db.session.execute(sa.update(Mail).values(state=left_in, claimed_by="dead", claimed_until=late))
    assert outbox_work.settle_lost_claims() == 1
    assert mails()[0].state == becomes
    assert deliver() == (1 if becomes == "queued" else 0)


def test_slow_worker_whose_mail_was_taken_over_hangs_up_before_the_end(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn")
    queue(conference)

    class Slow(Connection):
        def hand_over(self, recipient, message, before_end):  # type: ignore[no-untyped-def]
            def later() -> bool:
                with transaction():
                    db.session.execute(sa.update(Mail).values(claimed_until=clock.now() - timedelta(seconds=1)))
                outbox_work.settle_lost_claims()
                assert deliver("quick") == 1
                return bool(before_end())

            return super().hand_over(recipient, message, later)

    slow = outbox_work.Postman("slow", connect=lambda: Slow(post.server))
    assert slow.deliver_one()
    slow.rest()
    assert (mails()[0].state, post.arrivals) == ("sent", {"a@x.example.vn": 1})


def test_two_presses_and_two_people_put_each_letter_into_one_mail(
    issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn", "b@x.example.vn")
    first = mailings.send_letters(conference.id, Choice(), Words(), KEY, by=2)
    again = mailings.send_letters(conference.id, Choice(), Words(), KEY, by=2)
    assert again.id == first.id
    with pytest.raises(Invalid, match="Không còn giấy nào"):
        mailings.send_letters(conference.id, Choice(which="all"), Words(), "anotherkey123456", by=2)
    deliver()
    assert post.arrivals == {"a@x.example.vn": 1, "b@x.example.vn": 1}


def test_hourly_limit_holds_the_rest_back(issued: list[Invitation], conference: Conference, post: Post) -> None:
    give_addresses(issued, *(f"a{number}@x.example.vn" for number in range(5)))
    queue(conference)
    mail_channel.use(type(post.server)(**{**vars(post.server), "per_hour": 3}))
    assert deliver() == 3
    assert [one.state for one in mails()] == ["sent"] * 3 + ["queued"] * 2
    with transaction():
        db.session.execute(sa.update(MailTry).values(at=clock.now() - timedelta(minutes=61)))
    assert deliver() == 2


def test_large_mail_becomes_numbered_parts(issued: list[Invitation], conference: Conference, post: Post) -> None:
    give_addresses(issued, *["a@x.example.vn"] * 5)
    queue(conference)
    mail_channel.use(type(post.server)(**{**vars(post.server), "max_bytes": 300_000}))
    deliver()
    assert {one.state for one in mails()} == {"sent"}
    parts = len(mails())
    assert parts > 1 and all(len(content) <= 300_000 for _, content in post.mails)
    subjects = [post.read(number)["Subject"].rpartition(" (")[2] for number in range(parts)]
    assert subjects == [f"thư {number}/{parts})" for number in range(1, parts + 1)]
    files = [one.get_filename() for number in range(parts) for one in post.read(number).iter_attachments()]
    assert sorted(name[:15] for name in files if name.endswith(".pdf")) == [f"Giấy mời số {n:02d}-" for n in range(5, 10)]
    assert int(db.session.scalar(sa.select(sa.func.count(MailLetter.id)).where(MailLetter.sent_at.is_not(None))) or 0) == 5


def test_letter_revoked_while_it_waits_is_not_sent(issued: list[Invitation], conference: Conference, post: Post) -> None:
    give_addresses(issued, "a@x.example.vn", "a@x.example.vn", "b@x.example.vn")
    queue(conference)
    with transaction():
        for one in (issued[0], issued[2]):
            db.session.execute(sa.update(Invitation).where(Invitation.id == one.id).values(revoked_at=clock.now()))
    deliver()
    assert [(one.mailbox, one.state, one.words) for one in mails()] == [
        ("a@x.example.vn", "sent", "250 2.0.0 Da nhan"), ("b@x.example.vn", "cancelled", "Giấy mời đã thu hồi."),
    ]
    assert [one.get_filename()[:15] for one in post.read().iter_attachments()] == ["Giấy mời số 06-", "Lịch hội nghị.i"]


def test_channel_that_is_gone_is_noticed_and_works_again(
    app: Flask, issued: list[Invitation], conference: Conference, post: Post
) -> None:
    give_addresses(issued, "a@x.example.vn")
    queue(conference)
    mail_channel.use(type(post.server)(**{**vars(post.server), "port": 1}))
    for _ in range(3):
        hurry()
        assert deliver() == 1
    state = mail_channel.state_of_channel()
    assert (state.failures, state.words, state.is_down) == (3, "Máy chủ thư từ chối kết nối.", True)
    assert deliver() == 0, "the channel rests"
    mail_channel.use(post.server)
    hurry()
    deliver()
    state = mail_channel.state_of_channel()
    assert (state.failures, state.is_down, mails()[0].state) == (0, False, MailState.SENT)


def test_without_a_server_nothing_is_queued(issued: list[Invitation], conference: Conference) -> None:
    give_addresses(issued, "a@x.example.vn")
    with pytest.raises(Conflict, match="Chưa cài đặt thư điện tử"):
        queue(conference)
    assert mails() == []
