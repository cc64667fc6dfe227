"""Numbers of letters: kept ahead, used once, given back or voided with a reason, all of it in one register."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.invitations import Invitation, Pass
from eventmgr.models.register import RegisterNumber
from eventmgr.services import invitations, issuing, register
from tests.people import SLUG, Person
from tests.web.test_letters import LETTERS, issue_all, name_delegate, settle_date

BOOK = f"{LETTERS}/register"
FACTS = {"dated_on": "22/12/2015", "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Mẫu"}


def keep(lan: Person, first: int, last: int, expect: int = 302, year: int = 2015, **more: str) -> str:
    data = {"keep-year": str(year), "keep-first": str(first), "keep-last": str(last)} | {f"keep-{k}": v for k, v in more.items()}
    return lan.post(f"{BOOK}/runs", expect=expect, **data).get_data(as_text=True)


def end(lan: Person, first: int, last: int, do: str, reason: str, expect: int = 302) -> str:
    data = {"end-year": "2015", "end-first": str(first), "end-last": str(last), "end-do": do, "end-reason": reason}
    return lan.post(f"{BOOK}/ends", expect=expect, **data).get_data(as_text=True)


def lines(lan: Person, query: str = "?year=2015") -> list[str]:
    """The lines of the register as somebody reads them."""
    page = lan.get(BOOK + query).get_data(as_text=True)
    body = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if row.strip()]


def ready(lan: Person, count: int = 3) -> list[int]:
    settle_date(lan)
    lan.post(f"{LETTERS}/drafts", expect=302)
    lan.post(f"{LETTERS}/approvals", expect=302, all="1")
    return list(db.session.scalars(sa.select(Invitation.id).order_by(Invitation.id).limit(count)))


def conference_id() -> int:
    return db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one()


def by_id(username: str = "lan") -> int:
    return db.session.execute(sa.text("SELECT id FROM accounts WHERE username = :name"), {"name": username}).scalar_one()


def test_kept_run_is_used_first_to_last_and_the_register_tells_all(lan: Person) -> None:
    ids = ready(lan)
    keep(lan, 41, 45, purpose="Giấy mời hội nghị sơ kết")
    assert "Đang giữ cho hội nghị này: từ 41 đến 45 của năm 2015." in lan.get(f"{LETTERS}/issue?all=1").get_data(as_text=True)
    lan.post(f"{LETTERS}/issue", expect=302, first_number="41", invitation=ids, **FACTS)
    lan.post(f"{LETTERS}/{ids[1]}/revocation", expect=302, reason="Nghỉ hưu")
    end(lan, 44, 44, "release", "Không cần nữa")
    end(lan, 45, 45, "void", "Viết hỏng")
    end(lan, 47, 47, "void", "Văn thư dùng cho giấy khác")
    told = lines(lan)
    assert told[0].startswith("1–40 Không giấy nào ở đây mang các số này. ")
    assert [line.split()[0] for line in told] == ["1–40", "41", "42", "43", "44", "45", "46", "47"]
    assert "Lê Mẫu Đã phát hành" in told[1] and "Lan" in told[1]
    assert "Đã thu hồi" in told[2] and "Nghỉ hưu" in told[2]
    assert told[4].startswith("44 Không cần nữa Trả lại, còn trống")
    assert told[5].startswith("45 Viết hỏng Đã hủy")
    assert told[6].startswith("46 Không giấy nào ở đây mang số này.")
    assert told[7].startswith("47 Văn thư dùng cho giấy khác Đã hủy")


def test_number_that_was_given_back_is_free_and_a_voided_one_never(lan: Person) -> None:
    ids = ready(lan)
    keep(lan, 10, 11)
    end(lan, 10, 10, "release", "Thừa")
    end(lan, 11, 11, "void", "Viết hỏng")
    page = lan.post(f"{LETTERS}/issue", expect=409, first_number="10", invitation=ids[:2], **FACTS).get_data(as_text=True)
    assert "Số 11/GM-VP của năm 2015 đã hủy (Viết hỏng)." in page
    lan.post(f"{LETTERS}/issue", expect=302, first_number="10", invitation=ids[:1], **FACTS)
    row = db.session.scalars(sa.select(RegisterNumber).where(RegisterNumber.number == 10)).one()
    assert (row.invitation_id, row.released_at, row.reason) == (ids[0], None, None)


def test_each_refusal_of_the_register_is_a_sentence_and_changes_nothing(lan: Person) -> None:
    ready(lan)
    keep(lan, 5, 9)
    assert "Năm 2015" not in keep(lan, 20, 10, expect=422)
    assert "Số cuối từ số đầu trở lên" in keep(lan, 20, 10, expect=422)
    assert "Mỗi lần nhiều nhất 2.000 số." in keep(lan, 1, 5000, expect=422)
    assert "đang giữ" in keep(lan, 9, 12, expect=409)
    assert "Cần điền mục này." in end(lan, 5, 9, "release", "", expect=422)
    assert "Hội nghị này không giữ số nào trong khoảng ấy." in end(lan, 50, 60, "release", "Thừa", expect=409)
    assert [line.split()[0] for line in lines(lan)] == ["1–4", "05", "06", "07", "08", "09"]


def test_used_number_cannot_be_voided(lan: Person) -> None:
    ids = ready(lan)
    lan.post(f"{LETTERS}/issue", expect=302, first_number="7", invitation=ids[:1], **FACTS)
    page = end(lan, 6, 8, "void", "Hỏng", expect=409)
    assert "đã dùng số 07/GM-VP" in page
    assert [line.split()[0] for line in lines(lan)] == ["1–6", "07"]


def test_numbers_kept_for_another_conference_are_not_to_be_had_and_its_people_stay_unseen(
    lan: Person, quantri: Person
) -> None:
    ids = ready(lan)
    keep(lan, 30, 31)
    lan.post(f"{LETTERS}/issue", expect=302, first_number="30", invitation=ids[:1], **FACTS)
    name = db.session.get_one(Invitation, ids[0]).sheet["addressee"]  # type: ignore[index]
    quantri.post("/office/new", expect=302, title="Hội nghị khác", short_title="Hội nghị khác", organiser="UBND tỉnh")
    there = "/office/hoi-nghi-khac/invitations/register"
    page = quantri.get(f"{there}?year=2015").get_data(as_text=True)
    assert "Hội nghị khác" in page and name not in page
    data = {"keep-year": "2015", "keep-first": "31", "keep-last": "33"}
    answer = quantri.post(f"{there}/runs", expect=409, **data).get_data(as_text=True)
    assert "Số 31/GM-VP của năm 2015 đang giữ" in answer


def test_register_asks_the_database_as_often_for_a_long_page_as_for_a_short_one(lan: Person) -> None:
    settle_date(lan)

    def queries() -> int:
        counted: list[str] = []

        def count(*args: object) -> None:
            counted.append(str(args[2]))

        sa.event.listen(db.engine, "before_cursor_execute", count)
        lan.get(f"{BOOK}?year=2015")
        sa.event.remove(db.engine, "before_cursor_execute", count)
        return len(counted)

    keep(lan, 1, 2)
    few = queries()
    issue_all(lan, first=3)
    keep(lan, 60, 80)
    assert queries() == few


def at_once(app: Flask, *acts: Callable[[], object]) -> list[str]:
    """Do everything in the same moment, each in a thread of its own; return what came out of each, sorted."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait(30)
            try:
                act()
                outcomes.append("done")
            except (Conflict, Invalid) as refusal:
                assert refusal.sentence.endswith(".")
                outcomes.append(type(refusal).__name__)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()  # what is read next is what they stored
    return sorted(outcomes)


