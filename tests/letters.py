"""Issued letters for tests that are not about issuing: straight through the services."""

from __future__ import annotations

from datetime import date, time

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation
from eventmgr.services import invitations, issuing

LAN = 2
FACTS = issuing.IssueFacts(5, date(2015, 12, 22), ("CHÁNH VĂN PHÒNG",), "Lê Văn Mẫu")


def issue_some(conference: Conference, number: int = 9) -> list[Invitation]:
    """Settle the day, name the first delegate and issue this many letters from number 5; return them in printing order."""
    with transaction():
        settled = db.session.get_one(Conference, conference.id)
        settled.held_on, settled.starts_at = date(2015, 12, 29), time(7, 30)
        chosen = list(
            db.session.scalars(
                sa.select(Delegate)
                .join(Group, Group.id == Delegate.group_id)
                .where(Delegate.conference_id == conference.id, Delegate.removed_at.is_(None))
                .order_by(Group.position, Delegate.precedence_key, Delegate.id)
                .limit(number)
            )
        )
        chosen[0].full_name = "Trần Thị Mẫu"
        for more in range(len(chosen), number):
            one = Delegate(
                conference_id=conference.id, group_id=chosen[0].group_id, address_form="đồng chí", full_name=f"Khách {more}",
                posts=[], precedence_key=f"9{more}", created_at=clock.now(),
            )
            db.session.add(one)
            chosen.append(one)
        db.session.flush()
    invitations.draft_letters(conference.id, LAN, delegate_ids=[one.id for one in chosen])
    ids = list(db.session.scalars(sa.select(Invitation.id)))
    invitations.approve(conference.id, ids, LAN)
    issuing.issue(conference.id, ids, FACTS, LAN)
    return list(db.session.scalars(sa.select(Invitation).order_by(Invitation.number)))
