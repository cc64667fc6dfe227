"""A made list of 18 collectives and 34 persons of ten districts and eight departments, decided and ready to be handed over."""

from __future__ import annotations

import sqlalchemy as sa

from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body
from eventmgr.services import awards, ceremony_settings, honourees, stage
from tests.awards import DECISION, account_id, form_of

DISTRICTS = [f"huyện Mẫu {letter}" for letter in "ABCDEFGHIK"]
DEPARTMENTS = [f"Sở Mẫu {number}" for number in range(1, 9)]
LONG_NAME = "Mô hình dịch vụ tư vấn, hỗ trợ về bình đẳng giới cho đồng bào dân tộc thiểu số xã Ví Dụ, huyện Mẫu K"
LONG_POST = "Ủy viên Ban Thường vụ Đảng ủy, Chủ tịch Hội Liên hiệp Phụ nữ xã Ví Dụ"
COLLECTIVES = [*(f"Hội Liên hiệp Phụ nữ {one}" for one in DISTRICTS[:9]), LONG_NAME] + [f"Văn phòng {one}" for one in DEPARTMENTS]
PERSONS = [f"Y Ví Dụ {number:02d}" for number in range(1, 35)]


def make_list(conference: Conference, size: int = 10) -> dict[str, int]:
    """Put them on the first list under a decision, `size` in a row, and return name -> number."""
    form_id, by = form_of().id, account_id()
    awards.edit_form(conference.id, form_id, awards.FormFacts("Chủ tịch UBND tỉnh", "Bằng khen", "Đã có thành tích xuất sắc"), by)
    places = [*DISTRICTS, *DISTRICTS, *DEPARTMENTS, *DEPARTMENTS][:34]
    honourees.add_lines(conference.id, form_id, "collective", "\n".join(COLLECTIVES), by)
    honourees.add_lines(conference.id, form_id, "individual", "\n".join(f"Bà {name}; {LONG_POST if place == DISTRICTS[2] else 'Chuyên viên'}, {place}" for name, place in zip(PERSONS, places, strict=True)), by)
    awards.decide(conference.id, form_id, DECISION, by)
    ceremony_settings.set_stage(conference.id, size, True, by)
    bodies = list(db.session.scalars(sa.select(Body.id).where(Body.conference_id == conference.id).order_by(Body.id).limit(18)))
    with transaction():
        for place, one in enumerate(db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form_id).order_by(Honouree.id))):
            one.body_id = bodies[place % len(bodies)]
    return {one.printed_name: one.id for one in db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form_id).order_by(Honouree.id))}


def go_to_awards(conference: Conference) -> None:
    """Let the MC press until awards are given."""
    for seq in range(12):
        stage.press(conference.id, "next" if seq else "start", f"key-of-press-{seq}", seq)
