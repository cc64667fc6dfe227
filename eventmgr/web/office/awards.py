"""Award forms, the decision, the annex, the announcement; the list's own rows stand beside them."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventmgr.domain.access import Right
from eventmgr.domain.awards import RecipientKind
from eventmgr.domain.errors import Conflict, Invalid
from eventmgr.domain.honourees import spoken_name
from eventmgr.domain.names import AddressForm
from eventmgr.services import award_papers, award_progress, awards
from eventmgr.web.access import needs
from eventmgr.web.downloads import pdf_response
from eventmgr.web.forms import attempt, number_or_none, put_problem
from eventmgr.web.office import award_certificates, award_dossiers, award_quotas, award_receivers, honourees
from eventmgr.web.office.award_forms import DecisionForm, FormForm, ReasonForm

blueprint = Blueprint("awards", __name__, url_prefix="/office/<slug>/awards")
blueprint.register_blueprint(honourees.blueprint)
blueprint.register_blueprint(award_quotas.blueprint)
blueprint.register_blueprint(award_dossiers.blueprint)
blueprint.register_blueprint(award_dossiers.council_pages)
blueprint.register_blueprint(award_receivers.blueprint)
blueprint.register_blueprint(award_certificates.blueprint)


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def index(slug: str) -> ResponseReturnValue:
    query = request.args.get("q", "")
    return render_template(
        "office/awards.html", rows=awards.form_rows(g.conference.id), opened=awards.announcement(g.conference.id),
        called=awards.called, q=query, found=awards.find(g.conference.id, query) if query.strip() else None,
        most=awards.MOST_FOUND, unready=award_progress.unready_counts(g.conference.id),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def new(slug: str) -> ResponseReturnValue:
    form, status = FormForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                made = awards.add_form(g.conference.id, form.facts(), g.who.account_id)
            except Invalid as problem:
                put_problem(form, problem)
            else:
                flash("Đã thêm hình thức khen thưởng.", "ok")
                return redirect(url_for("awards.page", slug=slug, form_id=made.id))
    return render_template("office/awards_form.html", form=form, award=None, called=awards.called), status


@blueprint.get("/<int:form_id>")
@needs(Right.SEE_AWARDS)
def page(slug: str, form_id: int) -> ResponseReturnValue:
    query = request.args.get("q", "")
    listed = awards.award_list(g.conference.id, form_id, query)
    return render_template(
        "office/awards_list.html", listed=listed, award=listed.form, called=awards.called, q=query,
        parts=((RecipientKind.COLLECTIVE, listed.collectives), (RecipientKind.INDIVIDUAL, listed.individuals)),
        steps=award_progress.progress_of(g.conference.id, form_id) if listed.row.is_locked else {},
    )


@blueprint.route("/<int:form_id>/facts", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def facts(slug: str, form_id: int) -> ResponseReturnValue:
    award = awards.award_list(g.conference.id, form_id).form
    form, status = FormForm(obj=award), 200
    if request.method == "POST":
        status, _ = attempt(form, lambda: awards.edit_form(g.conference.id, form_id, form.facts(), g.who.account_id))
        if status == 302:
            flash("Đã lưu hình thức khen thưởng.", "ok")
            return redirect(url_for("awards.page", slug=slug, form_id=form_id))
    return render_template("office/awards_form.html", form=form, award=award, called=awards.called), status


@blueprint.route("/<int:form_id>/decision", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def decision(slug: str, form_id: int) -> ResponseReturnValue:
    award = awards.award_list(g.conference.id, form_id).form
    form, status = DecisionForm(decided_by=award_papers.deciding_authority(award, g.conference.province)), 200
    if request.method == "POST":
        seen = number_or_none(request.form.get("seen"))
        status, _ = attempt(form, lambda: awards.decide(g.conference.id, form_id, form.facts(), g.who.account_id, seen))
        if status == 302:
            flash("Đã ghi Quyết định; danh sách khóa từ bây giờ.", "ok")
            return redirect(url_for("awards.page", slug=slug, form_id=form_id))
    return _decision(form_id, form, ReasonForm(formdata=None), status)


@blueprint.post("/<int:form_id>/decision/withdrawal")
@needs(Right.EDIT_AWARDS)
def take_back_decision(slug: str, form_id: int) -> ResponseReturnValue:
    form, status = ReasonForm(), 422
    if form.validate():
        try:
            awards.take_back_decision(g.conference.id, form_id, form.reason.data, g.who.account_id)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            status = 409
        else:
            flash("Đã gỡ Quyết định; danh sách sửa lại được.", "ok")
            return redirect(url_for("awards.page", slug=slug, form_id=form_id))
    return _decision(form_id, DecisionForm(formdata=None), form, status)


@blueprint.get("/<int:form_id>/list.pdf")
@needs(Right.SEE_AWARDS)
def pdf(slug: str, form_id: int) -> Response:
    listed = awards.award_list(g.conference.id, form_id)
    return pdf_response(award_papers.annex_pdf(g.conference.id, listed), f"danh-sach-khen-thuong-{form_id}.pdf")


@blueprint.get("/<int:form_id>/calling")
@needs(Right.SEE_AWARDS)
def calling(slug: str, form_id: int) -> ResponseReturnValue:
    listed = awards.award_list(g.conference.id, form_id)
    called = [(one.printed_name, "") for one in listed.collectives]
    called += [
        (spoken_name(one.printed_name, AddressForm(one.address_form) if one.address_form else None), one.post)
        for one in listed.individuals
    ]
    return render_template("office/awards_calling.html", listed=listed, award=listed.form, called=awards.called, names=called)


@blueprint.route("/announcement", methods=["GET", "POST"])
@needs(Right.EDIT_AWARDS)
def announcement(slug: str) -> ResponseReturnValue:
    if request.method == "POST":
        try:
            awards.announce(g.conference.id, g.who.account_id)
        except Conflict as problem:
            flash(problem.sentence, "stop")
            return _announcement(ReasonForm(formdata=None), 409)
        flash("Đã công bố; báo chí thấy danh sách từ bây giờ.", "ok")
        return redirect(url_for("awards.index", slug=slug))
    return _announcement(ReasonForm(), 200)


@blueprint.post("/announcement/withdrawal")
@needs(Right.EDIT_AWARDS)
def take_back_announcement(slug: str) -> ResponseReturnValue:
    form, status = ReasonForm(), 422
    if form.validate():
        try:
            awards.take_back_announcement(g.conference.id, form.reason.data, g.who.account_id)
        except Conflict as problem:
            form.form_errors.append(problem.sentence)
            status = 409
        else:
            flash("Đã rút công bố; báo chí không còn thấy danh sách.", "ok")
            return redirect(url_for("awards.index", slug=slug))
    return _announcement(form, status)


def _decision(form_id: int, form: DecisionForm, reason: ReasonForm, status: int) -> ResponseReturnValue:
    listed = awards.award_list(g.conference.id, form_id)
    row = listed.row
    return render_template(
        "office/awards_decision.html", row=row, award=row.form, form=form, reason=reason, called=awards.called, agreed=listed.agreed,
        opened=awards.announcement(g.conference.id),
    ), status


def _announcement(reason: ReasonForm, status: int) -> ResponseReturnValue:
    opened = awards.announcement(g.conference.id)
    return render_template("office/awards_announcement.html", opened=opened, reason=reason, called=awards.called), status
