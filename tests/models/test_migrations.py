"""A copy that is at work keeps the words of its letters when it moves to the newest tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from eventmgr.migrating import downgrade, upgrade
from eventmgr.models.database import db
from eventmgr.services import plans
from tests.conftest import SEED
from tests.people import Person
from tests.web.test_wording import stored, write


def test_words_that_a_conference_had_move_into_blocks(app: Flask, lan: Person) -> None:
    db.session.remove()
    downgrade("0001")
    old = sa.table("conferences", *(sa.column(name) for name in ("letter_subject", "letter_opening", "letter_purpose")), sa.column("letter_notes", sa.JSON))
    values: dict[str, Any] = {"letter_subject": "Dự họp", "letter_opening": None, "letter_purpose": "cuộc họp", "letter_notes": ["Một", "Hai"]}
    with db.engine.begin() as connection:
        connection.execute(sa.update(old).values(values))
    db.engine.dispose()
    upgrade()
    assert stored() == {(None, "subject"): "Dự họp", (None, "purpose"): "cuộc họp", (None, "notes"): "Một\nHai"}


def test_plan_loaded_before_the_words_moved_is_still_as_in_its_file(app: Flask, lan: Person) -> None:
    db.session.remove()
    downgrade("0001")
    upgrade()
    assert plans.load_file(SEED).lines() == ["Hội nghị so-ket-binh-dang-gioi-2015 đã đúng như tệp; không có gì thay đổi."]
    write(lan, notes="Văn phòng tự viết")
    assert plans.load_file(SEED).changes == []
