"""Messages to the MC: office and chair send them, the MC's console shows them until they are acknowledged."""

from __future__ import annotations

import re
import secrets

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid
from eventmgr.services import stage_messages
from eventmgr.web.access import may, needs
from eventmgr.web.addresses import BIGGEST_ID
from eventmgr.web.forms import sent_json

blueprint = Blueprint("messages", __name__, url_prefix="/stage/<slug>/messages")


@blueprint.get("")
@needs(Right.SEE_STAGE)
def page(slug: str) -> ResponseReturnValue:
    return _page()


@blueprint.post("")
@needs(Right.DIRECT_STAGE)
def send(slug: str) -> ResponseReturnValue:
    text, key = request.form.get("text", ""), request.form.get("message_key", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,40}", key):
        raise Invalid("Lời nhắn thiếu mã; mở lại trang rồi gửi lại.")
    try:
        stage_messages.send(g.conference.id, text, key, g.who.account_id, g.who.display_name)
    except Invalid as problem:
        if _wants_json():
            raise
        return _page(text, problem.sentence), 422
    if _wants_json():
        return {"done": True, "message_key": secrets.token_hex(16)}
    flash("Đã gửi lời nhắn tới bàn dẫn chương trình.", "ok")
    return redirect(url_for("stage.chair" if request.form.get("back") == "chair" else "messages.page", slug=slug))


@blueprint.post("/seen")
@needs(Right.RUN_STAGE)
def seen(slug: str) -> ResponseReturnValue:
    sent = sent_json()
    ids = sent.get("ids") if isinstance(sent, dict) else None
    if not isinstance(ids, list) or not all(type(one) is int and 0 < one <= BIGGEST_ID for one in ids):
        raise Invalid("Danh sách lời nhắn không đọc được.")
    stage_messages.note_seen(g.conference.id, ids, g.who.account_id, g.who.display_name)
    return {"done": True}


@blueprint.post("/<int:message_id>/acknowledgement")
@needs(Right.RUN_STAGE)
def acknowledge(slug: str, message_id: int) -> ResponseReturnValue:
    stage_messages.acknowledge(g.conference.id, message_id, g.who.account_id, g.who.display_name)
    if _wants_json():
        return {"done": True}
    return redirect(url_for("messages.page" if request.form.get("back") == "messages" else "stage.console", slug=slug))


@blueprint.post("/<int:message_id>/removal")
@needs(Right.DIRECT_STAGE)
def withdraw(slug: str, message_id: int) -> ResponseReturnValue:
    stage_messages.withdraw(g.conference.id, message_id, g.who.account_id, g.who.display_name)
    if _wants_json():
        return {"done": True}
    return redirect(url_for("stage.chair" if request.form.get("back") == "chair" else "messages.page", slug=slug))


def _page(text: str = "", problem: str | None = None) -> str:
    return render_template(
        "stage/messages.html", messages=stage_messages.messages(g.conference.id), text=text, problem=problem,
        message_key=secrets.token_hex(16), runs=may(Right.RUN_STAGE), directs=may(Right.DIRECT_STAGE),
    )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
