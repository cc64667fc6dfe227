"""Dossiers of bodies: carried by backups, told and forgotten with the people in them, never copied to another conference."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.dossiers import AwardQuota, Dossier, DossierEntry, DossierFile, DossierList
from eventmgr.services import (
    award_receivers,
    awards,
    backups,
    conferences,
    council,
    dossier_desk,
    dossier_import,
    dossiers,
    erasing,
    person_export,
    quotas,
)
from eventmgr.services.dossier_files import folder
from tests.awards import DECISION, form_of
from tests.dossiers import PDF, body, collective, dossier, entries, fresh, individual, submitted
from tests.services.test_privacy import where_found

pytestmark = pytest.mark.database("sqlite")

LEADER, REFUSED = "Lê Kỳ Đầu", "Y Hiếm Lạ"


@pytest.fixture
def made(conference: Conference) -> int:
    """A decided collective with its invited leader, a refused person, and a file; return the leader's delegate."""
    code = body(conference)
    one = dossier(code, collective("Phòng Mẫu", leader_name=LEADER, leader_post="Trưởng phòng", achievement="Việc riêng"), individual(REFUSED))
    dossiers.add_file(code, one.id, "report", "Báo cáo.pdf", PDF)
    dossiers.submit(code, one.id, fresh(one.id).version)
    dossier_desk.check(conference.id, one.id, fresh(one.id).version, 1)
    first, second = (row.id for row in entries(one.id))
    council.judge(conference.id, [first], "agree", None, 1)
    council.judge(conference.id, [second], "refuse", "Chưa rõ", 1)
    awards.decide(conference.id, form_of().id, DECISION, 1)
    award_receivers.invite(conference.id, form_of().id, 1)
    return int(db.session.scalar(sa.select(Honouree.delegate_id)) or 0)


def test_files_lie_in_every_backup(app: Flask, made: int, tmp_path: Path) -> None:
    backups.make_backup(app.extensions["eventmgr"].settings, tmp_path / "a.evb")
    held = db.session.scalars(sa.select(DossierFile.kept_as)).one()
    with zipfile.ZipFile(tmp_path / "a.evb") as archive:
        assert archive.read(f"files/ho-so/{held}") == PDF


def test_a_person_is_told_and_forgotten_with_what_bodies_wrote(conference: Conference, made: int) -> None:
    told = person_export._rows(made)
    assert [row["leader_name"] for name in ("honourees", "dossier_entries") for row in told[name]] == [LEADER, LEADER]
    assert {"dossier_entries", "honourees"} <= set(where_found(LEADER))
    erasing.erase_person(conference.id, made, "Theo đơn", None)
    assert where_found(LEADER, "Việc riêng") == []
    assert where_found("Phòng Mẫu") == ["dossier_entries", "honourees"], "the decision's own words stay"


def test_rows_that_name_a_person_leave_the_lists_that_wait(conference: Conference, made: int) -> None:
    code = body(conference)
    one = dossiers.create(code, dossiers.DossierFacts("46/TTr"))
    text = f"Họ và tên;Chức vụ;Người đứng đầu;Chức vụ người đứng đầu\nPhòng Khác;;{LEADER};Trưởng phòng\nY Mẫu;Cán bộ;;\n"
    listed = dossier_import.receive(code, one.id, "ds.csv", text.encode("utf-8-sig"))
    assert "dossier_lists" in where_found(LEADER)
    erasing.erase_person(conference.id, made, "Theo đơn", None)
    assert where_found(LEADER) == []
    assert [row[1][0] for row in db.session.get_one(DossierList, listed, populate_existing=True).rows] == ["Y Mẫu"]


def test_a_closed_conference_keeps_the_decided_list_and_no_dossier(conference: Conference, made: int) -> None:
    with transaction():
        db.session.get_one(Conference, conference.id).state = "closed"
    erasing.erase_conference(conference.id, None, dry_run=True)
    assert len(list(folder().iterdir())) == 1
    erasing.erase_conference(conference.id, None)
    assert where_found(LEADER, REFUSED) == []
    assert [db.session.scalar(sa.select(sa.func.count(table.id))) for table in (Dossier, DossierEntry, DossierFile, Honouree)] == [0, 0, 0, 1]
    assert list(folder().iterdir()) == []


def test_a_copy_has_the_forms_and_neither_numbers_nor_dossiers(conference: Conference, made: int) -> None:
    quotas.set_quota(conference.id, form_of().id, db.session.scalars(sa.select(Dossier.body_id)).one(), 1, 1, None, 1)
    copied = conferences.copy(conference.id, "Năm sau", "Năm sau", 1)
    rows = [db.session.scalar(sa.select(sa.func.count(table.id)).where(table.conference_id == copied.id)) for table in (Dossier, AwardQuota, Honouree)]
    assert rows == [0, 0, 0]
    assert submitted(body(conference, "UBND huyện Sa Thầy"), individual("Y Mẫu", form_id=dossiers.page_of(body(conference)).forms[0].id)).state == "submitted"
