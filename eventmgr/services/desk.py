"""The desk of a conference: what is ready, what is missing, what to do next, figures by group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import short_date, to_local
from eventmgr.models.accounts import Membership
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.checkin import Admission, Gate, Phone
from eventmgr.models.conferences import Conference, Task
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.journal import Entry
from eventmgr.models.nominations import Nomination

LONG_GONE = 60
"""Days after which a missed deadline is no longer shown as one to act on."""


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


@dataclass(frozen=True)
class GroupFigures:
    """How one group answered: invited = all its delegates."""

    group_id: int
    label: str
    invited: int
    comes: int
    substitutes: int
    absent: int
    admitted: int

    @property
    def silent(self) -> int:
        """Delegates who have not answered."""
        return self.invited - self.comes - self.substitutes - self.absent

    @property
    def expected(self) -> int:
        """Delegates or substitutes who will be there."""
        return self.comes + self.substitutes


@dataclass(frozen=True)
class Deadline:
    """A duty of the plan and how many days are left until its last day ("trước ngày" excludes the day)."""

    task: Task
    last_day: date
    days_left: int


@dataclass(frozen=True)
class Desk:
    """Everything that the desk shows."""

    checks: list[Check]
    groups: list[GroupFigures]
    deadlines: list[Deadline]
    recent: list[Entry]
    letters: dict[str, int]

    @property
    def due(self) -> list[Deadline]:
        """Deadlines ahead, and those missed not long ago."""
        return [one for one in self.deadlines if one.days_left >= -LONG_GONE]

    @property
    def gone(self) -> int:
        """How many deadlines were missed so long ago that nobody acts on them."""
        return len(self.deadlines) - len(self.due)

    @property
    def next_step(self) -> Check | None:
        """The first thing that is missing, else the first that is under way."""
        for level in (Level.MISSING, Level.DOING):
            for check in self.checks:
                if check.level is level:
                    return check
        return None

    def count(self, level: Level) -> int:
        """Return how many checks stand at a level."""
        return sum(check.level is level for check in self.checks)

    @property
    def total(self) -> GroupFigures:
        """All groups in one line."""
        return GroupFigures(
            0, "Tất cả", *(sum(getattr(group, name) for group in self.groups) for name in
                           ("invited", "comes", "substitutes", "absent", "admitted"))
        )


def desk_of(conference: Conference, *, with_people: bool = False) -> Desk:
    """Return the desk of a conference in a fixed number of queries.

    What happened to single delegates (who came, who cannot and why) is told only `with_people`.
    """
    today = to_local(clock.now()).date()
    groups = _group_figures(conference.id)
    letters = _letters(conference.id)
    checks = sorted(_checks(conference, groups, letters), key=lambda check: list(Level).index(check.level))
    return Desk(checks, groups, _deadlines(conference.id, today), _recent(conference.id, with_people), letters)


def _group_figures(conference_id: int) -> list[GroupFigures]:
    answer = (
        sa.select(Reply.delegate_id, Reply.answer)
        .where(Reply.conference_id == conference_id, Reply.superseded_at.is_(None), Reply.refused_at.is_(None))
        .subquery()
    )
    inside = (
        sa.select(Admission.delegate_id)
        .where(Admission.conference_id == conference_id, Admission.undone_at.is_(None))
        .subquery()
    )

    def said(word: str) -> sa.Function[int]:
        return sa.func.count(sa.case((answer.c.answer == word, 1)))

    rows = db.session.execute(
        sa.select(
            Group.id, sa.func.coalesce(Group.short_label, Group.label), sa.func.count(Delegate.id),
            said("comes"), said("substitute"), said("absent"), sa.func.count(inside.c.delegate_id),
        )
        .outerjoin(Delegate, sa.and_(Delegate.group_id == Group.id, Delegate.removed_at.is_(None), Delegate.companion_of_id.is_(None)))
        .outerjoin(answer, answer.c.delegate_id == Delegate.id)
        .outerjoin(inside, inside.c.delegate_id == Delegate.id)
        .where(Group.conference_id == conference_id)
        .group_by(Group.id, Group.short_label, Group.label, Group.position)
        .order_by(Group.position, Group.id)
    )
    return [GroupFigures(*row) for row in rows]


def _letters(conference_id: int) -> dict[str, int]:
    alive = sa.and_(Invitation.conference_id == conference_id, Invitation.revoked_at.is_(None))
    row = db.session.execute(
        sa.select(
            sa.func.count(Invitation.id),
            sa.func.count(Invitation.approved_at),
            sa.func.count(Invitation.issued_at),
            sa.func.count(Invitation.opened_at),
        ).where(alive)
    ).one()
    return dict(zip(("all", "approved", "issued", "opened"), row, strict=True))


def _checks(conference: Conference, groups: list[GroupFigures], letters: dict[str, int]) -> Iterable[Check]:
    yield _date_check(conference)
    yield _delegate_check(conference.id, groups)
    yield _signer_check(conference, letters)
    yield _letter_check(groups, letters)
    if letters["issued"]:
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


def _delegate_check(conference_id: int, groups: list[GroupFigures]) -> Check:
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


def _letter_check(groups: list[GroupFigures], letters: dict[str, int]) -> Check:
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


def _reply_check(groups: list[GroupFigures]) -> Check:
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


def _deadlines(conference_id: int, today: date) -> list[Deadline]:
    tasks = db.session.scalars(
        sa.select(Task)
        .where(Task.conference_id == conference_id, Task.deadline.is_not(None), Task.done_at.is_(None))
        .order_by(Task.deadline, Task.position)
    )
    made = []
    for task in tasks:
        assert task.deadline is not None
        last_day = task.deadline - timedelta(days=1) if task.rule == "before" else task.deadline
        made.append(Deadline(task, last_day, (last_day - today).days))
    return made


def _recent(conference_id: int, with_people: bool) -> list[Entry]:
    wanted = sa.select(Entry).where(Entry.conference_id == conference_id, Entry.sentence != "")
    if not with_people:
        wanted = wanted.where(Entry.subject.not_in(("delegate", "speech", "message")))
    return list(db.session.scalars(wanted.order_by(Entry.id.desc()).limit(8)))
