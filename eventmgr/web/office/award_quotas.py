"""Agreed numbers by body and form, the deadline of dossiers, and the counts against them; registered beside the lists."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, NumberRange

from eventmgr.domain.access import Right
from eventmgr.domain.errors import Invalid
from eventmgr.services import awards, quotas
from eventmgr.web.access import needs
from eventmgr.web.downloads import file_response, pdf_response
from eventmgr.web.forms import DayField, attempt, options, put_problem, text_field, version_of
from eventmgr.web.office.imports import XLSX
from eventmgr.web.office.invitee_parts import ChoiceField, WholeField, body_choices

blueprint = Blueprint("quotas", __name__, url_prefix="/quotas")

CHOSEN = InputRequired("Chọn một mục.")
SOME = NumberRange(0, 1000, "Nhập số từ 0 đến 1.000.")


class TermsForm(FlaskForm):
    before = DayField("Nhận hồ sơ trước ngày")
    basis = text_field("Căn cứ của số lượng đã thống nhất", 500, area=True, id="terms-basis")
    version = HiddenField()


class QuotaForm(FlaskForm):
    form_id = ChoiceField("Hình thức", validators=[CHOSEN])
    body_id = ChoiceField("Đơn vị", validators=[CHOSEN])
    collectives = WholeField("Số tập thể", [InputRequired("Nhập số, không có thì ghi 0."), SOME])
    individuals = WholeField("Số cá nhân", [InputRequired("Nhập số, không có thì ghi 0."), SOME])
    basis = text_field("Văn bản thống nhất", 300)


@blueprint.get("")
@needs(Right.SEE_AWARDS)
def page(slug: str) -> ResponseReturnValue:
    return _page(_terms_form(), QuotaForm(formdata=None))


@blueprint.post("")
@needs(Right.EDIT_AWARDS)
def put(slug: str) -> ResponseReturnValue:
    form = QuotaForm()
    _fill_choices(form)
    if form.validate():
        try:
            quotas.set_quota(
                g.conference.id, form.form_id.data, form.body_id.data, form.collectives.data, form.individuals.data, form.basis.data,
                g.who.account_id,
            )
        except Invalid as problem:
            put_problem(form, problem)
        else:
            flash("Đã ghi số lượng.", "ok")
            return redirect(url_for("awards.quotas.page", slug=slug))
    return _page(_terms_form(), form), 422


@blueprint.post("/terms")
@needs(Right.EDIT_AWARDS)
def terms(slug: str) -> ResponseReturnValue:
    form = TermsForm()
    status, _ = attempt(
        form, lambda: quotas.set_terms(g.conference.id, form.before.data, form.basis.data, version_of(form) or 0, g.who.account_id)
    )
    if status == 302:
        flash("Đã lưu hạn nhận hồ sơ.", "ok")
        return redirect(url_for("awards.quotas.page", slug=slug))
    if status == 409:
        form.version.data = str(quotas.overview(g.conference.id).version)
    return _page(form, QuotaForm(formdata=None)), status


@blueprint.post("/<int:quota_id>/removal")
@needs(Right.EDIT_AWARDS)
def remove(slug: str, quota_id: int) -> ResponseReturnValue:
    quotas.remove_quota(g.conference.id, quota_id, g.who.account_id)
    flash("Đã bỏ số lượng đã thống nhất.", "ok")
    return redirect(url_for("awards.quotas.page", slug=slug))


@blueprint.post("/counts.xlsx")
@needs(Right.SEE_AWARDS)
def counts(slug: str) -> ResponseReturnValue:
    name, content = quotas.counts_file(g.conference.id, g.who.account_id)
    return file_response(content, name, XLSX, download=True)


@blueprint.get("/counts.pdf")
@needs(Right.SEE_AWARDS)
def counts_pdf(slug: str) -> ResponseReturnValue:
    return pdf_response(quotas.counts_pdf(g.conference.id), "so-luong-khen-thuong.pdf")


def _terms_form() -> TermsForm:
    known = quotas.overview(g.conference.id)
    return TermsForm(formdata=None, before=known.before, basis=known.basis, version=str(known.version))


def _fill_choices(form: QuotaForm) -> None:
    form.form_id.choices = options(("", "Chọn hình thức"), *((row.form.id, awards.called(row.form)) for row in awards.form_rows(g.conference.id)))
    form.body_id.choices = [*options(("", "Chọn đơn vị")), *body_choices()[1:]]


def _page(terms_form: TermsForm, form: QuotaForm) -> str:
    _fill_choices(form)
    if request.method == "GET":
        form.form_id.data, form.body_id.data = request.args.get("form", type=int), request.args.get("body", type=int)
    return render_template(
        "office/awards_quotas.html", known=quotas.overview(g.conference.id), terms=terms_form, form=form, called=awards.called,
    )  # fmt: skip
