"""One order of precedence, edited once: the same in every list, in numbers, on paper and in what is exported."""

from __future__ import annotations

import io
from datetime import date, time

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.documents import shelf as files
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate, Group
from eventmgr.models.invitations import Invitation
from eventmgr.services import (
    delegate_lists,
    exports,
    invitations,
    issuing,
    letter_lists,
    printing,
    shelf,
    sign_in_sheets,
    wording,
)
from eventmgr.services.delegate_keys import fill_keys, ranks_of

# Entered in no order at all; ranks come from posts by the plan's own table.
ENTERED = [
    ("Trần Chuyên Viên", ["Chuyên viên Sở Y tế"]),
    ("Lê Văn Bé", ["Giám đốc Sở Y tế"]),
    ("Phạm Hai Chức", ["Giám đốc Sở Nội vụ", "Ủy viên Ban Thường vụ Tỉnh ủy"]),
    ("Bùi Thị Ánh", ["Giám đốc Sở Tư pháp"]),
    ("Đỗ Bí Thư", ["Bí thư Tỉnh ủy"]),
    ("Võ Không Rõ", ["Khách mời"]),
]
BY_RANK = ["Đỗ Bí Thư", "Phạm Hai Chức", "Bùi Thị Ánh", "Lê Văn Bé", "Trần Chuyên Viên", "Võ Không Rõ"]
BY = 2


@pytest.fixture
def group(conference: Conference) -> Group:
    with transaction():
        db.session.execute(sa.delete(Delegate).where(Delegate.conference_id == conference.id))
        settled = db.session.get_one(Conference, conference.id)
        settled.held_on, settled.starts_at = date(2015, 12, 29), time(7, 30)
        first = db.session.scalars(sa.select(Group).where(Group.conference_id == conference.id).order_by(Group.position)).first()
        assert first is not None
        ranks = ranks_of(conference.id)
        for name, posts in ENTERED:
            one = Delegate(
                conference_id=conference.id, group_id=first.id, address_form="đồng chí", full_name=name, posts=posts,
                first_post=posts[0], created_at=clock.now(),
            )
            fill_keys(one, ranks, None, first)
            db.session.add(one)
    return first


def everywhere(conference_id: int, group: Group) -> dict[str, list[str]]:
    """The order in which each list, file and paper names the six."""
    known = {name for name, _ in ENTERED}
    wanted = exports.Wanted("delegates", "xlsx")
    _, content = exports.export(conference_id, wanted, BY, with_contacts=True)
    rows = [[str(cell) for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]  # type: ignore[union-attr]
    name = printing.print_batch(conference_id, {"what": "draft", "group_id": group.id}, lambda done, total: None)
    pages = pypdf.PdfReader(io.BytesIO(files.read(shelf.folder(), name))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    return {
        "delegates": [row.delegate.shown_name for row in delegate_lists.delegate_page(conference_id).rows],
        "of the group": [row.delegate.shown_name for row in delegate_lists.delegate_page(conference_id, group_id=group.id).rows],
        "letters": [row.delegate.shown_name for row in letter_lists.letter_page(conference_id).rows],
        "preview": [one.name for one in wording.people(conference_id, group.id)],
        "sign-in sheet": [one.name for one in sign_in_sheets.lines(conference_id, None)],
        "export": [cell for row in rows for cell in row if cell in known],
        "one PDF": [one for text in texts for one in known if one in text],
    }


def test_one_order_everywhere_by_the_best_post_and_then_by_hand(conference: Conference, group: Group) -> None:
    invitations.draft_letters(conference.id, BY)
    assert everywhere(conference.id, group) == dict.fromkeys(everywhere(conference.id, group), BY_RANK)

    lowest = db.session.scalars(sa.select(Delegate.id).where(Delegate.full_name == "Trần Chuyên Viên")).one()
    delegate_lists.move(conference.id, lowest, BY, to=2)
    by_hand = ["Đỗ Bí Thư", "Trần Chuyên Viên", "Phạm Hai Chức", "Bùi Thị Ánh", "Lê Văn Bé", "Võ Không Rõ"]
    assert everywhere(conference.id, group) == dict.fromkeys(everywhere(conference.id, group), by_hand)

    ids = list(db.session.scalars(sa.select(Invitation.id)))
    invitations.approve(conference.id, ids, BY)
    issuing.issue(conference.id, ids[::-1], issuing.IssueFacts(7, date(2015, 12, 22), ("CHÁNH VĂN PHÒNG",), "Lê Mẫu"), BY)
    numbered = db.session.execute(
        sa.select(Delegate.full_name, Invitation.number)
        .join(Invitation, Invitation.delegate_id == Delegate.id)
        .order_by(Invitation.number)
    ).all()
    assert [tuple(row) for row in numbered] == list(zip(by_hand, range(7, 13), strict=True))


def test_rank_that_the_office_edits_moves_everybody_in_every_list(conference: Conference, group: Group) -> None:
    invitations.draft_letters(conference.id, BY)
    with transaction():
        rank = next(one for one in ranks_of(conference.id) if "Bí thư Tỉnh ủy" in one.title)
        rank.value, highest = 9_000, rank.value
        from_new = ranks_of(conference.id)
        for one in db.session.scalars(sa.select(Delegate).where(Delegate.group_id == group.id)):
            fill_keys(one, from_new, None, group)
    assert highest < 9_000
    found = everywhere(conference.id, group)
    assert {order.index("Đỗ Bí Thư") for order in found.values()} == {4}
    assert len({tuple(order) for order in found.values()}) == 1
