"""Nobody reaches another conference's rows by changing an id: in every address, every form field, every JSON."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.agenda import Item
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate, Group
from tests import door, nominating
from tests.attack.conftest import Other, fingerprint
from tests.people import SLUG, Person

pytestmark = pytest.mark.database("sqlite")

NOT_OF_A_CONFERENCE = {"accounts.end", "accounts.new_password", "accounts.state", "data_register.request_page", "data_register.breach_page"}
ANYTHING: dict[str, Any] = {
    "reason": "Thử", "direction": "up", "step": "1", "name": "Cửa thử", "value": "77", "title": "Thử", "label": "Thử",
    "short_label": "Thử", "role": "delegate", "address_form": "ông", "answer": "comes", "accept": "1", "number": "1",
    "decided_on": "01/12/2015", "decided_by": "Chủ tịch", "authority": "Chủ tịch", "printed_name": "Thử", "kind": "collective",
    "lines": "Thử", "numbered": "1", "to": "1", "addressee": "Thử", "presenter_kind": "nobody",
    "by": "1", "remark": "Thử", "words": "Thử", "why": "Thử", "decision": "same_person", "seen": "refused", "version": "1",
}


def test_no_address_leads_to_a_row_of_another_conference(
    app: Flask, quantri: Person, other: Other, conference: Conference
) -> None:
    own = {"code": nominating.body(conference)[1]}
    before, wrong, tried = fingerprint(), [], 0
    for rule in app.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if type(kind).__name__ == "RowConverter"}
        if not numbers or rule.endpoint in NOT_OF_A_CONFERENCE:
            continue
        with app.test_request_context():
            known = {name: value for name, value in {"slug": SLUG, **own}.items() if name in rule.arguments}
            url = app.url_for(rule.endpoint, **known, **{name: other.ids[name] for name in numbers})  # type: ignore[arg-type]
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = quantri.get(url, expect=None) if method == "GET" else quantri.post(url, **ANYTHING)  # type: ignore[arg-type]
            tried += 1
            if answer.status_code != 404 or "Nơi Khác" in answer.get_data(as_text=True):
                wrong.append(f"{method} {url}: {answer.status_code}")
    assert wrong == []
    assert tried >= 60
    assert fingerprint() == before


def test_own_list_with_another_list_s_honouree(quantri: Person, other: Other, conference: Conference) -> None:
    own = quantri.get(f"/office/{SLUG}/awards").get_data(as_text=True)
    form_id = next(int(part.split('"')[0]) for part in own.split(f"/office/{SLUG}/awards/")[1:] if part.split('"')[0].isdigit())
    for tail in ("", "/removal", "/place"):
        quantri.post(f"/office/{SLUG}/awards/{form_id}/honourees/{other.ids['honouree_id']}{tail}", expect=404, **ANYTHING)


def test_no_form_field_takes_a_row_of_another_conference(quantri: Person, other: Other, conference: Conference) -> None:
    home, ids = f"/office/{SLUG}", other.ids
    own_group = db.session.scalars(sa.select(Group.id).where(Group.conference_id == conference.id)).first()
    own_item = db.session.scalars(sa.select(Item.id).where(Item.conference_id == conference.id, Item.parent_id.is_(None))).first()
    own_delegate = db.session.scalars(sa.select(Delegate).where(Delegate.conference_id == conference.id)).first()
    assert own_delegate is not None
    delegate = {"full_name": "Thử", "posts": "Cán bộ", "group_id": str(own_group), "body_id": "", "rank": "", "address_form": "ông"}
    body = {"name": "Đơn vị thử", "group_id": str(ids["group_id"])}
    item = {"title": "Thử", "kind": "speech", "presenter_kind": "body", "body_id": str(ids["body_id"]), "minutes": "5"}
    tries: list[tuple[str, dict[str, Any], int]] = [
        (f"{home}/delegates/new", delegate | {"group_id": str(ids["group_id"])}, 422),
        (f"{home}/delegates/new", delegate | {"body_id": str(ids["body_id"])}, 422),
        (f"{home}/delegates/{own_delegate.id}", delegate | {"body_id": str(ids["body_id"]), "version": "1"}, 422),
        (f"{home}/bodies/new", body, 422),
        (f"{home}/agenda", {"title": "Thử", "parent_id": str(ids["item_id"])}, 404),
        (f"{home}/agenda/{own_item}", item, 422),
        (f"{home}/agenda/{own_item}/presenter", {"delegate_id": str(ids["delegate_id"])}, 404),
        (f"{home}/gates", {"name": "Cửa thử", "group_ids": [str(ids["group_id"])]}, 422),
        (f"{home}/invitations/drafts", {"delegate": [str(ids["delegate_id"])], "group": str(ids["group_id"])}, 302),
        (f"{home}/invitations/approvals", {"invitation": [str(ids["invitation_id"])]}, 422),
        (
            f"{home}/invitations/issue",
            {"invitation": [str(ids["invitation_id"])], "first_number": "9", "dated_on": "22/12/2015",
             "signer_lines": "CHÁNH VĂN PHÒNG", "signer_name": "Lê Văn Mẫu"},
            422,
        ),
        (f"{home}/invitations/batches", {"what": "issued", "group": str(ids["group_id"])}, 302),
        (f"/stage/{SLUG}/introductions", {"read": str(ids["delegate_id"])}, 404),
    ]
    before = fingerprint()
    got = [(url, quantri.post(url, **data).status_code) for url, data, _ in tries]
    assert got == [(url, status) for url, _, status in tries]
    assert fingerprint() == before


def test_order_names_items_of_its_own_programme_only(quantri: Person, other: Other) -> None:
    before = fingerprint()
    for body in (
        {"order": [other.ids["item_id"]], "parent": None, "seen": ""},
        {"order": [], "parent": other.ids["item_id"], "seen": ""},
    ):
        assert quantri.post_json(f"/office/{SLUG}/agenda/order", body).status_code in {404, 409}
    assert fingerprint() == before


def test_a_phone_admits_and_finds_nobody_of_another_conference(app: Flask, conference: Conference, other: Other) -> None:
    token, _ = door.pair_phone(conference.id, name="Máy ở đây")
    client = app.test_client()
    client.set_cookie("eventmgr_phone", token)
    header = {"X-Eventmgr-Phone": "1"}
    scan = {"scan_key": "k" * 12, "way": "camera", "scanned_at": "2015-12-29T00:30:00+00:00"}
    by_code = client.post("/api/door/scans", json=scan | {"code": other.code}, headers=header).get_json()["verdict"]
    by_id = {"scan_key": "j" * 12, "way": "search", "delegate_id": other.ids["delegate_id"]}
    chosen = client.post("/api/door/scans", json=scan | by_id, headers=header).get_json()["verdict"]
    undo = {"scan_key": "u" * 12, "kind": "undo", "undoes_key": "other-conference", "reason": "Thử"}
    undone = client.post("/api/door/scans", json=scan | undo, headers=header).get_json()["verdict"]
    assert [by_code["outcome"], chosen["outcome"], undone["outcome"]] == ["other_conference", "not_known", "nothing_to_undo"]
    assert all("Nơi Khác" not in str(said) for said in (by_code, chosen, undone))
    assert client.get("/api/door/search?q=noi+khac", headers=header).get_json() == {"hits": []}
