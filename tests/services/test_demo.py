"""The rehearsal that `flask demo` makes: whole, the same each time, seen on the desk, never in the way of the real one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.checkin import Admission, Gate, Phone
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry
from eventmgr.services import awards, demo, desk, introductions, stage
from tests.people import Person

HOME = f"/office/{demo.SLUG}"


def rehearsal() -> Conference:
    return db.session.scalars(sa.select(Conference).where(Conference.slug == demo.SLUG)).one()


def test_command_makes_it_once_and_then_says_that_it_is_there(app: Flask) -> None:
    runner = app.test_cli_runner()
    first, second = runner.invoke(args=["demo"]), runner.invoke(args=["demo"])
    assert first.output == (
        f"Đã tạo hội nghị diễn tập {demo.SLUG}: 98 đại biểu (tên giả định), 93 giấy mời đã phát hành, 59 người đã vào, "
        "chương trình đang ở mục 4.(2).\n"
    )
    assert second.output == f"Hội nghị diễn tập {demo.SLUG} đã có từ trước; không thay đổi gì.\n"
    assert (first.exit_code, second.exit_code) == (0, 0)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Conference.id))) == 2


def test_desk_shows_its_figures(app: Flask, quantri: Person) -> None:
    demo.make_demo()
    made = desk.desk_of(rehearsal())
    total = made.total
    assert (total.invited, total.comes, total.substitutes, total.absent, total.silent, total.admitted) == (98, 68, 8, 5, 17, 59)
    assert [group.invited for group in made.groups] == [3, 3, 3, 3, 9, 20, 14, 20, 15, 8]
    assert (total.issued, total.delivered, total.opened, total.answered) == (93, 92, 76, 81)
    page = " ".join(re.sub(r"<[^>]+>", " ", quantri.get(f"{HOME}/").get_data(as_text=True)).split())
    for words in (
        "Diễn tập – Sơ kết giai đoạn I về bình đẳng giới", "10 nhóm, 98 đại biểu", "Giấy mời: còn 5 bản nháp",
        "93 giấy đã phát hành.", "8 mục, 13 phần được nói, 170 phút.", "Danh sách có 15 tập thể, cá nhân.", "2 cửa, 2 máy quét đã ghép.",
    ):
        assert words in page


def test_programme_is_under_way_and_everybody_has_been_read_out_who_was_there(app: Flask) -> None:
    demo.make_demo()
    state = stage.stage_state(rehearsal().id)
    assert state.now is not None and (state.now.number, state.now.minutes) == ("4.(2)", 10)
    assert 4 * 60 <= state.now.elapsed < 5 * 60
    assert state.next is not None and state.next.number == "4.(3)"
    assert state.late is not None and 0 <= state.late <= 20 * 60
    assert state.conference.date_is_assumed is True
    told = introductions.introduction_list(rehearsal().id, state.steps[0].ended_at)
    assert (len(told.people), len(told.late), len(told.unread)) == (59, 6, 6)
    assert sum(one.instead_of is not None for one in told.people) == 3


def test_people_are_invented_and_the_plans_own_conference_stays_as_it_was(app: Flask, conference: Conference) -> None:
    named = db.session.scalars(sa.select(Delegate).where(Delegate.key == "chu-tich-hdnd")).one()
    named.full_name = "Người Có Thật"
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.conference_id == conference.id))
    demo.make_demo()
    people = list(db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == rehearsal().id)))
    names = [one.full_name for one in people if one.full_name]
    invented = re.compile(r".*(Mẫu|Ví Dụ|Thí Dụ|Minh Họa|Thử|Giả Định|Tạm Tính|Tạm Thời|Diễn Tập)")
    assert [name for name in names if not invented.fullmatch(name)] == []
    assert len(names) == len(set(names)) == 90
    assert {one.phone[:4] for one in people if one.phone} == {"0000"} and len({one.seat for one in people if one.seat}) == 98
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.conference_id == conference.id)) == before
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id)).where(Invitation.conference_id == conference.id)) == 0


def test_letters_have_a_register_of_their_own_and_replies_of_every_kind(app: Flask) -> None:
    demo.make_demo()
    own = rehearsal()
    issued = db.session.execute(
        sa.select(Invitation.number, Invitation.number_symbol).where(Invitation.conference_id == own.id, Invitation.number.is_not(None)).order_by(Invitation.number)
    ).all()
    assert [tuple(row) for row in issued] == [(number, f"GM-VP.DT{own.id}") for number in range(1, 94)]
    replies = list(db.session.scalars(sa.select(Reply).where(Reply.conference_id == own.id)))
    kinds = Counter(
        (one.answer, "approved" if one.approved_at else "refused" if one.refused_at else "") for one in replies
    )
    assert kinds == {("comes", ""): 68, ("absent", ""): 5, ("substitute", "approved"): 5, ("substitute", ""): 3, ("substitute", "refused"): 1}


def test_both_gates_let_people_in_and_no_phone_can_be_used(app: Flask) -> None:
    demo.make_demo()
    rows = db.session.execute(
        sa.select(Gate.name, sa.func.count(Admission.id))
        .join(Admission, Admission.gate_id == Gate.id)
        .where(Gate.conference_id == rehearsal().id)
        .group_by(Gate.name)
        .order_by(Gate.name)
    ).all()
    assert [row[0] for row in rows] == ["Cửa bên", "Cửa chính"] and sum(row[1] for row in rows) == 59 and min(row[1] for row in rows) > 15
    assert set(db.session.scalars(sa.select(Phone.token_digest))) == {None}


def test_award_list_is_decided_and_not_announced(app: Flask) -> None:
    demo.make_demo()
    form = db.session.scalars(sa.select(AwardForm).where(AwardForm.conference_id == rehearsal().id, AwardForm.key == "W1")).one()
    assert awards.award_list(rehearsal().id, form.id).row.counts == "05 tập thể và 10 cá nhân"
    assert form.decision_number == "Diễn tập"
    assert awards.announcement(rehearsal().id).announced_at is None
    groups = db.session.scalars(
        sa.select(Group.key).join(Delegate, Delegate.group_id == Group.id).join(Honouree, Honouree.delegate_id == Delegate.id)
    )
    assert Counter(groups) == {"G09": 15}


def test_journal_runs_in_the_order_of_its_times_and_names_no_honouree_of_the_list(app: Flask) -> None:
    demo.make_demo()
    lines = db.session.scalars(sa.select(Entry).where(Entry.conference_id == rehearsal().id, Entry.verb.startswith("stage.") | Entry.verb.startswith("scan.")).order_by(Entry.id))
    times = [line.at for line in lines]
    assert times == sorted(times) and len(times) == 7 + 59 + 3
    assert clock.now() - times[-1] < timedelta(minutes=30)


def test_the_same_plan_gives_the_same_people(app: Flask) -> None:
    def people() -> list[tuple[str | None, str | None]]:
        rows = db.session.execute(sa.select(Delegate.full_name, Delegate.seat).where(Delegate.conference_id == rehearsal().id).order_by(Delegate.id))
        return [tuple(row) for row in rows]

    demo.make_demo()
    first = people()
    rehearsal().slug = "dien-tap-cu"
    db.session.commit()
    demo.make_demo()
    assert people() == first


def test_every_page_of_it_opens(app: Flask, quantri: Person, stranger: Person) -> None:
    demo.make_demo()
    for path in ("/", "/delegates", "/groups", "/invitations", "/agenda", "/awards", "/gates", "/settings", "/letterhead"):
        quantri.get(HOME + path)
    quantri.get(f"/stage/{demo.SLUG}/")
    for path in ("/", "/live", "/screen", "/press", "/programme.json"):
        stranger.get(f"/e/{demo.SLUG}{path}")
