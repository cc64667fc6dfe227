"""How letters reach people: by e-mail, on paper with a sheet to sign, or into somebody's hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import Optional

from eventmgr import clock
from eventmgr.domain.access import Right
from eventmgr.domain.dates import to_local
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.mailing import MailKind
from eventmgr.services import bodies, delivery_figures, groups, handovers, letters, mail_bodies, mail_channel, mailings
from eventmgr.services.mailings import WHICH, Choice, Words
from eventmgr.web.access import needs
from eventmgr.web.downloads import pdf_response
from eventmgr.web.forms import MomentField, chosen_row, options, put_problem, row_number, text_field
from eventmgr.web.office.mail_forms import Writing, mail_page

blueprint = Blueprint("deliveries", __name__, url_prefix="/office/<slug>/deliveries")


class HandoverForm(FlaskForm):
    way = RadioField("Cách giao", choices=options(*handovers.WAYS.items()), default="post")
    to_whom = text_field("Giao cho ai (đơn vị vận chuyển, người nhận)", 200)
    at = MomentField("Lúc", [Optional()])


@blueprint.get("")
@needs(Right.SEE_INVITATIONS)
def index(slug: str) -> ResponseReturnValue:
    return render_template(
        "office/deliveries.html", rows=delivery_figures.by_group(g.conference.id), channel=mail_channel.state_of_channel(),
        choice=_choice(), **_choices(),
    )  # fmt: skip


@blueprint.route("/mail", methods=["GET", "POST"])
@needs(Right.EDIT_INVITATIONS)
def mail(slug: str) -> ResponseReturnValue:
    choice = _choice()
    draft = mailings.draft(g.conference.id, choice)

    def send(words: Words, key: str) -> Any:
        return mailings.send_letters(g.conference.id, choice, words, key, g.who.account_id)

    writing = Writing(
        MailKind.LETTERS, "deliveries.mail", draft.boxes, send, _kept(choice),
        {"without": draft.without, "under_way": draft.under_way, "left_out": [], "choice": choice},
    )
    return mail_page(slug, writing)


@blueprint.route("/bodies", methods=["GET", "POST"])
@needs(Right.EDIT_INVITATIONS)
def bodies_mail(slug: str) -> ResponseReturnValue:
    ids = tuple(request.values.getlist("body", type=row_number))
    boxes, without = mail_bodies.boxes_of(g.conference.id, ids)

    def send(words: Words, key: str) -> Any:
        return mailings.enqueue(
            g.conference.id, MailKind.BODY, words, key, g.who.account_id, lambda: mail_bodies.boxes_of(g.conference.id, ids)[0]
        )

    writing = Writing(
        MailKind.BODY, "deliveries.bodies_mail", boxes, send, [("body", one) for one in ids],
        {"without": [], "under_way": 0, "left_out": [], "bodies_without": without},
    )
    return mail_page(slug, writing)


@blueprint.get("/sheet.pdf")
@needs(Right.SEE_INVITATIONS)
def sheet(slug: str) -> ResponseReturnValue:
    try:
        return pdf_response(handovers.sheet_pdf(g.conference, _choice()), "so-giao-nhan-giay-moi.pdf")
    except Invalid as problem:
        flash(problem.sentence, "warn")
        return redirect(url_for("deliveries.index", slug=slug))


@blueprint.route("/handovers", methods=["GET", "POST"])
@needs(Right.EDIT_INVITATIONS)
def mark(slug: str) -> ResponseReturnValue:
    form, status, choice = HandoverForm(), 200, _choice()
    if request.method == "POST":
        status = 422
        ids = request.form.getlist("invitation", type=row_number)
        if form.validate():
            try:
                if not ids:
                    raise Invalid("Chưa chọn giấy nào: đánh dấu ở đầu dòng rồi bấm lại.")
                said = handovers.Mark(form.way.data, form.to_whom.data, form.at.data)
                made = handovers.mark(g.conference.id, ids, said, g.who.account_id)
            except Invalid as problem:
                put_problem(form, problem)
            except Conflict as problem:
                form.form_errors.append(problem.sentence)
                status = 409
            else:
                flash(f"Đã đánh dấu giao {made} giấy mời." if made else "Các giấy này đã được đánh dấu từ trước.", "ok")
                if one := request.form.get("one", type=row_number):
                    return redirect(url_for("invitations.page", slug=slug, invitation_id=one))
                return redirect(url_for("deliveries.index", slug=slug))
    elif form.at.data is None:
        form.at.data = to_local(clock.now()).replace(tzinfo=None)
    held = letters.loaded(g.conference.id, mailings.chosen_ids(g.conference.id, choice))
    return render_template("office/handovers.html", form=form, held=held, choice=choice, kept=_kept(choice), **_choices()), status


@blueprint.post("/handovers/<int:handover_id>/taking-back")
@needs(Right.EDIT_INVITATIONS)
def take_back(slug: str, handover_id: int) -> Response:
    invitation_id = handovers.take_back(g.conference.id, handover_id, request.form.get("why", ""), g.who.account_id)
    flash("Đã bỏ dấu; lần đánh dấu nhầm vẫn còn trong lịch sử.", "ok")
    return redirect(url_for("invitations.page", slug=slug, invitation_id=invitation_id))  # type: ignore[return-value]


def _choice() -> Choice:
    values = request.values
    which = values.get("which", "undelivered")
    ids = tuple(dict.fromkeys(values.getlist("invitation", type=row_number)))[:2000] if request.method == "GET" or "do" in values or "at" in values else ()
    return Choice(chosen_row(values, "group"), chosen_row(values, "body"), which if which in WHICH else "undelivered", ids)


def _kept(choice: Choice) -> list[tuple[str, Any]]:
    kept: list[tuple[str, Any]] = [("group", choice.group_id), ("body", choice.body_id), ("which", choice.which)]
    return [(name, value) for name, value in kept if value] + [("invitation", one) for one in choice.ids]


def _choices() -> dict[str, Any]:
    return {"groups": groups.list_groups(g.conference.id), "bodies": bodies.body_choices(g.conference.id), "which_words": WHICH}
