"""Lists out as Excel or CSV."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid, NotAllowed
from eventmgr.services import exports
from eventmgr.services.exports import FORMATS, KINDS, Wanted
from eventmgr.web.access import may, needs
from eventmgr.web.downloads import file_response
from eventmgr.web.forms import number_or_none
from eventmgr.web.office.imports import XLSX
from eventmgr.web.office.invitee_parts import group_choices

blueprint = Blueprint("exports", __name__, url_prefix="/office/<slug>/exports")

REPLIES = [("", "Tất cả"), ("comes", "Sẽ dự"), ("substitute", "Cử người thay"), ("absent", "Báo vắng"),
           ("silent", "Chưa trả lời"), ("unnamed", "Chưa có tên")]  # fmt: skip


@blueprint.get("")
@needs(Right.SEE_DELEGATES)
def page(slug: str) -> ResponseReturnValue:
    return _page(request.args.to_dict())


@blueprint.post("")
@needs(Right.SEE_DELEGATES)
def export(slug: str) -> ResponseReturnValue:
    asked = request.form
    wanted = Wanted(
        asked.get("kind", ""), asked.get("format", ""), asked.get("q", "")[:200], number_or_none(asked.get("group")),
        asked.get("reply", ""),
    )  # fmt: skip
    if wanted.kind == "letters" and not may(Right.SEE_INVITATIONS):
        raise NotAllowed("Tài khoản này không được xem giấy mời.")
    try:
        name, content = exports.export(
            g.conference.id, wanted, g.who.account_id, with_contacts=may(Right.EDIT_DELEGATES)
        )
    except Invalid as problem:
        return _page(asked.to_dict(), problem.sentence), 422
    return file_response(content, name, XLSX if wanted.format == "xlsx" else "text/csv; charset=utf-8", download=True)


def _page(asked: dict[str, str], problem: str | None = None) -> str:
    kinds = [(kind, word) for kind, word in KINDS.items() if kind != "letters" or may(Right.SEE_INVITATIONS)]
    return render_template(
        "office/exports.html", asked=asked, problem=problem, kinds=kinds, formats=FORMATS, replies=REPLIES,
        groups=group_choices("Tất cả các nhóm"), with_contacts=may(Right.EDIT_DELEGATES),
    )  # fmt: skip
