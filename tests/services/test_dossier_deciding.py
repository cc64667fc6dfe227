"""From checked dossiers through the council to a decision: order, lock, back again, two people at once, cancelled later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.errors import Conflict, Invalid, Mistake, NotFound
from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.dossiers import Dossier, DossierFact
from eventmgr.models.journal import Entry
from eventmgr.services import awards, council, dossier_desk, honourees
from eventmgr.services.awards import DecisionFacts
from tests.awards import DECISION, account_id, form_of, names
from tests.dossiers import OTHER_BODY, body, collective, entries, fresh, individual, submitted


def checked(conference: Conference, body_name: str, *facts: Any, number: str = "45/TTr") -> Dossier:
    made = submitted(body(conference, body_name), *facts, number=number)
    dossier_desk.check(conference.id, made.id, made.version, account_id("khanh"))
    return fresh(made.id)


def agree(conference: Conference, *dossiers: Dossier) -> list[int]:
    ids = [one.id for made in dossiers for one in entries(made.id)]
    council.judge(conference.id, ids, "agree", None, account_id("khanh"))
    return ids


def listed() -> list[tuple[str, str, int]]:
    rows = db.session.execute(sa.select(Honouree.kind, Honouree.printed_name, Honouree.position).order_by(Honouree.kind, Honouree.position))
    return [(kind, name, position) for kind, name, position in rows]


def test_agreed_names_join_the_list_in_the_order_of_the_annex_and_it_is_locked(conference: Conference) -> None:
    later = checked(conference, OTHER_BODY, individual("Y Sa Thầy"), collective("Phòng Sa Thầy", leader_name="Lê Mẫu", leader_post="Trưởng phòng"))
    first = checked(conference, "UBND huyện Đăk Hà", individual("Y Hà Một"), individual("Y Hà Hai"), collective("Phòng Đăk Hà"))
    agree(conference, later, first)
    honourees.add_lines(conference.id, form_of().id, "individual", "Bà Gõ Tay; Giáo viên", account_id())
    awards.decide(conference.id, form_of().id, DECISION, account_id(), seen=6)
    assert listed() == [
        ("collective", "Phòng Đăk Hà", 1), ("collective", "Phòng Sa Thầy", 2),
        ("individual", "Bà Gõ Tay", 1), ("individual", "Y Hà Một", 2), ("individual", "Y Hà Hai", 3), ("individual", "Y Sa Thầy", 4),
    ]  # fmt: skip
    made = db.session.scalars(sa.select(Honouree).where(Honouree.printed_name == "Phòng Sa Thầy")).one()
    assert (made.body_id, made.leader_name, made.leader_post) == (later.body_id, "Lê Mẫu", "Trưởng phòng")
    assert {one.state for one in entries(first.id)} == {"decided"}
    for act in (
        lambda: honourees.add(conference.id, form_of().id, honourees.HonoureeFacts("collective", "Muộn"), 1),
        lambda: honourees.remove(conference.id, form_of().id, made.id, 1),
        lambda: council.judge(conference.id, [entries(first.id)[0].id], "back", None, 1),
        lambda: awards.decide(conference.id, form_of().id, DECISION, 1),
    ):
        with pytest.raises(Conflict, match="1234/QĐ-UBND"):
            act()


def test_a_decision_taken_back_and_made_again_puts_nobody_there_twice(conference: Conference) -> None:
    made = checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"))
    agree(conference, made)
    form_id = form_of().id
    awards.decide(conference.id, form_id, DECISION, 1)
    awards.take_back_decision(conference.id, form_id, "Sai số", 1)
    assert {one.state for one in entries(made.id)} == {"agreed"}
    gone = db.session.scalars(sa.select(Honouree).where(Honouree.printed_name == "Y Hai")).one()
    honourees.remove(conference.id, form_id, gone.id, 1)
    awards.decide(conference.id, form_id, DecisionFacts("1300/QĐ-UBND", date(2015, 12, 28), "Chủ tịch"), 1)
    assert names(form_id) == ["Y Một"]
    assert [(one.printed_name, one.state) for one in entries(made.id)] == [("Y Một", "decided"), ("Y Hai", "proposed")]


def test_a_list_that_changed_since_it_was_seen_is_not_decided(conference: Conference) -> None:
    made = checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"))
    agree(conference, made)
    council.judge(conference.id, [entries(made.id)[0].id], "refuse", "Thành tích chưa rõ", 1)
    with pytest.raises(Conflict, match="vừa có người thay đổi"):
        awards.decide(conference.id, form_of().id, DECISION, 1, seen=2)
    assert (listed(), form_of().decision_number) == ([], None)


def test_refused_needs_a_reason_and_stays_off_the_list(conference: Conference) -> None:
    made = checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"))
    first, second = (one.id for one in entries(made.id))
    with pytest.raises(Invalid):
        council.judge(conference.id, [first], "refuse", " ", 1)
    assert council.judge(conference.id, [first], "refuse", "Chưa đủ tiêu chuẩn", 1) == 1
    assert council.judge(conference.id, [second], "agree", None, 1) == 1
    assert council.judge(conference.id, [second], "agree", None, 1) == 0, "once more changes nothing"
    with pytest.raises(NotFound):
        council.judge(conference.id, [first, 99_999], "agree", None, 1)
    awards.decide(conference.id, form_of().id, DECISION, 1)
    assert names(form_of().id) == ["Y Hai"]
    assert [(fact.verb, fact.account_id, fact.words) for fact in db.session.scalars(sa.select(DossierFact).where(DossierFact.entry_id == first))] == [
        ("refused", 1, "Chưa đủ tiêu chuẩn")
    ]


def test_what_was_returned_or_not_checked_is_not_before_the_council(conference: Conference) -> None:
    made = submitted(body(conference), individual("Y Một"))
    (one,) = entries(made.id)
    with pytest.raises(Conflict):
        council.judge(conference.id, [one.id], "agree", None, 1)
    with pytest.raises(Invalid):
        dossier_desk.give_back(conference.id, made.id, " ", made.version, 1)
    dossier_desk.give_back(conference.id, made.id, "Thiếu biên bản họp xét.", made.version, 1)
    with pytest.raises(Conflict, match="trả lại"):
        dossier_desk.check(conference.id, made.id, fresh(made.id).version, 1)
    assert council.council(conference.id) == []
    again = checked(conference, OTHER_BODY, individual("Y Hai"))
    council.judge(conference.id, [entries(again.id)[0].id], "agree", None, 1)
    with pytest.raises(Conflict, match="đã thống nhất"):
        dossier_desk.give_back(conference.id, again.id, "x", again.version, 1)


def test_cancelled_later_with_a_reason_is_called_nowhere(conference: Conference) -> None:
    made = checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"))
    agree(conference, made)
    form_id = form_of().id
    awards.decide(conference.id, form_id, DECISION, 1)
    one = db.session.scalars(sa.select(Honouree).where(Honouree.printed_name == "Y Một")).one()
    with pytest.raises(Invalid):
        honourees.cancel(conference.id, form_id, one.id, "", 1)
    honourees.cancel(conference.id, form_id, one.id, "Khai gian thành tích", 1)
    found = awards.award_list(conference.id, form_id)
    assert ([each.printed_name for each in found.individuals], [each.printed_name for each in found.cancelled]) == (["Y Hai"], ["Y Một"])
    assert (found.row.total, entries(made.id)[0].state) == (1, "cancelled")
    lines = db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "awards.honouree_cancelled")).all()
    assert lines == ["Hủy khen thưởng một tên trong danh sách."]
    honourees.stand_again(conference.id, form_id, one.id, 1)
    assert (awards.award_list(conference.id, form_id).row.total, entries(made.id)[0].state) == (2, "decided")


def test_what_should_be_looked_at_is_said(conference: Conference) -> None:
    checked(conference, "UBND huyện Đăk Hà", individual("Nguyễn Thị Mẫu", achievement="Làm tốt"), collective("Phòng A"))
    made = checked(
        conference, OTHER_BODY, individual("Bà NGUYỄN THỊ MẪU", "Giáo viên"),
        individual("Lê Hai Hình", achievement="Một"), individual("Lê Hai Hình", "Trưởng thôn", achievement="Một", form_id=form_of("W2").id),
    )  # fmt: skip
    found = dossier_desk.opened(conference.id, made.id)
    said = {one.printed_name: found.doubts.get(one.id, []) for one in found.entries}
    assert said["Bà NGUYỄN THỊ MẪU"] == ["Trùng tên trong cùng hình thức: UBND huyện Đăk Hà."]
    assert said["Lê Hai Hình"] == ["Đề nghị hai hình thức cho một thành tích."]
    assert found.warnings[1:] == ["Thiếu Tờ trình, Báo cáo thành tích, Biên bản họp xét.", "3 tên cần xem lại."]


def at_once(app: Flask, works: list[Callable[[], Any]]) -> Counter[str]:
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        with app.app_context():
            barrier.wait(30)
            try:
                work()
                return "done"
            except Mistake as problem:
                return problem.sentence
            finally:
                db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(works)) as threads:
        return Counter(future.result() for future in [threads.submit(run, work) for work in works])


def test_two_who_decide_at_once_one_wins_and_the_other_is_told(app: Flask, conference: Conference) -> None:
    agree(conference, checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"), collective("Phòng A")))
    form_id, number, conference_id = form_of().id, DECISION.number, conference.id
    got = at_once(app, [lambda: awards.decide(conference_id, form_id, DECISION, 1)] * 8)
    told = f"Danh sách đã khóa theo Quyết định số {number}. Gỡ Quyết định (có lý do) rồi mới sửa được."
    assert got == {"done": 1, told: 7}
    assert len(listed()) == 3


def test_a_refusal_and_a_decision_at_once_leave_the_list_as_one_of_them_saw_it(app: Flask, conference: Conference) -> None:
    made = checked(conference, "UBND huyện Đăk Hà", individual("Y Một"), individual("Y Hai"))
    ids = agree(conference, made)
    form_id, conference_id = form_of().id, conference.id
    at_once(app, [
        lambda: awards.decide(conference_id, form_id, DECISION, 1),
        lambda: council.judge(conference_id, ids[:1], "refuse", "Chưa rõ", 1),
    ])  # fmt: skip
    states = {one.printed_name: one.state for one in entries(made.id)}
    assert (states["Y Một"], names(form_id)) in [("decided", ["Y Một", "Y Hai"]), ("refused", ["Y Hai"])]
