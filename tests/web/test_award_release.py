"""The announcement opens the list at once: public page, press room, PDF, .xlsx, plain text; before it there is nothing."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from eventmgr import clock
from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.services import awards, ceremony_settings
from tests.awards import DECISION, account_id, fill
from tests.documents import reading
from tests.people import SLUG, Person

PUBLIC = f"/e/{SLUG}/awards"
FILES = ("", "/list.pdf", "/list.xlsx", "/list.txt")


@pytest.fixture
def decided(conference: Conference) -> int:
    form_id = fill(conference.id)
    awards.edit_form(conference.id, form_id, awards.FormFacts("Chủ tịch UBND tỉnh", "Bằng khen"), account_id())
    awards.decide(conference.id, form_id, DECISION, account_id())
    return form_id


def test_the_announcement_opens_every_way_at_once_and_a_withdrawal_shuts_it(stranger: Person, conference: Conference, decided: int) -> None:
    for path in FILES:
        stranger.get(PUBLIC + path, expect=404)
    assert PUBLIC not in stranger.get(f"/e/{SLUG}/press").get_data(as_text=True)
    awards.announce(conference.id, account_id())
    page = stranger.get(PUBLIC).get_data(as_text=True)
    assert "<li><b>Y Mẫu 1</b>, Trưởng thôn, thôn Ví Dụ 1</li>" in page and "Quyết định số 1234/QĐ-UBND" in page
    assert f'href="{PUBLIC}"' in stranger.get(f"/e/{SLUG}/press").get_data(as_text=True)
    assert f'href="{PUBLIC}"' in stranger.get(f"/e/{SLUG}/").get_data(as_text=True)
    said = stranger.get(f"{PUBLIC}/list.txt")
    assert said.mimetype == "text/plain" and said.get_data(as_text=True).splitlines()[1:8] == [
        "", "Bằng khen của Chủ tịch UBND tỉnh (Quyết định số 1234/QĐ-UBND ngày 28/12/2015): 05 tập thể và 10 cá nhân.", "", "Tập thể:",
        *(f"{n} {name}" for n, name in (("1.", "Hội Liên hiệp Phụ nữ huyện Mẫu A"), ("2.", "Hội Liên hiệp Phụ nữ huyện Mẫu B"), ("3.", "Hội Liên hiệp Phụ nữ huyện Mẫu C"))),
    ]
    assert "Y Mẫu 10 Trưởng thôn, thôn Ví Dụ 10" in reading.text(stranger.get(f"{PUBLIC}/list.pdf").data)
    rows = list(openpyxl.load_workbook(io.BytesIO(stranger.get(f"{PUBLIC}/list.xlsx").data)).active.iter_rows(values_only=True))
    assert len(rows) == 16 and rows[6][1:] == ("1", "Y Mẫu 1", "Trưởng thôn, thôn Ví Dụ 1")
    awards.take_back_announcement(conference.id, "Đọc nhầm", account_id())
    for path in FILES:
        stranger.get(PUBLIC + path, expect=404)


def test_a_cancelled_name_is_told_nowhere_any_more(stranger: Person, conference: Conference, decided: int) -> None:
    with transaction():
        db.session.execute(sa.update(Honouree).where(Honouree.printed_name == "Y Mẫu 3").values(cancelled_at=clock.now(), cancelled_reason="Khai sai"))
    awards.announce(conference.id, account_id())
    everywhere = "".join(stranger.get(path).get_data(as_text=True) for path in (PUBLIC, f"{PUBLIC}/list.txt", f"/e/{SLUG}/press"))
    assert "Y Mẫu 3" not in everywhere and "Y Mẫu 4" in everywhere


def test_who_comes_first_is_the_same_for_the_press(stranger: Person, conference: Conference, decided: int) -> None:
    ceremony_settings.set_stage(conference.id, 8, False, account_id())
    awards.announce(conference.id, account_id())
    said = stranger.get(f"{PUBLIC}/list.txt").get_data(as_text=True)
    assert said.index("Cá nhân:") < said.index("Tập thể:")
