"""A phone of one conference with what belongs to another: it learns nothing and moves nobody there."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr.models.checkin import Admission, DoorConflict, Gate, Scan
from eventmgr.models.conferences import Conference
from eventmgr.models.database import db
from eventmgr.models.delegates import Delegate
from eventmgr.services import checkin, gates
from tests import door
from tests.people import SLUG, Person
from tests.services.test_scan_kinds import green, walk_in
from tests.web.test_door_api import PairedPhone, said

SECRET = "Người Nơi Khác"


@pytest.fixture
def elsewhere(conference: Conference) -> dict[str, Any]:
    """Another conference with somebody in the hall, a walk-in, a conflict and a hold."""
    other = door.other_conference()
    _, phone = door.pair_phone(other)
    delegate = door.add_delegate(other, SECRET)
    code = door.add_pass(other, delegate)
    entry, second, guest = green(code, 3), green(code, 2), walk_in(SECRET)
    hold = door.scan(door.invited(other, SECRET), kind="hold", reason=SECRET)
    checkin.record_scans(phone, [entry, second, guest, hold])
    db.session.remove()
    return {"id": other, "delegate": delegate, "code": code, "entry": entry.scan_key, "guest": guest.scan_key}


def moved(conference_id: int) -> list[Any]:
    """Everything about who is in there."""
    db.session.remove()
    rows = db.session.execute(sa.select(Admission.id, Admission.undone_at, Admission.out_at).where(Admission.conference_id == conference_id))
    scans = db.session.scalar(sa.select(sa.func.count(Scan.id)).where(Scan.conference_id == conference_id))
    people = db.session.scalar(sa.select(sa.func.count(Delegate.id)).where(Delegate.conference_id == conference_id))
    return [*map(tuple, rows), scans, people]


def test_a_phone_names_people_scans_and_codes_of_elsewhere_in_vain(app: Flask, conference: Conference, elsewhere: dict[str, Any]):
    phone = PairedPhone(app, conference.id)
    before = moved(elsewhere["id"])
    decided = {"outcome": "admitted", "snapshot": "1"}
    bare: dict[str, Any] = {**said("x"), "decided": decided}
    bare.pop("code")
    tries = [
        {**bare, "code": elsewhere["code"]},
        {**bare, "delegate_id": elsewhere["delegate"], "way": "search"},
        {**bare, "delegate_key": elsewhere["guest"], "way": "search"},
        {**bare, "kind": "exit", "delegate_id": elsewhere["delegate"]},
        {**bare, "kind": "exit", "delegate_key": elsewhere["guest"]},
        {**bare, "kind": "hold", "code": elsewhere["code"], "reason": "x"},
        {**bare, "kind": "undo", "undoes_key": elsewhere["entry"], "reason": "x"},
        {**bare, "walk_in": {"full_name": "Y Mẫu", "group_id": door.groups(elsewhere["id"])[0].id}},
    ]
    keyed = [one | {"scan_key": f"attack-{number:04d}"} for number, one in enumerate(tries)]
    answer = phone.post("scans", keyed)
    assert moved(elsewhere["id"]) == before
    assert [one["stored"] for one in answer["results"]] == [True] * len(tries)
    assert SECRET not in json.dumps(answer, ensure_ascii=False)
    kept = json.dumps([row.verdict for row in db.session.scalars(sa.select(Scan).where(Scan.conference_id == conference.id))])
    assert (SECRET in kept, elsewhere["code"] in kept) == (False, False)


def test_a_key_of_elsewhere_is_free_here(app: Flask, conference: Conference, elsewhere: dict[str, Any]):
    phone = PairedPhone(app, conference.id)
    told = phone.post("scans", {**said(door.invited(conference.id)), "scan_key": elsewhere["entry"]})
    assert (told["repeated"], told["verdict"]["outcome"]) == (False, "admitted")


def test_the_lead_cannot_judge_release_or_enter_what_belongs_elsewhere(
    conference: Conference, elsewhere: dict[str, Any], minh: Person
):
    home = f"/office/{SLUG}/gates"
    conflict = db.session.scalars(sa.select(DoorConflict).where(DoorConflict.conference_id == elsewhere["id"])).first()
    hold = db.session.scalars(sa.select(Scan.id).where(Scan.kind == "hold")).one()
    gate = db.session.scalars(sa.select(Gate.id).where(Gate.conference_id == elsewhere["id"])).first()
    assert conflict is not None
    own = gates.add(conference.id, "Cửa của mình", [], by=1).id
    before = moved(elsewhere["id"])
    minh.post(f"{home}/conflicts/{conflict.id}", expect=404, decision="same", version=conflict.version)
    minh.post(f"{home}/conflicts/{conflict.id}/reopen", expect=404, version=conflict.version)
    minh.post(f"{home}/conflicts/holds/{hold}/release", expect=404)
    minh.post(f"{home}/paper", expect=404, gate=gate, who="1", hour="7:12")
    minh.post(f"{home}/paper", expect=422, gate=own, delegate=elsewhere["delegate"], hour="7:12")
    minh.post(f"{home}/paper/{hold}/undo", expect=404, gate=own)
    assert moved(elsewhere["id"]) == before
    for page in (home, f"{home}/now", f"{home}/conflicts", f"{home}/paper", f"{home}/arrivals"):
        assert SECRET not in minh.get(page).get_data(as_text=True)


def test_a_batch_beyond_the_limit_is_refused_and_stores_nothing(app: Flask, conference: Conference):
    phone = PairedPhone(app, conference.id)
    phone.post("scans", [said("x") for _ in range(201)], expect=413)
    phone.post("scans", [{"scan_key": "x" * 70_000}], expect=413)
    assert db.session.scalar(sa.select(sa.func.count(Scan.id))) == 0


def test_nonsense_in_every_field_is_kept_and_never_breaks_a_batch(app: Flask, conference: Conference):
    phone = PairedPhone(app, conference.id)
    odd: list[Any] = [None, True, -1, 2**80, 1.5, "", "\x00\ud800", "x" * 3000, [], {}, [[["x"]]], {"a": {"b": None}}]
    fields = ("scan_key", "kind", "way", "scanned_at", "offset_ms", "code", "delegate_id", "delegate_key", "walk_in",
              "answers", "decided", "reason", "undoes_key")  # fmt: skip
    for name in fields:
        batch = [said("x") | {name: value} for value in odd]
        results = phone.post("scans", [*batch, said("y")])["results"]
        assert [one["stored"] for one in results] == [True] * (len(odd) + 1)
