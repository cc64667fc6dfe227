from __future__ import annotations

import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.checkin import Admission, Gate, Phone
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.services import checkin, gates, phones
from tests import door
from tests.people import SLUG, Person

GATES = f"/office/{SLUG}/gates"


def text(page: object) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))  # type: ignore[attr-defined]


def gate_named(name: str) -> sa.Row[tuple[int, list[int], datetime | None]]:
    db.session.remove()
    return db.session.execute(sa.select(Gate.id, Gate.group_ids, Gate.archived_at).where(Gate.name == name)).one()


def test_the_door_lead_adds_renames_restricts_closes_and_reopens_a_gate(conference: Conference, minh: Person):
    ids, labels = zip(*[(group.id, group.short_label or group.label) for group in door.groups(conference.id)[:2]], strict=True)
    minh.post(GATES, expect=302, name="Cửa  bên ")
    gate = gate_named("Cửa bên")
    minh.post(f"{GATES}/{gate.id}", expect=302, name="Cửa phía Đông", group_ids=list(ids))
    gate = gate_named("Cửa phía Đông")
    assert (gate.group_ids, gate.archived_at) == (list(ids), None)
    assert f"Dành cho: {labels[0]}, {labels[1]}" in text(minh.get(GATES))
    minh.post(f"{GATES}/{gate.id}/close", expect=302)
    assert gate_named("Cửa phía Đông").archived_at is not None
    minh.post(f"{GATES}/{gate.id}/phones", expect=409)
    minh.post(f"{GATES}/{gate.id}/reopen", expect=302)
    assert gate_named("Cửa phía Đông").archived_at is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Cần điền mục này."),
        (" ", "Đặt tên cửa, dài nhất 80 ký tự."),
        ("x" * 81, "Dài nhất 80 ký tự."),
        ("Cửa chính", "Hội nghị đã có cửa tên này."),
    ],
)
def test_a_wrong_name_comes_back_with_its_reason_and_what_was_typed(minh: Person, name: str, sentence: str):
    page = text(minh.post(GATES, expect=422, name=name))
    assert sentence in page
    assert f'value="{name.strip()}"' in page


def test_a_group_of_another_conference_is_refused(conference: Conference, minh: Person):
    strange = door.groups(door.other_conference())[0].id
    assert "Chọn nhóm trong danh sách" in text(minh.post(GATES, expect=422, name="Cửa bên", group_ids=[strange]))


def test_gates_of_another_conference_do_not_exist_here(minh: Person):
    gate = gates.add(door.other_conference(), "Cửa lạ", [], by=1)
    minh.get(f"{GATES}/{gate.id}", expect=404)
    for path in ("close", "reopen", "phones"):
        minh.post(f"{GATES}/{gate.id}/{path}", expect=404)


def test_pairing_shows_a_qr_that_holds_the_link_and_then_who_was_paired(app: Flask, minh: Person, lan: Person):
    shown = minh.post(f"{GATES}/{gate_named('Cửa chính').id}/phones", expect=302).headers["Location"]
    page = text(minh.get(shown))
    link = re.search(r'pairing__link">http://127\.0\.0\.1:8000(/door/pair/[A-Z2-9]{20})<', page)
    assert link
    assert minh.get(f"{shown}/qr.svg").mimetype == "image/svg+xml"
    assert "chỉ hiện trên máy đã tạo ra nó" in text(lan.get(shown))
    lan.get(f"{shown}/qr.svg", expect=404)
    Person(app).post(link[1], expect=302, name="Máy của Thu")
    assert "Đã ghép: Máy của Thu." in minh.get(f"{shown}/now").get_json()["html"]
    assert "Máy của Thu" in text(minh.get(GATES))


def test_the_page_of_one_waiting_phone_never_shows_the_code_of_another(minh: Person):
    url = f"{GATES}/{gate_named('Cửa chính').id}/phones"
    first, second = (minh.post(url, expect=302).headers["Location"] for _ in range(2))
    assert ["/door/pair/" in text(minh.get(page)) for page in (first, second)] == [False, True]
    minh.get(f"{first}/qr.svg", expect=404)


def test_a_waiting_code_can_be_taken_back(app: Flask, conference: Conference, minh: Person):
    phone_id, code = phones.make_pairing_code(conference.id, gate_named("Cửa chính").id, by=1)
    minh.post(f"{GATES}/phones/{phone_id}/cut-off", expect=302)
    Person(app).get(f"/door/pair/{code}", expect=409)


def test_phones_of_another_conference_cannot_be_seen_or_cut_off(minh: Person):
    _, phone = door.pair_phone(door.other_conference())
    minh.get(f"{GATES}/phones/{phone.id}", expect=404)
    minh.post(f"{GATES}/phones/{phone.id}/cut-off", expect=404)
    assert db.session.get_one(Phone, phone.id).revoked_at is None


