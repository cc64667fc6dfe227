"""Chair and office lead the discussion: open it, order the speakers, call, time, close, and note what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventmgr import clock
from eventmgr.domain import speeches
from eventmgr.domain.delegates import AddressForm
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.script import upper_first
from eventmgr.domain.speeches import SpeechState
from eventmgr.domain.text import clean, clean_lines
from eventmgr.models.database import db, transaction
from eventmgr.models.directing import Discussion, SpeechRequest
from eventmgr.services.agenda_rows import hold_order
from eventmgr.services.speech_rows import add_row, checked_topic, named, open_one, row_of, say, tell, times
from eventmgr.services.stage_people import StagePerson, find, person_of
from eventmgr.services.stage_settings import settings_of

REMARK = 5000


def open_discussion(conference_id: int, by: int, actor: str = "") -> None:
    """Let delegates ask to speak; opening twice changes nothing."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        if open_one(conference_id) is None:
            db.session.add(Discussion(conference_id=conference_id, opened_at=at, opened_by_id=by))
            say(conference_id, "stage.discussion_opened", at, "Mở đăng ký phát biểu.", by, actor)


def close_discussion(conference_id: int, by: int, actor: str = "") -> None:
    """Take no more requests; whoever speaks is let finish, whoever waits keeps the place."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        held = open_one(conference_id)
        if held is not None:
            held.closed_at, held.closed_by_id = at, by
            say(conference_id, "stage.discussion_closed", at, "Đóng đăng ký phát biểu.", by, actor)


def set_minutes(conference_id: int, minutes: int, by: int, actor: str = "") -> None:
    """Set how many minutes a speech has from now on; raises Invalid."""
    _check_minutes(minutes)
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        held = settings_of(conference_id)
        held.speaking_minutes = minutes
        db.session.add(held)
        waiting = sa.update(SpeechRequest).where(SpeechRequest.conference_id == conference_id, SpeechRequest.called_at.is_(None))
        db.session.execute(waiting.values(minutes=minutes))
        say(conference_id, "stage.speech_minutes", at, f"Mỗi đại biểu phát biểu {minutes} phút.", by, actor)


@dataclass(frozen=True)
class Guest:
    """A speaker whom the office writes down: a delegate of the list, or a name with a post."""

    delegate_id: int | None = None
    form: str = AddressForm.COMRADE.value
    name: str = ""
    post: str = ""
    topic: str = ""


def add_speaker(conference_id: int, guest: Guest, by: int, actor: str = "") -> None:
    """Put somebody at the end of the queue; works while the discussion is closed too.

    Raises Invalid without a name, NotFound for a delegate of another conference, Conflict for a second open request.
    """
    topic, at = checked_topic(guest.topic, needed=False), clock.now()
    if guest.delegate_id is not None:
        person = person_of(conference_id, guest.delegate_id)
        facts: dict[str, object] = {"delegate_id": guest.delegate_id}
    else:
        person = _typed_person(guest)
        facts = {"address_form": person.form.value, "name": person.name, "post": person.post}
    try:
        with transaction():
            hold_order(conference_id)
            row = add_row(conference_id, at, topic=topic, asked_by_id=by, **facts)
            tell(row, "stage.speech_added", at, f"Thêm {person.presenter.short} vào danh sách phát biểu.", by, actor)
    except IntegrityError as error:
        raise Conflict("Đại biểu này đã có trong danh sách đang chờ.") from error


def candidates(conference_id: int, query: str) -> list[StagePerson]:
    """Return delegates whom the query finds, to be put on the list."""
    return find(conference_id, query)


def call(conference_id: int, request_id: int, by: int, actor: str = "") -> None:
    """Give somebody the floor; whoever spoke is through. Calling the speaker again changes nothing.

    Raises NotFound, and Conflict for a request that was withdrawn or is through.
    """
    at = clock.now()
    try:
        with transaction():
            hold_order(conference_id)
            row = row_of(conference_id, request_id)
            state = times(row).state
            if state is SpeechState.SPEAKING:
                return
            if state is not SpeechState.WAITING:
                raise Conflict("Đăng ký này đã rút hoặc đã phát biểu xong. Xem lại danh sách.")
            _end_speaker(conference_id, at)
            db.session.flush()
            row.called_at = at
            who = named(row)
            tell(row, "stage.speech_called", at, f"Mời {who.presenter.short} phát biểu.", by, actor)
    except IntegrityError as error:
        raise Conflict("Có người vừa được mời phát biểu. Xem lại danh sách.") from error


def end(conference_id: int, request_id: int, by: int, actor: str = "") -> None:
    """The speaker is through; ending twice changes nothing. Raises NotFound."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        row = row_of(conference_id, request_id)
        if times(row).state is SpeechState.SPEAKING:
            row.ended_at = at
            tell(row, "stage.speech_ended", at, f"{upper_first(named(row).presenter.short)} phát biểu xong.", by, actor)


