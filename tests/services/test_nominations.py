"""Bodies name their people, the office accepts or returns: quota, deadlines, the same person twice, letters that are out."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import body_links, body_pages, incoming, nominations, replies
from tests import door
from tests.nominating import body, delegates, person, place_of, sent, shift

AT_ONCE = 50


def test_a_post_gets_its_name_when_the_office_accepts(conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    made = nominations.name_for_place(code, place.delegate.id, person("Nguyễn Thị Mẫu", "Chủ tịch UBND huyện", phone="0905 123 456"), place.mark)
    assert place_of(code).state == "waiting"
    accepted = incoming.accept(conference.id, made.id, 1, made.version, "Đã nhận, cảm ơn.")
    [delegate] = delegates(body_id)
    assert (delegate.full_name, delegate.posts, delegate.phone, delegate.first_post) == (
        "Nguyễn Thị Mẫu", ["Chủ tịch UBND huyện"], "0905 123 456", "Chủ tịch UBND huyện",
    )
    assert "nguyen thi mau" in delegate.search_key and delegate.precedence_key < "99999"
    assert accepted.result_id == delegate.id
    shown = place_of(code)
    assert (shown.state, shown.said.answer if shown.said else None) == ("comes", "Đã nhận, cảm ơn.")
    said = db.session.scalars(sa.select(Entry.sentence).where(Entry.subject_id == delegate.id, Entry.verb.like("nomination%"))).all()
    assert said == ["UBND huyện Đăk Hà cử Nguyễn Thị Mẫu (Lãnh đạo UBND huyện Đăk Hà).", "Nhận từ UBND huyện Đăk Hà: Nguyễn Thị Mẫu."]


def test_quota_counts_places_and_those_who_wait(conference: Conference) -> None:
    body_id, code = body(conference, quota=3)
    nominations.name_person(code, person("A Một"))
    nominations.name_person(code, person("A Hai"))
    with pytest.raises(Conflict, match="được mời 3 người và đã đủ"):
        nominations.name_person(code, person("A Ba"))
    assert body_pages.page_of(code).free == 0
    nominations.withdraw(code, sent(body_id)[0].id, 1)
    assert nominations.name_person(code, person("A Ba")).state == "waiting"


def test_without_a_quota_only_places_get_names(conference: Conference) -> None:
    _, code = body(conference, quota=None)
    with pytest.raises(Conflict, match="chưa ghi số người mời"):
        nominations.name_person(code, person("A Một"))
    place = place_of(code)
    assert nominations.name_for_place(code, place.delegate.id, person("A Một"), place.mark).state == "waiting"


@pytest.mark.parametrize("typed", ["Nguyễn Thị Hòa", "nguyễn thị hoà", "NGUYEN THI HOA", "Hòa Nguyễn Thị", "Đ/c Nguyễn Thị Hòa"])
def test_the_same_person_twice_is_told_however_it_is_typed(conference: Conference, typed: str) -> None:
    _, code = body(conference, quota=9)
    nominations.name_person(code, person("Nguyễn Thị Hòa"))
    with pytest.raises(Invalid, match="đang chờ Văn phòng xem"):
        nominations.name_person(code, person(typed, "Trưởng phòng"))
    assert nominations.name_person(code, person(typed, "Trưởng phòng", is_other=True)).state == "waiting"


def test_a_button_pressed_twice_sends_once(conference: Conference) -> None:
    body_id, code = body(conference, quota=9)
    first, second = (nominations.name_person(code, person("A Một")) for _ in range(2))
    place = place_of(code)
    third, fourth = (nominations.excuse(code, place.delegate.id, "Bận họp Tỉnh ủy", place.mark) for _ in range(2))
    fifth, sixth = (nominations.send_note(code, "Đoàn đi hai xe.") for _ in range(2))
    assert (first.id, third.id, fifth.id) == (second.id, fourth.id, sixth.id)
    assert len(sent(body_id)) == 3


def test_two_colleagues_do_not_write_over_each_other(conference: Conference) -> None:
    _, code = body(conference)
    place = place_of(code)
    nominations.name_for_place(code, place.delegate.id, person("A Một"), place.mark)
    with pytest.raises(Conflict, match="vừa đổi vị trí này"):
        nominations.name_for_place(code, place.delegate.id, person("A Hai"), place.mark)
    known = place_of(code).sent
    assert known is not None
    nominations.change_person(code, known.id, person("A Mốt"), known.version)
    with pytest.raises(Conflict, match="vừa sửa"):
        nominations.change_person(code, known.id, person("A Hai"), known.version - 1)


def test_after_the_deadline_it_is_late_and_after_the_freeze_it_is_refused(conference: Conference) -> None:
    body_id, code = body(conference)
    shift(conference, body_id, reply_by=-2, freeze_at=1)
    assert nominations.name_person(code, person("A Một")).is_late
    shift(conference, body_id, freeze_at=-1)
    place = place_of(code)
    for attempt in (
        lambda: nominations.name_person(code, person("A Hai")),
        lambda: nominations.name_for_place(code, place.delegate.id, person("A Hai"), place.mark),
        lambda: nominations.excuse(code, place.delegate.id, "Bận", place.mark),
        lambda: nominations.confirm(code, place.delegate.id, place.mark),
        lambda: nominations.bring_companion(code, person("A Tài", "Lái xe"), delegate_id=place.delegate.id),
        lambda: nominations.withdraw(code, sent(body_id)[0].id, 1),
    ):
        with pytest.raises(Conflict, match="Danh sách đã chốt"):
            attempt()
    assert nominations.send_note(code, "Xin đổi người gấp.").state == "waiting"
    waiting = sent(body_id)[0]
    assert incoming.accept(conference.id, waiting.id, 1, waiting.version).state == "accepted"  # the office always may


def test_an_excuse_counts_at_once_and_the_office_may_return_it(conference: Conference) -> None:
    _, code = body(conference)
    place = place_of(code)
    made = nominations.excuse(code, place.delegate.id, "Đi công tác Hà Nội", place.mark)
    reply = db.session.scalars(sa.select(Reply)).one()
    assert (reply.answer, reply.source, reply.reason, reply.invitation_id) == ("absent", "body", "Đi công tác Hà Nội", None)
    incoming.give_back(conference.id, made.id, 1, made.version, "Đề nghị đơn vị cử người khác.")
    shown = place_of(code)
    assert (shown.state, shown.reply, shown.said.answer if shown.said else "") == ("unnamed", None, "Đề nghị đơn vị cử người khác.")


def test_an_issued_letter_for_a_post_keeps_its_number_when_the_post_gets_its_name(conference: Conference) -> None:
    _, code = body(conference)
    place = place_of(code)
    letter_id = door.add_letter(conference.id, place.delegate.id)
    number = db.session.get_one(Invitation, letter_id).number
    made = nominations.name_for_place(code, place.delegate.id, person("A Mẫu", *place.delegate.posts), place_of(code).mark)
    incoming.accept(conference.id, made.id, 1, made.version)
    db.session.rollback()
    letter = db.session.scalars(sa.select(Invitation)).one()
    assert (letter.number, letter.revoked_at, db.session.get_one(Delegate, place.delegate.id).full_name) == (number, None, "A Mẫu")


def test_somebody_else_for_an_issued_letter_is_a_substitute_with_the_own_post(conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    with transaction():
        db.session.get_one(Delegate, place.delegate.id).full_name = "Trần Văn Chính"
    door.add_letter(conference.id, place.delegate.id)
    made = nominations.name_for_place(code, place.delegate.id, person("Lê Thị Thay", "Phó Chánh Văn phòng"), place_of(code).mark)
    assert place_of(code).state == "waiting"
    assert [reply.substitute_name for reply, _ in replies.waiting_substitutes(conference.id)] == ["Lê Thị Thay"]
    incoming.accept(conference.id, made.id, 1, made.version)
    shown = place_of(code)
    assert shown.reply is not None and shown.state == "substitute"
    assert (shown.delegate.full_name, shown.reply.substitute_name, shown.reply.substitute_post) == ("Trần Văn Chính", "Lê Thị Thay", "Phó Chánh Văn phòng")
    with pytest.raises(Invalid, match="đã có Lê Thị Thay"):
        nominations.name_person(code, person("Thay Lê Thị"))
    assert len(delegates(body_id)) == 1


def test_judging_the_substitute_judges_what_the_body_sent(conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    with transaction():
        db.session.get_one(Delegate, place.delegate.id).full_name = "Trần Văn Chính"
    door.add_letter(conference.id, place.delegate.id)
    nominations.name_for_place(code, place.delegate.id, person("Lê Thị Thay"), place_of(code).mark)
    reply_id = sent(body_id)[0].reply_id
    assert reply_id is not None
    replies.judge_substitute(conference.id, reply_id, False, 1)
    [one] = sent(body_id)
    assert (one.state, one.judged_by_id, incoming.waiting_count(conference.id)) == ("returned", 1, 0)


def test_before_the_letter_a_replacement_takes_the_place_and_both_names_stay_known(conference: Conference) -> None:
    _, code = body(conference)
    place = place_of(code)
    with transaction():
        one = db.session.get_one(Delegate, place.delegate.id)
        one.full_name, one.phone = "Trần Văn Chính", "0905 000 000"
    made = nominations.name_for_place(code, place.delegate.id, person("Lê Thị Thay", "Chuyên viên"), place_of(code).mark)
    incoming.accept(conference.id, made.id, 1, made.version)
    delegate = place_of(code).delegate
    assert (delegate.full_name, delegate.posts, delegate.phone) == ("Lê Thị Thay", ["Chuyên viên"], None)
    told = db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "nomination.accepted")).all()
    assert told == ["Nhận từ UBND huyện Đăk Hà: Lê Thị Thay thay Trần Văn Chính."]


def test_companions_take_no_place_and_stand_beside_their_delegate(conference: Conference) -> None:
    body_id, code = body(conference, quota=1)
    place = place_of(code)
    made = nominations.bring_companion(code, person("A Tài", "Lái xe"), delegate_id=place.delegate.id)
    incoming.accept(conference.id, made.id, 1, made.version)
    principal, companion = delegates(body_id)
    assert (companion.companion_of_id, companion.group_id, companion.posts) == (principal.id, principal.group_id, ["Lái xe"])
    page = body_pages.page_of(code)
    assert ([one.full_name for one in page.places[0].companions], len(page.places), page.free) == (["A Tài"], 1, 0)


def test_a_companion_of_somebody_who_waits_follows_that_person(conference: Conference) -> None:
    body_id, code = body(conference)
    parent = nominations.name_person(code, person("A Một"))
    child = nominations.bring_companion(code, person("A Tài", "Lái xe"), parent_id=parent.id)
    with pytest.raises(Conflict, match="Nhận A Một trước"):
        incoming.accept(conference.id, child.id, 1, child.version)
    incoming.accept(conference.id, parent.id, 1, parent.version)
    incoming.accept(conference.id, child.id, 1, child.version)
    _, principal, companion = delegates(body_id)
    assert (principal.full_name, companion.companion_of_id) == ("A Một", principal.id)


def test_returning_a_person_returns_who_was_to_come_along(conference: Conference) -> None:
    body_id, code = body(conference)
    parent = nominations.name_person(code, person("A Một"))
    nominations.bring_companion(code, person("A Tài", "Lái xe"), parent_id=parent.id)
    incoming.give_back(conference.id, parent.id, 1, parent.version, "Chưa đúng thành phần.")
    assert [(one.state, one.answer) for one in sent(body_id)] == [("returned", "Chưa đúng thành phần.")] * 2


def test_office_hears_of_namesakes_and_of_stale_judgements(conference: Conference) -> None:
    _, code = body(conference)
    door.add_delegate(conference.id, "Nguyễn Thị Mẫu", posts=["Giám đốc Sở Mẫu"])
    made = nominations.name_person(code, person("nguyen thi mau"))
    [came] = incoming.came_page(conference.id).rows
    assert came.doubts == ["Trong hội nghị đã có Nguyễn Thị Mẫu (Giám đốc Sở Mẫu)."]
    nominations.change_person(code, made.id, person("Nguyễn Thị Mậu"), 1)
    with pytest.raises(Conflict, match="vừa sửa"):
        incoming.accept(conference.id, made.id, 1, 1)
    incoming.accept(conference.id, made.id, 1, 2)
    with pytest.raises(Conflict, match="vừa được xử lý: đã nhận"):
        incoming.give_back(conference.id, made.id, 1, 3, "Muộn")


def test_nothing_of_another_body_or_conference_is_reached(conference: Conference) -> None:
    _, code = body(conference)
    other_id, other = body(conference, "UBND huyện Đăk Tô")
    own_id, theirs, mark = place_of(code).delegate.id, place_of(other).delegate.id, place_of(other).mark
    made_id = nominations.name_person(other, person("A Một")).id
    for attempt in (
        lambda: nominations.name_for_place(code, theirs, person("A Hai"), mark),
        lambda: nominations.excuse(code, theirs, "Bận", mark),
        lambda: nominations.bring_companion(code, person("A Tài", "Lái xe"), delegate_id=theirs),
        lambda: nominations.bring_companion(code, person("A Tài", "Lái xe"), parent_id=made_id),
        lambda: nominations.change_person(code, made_id, person("A Hai"), 1),
        lambda: nominations.withdraw(code, made_id, 1),
        lambda: incoming.accept(conference.id + 1, made_id, 1, 1),
        lambda: nominations.name_for_place("0" * 16, own_id, person("A Hai"), mark),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert [one.state for one in sent(other_id)] == ["waiting"]


def at_once(app: Flask, works: list) -> Counter[str]:  # type: ignore[type-arg]
    start = Barrier(len(works))

    def run(work) -> str:  # type: ignore[no-untyped-def]
        with app.app_context():
            start.wait(30)
            try:
                work()
                return "sent"
            except (Conflict, Invalid) as problem:
                return problem.sentence
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as threads:
        return Counter(future.result() for future in [threads.submit(run, work) for work in works])


def letters(number: int) -> str:
    return "".join("ABCDEFGHIK"[int(digit)] for digit in str(number))


def test_fifty_people_at_once_never_get_past_the_quota(app: Flask, conference: Conference) -> None:
    body_id, code = body(conference, quota=4)
    got = at_once(app, [lambda n=n: nominations.name_person(code, person(f"Người {letters(n)}")) for n in range(AT_ONCE)])
    assert got["sent"] == 3 and sum(got.values()) == AT_ONCE and len(got) == 2
    assert len(sent(body_id)) == 3


def test_one_person_sent_fifty_times_at_once_waits_once(app: Flask, conference: Conference) -> None:
    body_id, code = body(conference, quota=40)
    got = at_once(app, [lambda: nominations.name_person(code, person("A Một"))] * AT_ONCE)
    assert got == {"sent": AT_ONCE}
    assert len(sent(body_id)) == 1


def test_fifty_names_for_one_place_leave_one(app: Flask, conference: Conference) -> None:
    body_id, code = body(conference)
    place = place_of(code)
    got = at_once(
        app,
        [lambda n=n: nominations.name_for_place(code, place.delegate.id, person(f"Người {letters(n)}"), place.mark) for n in range(AT_ONCE)],
    )
    assert got == {"sent": 1, nominations.STALE: AT_ONCE - 1}
    assert [one.state for one in sent(body_id)] == ["waiting"]


def test_accepted_by_many_at_once_makes_one_delegate(app: Flask, conference: Conference) -> None:
    body_id, code = body(conference)
    made = nominations.name_person(code, person("A Một"))
    got = at_once(app, [lambda: incoming.accept(conference.id, made.id, 1, 1)] * 12)
    assert got["sent"] == 1
    assert [one.full_name for one in delegates(body_id)] == [None, "A Một"]


def test_revoked_link_sends_nothing(conference: Conference) -> None:
    body_id, code = body(conference)
    body_links.revoke_link(conference.id, body_id, 1)
    with pytest.raises(NotFound):
        nominations.name_person(code, person("A Một"))
