"""What a body does on its page: name people, replace, excuse, confirm, bring companions, send a note, take back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain.deadlines import reply_deadline
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.domain.likeness import name_bag
from eventmgr.domain.nominations import MOST_WAITING, PersonFacts, Window, checked_person, person_key, window_of
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import ADDRESS_FORMS, Body, Delegate
from eventmgr.models.invitations import Reply
from eventmgr.models.nominations import Nomination
from eventmgr.services import body_links, nominating
from eventmgr.services.answering import Answer, checked_answer, counting, letter_out, put_answer
from eventmgr.services.typed import needed

STALE = "Có người của đơn vị hoặc Văn phòng vừa đổi vị trí này. Nội dung đã nhập vẫn còn ở dưới; xem bản mới rồi gửi lại."
TWICE = "Đồng chí này vừa được gửi rồi."


@dataclass(frozen=True)
class _Held:
    """A body under its lock, with everything that decides about what it sends."""

    body: Body
    conference: Conference
    people: list[Delegate]
    sent: list[Nomination]

    def window(self, delegate: Delegate | None = None) -> Window:
        group = delegate.group if delegate else self.body.group
        own = (group.reply_by, group.freeze_at) if group else (None, None)
        ended = self.conference.state in {"closed", "archived"}
        return window_of(reply_deadline(own[0], self.conference.reply_by), own[1], clock.now(), ended=ended)

    def place(self, delegate_id: int) -> Delegate:
        """Return one of the body's own places; a companion is none. Raises NotFound."""
        found = next((one for one in self.people if one.id == delegate_id and one.companion_of_id is None), None)
        if found is None:
            raise NotFound("Không có vị trí này trong danh sách của đơn vị.")
        return found

    def waiting_at(self, delegate_id: int) -> Nomination | None:
        return next((one for one in self.sent if one.delegate_id == delegate_id and one.kind in {"name", "replace", "excuse"}), None)


def name_person(typed: str, facts: PersonFacts) -> Nomination:
    """Send one more person for the body's quota. Sent twice it waits once; the first one is returned.

    Raises Conflict when the quota is used up or the list is frozen, Invalid for what cannot be and for somebody
    who is on the body's list already.
    """
    with _sent_once(), transaction():
        held, facts = _held(typed), checked_person(facts)
        window = _open(held)
        key = _key_of(facts)
        if again := _again(held, facts, key, kind="name", delegate_id=None):
            return again
        if held.body.group is None:
            raise Conflict("Văn phòng chưa xếp đơn vị vào nhóm khách mời nên chưa cử người được.")
        _refuse_known(held, facts)
        if nominating.free_places(held.body, held.people, held.sent) < 1:
            raise Conflict(_full(held))
        if not facts.posts:
            raise Invalid("Ghi chức vụ của người dự.", "posts")
        made = _add(held, "name", None, facts, key, window)
        nominating.note(made, "nomination.sent", f"{held.body.name} cử {made.full_name}.", actor=held.body.name)
        return made


def name_for_place(typed: str, delegate_id: int, facts: PersonFacts, mark: str) -> Nomination:
    """Send a person for a place: its first name, or somebody else in place of who is named there.

    Where a letter is out for somebody else the person is a substitute, who waits for the office as any substitute
    does. Raises Conflict when the page is stale (`mark`), the list frozen, Invalid for what cannot be.
    """
    with _sent_once(), transaction():
        held, facts = _held(typed), checked_person(facts)
        place = held.place(delegate_id)
        window = _open(held, place)
        if not facts.posts and not place.full_name and letter_out(place.id) is None:
            facts = replace(facts, posts=tuple(place.posts))  # nobody's yet: who is named there holds the post invited
        key, kind = _key_of(facts), "replace" if place.full_name else "name"
        if again := _again(held, facts, key, kind=kind, delegate_id=place.id):
            return again
        _fresh(held, place, mark)
        if place.full_name and name_bag(place.full_name) == name_bag(facts.full_name or "") and not facts.is_other:
            raise Invalid(f"{place.full_name} đang ở vị trí này rồi.", "full_name")
        _refuse_known(held, facts, but=place.id)
        if not facts.posts:
            raise Invalid("Ghi chức vụ của người dự.", "posts")
        made = _add(held, kind, place, facts, key, window)
        _propose(held, made, place)
        word = f"cử {made.full_name} thay {place.full_name}" if place.full_name else f"cử {made.full_name} ({place.first_post})"
        nominating.note(made, "nomination.sent", f"{held.body.name} {word}.", actor=held.body.name)
        return made


def excuse(typed: str, delegate_id: int, reason: str, mark: str) -> Nomination:
    """Say that nobody comes for a place, with the reason; it counts at once, and the office may return it."""
    values = checked_answer(Answer("absent", reason))
    with _sent_once(), transaction():
        held = _held(typed)
        place = held.place(delegate_id)
        window = _open(held, place)
        known = held.waiting_at(place.id)
        if known is not None and known.kind == "excuse" and known.words == values["reason"]:
            return known
        _fresh(held, place, mark)
        made = _add(held, "excuse", place, PersonFacts(None, words=values["reason"]), None, window)
        made.reply_id = _answer(held, place, values, is_late=window.is_late).id
        nominating.note(made, "nomination.sent", f"{held.body.name} báo vắng {place.shown_name}.", actor=held.body.name)
        return made


