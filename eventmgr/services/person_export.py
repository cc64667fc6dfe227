"""Everything that is kept about one person: as JSON for machines, and in words to read and print."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from eventmgr import clock
from eventmgr.domain.dates import short_date, to_local
from eventmgr.domain.errors import NotFound
from eventmgr.domain.journal_words import sentence_of
from eventmgr.models.awards import Honouree
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import Entry, record
from eventmgr.services.histories import whole_history
from eventmgr.services.person_rows import of_person, pieces, table_of

_SECRET = {"seed", "digest", "token_digest", "pair_digest", "link_seed", "link_digest"}
_TABLES = {
    "delegates": "Trong danh sách khách mời", "invitations": "Giấy mời", "replies": "Trả lời", "admissions": "Vào hội trường",
    "scans": "Lượt quét ở cửa", "nominations": "Đơn vị cử", "introduction_ticks": "Được giới thiệu", "handovers": "Giao giấy mời",
    "mail_letters": "Thư đã gửi", "passes": "Mã vào cửa", "ceremony_marks": "Trao thưởng", "import_rows": "Dòng trong danh sách đã nạp",
    "honourees": "Danh sách khen thưởng", "dossier_entries": "Hồ sơ đề nghị khen thưởng",
}  # fmt: skip
_COLUMNS = {
    "full_name": "Họ tên", "address_form": "Xưng hô", "posts": "Chức vụ", "phone": "Điện thoại", "email": "Thư điện tử", "seat": "Chỗ ngồi",
    "alert": "Lưu ý ở cửa", "note": "Ghi chú", "created_at": "Ghi lúc", "number": "Số", "number_symbol": "Ký hiệu", "dated_on": "Ngày",
    "addressee": "Người được mời", "issued_at": "Phát hành lúc", "opened_at": "Mở lần đầu lúc", "reason": "Lý do", "at": "Lúc",
    "substitute_name": "Người dự thay", "substitute_post": "Chức vụ người dự thay", "admitted_at": "Vào lúc", "scanned_at": "Quét lúc",
    "words": "Lời nhắn", "to_whom": "Giao cho", "cells": "Các ô",
    "printed_name": "Tên in", "post": "Chức vụ, đơn vị", "leader_name": "Người lên nhận", "leader_post": "Chức vụ người lên nhận", "achievement": "Thành tích",
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A heading and its entries; each entry is a list of (word, value)."""

    heading: str
    entries: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Person:
    """What is kept about a person, in words."""

    name: str
    parts: list[Part]
    lines: list[tuple[datetime, str]]


def read_person(conference_id: int, delegate_id: int) -> Person:
    """Return what is kept, in words. Raises NotFound."""
    delegate = _delegate(conference_id, delegate_id)
    parts = []
    for name, rows in _rows(delegate_id).items():
        told = [[(_COLUMNS[key], _shown(value)) for key, value in row.items() if key in _COLUMNS and value not in (None, "", [])] for row in rows]
        if any(told):
            parts.append(Part(_TABLES.get(name, "Mục khác"), [entry for entry in told if entry]))
    return Person(delegate.shown_name, parts, [(line.at, sentence_of(line.verb, line.sentence)) for line in _lines(delegate_id)])


def export_person(conference_id: int, delegate_id: int, by: int) -> tuple[str, bytes]:
    """Return name and content of a JSON file with every row about a person; codes of passes stay out. Written to the journal."""
    _delegate(conference_id, delegate_id)
    lines = [{"at": line.at.isoformat(), "verb": line.verb, "sentence": line.sentence} for line in _lines(delegate_id)]
    whole = {"made_at": clock.now().isoformat(), "tables": _rows(delegate_id), "journal": lines}
    with transaction():
        record("privacy.exported", clock.now(), conference_id=conference_id, account_id=by, subject="delegate", subject_id=delegate_id, sentence="Xuất dữ liệu cá nhân của một đại biểu theo yêu cầu.")
    return f"du-lieu-ca-nhan-{delegate_id}.json", json.dumps(whole, ensure_ascii=False, indent=1, default=str).encode()


def _delegate(conference_id: int, delegate_id: int) -> Delegate:
    delegate = db.session.get(Delegate, delegate_id)
    if delegate is None or delegate.conference_id != conference_id:
        raise NotFound("Không có đại biểu này.")
    return delegate


def _rows(delegate_id: int) -> dict[str, list[dict[str, Any]]]:
    connection = db.session.connection()
    found: dict[str, list[dict[str, Any]]] = {}
    for name, ids in of_person(connection, delegate_id).items():
        table = table_of(name)
        columns = [column for column in table.columns if column.name not in _SECRET]
        for some in pieces(ids):
            for row in connection.execute(sa.select(*columns).where(table.c.id.in_(some)).order_by(table.c.id)):
                found.setdefault(name, []).append(dict(row._mapping))
    marks = sa.select(*table_of("ceremony_marks").columns).join(Honouree, Honouree.id == table_of("ceremony_marks").c.honouree_id)
    handed = [dict(row._mapping) for row in connection.execute(marks.where(Honouree.delegate_id.in_(whole_history(delegate_id))))]
    return found | ({"ceremony_marks": handed} if handed else {}) | _awards_of(delegate_id)


def _awards_of(delegate_id: int) -> dict[str, list[dict[str, Any]]]:
    """What stands about the person on award lists and in the dossiers that led to them."""
    connection, honourees, proposed = db.session.connection(), table_of("honourees"), table_of("dossier_entries")
    own = sa.select(honourees).where(honourees.c.delegate_id.in_(whole_history(delegate_id))).order_by(honourees.c.id)
    listed = [dict(row._mapping) for row in connection.execute(own)]
    asked = sa.select(proposed).where(proposed.c.honouree_id.in_([row["id"] for row in listed])).order_by(proposed.c.id)
    rows = {"honourees": listed, "dossier_entries": [dict(row._mapping) for row in connection.execute(asked)]}
    return {name: some for name, some in rows.items() if some}


def _lines(delegate_id: int) -> list[Entry]:
    own = sa.select(Entry).where(Entry.subject == "delegate", Entry.subject_id.in_(whole_history(delegate_id)))
    return list(db.session.scalars(own.order_by(Entry.id)))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{to_local(value):%H:%M %d/%m/%Y}"
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if one)
    return str(value)
