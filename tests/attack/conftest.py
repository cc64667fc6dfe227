"""A second conference beside the plan's, with one of everything: what must stay out of reach from the first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventmgr import clock
from eventmgr.models.accounts import Account, Membership
from eventmgr.models.agenda import Item
from eventmgr.models.awards import AwardForm, Honouree
from eventmgr.models.checkin import Admission, DoorConflict, Scan
from eventmgr.models.conferences import Conference, Paper
from eventmgr.models.database import db, transaction
from eventmgr.models.delegates import Body, Delegate, Group, Rank
from eventmgr.models.directing import SpeechRequest, StageMessage
from eventmgr.models.dossiers import AwardQuota, Dossier, DossierEntry, DossierFile, DossierList
from eventmgr.models.imports import Import
from eventmgr.models.invitations import Invitation, Reply
from eventmgr.models.jobs import Job
from eventmgr.models.mails import Handover, Mail, Mailing
from eventmgr.models.nominations import Nomination
from eventmgr.models.papers import PaperFile
from eventmgr.services import conferences
from tests import door

QUIET = {"sign_ins", "sign_in_attempts", "journal"}


@dataclass(frozen=True)
class Other:
    """Ids of the other conference's rows, by the name that addresses and forms give them."""

    conference: Conference
    ids: dict[str, int]
    phone_token: str
    code: str


@pytest.fixture
def other(app: Flask, conference: Conference) -> Other:
    copied = conferences.copy(conference.id, "Hội nghị khác", "Hội nghị khác", 1, rehearsal=True)
    delegate_id = door.add_delegate(copied.id, "Người Ở Nơi Khác")
    code = door.add_pass(copied.id, delegate_id)
    token, phone = door.pair_phone(copied.id)
    with transaction():
        at = clock.now()
        letter = db.session.scalars(sa.select(Invitation).where(Invitation.delegate_id == delegate_id)).one()
        honouree = Honouree(
            conference_id=copied.id, form_id=_first(AwardForm, copied.id), kind="individual", printed_name="Người Ở Nơi Khác",
            post="Cán bộ", position=1, created_at=at,
        )
        reply = Reply(
            conference_id=copied.id, invitation_id=letter.id, delegate_id=delegate_id, source="invitee", at=at,
            answer="substitute", substitute_form="ông", substitute_name="Người Thay", substitute_post="Cán bộ",
        )
        scan = Scan(
            conference_id=copied.id, scan_key="other-conference", kind="entry", phone_id=phone.id, gate_id=phone.gate_id,
            delegate_id=delegate_id, way="camera", scanned_at=at, received_at=at, outcome="admitted", verdict={},
        )
        job = Job(conference_id=copied.id, kind="print_letters", title="In", args={}, total=1, created_at=at)
        account_id = db.session.scalars(sa.select(Account.id).where(Account.username == "xuan")).one()
        member = Membership(conference_id=copied.id, account_id=account_id, role="observer")
        brought = Import(conference_id=copied.id, file_name="nơi khác.xlsx", state="ready", created_at=at)
        speech = SpeechRequest(conference_id=copied.id, delegate_id=delegate_id, position=1, minutes=5, asked_at=at)
        note = StageMessage(conference_id=copied.id, message_key="nơi khác", text="Nơi Khác", sent_at=at, sender="Nơi Khác")
        db.session.add_all([honouree, reply, scan, job, member, brought, speech, note])
        db.session.flush()
        admission = Admission(
            conference_id=copied.id, delegate_id=delegate_id, scan_id=scan.id, gate_id=phone.gate_id, admitted_at=at
        )
        db.session.add(admission)
        body = db.session.scalars(sa.select(Body).where(Body.conference_id == copied.id).order_by(Body.id)).first()
        assert body is not None
        sent = Nomination(
            conference_id=copied.id, body_id=body.id, kind="name", full_name="Người Ở Nơi Khác", posts=["Cán bộ"],
            person_key="khac noi nguoi o", sent_at=at,
        )
        mailing = Mailing(conference_id=copied.id, key="noi-khac", kind="letters", created_at=at)
        handover = Handover(conference_id=copied.id, invitation_id=letter.id, way="hand", at=at, marked_at=at)
        db.session.add_all([sent, mailing, handover])
        db.session.flush()
        mail = Mail(
            conference_id=copied.id, mailing_id=mailing.id, kind="letters", mailbox="o@noikhac.vn", mailbox_key="o@noikhac.vn",
            to_name="Người Ở Nơi Khác", due_at=at, created_at=at, state="refused",
        )
        conflict = DoorConflict(conference_id=copied.id, kind="double", delegate_id=delegate_id, scan_id=scan.id, found_at=at)
        quota = AwardQuota(conference_id=copied.id, form_id=honouree.form_id, body_id=body.id, collectives=1, individuals=1)
        dossier = Dossier(conference_id=copied.id, body_id=body.id, number="Nơi Khác", state="submitted", created_at=at, first_submitted_at=at)
        db.session.add_all([mail, conflict, quota, dossier])
        db.session.flush()
        entry = DossierEntry(
            conference_id=copied.id, dossier_id=dossier.id, form_id=honouree.form_id, kind="individual", position=1,
            printed_name="Người Ở Nơi Khác", post="Cán bộ",
        )
        held = DossierFile(
            conference_id=copied.id, dossier_id=dossier.id, kind="report", file_name="Nơi Khác.pdf", suffix="pdf", size=1, digest="0" * 64,
            kept_as="noi-khac.pdf", added_at=at,
        )
        listed = DossierList(conference_id=copied.id, dossier_id=dossier.id, file_name="Nơi Khác.xlsx", sheet="Nơi Khác", header_row=1, created_at=at)
        paper = Paper(conference_id=copied.id, key="m-khac", position=1, title="Nơi Khác", owner="Nơi Khác", stage="before", audience="public")
        db.session.add_all([entry, held, listed, paper])
        db.session.flush()
        db.session.add(
            PaperFile(
                conference_id=copied.id, paper_id=paper.id, file_name="Nơi Khác.pdf", suffix="pdf", bytes=1, sha256="", kept_as="khac.pdf",
                release="now", opened=0, uploaded_at=at,
            )
        )  # fmt: skip
    ids = {
        "delegate_id": delegate_id, "delegate": delegate_id, "invitation_id": letter.id, "honouree_id": honouree.id,
        "form_id": honouree.form_id, "reply_id": reply.id, "job_id": job.id, "membership_id": member.id,
        "admission_id": admission.id, "phone_id": phone.id, "gate_id": phone.gate_id, "item_id": _first(Item, copied.id),
        "group_id": _first(Group, copied.id), "body_id": _first(Body, copied.id), "rank_id": _first(Rank, copied.id),
        "import_id": brought.id, "nomination_id": sent.id, "first": delegate_id, "second": _first(Delegate, copied.id),
        "speech_id": speech.id, "message_id": note.id, "mail_id": mail.id, "handover_id": handover.id, "scan_id": scan.id,
        "conflict_id": conflict.id, "quota_id": quota.id, "dossier_id": dossier.id, "entry_id": entry.id, "file_id": held.id, "list_id": listed.id, "paper_id": paper.id,
    }
    return Other(copied, ids, token, code)


def _first(table: Any, conference_id: int) -> int:
    return int(db.session.scalars(sa.select(table.id).where(table.conference_id == conference_id).order_by(table.id)).first() or 0)


def fingerprint() -> dict[str, str]:
    """A digest of each table's rows, but for sessions and the journal."""
    db.session.rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in QUIET:
            rows = sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


