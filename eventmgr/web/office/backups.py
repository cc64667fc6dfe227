"""The administrator's page of backups: when the last one was made and proven, and one now."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import age_text
from eventmgr.domain.errors import Conflict
from eventmgr.services import copies, seals
from eventmgr.web.access import needs

blueprint = Blueprint("backups", __name__, url_prefix="/office/backups")


@blueprint.get("")
@needs(Right.ADMINISTER)
def index() -> ResponseReturnValue:
    return render_template("office/backups.html", known=copies.overview(), now=clock.now(), age=age_text, chain=seals.newest_seal())


@blueprint.post("")
@needs(Right.ADMINISTER)
def ask() -> ResponseReturnValue:
    try:
        copies.ask(g.who.account_id)
        flash("Đã giao tiến trình nền sao lưu; bản mới hiện ở đây sau khi làm xong.", "ok")
    except Conflict as problem:
        flash(problem.sentence, "info")
    return redirect(url_for("backups.index"))
