"""What a plan file means in rows: table -> key -> plain values; references are keys of other rows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, time
from enum import Enum
from typing import Any

from eventmgr.domain.delegates import GroupRole
from eventmgr.domain.invitations import LetterheadKind
from eventmgr.domain.plan import Plan
from eventmgr.domain.plan_parts import ItemFacts

Rows = dict[str, dict[str, dict[str, Any]]]

TABLES = (
    "conference", "groups", "bodies", "ranks", "award_forms", "delegates", "items", "tasks", "papers", "budget_lines",
    "recipients", "wording",
)
LABELS = {
    "conference": "hội nghị", "groups": "nhóm", "bodies": "đơn vị", "ranks": "thứ bậc", "award_forms": "hình thức khen thưởng",
    "delegates": "đại biểu", "items": "mục chương trình", "tasks": "việc", "papers": "tài liệu",
    "budget_lines": "nguồn kinh phí", "recipients": "nơi nhận", "wording": "đoạn lời giấy mời",
}
_LEVELS = {"central": "cấp trung ương", "province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}


def rows_of(plan: Plan) -> Rows:
    """Return every row that the plan asks for."""
    return {
        "conference": {"": _conference(plan)},
        "groups": _groups(plan),
        "bodies": _bodies(plan),
        "ranks": {str(rank.value): {"value": rank.value, "title": rank.title, "bloc": rank.bloc} for rank in plan.ranks},
        "award_forms": _award_forms(plan),
        "delegates": _delegates(plan),
        "items": _items(plan),
        "tasks": _tasks(plan),
        "papers": _papers(plan),
        "budget_lines": _budget(plan),
        "wording": _wording(plan),
        "recipients": {
            str(number): {
                "position": number, "text": one.text, "printed": one.printed or one.text, "mark": one.mark, "line": one.line,
            }
            for number, one in enumerate(plan.recipients, 1)
        },
    }


def plain(value: Any) -> Any:
    """Return dataclasses, enums, dates and tuples as what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value


def _conference(plan: Plan) -> dict[str, Any]:
    facts, letter, document = plan.conference, plan.letter, plan.document
    chosen = letter.chosen()
    names = {body.key: body.name for body in plan.bodies}
    dated = f" ngày {document.date:%d/%m/%Y}" if document.date else ""
    return {
        "title": facts.title,
        "short_title": facts.short_title,
        "kind": facts.kind,
        "level": _LEVELS[facts.level.value],
        "organiser": facts.organiser,
        "standing_body": names.get(facts.standing_body or ""),
        "invitation_issuer": facts.invitation_issuer,
        "chair": facts.chair.text if facts.chair else None,
        "legal_basis": f"{document.type_name} số {document.number}{dated} của {document.issuer}",
        "venue": facts.venue.text if facts.venue else None,
        "venue_address": facts.venue_address,
        "capacity": facts.capacity,
        "date_text": facts.date_text.text if facts.date_text else None,
        "held_on": plain(facts.date),
        "starts_at": plain(facts.starts_at),
        "ends_at": plain(facts.ends_at),
        "sessions": facts.sessions.text if facts.sessions else None,
        "letterhead": "office" if letter.default is LetterheadKind.OFFICE else "committee",
        "letter_form": letter.form.value,
        "province": letter.province,
        "number_symbol": chosen.symbol,
        "place": letter.place.text,
        "letter_recipients": list(letter.recipients),
        "signer_lines": list(chosen.signers[0]) if chosen.signers else [],
        "signer_name": letter.signer_name,
    }


def _wording(plan: Plan) -> dict[str, dict[str, Any]]:
    letter = plan.letter
    texts = {"subject": letter.subject, "opening": letter.chosen().opening, "purpose": letter.purpose}
    return {block: {"block": block, "text": text} for block, text in texts.items() if text}


def _groups(plan: Plan) -> dict[str, dict[str, Any]]:
    return {
        group.key: {
            "position": number, "label": group.label, "printed": group.printed, "line": group.line, "bloc": group.bloc.value,
            "invited_as": group.invited_as.value, "role": group.role.value, "address_form": group.role.address_form.value,
            "is_host": False, "quota": group.quota, "note": group.note,
        }
        for number, group in enumerate(plan.groups, 1)
    }


def _bodies(plan: Plan) -> dict[str, dict[str, Any]]:
    member_of = {member.body: (group.key, member) for group in reversed(plan.groups) for member in group.members}
    rows = {}
    for number, body in enumerate(plan.bodies, 1):
        group_key, member = member_of.get(body.key, (None, None))
        rows[body.key] = {
            "position": number, "name": body.name, "printed": body.printed, "bloc": body.bloc.value,
            "group_key": group_key, "seat_in_group": member.seat if member else None, "origin": body.origin.value,
            "aliases": list(body.aliases),
        }
    return rows


def _delegates(plan: Plan) -> dict[str, dict[str, Any]]:
    rows = {}
    for group in plan.groups:
        for member in group.members:
            for post in member.posts:
                rows[post.key] = {
                    "group_key": group.key, "body_key": member.body, "first_post": post.title, "posts": [post.title],
                    "address_form": group.role.address_form.value, "origin": post.origin.value,
                    "is_host": group.role in {GroupRole.CHAIR, GroupRole.STAFF},
                }
    return rows


def _items(plan: Plan) -> dict[str, dict[str, Any]]:
    rows = {}
    for number, item in enumerate(plan.agenda.items, 1):
        rows[item.key] = _item(item, number, None)
        for place, sub in enumerate(item.sub_items, 1):
            rows[sub.key] = _item(sub, place, item.key)
    return rows


def _item(item: ItemFacts, position: int, parent: str | None) -> dict[str, Any]:
    return {
        "position": position, "parent_key": parent, "mark": item.mark, "title": item.title, "printed": item.printed,
        "line": item.line, "kind": item.kind.value, "presenter_kind": item.presenter_kind.value, "presenter": item.presenter,
        "presenter_printed": item.presenter_printed, "body_key": item.body, "minutes": item.minutes,
    }


def _tasks(plan: Plan) -> dict[str, dict[str, Any]]:
    return {
        task.key: {
            "position": number, "section": task.section, "line": task.line, "owner": task.owner,
            "partners": list(task.partners), "what": task.what, "deadline": plain(task.deadline),
            "rule": plain(task.rule), "send_to": task.send_to, "item_key": task.item, "conflicts_with": task.conflicts_with,
        }
        for number, task in enumerate(plan.tasks, 1)
    }


def _papers(plan: Plan) -> dict[str, dict[str, Any]]:
    return {
        paper.key: {
            "position": number, "title": paper.title, "owner": paper.owner, "stage": paper.stage.value,
            "audience": paper.audience.value, "item_key": paper.item, "note": paper.note,
        }
        for number, paper in enumerate(plan.documents, 1)
    }


def _budget(plan: Plan) -> dict[str, dict[str, Any]]:
    return {
        line.key: {
            "position": number, "level": line.level, "source": line.source, "holder": line.holder, "purpose": line.purpose,
            "amount": line.amount, "line": line.line,
        }
        for number, line in enumerate(plan.budget, 1)
    }


def _award_forms(plan: Plan) -> dict[str, dict[str, Any]]:
    return {
        award.key: {
            "position": number, "name": award.form, "authority": award.authority,
            "recipient_kinds": [kind.value for kind in award.recipients], "funded_by": award.funded_by,
            "prepared_by": award.prepared_by, "at_conference": award.at_conference, "note": award.note, "line": award.line,
        }
        for number, award in enumerate(plan.awards, 1)
    }
