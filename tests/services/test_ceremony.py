"""Handing over, decided by the database: two devices at once, a press sent twice, one order on every screen, no names in the journal."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.ceremony import State
from eventmgr.domain.errors import Conflict, Invalid, NotFound
from eventmgr.models.awards import Honouree
from eventmgr.models.ceremony import CeremonyMark
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Delegate
from eventmgr.models.journal import Entry
from eventmgr.services import award_waves, awards, ceremony, ceremony_settings, erasing, person_export
from eventmgr.services.ceremony import Press
from tests.arrivals import arrive
from tests.awards import DECISION, account_id, fill
from tests.people import SLUG, Person

TRAY, OFFICE, STAGE = f"/office/{SLUG}/awards/ceremony/tray", f"/office/{SLUG}/awards/ceremony", f"/stage/{SLUG}/waves"


@pytest.fixture
def listed(conference: Conference) -> dict[str, int]:
    """5 collectives and 10 persons, decided and announced, eight in a row; name -> number."""
    form_id = fill(conference.id)
    awards.edit_form(conference.id, form_id, awards.FormFacts("Chủ tịch UBND tỉnh", "Bằng khen"), account_id())
    awards.decide(conference.id, form_id, DECISION, account_id())
    awards.announce(conference.id, account_id())
    return {one.printed_name: one.id for one in db.session.scalars(sa.select(Honouree).where(Honouree.form_id == form_id).order_by(Honouree.id))}


def push(conference: Conference, verb: str, one: int | None = None, seen: int | None = None, key: str | None = None, **more: Any) -> int:
    version = award_waves.ceremony(conference.id).version if seen is None else seen
    count = db.session.scalar(sa.select(sa.func.count(CeremonyMark.id)))
    db.session.rollback()
    return ceremony.press(conference.id, Press(verb, key or f"key-{verb}-{count}-{one}", version, one, **more), account_id("khanh"), "Khánh").version


def rows(conference: Conference) -> list[list[str]]:
    return [[one.printed_name for one in wave.row] for wave in award_waves.ceremony(conference.id).waves]


def names_in(page: str, mark: str) -> list[str]:
    """The names of the first list that carries the mark, in the order in which they stand there."""
    listed = page.split(mark, 1)[1].split("</ol>")[0]
    return [name for name in re.findall(r'<span class="n(?: num)?">\d+</span>\s*<div><b>(.*?)</b>', listed)]


def test_tray_row_and_reader_show_one_order_at_every_step(app: Flask, khanh: Person, ha: Person, conference: Conference, listed: dict[str, int]) -> None:
    ids = list(listed.values())

    def same() -> list[str]:
        tray = names_in(khanh.get(TRAY).get_data(as_text=True), "data-tray")
        read = names_in(ha.get(STAGE).get_data(as_text=True), "data-calling")
        assert tray == read != []
        return tray

    before = same()
    assert len(before) == 5
    push(conference, "absent", listed[before[2]])
    assert same() == [before[0], before[1], before[3], before[4]]
    push(conference, "stand_in", listed[before[3]], name="Y Thay", post="Phó Trưởng thôn", address_form="bà")
    push(conference, "all_wings")
    push(conference, "ready")
    assert "đã báo người dẫn" in khanh.get(TRAY).get_data(as_text=True) and "Khay đúng thứ tự" in ha.get(STAGE).get_data(as_text=True)
    push(conference, "start")
    wall = re.findall(r"<li><span class=\"num\">\d+</span><span>(.*?)<", _wall(app, conference))
    assert same() == wall == [before[0], before[1], before[3], before[4]]
    push(conference, "end")
    assert len(same()) == 8 and len(rows(conference)) == 3
    push(conference, "wings", listed[before[2]])
    assert rows(conference)[-1] == [before[2]]
    assert len(ids) == 15 == sum(len(row) for row in rows(conference))


def _wall(app: Flask, conference: Conference) -> str:
    from flask import render_template

    shown = award_waves.shown_wave(conference.id)
    assert shown is not None
    with app.test_request_context():
        from eventmgr.services import stage

        return render_template("hall/_wall_wave.html", wave=shown, stage=stage.stage_state(conference.id))


def test_a_press_sent_twice_counts_once_and_a_stale_one_is_told(conference: Conference, listed: dict[str, int]) -> None:
    one, other = list(listed.values())[:2]
    assert push(conference, "wings", one, 0, "the-same-key") == 1
    assert push(conference, "wings", one, 0, "the-same-key") == 1
    assert push(conference, "absent", other, 0) == 2, "another person's mark stands not in the way"
    with pytest.raises(Conflict, match="Vừa có thao tác khác: “Y Mẫu 1: sau cánh gà” \\(Khánh\\)"):
        push(conference, "absent", one, 0)
    with pytest.raises(Conflict, match="Đã đánh dấu từ trước"):
        push(conference, "wings", one)
    for wrong in ({"verb": "jump"}, {"verb": "wings"}, {"verb": "stand_in", "one": one}):
        with pytest.raises(Invalid):
            push(conference, **wrong)
    with pytest.raises(NotFound):
        push(conference, "wings", 999_999)


def test_of_two_devices_that_start_a_wave_one_wins_and_the_other_is_told(app: Flask, conference: Conference, listed: dict[str, int]) -> None:
    push(conference, "all_wings")
    conference_id, by, told = conference.id, account_id("khanh"), []
    db.session.remove()
    together = threading.Barrier(4)

    def start(number: int) -> None:
        with app.app_context():
            together.wait()
            try:
                ceremony.press(conference_id, Press("start", f"key-of-device-{number}", 1), by, "Máy")
                told.append("started")
            except Conflict as problem:
                told.append(problem.sentence)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=start, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told, key=len)[0] == "started" and told.count("started") == 1
    assert all("Vừa có thao tác khác" in one or "bấm trước" in one for one in told if one != "started")
    assert db.session.scalar(sa.select(sa.func.count(CeremonyMark.id)).where(CeremonyMark.verb == "start")) == 1


def test_the_door_says_who_is_in_the_hall_and_who_comes_instead(conference: Conference, listed: dict[str, int]) -> None:
    (collective, one), second = list(listed.items())[10], list(listed.values())[11]
    with transaction():
        inside = db.session.get(Honouree, one)
        leader = db.session.get(Honouree, second)
        assert inside is not None and leader is not None and collective.endswith("huyện Mẫu A")
        leader.leader_form, leader.leader_name, leader.leader_post = "bà", "Y Trưởng", "Trưởng thôn"
    delegate_id = arrive(conference.id, "A Đến", instead=("Y Thay Thế", "Phó Trưởng phòng"))
    with transaction():
        db.session.execute(sa.update(Honouree).where(Honouree.id == one).values(delegate_id=delegate_id))
        db.session.execute(sa.update(Delegate).where(Delegate.id == delegate_id).values(seat="A-21"))
    first = award_waves.ceremony(conference.id).waves[0].row
    assert (first[0].state, first[0].seat, first[0].receiver) == (State.IN_HALL, "A-21", "đồng chí Y Thay Thế, Phó Trưởng phòng")
    assert (first[1].state, first[1].receiver) == (State.NOT_ARRIVED, "bà Y Trưởng, Trưởng thôn")


def test_nothing_starts_before_the_announcement_and_the_size_stays_after_the_start(conference: Conference, listed: dict[str, int]) -> None:
    ceremony_settings.set_stage(conference.id, 5, True, account_id())
    assert [len(row) for row in rows(conference)] == [5, 5, 5]
    push(conference, "all_wings")
    awards.take_back_announcement(conference.id, "Thử", account_id())
    with pytest.raises(Conflict, match="chưa được công bố"):
        push(conference, "start")
    assert award_waves.for_stage(conference.id).waves == () and award_waves.for_stage(conference.id).wave_count == 3
    awards.announce(conference.id, account_id())
    push(conference, "start")
    with pytest.raises(Conflict, match="không đổi cỡ đợt"):
        ceremony_settings.set_stage(conference.id, 8, True, account_id())


def test_presenter_and_reader_count_from_their_wave_on(conference: Conference, listed: dict[str, int]) -> None:
    ceremony_settings.set_stage(conference.id, 5, True, account_id())
    form_id = award_waves.ceremony(conference.id).waves[0].form_id
    ceremony.set_leaders(conference.id, form_id, "individual", 1, "đồng chí Trần Thị Nga, Chủ tịch UBND tỉnh", "", account_id())
    ceremony.set_leaders(conference.id, form_id, "collective", 1, "đồng chí Y Mẫu", "đồng chí A Đọc", account_id())
    waves = award_waves.ceremony(conference.id).waves
    assert [one.presenter for one in waves] == ["đồng chí Y Mẫu", *["đồng chí Trần Thị Nga, Chủ tịch UBND tỉnh"] * 2]
    assert waves[0].words.decision == "Xin kính mời đồng chí A Đọc lên công bố quyết định khen thưởng."
    assert waves[1].words.presenter == "Xin trân trọng kính mời đồng chí Trần Thị Nga, Chủ tịch UBND tỉnh lên trao Bằng khen."
    push(conference, "all_wings")
    push(conference, "start")
    with pytest.raises(Conflict, match="đã bắt đầu"):
        ceremony.set_leaders(conference.id, form_id, "collective", 1, "người khác", "", account_id())
    assert waves[0].kind is RecipientKind.COLLECTIVE


def test_the_journal_names_nobody_and_erasing_takes_the_stand_in(conference: Conference, listed: dict[str, int]) -> None:
    one = next(iter(listed.values()))
    push(conference, "stand_in", one, name="Y Người Thay Hiếm", post="Phó Trưởng thôn")
    push(conference, "all_wings")
    push(conference, "start")
    lines = list(db.session.scalars(sa.select(Entry).where(Entry.verb.startswith("ceremony."))))
    said = " ".join(f"{line.sentence} {line.details}" for line in lines)
    assert len(lines) == 3 and not any(name in said for name in [*listed, "Hiếm"])
    with transaction():
        db.session.get(Conference, conference.id).state = "closed"  # type: ignore[union-attr]
    erasing.erase_conference(conference.id, None)
    assert list(db.session.scalars(sa.select(CeremonyMark.name).where(CeremonyMark.name.is_not(None)))) == ["(đã xóa)"]
    assert award_waves.ceremony(conference.id).waves[0].wave.row != ()


def test_what_is_kept_about_a_person_tells_of_the_handing_over(conference: Conference, listed: dict[str, int]) -> None:
    one = next(iter(listed.values()))
    delegate_id = arrive(conference.id, "Y Mẫu")
    with transaction():
        db.session.execute(sa.update(Honouree).where(Honouree.id == one).values(delegate_id=delegate_id))
    push(conference, "wings", one)
    _, content = person_export.export_person(conference.id, delegate_id, account_id())
    assert '"verb": "wings"' in content.decode() and clock.now() is not None


def test_an_award_is_handed_over_later_with_who_when_and_to_whom(khanh: Person, conference: Conference, listed: dict[str, int]) -> None:
    one = list(listed.values())[10]
    push(conference, "absent", one)
    push(conference, "all_wings")
    push(conference, "start")
    push(conference, "end")
    page = f"{OFFICE}/{one}/handover"
    seen = award_waves.ceremony(conference.id).version
    fields = {"press_key": "key-of-handover", "seen": str(seen), "name": "Y Nhận", "post": "Văn thư", "address_form": "bà"}
    khanh.post(page, expect=422, **(fields | {"name": ""}))
    khanh.post(page, expect=422, **(fields | {"handed_on": "01/01/2200"}))
    khanh.post(page, expect=302, **fields, handed_on="05/01/2016", note="tại trụ sở")
    told = khanh.get(OFFICE).get_data(as_text=True)
    assert "bà Y Nhận, Văn thư, ngày 05/01/2016 (tại trụ sở)" in told
    khanh.post(page, expect=409, **(fields | {"press_key": "key-of-another"}))
    khanh.post(f"{OFFICE}/marks", expect=302, act=f"take_back-{one}", seen=str(seen + 1), press_key="key-of-take-back")
    assert award_waves.ceremony(conference.id).later[0].id == one


def test_the_wall_lights_the_name_that_is_read_and_keeps_the_whole_row(app: Flask, khanh: Person, ha: Person, conference: Conference, listed: dict[str, int]) -> None:
    push(conference, "all_wings")
    push(conference, "start")
    first, second = (one.id for one in award_waves.ceremony(conference.id).waves[0].row[:2])

    def lit() -> list[tuple[str, str]]:
        return re.findall(r'data-call="(now|done)"[^>]*><span class="num">(\d+)', _wall(app, conference))

    assert lit() == []
    version = award_waves.ceremony(conference.id).version
    for _ in range(2):
        ha.post(STAGE, 302, act=f"call-{first}", press_key="tap-of-a-name", seen=str(version))
    assert lit() == [("now", "1")]
    assert "Tên tiếp theo: 2." in ha.get(STAGE).get_data(as_text=True)
    ha.post(STAGE, 302, act=f"call-{second}", press_key="tap-of-a-name-2", seen=str(version + 1))
    assert lit() == [("done", "1"), ("now", "2")] and len(re.findall('<li', _wall(app, conference))) == 5
    ha.post(STAGE, 409, act=f"call-{first}", press_key="tap-of-a-name-3", seen=str(version + 2))
    ha.post(STAGE, 302, act=f"undo-{version + 2}", press_key="tap-of-a-name-4", seen=str(version + 2))
    assert lit() == [("now", "1")]
    sentences = set(db.session.scalars(sa.select(Entry.sentence).where(Entry.verb == "ceremony.call")))
    assert sentences == {"Trao thưởng: đọc một tên."}
    awards.take_back_announcement(conference.id, "Đọc nhầm", account_id())
    assert award_waves.shown_wave(conference.id) is None, "withdrawn: the wall has no name"