def confirm(typed: str, delegate_id: int, mark: str) -> None:
    """Say that who is named at a place comes; nothing waits for the office."""
    with transaction():
        held = _held(typed)
        place = held.place(delegate_id)
        window = _open(held, place)
        known = counting(place.id)
        if known is not None and known.answer == "comes":
            return
        if place.full_name is None:
            raise Invalid("Ghi họ tên người dự trước.")
        _fresh(held, place, mark)
        if (sent := held.waiting_at(place.id)) is not None:
            raise Conflict(f"Vị trí này đang có “{nominating.KINDS[sent.kind].lower()}” chờ Văn phòng xem. Rút lại trước.")
        _answer(held, place, checked_answer(Answer("comes")), is_late=window.is_late)


def bring_companion(typed: str, facts: PersonFacts, *, delegate_id: int | None = None, parent_id: int | None = None) -> Nomination:
    """Send somebody who goes with a delegate, or with a person who waits too; companions take no place of the quota."""
    with _sent_once(), transaction():
        held, facts = _held(typed), checked_person(facts)
        place = held.place(delegate_id) if delegate_id is not None else None
        parent = next((one for one in held.sent if one.id == parent_id and one.kind in {"name", "replace"}), None)
        if place is None and parent is None:
            raise NotFound("Không có người chính này trong danh sách của đơn vị.")
        window = _open(held, place)
        if not facts.posts:
            raise Invalid("Ghi việc của người đi cùng, ví dụ: Lái xe, Thư ký.", "posts")
        key = _key_of(facts)
        if again := _again(held, facts, key, kind="companion", delegate_id=delegate_id):
            return again
        _refuse_known(held, facts)
        made = _add(held, "companion", place, facts, key, window)
        made.parent_id = parent.id if parent else None
        who = place.shown_name if place else parent.full_name if parent else ""
        nominating.note(made, "nomination.sent", f"{held.body.name} ghi {made.full_name} đi cùng {who}.", actor=held.body.name)
        return made


def send_note(typed: str, text: str) -> Nomination:
    """Send the office a few words; the same words waiting already are sent once. A frozen list still takes notes."""
    words = needed(text, "words", 500)
    with transaction():
        held = _held(typed)
        if again := next((one for one in held.sent if one.kind == "note" and one.words == words), None):
            return again
        made = _add(held, "note", None, PersonFacts(None, words=words), None, held.window())
        nominating.note(made, "nomination.sent", f"{held.body.name} nhắn Văn phòng.", actor=held.body.name)
        return made


def change_person(typed: str, nomination_id: int, facts: PersonFacts, version: int) -> Nomination:
    """Correct a person who still waits. Raises Conflict when the office judged it or a colleague changed it meanwhile."""
    with _sent_once(), transaction():
        held, facts = _held(typed), checked_person(facts)
        known = _own(held, nomination_id)
        place = held.place(known.delegate_id) if known.delegate_id else None
        window = _open(held, place)
        nominating.must_wait(known, version)
        if known.kind not in {"name", "replace", "companion"}:
            raise NotFound("Chỉ sửa được người đã cử.")
        if not facts.posts:
            raise Invalid("Ghi chức vụ của người dự.", "posts")
        _refuse_known(held, facts, but=known.delegate_id if known.kind != "companion" else None, sent_but=known.id)
        for name, value in _values(facts, _key_of(facts)).items():
            setattr(known, name, value)
        known.is_late = window.is_late
        if place is not None and known.reply_id is not None:
            nominating.drop_answer(known)
            _propose(held, known, place)
        nominating.note(known, "nomination.changed", f"{held.body.name} sửa người đã cử: {known.full_name}.", actor=held.body.name)
        return known


def withdraw(typed: str, nomination_id: int, version: int) -> None:
    """Take back what still waits; whoever was to go with that person is taken back too."""
    with transaction():
        held = _held(typed)
        known = _own(held, nomination_id)
        if known.state == "withdrawn":
            return
        _open(held, held.place(known.delegate_id) if known.delegate_id else None)
        nominating.must_wait(known, version)
        for one in [known, *(child for child in held.sent if child.parent_id == known.id)]:
            one.state = "withdrawn"
            nominating.drop_answer(one)
        what = known.full_name or nominating.KINDS[known.kind].lower()
        nominating.note(known, "nomination.withdrawn", f"{held.body.name} rút lại: {what}.", actor=held.body.name)


@contextmanager
def _sent_once() -> Iterator[None]:
    """What the constraints of the database refuse becomes a sentence: a colleague was faster."""
    try:
        yield
    except IntegrityError as problem:
        raise Conflict(TWICE) from problem


def _held(typed: str) -> _Held:
    """Look the code up and hold the body; everything that decides is read after that."""
    body, conference = body_links.body_of(typed)
    body = nominating.hold_body(body.id)
    if body.link_seed is None:
        raise NotFound(body_links.UNKNOWN)
    return _Held(body, conference, nominating.standing(body.id), nominating.waiting(body.id))