def clerk_facts(first: int) -> issuing.IssueFacts:
    return issuing.IssueFacts(first, date(2015, 12, 22), ("CHÁNH VĂN PHÒNG",), "Lê Mẫu")


def test_two_clerks_keep_overlapping_runs_and_one_of_them_has_it(app: Flask, lan: Person) -> None:
    ready(lan)
    by, number = by_id(), conference_id()

    def clerk(first: int) -> Callable[[], object]:
        return lambda: register.reserve(db.session.get_one(Conference, number), 2015, first, first + 20, None, by)

    assert at_once(app, clerk(41), clerk(50), clerk(55)) == ["Conflict", "Conflict", "done"]
    assert db.session.scalar(sa.select(sa.func.count(RegisterNumber.id))) == 21


@pytest.mark.parametrize("first", [100, 101])
def test_two_clerks_issue_the_same_numbers_and_one_is_told(app: Flask, lan: Person, first: int) -> None:
    """The same run, or runs that overlap; different letters."""
    ids, by, number = ready(lan, 6), by_id(), conference_id()
    outcome = at_once(
        app,
        lambda: issuing.issue(number, ids[:3], clerk_facts(100), by),
        lambda: issuing.issue(number, ids[3:], clerk_facts(first), by),
    )
    assert outcome == ["Conflict", "done"]
    issued = db.session.scalars(sa.select(Invitation.number).where(Invitation.number.is_not(None))).all()
    assert len(issued) == len(set(issued)) == 3
    assert db.session.scalar(sa.select(sa.func.count(RegisterNumber.id))) == 3
    assert db.session.scalar(sa.select(sa.func.count(Pass.id))) == 3


def test_two_clerks_issue_the_same_letters_and_one_is_told(app: Flask, lan: Person) -> None:
    ids, by, number = ready(lan, 3), by_id(), conference_id()
    outcome = at_once(
        app,
        lambda: issuing.issue(number, ids, clerk_facts(100), by),
        lambda: issuing.issue(number, ids, clerk_facts(200), by),
    )
    assert outcome in (["Conflict", "done"], ["Invalid", "done"])
    assert db.session.scalar(sa.select(sa.func.count(RegisterNumber.id))) == 3
    assert db.session.scalar(sa.select(sa.func.count(Pass.id))) == 3


def test_one_keeps_and_one_issues_the_same_number(app: Flask, lan: Person) -> None:
    """Whoever comes second: a kept number of the same conference may be issued, an issued one is not kept any more."""
    ids, by, number = ready(lan, 1), by_id(), conference_id()
    outcome = at_once(
        app,
        lambda: issuing.issue(number, ids, clerk_facts(70), by),
        lambda: register.reserve(db.session.get_one(Conference, number), 2015, 70, 71, None, by),
    )
    assert outcome in (["Conflict", "done"], ["done", "done"])
    rows = db.session.scalars(sa.select(RegisterNumber.number).where(RegisterNumber.number == 70)).all()
    assert rows == [70]


def test_two_clerks_replace_one_letter_and_one_is_told(app: Flask, lan: Person) -> None:
    settle_date(lan)
    name_delegate()
    letter, by, number = issue_all(lan)[0].id, by_id(), conference_id()
    again = issuing.Again("Sai ngày")
    outcome = at_once(
        app,
        lambda: issuing.reissue(number, letter, clerk_facts(90), again, by),
        lambda: issuing.reissue(number, letter, clerk_facts(91), again, by),
    )
    assert outcome == ["Conflict", "done"]
    delegate = db.session.get_one(Invitation, letter).delegate_id
    alive = sa.select(sa.func.count(Invitation.id)).where(Invitation.delegate_id == delegate, Invitation.revoked_at.is_(None))
    assert db.session.scalar(alive) == 1
    assert invitations.get_letter(number, letter).invitation.revoked_reason == "Sai ngày"