def test_the_page_and_its_refresh_show_who_came_where_and_how_and_who_was_held_up(conference: Conference, minh: Person):
    _, phone = door.pair_phone(conference.id, gate_named("Cửa chính").id)
    admitted, held = door.scan(door.invited(conference.id, "Lê Thị Ví Dụ")), door.scan("mã lạ", way="typed")
    checkin.record_scans(phone, [admitted, held])
    fresh = minh.get(f"{GATES}/now").get_json()["html"]
    for page in (text(minh.get(GATES)), re.sub(r"\s+", " ", fresh)):
        assert '<p class="rows__title">Lê Thị Ví Dụ</p><p class="rows__note">Trưởng Ban Dân tộc tỉnh · Cửa chính · Camera</p>' in page
        assert 'Không phải mã giấy mời</p><p class="rows__note">Cửa chính · Máy của Thu · Gõ mã</p>' in page
        assert '<b class="num">1</b> người đã vào' in page


def test_hostile_names_are_text_on_every_page_of_the_door(conference: Conference, minh: Person):
    name = '<script>alert("x")</script>{{7*7}}'
    _, phone = door.pair_phone(conference.id, gate_named("Cửa chính").id, name=name[:80])
    door.revoke(code := door.invited(conference.id, name))
    checkin.record_scans(phone, [door.scan(door.invited(conference.id, name)), door.scan(code)])
    gates.add(conference.id, name, [], by=1)
    admission_id = db.session.scalars(sa.select(Admission.id)).one()
    for url in ("", "/arrivals", f"/admissions/{admission_id}/undo"):
        page = minh.get(f"{GATES}{url}").get_data(as_text=True)
        assert "&lt;script&gt;alert" in page
        assert "<script>alert" not in page
    assert "<script>alert" not in minh.get(f"{GATES}/now").get_json()["html"]


def test_the_office_undoes_an_arrival_with_a_reason(conference: Conference, lan: Person):
    _, phone = door.pair_phone(conference.id, gate_named("Cửa chính").id)
    checkin.record_scans(phone, [door.scan(door.invited(conference.id, "Lê Thị Ví Dụ"))])
    admission_id = db.session.scalars(sa.select(Admission.id)).one()
    undo = f"{GATES}/admissions/{admission_id}/undo"
    assert "Cần điền mục này." in text(lan.post(undo, expect=422, reason=""))
    assert "Ghi lý do hoàn tác" in text(lan.post(undo, expect=422, reason=" "))
    lan.post(undo, expect=302, reason="Quét nhầm người")
    lan.post(undo, expect=409, reason="Quét nhầm người")
    assert "Đã hoàn tác</span><p class=\"rows__note\">Quét nhầm người</p>" in text(lan.get(f"{GATES}/arrivals"))
    assert '<b class="num">0</b> người đã vào' in text(lan.get(GATES))


def test_an_arrival_of_another_conference_cannot_be_undone(minh: Person):
    other = door.other_conference()
    checkin.record_scans(door.pair_phone(other)[1], [door.scan(door.invited(other))])
    admission_id = db.session.scalars(sa.select(Admission.id)).one()
    minh.get(f"{GATES}/admissions/{admission_id}/undo", expect=404)
    minh.post(f"{GATES}/admissions/{admission_id}/undo", expect=404, reason="nhầm")


def test_an_observer_may_not_see_the_door_and_only_the_office_and_the_lead_run_it(conference: Conference, oanh: Person, ha: Person):
    gate = gate_named("Cửa chính")
    for person in (oanh, ha):
        for url in ("", "/now", "/arrivals", "/sign-in.pdf"):
            person.get(f"{GATES}{url}", expect=403)
        person.post(f"{GATES}/{gate.id}/phones", expect=403)


def test_the_list_to_sign_is_a_pdf(conference: Conference, minh: Person):
    door.invited(conference.id, "Lê Thị Ví Dụ")
    answer = minh.get(f"{GATES}/sign-in.pdf?gate={gate_named('Cửa chính').id}")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    minh.get(f"{GATES}/sign-in.pdf?gate=99999", expect=404)


def test_the_page_asks_the_database_as_often_for_many_as_for_one(conference: Conference, minh: Person):
    def count() -> int:
        asked: list[str] = []
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        minh.get(GATES)
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len(asked)

    def come(how_many: int) -> None:
        _, phone = door.pair_phone(conference.id)
        checkin.record_scans(phone, [door.scan(door.invited(conference.id)) for _ in range(how_many)] + [door.scan("x")])

    come(1)
    few = count()
    come(4)
    assert count() == few


def test_a_closed_gate_still_says_how_many_came_in_there(conference: Conference, minh: Person):
    _, phone = door.pair_phone(conference.id)
    checkin.record_scans(phone, [door.scan(door.invited(conference.id))])
    minh.post(f"{GATES}/{phone.gate_id}/close", expect=302)
    heads = re.findall(r'<div class="gate__head">(.*?)</div>', minh.get(GATES).get_data(as_text=True), re.S)
    said = [" ".join(re.sub(r"<[^>]+>", " ", head).split()) for head in heads]
    assert [one for one in said if one.startswith(f"{phone.gate_name} ")] == [f"{phone.gate_name} Đã đóng 1 người đã vào"]
