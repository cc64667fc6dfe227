"""What the tests of awards share: the forms of the plan and lists to fill them with."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from eventmgr.models.accounts import Account
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.database import db
from eventmgr.services import awards, honourees

COLLECTIVES = "\n".join(f"Hội Liên hiệp Phụ nữ huyện Mẫu {letter}" for letter in "ABCDE")
PERSONS = "\n".join(f"Y Mẫu {number}; Trưởng thôn, thôn Ví Dụ {number}" for number in range(1, 11))
DECISION = awards.DecisionFacts("1234/QĐ-UBND", date(2015, 12, 28), "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum")


def form_of(key: str = "W1") -> AwardForm:
    return db.session.scalars(sa.select(AwardForm).where(AwardForm.key == key)).one()


def account_id(username: str = "lan") -> int:
    return db.session.scalars(sa.select(Account.id).where(Account.username == username)).one()


def fill(conference_id: int, key: str = "W1") -> int:
    """Put 5 collectives and 10 individuals on a list, individuals first, and return the form's id."""
    form_id = form_of(key).id
    honourees.add_lines(conference_id, form_id, "individual", PERSONS, account_id())
    honourees.add_lines(conference_id, form_id, "collective", COLLECTIVES, account_id())
    return form_id


def names(form_id: int, kind: str = "individual") -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Honouree.printed_name)
            .where(Honouree.form_id == form_id, Honouree.kind == kind)
            .order_by(Honouree.position, Honouree.id)
        )
    )
