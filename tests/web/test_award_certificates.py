"""Certificates that lie ready: said for one, for many and for a whole decision, taken back, counted, and missed before a wave."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventmgr.models.awards import Honouree
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.journal import Entry
from eventmgr.services import award_progress, award_receivers, awards, ceremony, council, dossier_desk
from eventmgr.services.ceremony import Press
from tests.awards import DECISION, account_id, fill, form_of
from tests.dossiers import body, collective, entries, individual, submitted
from tests.people import SLUG, Person

AWARDS = f"/office/{SLUG}/awards"


@pytest.fixture
def form_id(conference: Conference) -> int:
    made = fill(conference.id)
    awards.decide(conference.id, made, DECISION, account_id())
    return made


def ids(form_id: int) -> list[int]:
    return list(db.session.scalars(sa.select(Honouree.id).where(Honouree.form_id == form_id).order_by(Honouree.kind, Honouree.position)))


def unready(form_id: int) -> int:
    return award_progress.unready_counts(db.session.scalars(sa.select(Conference.id).where(Conference.slug == SLUG)).one())[form_id]


def test_one_many_and_all_certificates_are_said_to_be_ready_and_taken_back(khanh: Person, form_id: int) -> None:
    page, ones = f"{AWARDS}/{form_id}/certificates", ids(form_id)
    assert "còn 15 Bằng chưa in" in khanh.get(AWARDS).get_data(as_text=True)
    khanh.post(page, 302, verb=f"ready-{ones[0]}")
    khanh.post(page, 302, verb="ready", one=[str(ones[1]), str(ones[2])])
    assert unready(form_id) == 12
    step = award_progress.progress_of(1, form_id)[ones[1]].certificate
    assert step is not None and step.by == "Khánh"
    back = khanh.post(page, 302, verb="all").headers["Location"]
    assert unready(form_id) == 0 and "Cả 15 Bằng đã sẵn sàng" in (told := khanh.get(back).get_data(as_text=True))
    assert "Hoàn tác: 12 Bằng vừa ghi" in told
    khanh.post(page, 302, verb="unready", one=[str(one) for one in ones[3:]])
    assert unready(form_id) == 12
    assert khanh.get(f"{page}?state=ready").get_data(as_text=True).count("person__name") == 3
    sentences = list(db.session.scalars(sa.select(Entry.sentence).where(Entry.verb.in_(("awards.certified", "awards.uncertified"))).order_by(Entry.id)))
    assert sentences == [
        "Bằng đã sẵn sàng: 01 tập thể.", "Bằng đã sẵn sàng: 02 tập thể.", "Bằng đã sẵn sàng: 02 tập thể và 10 cá nhân.",
        "Bỏ ghi Bằng đã sẵn sàng: 02 tập thể và 10 cá nhân.",
    ]  # fmt: skip
    assert not any("Mẫu" in one for one in sentences)


def test_pressing_twice_nothing_chosen_and_a_foreign_name_are_told(khanh: Person, form_id: int) -> None:
    page, one = f"{AWARDS}/{form_id}/certificates", ids(form_id)[0]
    khanh.post(page, 302, verb=f"ready-{one}")
    khanh.post(page, 302, verb=f"ready-{one}")
    assert unready(form_id) == 14
    assert "Đánh dấu ít nhất một tên." in khanh.post(page, 422, verb="ready").get_data(as_text=True)
    khanh.post(page, 404, verb="ready", one="99999")
    other = form_of("W2").id
    khanh.post(f"{AWARDS}/{other}/certificates", 404, verb="ready", one=str(one))


def test_no_certificate_is_ready_without_the_decision_that_it_names(khanh: Person, conference: Conference, form_id: int) -> None:
    page = f"{AWARDS}/{form_id}/certificates"
    khanh.post(page, 302, verb="all")
    awards.take_back_decision(conference.id, form_id, "Sai số", account_id())
    assert unready(form_id) == 15
    assert "Chưa có Quyết định" in khanh.post(page, 409, verb="all").get_data(as_text=True)


def test_tray_reader_and_office_name_what_is_missing_before_the_wave_starts(khanh: Person, ha: Person, conference: Conference, form_id: int) -> None:
    ones = ids(form_id)
    award_progress.mark_certificates(conference.id, form_id, ones[1:], True, account_id())
    awards.announce(conference.id, account_id())
    pages = [(khanh, f"{AWARDS}/ceremony/tray"), (khanh, f"{AWARDS}/ceremony"), (ha, f"/stage/{SLUG}/waves")]
    for person, address in pages:
        told = " ".join(person.get(address).get_data(as_text=True).split())
        assert "<b>1 Bằng chưa ghi là sẵn sàng:</b> số 1 Hội Liên hiệp Phụ nữ huyện Mẫu A." in told
    award_progress.mark_certificates(conference.id, form_id, ones[:1], True, account_id())
    assert all("chưa ghi là sẵn sàng" not in person.get(address).get_data(as_text=True) for person, address in pages)


def test_dossier_and_list_show_invited_ready_and_handed_over_with_who_and_when(khanh: Person, conference: Conference) -> None:
    code, by = body(conference), account_id("khanh")
    made = submitted(code, collective("Phòng Mẫu", leader_name="Y Đứng Đầu", leader_post="Trưởng phòng"), individual())
    dossier_desk.check(conference.id, made.id, made.version, by)
    council.judge(conference.id, [one.id for one in entries(made.id)], "agree", None, by)
    form_id = form_of().id
    awards.decide(conference.id, form_id, DECISION, by)
    award_receivers.invite(conference.id, form_id, by)
    award_progress.mark_certificates(conference.id, form_id, ids(form_id), True, by)
    awards.announce(conference.id, by)
    for seen, verb in enumerate(("all_wings", "start", "end")):
        ceremony.press(conference.id, Press(verb, f"press-key-{seen}", seen), by, "Khánh")
    for address in (f"{AWARDS}/dossiers/{made.id}", f"{AWARDS}/{form_id}", f"{AWARDS}/{form_id}/certificates"):
        page = khanh.get(address).get_data(as_text=True)
        assert (page.count("Đã mời</span>"), page.count("Bằng sẵn sàng</span>"), page.count("Đã trao</span>")) == (2, 2, 1)
        assert page.count(", Khánh</p>") == 5
    facts = [one.verb for one, _ in dossier_desk.opened(conference.id, made.id).facts]
    assert facts[:4] == ["certified", "certified", "invited", "invited"]
