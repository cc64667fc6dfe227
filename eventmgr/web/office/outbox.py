"""The outbox: every mail with its state and the server's own words; retry, cancel, decide about an unclear one."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.services import mail_channel, outbox
from eventmgr.web.access import needs
from eventmgr.web.forms import chosen_row, number_or_none

blueprint = Blueprint("outbox", __name__, url_prefix="/office/<slug>/outbox")

FILTERS = [
    ("", "Tất cả"), ("waiting", "Đang chờ"), ("sent", "Đã gửi"), ("wrong", "Không gửi được"), ("unclear", "Chưa rõ"),
    ("cancelled", "Đã hủy"),
]  # fmt: skip


@blueprint.get("")
@needs(Right.SEE_INVITATIONS)
def index(slug: str) -> ResponseReturnValue:
    show, mailing = request.args.get("state", ""), chosen_row(request.args, "mailing")
    page = outbox.outbox_page(g.conference.id, show, mailing, number_or_none(request.args.get("page")) or 1)
    counts = page.counts or {}
    chips = [
        (word, url_for("outbox.index", slug=slug, state=value or None, mailing=mailing), show == value, counts[value or "all"])
        for value, word in FILTERS
    ]
    return render_template(
        "office/outbox.html", page=page, chips_of_states=chips, mailing=mailing, counts=counts,
        channel=mail_channel.state_of_channel(),
        page_url=lambda number: url_for("outbox.index", slug=slug, state=show or None, mailing=mailing, page=number),
    )  # fmt: skip


@blueprint.get("/<int:mail_id>")
@needs(Right.SEE_INVITATIONS)
def page(slug: str, mail_id: int) -> ResponseReturnValue:
    return render_template("office/outbox_mail.html", shown=outbox.one_mail(g.conference.id, mail_id))


@blueprint.post("/<int:mail_id>/cancellation")
@needs(Right.EDIT_INVITATIONS)
def cancel(slug: str, mail_id: int) -> ResponseReturnValue:
    outbox.cancel(g.conference.id, mail_id, g.who.account_id)
    flash("Đã hủy thư; giấy trong thư trở lại “chưa gửi”.", "ok")
    return redirect(url_for("outbox.page", slug=slug, mail_id=mail_id))


@blueprint.post("/cancellations")
@needs(Right.EDIT_INVITATIONS)
def cancel_waiting(slug: str) -> ResponseReturnValue:
    made = outbox.cancel_waiting(g.conference.id, g.who.account_id)
    flash(f"Đã hủy {made} thư đang chờ." if made else "Không còn thư nào đang chờ.", "ok")
    return redirect(url_for("outbox.index", slug=slug))


@blueprint.post("/<int:mail_id>/try")
@needs(Right.EDIT_INVITATIONS)
def hurry(slug: str, mail_id: int) -> ResponseReturnValue:
    outbox.hurry(g.conference.id, mail_id, g.who.account_id)
    flash("Thư sẽ được gửi thử ngay.", "ok")
    return redirect(url_for("outbox.page", slug=slug, mail_id=mail_id))


@blueprint.post("/<int:mail_id>/repetition")
@needs(Right.EDIT_INVITATIONS)
def send_again(slug: str, mail_id: int) -> ResponseReturnValue:
    outbox.send_again(g.conference.id, mail_id, request.form.get("seen", ""), g.who.account_id)
    flash("Đã đưa thư vào hàng chờ gửi lại.", "ok")
    return redirect(url_for("outbox.page", slug=slug, mail_id=mail_id))


@blueprint.post("/<int:mail_id>/arrival")
@needs(Right.EDIT_INVITATIONS)
def arrived(slug: str, mail_id: int) -> ResponseReturnValue:
    outbox.call_arrived(g.conference.id, mail_id, g.who.account_id)
    flash("Đã ghi thư này là đã đến.", "ok")
    return redirect(url_for("outbox.page", slug=slug, mail_id=mail_id))