def _open(held: _Held, place: Delegate | None = None) -> Window:
    window = held.window(place)
    if not window.is_open:
        whom = held.conference.contact or held.conference.invitation_issuer or held.conference.organiser
        raise Conflict(f"Danh sách đã chốt. Cần thay đổi, xin liên hệ {whom}.")
    return window


def _fresh(held: _Held, place: Delegate, mark: str) -> None:
    if mark != nominating.mark_of(place, held.waiting_at(place.id), counting(place.id)):
        raise Conflict(STALE)


def _own(held: _Held, nomination_id: int) -> Nomination:
    found = db.session.get(Nomination, nomination_id)
    if found is None or found.body_id != held.body.id:
        raise NotFound("Không có nội dung này.")
    return found


def _again(held: _Held, facts: PersonFacts, key: str, *, kind: str, delegate_id: int | None) -> Nomination | None:
    """Return what says just the same and waits already: a button pressed twice sends once."""
    values = _values(facts, key)
    return next(
        (
            one for one in held.sent
            if one.kind == kind and one.delegate_id == delegate_id and all(getattr(one, name) == value for name, value in values.items())
        ),
        None,
    )  # fmt: skip


def _refuse_known(held: _Held, facts: PersonFacts, but: int | None = None, sent_but: int | None = None) -> None:
    """Raise Invalid for a person who stands on the body's list, waits on it, or stands in for somebody of it."""
    name, key = facts.full_name, _key_of(facts)
    if name is None:
        raise Invalid("Ghi họ tên.", "full_name")
    if any(one.person_key == key and one.id != sent_but for one in held.sent):
        raise Invalid(f"{name} đã được gửi, đang chờ Văn phòng xem. {_namesake()}", "full_name")
    if facts.is_other:
        return
    known = [one.full_name for one in held.people if one.full_name and one.id != but]
    stand_ins = db.session.scalars(
        sa.select(Reply.substitute_name).where(
            Reply.delegate_id.in_([one.id for one in held.people if one.id != but]), Reply.substitute_name.is_not(None),
            Reply.superseded_at.is_(None), Reply.refused_at.is_(None),
        )
    )
    bag = name_bag(name)
    if found := next((one for one in [*known, *stand_ins] if one and name_bag(one) == bag), None):
        raise Invalid(f"Danh sách của đơn vị đã có {found}. {_namesake()}", "full_name")


def _namesake() -> str:
    return "Nếu là người khác trùng họ tên, đánh dấu ô “Người khác cùng họ tên”."


def _full(held: _Held) -> str:
    if held.body.quota is None:
        return "Văn phòng chưa ghi số người mời của đơn vị, nên chỉ điền tên được cho các vị trí đã mời."
    return f"Đơn vị được mời {held.body.quota} người và đã đủ. Muốn đổi người, chọn “Cử người khác” ở người cần đổi."


def _add(held: _Held, kind: str, place: Delegate | None, facts: PersonFacts, key: str | None, window: Window) -> Nomination:
    if len(held.sent) >= MOST_WAITING:
        raise Conflict("Đơn vị đã gửi nhiều nội dung chưa được xem. Xin chờ Văn phòng xem rồi gửi tiếp.")
    if place is not None and kind != "companion" and (known := held.waiting_at(place.id)) is not None:
        known.state = "withdrawn"  # the newer word of the body stands
        nominating.drop_answer(known)
        db.session.flush()
    made = Nomination(
        conference_id=held.body.conference_id, body_id=held.body.id, kind=kind, delegate_id=place.id if place else None,
        before=place.shown_name[:300] if place else None, is_late=window.is_late, sent_at=clock.now(), **_values(facts, key),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _values(facts: PersonFacts, key: str | None) -> dict[str, Any]:
    if facts.address_form not in {None, "", *ADDRESS_FORMS}:
        raise Invalid("Chọn cách xưng hô trong danh sách.", "address_form")
    return {
        "address_form": facts.address_form or None, "full_name": facts.full_name, "posts": list(facts.posts),
        "phone": facts.phone, "email": facts.email, "words": facts.words, "person_key": key,
    }  # fmt: skip


def _key_of(facts: PersonFacts) -> str:
    return person_key(facts.full_name or "", facts.posts, is_other=facts.is_other)


def _propose(held: _Held, nomination: Nomination, place: Delegate) -> None:
    """Store the substitute that a replacement is once a letter is out in another name; it waits for the office."""
    if nomination.kind != "replace" or letter_out(place.id) is None:
        return
    answer = Answer("substitute", None, nomination.address_form, nomination.full_name, ", ".join(nomination.posts)[:300])
    nomination.reply_id = _answer(held, place, checked_answer(answer), is_late=nomination.is_late).id


def _answer(held: _Held, place: Delegate, values: dict[str, str | None], *, is_late: bool) -> Reply:
    letter = letter_out(place.id)
    return put_answer(
        place, values, source="body", is_late=is_late, invitation_id=letter.id if letter else None, actor=held.body.name
    )
