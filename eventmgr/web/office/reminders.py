"""Reminders to the silent: who gets one, who not and why, and whom to phone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid
from eventmgr.domain.mailing import MailKind
from eventmgr.services import groups, reminders
from eventmgr.services.mailings import Words
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.forms import chosen_row, number_or_none
from eventmgr.web.office.mail_forms import Writing, mail_page

blueprint = Blueprint("reminders", __name__, url_prefix="/office/<slug>/reminders")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("", methods=["GET", "POST"])
@needs(Right.EDIT_INVITATIONS)
def index(slug: str) -> ResponseReturnValue:
    group_id = chosen_row(request.values, "group")
    interval = number_or_none(request.values.get("interval")) or 3
    interval = interval if interval in reminders.INTERVALS else 3
    plan = reminders.reminding(g.conference, group_id, interval)

    def send(words: Words, key: str) -> Any:
        return reminders.remind(g.conference, group_id, interval, words, key, g.who.account_id)

    kept = [("group", group_id or ""), ("interval", interval)]
    shown = {
        "without": [], "under_way": 0, "left_out": plan.left_out, "plan": plan, "group_id": group_id, "interval": interval,
        "intervals": reminders.INTERVALS, "groups": groups.list_groups(g.conference.id),
    }  # fmt: skip
    return mail_page(slug, Writing(MailKind.REMINDER, "reminders.index", plan.boxes, send, kept, shown))


@blueprint.get("/call-list.pdf")
@needs(Right.EDIT_INVITATIONS)
def call_list(slug: str) -> ResponseReturnValue:
    try:
        content = reminders.call_list_pdf(g.conference, chosen_row(request.args, "group"), g.who.account_id)
    except Invalid as problem:
        flash(problem.sentence, "warn")
        return redirect(url_for("reminders.index", slug=slug))
    return pdf_response(content, "danh-sach-goi-dien.pdf")


@blueprint.get("/call-list.xlsx")
@needs(Right.EDIT_INVITATIONS)
def call_workbook(slug: str) -> ResponseReturnValue:
    try:
        content = reminders.call_list_workbook(g.conference, chosen_row(request.args, "group"), g.who.account_id)
    except Invalid as problem:
        flash(problem.sentence, "warn")
        return redirect(url_for("reminders.index", slug=slug))
    return file_response(content, "danh-sach-goi-dien.xlsx", XLSX, download=True)
