"""What is ready for a conference, what is under way and what is missing, each with the page that mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from eventmgr.domain.dates import short_date
from eventmgr.models.accounts import Membership
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.checkin import Gate, Phone
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.models.invitations import Invitation
from eventmgr.models.nominations import Nomination
from eventmgr.services.desk_figures import Figures


class Level(StrEnum):
    """How far one thing is."""

    MISSING = "missing"
    DOING = "doing"
    DONE = "done"


@dataclass(frozen=True)
class Check:
    """One line of "Sẵn sàng đến đâu"; `endpoint` names the page that mends it."""

    level: Level
    title: str
    note: str
    endpoint: str
    verb: str = "Mở"


def checks(conference: Conference, groups: list[Figures]) -> Iterable[Check]:
    """Yield what is ready, under way or missing, in the order of the work; `groups` are the figures of all groups."""
    letters, outside = _letters(conference.id), sum(group.issued - group.delivered for group in groups)
    yield _date_check(conference)
    yield _delegate_check(conference.id, groups)
    yield _signer_check(conference, letters)
    yield _letter_check(groups, letters)
    if letters["issued"]:
        yield _delivery_check(letters["issued"], outside)
        yield _reply_check(groups)
    yield from _incoming_check(conference.id)
    yield from _programme_checks(conference.id)
    yield _award_check(conference.id)
    yield _door_check(conference.id)
    yield _staff_check(conference.id)


def _date_check(conference: Conference) -> Check:
    if conference.held_on is None or conference.starts_at is None:
        said = f" Kế hoạch chỉ ghi “{conference.date_text}”." if conference.date_text else ""
        what = "ngày và giờ họp" if conference.held_on is None else "giờ họp"
        return Check(Level.MISSING, f"Chốt {what}", f"Giấy mời cần ngày và giờ cụ thể.{said}", "desk.settings", "Nhập")
    if conference.date_is_assumed:
        return Check(Level.DOING, "Ngày họp còn là giả định", "Bỏ dấu giả định khi đã chốt.", "desk.settings", "Xem")
    note = f"{short_date(conference.held_on)}, {conference.venue or 'chưa có địa điểm'}."
    return Check(Level.DONE, "Ngày giờ, địa điểm", note, "desk.settings", "Xem")


def _delegate_check(conference_id: int, groups: list[Figures]) -> Check:
    unnamed = int(
        db.session.scalar(
            sa.select(sa.func.count(Delegate.id)).where(
                Delegate.conference_id == conference_id, Delegate.removed_at.is_(None), Delegate.full_name.is_(None)
            )
        )
        or 0
    )
    invited = sum(group.invited for group in groups)
    empty = [group.label for group in groups if group.invited == 0]
    if not invited:
        return Check(Level.MISSING, "Lập danh sách khách mời", "Chưa có đại biểu nào.", "delegates.index", "Thêm")
    note = f"{len(groups)} nhóm, {invited} đại biểu; {unnamed} vị trí mời theo chức vụ, chưa có tên."
    if empty:
        return Check(Level.DOING, f"Khách mời: {len(empty)} nhóm chưa có ai", f"{note} Còn trống: {'; '.join(empty)}.", "delegates.index")
    return Check(Level.DONE, "Khách mời", note, "delegates.index", "Xem")


def _signer_check(conference: Conference, letters: dict[str, int]) -> Check:
    if letters["issued"] and letters["issued"] == letters["all"]:
        return Check(Level.DONE, "Mẫu giấy mời", "Người ký đã ghi khi phát hành.", "letterhead.page", "Xem")
    if not conference.signer_lines or not conference.signer_name:
        return Check(
            Level.MISSING, "Điền người ký giấy mời", "Cần quyền hạn, chức vụ và họ tên người ký.", "letterhead.page", "Điền"
        )
    return Check(Level.DONE, "Mẫu giấy mời", f"Người ký: {conference.signer_name}.", "letterhead.page", "Xem")


def _letter_check(groups: list[Figures], letters: dict[str, int]) -> Check:
    invited = sum(group.invited for group in groups)
    drafts = letters["all"] - letters["issued"]
    without = max(0, invited - letters["all"])
    if not letters["all"]:
        return Check(Level.MISSING, "Soạn giấy mời", "Chưa có giấy mời nào được soạn.", "invitations.index", "Soạn")
    if drafts or without:
        parts = [f"{drafts} bản nháp" if drafts else "", f"{without} đại biểu chưa có giấy" if without else ""]
        return Check(
            Level.DOING, f"Giấy mời: còn {', '.join(part for part in parts if part)}",
            f"{letters['issued']} giấy đã phát hành.", "invitations.index",
        )
    return Check(Level.DONE, "Giấy mời", f"{letters['issued']} giấy đã phát hành.", "invitations.index", "Xem")


def _delivery_check(issued: int, left: int) -> Check:
    if left:
        return Check(
            Level.DOING, f"Gửi giấy mời: còn {left} giấy", f"{issued - left} giấy đã gửi hoặc đã mở xem.", "deliveries.index", "Gửi"
        )
    return Check(Level.DONE, "Gửi giấy mời", f"Cả {issued} giấy đã gửi.", "deliveries.index", "Xem")


def _reply_check(groups: list[Figures]) -> Check:
    silent = sum(group.silent for group in groups)
    answered = sum(group.invited for group in groups) - silent
    level = Level.DOING if silent else Level.DONE
    return Check(level, f"Trả lời dự họp: {answered} đại biểu", f"{silent} đại biểu chưa trả lời.", "delegates.index", "Xem")


def _incoming_check(conference_id: int) -> Iterable[Check]:
    waiting = sa.select(sa.func.count(Nomination.id)).where(Nomination.conference_id == conference_id, Nomination.state == "waiting")
    if count := db.session.scalar(waiting):
        yield Check(Level.DOING, f"Đơn vị gửi đến: {count} nội dung chờ xem", "Tên người dự, báo vắng, lời nhắn của các đơn vị.", "incoming.index", "Xem")


def _programme_checks(conference_id: int) -> Iterable[Check]:
    items = list(db.session.scalars(sa.select(Item).where(Item.conference_id == conference_id)))
    headings = {item.parent_id for item in items if item.parent_id}
    spoken = [item for item in items if item.id not in headings]
    rows = sum(item.parent_id is None for item in items)
    if not items:
        yield Check(Level.MISSING, "Lập chương trình", "Chưa có mục nào.", "agenda.index", "Lập")
        return
    without_time = sum(item.minutes is None for item in spoken)
    note = f"{rows} mục, {len(spoken)} phần được nói"
    if without_time:
        yield Check(Level.DOING, f"Chương trình: {without_time} phần chưa có số phút", f"{note}.", "agenda.index")
    else:
        yield Check(Level.DONE, "Chương trình", f"{note}, {sum(item.minutes or 0 for item in spoken)} phút.", "agenda.index", "Xem")
    personal = {item.parent_id or item.id for item in spoken if item.presenter_kind == "person_of_body"}
    named = sum(item.delegate_id is not None for item in spoken if item.presenter_kind == "person_of_body")
    needed = sum(item.presenter_kind == "person_of_body" for item in spoken)
    if personal and named < needed:
        yield Check(
            Level.DOING, f"Người trình bày: còn {needed - named} phần chưa rõ tên", "Lời dẫn đang gọi theo chức vụ.", "agenda.index"
        )


def _award_check(conference_id: int) -> Check:
    people = int(db.session.scalar(sa.select(sa.func.count(Honouree.id)).where(Honouree.conference_id == conference_id)) or 0)
    decided = int(
        db.session.scalar(
            sa.select(sa.func.count(AwardForm.id)).where(
                AwardForm.conference_id == conference_id, AwardForm.decision_number.is_not(None)
            )
        )
        or 0
    )
    if not people:
        return Check(Level.MISSING, "Danh sách khen thưởng", "Chưa có tập thể, cá nhân nào.", "awards.index", "Nhập")
    if not decided:
        return Check(Level.DOING, "Quyết định khen thưởng", f"Danh sách có {people}; chờ số của Quyết định.", "awards.index")
    return Check(Level.DONE, "Khen thưởng", f"Danh sách có {people} tập thể, cá nhân.", "awards.index", "Xem")


def _door_check(conference_id: int) -> Check:
    gates = int(
        db.session.scalar(
            sa.select(sa.func.count(Gate.id)).where(Gate.conference_id == conference_id, Gate.archived_at.is_(None))
        )
        or 0
    )
    phones = int(
        db.session.scalar(
            sa.select(sa.func.count(Phone.id)).where(
                Phone.conference_id == conference_id, Phone.paired_at.is_not(None), Phone.revoked_at.is_(None)
            )
        )
        or 0
    )
    if not phones:
        return Check(Level.MISSING, "Ghép máy quét ở cửa", f"{gates} cửa, chưa có máy nào.", "gates.index", "Ghép")
    return Check(Level.DONE, "Cửa vào", f"{gates} cửa, {phones} máy quét đã ghép.", "gates.index", "Xem")


def _staff_check(conference_id: int) -> Check:
    roles = set(db.session.scalars(sa.select(Membership.role).where(Membership.conference_id == conference_id)))
    wanted = {"office": "văn phòng", "mc": "người dẫn chương trình", "door_lead": "trưởng cửa"}
    missing = [label for role, label in wanted.items() if role not in roles]
    if missing:
        return Check(Level.MISSING, "Phân công người", f"Chưa có: {', '.join(missing)}.", "people.index", "Phân công")
    return Check(Level.DONE, "Phân công người", "Đủ các vai trò chính.", "people.index", "Xem")


def _letters(conference_id: int) -> dict[str, int]:
    alive = sa.and_(Invitation.conference_id == conference_id, Invitation.revoked_at.is_(None))
    row = db.session.execute(
        sa.select(
            sa.func.count(Invitation.id),
            sa.func.count(Invitation.approved_at),
            sa.func.count(Invitation.issued_at),
        ).where(alive)
    ).one()
    return dict(zip(("all", "approved", "issued"), row, strict=True))