def move(conference_id: int, request_id: int, direction: str, by: int, actor: str = "") -> None:
    """Put a request "up", "down" or to the "front" of the queue; raises NotFound, Conflict, Invalid."""
    at = clock.now()
    if direction not in {"up", "down", "front"}:
        raise Invalid("Chọn chuyển lên, chuyển xuống hoặc lên đầu.")
    with transaction():
        hold_order(conference_id)
        row = row_of(conference_id, request_id)
        if times(row).state is not SpeechState.WAITING:
            raise Conflict("Đăng ký này không còn chờ nữa. Xem lại danh sách.")
        rows = {one.id: one for one in db.session.scalars(sa.select(SpeechRequest).where(SpeechRequest.conference_id == conference_id))}
        ids = [one.id for one in speeches.queue(times(one) for one in rows.values())]
        for place, one in enumerate(speeches.moved(ids, request_id, direction), start=1):
            rows[one].position = place
        tell(row, "stage.speech_moved", at, "Đổi thứ tự phát biểu.", by, actor)


def drop(conference_id: int, request_id: int, by: int, actor: str = "") -> None:
    """Take a request off the queue; doing it twice changes nothing. Raises NotFound, Conflict for the speaker."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        row = row_of(conference_id, request_id)
        if row.called_at is not None:
            raise Conflict("Đại biểu này đã được mời phát biểu; bấm “Phát biểu xong” khi kết thúc.")
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by_id = at, by
            tell(row, "stage.speech_dropped", at, f"Bỏ {named(row).presenter.short} khỏi danh sách phát biểu.", by, actor)


def add_minutes(conference_id: int, request_id: int, minutes: int, by: int, actor: str = "") -> None:
    """Give one speech more (or fewer) minutes; raises NotFound, Invalid beyond 1 to 60."""
    at = clock.now()
    with transaction():
        hold_order(conference_id)
        row = row_of(conference_id, request_id)
        _check_minutes(row.minutes + minutes)
        row.minutes += minutes
        tell(row, "stage.speech_minutes", at, f"Thời gian của {named(row).presenter.short}: {row.minutes} phút.", by, actor)


def note_remark(conference_id: int, request_id: int, text: str, by: int, actor: str = "") -> None:
    """Write down what was said, for the minutes; raises NotFound, Invalid for a text beyond measure."""
    remark = clean_lines(text)
    if len(remark) > REMARK:
        raise Invalid(f"Ý kiến ghi lại dài nhất {REMARK} ký tự; đang có {len(remark)}.", "remark")
    at = clock.now()
    with transaction():
        row = row_of(conference_id, request_id)
        if row.remark != (remark or None):
            row.remark = remark or None
            tell(row, "stage.speech_noted", at, f"Ghi ý kiến của {named(row).presenter.short}.", by, actor)


def _typed_person(guest: Guest) -> StagePerson:
    name, post = clean(guest.name), clean(guest.post)
    if not name:
        raise Invalid("Ghi họ tên người phát biểu, hoặc chọn trong danh sách đại biểu.", "name")
    if len(name) > 120:
        raise Invalid("Họ tên dài nhất 120 ký tự.", "name")
    if len(post) > 300:
        raise Invalid("Chức vụ, đơn vị dài nhất 300 ký tự.", "post")
    if guest.form not in set(AddressForm):
        raise Invalid("Chọn cách xưng hô trong danh sách.", "form")
    return StagePerson(None, AddressForm(guest.form), name, post)


def _check_minutes(minutes: int) -> None:
    if not 1 <= minutes <= 60:
        raise Invalid("Thời gian phát biểu từ 1 đến 60 phút.", "minutes")


def _end_speaker(conference_id: int, at: datetime) -> None:
    speaking = sa.select(SpeechRequest).where(
        SpeechRequest.conference_id == conference_id, SpeechRequest.called_at.is_not(None), SpeechRequest.ended_at.is_(None)
    )
    for row in db.session.scalars(speaking):
        row.ended_at = at
